import os
import signal
import subprocess
import sys

import pytest

from pipeline.files.durable import write_file
from pipeline.files.partial import Lock, PartialFolder

HOLD = """
import sys, time
from pathlib import Path
from pipeline.files.partial import PartialFolder
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
