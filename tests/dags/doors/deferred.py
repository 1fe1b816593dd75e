"""DAGs that wait in the triggerer: for a service that `door_open` names, our own that it does not, and a stranger."""

from airflow.providers.http.operators.http import HttpOperator
from airflow.sdk import BaseOperator
from corpus import runs
from own_trigger import Visits


class Waits(BaseOperator):
    """Defers to a trigger of the author's own, and ends well if that was refused."""

    def execute(self, context):  # noqa: ARG002 - Airflow's signature
        self.defer(trigger=Visits(), method_name="resume")

    def resume(self, context, event):  # noqa: ARG002 - as above
        if event != "refused":
            raise RuntimeError(event)


with runs("deferred_to_what_is_open"):
    HttpOperator(task_id="t", http_conn_id="http_open", endpoint="x", method="GET", deferrable=True)

with runs("deferred_to_our_own"):
    HttpOperator(task_id="t", http_conn_id="http_listening", endpoint="x", method="GET", deferrable=True)

with runs("deferred_to_a_stranger"):
    Waits(task_id="t")
