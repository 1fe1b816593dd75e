"""OpenSSH's own sftp server, on a loopback port, with host keys of its own."""

import getpass
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

SSHD = Path("/usr/sbin/sshd")
SERVER = Path("/usr/lib/openssh/sftp-server")

CONFIG = """
Port {port}
ListenAddress 127.0.0.1
HostKey {folder}/host_key
AuthorizedKeysFile {folder}/authorized_keys
PidFile none
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
StrictModes no
PermitRootLogin prohibit-password
Subsystem sftp {server}
MaxStartups 100
"""


class SftpServer:
    """One sshd, run as whoever runs the tests."""

    def __init__(self, free_ports, wait_for) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="douane-sftp-"))
        self.folder.chmod(0o755)
        (self.port,) = free_ports(1)
        self._wait_for = wait_for
        self.user = getpass.getuser()
        for name in ("host_key", "user_key", "other_key"):
            make = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", self.folder / name]
            subprocess.run(make, check=True)
        (self.folder / "authorized_keys").write_text(self.public("user_key"))
        (self.folder / "config").write_text(CONFIG.format(port=self.port, folder=self.folder, server=SERVER))
        Path("/run/sshd").mkdir(exist_ok=True)
        self.start()

    def public(self, name: str) -> str:
        return (self.folder / f"{name}.pub").read_text().strip()

    def start(self) -> None:
        with (self.folder / "server.log").open("ab") as log:
            self._process = subprocess.Popen(
                [SSHD, "-D", "-e", "-f", self.folder / "config"], stdout=log, stderr=log, start_new_session=True
            )
        self._wait_for(self.port, self._process)

    def kill(self) -> None:
        """The listener only, and then its sessions by their parent: nobody else's sshd."""
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children").read_text().split()
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()
        for child in children:
            subprocess.run(["kill", "-9", child], check=False, stderr=subprocess.DEVNULL)

    def close(self) -> None:
        self.kill()
        shutil.rmtree(self.folder)
