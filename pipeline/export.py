"""What does an export's YAML file say: which extract, by which plan, to which destinations, when, and by what right?

The model loads neither Arrow nor pandas: Airflow reads every export each time it parses the DAG folder.
"""

from __future__ import annotations

import zoneinfo
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import Field, StringConstraints, field_validator, model_validator

from pipeline.documents import Document, Part, read_document

PRESETS = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
    "@yearly": "0 0 1 1 *",
}
_CRON_FIELD = r"[0-9A-Za-z*/,#?-]+"
_SCHEDULE = rf"^(?:{'|'.join(PRESETS)}|{_CRON_FIELD}(?: +{_CRON_FIELD}){{4}})$"

Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$")]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class ExportSource(Part):
    """Where the extract comes from.

    Attributes:
        type: The sort of source (entry point group `douane.sources`): `folder`, `postgresql`, `duckdb`, `database`
            (any that SQLAlchemy speaks to), or another that is installed.
        path: The folder or file, relative to the export's file; `{home}` stands for DOUANE_HOME.
        uri: The database's address, in the place of `path`; no password belongs into it.
        tables: The database's tables that are taken; none and no queries: all on its search path.
        queries: Name of a table of the extract to the SELECT that it is.
        connection: The login: a name in `private/connections.yaml`, or an Airflow connection. Absent: the one on file for the address.
    """

    type: Name = "folder"
    path: Words | None = None
    uri: Words | None = None
    tables: tuple[Words, ...] = ()
    queries: dict[Words, Words] = Field(default_factory=dict)
    connection: Name | None = None

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if (self.path is None) == (self.uri is None):
            raise ValueError("needs path or uri, one of them")
        if self.path is not None and (self.tables or self.queries or self.connection):
            raise ValueError("tables, queries and connection go with uri")
        return self


class ExportDestination(Part):
    """Where the release shall go.

    Attributes:
        id: What the task, the journal and the form in the UI call it.
        uri: The address; `{home}` stands for DOUANE_HOME. No password belongs into it.
        connection: The login: a name in `private/connections.yaml`, or an Airflow connection, whose host and extra the guard takes into account. Absent: the one on file for the address.
        domain: The pseudonymization domain that it is for; a release of another domain is blocked.
        declared: What is declared of it (region, country, provider, service); it narrows, and proves nothing.
    """

    id: Name
    uri: Words
    connection: Name | None = None
    domain: str | None = None
    declared: dict[str, Any] = Field(default_factory=dict)


class AlertMail(Part):
    """A mailbox, and the relay that mail goes through.

    Attributes:
        relay: `smtps://host:port` or `smtp://host:port` of a relay that takes this machine's mail.
        sender: The sender's address.
        to: The recipients' addresses.
    """

    relay: Words
    sender: Words
    to: tuple[Words, ...] = Field(min_length=1)


class Alert(Part):
    """Who is told when a task has failed for good. The guard decides on these addresses too.

    Attributes:
        webhook: An https address that takes a JSON document by POST.
        mail: A mailbox.
    """

    webhook: Words | None = None
    mail: AlertMail | None = None


class Export(Document):
    """A whole export: one file, one DAG, no Python.

    Attributes:
        id: The export's and the DAG's name.
        source: Where the extract comes from.
        plan: The approved plan's file, relative to this one.
        policy: `default`, the name of a file in DOUANE_HOME/policies, or a path relative to this file.
        lexicon: The site's own words in names of fields, a file relative to this one; detection knows them in every run.
        domain: The pseudonymization domain.
        key: The name of its key on the keyring.
        destinations: Where the release shall go, one task each.
        schedule: A cron expression of five fields, or `@hourly`, `@daily`, `@weekly`, `@monthly`, `@yearly`; absent: only by hand, or `after` another export.
        start: The first day that is scheduled.
        timezone: Of schedule and of watermarks that have no zone of their own.
        catchup: Whether intervals that passed before the DAG was switched on are run.
        after: Exports whose sealed release triggers this one.
        tables: The format of the release's tables: `parquet`, `csv` or `ndjson`.
        watermark: Table to the column whose date says to which interval a row belongs; other tables are taken whole.
        recipient: Who receives the release (GDPR art. 30).
        purpose: For what.
        legal_basis: By which article.
        authorization: The decision that allows it, such as a CNIL authorization or an ethics committee's opinion.
        retention: How long the recipient keeps it.
        retries: How often a task is tried again after what may heal by itself.
        retry_minutes: The pause before that.
        timeout_minutes: How long one task may take.
        approval_days: How long the DAG waits for a person's approval of a changed plan.
        pool: The Airflow pool of its tasks.
        alert: Who is told of failures.
    """

    id: Name
    source: ExportSource
    plan: Words
    policy: Words = "default"
    lexicon: Words | None = None
    domain: Words
    key: Words
    destinations: tuple[ExportDestination, ...] = Field(min_length=1)
    schedule: Annotated[str, StringConstraints(pattern=_SCHEDULE)] | None = None
    start: date = date(2026, 1, 1)
    timezone: Words = "Europe/Paris"
    catchup: bool = False
    after: tuple[Name, ...] = ()
    tables: Literal["parquet", "csv", "ndjson"] = "parquet"
    watermark: dict[str, str] = Field(default_factory=dict)
    recipient: Words
    purpose: Words
    legal_basis: Words
    authorization: Words | None = None
    retention: Words
    retries: int = Field(default=2, ge=0, le=20)
    retry_minutes: float = Field(default=5, ge=0, le=1440)
    timeout_minutes: float = Field(default=240, gt=0, le=10080)
    approval_days: float = Field(default=7, gt=0, le=365)
    pool: Words = "default_pool"
    alert: Alert | None = None

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        if name not in zoneinfo.available_timezones():
            raise ValueError("is no time zone such as Europe/Paris")
        return name

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        ids = [destination.id for destination in self.destinations]
        if len(set(ids)) < len(ids):
            raise ValueError("two destinations have the same id")
        if self.schedule and self.after:
            raise ValueError("schedule and after exclude each other")
        return self

    def destination(self, name: str) -> ExportDestination:
        """The destination of that id."""
        return next(destination for destination in self.destinations if destination.id == name)


def read_export(path: Path | str) -> Export:
    """Read an export's YAML file; errors name the file, the line and the key (`InvalidDocument`)."""
    return read_document(Path(path), Export)


def export_files(folder: Path) -> list[Path]:
    """The YAML files of a folder of exports, sorted; hidden ones are left alone."""
    return sorted(
        path
        for path in folder.iterdir()
        if path.suffix in {".yaml", ".yml"} and path.is_file() and not path.name.startswith(".")
    )
