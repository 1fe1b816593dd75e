"""A deployment by hand: PostgreSQL and LocalExecutor, two exports at once, and each a second time."""

import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from pipeline.airflow.instance import ADMIN, Instance, free_port
from pipeline.airflow.runs import trigger
from pipeline.export_order import prepare_export
from pipeline.manifest import verify_release
from pipeline.planning.approvers import journal_approval

BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin"))

pytestmark = [
    pytest.mark.airflow,
    pytest.mark.timeout(900),
    pytest.mark.skipif(not BINARIES, reason="needs PostgreSQL's server (apt-get install postgresql)"),
]


@pytest.fixture(scope="module")
def database():
    """A cluster of our own in a temporary folder, on the loopback; gives its address for SQLAlchemy."""
    # The server refuses to run as root, and must be able to enter its folder: not one of pytest's.
    user = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}
    folder = Path(tempfile.mkdtemp(prefix="douane-postgres-"))
    password, port = secrets.token_urlsafe(12), free_port()
    (folder / "password").write_text(password)
    if user:
        owner = pwd.getpwnam("postgres")
        for path in (folder, folder / "password"):
            os.chown(path, owner.pw_uid, owner.pw_gid)

    def command(name: str, *words: str) -> None:
        environment = {"PATH": os.environ["PATH"], "PGPASSWORD": password, "LC_ALL": "C.UTF-8"}
        done = subprocess.run(
            [BINARIES[-1] / name, *words],
            check=False,
            cwd=folder,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            **user,
        )
        assert done.returncode == 0, done.stderr

    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off"
    command("initdb", "-D", f"{folder}/data", "-U", "airflow", "-A", "scram-sha-256", f"--pwfile={folder}/password")
    command("pg_ctl", "-D", f"{folder}/data", "-o", options, "-l", f"{folder}/server.log", "-w", "start")
    try:
        command("createdb", "-h", "127.0.0.1", "-p", str(port), "-U", "airflow", "airflow")
        yield f"postgresql+psycopg2://airflow:{password}@127.0.0.1:{port}/airflow"
    finally:
        command("pg_ctl", "-D", f"{folder}/data", "-m", "immediate", "-w", "stop")
        shutil.rmtree(folder)


@pytest.fixture(scope="module")
def deployment(database, tmp_path_factory, hospital_in):
    """Two exports whose plan is approved, under a scheduler with four workers."""
    hospital = hospital_in(tmp_path_factory.mktemp("deployment"))
    for name in ("cardio", "neuro"):
        path = hospital.export(name)
        order = prepare_export(path, hospital.rooms.home).order
        journal_approval(hospital.rooms.journal, order, by="dpo")
    instance = Instance(
        hospital.folder / "airflow",
        hospital.folder / "dags",
        hospital.rooms.home.folder,
        users={ADMIN: "admin"},
        settings={"AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": database, "AIRFLOW__CORE__EXECUTOR": "LocalExecutor"},
    )
    with instance:
        yield hospital, instance


def test_two_exports_at_once_twice_leave_a_whole_journal_right_releases_and_one_delivery_each(deployment):
    hospital, instance = deployment
    for _ in range(2):
        runs = [trigger(instance, name) for name in ("cardio", "neuro")]
        assert [run.wait(seconds=400) for run in runs] == ["success", "success"]
    journal = hospital.rooms.journal
    assert journal.verify().whole
    events = list(journal.lines())
    premises = hospital.rooms.home.folder / "premises"
    delivered = [line["release_id"] for line in events if line["event"] == "delivery"]
    found_there = [line["release_id"] for line in events if line["event"] == "delivery.found"]
    assert sorted(delivered) == sorted(found_there) == sorted(path.name for path in premises.iterdir())
    assert len(set(delivered)) == 2
    for release in premises.iterdir():
        assert verify_release(release, hospital.rooms.keyring.public_key_path, journal).ok
    assert list(hospital.rooms.home.staging.iterdir()) == []
