"""Which decisions were journaled, of which task, and why did the guard decide so?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_WORST_FIRST = {"block": 0, "warn": 1, "pass": 2}


@dataclass(frozen=True)
class Task:
    """The task that a line was journaled for."""

    dag: str
    run: str
    id: str
    map_index: int = -1

    @classmethod
    def of(cls, line: Mapping[str, Any]) -> Self | None:
        """The task of a journal line; None if it was written outside Airflow."""
        if not all(line.get(name) for name in ("dag", "run", "task")):
            return None
        return cls(line["dag"], line["run"], line["task"], line.get("map_index", -1))


@dataclass(frozen=True)
class JournaledDecision:
    """One decision as it stands in the journal.

    Attributes:
        reasons: Verdict, rule, message and source of each, what blocks first.
    """

    seq: int
    time: str
    allowed: bool
    name: str
    uri: str
    place: str
    reasons: tuple[Mapping[str, str], ...]
    release_id: str | None
    task: Task | None

    @classmethod
    def of(cls, line: Mapping[str, Any]) -> Self:
        """Read a journal line of the event `decision`."""
        destination = line.get("destination") or {}
        reasons = sorted(line.get("reasons") or (), key=lambda reason: _WORST_FIRST.get(reason["verdict"], 3))
        uri = destination.get("uri") or ""
        return cls(
            seq=line["seq"],
            time=line["time"],
            allowed=line.get("decision") == "allow",
            name=line.get("name") or uri,
            uri=uri,
            place=" / ".join(
                destination[part] for part in ("provider", "service", "region", "country") if destination.get(part)
            ),
            reasons=tuple(reasons),
            release_id=line.get("release_id"),
            task=Task.of(line),
        )

    @classmethod
    def of_task(cls, line: Mapping[str, Any]) -> list[Self]:
        """Read a line of the event `task.decision`: what a door decided, a place each, then what blocked without one.

        A mere label in a task's arguments that isn't allowed blocks nothing and opens nothing: it isn't told.
        """
        about = {name: line.get(name) for name in ("seq", "time", "dag", "run", "task")}
        about["map_index"] = line.get("map_index", -1)
        found = [
            {"name": place["where"], "destination": place, "decision": place["decision"]}
            | {"reasons": place.get("reasons") or _rules(line, place["decision"])}
            for place in line.get("destinations") or ()
            if place["decision"] == "allow" or not place.get("optional")
        ]
        found += [
            {"name": fault["where"], "decision": "block", "reasons": [{"verdict": "block", "source": "", **fault}]}
            for fault in line.get("faults") or ()
        ]
        return [cls.of({**about, **one}) for one in found]

    @property
    def rules(self) -> tuple[str, ...]:
        """The rules that decided: those that block, or all that spoke."""
        blocking = tuple(reason["rule"] for reason in self.reasons if reason["verdict"] == "block")
        return blocking or tuple(reason["rule"] for reason in self.reasons)


@dataclass(frozen=True)
class Filter:
    """Which decisions a person asked for; what is empty filters nothing."""

    verdict: str = ""
    rule: str = ""
    dag: str = ""
    run: str = ""
    task: str = ""
    text: str = ""

    def keeps(self, decision: JournaledDecision) -> bool:
        """Whether a decision is one of them."""
        task = decision.task
        return (
            self.verdict in {"", "allow" if decision.allowed else "block"}
            and self.rule in {"", *decision.rules}
            and self.dag in {"", task.dag if task else None}
            and self.run in {"", task.run if task else None}
            and self.task in {"", task.id if task else None}
            and self.text.casefold() in f"{decision.name} {decision.uri} {decision.place}".casefold()
        )


def _rules(line: Mapping[str, Any], decision: str) -> list[dict[str, str]]:
    """Of a line that was written without reasons: the rules that blocked the task."""
    blocking = line.get("rules") or () if decision == "block" else ()
    return [{"rule": rule, "verdict": "block", "message": "", "source": ""} for rule in blocking]


EVENTS = ("decision", "task.decision")
"""What holds decisions: of an export's destination, and of all that a task would reach."""


def decisions(lines: Iterable[Mapping[str, Any]]) -> list[JournaledDecision]:
    """The decisions among journal lines, in their order."""
    return [
        decision
        for line in lines
        if line.get("event") in EVENTS
        for decision in (
            [JournaledDecision.of(line)] if line["event"] == "decision" else JournaledDecision.of_task(line)
        )
    ]
