"""Re-identification: for a named person and a reason, journaled without a value, into a file that nobody else reads."""

from __future__ import annotations

import csv
import stat

import pytest

from pipeline.errors import InvalidInput
from pipeline.reidentification import Question, ReidentificationRefused, reidentify
from pipeline.sources.folder import FolderSource
from transforms.errors import InvalidValue

IPP = "8000000007"


@pytest.fixture
def ask(installation, extract):
    plan = installation.plan(extract, "sejours.nda=tokenize")
    result = installation.run(extract, plan)

    def asked(pseudonyms, field, *, by="dpo", reason="Alert of pharmacovigilance, file 12", originals=True):
        home = installation.rooms.home
        return reidentify(
            Question(pseudonyms, field, by, reason),
            plan=plan,
            key=installation.rooms.keyring.get("eds"),
            private=home.private,
            journal=installation.rooms.journal,
            login="engineer",
            originals=FolderSource([extract]).tables() if originals else (),
        )

    asked.result = result
    return asked


def rows(found) -> dict[str, str]:
    with found.file.open(newline="") as file:
        return {row["pseudonym"]: row["value"] for row in csv.DictReader(file)}


def released(ask, read_release, table, column, row):
    return read_release(ask.result, table)[column][row].as_py()


def test_a_pseudonym_is_looked_up_in_the_originals(ask, read_release):
    pseudonym = released(ask, read_release, "patients", "ipp", 7)
    found = ask([pseudonym, "0" * 32], "patients.ipp")
    assert (found.asked, found.found) == (2, 1)
    assert rows(found) == {pseudonym: IPP}
    assert stat.S_IMODE(found.file.stat().st_mode) == 0o600


def test_a_token_is_turned_back_by_the_key_alone(ask, read_release):
    token = released(ask, read_release, "sejours", "nda", 3)
    assert rows(ask([token], "sejours.nda", originals=False)) == {token: "220000003"}


def test_a_false_token_gives_nothing_out(ask, read_release, installation):
    token = released(ask, read_release, "sejours", "nda", 3)
    with pytest.raises(InvalidValue):
        ask([token, token[:-1] + ("0" if token[-1] != "0" else "1")], "sejours.nda", originals=False)
    assert not list(installation.rooms.home.private.glob("*.csv"))


def test_it_is_journaled_with_counts_and_without_values(ask, read_release, installation):
    ask([released(ask, read_release, "patients", "ipp", 7)], "patients.ipp")
    *_, last = installation.rooms.journal.lines()
    assert last["event"] == "reidentification"
    assert (last["by"], last["login"], last["asked"], last["found"]) == ("dpo", "engineer", 1, 1)
    assert IPP not in installation.rooms.journal.path.read_text()
    assert installation.rooms.journal.verify().whole


@pytest.mark.parametrize("missing", [{"by": " "}, {"reason": ""}])
def test_nobody_asks_for_no_reason(ask, missing):
    with pytest.raises(ReidentificationRefused, match="a person who asks and a reason"):
        ask(["0" * 32], "patients.ipp", **missing)


@pytest.mark.parametrize("reason", [f"patient {IPP} called", "call 06 39 98 12 12", "see a.b@chu.example"])
def test_a_reason_that_names_somebody_is_refused(ask, read_release, installation, reason):
    with pytest.raises(ReidentificationRefused, match="holds an identifier"):
        ask([released(ask, read_release, "patients", "ipp", 7)], "patients.ipp", reason=reason)
    assert not list(installation.rooms.home.private.glob("*.csv"))
    assert "reidentification" not in {line["event"] for line in installation.rooms.journal.lines()}


def test_a_pseudonym_has_no_way_back_without_the_originals(ask):
    with pytest.raises(ReidentificationRefused, match="--in PATH"):
        ask(["0" * 32], "patients.ipp", originals=False)


def test_what_no_key_made_has_no_way_back(ask):
    with pytest.raises(ReidentificationRefused, match=r"patients\.nom has no way back: suppress"):
        ask(["x"], "patients.nom")


def test_a_field_that_the_plan_lacks_is_named(ask):
    with pytest.raises(InvalidInput, match=r"no field patients\.nip"):
        ask(["x"], "patients.nip")
