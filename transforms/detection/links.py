"""Which field of one table points to a row of another?"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from transforms.detection.findings import Link
from transforms.detection.folding import fold
from transforms.detection.profile import MISSING, SAMPLE_ROWS, spread

if TYPE_CHECKING:
    from collections.abc import Mapping

    from transforms.detection.profile import Profile
    from transforms.detection.tables import Field

ID_KINDS = frozenset(
    [
        "patient_id",
        "encounter_id",
        "practitioner_id",
        "facility_id",
        "nir",
        "ins",
        "national_id",
        "insurance_id",
        "study_uid",
        "device_id",
        "row_id",
        "reference",
    ]
)
_DIRECT_IDS = frozenset({"patient_id", "encounter_id", "practitioner_id", "nir", "ins", "national_id", "insurance_id"})
_REFERENCE = r"^(?:urn:uuid:|(?:\S*/)?[A-Z][A-Za-z]+/)"
"""What FHIR writes before the id in a reference (R4, 2.3.0); the key itself stands bare."""
_LEAST_SHARE = 0.95
_SURE = 0.8


@dataclass(frozen=True)
class Pair:
    """A field that may point to another, and the sampled values that should be found there.

    Attributes:
        link: From where to where.
        key: Place of the other field in its table.
        sample: Values of the pointing field, as text.
    """

    link: Link
    key: int
    sample: pa.ChunkedArray


def pairs_to_try(
    tables: Mapping[str, tuple[Field, ...]],
    profiles: Mapping[str, tuple[Profile, ...]],
    kinds: Mapping[str, tuple[tuple[str, float], ...]],
) -> tuple[Pair, ...]:
    """Which fields of an extract may be foreign keys of which others.

    Fields must share their name, or be ids of one kind, or hold values that no chance explains (not small counts).
    """
    if len(tables) == 1:
        return ()
    ends = [
        _End(table, each, *kinds[table][each.position], tables[table][each.position].column)
        for table, fields in profiles.items()
        for each in fields
        if each.typed in {"text", "integer", "float"} and each.values
    ]
    keys = [end for end in ends if end.field.unique and end.field.rows > 1 and end.kind in ID_KINDS]
    return tuple(
        Pair(Link(end.table, end.field.name, key.table, key.field.name), key.field.position, end.sample)
        for end in ends
        if end.kind in ID_KINDS or _could_point(end.field)
        for key in keys
        if key.table != end.table and _may_point(end, key)
    )


def found_in(sample: pa.ChunkedArray, key: pa.ChunkedArray) -> pa.ChunkedArray:
    """Which of the sampled values a key's column holds."""
    return pc.is_in(sample, value_set=texts_of_ids(key))


def holds(sample: pa.ChunkedArray, found: pa.ChunkedArray) -> bool:
    """Whether nearly all of a sample of values are found; the usual words for nothing don't count."""
    strange = sample.filter(pc.invert(found))
    wrong = sum(1 for value in strange.to_pylist() if value.lower() not in MISSING)
    right = len(sample) - len(strange)
    return right > 0 and right >= _LEAST_SHARE * (right + wrong)


def texts_of_ids(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """The values as text, whole floats as whole numbers; empty if they can't be ids."""
    if pa.types.is_floating(column.type):
        try:
            column = column.cast(pa.int64())
        except pa.ArrowInvalid:
            return column.slice(0, 0).cast(pa.string())
    return pc.utf8_trim_whitespace(column.cast(pa.string())).drop_null()


@dataclass(frozen=True)
class _End:
    table: str
    field: Profile
    kind: str
    confidence: float
    column: pa.ChunkedArray

    @cached_property
    def sample(self) -> pa.ChunkedArray:
        return pc.replace_substring_regex(spread(texts_of_ids(self.column), SAMPLE_ROWS), _REFERENCE, "")


def _may_point(end: _End, key: _End) -> bool:
    named = _same_name(end.field.name, key.field.name, key.table)
    if end.field.unique:
        # Two keys of the same things: the table with fewer rows points to the one with more; of equals the later one.
        if end.field.rows > key.field.rows or (end.field.rows == key.field.rows and end.table < key.table):
            return False
        if not named:
            return False
    if named:
        return True
    telling = end.field.length >= 5 and not end.field.counting and not key.field.counting
    sure = end.kind in _DIRECT_IDS and end.confidence >= _SURE
    return telling and (end.kind == key.kind or not sure)


def _could_point(each: Profile) -> bool:
    return each.shape in {"integer", "code", "uuid"} and each.length >= 5


def _same_name(name: str, key: str, to_table: str) -> bool:
    name, key, table = (fold(part).replace(" ", "") for part in (name, key, to_table))
    singular = table.rstrip("s")
    return name == key or (
        key in {"id", "identifiant", "code", "uid", "key"}
        and name in {singular + key, singular, table + key, key + singular, table}
    )
