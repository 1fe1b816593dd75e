"""Read by every process of the test's Airflow: who answers names, and what is loaded before the workers are forked."""

import ast
import importlib
import os
import socket
import sys
from pathlib import Path
from types import SimpleNamespace

from pipeline.airflow.kernel import openings


def answer(host, *_, **__):
    """The test's resolver, for the notifier: the hospital's own names stand at one address, all others at another."""
    address = "127.0.0.2" if host.endswith("chu.example") else "127.0.0.4"
    return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 0))]


openings.socket = SimpleNamespace(SOCK_STREAM=socket.SOCK_STREAM, getaddrinfo=answer)


def load_providers():
    """Import what the DAG files import: a worker is a fork, and would spend seconds on it for every task."""
    for file in Path(os.environ["AIRFLOW__CORE__DAGS_FOLDER"]).glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and str(node.module).startswith(("airflow.providers", "kubernetes")):
                importlib.import_module(node.module)
    for name in ("requests", "boto3", "pyarrow.fs", "grpc", "paramiko", "psycopg2", "sqlglot", "tree_sitter_bash"):
        importlib.import_module(name)


if {"scheduler", "dag-processor"} & set(sys.argv):
    load_providers()
