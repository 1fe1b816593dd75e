"""Show a folder of DAGs to the doors of a real Airflow, and print what stopped each task: `run_corpus.py FOLDER`.

Every task is parsed by Airflow's DagBag, rendered, and shown to door 2; none runs.
"""

import json
import logging
import sys
import warnings
from pathlib import Path
from types import SimpleNamespace

warnings.simplefilter("ignore")

DECIDED_WHILE_RUNNING = ("run_", "code_", "mapped_over_", "deferred_")


def main(folder):
    logging.disable(logging.CRITICAL)
    from airflow.dag_processing.dagbag import DagBag

    bag = DagBag(folder, bundle_path=Path(folder), bundle_name="dags-folder")
    return {
        "import errors": list(bag.import_errors.values()),
        "doors": {
            dag.dag_id: [held(dag, task) for task in items(dag)]
            for dag in bag.dags.values()
            if not dag.dag_id.startswith(DECIDED_WHILE_RUNNING)
        },
    }


def items(dag):
    """A DAG's tasks, the mapped ones as their items."""
    for task in dag.tasks:
        if not task.is_mapped:
            yield task
            continue
        content = task.expand_input.value
        for item in content if isinstance(content, list) else _items_of(content):
            yield task.unmap(item)


def _items_of(content):
    ((name, values),) = content.items()
    return [{name: value} for value in values]


def held(dag, task):
    """What door 2 says: `pass`, or its line."""
    import airflow.settings
    from airflow.sdk.exceptions import AirflowFailException

    ti = SimpleNamespace(dag_id=dag.dag_id, task_id=task.task_id, run_id="r", try_number=1, map_index=-1)
    task.render_template_fields({})
    try:
        airflow.settings.get_airflow_context_vars({"task": task, "ti": ti, "dag": dag})
    except AirflowFailException as stop:
        return str(stop)
    return "pass"


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1])))  # noqa: T201 - its answer
