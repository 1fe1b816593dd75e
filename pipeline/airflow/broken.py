"""What becomes of an export whose file is broken: a DAG that everybody sees, with one task that says what is wrong."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from airflow.sdk import DAG, BaseOperator
from airflow.sdk.exceptions import AirflowFailException

if TYPE_CHECKING:
    from pathlib import Path

    from airflow.sdk import Context


class SayWhatIsWrong(BaseOperator):
    """Fail with the line that says what is wrong with an export's file."""

    def __init__(self, *, problem: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.problem = problem

    def execute(self, context: Context) -> None:  # noqa: ARG002 - Airflow's signature
        """Fail at once."""
        self.log.error("%s", self.problem)
        raise AirflowFailException(self.problem)


def broken_dag(path: Path, problem: str) -> DAG:
    """Make the DAG that stands for a broken file: `broken-FILE`, never scheduled, its problem in its description."""
    name = re.sub(r"[^A-Za-z0-9_.-]", "_", path.stem)
    with DAG(
        dag_id=f"broken-{name}",
        schedule=None,
        description=problem.splitlines()[0][:200],
        tags=["douane", "broken"],
        doc_md=f"This export's file is broken, so it doesn't run:\n\n    {' '.join(problem.split())}\n",
    ) as dag:
        SayWhatIsWrong(task_id="what_is_wrong", problem=" ".join(problem.split()))
    return dag
