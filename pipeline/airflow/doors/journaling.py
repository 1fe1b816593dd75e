"""What stands in the journal of a task's decisions? Which task, what was decided by which rules; no argument's value."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from airflow.sdk.exceptions import AirflowFailException

if TYPE_CHECKING:
    from airflow.sdk import Context

    from pipeline.airflow.doors.reading import Address
    from pipeline.airflow.doors.ruling import Ruling
    from pipeline.guard.decision import Decision

_LOG = logging.getLogger("airflow.task")


def facts_of(instance: Any) -> dict[str, Any]:
    """What each line says of its task; `map_index` only of a mapped one's item, as in the lines of an export."""
    index = getattr(instance, "map_index", None)
    mapped = {"map_index": int(index)} if index is not None and index >= 0 else {}
    return {"dag": instance.dag_id, "run": str(instance.run_id), "task": instance.task_id, **mapped}


def journal(ruling: Ruling, context: Context, *, mode: str) -> None:
    """Append a line `task.decision`, if anything was decided; its destinations read like a `decision`'s.

    Raises:
        AirflowFailException: It can't be written, and the door is enforced: a task that nobody could account for
            afterwards doesn't run with data.
    """
    if not ruling.decisions and not ruling.faults:
        return
    from pipeline.airflow.settings import home
    from pipeline.journal import Journal
    from transforms.errors import DouaneError

    ti = context["ti"]
    facts = {
        **facts_of(ti),
        "try": int(ti.try_number),
        "class": ruling.data_class,
        "door": "execute",
        "mode": mode,
        "decision": "allow" if ruling.allowed else "block",
        "rules": ruling.rules(),
        "destinations": [_destination(address, decision) for address, decision in ruling.decisions],
    }
    if ruling.faults:
        facts["faults"] = [
            {"rule": fault.rule, "where": fault.where, "message": fault.message} for fault in ruling.faults
        ]
    try:
        Journal(home().journal_file).append("task.decision", **facts)
    except DouaneError as error:
        line = f"the decision can't be journaled: {error}"
        if mode == "enforce":
            _LOG.error("%s", line)
            raise AirflowFailException(line) from None
        _LOG.warning("%s", line)


def _destination(address: Address, decision: Decision) -> dict[str, Any]:
    told = decision.to_dict()
    place = {
        name: part for name, part in told["destination"].items() if part is not None and name not in {"uri", "host"}
    }
    optional = {"optional": True} if address.optional else {}
    return {"uri": told["destination"]["uri"], "where": address.where, **place, **optional} | {
        name: told[name] for name in ("decision", "reasons")
    }
