"""Debian's MariaDB: a server of its own in a temporary folder, on the loopback."""

import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
from pathlib import Path

USER = "douane"


class MariaDBServer:
    """One server with one login that may do everything."""

    def __init__(self, free_ports, wait_for) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="douane-mariadb-"))
        self.password = secrets.token_urlsafe(12)
        (self.port,) = free_ports(1)
        if os.geteuid() == 0:  # the server refuses to run as root
            owner = pwd.getpwnam("mysql")
            os.chown(self.folder, owner.pw_uid, owner.pw_gid)
        self._user = ["--user=mysql"] if os.geteuid() == 0 else []
        self._call(
            "mariadb-install-db", "--no-defaults", f"--datadir={self.folder}/data", *self._user, "--skip-test-db"
        )
        script = self.folder / "login.sql"
        script.write_text(
            f"CREATE USER {USER}@'127.0.0.1' IDENTIFIED BY '{self.password}';\nGRANT ALL ON *.* TO {USER}@'127.0.0.1';\n"
        )
        script.chmod(0o644)
        self._process = subprocess.Popen(
            [
                *("mariadbd", "--no-defaults", *self._user, f"--datadir={self.folder}/data", f"--init-file={script}"),
                *("--bind-address=127.0.0.1", f"--port={self.port}", f"--socket={self.folder}/socket"),
                *("--innodb-flush-log-at-trx-commit=0", "--innodb-buffer-pool-size=32M", "--skip-name-resolve"),
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        wait_for(self.port, self._process)

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        shutil.rmtree(self.folder)

    def address(self, database: str) -> str:
        """The address of a database, without a login."""
        return f"mysql+pymysql://127.0.0.1:{self.port}/{database}"

    def run(self, script: str) -> None:
        """Run some statements as the login."""
        import pymysql
        from pymysql.constants import CLIENT

        session = pymysql.connect(
            host="127.0.0.1",
            port=self.port,
            user=USER,
            password=self.password,
            client_flag=CLIENT.MULTI_STATEMENTS,
            autocommit=True,
        )
        with session, session.cursor() as cursor:
            cursor.execute(script)
            while cursor.nextset():
                pass

    def _call(self, *words: str) -> None:
        done = subprocess.run(words, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        assert done.returncode == 0, done.stderr
