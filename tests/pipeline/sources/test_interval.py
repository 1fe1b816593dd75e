from datetime import datetime
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.errors import InvalidInput
from pipeline.plan import Plan
from pipeline.sources.folder import FolderSource
from pipeline.sources.interval import Interval, IntervalSource
from transforms.errors import InvalidValue

PARIS = ZoneInfo("Europe/Paris")
PLAN = Plan(
    domain="eds",
    policy_sha256="0",
    tables={
        "sejours": {
            "entree": {
                "kind": "event_date",
                "category": "quasi",
                "type": "date",
                "format": "%d/%m/%Y",
                "steps": [{"transform": "shift_dates"}],
            }
        }
    },
)


def day(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=PARIS)


@pytest.fixture
def taken(tmp_path):
    """The rows of `sejours` in an interval; the source is a CSV text or an Arrow table."""

    def take(content, start="2026-03-02", end="2026-03-03", column="entree"):
        if isinstance(content, str):
            (tmp_path / "sejours.csv").write_text(content, encoding="utf-8")
        else:
            pq.write_table(content, tmp_path / "sejours.parquet")
        source = IntervalSource(
            FolderSource([tmp_path]),
            Interval(day(start), day(end)),
            watermark={"sejours": column},
            plan=PLAN,
            timezone="Europe/Paris",
        )
        (table,) = source.tables()
        return [row for batch in table.batches() for row in batch.to_pylist()]

    return take


def test_the_start_is_taken_and_the_end_is_not(taken):
    rows = taken("n,entree\n1,01/03/2026\n2,02/03/2026\n3,03/03/2026\n4,\n")
    assert [row["n"] for row in rows] == ["2"]


def test_a_time_without_a_zone_is_of_the_exports(taken):
    times = [datetime(2026, 3, 1, 23, 30), datetime(2026, 3, 2, 0, 30), datetime(2026, 3, 2, 23, 30)]  # noqa: DTZ001 - without a zone on purpose
    rows = taken(pa.table({"n": [1, 2, 3], "entree": pa.array(times, pa.timestamp("us"))}))
    assert [row["n"] for row in rows] == [2, 3]


def test_a_time_with_a_zone_is_what_it_says(taken):
    times = [datetime(2026, 3, 1, 23, 30, tzinfo=ZoneInfo("UTC")), datetime(2026, 3, 2, 23, 30, tzinfo=ZoneInfo("UTC"))]
    rows = taken(pa.table({"n": [1, 2], "entree": pa.array(times, pa.timestamp("us", "UTC"))}))
    assert [row["n"] for row in rows] == [1]


def test_every_moment_of_the_night_the_clock_is_put_back_is_in_one_interval(taken):
    times = [datetime(2026, 10, 25, hour, 30) for hour in range(24)]  # noqa: DTZ001 - a wall clock
    table = pa.table({"n": list(range(24)), "entree": pa.array(times, pa.timestamp("us"))})
    found = [
        row["n"] for span in (("2026-10-25", "2026-10-26"), ("2026-10-26", "2026-10-27")) for row in taken(table, *span)
    ]
    assert found == list(range(24))


def test_a_date_that_is_none_is_named_by_its_row_and_not_by_its_value(taken):
    with pytest.raises(InvalidValue, match=r"sejours.entree: 1 value .*row 1") as caught:
        taken("n,entree\n1,01/03/2026\n2,Quillfeldt\n")
    assert "Quillfeldt" not in str(caught.value)


def test_a_watermark_that_is_gone_is_one_line(taken):
    with pytest.raises(InvalidInput, match=r"no sejours\.sortie, which is the export's watermark"):
        taken("n,entree\n1,01/03/2026\n", column="sortie")
