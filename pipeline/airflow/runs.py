"""How is an export triggered through Airflow's REST API, watched, and its plan's approval answered?"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

if TYPE_CHECKING:
    from pipeline.airflow.instance import Instance

_THINKING_SECONDS = 4.0
_ENDED = {"success", "failed"}


@dataclass(frozen=True)
class TaskState:
    """One task of a run: its id, what it is mapped to (if anything), its state, its tries and seconds."""

    task: str
    mapped: str
    state: str
    tries: int
    seconds: float


@dataclass(frozen=True)
class DagRun:
    """A run of an export's DAG."""

    instance: Instance
    dag: str
    id: str

    @property
    def _path(self) -> str:
        return f"/dags/{self.dag}/dagRuns/{quote(self.id, safe='')}"

    def state(self) -> str:
        """The run's state."""
        return str(self.instance.call("GET", self._path)["state"])

    def tasks(self) -> list[TaskState]:
        """The state of every task, in the order in which they started."""
        found = self.instance.call("GET", f"{self._path}/taskInstances?limit=200")["task_instances"]
        found.sort(key=lambda task: (task["start_date"] or "9", task["map_index"]))
        return [
            TaskState(
                task["task_id"],
                task.get("rendered_map_index") or ("" if task["map_index"] < 0 else str(task["map_index"])),
                task["state"] or "none",
                task["try_number"],
                float(task["duration"] or 0),
            )
            for task in found
        ]

    def answer(self, option: str, *, user: str) -> None:
        """Answer the approval as a user: `Approve` or `Reject`."""
        path = f"{self._path}/taskInstances/approve/-1/hitlDetails"
        self.instance.call("PATCH", path, {"chosen_options": [option], "params_input": {}}, user=user)

    def question(self) -> dict[str, Any]:
        """What the approval asks: subject, body, options."""
        found: dict[str, Any] = self.instance.call("GET", f"{self._path}/taskInstances/approve/-1/hitlDetails")
        return found

    def log(self, task: str, *, map_index: int = -1, tries: int = 1) -> str:
        """What a task said, a line an event."""
        path = f"{self._path}/taskInstances/{task}/logs/{tries}?map_index={map_index}&full_content=true"
        events = self.instance.call("GET", path)["content"]
        return "\n".join(str(event.get("event", "")) if isinstance(event, dict) else str(event) for event in events)

    def wait(self, *, approver: str | None = None, option: str = "Approve", seconds: float = 300) -> str:
        """Wait for the run's end; gives its state. `approver`: who answers with `option` when the run asks."""
        asked: list[float] = []

        def ended() -> str | None:
            if approver and any(task.task == "approve" and task.state == "awaiting_input" for task in self.tasks()):
                asked.append(time.monotonic())
                # Answered at once, the scheduler may take the task for a dead one (see `export_dag`).
                if asked[-1] - asked[0] > _THINKING_SECONDS:
                    asked.clear()
                    self.answer(option, user=approver)
            state = self.state()
            return state if state in _ENDED else None

        return str(self.instance.wait(ended, what=f"the end of {self.dag}", seconds=seconds))

    def wait_for(self, task: str, state: str, *, seconds: float = 120) -> None:
        """Wait until a task is in a state."""
        self.instance.wait(
            lambda: any(found.task == task and found.state == state for found in self.tasks()),
            what=f"{task} in state {state}",
            seconds=seconds,
        )

    def clear(self, task: str, *, map_index: int | None = None) -> None:
        """Clear one task (and what comes after it), so that it runs again."""
        which: Any = task if map_index is None else [task, map_index]
        content = {"dry_run": False, "dag_run_id": self.id, "task_ids": [which], "only_failed": False}
        self.instance.call("POST", f"/dags/{self.dag}/clearTaskInstances", content | {"include_downstream": True})


def trigger(instance: Instance, dag: str, **params: Any) -> DagRun:
    """Wait until the DAG is known, switch it on, and start a run with the form's values."""
    instance.wait(lambda: instance.call("GET", f"/dags/{dag}"), what=f"the DAG {dag}")
    instance.call("PATCH", f"/dags/{dag}", {"is_paused": False})
    started = instance.call("POST", f"/dags/{dag}/dagRuns", {"logical_date": None, "conf": params})
    return DagRun(instance, dag, started["dag_run_id"])
