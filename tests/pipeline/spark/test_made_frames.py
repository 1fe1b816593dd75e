"""DataFrames for a notebook: every type as from a file, and only while the driver holds the key."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.planning.drafting import draft_plan, read_ruling
from pipeline.spark import pseudonymized, sampled
from pipeline.unsealed import make_unsealed
from transforms import detect

TYPED = pa.table(
    {
        "row": pa.array(range(4), pa.int64()),
        "id": pa.array([7, 2**40, None, -3], pa.int64()),
        "day": pa.array([date(1950, 2, 28), None, date(2024, 2, 29), date(1899, 1, 1)]),
        "at": pa.array(
            [datetime(2024, 3, 31, 1, 30, tzinfo=UTC), None, *[datetime(2024, 10, 27, 0, 30, tzinfo=UTC)] * 2],
            pa.timestamp("us", "UTC"),
        ),
        "plain": pa.array(
            [
                datetime(2024, 3, 31, 2, 30, 0, 5),  # noqa: DTZ001 - one without a zone
                None,
                *[datetime(2024, 10, 27)] * 2,  # noqa: DTZ001 - one without a zone
            ],
            pa.timestamp("us"),
        ),
        "ok": [True, None, False, True],
        "dose": [0.5, None, 1e300, -0.0],
        "price": pa.array([Decimal("12.50"), Decimal("0.00"), None, Decimal("-3.10")], pa.decimal128(8, 2)),
        "name": pa.array(
            [{"family": "Zoé", "given": ["A", "B"]}, None, {"family": None, "given": []}, {"family": "é"}]
        ),
        "dotted.name": ["a", None, "b", "c"],
    }
)


def test_every_type_has_the_same_pseudonyms_through_a_file_and_through_a_cluster(spark, installation, tmp_path):
    pq.write_table(TYPED, tmp_path / "typed.parquet")
    frames = {"typed": spark.read.parquet(str(tmp_path / "typed.parquet"))}
    samples = sampled(frames)
    names = samples["typed"].column_names
    assert {"name.family", "name.given", "dotted.name"} < set(names)
    rulings = [f"typed.{name}:row_id=pseudonymize" for name in names if name not in {"row", "dose"}]
    rulings += ["typed.row:quantity=keep", "typed.dose:quantity=keep"]
    plan = draft_plan(
        detect(samples),
        samples,
        policy=installation.policy,
        domain="eds",
        rulings=[read_ruling(text, by="dpo") for text in rulings],
    )
    about = {"plan": plan, "policy": installation.policy, "key": installation.rooms.keyring.get("eds")}
    make_unsealed([tmp_path / "typed.parquet"], tmp_path / "made", **about)
    with pseudonymized(spark, about.pop("plan"), frames, **about) as made:
        found = made["typed"].orderBy("row").toArrow()
    assert found.to_pydict() == pq.read_table(tmp_path / "made" / "typed.parquet").to_pydict()


def test_outside_the_block_nobody_hands_out_the_key(spark, installation, done):
    key = installation.rooms.keyring.get("eds")
    plan = done.plan.model_copy(update={"tables": {"patients": done.plan.tables["patients"]}})
    frame = spark.read.csv(str(done.extract / "patients.csv"), header=True)
    with pseudonymized(spark, plan, {"patients": frame}, policy=done.installation.policy, key=key) as made:
        late = made["patients"].select("ipp")
    from pyspark.errors import PythonException

    with pytest.raises(PythonException, match="handed out no key"):
        late.collect()


def test_a_sample_is_chosen_by_its_seed(spark):
    frame = spark.range(1000, numPartitions=2)
    one, same, other = (sampled({"t": frame}, rows=50, seed=seed)["t"] for seed in (1, 1, 2))
    assert one.equals(same)
    assert not one.equals(other)
    assert 20 < len(one) < 100
