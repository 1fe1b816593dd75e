"""An extract read batch by batch is understood as one in memory, and no more of it is held than a sample."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from itertools import pairwise

import pyarrow as pa
import pytest

from transforms import detect
from transforms.detection.passing import Passing
from transforms.detection.streams import detect_streams

RNG = random.Random(8)
ROWS = 30_000
PATIENTS = pa.table(
    {
        "numero": [str(number) for number in range(1, ROWS + 1)],
        "ipp": [f"8{RNG.randrange(10**8):08d}" for _ in range(ROWS)],
        "nom": RNG.choices(["Vauquelin", "Brisebarre", "Tillemont", "Le Goff", "Charlebois"], k=ROWS),
        "remarque": [None if row % 50 else "contrôle sans particularité ce jour" for row in range(ROWS)],
        "commentaire": [
            "rappeler au 06.39.98.12.03 demain matin" if row == 29_876 else "poursuite du traitement habituel"
            for row in range(ROWS)
        ],
    }
)
STAYS = pa.table(
    {"nda": [f"21{number:07d}" for number in range(900)], "patient": RNG.choices(PATIENTS["ipp"].to_pylist(), k=900)}
)


@dataclass
class Batches:
    """A table as a source gives it, which counts how often it was opened."""

    table: pa.Table
    opened: list[int] = field(default_factory=list)

    @property
    def schema(self):
        return self.table.schema

    def batches(self):
        self.opened.append(1)
        return iter(self.table.to_batches(max_chunksize=1_700))


def test_a_stream_is_understood_as_the_table_in_memory():
    tables = {"patients": PATIENTS, "sejours": STAYS}
    streamed = detect_streams({name: Batches(table) for name, table in tables.items()})
    held = detect(tables)
    assert {name: [f.kind for f in found] for name, found in streamed.items()} == {
        name: [f.kind for f in found] for name, found in held.items()
    }
    assert [f.unique for f in streamed["patients"]] == [f.unique for f in held["patients"]]
    assert [f.missing for f in streamed["patients"]] == [f.missing for f in held["patients"]]
    assert streamed.links == held.links
    assert [(link.field, link.to_field) for link in streamed.links] == [("patient", "ipp")]


def test_one_row_in_a_stream_is_found_and_counted():
    found = {f.name: f for f in detect_streams({"patients": Batches(PATIENTS)})["patients"]}
    assert f"1 of {ROWS} rows holds a phone number" in found["commentaire"].evidence


def test_a_stream_is_opened_twice_at_most():
    stream = Batches(PATIENTS)
    detect_streams({"patients": stream})
    assert len(stream.opened) == 2


def test_names_alone_are_read_of_a_stream_without_rows():
    empty = PATIENTS.slice(0, 0)
    found = detect_streams({"patients": Batches(empty)})["patients"]
    assert [f.kind for f in found] == [f.kind for f in detect({"patients": empty})["patients"]]
    assert found[1].kind == "patient_id"


def test_nested_fields_of_a_stream_are_fields_by_their_path():
    table = pa.table({"name": [{"family": "Vauquelin", "given": ["Zoé", "Ana"]}, {"family": "Le Goff", "given": []}]})
    found = detect_streams({"patient": Batches(table)})["patient"]
    assert [f.name for f in found] == ["name.family", "name.given"]


def _passed(values, kind=None, *, size=1_000):
    passing = Passing("field", pa.array(values[:1], kind).type)
    for start in range(0, len(values), size):
        passing.add(pa.chunked_array([pa.array(values[start : start + size], kind)]))
    return passing


def test_of_many_rows_a_bounded_sample_is_held_spread_evenly():
    sample = _passed(list(range(100_000))).sample().to_pylist()
    steps = {right - left for left, right in pairwise(sample)}
    assert 500 < len(sample) <= 1_000
    assert sample[0] == 0
    assert sample[-1] > 98_000
    assert max(steps) <= 2 * min(steps)


@pytest.mark.parametrize("again", [0, 900])
def test_many_values_that_differ_are_told_from_those_that_repeat_late(again):
    values = [f"id-{number}" for number in range(300_000 - again)] + [f"id-{number}" for number in range(again)]
    passing = _passed(values, size=20_000)
    assert passing.profile(0).unique is (again == 0)


def test_a_sparse_field_is_known_by_the_few_values_it_has():
    values = [None] * 60_000
    values[::600] = [f"mail{number}@example.org" for number in range(100)]
    assert len(_passed(values, pa.string()).profile(0).values) == 100


def test_rows_that_are_numbered_are_seen_to_count():
    assert _passed([str(number) for number in range(1, 5_001)]).profile(0).counting
    assert not _passed([str(number) for number in range(7_000, 12_000)]).profile(0).counting
