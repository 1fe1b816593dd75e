import hashlib
import json
import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import rfc8785

from pipeline.files.durable import StorageFailed
from pipeline.journal import GENESIS, InvalidFact, Journal, JournalBroken

APPEND = """
import sys
from pipeline.journal import Journal
journal = Journal(sys.argv[1])
for number in range(int(sys.argv[2])):
    print(journal.append("decision", writer=sys.argv[3], number=number)["seq"], flush=True)
"""


@pytest.fixture
def journal(tmp_path):
    return Journal(tmp_path / "journal.jsonl")


def python(code, *arguments, **options):
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    return subprocess.Popen([sys.executable, "-c", code, *map(str, arguments)], env=environment, **options)


def fill(journal, lines=5):
    for number in range(lines):
        journal.append("decision", number=number, rules=["location.outside_zone"], allowed=number % 2 == 0)
    return journal.path.read_bytes().splitlines(keepends=True)


def forged(line, **changes):
    fields = json.loads(line) | changes
    del fields["digest"]
    digest = hashlib.sha256(rfc8785.dumps(fields)).hexdigest()
    return rfc8785.dumps(fields | {"digest": digest}) + b"\n"


def test_a_line_is_canonical_json_chained_to_the_line_before(journal):
    first, second, *_ = fill(journal)
    assert json.loads(first)["prev"] == GENESIS
    assert json.loads(second)["prev"] == hashlib.sha256(first.rstrip(b"\n")).hexdigest()
    assert rfc8785.dumps(json.loads(second)) + b"\n" == second


def test_append_gives_back_the_line_that_stands_in_the_file(journal):
    line = journal.append("plan.approved", by="dpo@chu.example", plan_sha256="ab" * 32)
    assert [line] == list(journal.lines())
    assert (line["event"], line["by"], line["seq"]) == ("plan.approved", "dpo@chu.example", 1)
    assert line["time"].endswith("Z")


def test_a_journal_that_is_not_there_is_empty_and_whole(journal):
    assert list(journal.lines()) == []
    assert journal.verify() == journal.verify(head=GENESIS)
    assert (journal.verify().whole, journal.verify().lines, journal.verify().head) == (True, 0, GENESIS)


def test_a_folder_holds_its_journal_under_a_fixed_name(tmp_path):
    Journal(tmp_path).append("key.created", key="cardio")
    assert (tmp_path / "journal.jsonl").stat().st_mode & 0o777 == 0o600


def test_twenty_processes_that_append_five_hundred_lines_each_leave_a_whole_chain(journal):
    writers = [python(APPEND, journal.path, 500, writer, stdout=subprocess.DEVNULL) for writer in range(20)]
    assert [writer.wait() for writer in writers] == [0] * 20
    assert (journal.verify().whole, journal.verify().lines) == (True, 10_000)
    by_writer = {str(writer): [] for writer in range(20)}
    for line in journal.lines():
        by_writer[line["writer"]].append(line["number"])
    assert all(numbers == list(range(500)) for numbers in by_writer.values())


def test_a_writer_killed_at_any_moment_breaks_nothing_and_loses_no_line_that_it_was_told_of(journal):
    moment = random.Random(7)
    for _ in range(8):
        writer = python(APPEND, journal.path, 100_000, "killed", stdout=subprocess.PIPE, text=True)
        told = [int(writer.stdout.readline()) for _ in range(moment.randint(1, 60))]
        writer.send_signal(signal.SIGKILL)
        told += [int(line) for line in writer.stdout.read().splitlines()]
        writer.wait()
        writer.stdout.close()
        journal.append("run.stopped")
        state = journal.verify()
        assert state.whole
        assert state.lines > told[-1]


@pytest.mark.parametrize("kept", [1, 40, -2])
def test_a_torn_line_is_put_aside_and_the_chain_goes_on_from_the_last_whole_one(journal, kept):
    lines = fill(journal)
    torn = lines[-1][:kept]
    journal.path.write_bytes(b"".join(lines[:-1]) + torn)
    state = journal.verify()
    assert (state.whole, state.lines, state.torn_bytes) == (True, 4, len(torn))
    assert journal.append("run.stopped")["seq"] == 5
    assert journal.verify().whole
    assert Path(f"{journal.path}.torn").read_bytes() == torn + b"\n"


def test_a_whole_line_without_its_newline_is_kept(journal):
    lines = fill(journal)
    journal.path.write_bytes(b"".join(lines)[:-1])
    assert journal.append("run.stopped")["seq"] == 6
    assert (journal.verify().whole, journal.verify().lines) == (True, 6)


def test_a_journal_torn_in_its_first_line_starts_again(journal):
    journal.path.write_bytes(b'{"dig')
    assert journal.append("key.created")["prev"] == GENESIS


def test_one_changed_byte_anywhere_is_named_by_its_line(journal):
    content = b"".join(fill(journal))
    unnoticed = []
    for position in range(len(content) - 1):
        journal.path.write_bytes(content[:position] + bytes([content[position] ^ 1]) + content[position + 1 :])
        expected = content[:position].count(b"\n") + 1
        if journal.verify().broken_line != expected:
            unnoticed.append((position, journal.verify()))
    assert unnoticed == []


def test_a_line_rewritten_with_a_right_digest_is_named_because_the_next_was_chained_to_another(journal):
    lines = fill(journal)
    journal.path.write_bytes(b"".join([*lines[:2], forged(lines[2], allowed=False), *lines[3:]]))
    state = journal.verify()
    assert (state.whole, state.broken_line, state.lines) == (False, 3, 2)


@pytest.mark.parametrize(("order", "broken"), [([0, 1, 3, 4], 3), ([0, 2, 1, 3, 4], 2), ([1, 2], 1), ([0, 0, 1], 2)])
def test_a_line_that_was_removed_moved_or_repeated_is_named(journal, order, broken):
    lines = fill(journal)
    journal.path.write_bytes(b"".join(lines[number] for number in order))
    assert journal.verify().broken_line == broken


def test_a_cut_tail_is_found_by_a_head_that_was_noted(journal):
    lines = fill(journal)
    head = journal.verify().head
    journal.path.write_bytes(b"".join(lines[:-1]))
    assert journal.verify().whole
    assert journal.verify(head=head).broken_line == 5


def test_a_noted_head_is_found_in_a_journal_that_has_grown(journal):
    fill(journal)
    head = journal.verify().head
    fill(journal)
    assert journal.verify(head=head).whole


@pytest.mark.parametrize("last", [b"not json\n", b'{"seq":1}\n', b"\n"])
def test_nothing_is_added_to_a_journal_whose_last_line_is_none(journal, last):
    journal.path.write_bytes(last)
    with pytest.raises(JournalBroken, match=r"journal verify"):
        journal.append("decision")
    assert journal.path.read_bytes() == last


@pytest.mark.parametrize(
    "value", [Path("/marie/dupont"), {1: "marie"}, float("nan"), 2**60, b"marie", "\ud800", {"marie"}]
)
def test_a_fact_that_json_cannot_carry_is_refused_without_being_quoted(journal, value):
    with pytest.raises(InvalidFact, match=r"the fact recipient of decision") as caught:
        journal.append("decision", recipient=value)
    assert "marie" not in str(caught.value)
    assert not journal.path.exists()


@pytest.mark.parametrize("name", ["seq", "prev", "time", "digest"])
def test_a_fact_cannot_take_the_name_of_what_the_journal_writes(journal, name):
    with pytest.raises(InvalidFact, match=name):
        journal.append("decision", **{name: 1})


def test_a_full_disk_leaves_no_part_of_a_line(journal):
    content = b"".join(fill(journal))
    code = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({len(content) + 20},) * 2)\n{APPEND}"
    writer = python(code, journal.path, 1, "full", stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    error = writer.communicate()[1].splitlines()[-1]
    assert "could not write the journal" in error
    assert "ulimit" in error
    assert journal.path.read_bytes() == content


def test_a_journal_that_cannot_be_made_is_one_line(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageFailed, match=r"not a directory|file exists"):
        Journal(tmp_path / "file" / "journal.jsonl").append("decision")


def test_an_append_reads_no_more_than_the_last_line(journal):
    # 64 GiB of hole stand before it: whoever reads the file from its start does not come back in time.
    last = fill(journal, 1)[0]
    with journal.path.open("wb") as file:
        file.seek(64 << 30)
        file.write(b"\n" + last)
    assert journal.append("decision")["seq"] == 2


def test_the_newest_lines_come_first_whatever_their_length(journal):
    for number in range(50):
        journal.append("decision", number=number, words="x" * (number * 400))
    assert [line["number"] for line in journal.newest(20)] == list(range(49, 29, -1))
    assert [line["number"] for line in journal.newest(500)] == list(range(49, -1, -1))


def test_a_torn_tail_is_none_of_the_newest_lines(journal):
    fill(journal, 3)
    with journal.path.open("ab") as file:
        file.write(b'{"event": "dec')
    assert [line["number"] for line in journal.newest(2)] == [2, 1]


def test_a_journal_that_is_not_there_has_no_newest_line(journal):
    assert journal.newest(5) == []


def test_a_writers_own_facts_stand_in_each_of_its_lines(journal):
    writer = Journal(journal.path, {"dag": "nightly"})
    writer.append("purge", release_id="ab")
    assert journal.newest(1)[0]["dag"] == "nightly"
