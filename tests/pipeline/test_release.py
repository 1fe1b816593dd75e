import json
import os
import shutil
import signal
import subprocess
import sys

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from pipeline.errors import InvalidDocument
from pipeline.journal import Journal
from pipeline.release import ReleaseBuilder, ReleaseRefused, read_release, verify_release
from transforms.errors import DouaneError

FACTS = {
    "domain": "eds-cardio",
    "data_class": "pseudonymized-health",
    "plan_sha256": "ab" * 32,
    "keys": [{"id": "cardio-1f0c", "version": 1}],
    "risk": {"k": 5},
}
FILES = ["dictionary.csv", "patients.parquet", "report.html", "séjours.parquet"]

MAKE = """
import sys
import pyarrow as pa
from pathlib import Path
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pipeline.release import ReleaseBuilder

def step():
    print("step", flush=True)
    sys.stdin.readline()

batch = pa.record_batch({"pseudonym": [f"{number:032d}" for number in range(100_000)]})
builder = ReleaseBuilder(Path(sys.argv[1]), "r1")
step()
with builder.table_writer("patients", batch.schema) as writer:
    for _ in range(3):
        writer.write(batch)
        step()
builder.add_bytes("report.html", b"<!doctype html>")
step()
release = builder.seal({"domain": "eds-cardio"}, Ed25519PrivateKey.from_private_bytes(bytes(32)))
step()
"""


@pytest.fixture(scope="module")
def signing_key():
    return Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


@pytest.fixture(scope="module")
def public_key(tmp_path_factory, signing_key):
    path = tmp_path_factory.mktemp("keys") / "signing.pub.pem"
    path.write_bytes(signing_key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    return path


def patients(start=0, rows=100):
    return pa.record_batch(
        {
            "nip": [f"{number:032x}" for number in range(start, start + rows)],
            "sex": ["f" if number % 2 else None for number in range(start, start + rows)],
        }
    )


def build(folder, signing_key, *, batches=None, facts=FACTS, release_id="r1"):
    with ReleaseBuilder(folder, release_id) as builder:
        with builder.table_writer("patients", patients().schema, high_cardinality=["nip"]) as writer:
            for batch in batches or [patients()]:
                writer.write(batch)
        with builder.table_writer("séjours", patients().schema) as writer:
            writer.write(patients())
        builder.add_bytes("dictionary.csv", b"table,column\n")
        builder.add_bytes("report.html", b"<!doctype html>\n")
        return builder.seal(facts, signing_key)


@pytest.fixture
def release(tmp_path, signing_key):
    return build(tmp_path / "releases", signing_key)


def python(code, *arguments, **options):
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    return subprocess.Popen([sys.executable, "-c", code, *map(str, arguments)], env=environment, text=True, **options)


def content(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_sealed_release_stands_whole_and_alone_under_its_id(release, public_key):
    assert [path.name for path in release.folder.parent.iterdir()] == ["r1"]
    assert sorted(content(release.folder)) == sorted([*FILES, "manifest.json", "manifest.json.sig"])
    found = verify_release(release.folder, public_key)
    assert (found.ok, found.file, found.problem, found.files) == (True, "", "", 4)
    assert found.release == release


def test_the_manifest_is_canonical_and_says_what_was_given_and_what_each_file_is(release):
    raw = (release.folder / "manifest.json").read_bytes()
    manifest = json.loads(raw)
    assert rfc8785.dumps(manifest) == raw
    assert {name: manifest[name] for name in FACTS} == FACTS
    assert (manifest["format"], manifest["release_id"]) == (1, "r1")
    assert manifest["software"].startswith("douane ")
    assert [entry["name"] for entry in manifest["files"]] == FILES
    assert [entry.get("rows") for entry in manifest["files"]] == [None, 100, None, 100]


def test_the_same_rows_in_other_batches_give_the_same_bytes(tmp_path, signing_key):
    one = build(tmp_path / "one", signing_key, batches=[patients(0, 140_000)])
    cut = [patients(0, 7), patients(7, 70_000), patients(70_007, 0), patients(70_007, 69_993)]
    other = build(tmp_path / "other", signing_key, batches=cut)
    assert content(one.folder) == content(other.folder)


def test_sealing_the_same_again_gives_back_the_release_that_stands(release, signing_key):
    before = {path.name: path.stat().st_mtime_ns for path in release.folder.iterdir()}
    assert build(release.folder.parent, signing_key) == release
    assert {path.name: path.stat().st_mtime_ns for path in release.folder.iterdir()} == before
    assert [path.name for path in release.folder.parent.iterdir()] == ["r1"]


def test_another_manifest_under_the_same_id_is_refused_and_changes_nothing(release, signing_key):
    before = content(release.folder)
    with pytest.raises(ReleaseRefused, match="exists and is not what this run made"):
        build(release.folder.parent, signing_key, facts=FACTS | {"domain": "other"})
    assert content(release.folder) == before


@pytest.mark.parametrize("name", [*FILES, "manifest.json", "manifest.json.sig"])
def test_a_damaged_release_is_not_taken_for_the_one_that_was_made_again(release, signing_key, name):
    (release.folder / name).write_bytes(b"damaged")
    with pytest.raises(ReleaseRefused, match="douane verify"):
        build(release.folder.parent, signing_key)


def test_a_manifest_that_was_rewritten_is_not_taken_for_the_one_that_was_made_again(release, signing_key):
    path = release.folder / "manifest.json"
    path.write_bytes(path.read_bytes().replace(b"eds-cardio", b"eds-onco"))
    with pytest.raises(ReleaseRefused, match="is not what this run made"):
        build(release.folder.parent, signing_key)


@pytest.mark.parametrize("part", [0.0, 0.5, 0.999])
@pytest.mark.parametrize("name", [*FILES, "manifest.json", "manifest.json.sig"])
def test_one_changed_byte_in_any_file_is_found_and_named(release, public_key, name, part):
    path = release.folder / name
    changed = bytearray(path.read_bytes())
    changed[int(len(changed) * part)] ^= 1
    path.write_bytes(changed)
    found = verify_release(release.folder, public_key)
    assert not found.ok
    assert name in found.problem
    assert found.release is None
    assert "\n" not in found.problem


@pytest.mark.parametrize("name", [*FILES, "manifest.json", "manifest.json.sig"])
@pytest.mark.parametrize("change", ["removed", "lengthened", "linked", "emptied"])
def test_a_file_that_is_missing_longer_a_link_or_empty_is_named(release, public_key, tmp_path, name, change):
    path = release.folder / name
    if change == "lengthened":
        path.write_bytes(path.read_bytes() + b"\n")
    elif change == "emptied":
        path.write_bytes(b"")
    else:
        path.replace(tmp_path / "elsewhere")
        if change == "linked":
            path.symlink_to(tmp_path / "elsewhere")
    found = verify_release(release.folder, public_key)
    assert not found.ok
    assert found.file == name


@pytest.mark.parametrize("name", ["keys.json", ".hidden", "folder/inside", "empty/"])
def test_a_file_that_was_added_is_named(release, public_key, name):
    path = release.folder / name
    path.parent.mkdir(exist_ok=True)
    if name.endswith("/"):
        path.mkdir()
    else:
        path.write_text("correspondence")
    found = verify_release(release.folder, public_key)
    assert (found.ok, found.file) == (False, name.rstrip("/"))
    assert "is not in the manifest" in found.problem


def test_a_release_that_another_key_sealed_is_refused(release, tmp_path):
    public = Ed25519PrivateKey.generate().public_key()
    (tmp_path / "other.pem").write_bytes(public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    found = verify_release(release.folder, tmp_path / "other.pem")
    assert not found.ok
    assert "another key sealed this release" in found.problem


def test_openssl_alone_verifies_the_signature(release, public_key):
    command = ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", str(public_key), "-rawin"]
    command += ["-in", "manifest.json", "-sigfile", "manifest.json.sig"]
    assert subprocess.run(command, cwd=release.folder, check=False, stdout=subprocess.DEVNULL).returncode == 0


def test_with_the_journal_only_the_release_that_was_journaled_passes(release, public_key, tmp_path):
    journal = Journal(tmp_path / "journal.jsonl")
    assert "was never sealed according to" in verify_release(release.folder, public_key, journal).problem
    journal.append("release.sealed", release_id="r1", manifest_sha256="00" * 32)
    assert "is not the manifest that" in verify_release(release.folder, public_key, journal).problem
    journal.append("release.sealed", release_id="r1", manifest_sha256=release.manifest_sha256)
    assert verify_release(release.folder, public_key, journal).ok
    journal.path.write_bytes(journal.path.read_bytes().replace(b"00000000000000", b"11111111111111"))
    assert "whose line 1 was changed" in verify_release(release.folder, public_key, journal).problem


@pytest.mark.parametrize("pem", ["nothing", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n", None])
def test_a_public_key_that_is_none_says_nothing_of_the_release(release, tmp_path, pem):
    path = tmp_path / "key.pem"
    if pem:
        path.write_text(pem)
    with pytest.raises(InvalidDocument, match=r"key\.pem"):
        verify_release(release.folder, path)


def test_a_folder_that_is_no_release_is_named(tmp_path, public_key):
    assert "is no sealed release" in verify_release(tmp_path, public_key).problem
    with pytest.raises(InvalidDocument, match=r"holds no manifest\.json"):
        read_release(tmp_path)


def test_values_that_no_row_holds_any_more_do_not_reach_the_release(tmp_path, signing_key):
    # A dictionary keeps every value that a batch once had, and pandas writes index values into the schema.
    names = pa.DictionaryArray.from_arrays(pa.array([1, 1]), pa.array(["Berard", "keep"]))
    field = pa.field("name", names.type, metadata={"was": "Berard"})
    schema = pa.schema([field], metadata={"pandas": "Berard"})
    with ReleaseBuilder(tmp_path, "r1") as builder:
        with builder.table_writer("patients", schema) as writer:
            writer.write(pa.record_batch([names], schema=schema))
        release = builder.seal({}, signing_key)
    path = release.folder / "patients.parquet"
    assert b"Berard" not in path.read_bytes()
    assert pq.read_table(path).to_pydict() == {"name": ["keep", "keep"]}


def test_nested_and_empty_tables_are_released_too(tmp_path, signing_key):
    nested = pa.record_batch({"codes": [["I10"], []], "a.b": ["x", None]})
    with ReleaseBuilder(tmp_path, "r1") as builder:
        with builder.table_writer("nested", nested.schema, high_cardinality=["a.b"]) as writer:
            writer.write(nested)
        with builder.table_writer("empty", nested.schema):
            pass
        release = builder.seal({}, signing_key)
    assert pq.read_table(release.folder / "nested.parquet").to_pylist() == nested.to_pylist()
    assert pq.read_table(release.folder / "empty.parquet").schema == nested.schema


def test_leaving_without_sealing_leaves_nothing(tmp_path):
    with ReleaseBuilder(tmp_path, "r1") as builder:
        builder.add_bytes("report.html", b"half")
    assert list(tmp_path.iterdir()) == []


def test_a_run_killed_at_any_step_and_run_again_gives_the_same_bytes(tmp_path):
    def run(folder, *, steps):
        process = python(MAKE, folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        for _ in range(steps):
            assert process.stdout.readline() == "step\n"
            process.stdin.write("\n")
            process.stdin.flush()
        if steps < 6:
            process.stdout.readline()
            process.send_signal(signal.SIGKILL)
        process.communicate()

    run(tmp_path / "clean", steps=6)
    for steps in (2, 5):
        run(tmp_path / "killed", steps=steps)
        assert (tmp_path / "killed" / "r1").exists() == (steps == 5)
    run(tmp_path / "killed", steps=6)
    assert [path.name for path in (tmp_path / "killed").iterdir()] == ["r1"]
    assert content(tmp_path / "killed" / "r1") == content(tmp_path / "clean" / "r1")


@pytest.mark.parametrize("limit", [3000, 300_000])
def test_a_full_disk_is_one_line_and_nothing_is_visible(tmp_path, limit):
    code = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({limit},) * 2)\n{MAKE}"
    process = python(code, tmp_path, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    error = process.communicate()[1]
    assert "could not write patients into the release" in error
    assert "Exception ignored" not in error
    assert not (tmp_path / "r1").exists()


@pytest.mark.parametrize("name", ["manifest.json", "../up", "a/b", ".hidden", ""])
def test_a_file_cannot_climb_out_or_take_the_manifests_place(tmp_path, name):
    with ReleaseBuilder(tmp_path, "r1") as builder, pytest.raises(DouaneError):
        builder.add_bytes(name, b"x")


def test_a_table_or_file_is_written_once(tmp_path):
    def write_table():
        with builder.table_writer("patients", patients().schema) as writer:
            writer.write(patients())

    with ReleaseBuilder(tmp_path, "r1") as builder:
        write_table()
        builder.add_bytes("report.html", b"one")
        for again in (write_table, lambda: builder.add_bytes("report.html", b"other")):
            with pytest.raises(ReleaseRefused, match="already"):
                again()


@pytest.mark.parametrize("release_id", ["", "../r1", "a/b", ".r1"])
def test_a_release_id_that_could_be_a_path_is_none(tmp_path, release_id):
    with pytest.raises(InvalidDocument, match="no release id"):
        ReleaseBuilder(tmp_path, release_id)


def test_a_fact_that_is_not_json_is_refused(tmp_path, signing_key):
    with pytest.raises(InvalidDocument, match="not JSON"):
        build(tmp_path, signing_key, facts={"risk": {1, 2}})
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("entry", [{"name": "../../keys/default.v1.json"}, {"name": 1}, {"name": None}])
def test_a_manifest_that_names_files_outside_is_none(release, entry):
    manifest = json.loads((release.folder / "manifest.json").read_bytes())
    manifest["files"][0] |= entry
    copy = release.folder.parent / "copy"
    shutil.copytree(release.folder, copy)
    (copy / "manifest.json").write_bytes(rfc8785.dumps(manifest))
    with pytest.raises(InvalidDocument, match="no manifest of format 1"):
        read_release(copy)
