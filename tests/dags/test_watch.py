"""The DAGs that look after the installation, under Airflow's own scheduler."""

import pytest

from pipeline.airflow.runs import trigger

pytestmark = [pytest.mark.airflow, pytest.mark.timeout(600)]


def test_a_destination_that_ends_soon_fails_the_watch_by_name(airflow):
    run = trigger(airflow, "register_watch")
    assert run.wait() == "failed"
    assert "premises (destination) ends in 30 days" in run.log("look")
    assert "1 on file end within 30 days or have ended; 0 need a look" in run.log("look")


def test_a_whole_journal_passes_and_one_that_was_cut_since_does_not(airflow, hospital):
    journal = hospital.rooms.journal
    journal.append("purge", run="before")
    kept = journal.path.read_bytes()
    journal.append("purge", run="noted by the first verification")
    run = trigger(airflow, "journal_verify")
    assert run.wait() == "success"
    whole = journal.path.read_bytes()
    try:
        journal.path.write_bytes(kept)
        again = trigger(airflow, "journal_verify")
        assert again.wait() == "failed"
        assert "is missing: the line with the noted head is gone" in again.log("verify")
    finally:
        journal.path.write_bytes(whole + journal.path.read_bytes()[len(kept) :])
