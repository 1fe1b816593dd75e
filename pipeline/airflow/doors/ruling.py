"""What does the guard say of all that was read of a task, and how is that told in one line?"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pipeline.airflow.doors.reading import Fault
from pipeline.errors import InvalidDocument

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pipeline.airflow.doors.reading import Address, Reading
    from pipeline.guard.decision import DataClass, Decision, Reason
    from pipeline.guard.guard import Guard
    from pipeline.task_classes import TaskClass


@dataclass(frozen=True)
class Law:
    """The guard of this installation, and the classes of its tasks."""

    guard: Guard
    tasks: tuple[TaskClass, ...]


@dataclass(frozen=True)
class Ruling:
    """What was decided of a task.

    Attributes:
        data_class: What the task carries.
        decisions: Each address with the guard's decision.
        faults: What blocks without the guard.
        unread: What could not be read.
    """

    data_class: DataClass
    decisions: tuple[tuple[Address, Decision], ...]
    faults: tuple[Fault, ...]
    unread: tuple[str, ...] = ()

    @property
    def blocks(self) -> tuple[tuple[Address, Decision], ...]:
        """The addresses that the task may not reach."""
        return tuple(pair for pair in self.decisions if not pair[1].allowed and not pair[0].optional)

    @property
    def allowed(self) -> bool:
        """Whether nothing blocks."""
        return not self.faults and not self.blocks

    @property
    def opened(self) -> tuple[Decision, ...]:
        """The decisions that open an address."""
        return tuple(decision for _, decision in self.decisions if decision.allowed)

    def line(self, task: str) -> str:
        """One line: which task, what blocks it and where that stands, the mend; no value of a person."""
        parts = [_told(address.where, decision) for address, decision in self.blocks]
        parts += [f"{fault.where}: {fault.rule}: {fault.message}" for fault in self.faults]
        return f"{task} may not run with {self.data_class} data. {' | '.join(dict.fromkeys(parts))}"

    def rules(self) -> list[str]:
        """The codes of what blocks."""
        codes = [reason.rule for _, decision in self.blocks for reason in decision.blocks]
        return list(dict.fromkeys([*codes, *(fault.rule for fault in self.faults)]))


def _told(where: str, decision: Decision) -> str:
    reasons = " ".join(f"{reason.rule}: {reason.message}" for reason in _first(decision.blocks))
    return f"{where} leads to {decision.destination.uri}: {reasons}"


def _first(reasons: tuple[Reason, ...]) -> Iterator[Reason]:
    seen = set()
    for reason in reasons:
        if (reason.rule, reason.message) not in seen:
            seen.add((reason.rule, reason.message))
            yield reason


def law() -> Law:
    """The guard and the task classes as airflow.cfg names them; one that can't be read blocks everything."""
    import os

    from pipeline.airflow.settings import option

    named = (option("home"), option("register"), option("policies"), option("policy"))
    try:
        policy, folder = _places((*named, *map(os.environ.get, ("DOUANE_HOME", "DOUANE_REGISTER", "DOUANE_POLICIES"))))
    except InvalidDocument as error:
        return Law(_unreadable(str(error)), ())
    return _law(folder, policy, _stamps(folder, policy))


@lru_cache(maxsize=4)
def _places(_named: tuple[str | None, ...]) -> tuple[Path, Path | None]:
    """Where policy and register stand, for as long as nobody names others: airflow.cfg costs 50 µs an option."""
    from pipeline.airflow.settings import policy_file, register_folder

    return policy_file(), register_folder()


@lru_cache(maxsize=2)
def _law(folder: Path | None, policy: Path, _stamp: tuple[object, ...]) -> Law:
    from pipeline.documents import read_document
    from pipeline.guard import Guard
    from pipeline.task_classes import TaskRules

    try:
        tasks = read_document(policy, TaskRules).tasks
    except InvalidDocument as error:
        return Law(_unreadable(str(error)), ())
    return Law(Guard.load(folder, policy), tasks)


def _stamps(folder: Path | None, policy: Path) -> tuple[object, ...]:
    """When what is read was last written: a process that lives long sees the DPO's changes."""
    places = [policy, *(sorted(folder.glob("*.yaml")) if folder and folder.is_dir() else [])]
    return tuple((place.name, place.stat().st_mtime_ns, place.stat().st_size) for place in places if place.is_file())


def _unreadable(problem: str) -> Guard:
    from pipeline.guard.guard import Guard
    from pipeline.guard.register import Register
    from pipeline.guard.rules import DEFAULT_NEEDS

    return Guard(Register(), dict(DEFAULT_NEEDS), problem=problem)


def rule(reading: Reading, *, data_class: DataClass, guard: Guard) -> Ruling:
    """Ask the guard about every address that was read."""
    faults = list(reading.faults)
    if guard.problem:
        message = f"{guard.problem} Until then every task is blocked."
        faults.append(Fault(rule="register.unreadable", message=message, where="register and policy"))
        return Ruling(data_class, (), tuple(faults), reading.unread)
    decisions = [(address, _decide(guard, address, address.needs or data_class)) for address in reading.addresses]
    return Ruling(data_class, tuple(decisions), tuple(faults), reading.unread)


def _decide(guard: Guard, address: Address, data_class: Any) -> Decision:
    return guard.decide(address.uri, data_class=data_class, declared=address.declared)
