"""How is an Airflow kept up on this machine alone, for a demonstration or a test, and stopped with all that it started?

API server, scheduler and DAG processor, bound to 127.0.0.1, on SQLite unless told otherwise. `airflow standalone` would
also start log servers, and these listen on every address of the machine. Nothing here imports Airflow.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NoReturn, Self
from urllib.error import HTTPError, URLError
from urllib.request import ProxyHandler, Request, build_opener

from pipeline.files.durable import PRIVATE_FILE, make_private_folder
from pipeline.files.partial import Lock
from transforms.errors import DouaneError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import TracebackType

ADMIN = "admin"
_OPENER = build_opener(ProxyHandler({}))  # the loopback needs no proxy
_HEALTHY = ("metadatabase", "scheduler", "dag_processor")
_PARTS = (["api-server"], ["scheduler", "--skip-serve-logs"], ["dag-processor"])
_TRIGGERER = ["triggerer", "--skip-serve-logs"]
_STOPS = (signal.SIGTERM, signal.SIGHUP)
_SECRETS = ("AIRFLOW__API_AUTH__JWT_SECRET", "AIRFLOW__API__SECRET_KEY")


class AirflowFailed(DouaneError, RuntimeError):
    """Airflow did not come up, did not answer, or answered no."""


def free_port() -> int:
    """A port of the loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Instance:
    """An Airflow of one's own. A context: leaving it stops every process that it started.

    Attributes:
        folder: Its AIRFLOW_HOME: database, logs, passwords.
        dags: The folder of DAG files.
        douane_home: The DOUANE_HOME of its tasks.
        users: User to role; each gets a password at the first start, in `passwords.json`.
        settings: More environment variables.
        triggerer: Whether deferred tasks are waited for too; exports defer nothing.
    """

    folder: Path
    dags: Path
    douane_home: Path
    users: Mapping[str, str] = field(default_factory=lambda: {ADMIN: "admin"})
    settings: Mapping[str, str] = field(default_factory=dict)
    triggerer: bool = False
    port: int = field(default_factory=free_port)
    _processes: list[subprocess.Popen[bytes]] = field(default_factory=list)
    _tokens: dict[str, str] = field(default_factory=dict)
    _handlers: dict[signal.Signals, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._lock = Lock(make_private_folder(self.folder) / "running.lock")

    @property
    def address(self) -> str:
        """Where the UI and the API answer."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def passwords(self) -> dict[str, str]:
        """Each user's password."""
        return self._kept("passwords.json", tuple(self.users))

    def _kept(self, file: str, names: tuple[str, ...]) -> dict[str, str]:
        """Secrets of this instance by name: made once, and kept in a file that only this user reads."""
        path = make_private_folder(self.folder) / file
        found: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
        if missing := set(names) - found.keys():
            found |= {name: secrets.token_urlsafe(24) for name in sorted(missing)}
            path.touch(mode=PRIVATE_FILE)
            path.write_text(json.dumps(found, indent=2) + "\n")
        return found

    @property
    def environment(self) -> dict[str, str]:
        """What every process of this Airflow is started with; also for `airflow` commands by hand."""
        own = {name: value for name, value in os.environ.items() if not name.startswith(("AIRFLOW_", "DOUANE_"))}
        binaries = Path(sys.executable).parent
        return {
            **own,
            "PATH": f"{binaries}{os.pathsep}{own.get('PATH', '')}",
            "AIRFLOW_HOME": str(self.folder),
            "AIRFLOW__CORE__DAGS_FOLDER": str(self.dags),
            "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
            "AIRFLOW__CORE__PARALLELISM": str(max(2, os.cpu_count() or 2)),
            "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"{self.address}/execution/",
            "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": ",".join(f"{name}:{role}" for name, role in self.users.items()),
            "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(self.folder / "passwords.json"),
            "AIRFLOW__API__HOST": "127.0.0.1",
            "AIRFLOW__API__PORT": str(self.port),
            "AIRFLOW__API__BASE_URL": self.address,
            "AIRFLOW__API__WORKERS": "1",
            "AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL": "10",
            "AIRFLOW__SCHEDULER__SCHEDULER_HEARTBEAT_SEC": "1",
            "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
            "AIRFLOW__DOUANE__HOME": str(self.douane_home),
            "NO_PROXY": "127.0.0.1",
            **self._kept("secrets.json", _SECRETS),
            **self.settings,
        }

    def start(self, *, seconds: float = 180) -> None:
        """Start, and wait until scheduler and DAG processor are healthy.

        Raises:
            AirflowFailed: Airflow is not installed, or wasn't healthy in time; names its log.
        """
        _ = self.passwords
        airflow = Path(sys.executable).with_name("airflow")
        if not airflow.exists():
            raise AirflowFailed("Airflow is not installed here", hint="Install douane[airflow].")
        if not self._lock.acquire():
            raise AirflowFailed(f"an Airflow is up in {self.folder} already", hint="Stop it first (`make ui`: Ctrl-C).")
        with self.log.open("ab") as log:
            ended = self._spawn([str(airflow), "db", "migrate"], log).wait()
            if ended:
                raise AirflowFailed("Airflow's database can't be made", hint=f"See {self.log}.")
            for words in (*_PARTS, *([_TRIGGERER] if self.triggerer else [])):
                self._processes.append(self._spawn([str(airflow), *words], log))
        self.wait(self._healthy, what="Airflow's scheduler and DAG processor", seconds=seconds)

    def _spawn(self, command: list[str], log: IO[bytes]) -> subprocess.Popen[bytes]:
        # A session of its own: stopping the parent alone would leave its children running.
        return subprocess.Popen(
            command,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    @property
    def log(self) -> Path:
        """What Airflow's own processes say."""
        return self.folder / "airflow.log"

    def stop(self) -> None:
        """Stop every process of this Airflow; a second call does nothing."""
        leaders = {process.pid for process in self._processes}
        for sign, patience in ((signal.SIGTERM, 15.0), (signal.SIGKILL, 10.0)):
            for process in _sessions(leaders):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(process, sign)
            deadline = time.monotonic() + patience
            while _sessions(leaders) and time.monotonic() < deadline:
                time.sleep(0.1)
        while self._processes:
            self._processes.pop().wait()
        self._lock.release()

    def call(self, method: str, path: str, content: Any = None, *, user: str = ADMIN) -> Any:
        """Call the REST API (`/api/v2/...` is added to `path`) as a user.

        Raises:
            AirflowFailed: The server answered no; says with which status.
        """
        if user not in self._tokens:
            answer = self._request("POST", "/auth/token", {"username": user, "password": self.passwords[user]})
            self._tokens[user] = answer["access_token"]
        return self._request(method, f"/api/v2{path}", content, bearer=self._tokens[user])

    def _request(self, method: str, path: str, content: Any = None, *, bearer: str = "") -> Any:
        body = None if content is None else json.dumps(content).encode()
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if bearer:
            headers["Authorization"] = f"Bearer {bearer}"
        request = Request(self.address + path, body, headers, method=method)  # noqa: S310 - our own loopback address
        try:
            with _OPENER.open(request, timeout=30) as answer:
                text = answer.read()
        except HTTPError as error:
            detail = error.read().decode(errors="replace")[:300]
            raise AirflowFailed(f"{method} {path}: {error.code} {detail}", hint=f"See {self.log}.") from None
        except (URLError, TimeoutError, ConnectionError, OSError) as error:
            raise AirflowFailed(
                f"{method} {path}: {type(error).__name__}, nobody answers", hint=f"See {self.log}."
            ) from None
        return json.loads(text) if text else None

    def wait(self, arrived: Callable[[], Any], *, what: str, seconds: float = 120, every: float = 0.5) -> Any:
        """Ask again every so many seconds until `arrived` gives something true, and give that.

        Raises:
            AirflowFailed: It didn't in time, or Airflow ended.
        """
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if any(process.poll() is not None for process in self._processes):
                raise AirflowFailed("a part of Airflow ended", hint=f"See {self.log}.")
            with contextlib.suppress(AirflowFailed):
                if found := arrived():
                    return found
            time.sleep(every)
        raise AirflowFailed(f"{what} did not come in {seconds:.0f} s", hint=f"See {self.log}.")

    def _healthy(self) -> bool:
        health = self._request("GET", "/api/v2/monitor/health")
        return all(health[part]["status"] == "healthy" for part in _HEALTHY)

    def __enter__(self) -> Self:
        # Whoever stops us (a time limit, a terminal that closes) stops what we started too.
        if threading.current_thread() is threading.main_thread():
            for sign in _STOPS:
                self._handlers[sign] = signal.signal(sign, _leave)
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()
        for sign, handler in self._handlers.items():
            signal.signal(sign, handler)


def _leave(sign: int, _frame: object) -> NoReturn:
    sys.exit(128 + sign)


def _sessions(leaders: set[int]) -> list[int]:
    """The living processes of these sessions: a supervisor that made a process group of its own is still in one."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        with contextlib.suppress(OSError, ValueError, IndexError):
            state, _, _, session = (entry / "stat").read_text().rpartition(")")[2].split()[:4]
            if int(session) in leaders and state != "Z":
                found.append(int(entry.name))
    return found
