import copy
import os
import shutil
import subprocess
import sys
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from pipeline.errors import InvalidDocument, Stopped
from pipeline.files.durable import StorageFailed
from pipeline.guard import Guard
from pipeline.guard.decision import Destination, decided
from pipeline.release import ReleaseBuilder
from pipeline.sinks import Delivery, DeliveryRefused, Sink
from pipeline.sinks.folder import FolderSink

TODAY = datetime.now().astimezone().date()

ON_FILE = """
format: 1
destinations:
- id: lake
  match: {{path: "{}/"}}
  hosting: self
  country: FR
  verified_by: dpo@chu.example
  verified_on: {}
  valid_until: 2099-12-31
"""

DELIVER = """
import resource, sys
from datetime import date
from pathlib import Path
from pipeline.guard.decision import Destination, decided
from pipeline.sinks.folder import FolderSink
release, sha256, address, limit = sys.argv[1:]
resource.setrlimit(resource.RLIMIT_FSIZE, (int(limit),) * 2)
decision = decided(Destination(address), (), "pseudonymized-health", date.today(), blocked=False, address=address)
FolderSink().deliver(Path(release), decision.clear(sha256))
"""


@pytest.fixture
def release(tmp_path):
    with ReleaseBuilder(tmp_path / "releases", "r1") as builder:
        builder.add_bytes("report.html", b"<!doctype html>\n" * 20_000)
        builder.add_bytes("dictionary.csv", b"table,column\n")
        return builder.seal({"data_class": "pseudonymized-health"}, Ed25519PrivateKey.generate())


@pytest.fixture
def target(tmp_path):
    folder = tmp_path / "lake"
    folder.mkdir()
    return folder


def clearance(release, address, *, data_class="pseudonymized-health", on=None, sha256=None):
    decision = decided(Destination(str(address)), (), data_class, on or TODAY, blocked=False, address=str(address))
    return decision.clear(sha256 or release.manifest_sha256)


def content(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@contextmanager
def small_disk(folder, options):
    if subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)], check=False).returncode:
        pytest.skip("only root may mount a small disk; the limit on file sizes is tested besides")
    try:
        yield
    finally:
        subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.parametrize("address", ["{}", "{}/", "file://{}", "file://{}/"])
def test_a_release_arrives_whole_under_its_id(release, target, address):
    delivery = FolderSink().deliver(release.folder, clearance(release, address.format(target)))
    assert [path.name for path in target.iterdir()] == ["r1"]
    assert content(target / "r1") == content(release.folder)
    size = sum(map(len, content(release.folder).values()))
    assert delivery == Delivery(address.format(target), "r1", release.manifest_sha256, 4, size, already_there=False)


def test_an_address_with_a_space_and_an_accent_is_read_as_the_guard_wrote_it(release, tmp_path):
    folder = tmp_path / "données de santé"
    folder.mkdir()
    (tmp_path / "register").mkdir()
    (tmp_path / "register" / "destinations.yaml").write_text(ON_FILE.format(tmp_path, TODAY))
    guard = Guard.load(tmp_path / "register")
    decision = guard.decide(
        f"file://{tmp_path}//./donn%C3%A9es%20de%20sant%C3%A9/", data_class="pseudonymized-health", on=TODAY
    )
    FolderSink().deliver(release.folder, decision.clear(release.manifest_sha256))
    assert content(folder / "r1") == content(release.folder)


def test_an_address_is_not_decoded_a_second_time(release, tmp_path):
    folder = tmp_path / "100%41"
    folder.mkdir()
    FolderSink().deliver(release.folder, clearance(release, folder))
    assert content(folder / "r1") == content(release.folder)


def test_the_recipient_gets_the_rights_of_the_destination_not_those_of_the_private_release(release, target):
    before = os.umask(0o027)
    try:
        FolderSink().deliver(release.folder, clearance(release, target))
    finally:
        os.umask(before)
    assert (target / "r1").stat().st_mode & 0o777 == 0o750
    assert {path.stat().st_mode & 0o777 for path in (target / "r1").iterdir()} == {0o640}


def test_delivering_again_says_that_it_is_there_and_writes_nothing(release, target):
    FolderSink().deliver(release.folder, clearance(release, target))
    before = {path.name: path.stat().st_mtime_ns for path in (target / "r1").iterdir()}
    assert FolderSink().deliver(release.folder, clearance(release, target)).already_there
    assert {path.name: path.stat().st_mtime_ns for path in (target / "r1").iterdir()} == before


@pytest.mark.parametrize("name", ["report.html", "manifest.json", "manifest.json.sig"])
def test_something_else_under_its_name_is_refused_and_left_as_it_is(release, target, name):
    FolderSink().deliver(release.folder, clearance(release, target))
    (target / "r1" / name).write_bytes(b"other")
    before = content(target / "r1")
    with pytest.raises(DeliveryRefused, match="r1"):
        FolderSink().deliver(release.folder, clearance(release, target))
    assert content(target / "r1") == before


@pytest.mark.parametrize("kind", ["file", "empty folder", "link to the release"])
def test_a_name_that_is_taken_is_refused(release, target, kind):
    if kind == "file":
        (target / "r1").write_text("")
    elif kind == "empty folder":
        (target / "r1").mkdir()
    else:
        (target / "r1").symlink_to(release.folder)
    with pytest.raises(DeliveryRefused, match="exists and is not the release r1"):
        FolderSink().deliver(release.folder, clearance(release, target))


@pytest.mark.parametrize("pretended", ["/lake/", None, object()])
def test_nothing_but_a_clearance_opens_a_sink(release, target, pretended):
    with pytest.raises(Stopped, match="without a clearance"):
        FolderSink().deliver(release.folder, pretended)
    assert list(target.iterdir()) == []


def test_a_clearance_for_another_release_another_day_or_a_freer_class_opens_nothing(release, target):
    for refused, wrong in [
        (Stopped, clearance(release, target, sha256="00" * 32)),
        (Stopped, clearance(release, target, on=TODAY - timedelta(days=1))),
        (Stopped, clearance(release, target, on=TODAY + timedelta(days=1))),
        (DeliveryRefused, clearance(release, target, data_class="technical")),
    ]:
        with pytest.raises(refused):
            FolderSink().deliver(release.folder, wrong)
    assert list(target.iterdir()) == []


def test_a_clearance_for_a_class_that_asks_for_more_will_do(release, target):
    FolderSink().deliver(release.folder, clearance(release, target, data_class="state-sensitive-health"))
    assert content(target / "r1") == content(release.folder)


def test_a_release_of_no_known_class_goes_nowhere(tmp_path, target):
    with ReleaseBuilder(tmp_path / "releases", "r1") as builder:
        unknown = builder.seal({"data_class": "public"}, Ed25519PrivateKey.generate())
    with pytest.raises(DeliveryRefused, match="asks for more"):
        FolderSink().deliver(unknown.folder, clearance(unknown, target, data_class="state-sensitive-health"))


def test_a_release_that_was_changed_since_it_was_sealed_does_not_leave(release, target):
    (release.folder / "report.html").write_bytes(b"changed")
    with pytest.raises(DeliveryRefused, match=r"report\.html: was changed"):
        FolderSink().deliver(release.folder, clearance(release, target))
    assert list(target.iterdir()) == []


def test_a_folder_that_is_no_release_does_not_leave(release, target, tmp_path):
    with pytest.raises(InvalidDocument, match=r"holds no manifest\.json"):
        FolderSink().deliver(tmp_path, clearance(release, target))


def test_a_destination_that_does_not_exist_is_not_made(release, target):
    with pytest.raises(StorageFailed, match=r"is no folder that exists. Create it, or mount it, first\."):
        FolderSink().deliver(release.folder, clearance(release, target / "missing"))
    assert list(target.iterdir()) == []


def test_a_destination_that_is_a_link_is_refused_since_the_guard_saw_another_place(release, target, tmp_path):
    (tmp_path / "link").symlink_to(target)
    with pytest.raises(DeliveryRefused, match=f"is a link to {target}"):
        FolderSink().deliver(release.folder, clearance(release, tmp_path / "link"))
    assert list(target.iterdir()) == []


@pytest.mark.parametrize("address", ["s3://bucket/", "file://host/lake/", "lake/", "https://lake.example/"])
def test_an_address_that_is_no_folder_is_for_another_sink(release, address):
    with pytest.raises(DeliveryRefused, match="is no folder on this machine"):
        FolderSink().deliver(release.folder, clearance(release, address))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount; the limit on file sizes is tested besides")
@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ("size=128k", "no space left on device. Free space there, then run again."),
        ("ro", "read-only file system. Mount it writable, or choose another folder."),
    ],
)
def test_a_disk_that_is_full_or_read_only_is_one_line_and_nothing_is_visible(release, target, options, reason):
    with small_disk(target, options):
        with pytest.raises(StorageFailed) as caught:
            FolderSink().deliver(release.folder, clearance(release, target))
        assert list(target.iterdir()) == []
    assert str(caught.value) == f"could not deliver r1 to {target}: {reason}"


def test_a_limit_on_file_sizes_is_one_line_and_nothing_is_visible(release, target):
    arguments = [str(release.folder), release.manifest_sha256, str(target), "50000"]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    command = [sys.executable, "-c", DELIVER, *arguments]
    done = subprocess.run(command, env=environment, check=False, capture_output=True, text=True)
    assert done.stderr.splitlines()[-1].endswith(
        f"could not deliver r1 to {target}: file too large. Raise the limit on file sizes (ulimit -f), then run again."
    )
    assert list(target.iterdir()) == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_destination_that_is_not_writable_is_one_line(release, target):
    target.chmod(0o500)
    with pytest.raises(StorageFailed, match="permission denied"):
        FolderSink().deliver(release.folder, clearance(release, target))
    target.chmod(0o700)


def test_the_folder_sink_is_a_sink_and_a_clearance_is_never_copied(release, target):
    assert isinstance(FolderSink(), Sink)
    with pytest.raises(TypeError, match=r"never serialized|not pickled|never copied"):
        copy.copy(clearance(release, target))


def test_a_copy_of_a_release_is_delivered_as_the_release(release, target, tmp_path):
    shutil.copytree(release.folder, tmp_path / "moved")
    FolderSink().deliver(tmp_path / "moved", clearance(release, target))
    assert content(target / "r1") == content(release.folder)
