"""Behind the kernel's real door, what does Python's own code reach? What the guard allows when it is asked for, no more."""

import json
import subprocess
import sys

import pytest

pytestmark = pytest.mark.airflow

PROGRAM = """
import json, logging, socket, warnings
warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)
servers = {}
for address in ("127.0.0.2", "127.0.0.3"):
    servers[address] = socket.create_server((address, 0))
from pipeline.airflow import kernel
from pipeline.airflow.doors.growing import grow_with
try:
    kernel.close()
except kernel.DoorCannotStand as error:
    print(json.dumps({"skipped": str(error)}))
    raise SystemExit
grow_with("identified-health")
seen = {}
for address, server in servers.items():
    try:
        socket.create_connection(server.getsockname(), timeout=5).close()
        seen[address] = "reached"
    except OSError as error:
        seen[address] = type(error).__name__
print(json.dumps(seen))
"""


def test_an_address_that_the_dpo_verified_opens_when_it_is_asked_for_and_another_stays_shut(environment_of, tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], env=environment_of(tmp_path), check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr[-2000:]
    seen = json.loads(done.stdout.splitlines()[-1])
    if "skipped" in seen:
        pytest.skip(seen["skipped"])
    assert seen == {"127.0.0.2": "reached", "127.0.0.3": "PermissionError"}
