import os
import signal
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pytest

from pipeline.files.durable import StorageFailed
from pipeline.home import Home
from pipeline.keyring import FolderKeyring, KeyRefused
from pipeline.staging import Staging, StagingFailed

PLANTED = ["Éloïse Bérard-Kowalczyk", "184127645108946", "12 rue des Peupliers", "eloise.berard@example.org"]

FILL = """
import sys
import pyarrow as pa
from pipeline.home import Home
from pipeline.keyring import FolderKeyring
from pipeline.staging import Staging
home = Home.from_environment({"DOUANE_HOME": sys.argv[1]})
batch = pa.record_batch({"nom": ["Berard"] * 65_536})
staging = Staging.open(home, FolderKeyring(home.keys), "run-1", keep=False)
with staging.writer("patients", batch.schema) as writer:
    writer.write(batch)
"""
STAY = FILL + "print('filled', flush=True)\nsys.stdin.read()\n"
GROW = (
    FILL
    + """
import resource
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
batch = pa.record_batch({"note": [f"{number:064d}" for number in range(65_536)]})
with staging.writer("notes", batch.schema) as writer:
    for _ in range(60):
        writer.write(batch)
rows = sum(part.num_rows for part in staging.reader("notes"))
print(rows, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
staging.close()
"""
)


@pytest.fixture
def home(tmp_path):
    return Home.from_environment({"DOUANE_HOME": str(tmp_path / "home")})


@pytest.fixture
def keyring(home):
    return FolderKeyring(home.keys)


@pytest.fixture
def staging(home, keyring):
    with Staging.open(home, keyring, "run-1") as staging:
        yield staging


def batch(rows=1000):
    return pa.record_batch(
        {"id": list(range(rows)), "text": [PLANTED[row % 4] if row % 3 else None for row in range(rows)]}
    )


def fill(staging, *tables, rows=1000):
    for table in tables or ("patients",):
        with staging.writer(table, batch().schema) as writer:
            writer.write(batch(rows))


def files(folder):
    return [path for path in Path(folder).rglob("*") if path.is_file()]


def python(code, *arguments, **options):
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    return subprocess.Popen([sys.executable, "-c", code, *map(str, arguments)], env=environment, text=True, **options)


def test_a_table_comes_back_as_it_went_in(staging):
    fill(staging)
    table = pa.Table.from_batches(staging.reader("patients", batch_size=300))
    assert table.equals(pa.Table.from_batches([batch()]))
    assert staging.schema("patients") == batch().schema
    assert staging.rows("patients") == 1000


def test_columns_and_batch_size_can_be_chosen(staging):
    fill(staging)
    batches = list(staging.reader("patients", columns=["text"], batch_size=400))
    assert [part.num_rows for part in batches] == [400, 400, 200]
    assert batches[0].schema.names == ["text"]
    with pytest.raises(StagingFailed, match="no such column"):
        next(staging.reader("patients", columns=["nope"]))


def test_an_empty_table_keeps_its_schema(staging):
    with staging.writer("patients", batch().schema):
        pass
    assert staging.rows("patients") == 0
    assert list(staging.reader("patients")) == []
    assert staging.schema("patients") == batch().schema


def test_no_planted_value_header_or_key_stands_in_any_byte(home, staging):
    fill(staging)
    content = b"".join(path.read_bytes() for path in files(home.folder))
    words = [*PLANTED, "text", "pandas", "ARROW"]
    assert [word for word in words if word.encode() in content] == []
    assert staging._secret not in content
    assert len(files(home.staging)) == 1


@pytest.mark.parametrize("part", [0.02, 0.3, 0.6, 0.9, 0.999])
def test_a_changed_byte_is_one_clear_line(staging, part):
    fill(staging)
    (path,) = files(staging.folder)
    content = bytearray(path.read_bytes())
    content[int(len(content) * part)] ^= 1
    path.write_bytes(content)
    with pytest.raises(StagingFailed) as caught:
        list(staging.reader("patients"))
    assert str(caught.value).startswith("patients in the staging of run-1 was changed, or is another table's")
    assert "\n" not in str(caught.value)


def test_a_file_swapped_for_another_tables_does_not_open(staging):
    fill(staging, "patients", "stays")
    one, other = sorted(files(staging.folder))
    other.replace(one)
    with pytest.raises(StagingFailed, match="is another table's or run's file"):
        list(staging.reader("patients"))


def test_a_file_swapped_for_another_runs_does_not_open(home, keyring, staging):
    fill(staging)
    with Staging.open(home, keyring, "run-2") as other:
        fill(other)
        files(other.folder)[0].replace(files(staging.folder)[0])
    with pytest.raises(StagingFailed, match="is another table's or run's file"):
        staging.rows("patients")


def test_a_plain_file_put_in_its_place_does_not_open(staging):
    fill(staging)
    pa.parquet.write_table(pa.Table.from_batches([batch()]), files(staging.folder)[0])
    with pytest.raises(StagingFailed, match="was changed"):
        staging.rows("patients")


def test_a_table_that_was_not_written_is_named(staging):
    with pytest.raises(StagingFailed, match="stays is not in the staging of run-1"):
        staging.rows("stays")


def test_a_table_whose_writing_failed_is_not_there(staging):
    def write_and_fail():
        with staging.writer("patients", batch().schema) as writer:
            writer.write(batch())
            raise ValueError("the source broke")

    with pytest.raises(ValueError, match="the source broke"):
        write_and_fail()
    assert files(staging.folder) == []


def test_leaving_the_context_purges_key_and_files(home, keyring):
    with Staging.open(home, keyring, "run-1") as staging:
        fill(staging)
        assert files(home.private)
    assert files(home.private) == []
    assert files(home.staging) == []


def test_a_purged_run_opens_nothing(staging):
    fill(staging)
    staging.purge()
    with pytest.raises(StagingFailed, match=r"not in the staging|was purged"):
        staging.rows("patients")
    with pytest.raises(StagingFailed, match="was purged"):
        fill(staging)


def test_a_run_of_several_tasks_is_kept_between_them_until_it_is_purged(home, keyring):
    with Staging.open(home, keyring, "dag-1", keep=True) as first:
        fill(first)
    with Staging.open(home, keyring, "run-2"):
        pass
    with Staging.open(home, keyring, "dag-1", keep=True) as second:
        assert second.rows("patients") == 1000
        second.purge()
    assert files(home.private) == files(home.staging) == []


def test_a_kept_run_does_not_open_with_another_keyring(home, keyring, tmp_path):
    with Staging.open(home, keyring, "dag-1", keep=True) as staging:
        fill(staging)
    with pytest.raises(KeyRefused, match="does not open with the keyring"):
        Staging.open(home, FolderKeyring(tmp_path / "other"), "dag-1", keep=True)


def test_the_same_run_in_two_processes_at_once_is_refused(home, keyring, staging):
    with pytest.raises(StagingFailed, match="run-1 is under way in another process"):
        Staging.open(home, keyring, "run-1")
    fill(staging)


def test_what_a_killed_run_left_is_purged_by_the_next_and_a_living_run_is_not(home, keyring):
    process = python(STAY, home.folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdout.readline() == "filled\n"
    with Staging.open(home, keyring, "run-2") as living:
        fill(living)
        assert len(files(home.staging)) == 2
        process.send_signal(signal.SIGKILL)
        process.communicate()
        with Staging.open(home, keyring, "run-3"):
            assert [path.parent.name for path in files(home.staging)] == ["run-2.key"]
        assert living.rows("patients") == 1000


def test_a_lock_or_a_nameless_key_of_a_killed_run_is_swept_by_the_next(home, keyring):
    """Killed before its key had a name, or just after its key was destroyed."""
    home.private.mkdir(parents=True)
    for name in ("run-1.lock", ".run-1.key.0a1b", "run-2.lock"):
        (home.private / name).touch()
    with Staging.open(home, keyring, "run-3"):
        assert {path.name for path in files(home.private)} == {"run-3.key", "run-3.lock"}


def test_a_killed_run_can_be_run_again_under_its_own_id(home, keyring):
    process = python(STAY, home.folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdout.readline() == "filled\n"
    process.send_signal(signal.SIGKILL)
    process.communicate()
    with Staging.open(home, keyring, "run-1") as staging:
        assert files(staging.folder) == []


def test_memory_does_not_grow_with_the_table(home):
    # Four million rows of 64 characters are 250 MiB: a row group on its way in and one on its way out are under 100.
    process = python(GROW, home.folder, stdout=subprocess.PIPE)
    rows, grown = map(int, process.communicate()[0].split())
    assert rows == 60 * 65_536
    assert grown < 150


def test_a_full_disk_is_one_line_and_leaves_no_table(home):
    code = FILL.replace("import sys", "import sys, resource\nresource.setrlimit(resource.RLIMIT_FSIZE, (500, 500))", 1)
    process = python(code, home.folder, stderr=subprocess.PIPE)
    error = process.communicate()[1].splitlines()[-1]
    assert "could not write patients into the staging" in error
    assert "file too large" in error
    assert files(home.staging) == []


@pytest.mark.parametrize("run_id", ["", "../run", "a/b", ".hidden", "x" * 129])
def test_a_run_id_that_could_be_a_path_is_none(home, keyring, run_id):
    with pytest.raises(StagingFailed, match="no run id"):
        Staging.open(home, keyring, run_id)


def test_a_staging_folder_that_cannot_be_made_is_one_line(tmp_path, home, keyring):
    home.folder.mkdir()
    home.staging.write_text("")
    with pytest.raises(StorageFailed, match="could not make the folder"):
        Staging.open(home, keyring, "run-1")
