"""Run a folder of DAGs through the doors of a real Airflow, and print what stopped each task: `run_corpus.py FOLDER`.

`dag.test()` renders, passes door 2 and runs an author's hooks in the order that a worker does.
"""

import json
import logging
import sys
import warnings
from pathlib import Path

warnings.simplefilter("ignore")


def main(folder):
    logging.disable(logging.CRITICAL)
    from airflow.dag_processing.bundles.manager import DagBundlesManager
    from airflow.dag_processing.dagbag import DagBag, sync_bag_to_db

    bag = DagBag(folder, bundle_path=Path(folder), bundle_name="dags-folder")
    DagBundlesManager().sync_bundles_to_db()
    sync_bag_to_db(bag, "dags-folder", None)
    seen = {"parse": {Path(path).name: problem for path, problem in bag.import_errors.items()}, "states": {}}
    for dag in bag.dags.values():
        run = dag.test()
        seen["states"][dag.dag_id] = [str(ti.state) for ti in run.get_task_instances()]
    return seen


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1])))
