"""A real cluster, started once; all of these tests run on one xdist worker (tests/conftest.py)."""

import runpy
import shutil
import uuid
from pathlib import Path

import pytest

SERVERS = Path(__file__).parents[2] / "servers"


@pytest.fixture(scope="session")
def cluster():
    if shutil.which("java") is None:
        pytest.skip("needs Java for Spark (apt-get install default-jre-headless)")
    cluster = runpy.run_path(str(SERVERS / "spark.py"))["SparkCluster"]()
    yield cluster
    cluster.close()


@pytest.fixture(scope="session")
def spark(cluster):
    return cluster.session


@pytest.fixture
def frames(spark, extract):
    """The extract's CSV files as DataFrames of text, in several partitions."""

    def read(folder=extract):
        return {
            path.stem: spark.read.csv(str(path), header=True).repartition(3) for path in sorted(folder.iterdir())
        }

    return read
