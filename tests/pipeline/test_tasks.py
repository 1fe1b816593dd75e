"""The stages as processes apart: they end as `douane run` does, retried, killed, cleared, and in any order of tables."""

import multiprocessing
import os
import signal
import subprocess

import pytest

from pipeline import tasks
from pipeline.destinations import Destination
from pipeline.errors import InvalidInput, Stopped
from pipeline.export import Export
from pipeline.export_order import PreparedExport
from pipeline.files.durable import StorageFailed
from pipeline.planning.approvers import journal_approval, journal_rejection
from pipeline.planning.comparison import PlanMismatch
from pipeline.run import run
from pipeline.staging import StagingFailed
from pipeline.tasks import TaskRun

MIDDLE = ("detect", "compare", "pseudonymize", "assess_tables", "seal_release")


def export_of(order):
    """The file that an order would come from; what the stages need of it is in the order."""
    return Export(
        id="cardio",
        source={"path": "extract"},
        plan="plan.yaml",
        domain="eds",
        key="eds",
        destinations=[{"id": "premises", "uri": "{home}/premises/"}],
        recipient="the registry",
        purpose="research",
        legal_basis="GDPR 6(1)(e)",
        retention="10 years",
    )


@pytest.fixture
def start(installation, extract):
    """Make a run of the sample extract, its plan approved by the policy's approver."""

    def start(run_id="r1", *, plan=None, approved=True, **options):
        order = installation.order(extract, plan or installation.plan(extract), **options)
        if approved:
            journal_approval(installation.rooms.journal, order, by="dpo")
        return TaskRun(PreparedExport(export_of(order), order, installation.rooms), run_id)

    return start


@pytest.fixture
def small_disk(tmp_path):
    folder = tmp_path / "small"
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8k", "tmpfs", folder], check=True)
    yield folder
    subprocess.run(["umount", folder], check=True)


def walk(run):
    """All stages up to the seal."""
    tables = tasks.extract(run)
    tasks.detect(run)
    tasks.compare(run)
    for table in reversed(tables):
        tasks.pseudonymize(run, table)
    tasks.assess_tables(run)
    return tasks.seal_release(run)


def in_a_process(function, *arguments):
    process = multiprocessing.get_context("fork").Process(target=function, args=arguments)
    process.start()
    process.join(60)
    return process.exitcode


def test_the_stages_make_the_release_that_one_process_makes(start, installation):
    task_run = start()
    apart = walk(task_run)
    together = run(task_run.export.order, installation.rooms).made.release
    assert (apart.id, apart.manifest_sha256) == (together.id, together.manifest_sha256)


def test_each_stage_run_again_ends_the_same(start):
    task_run = start()
    tables = tasks.extract(task_run)
    assert tasks.extract(task_run) == tables
    for _ in range(2):
        tasks.detect(task_run)
        tasks.compare(task_run)
        for table in tables:
            tasks.pseudonymize(task_run, table)
        tasks.assess_tables(task_run)
    first = tasks.seal_release(task_run)
    assert tasks.seal_release(task_run).manifest_sha256 == first.manifest_sha256


@pytest.mark.parametrize("stage", ["extract", *MIDDLE])
def test_a_worker_killed_in_a_stage_leaves_nothing_half_made_and_the_next_try_ends_the_same(start, stage, installation):
    expected = walk(start("undisturbed"))
    task_run = start("killed")

    def killed_at(name, work):
        """Go on until `name` has begun to write, and die there as a worker does that runs out of memory."""
        if name == stage:
            died = in_a_process(_work_and_die, work)
            assert died == -signal.SIGKILL
        return work()

    tables = killed_at("extract", lambda: tasks.extract(task_run))
    killed_at("detect", lambda: tasks.detect(task_run))
    killed_at("compare", lambda: tasks.compare(task_run))
    for table in tables:
        killed_at("pseudonymize", lambda table=table: tasks.pseudonymize(task_run, table))
    killed_at("assess_tables", lambda: tasks.assess_tables(task_run))
    release = killed_at("seal_release", lambda: tasks.seal_release(task_run))
    assert release.manifest_sha256 == expected.manifest_sha256
    assert installation.visible == [release.id]


def _work_and_die(work):
    """Do the work with a disk that kills at the third write of a row group, note or file; or right after it."""
    import pipeline.files.durable
    import pipeline.files.rowgroups

    writes = iter(range(3))

    def die(original):
        def dying(*arguments, **options):
            if next(writes, None) is None:
                os.kill(os.getpid(), signal.SIGKILL)
            return original(*arguments, **options)

        return dying

    pipeline.files.rowgroups.RowGroupWriter.write = die(pipeline.files.rowgroups.RowGroupWriter.write)
    pipeline.files.durable.write_file = die(pipeline.files.durable.write_file)
    work()
    os.kill(os.getpid(), signal.SIGKILL)


def test_a_disk_that_is_full_is_one_line_and_the_next_try_ends_the_same(start, installation, small_disk):
    expected = walk(start("undisturbed"))
    task_run = start("full", releases=small_disk)
    (first, *_) = tasks.extract(task_run)
    with pytest.raises(StorageFailed, match="no space left on device") as caught:
        tasks.pseudonymize(task_run, first)
    assert "\n" not in str(caught.value)
    assert [path for path in small_disk.iterdir() if not path.name.startswith(".")] == []
    # Somebody has freed space: the same run, its tables made again.
    release = walk(start("full"))
    assert release.manifest_sha256 == expected.manifest_sha256


def test_nothing_is_extracted_before_an_approver_has_spoken(start, installation):
    task_run = start(approved=False)
    with pytest.raises(Stopped, match="no standing approval"):
        tasks.extract(task_run)
    journal_approval(installation.rooms.journal, task_run.export.order, by="somebody else")
    with pytest.raises(Stopped, match=r"approvers \(dpo\)"):
        tasks.extract(task_run)


def test_an_approval_withdrawn_before_the_seal_stops_the_seal(start, installation):
    task_run = start()
    for table in tasks.extract(task_run):
        tasks.pseudonymize(task_run, table)
    journal_rejection(installation.rooms.journal, task_run.export.order, by="dpo")
    with pytest.raises(Stopped, match="no standing approval"):
        tasks.seal_release(task_run)
    assert installation.visible == []


def test_an_approval_withdrawn_after_the_seal_blocks_every_export(start, installation):
    task_run = start()
    release = walk(task_run)
    journal_rejection(installation.rooms.journal, task_run.export.order, by="dpo")
    outcome = tasks.deliver_release(
        task_run, release.id, release.manifest_sha256, Destination(f"{installation.folder}/premises/", "premises")
    )
    assert "release.unapproved" in {reason.rule for reason in outcome.decision.blocks}


def test_a_plan_that_changes_under_a_run_stops_its_next_task(start, installation, extract):
    task_run = start()
    tasks.extract(task_run)
    changed = installation.plan(extract, "resultats.commentaire=suppress")
    other = start(plan=changed)
    with pytest.raises(Stopped, match="the plan of command-line changed since this run began"):
        tasks.detect(other)


def test_a_new_field_stops_the_comparison_with_the_line_to_add(start, installation, extract):
    plan = installation.plan(extract)
    lines = (extract / "patients.csv").read_text().splitlines()
    added = [lines[0] + ",email"] + [f"{line},p{n}@chu.example" for n, line in enumerate(lines[1:])]
    (extract / "patients.csv").write_text("\n".join(added) + "\n")
    task_run = start(plan=plan)
    tasks.extract(task_run)
    tasks.detect(task_run)
    with pytest.raises(PlanMismatch) as caught:
        tasks.compare(task_run)
    assert "email: {kind: email" in caught.value.draft
    assert "@chu.example" not in caught.value.draft


def test_a_table_that_vanished_is_one_line_and_leaves_no_staging(start, installation, extract):
    task_run = start()
    for file in extract.iterdir():
        file.unlink()
    with pytest.raises(InvalidInput, match="holds no table"):
        tasks.extract(task_run)
    assert not list(installation.rooms.home.private.glob("*.kept"))


def test_purging_destroys_the_key_and_the_unsealed_tables_and_may_be_done_twice(start, installation):
    task_run = start()
    walk(task_run)
    assert tasks.purge(task_run)
    assert not tasks.purge(task_run)
    assert not task_run.unsealed.exists()
    assert not list(installation.rooms.home.staging.iterdir())
    with pytest.raises(StagingFailed, match="purged, or never made"):
        tasks.detect(task_run)


def test_a_run_cleared_after_its_purge_makes_the_same_release(start):
    task_run = start()
    first = walk(task_run)
    tasks.purge(task_run)
    assert walk(task_run).manifest_sha256 == first.manifest_sha256


def test_what_waits_between_tasks_shows_no_value_of_a_person(start, installation, extract):
    task_run = start()
    for table in tasks.extract(task_run):
        tasks.pseudonymize(task_run, table)
    tasks.detect(task_run)
    names = {line.split(",")[1] for line in (extract / "patients.csv").read_text().splitlines()[1:]}
    kept = b"".join(path.read_bytes() for path in installation.rooms.home.folder.rglob("*") if path.is_file())
    assert not [name for name in names if name.encode() in kept]


def test_delivered_again_nothing_is_sent_twice(start, installation):
    task_run = start()
    release = walk(task_run)
    destination = Destination(f"{installation.folder}/premises/", "premises")
    first, second = (
        tasks.deliver_release(task_run, release.id, release.manifest_sha256, destination) for _ in range(2)
    )
    assert (first.already_there, second.already_there) == (False, True)
    events = [line["event"] for line in installation.rooms.journal.lines()]
    assert (events.count("delivery"), events.count("delivery.found")) == (1, 1)


def test_a_dry_run_decides_and_sends_nothing(start, installation):
    task_run = start()
    release = walk(task_run)
    destination = Destination(f"{installation.folder}/premises/", "premises")
    outcome = tasks.deliver_release(task_run, release.id, release.manifest_sha256, destination, dry_run=True)
    assert outcome.decision.allowed
    assert not list((installation.folder / "premises").iterdir())


def test_a_destination_of_another_domain_is_blocked(start, installation):
    task_run = start()
    release = walk(task_run)
    destination = Destination(f"{installation.folder}/premises/", "premises", domain="another")
    outcome = tasks.deliver_release(task_run, release.id, release.manifest_sha256, destination)
    assert "release.wrong_domain" in {reason.rule for reason in outcome.decision.blocks}


def test_another_release_under_the_same_id_is_not_delivered(start, installation):
    task_run = start()
    release = walk(task_run)
    with pytest.raises(Stopped, match="not what this run has sealed"):
        tasks.deliver_release(task_run, release.id, "0" * 64, Destination("/nowhere/", "premises"))
