"""Azurite as an Azure Blob Storage on the loopback: `npm install azurite`, and DOUANE_TEST_AZURITE names its `azurite-blob`."""

import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

ACCOUNT = "devstoreaccount1"
KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="  # Azurite's, published


class AzureStore:
    """One store in a folder of its own; can be killed, and started again with what it holds."""

    def __init__(self, free_ports, wait_for) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="douane-azure-"))
        self._wait_for = wait_for
        (self.port,) = free_ports(1)
        self.start()

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}/{ACCOUNT}"

    def start(self) -> None:
        words = ["--blobHost", "127.0.0.1", "--blobPort", str(self.port), "--location", str(self.folder)]
        self._process = subprocess.Popen(
            [os.environ["DOUANE_TEST_AZURITE"], *words, "--silent", "--skipApiVersionCheck", "--disableTelemetry"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._wait_for(self.port, self._process)

    def bucket(self, name: str) -> None:
        from azure.storage.blob import BlobServiceClient

        connection = f"AccountName={ACCOUNT};AccountKey={KEY};BlobEndpoint={self.endpoint};"
        with BlobServiceClient.from_connection_string(connection) as client:
            client.create_container(name)

    def kill(self) -> None:
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()

    def close(self) -> None:
        self.kill()
        shutil.rmtree(self.folder)
