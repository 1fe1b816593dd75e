"""Debian's PostgreSQL: a cluster of its own in a temporary folder, on the loopback."""

import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
from pathlib import Path

BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
USER = "douane"


class PostgresServer:
    """One cluster; can be killed, and started again with what it holds."""

    def __init__(self, free_ports, _) -> None:
        # The server refuses to run as root, and must be able to enter its folder: not one of pytest's.
        root = os.geteuid() == 0
        self._as = {"user": "postgres", "group": "postgres", "extra_groups": []} if root else {}
        self.folder = Path(tempfile.mkdtemp(prefix="douane-postgres-"))
        self.password = secrets.token_urlsafe(12)
        (self.port,) = free_ports(1)
        (self.folder / "password").write_text(self.password)
        if root:
            owner = pwd.getpwnam("postgres")
            for path in (self.folder, self.folder / "password"):
                os.chown(path, owner.pw_uid, owner.pw_gid)
        self._run("initdb", "-D", self.data, "-U", USER, "-A", "scram-sha-256", f"--pwfile={self.folder}/password")
        self.start()

    @property
    def data(self) -> str:
        return f"{self.folder}/data"

    def start(self) -> None:
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self.folder} -c fsync=off"
        self._run("pg_ctl", "-D", self.data, "-o", options, "-l", f"{self.folder}/server.log", "-w", "start")

    def kill(self) -> None:
        self._run("pg_ctl", "-D", self.data, "-m", "immediate", "-w", "stop")

    def close(self) -> None:
        self.kill()
        shutil.rmtree(self.folder)

    def database(self, name: str, *, encoding: str = "UTF8") -> str:
        """Make a database; gives its address without a login."""
        where = ["-h", "127.0.0.1", "-p", str(self.port), "-U", USER]
        self._run("createdb", *where, "-T", "template0", "-E", encoding, "--locale=C", name)
        return f"postgresql://127.0.0.1:{self.port}/{name}"

    def connect(self, database: str):
        import psycopg

        return psycopg.connect(
            host="127.0.0.1",
            port=self.port,
            user=USER,
            password=self.password,
            dbname=database,
            autocommit=True,
            client_encoding="utf8",
        )

    def _run(self, name: str, *words: str) -> None:
        environment = {"PATH": os.environ["PATH"], "PGPASSWORD": self.password, "LC_ALL": "C.UTF-8"}
        done = subprocess.run(
            [BINARIES[-1] / name, *words],
            check=False,
            cwd=self.folder,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            **self._as,
        )
        assert done.returncode == 0, done.stderr
