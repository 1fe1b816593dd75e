"""The whole way on a cluster: the same release as one machine makes, and nothing of it where it may not be."""

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.spark import pseudonymize_tables

pytestmark = pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas:FutureWarning")


def table_of(result, name) -> pa.Table:
    return pq.read_table(sorted(result.made.release.folder.glob(f"{name}.*")))


def in_order(table):
    return table.sort_by([(name, "ascending") for name in table.column_names])


@pytest.fixture
def on_spark(spark, frames, installation):
    def run(plan, tables=None, **options):
        options = {"policy": installation.policy, "key": installation.rooms.keyring.get("eds")} | options
        return pseudonymize_tables(spark, plan, tables or frames(), installation.rooms, approved_by="dpo", **options)

    return run


def test_x(installation, extract, on_spark, read_release):
    plan = installation.plan(extract)
    one = installation.run(extract, plan)
    many = on_spark(plan)
    for table in ("patients", "sejours", "resultats"):
        expected, found = read_release(one, table), table_of(many, table)
        assert found.schema == expected.schema
        assert in_order(found).equals(in_order(expected))
    assert many.made.risk == one.made.risk
    print(many)
