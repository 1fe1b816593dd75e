"""Is this Spark session fit to hold an extract, and are its executors fit to work on it?"""

from __future__ import annotations

import os
import re
import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

import pyarrow as pa
from pyspark.errors import PySparkException

from pipeline.errors import Stopped
from pipeline.files.durable import write_file
from pipeline.spark.key_desk import Held, KeyDesk
from transforms._version import __version__
from transforms.errors import DouaneError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from pyspark.sql import DataFrame, SparkSession

Unencrypted = Literal["refuse", "accept"]

_MEND: Final = (
    "Set spark.io.encryption.enabled, spark.authenticate and spark.network.crypto.enabled to true, or say "
    'unencrypted="accept" if disks and network are enciphered below Spark.'
)
_OURS: Final = re.compile(r"^(?:pipeline|transforms)\.[\w.]+: (.+)$", re.MULTILINE)


class SparkFailed(DouaneError, RuntimeError):
    """Spark could not do it: executors that were lost, lack Douane or can't see a folder; nothing was sealed."""


def require_private(spark: SparkSession, *, unencrypted: Unencrypted = "refuse") -> None:
    """Refuse a session that would leave pieces of the extract readable on disks or in the network.

    A shuffle writes rows into files of the executors, and what memory can't hold is spilled there.

    Raises:
        Stopped: It spans several processes, and its files or its network are not enciphered.
        SparkFailed: It is a Spark Connect client, which is no part of the cluster.
    """
    try:
        context = spark.sparkContext
    except PySparkException:
        raise SparkFailed(
            "a Spark Connect client can't hand the key to executors",
            hint="Run the script in the cluster: spark-submit.",
        ) from None
    gap = "" if unencrypted == "accept" else privacy_gap(context.master or "", dict(context.getConf().getAll()))
    if gap:
        raise Stopped(f"Spark would {gap} in the clear", hint=_MEND)


def privacy_gap(master: str, settings: Mapping[str, str]) -> str:
    """What a session of these settings would do with pieces of the extract in the clear; empty if nothing.

    Example:
        >>> privacy_gap("yarn", {"spark.io.encryption.enabled": "true", "spark.authenticate": "true"})
        'send pieces of the extract through the network'
        >>> privacy_gap("local[4]", {})
        ''
    """
    if master.startswith("local") and not master.startswith("local-cluster"):
        return ""

    def on(name: str) -> bool:
        return settings.get(name, "false").lower() == "true"

    if not on("spark.io.encryption.enabled"):
        return "write pieces of the extract to the executors' disks"
    if not (on("spark.authenticate") and on("spark.network.crypto.enabled")) and not on("spark.ssl.rpc.enabled"):
        return "send pieces of the extract through the network"
    return ""


def open_desk(spark: SparkSession, held: Held) -> KeyDesk:
    """Open the desk at the address at which executors reach the driver."""
    settings = spark.sparkContext.getConf()
    host = settings.get("spark.driver.host") or "127.0.0.1"
    bind = settings.get("spark.driver.bindAddress") or host
    return KeyDesk(held, host=host, bind=bind, port=int(settings.get("spark.douane.port") or 0))


def require_workers(spark: SparkSession, folder: Path) -> None:
    """Refuse executors that have another Douane than the driver, or that don't see the releases' folder.

    Raises:
        SparkFailed: Says which.
    """
    word = secrets.token_hex(16)
    probe = folder / f"probe-{word[:8]}"
    write_file(probe, word.encode())
    tasks = max(spark.sparkContext.defaultParallelism, 1)
    asked = spark.range(tasks, numPartitions=tasks).mapInArrow(_asked(str(probe), word), "version string, sees boolean")
    try:
        answers = collected(asked, "look at the executors")
    finally:
        probe.unlink()
    for version, sees in answers:
        if version != __version__:
            raise SparkFailed(
                f"an executor has Douane {version}, the driver {__version__}",
                hint="Give both the same environment (see the how-to page on Spark).",
            )
        if not sees:
            raise SparkFailed(
                f"an executor can't read and write {folder.parent}",
                hint="Mount the folder of releases on every node, for the user that executors run as.",
            )


def _asked(probe: str, word: str) -> Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    def answer(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for _ in batches:
            pass
        path = Path(probe)
        try:
            sees = path.read_text() == word and os.access(path.parent, os.W_OK)
        except OSError:
            sees = False
        yield pa.record_batch({"version": [__version__], "sees": [sees]})

    return answer


def collected(frame: DataFrame, doing: str) -> list[tuple[Any, ...]]:
    """Collect a few rows of facts; what a task said, if one failed, becomes the error.

    Raises:
        SparkFailed: With Douane's own sentence, if it was Douane that said no; else what was being done.
    """
    try:
        return [tuple(row) for row in frame.collect()]
    except PySparkException as error:
        raise failed(error, doing) from None


def failed(error: PySparkException, doing: str) -> SparkFailed:
    """The one line for a job that failed: Spark's own text has a page, and may quote what it worked on."""
    said = _OURS.findall(str(error))
    if said:
        return SparkFailed(f"Spark could not {doing}: {said[-1].rstrip('.')}")
    if "ModuleNotFoundError" in str(error):
        return SparkFailed(
            f"Spark could not {doing}: an executor's Python lacks a module",
            hint="Give executors the driver's environment (see the how-to page on Spark).",
        )
    return SparkFailed(f"Spark could not {doing}", hint="The executors' logs say why.")
