"""How near do sources and sinks come to the plain client: PostgreSQL's COPY, boto3's upload_file, asyncssh's put?

Ratios of rates in one run, medians of several rounds, against real servers on the loopback: 1 is as fast as the client
alone. What the sinks do besides (hashing before they send, checksums, reading back) is in their figures.
Run: python benchmarks/systems.py [ROWS] [MIB]
"""

from __future__ import annotations

import asyncio
import os
import runpy
import statistics
import sys
import time
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from pipeline.connections import PostgresConnection, S3Connection, SftpConnection
from pipeline.data_files import data_folder
from pipeline.guard import Guard
from pipeline.guard.decision import Clearance, Destination, decided
from pipeline.home import Home
from pipeline.journal import Journal
from pipeline.keyring import FolderKeyring
from pipeline.making.extracting import read_samples
from pipeline.order import Order
from pipeline.planning.drafting import draft_plan, read_ruling
from pipeline.policy import read_policy
from pipeline.release import ReleaseBuilder
from pipeline.run import Rooms, run
from pipeline.sinks.s3 import S3Sink
from pipeline.sinks.sftp import SftpSink
from pipeline.sources.postgresql import PostgresSource
from transforms import detect

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pipeline.manifest import Release

ROUNDS: Final = 3
SERVERS: Final = Path(__file__).parents[1] / "tests" / "servers"
TABLE: Final = """
CREATE TABLE results AS SELECT (8000000000 + n % 200000)::text AS ipp, '22' || (n % 400000)::text AS nda,
  (ARRAY['718-7', '2345-7', '2951-2'])[1 + n % 3] AS code_loinc, (n % 160)::float8 / 10 AS valeur, 'g/dL'::text AS unite,
  '2021-01-01'::date + n % 1200 AS date_prelevement FROM generate_series(1, {rows}) n
"""


def start(module: str, name: str) -> Any:  # noqa: ANN401 - a server of tests/servers
    """Start one of the tests' servers."""
    ports = runpy.run_path(str(SERVERS / "ports.py"))
    return runpy.run_path(str(SERVERS / f"{module}.py"))[name](ports["free_ports"], ports["wait_for"])


@contextmanager
def running(module: str, name: str) -> Iterator[Any]:
    """A server, closed afterwards."""
    server = start(module, name)
    try:
        yield server
    finally:
        server.close()


def ratio(plain: Callable[[], None], ours: Callable[[], None]) -> tuple[float, float]:
    """Seconds of the plain client, and its seconds over ours; rounds are interleaved, so that a load hits both."""
    seconds: dict[str, list[float]] = {"plain": [], "ours": []}
    for _ in range(ROUNDS):
        for name, work in (("plain", plain), ("ours", ours)):
            began = time.perf_counter()
            work()
            seconds[name].append(time.perf_counter() - began)
    plain_median = statistics.median(seconds["plain"])
    return plain_median, plain_median / statistics.median(seconds["ours"])


def say(what: str, plain: str, found: tuple[float, float]) -> None:
    """Print a line."""
    print(f"{what:<42} {found[1]:5.2f} of {plain} ({found[0]:.2f} s)")


def measure_postgres(rows: int, folder: Path) -> None:
    """Compare reading, and the whole way to a release, with COPY alone."""
    with running("postgres", "PostgresServer") as server:
        address = server.database("eds")
        login = PostgresConnection.model_validate({"address": address, "user": "douane", "password": server.password})
        with server.connect("eds") as session:
            session.execute(TABLE.format(rows=rows))
            session.execute("VACUUM ANALYZE results")

        def copy() -> None:
            with (
                server.connect("eds") as session,
                session.cursor().copy("COPY (SELECT * FROM results) TO STDOUT") as stream,
            ):
                for _ in stream:
                    pass

        def read() -> None:
            (table,) = PostgresSource(address, connection=login).tables()
            for _ in table.batches():
                pass

        home = Home.from_environment({"DOUANE_HOME": str(folder / "home")})
        keyring = FolderKeyring(home.keys)
        keyring.new("eds", domain="eds")
        policy_file = data_folder() / "policies" / "default.yaml"
        policy = read_policy(policy_file)
        rooms = Rooms(home, keyring, Journal(home.journal_file), Guard.load(None, policy_file))
        samples = read_samples(PostgresSource(address, connection=login).tables())
        ruling = [read_ruling("*.*=suppress", by="bench")]
        plan = draft_plan(detect(samples), samples, policy=policy, domain="eds", rulings=ruling)
        made = iter(range(10**6))

        def release() -> None:
            order = Order(
                source=PostgresSource(address, connection=login),
                plan=plan,
                policy=policy,
                key=keyring.get("eds"),
                approved_by="bench",
                releases=folder / f"releases-{next(made)}",
            )
            run(order, rooms)

        say("PostgreSQL -> Arrow batches", "COPY", ratio(copy, read))
        say("PostgreSQL -> sealed release", "COPY", ratio(copy, release))


def sealed(folder: Path, name: str, mib: int) -> Release:
    """A release of one large file of random bytes."""
    with ReleaseBuilder(folder / "sealed", name) as builder:
        builder.add_bytes("large.parquet", os.urandom(mib << 20))
        return builder.seal({"data_class": "pseudonymized-health"}, Ed25519PrivateKey.generate())


def cleared(release: Release, address: str, endpoint: str | None = None) -> Clearance:
    """What the guard would say yes to."""
    today = datetime.now().astimezone().date()
    decision = decided(
        Destination(address),
        (),
        "pseudonymized-health",
        today,
        blocked=False,
        address=address,
        endpoint=endpoint,
    )
    return decision.clear(release.manifest_sha256)


def measure_s3(mib: int, folder: Path) -> None:
    """Compare a delivery with boto3's upload_file of the same bytes."""
    with running("s3", "S3Server") as server:
        client = server.client()
        client.create_bucket(Bucket="lake")
        release = sealed(folder, "s3", mib)
        login = S3Connection.model_validate(
            {"address": "s3://lake", "access_key_id": "AKIDOUANETEST", "secret_access_key": "secret-of-the-store"}
        )
        count = iter(range(10**6))

        def plain() -> None:
            client.upload_file(str(release.folder / "large.parquet"), "lake", f"plain/{next(count)}")

        def deliver() -> None:
            address = f"s3://lake/in{next(count)}"
            S3Sink(login).deliver(release.folder, cleared(release, address, server.endpoint))

        say(f"S3 delivery of {mib} MiB", "boto3 upload_file", ratio(plain, deliver))


def measure_sftp(mib: int, folder: Path) -> None:
    """Compare a delivery with asyncssh's put of the same bytes."""
    import asyncssh  # noqa: PLC0415 - comes with an extra

    with running("sftp", "SftpServer") as server:
        release = sealed(folder, "sftp", mib)
        login = SftpConnection.model_validate(
            {
                "address": f"sftp://127.0.0.1:{server.port}",
                "user": server.user,
                "host_key": server.public("host_key"),
                "private_key": str(server.folder / "user_key"),
            }
        )
        count = iter(range(10**6))

        async def put() -> None:
            async with (
                asyncssh.connect(
                    "127.0.0.1",
                    server.port,
                    username=server.user,
                    client_keys=[str(server.folder / "user_key")],
                    known_hosts=([asyncssh.import_public_key(server.public("host_key"))], [], []),
                    config=None,
                ) as session,
                session.start_sftp_client() as client,
            ):
                await client.put(str(release.folder / "large.parquet"), str(server.folder / f"plain{next(count)}"))

        def deliver() -> None:
            inbox = server.folder / f"in{next(count)}"
            inbox.mkdir()
            SftpSink(login).deliver(release.folder, cleared(release, f"sftp://127.0.0.1:{server.port}{inbox}"))

        say(f"SFTP delivery of {mib} MiB", "asyncssh put", ratio(lambda: asyncio.run(put()), deliver))


def main() -> None:
    """Measure all."""
    rows, mib = (int(word) for word in (sys.argv[1:] + ["1000000", "128"][len(sys.argv) - 1 :])[:2])
    with TemporaryDirectory() as name:
        measure_postgres(rows, Path(name))
        measure_s3(mib, Path(name))
        measure_sftp(mib, Path(name))


if __name__ == "__main__":
    main()
