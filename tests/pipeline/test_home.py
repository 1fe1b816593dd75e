from pathlib import Path

import pytest

from pipeline.errors import InvalidDocument
from pipeline.home import Home

ROOMS = ["keys", "private", "staging", "releases", "journal", "register", "policies"]


def test_every_room_stands_in_douane_home(tmp_path):
    home = Home.from_environment({"DOUANE_HOME": str(tmp_path)})
    assert {room: getattr(home, room) for room in ROOMS} == {room: tmp_path / room for room in ROOMS}
    assert home.journal_file == tmp_path / "journal" / "journal.jsonl"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_may_stand_apart(tmp_path, room):
    home = Home.from_environment({"DOUANE_HOME": str(tmp_path), f"DOUANE_{room.upper()}": "/srv/apart"})
    assert {name for name in ROOMS if getattr(home, name) == Path("/srv/apart")} == {room}


def test_without_a_word_it_is_the_users_own(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("DOUANE_KEYS", "")
    monkeypatch.delenv("DOUANE_HOME", raising=False)
    home = Home.from_environment()
    assert (home.folder, home.keys) == (tmp_path / ".douane", tmp_path / ".douane" / "keys")


def test_a_relative_path_is_settled_at_once(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert Home.from_environment({"DOUANE_HOME": "here"}).folder == tmp_path / "here"


def test_a_home_that_cannot_be_found_asks_for_one():
    with pytest.raises(InvalidDocument, match="DOUANE_HOME"):
        Home.from_environment({"DOUANE_HOME": "~nobody-of-that-name/douane"})
