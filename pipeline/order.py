"""What is a run asked to do?"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from pipeline.destinations import Destination
    from pipeline.plan import Plan
    from pipeline.policy import Policy
    from pipeline.sources import Source
    from transforms import Key

TableFormat = Literal["parquet", "csv", "ndjson"]
"""The format of a release's tables, which is also the extension of their files."""


@dataclass(frozen=True, kw_only=True)
class Order:
    """What a run is asked to do.

    Attributes:
        source: Where the extract comes from.
        plan: The approved plan.
        policy: The policy that the plan was drafted by.
        key: The key of the plan's domain.
        destinations: Where the release shall go.
        approved_by: Who approved the plan.
        export: The export's id.
        interval: The end of the data interval (ISO 8601), for scheduled runs.
        releases: The folder in which the release is made.
        tables: The format of the release's tables.
        lexicon: The site's own words in names of fields, with their kinds; detection knows them when it looks at the extract.
        staged: Keep the extract in the encrypted staging while it is worked on, also where it could be read in place.
        on: The day for which the guard decides; today, where this machine stands.
    """

    source: Source
    plan: Plan
    policy: Policy
    key: Key
    destinations: Sequence[Destination] = ()
    approved_by: str
    export: str = "command-line"
    interval: str | None = None
    releases: Path
    tables: TableFormat = "parquet"
    lexicon: Mapping[str, str] = field(default_factory=dict)
    staged: bool = False
    on: date = field(default_factory=lambda: datetime.now().astimezone().date())
