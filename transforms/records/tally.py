"""What became of the elements of many documents: how many of each path were kept, changed, dropped, unknown or lost?

Paths are names of the format, never values. What a document calls an element that no format knows is shown only where
it is a name, since a broken export may carry anything in the place of one.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Outcome: TypeAlias = Literal["kept", "changed", "dropped", "unknown", "lost"]
OUTCOMES: Final[tuple[Outcome, ...]] = ("kept", "changed", "dropped", "unknown", "lost")

MOST_PATHS: Final = 5_000
"""More paths than any format has; a document that goes on inventing them is counted under one."""

_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.:/\[\]()|~#-]{0,199}")
_OTHER: Final = "(other)"


@dataclass
class Tally:
    """Counts of what became of each path.

    Attributes:
        counts: (path, outcome) to elements. `lost`: a rule could not take the value (a date that is none), so it went.
        records: What the records are (a resource type, a message type) to how many.
        left_out: Why a whole record was left out to how many.
    """

    counts: Counter[tuple[str, Outcome]] = field(default_factory=Counter)
    records: Counter[str] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)

    def add(self, other: Tally) -> None:
        """Add the counts of another batch."""
        self.counts.update(other.counts)
        self.records.update(other.records)
        self.left_out.update(other.left_out)

    def unknown(self, path: str) -> None:
        """Count an element that no rule names."""
        shown = path
        if not _NAME.fullmatch(path):
            head = path.partition(".")[0]
            shown = f"{head}.{_OTHER}" if _NAME.fullmatch(head) else _OTHER
        if (shown, "unknown") not in self.counts and len(self.counts) >= MOST_PATHS:
            shown = _OTHER
        self.counts[shown, "unknown"] += 1

    def paths(self) -> Iterator[tuple[str, dict[str, int]]]:
        """Each path with its counts by outcome, sorted."""
        for path in sorted({path for path, _ in self.counts}):
            yield path, {outcome: self.counts[path, outcome] for outcome in OUTCOMES if self.counts[path, outcome]}

    def total(self, outcome: Outcome) -> int:
        """How many elements had this outcome."""
        return sum(count for (_, one), count in self.counts.items() if one == outcome)


@dataclass
class Made:
    """What a batch of documents became.

    Attributes:
        documents: The documents, changed, in their order.
        tally: What became of their elements.
        kept: The texts that stayed as they were or were redacted, to be looked at for identifiers.
        kept_paths: The path of each.
        kept_records: The number of the record (in `Batch.numbers`) that each stands in.
    """

    documents: list[Any]
    tally: Tally = field(default_factory=Tally)
    kept: list[str] = field(default_factory=list)
    kept_paths: list[str] = field(default_factory=list)
    kept_records: list[int] = field(default_factory=list)

    def keep(self, path: str, value: str, record: int) -> None:
        """Note a text that stays in the record of this number."""
        self.kept.append(value)
        self.kept_paths.append(path)
        self.kept_records.append(record)


@dataclass(frozen=True)
class Batch:
    """Some documents of one file, read and not yet changed.

    Attributes:
        documents: Parsed, in the format's own form; changed in place when they are worked on.
        numbers: Where each stands in its file, as an error says it: a line, a message, counted from 1.
    """

    documents: list[Any]
    numbers: list[int]

    @classmethod
    def of(cls, numbered: Iterable[tuple[int, Any]]) -> Batch:
        """Make one of (number, document) pairs."""
        pairs = list(numbered)
        return cls([document for _, document in pairs], [number for number, _ in pairs])
