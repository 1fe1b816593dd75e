"""SeaweedFS as a real S3 server, on loopback ports of its own."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

WEED = Path(sys.executable).with_name("weed")
KEY_ID, SECRET = "AKIDOUANETEST", "secret-of-the-store"


class S3Server:
    """One store in a folder of its own; can be killed, and started again with what it holds."""

    def __init__(self, free_ports, wait_for) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="douane-s3-"))
        self._wait_for = wait_for
        identity = {
            "name": "douane",
            "credentials": [{"accessKey": KEY_ID, "secretKey": SECRET}],
            "actions": ["Admin", "Read", "Write", "List", "Tagging"],
        }
        (self.folder / "s3.json").write_text(json.dumps({"identities": [identity]}))
        names = "master.port master.port.grpc volume.port volume.port.grpc filer.port filer.port.grpc".split()
        names += "s3.port s3.port.grpc s3.port.iceberg s3.port.lance".split()
        self._ports = dict(zip(names, free_ports(len(names)), strict=True))
        self.port = self._ports["s3.port"]
        self.start()

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        command = [WEED, "server", "-dir", self.folder, "-ip=127.0.0.1", "-ip.bind=127.0.0.1", "-s3", "-s3.iam=false"]
        command += [f"-s3.config={self.folder / 's3.json'}", "-volume.max=1000", "-master.volumeSizeLimitMB=64"]
        command += [f"-{name}={port}" for name, port in self._ports.items()]
        with (self.folder / "server.log").open("ab") as log:
            self._process = subprocess.Popen(
                command, cwd=self.folder, stdout=log, stderr=log, env=os.environ | {"HOME": str(self.folder)}
            )
        for name in ("volume.port", "filer.port", "s3.port"):
            self._wait_for(self._ports[name], self._process)

    def kill(self) -> None:
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()

    def close(self) -> None:
        self.kill()
        shutil.rmtree(self.folder)

    def client(self, endpoint: str | None = None):
        import boto3
        from botocore.config import Config

        return boto3.session.Session().client(
            "s3",
            endpoint_url=endpoint or self.endpoint,
            aws_access_key_id=KEY_ID,
            aws_secret_access_key=SECRET,
            region_name="us-east-1",
            config=Config(s3={"addressing_style": "path"}, proxies={}),
        )
