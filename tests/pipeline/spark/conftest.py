"""A real cluster, started once; all of these tests run on one xdist worker (tests/conftest.py)."""

import runpy
import shutil
import warnings
from pathlib import Path
from types import SimpleNamespace

import pytest

TESTS = Path(__file__).parents[2]
PIPELINE = runpy.run_path(str(TESTS / "pipeline" / "conftest.py"))


def pytest_collection_modifyitems(items):
    # PySpark's own: said again at every call that touches Arrow; and a socket that it leaves to the collector.
    for said in (
        "ignore:PySpark does not yet fully support pandas:FutureWarning",
        "ignore:unclosed <socket:ResourceWarning",
        "ignore:Exception ignored in. <socket:pytest.PytestUnraisableExceptionWarning",
    ):
        for item in items:
            if Path(__file__).parent in item.path.parents:
                item.add_marker(pytest.mark.filterwarnings(said))


@pytest.fixture(scope="session")
def cluster():
    if shutil.which("java") is None:
        pytest.skip("needs Java for Spark (make java, or apt-get install default-jre-headless)")
    cluster = runpy.run_path(str(TESTS / "servers" / "spark.py"))["SparkCluster"]()
    yield cluster
    cluster.close()


@pytest.fixture(scope="session")
def spark(cluster):
    return cluster.session


def _frames(spark, folder: Path):
    return {path.stem: spark.read.csv(str(path), header=True).repartition(2) for path in sorted(folder.iterdir())}


@pytest.fixture(scope="session")
def done(spark, tmp_path_factory):
    """One extract that went the whole way twice: on one machine, and on the cluster and into the premises."""
    from pipeline.spark import pseudonymize_tables

    folder = tmp_path_factory.mktemp("whole-way")
    installation, extract = PIPELINE["install"](folder), PIPELINE["write_extract"](folder / "extract")
    plan = installation.plan(extract)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        by_cluster = pseudonymize_tables(
            spark,
            plan,
            _frames(spark, extract),
            installation.rooms,
            policy=installation.policy,
            key=installation.rooms.keyring.get("eds"),
            approved_by="dpo",
            to=[str(folder / "premises")],
        )
    by_files = installation.run(extract, plan)
    return SimpleNamespace(
        installation=installation, extract=extract, plan=plan, by_files=by_files, by_cluster=by_cluster
    )


@pytest.fixture
def on_spark(spark, installation):
    """Send one table through the whole way; what comes of it is for the test to say."""
    from pipeline.spark import pseudonymize_tables

    def run(plan, **frames):
        key = installation.rooms.keyring.get("eds")
        to = frames.pop("to", ())
        return pseudonymize_tables(
            spark, plan, frames, installation.rooms, policy=installation.policy, key=key, approved_by="dpo", to=to
        )

    return run
