"""Where does each field of a segment lead: to a rule, to components with rules of their own, or nowhere?"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from transforms.records.vocabulary import DROP, Rule, Use

if TYPE_CHECKING:
    from collections.abc import Mapping

    from transforms.records.tally import Outcome
    from transforms.records.vocabulary import Entry, Rules


@dataclass(slots=True)
class Spot:
    """A field, component or subcomponent.

    Attributes:
        path: Such as `PID.11.5`.
        rule: What is done with it; None where only its parts have rules.
        type: Its type, if it names one.
        parts: Its parts by number (from 1).
        kept: What is counted when it is kept.
        dropped: What is counted when it is dropped.
    """

    path: str
    kept: tuple[str, Outcome]
    dropped: tuple[str, Outcome]
    rule: Rule | None = None
    type: str | None = None
    parts: dict[int, Spot] = field(default_factory=dict)


class Paths:
    """The segments that rules know, and their fields.

    Attributes:
        segments: Name to its fields by number; `OBX.5(NM)` stands under (5, "NM").
    """

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._rule_at: dict[str, Rule] = {}
        self.segments: dict[str, dict[int | tuple[int, str], Spot]] = {}
        for path, entry in rules.entries.items():
            segment, dot, rest = path.partition(".")
            if dot and len(segment) == 3:
                self._add(self.segments.setdefault(segment, {}), segment, rest, entry)

    def rule_of(self, path: str) -> Rule | None:
        """The rule of a path that was counted."""
        return self._rule_at.get(path)

    def note(self, path: str, rule: Rule) -> None:
        """Remember by which rule an identifier was changed."""
        self._rule_at.setdefault(path, rule)

    def _add(self, fields: dict[int | tuple[int, str], Spot], segment: str, rest: str, entry: Entry) -> None:
        head, _, below = rest.partition(".")
        number, _, kind = head.partition("(")
        place: int | tuple[int, str] = (int(number), kind.rstrip(")")) if kind else int(number)
        spot = fields.get(place)
        if spot is None:
            spot = fields[place] = self._spot(f"{segment}.{head}")
        for name in below.split(".") if below else ():
            spot = spot.parts.setdefault(int(name), self._spot(f"{spot.path}.{name}"))
        self._fill(spot, entry)

    def _fill(self, spot: Spot, entry: Entry) -> None:
        if isinstance(entry, Use):
            spot.type = entry.type
            parts: Mapping[str, Entry] = self._rules.types[entry.type]
            for name, part in parts.items():
                inner = spot.parts[int(name)] = self._spot(f"{spot.path}.{name}")
                self._fill(inner, part)
        else:
            spot.rule = entry
            self._rule_at[spot.path] = entry

    def _spot(self, path: str) -> Spot:
        self._rule_at.setdefault(path, DROP)
        return Spot(path, (path, "kept"), (path, "dropped"))
