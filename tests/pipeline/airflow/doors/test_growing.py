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
for address in ("127.0.0.2", "127.0.0.3", "127.0.0.4"):
    servers[address] = socket.create_server((address, 0))
from pipeline.airflow import kernel
from pipeline.airflow.kernel import audit
from pipeline.airflow.doors.growing import grow_with
said = []
class Said(logging.Handler):
    def emit(self, record):
        said.append(record.getMessage())
audit.explain()  # as the listener does, before door 2
try:
    kernel.close(kernel.Order(openings=(kernel.Opening(*servers["127.0.0.4"].getsockname()),)))
except kernel.DoorCannotStand as error:
    print(json.dumps({"skipped": str(error)}))
    raise SystemExit
grow_with("identified-health")
logging.disable(logging.NOTSET)
told = logging.getLogger("airflow.task")
told.handlers, told.disabled = [Said(logging.WARNING)], False
told.setLevel(logging.WARNING)
seen = {}
for address, server in servers.items():
    try:
        socket.create_connection(server.getsockname(), timeout=5).close()
        seen[address] = "reached"
    except OSError as error:
        seen[address] = type(error).__name__
print(json.dumps({**seen, "said": said}))
"""


@pytest.fixture(scope="module")
def seen(environment_of, tmp_path_factory):
    tmp_path = tmp_path_factory.mktemp("growing")
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], env=environment_of(tmp_path), check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr[-2000:]
    seen = json.loads(done.stdout.splitlines()[-1])
    if "skipped" in seen:
        pytest.skip(seen["skipped"])
    return seen


def test_an_address_that_the_dpo_verified_opens_when_it_is_asked_for_and_another_stays_shut(seen):
    assert (seen["127.0.0.2"], seen["127.0.0.3"]) == ("reached", "PermissionError")


def test_what_the_installation_opened_is_reached(seen):
    assert seen["127.0.0.4"] == "reached"


def test_only_what_stays_shut_is_told_as_shut(seen):
    assert seen["said"]
    assert all("127.0.0.3" in line for line in seen["said"]), seen["said"]
