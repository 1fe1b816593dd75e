"""A Spark cluster of its own on the loopback: a master, two workers and two executors, each a process."""

import os
import secrets
import shutil
import sys
import tempfile
import warnings
from pathlib import Path

ROOT = Path(__file__).parents[2]
# Little memory and no compiling for the long run: the tests are short.
_SMALL = "-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xss2m"


class SparkCluster:
    """One session of `local-cluster[2,1,1024]`, with shuffles and network enciphered as a hospital's must be."""

    def __init__(self, **settings: str) -> None:
        import pyspark

        self.folder = Path(tempfile.mkdtemp(prefix="douane-spark-"))
        home = self.folder / "home"
        home.mkdir()
        # Workers keep logs and applications below SPARK_HOME: not in the installed package.
        for path in Path(pyspark.__file__).parent.iterdir():
            if path.name not in {"work", "logs"}:
                (home / path.name).symlink_to(path)
        self._environment = {
            "SPARK_HOME": str(home),
            "SPARK_LOCAL_IP": "127.0.0.1",
            "SPARK_LOCAL_DIRS": str(self.folder / "local"),
            "PYSPARK_PYTHON": sys.executable,
            "PYSPARK_DRIVER_PYTHON": sys.executable,
        }
        self._before = {name: os.environ.get(name) for name in self._environment}
        os.environ.update(self._environment)
        settings = {
            "spark.driver.bindAddress": "127.0.0.1",
            "spark.driver.host": "127.0.0.1",
            "spark.driver.memory": "700m",
            "spark.ui.enabled": "false",
            "spark.log.level": "WARN",
            "spark.ui.showConsoleProgress": "false",
            "spark.authenticate": "true",
            "spark.authenticate.secret": secrets.token_hex(16),
            "spark.network.crypto.enabled": "true",
            "spark.io.encryption.enabled": "true",
            "spark.eventLog.enabled": "true",
            "spark.eventLog.dir": f"file://{self.folder}/events",
            "spark.sql.shuffle.partitions": "2",
            "spark.sql.warehouse.dir": f"{self.folder}/warehouse",
            "spark.sql.session.timeZone": "Europe/Paris",
            "spark.executorEnv.PYTHONPATH": str(ROOT),
            "spark.driver.extraJavaOptions": _SMALL,
            "spark.executor.extraJavaOptions": _SMALL,
        } | settings
        (self.folder / "events").mkdir()
        from pyspark.sql import SparkSession

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            builder = SparkSession.builder.master("local-cluster[2,1,1024]").appName("douane-tests")
            for name, value in settings.items():
                builder = builder.config(name, value)
            self.session = builder.getOrCreate()

    def holding(self, *needles: bytes) -> list[str]:
        """Files that cluster and driver wrote (logs, events, shuffles, broadcasts) and that hold one of these."""
        files = [path for path in self.folder.rglob("*") if path.is_file() and not path.is_symlink()]
        return [str(path) for path in files if any(needle in path.read_bytes() for needle in needles)]

    def close(self) -> None:
        self.session.stop()
        from pyspark import SparkContext

        gateway = SparkContext._gateway
        if gateway is not None:
            gateway.shutdown()
            gateway.proc.stdin.close()
            gateway.proc.wait(30)
            SparkContext._gateway = SparkContext._jvm = None
        for name, value in self._before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
        shutil.rmtree(self.folder, ignore_errors=True)
