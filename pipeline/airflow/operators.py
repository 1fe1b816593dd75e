"""Which operator does which stage? Each is a thin call of `pipeline.tasks`, which the tests also call without Airflow."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from airflow.sdk.exceptions import AirflowException, AirflowSkipException

from pipeline.airflow.task import ExportTask
from pipeline.errors import Stopped

if TYPE_CHECKING:
    from airflow.sdk import Context

    from pipeline.delivering import Outcome
    from pipeline.destinations import Destination
    from pipeline.export import Export
    from pipeline.release import Release
    from pipeline.tasks import TaskRun

RELEASE = "release_id"
MANIFEST = "manifest_sha256"


class Extract(ExportTask):
    """Stage the source's tables, enciphered; hands on their names."""

    def work(self, run: TaskRun, context: Context) -> list[str]:  # noqa: ARG002 - the stage needs no context
        """Stage; skip the run if the interval holds nothing new."""
        from pipeline.tasks import extract, purge, rows_staged

        tables = extract(run)
        rows = rows_staged(run)
        for table in tables:
            self.log.info("staged %s: %s rows", table, f"{rows[table]:,}")
        taken_by_interval = run.export.export.watermark if run.export.order.interval else {}
        if taken_by_interval and not any(rows[table] for table in taken_by_interval):
            purge(run)
            raise AirflowSkipException(f"nothing new in the interval that ends {run.export.order.interval}")
        return tables


class Detect(ExportTask):
    """Find out what each field holds."""

    def work(self, run: TaskRun, context: Context) -> None:  # noqa: ARG002 - the stage needs no context
        """Detect; the findings wait in the run's staging."""
        from pipeline.tasks import detect

        self.log.info("looked at %s fields", detect(run))


class Compare(ExportTask):
    """Compare the extract with the approved plan."""

    def work(self, run: TaskRun, context: Context) -> None:  # noqa: ARG002 - the stage needs no context
        """Stop with the differences, and the draft of the lines to add."""
        from pipeline.planning.comparison import PlanMismatch
        from pipeline.tasks import compare

        try:
            compare(run)
        except PlanMismatch as stop:
            for line in [*map(str, stop.differences), *stop.draft.splitlines()]:
                self.log.error("%s", line)  # noqa: TRY400 - field names; a traceback says nothing more
            raise
        self.log.info("the extract is the one that the plan was approved for")


class Pseudonymize(ExportTask):
    """Make one table of the release as the plan says; mapped over the tables."""

    def __init__(self, *, table: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.table = table

    def work(self, run: TaskRun, context: Context) -> None:  # noqa: ARG002 - the stage needs no context
        """Pseudonymize; the table waits beside the releases for the seal."""
        from pipeline.tasks import pseudonymize

        made = pseudonymize(run, self.table)
        self.log.info("pseudonymized %s: %s rows in %.2f s", made.table, f"{made.rows:,}", made.seconds)


class Assess(ExportTask):
    """Refuse a release that still holds identifiers, or whose k is under the policy's bar."""

    def work(self, run: TaskRun, context: Context) -> None:  # noqa: ARG002 - the stage needs no context
        """Assess all tables."""
        from pipeline.tasks import assess_tables

        for made in assess_tables(run):
            if made.risk:
                self.log.info(
                    "%s: k = %s over %s; persons alone in their class: %s",
                    made.table,
                    made.risk.k,
                    ", ".join(made.risk.quasi),
                    made.risk.unique,
                )


class Seal(ExportTask):
    """Seal the release; its id and its manifest's hash go to the exports and into the asset event."""

    _sealed: tuple[Export, Release, Path] | None = None

    def work(self, run: TaskRun, context: Context) -> dict[str, str]:
        """Check the plan's approval again, then seal."""
        from pipeline.tasks import seal_release

        release = seal_release(run)
        self.log.info("sealed %s", release.folder)
        self._sealed = (run.export.export, release, run.export.rooms.home.folder)
        facts = {RELEASE: release.id, MANIFEST: release.manifest_sha256}
        for asset in self.outlets:
            context["outlet_events"][asset].extra = {**facts, "domain": str(release.manifest["domain"])}
        return facts

    def get_openlineage_facets_on_complete(self, _task_instance: Any) -> Any:
        """Tell OpenLineage which field became which; Airflow's provider asks, if it is installed."""
        from pipeline.airflow.lineage import sealed

        if self._sealed is None:
            return None
        export, release, home = self._sealed
        return sealed(export, Path(self.export_file), release, home)


class ExportRelease(ExportTask):
    """Decide on one destination and deliver there what was cleared; mapped over the destinations."""

    _delivered: tuple[Path, str] | None = None

    def __init__(self, *, destination: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.destination = destination

    def work(self, run: TaskRun, context: Context) -> str:
        """Fail at once, and only this task, where the guard says no; every reason is a line with its law."""
        from pipeline.tasks import deliver_release

        params = context["params"]
        if self.destination not in params.get("destinations", [self.destination]):
            raise AirflowSkipException(f"{self.destination} was not chosen for this run")
        sealed = context["ti"].xcom_pull(task_ids="seal")
        outcome = deliver_release(
            run,
            sealed[RELEASE],
            sealed[MANIFEST],
            self._destination(run),
            dry_run=bool(params.get("dry_run")),
        )
        said = self._told(outcome)
        if outcome.delivered is not None:
            self._delivered = (run.export.order.releases / sealed[RELEASE], outcome.decision.destination.uri)
        return said

    def get_openlineage_facets_on_complete(self, _task_instance: Any) -> Any:
        """Tell OpenLineage where the release went; Airflow's provider asks, if it is installed."""
        from pipeline.airflow.lineage import delivered
        from pipeline.manifest import read_release

        if self._delivered is None:
            return None
        folder, address = self._delivered
        return delivered(read_release(folder), address)

    def _destination(self, run: TaskRun) -> Destination:
        from dataclasses import replace

        from pipeline.airflow.connections import declared_by, login_of
        from pipeline.connections import read_connections
        from pipeline.export_order import destination_of

        item = run.export.export.destination(self.destination)
        home = run.export.rooms.home
        if item.connection is None or read_connections(home).named(item.connection):
            return destination_of(item, home)
        found = destination_of(item, home, declared_by(item.connection))
        return replace(found, connection=login_of(item.connection, found.uri))

    def _told(self, outcome: Outcome) -> str:
        for reason in outcome.decision.reasons:
            law = f" [{reason.source}]" if reason.source else ""
            say = self.log.error if reason.verdict == "block" else self.log.info
            say("%s %s: %s%s", reason.verdict, reason.rule, reason.message, law)
        address = outcome.decision.destination.uri
        if outcome.blocked:
            rules = ", ".join(dict.fromkeys(reason.rule for reason in outcome.decision.blocks))
            raise Stopped(
                f"{outcome.destination} ({address}) is blocked: {rules}",
                hint="The lines above say why, by which law, and what would be allowed.",
            )
        if outcome.failure:
            self.log.error("%s", outcome.failure)
            raise AirflowException(outcome.failure)
        if outcome.delivered is None:
            self.log.info("dry run: %s (%s) is allowed; nothing was sent", outcome.destination, address)
            return "allowed, nothing sent (dry run)"
        self.log.info("%s %s", "was there already:" if outcome.already_there else "delivered to", outcome.delivered)
        return "there already" if outcome.already_there else "delivered"


class Purge(ExportTask):
    """Destroy the staging's key and files, whatever became of the run (a teardown)."""

    def work(self, run: TaskRun, context: Context) -> None:  # noqa: ARG002 - the stage needs no context
        """Purge; a second call does nothing."""
        from pipeline.tasks import purge

        self.log.info("%s", "purged" if purge(run) else "there was nothing to purge")
