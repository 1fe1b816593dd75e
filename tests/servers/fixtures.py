"""Real servers for the tests of sources and sinks: each started once a session, when first asked for."""

import os
import runpy
import shutil
from pathlib import Path

import pytest

HERE = Path(__file__).parent
PORTS = runpy.run_path(str(HERE / "ports.py"))
BreakingProxy = runpy.run_path(str(HERE / "proxy.py"))["BreakingProxy"]


def _server(module: str, name: str):
    return runpy.run_path(str(HERE / f"{module}.py"))[name](PORTS["free_ports"], PORTS["wait_for"])


@pytest.fixture(scope="session")
def s3_server():
    server = _server("s3", "S3Server")
    yield server
    server.close()


@pytest.fixture(scope="session")
def sftp_server():
    if not Path("/usr/sbin/sshd").exists():
        pytest.skip("needs OpenSSH's server (apt-get install openssh-server)")
    server = _server("sftp", "SftpServer")
    yield server
    server.close()


@pytest.fixture(scope="session")
def postgres_server():
    if not list(Path("/usr/lib/postgresql").glob("*/bin")):
        pytest.skip("needs PostgreSQL's server (apt-get install postgresql)")
    server = _server("postgres", "PostgresServer")
    yield server
    server.close()


@pytest.fixture(scope="session")
def mariadb_server():
    if shutil.which("mariadbd") is None:
        pytest.skip("needs MariaDB's server (apt-get install mariadb-server)")
    server = _server("mariadb", "MariaDBServer")
    yield server
    server.close()


@pytest.fixture(scope="session", params=["gcs", "azure"])
def object_store(request):
    """A Google Cloud Storage and, where a machine has Azurite, an Azure Blob Storage."""
    if request.param == "azure" and "DOUANE_TEST_AZURITE" not in os.environ:
        pytest.skip("needs Azurite (npm install azurite; DOUANE_TEST_AZURITE=node_modules/.bin/azurite-blob)")
    server = _server(request.param, {"gcs": "GoogleStore", "azure": "AzureStore"}[request.param])
    yield server
    server.close()


@pytest.fixture
def breaking():
    """Make a proxy to a port that resets every connection after so many bytes."""
    proxies = []

    def make(port: int, *, after: int, side: str = "up"):
        proxies.append(BreakingProxy(port, after=after, side=side).__enter__())
        return proxies[-1]

    yield make
    for proxy in proxies:
        proxy.__exit__()
