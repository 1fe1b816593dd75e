"""A file that tries as it is read: the DAG processor runs it, and so would each of its tasks."""

import contextlib
import json
import socket
from pathlib import Path

from airflow.sdk import DAG

FORBIDDEN = json.loads(Path(__file__).with_name("places.json").read_text())["forbidden"]

with contextlib.suppress(OSError):
    socket.create_connection(tuple(FORBIDDEN), timeout=2).close()

with DAG("parsed", schedule=None):
    pass
