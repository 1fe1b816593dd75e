import os
import signal
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.durable import Lock, PartialFolder, StorageFailed, create_file, file_name, make_private_folder, write_file

HOLD = """
import sys, time
from pathlib import Path
from pipeline.durable import PartialFolder
partial = PartialFolder(Path(sys.argv[1]))
(partial.path / "half").write_text("half")
print(partial.path.name, flush=True)
sys.stdin.read()
"""


def holder(final):
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, final], env=environment, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    return process, process.stdout.readline().strip()


def finish(process):
    process.send_signal(signal.SIGKILL)
    process.communicate()


def test_a_file_is_created_whole_and_never_replaced(tmp_path):
    path = tmp_path / "key"
    create_file(path, b"first")
    with pytest.raises(FileExistsError):
        create_file(path, b"second")
    assert path.read_bytes() == b"first"
    assert [entry.name for entry in tmp_path.iterdir()] == ["key"]
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_folder_appears_whole_under_its_name(tmp_path):
    with PartialFolder(tmp_path / "release") as partial:
        write_file(partial.path / "a", b"whole")
        assert not (tmp_path / "release").exists()
        partial.publish()
    assert [entry.name for entry in tmp_path.iterdir()] == ["release"]


def test_a_folder_that_is_not_published_vanishes(tmp_path):
    with PartialFolder(tmp_path / "release") as partial:
        write_file(partial.path / "a", b"half")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [None, "something"])
def test_a_name_that_is_taken_is_not_replaced_even_by_an_empty_folder(tmp_path, content):
    final = tmp_path / "release"
    final.mkdir()
    if content:
        (final / "a").write_text(content)
    with PartialFolder(final) as partial:
        write_file(partial.path / "b", b"new")
        with pytest.raises(FileExistsError):
            partial.publish()
    assert [entry.name for entry in tmp_path.iterdir()] == ["release"]
    assert [entry.name for entry in final.iterdir()] == (["a"] if content else [])


def test_what_a_killed_process_left_is_swept_and_what_a_living_one_makes_is_not(tmp_path):
    killed, left = holder(tmp_path / "one")
    living, kept = holder(tmp_path / "two")
    finish(killed)
    with PartialFolder(tmp_path / "three") as partial:
        partial.publish()
    assert not (tmp_path / left).exists()
    assert not (tmp_path / f"{left}.lock").exists()
    assert (tmp_path / kept / "half").read_text() == "half"
    finish(living)


def test_a_lock_is_held_by_one(tmp_path):
    first, second = Lock(tmp_path / "lock"), Lock(tmp_path / "lock")
    assert first.acquire()
    assert not second.acquire()
    first.release()
    assert second.acquire()
    second.release()
    assert list(tmp_path.iterdir()) == []


def test_a_storage_error_is_one_line_with_reason_and_mend():
    error = StorageFailed.of(OSError(28, "No space left\non device"), doing="write patients")
    assert str(error) == "could not write patients: no space left on device. Free space there, then run again."
    assert isinstance(error, OSError)


def test_a_folder_that_cannot_be_made_is_one_line(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageFailed, match="could not make the folder"):
        make_private_folder(tmp_path / "file" / "keys")


@given(st.text(min_size=1, max_size=15), st.text(min_size=1, max_size=15))
def test_a_file_name_is_safe_and_two_tables_never_share_one(one, other):
    names = []
    for table in (one, other):
        try:
            name = file_name(table, ".parquet")
        except StorageFailed:
            return
        assert "/" not in name
        assert "\0" not in name
        assert not name.startswith(".")
        names.append(name)
    assert (names[0] == names[1]) == (one == other)


@pytest.mark.parametrize("table", ["", "x" * 201, "\ud800"])
def test_a_table_that_makes_no_file_name_is_refused(table):
    with pytest.raises(StorageFailed, match="makes no file name"):
        file_name(table, ".parquet")
