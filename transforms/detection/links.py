"""Which field of one table points to a row of another?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from transforms.detection.findings import Link
from transforms.detection.folding import fold

if TYPE_CHECKING:
    from collections.abc import Mapping

    from transforms.detection.profile import Profile
    from transforms.detection.tables import Field

ID_KINDS = frozenset(
    "patient_id encounter_id practitioner_id facility_id nir ins national_id insurance_id study_uid device_id row_id reference".split()
)
_LEAST_SHARE = 0.95


def find_links(
    tables: Mapping[str, tuple[Field, ...]],
    profiles: Mapping[str, tuple[Profile, ...]],
    kinds: Mapping[str, tuple[str, ...]],
) -> tuple[Link, ...]:
    """Find the foreign keys of an extract: sampled values of one field are all found in another that never repeats.

    Fields must share their name, or be ids of one kind, or hold values that no chance explains (not small counts).
    """
    keys = [
        (table, each, tables[table][each.position].column)
        for table, fields in profiles.items()
        for each in fields
        if each.unique
        and each.rows > 1
        and kinds[table][each.position] in ID_KINDS
        and each.typed in {"text", "integer", "float"}
    ]
    sets: dict[tuple[str, str], frozenset[str]] = {}
    found = []
    for table, fields in profiles.items():
        for each in fields:
            kind = kinds[table][each.position]
            if (
                each.typed not in {"text", "integer", "float"}
                or not each.values
                or kind not in ID_KINDS
                and not _could_point(each)
            ):
                continue
            best = ""
            for to_table, key, column in keys:
                if to_table == table:
                    continue
                same_name = _same_name(each.name, key.name, to_table)
                if (
                    not same_name
                    and kind != kinds[to_table][key.position]
                    and not (each.length >= 5 and not each.counting)
                ):
                    continue
                if not same_name and (
                    key.counting or kind == "row_id" == kinds[to_table][key.position] and each.length < 8
                ):
                    continue
                if each.unique and not same_name and len(best) > 0:
                    continue
                held = sets.get((to_table, key.name)) or frozenset(_texts(column))
                sets[(to_table, key.name)] = held
                values = set(each.values)
                if sum(1 for value in values if value in held) >= _LEAST_SHARE * len(values):
                    if each.unique and each.rows > key.rows:
                        continue
                    if each.unique and table < to_table and each.rows == key.rows:
                        continue
                    found.append(Link(table, each.name, to_table, key.name))
                    best = key.name
    return tuple(found)


def _could_point(each: Profile) -> bool:
    return each.shape in {"integer", "code", "uuid"} and each.length >= 5


def _same_name(name: str, key: str, to_table: str) -> bool:
    name, key, table = (fold(part).replace(" ", "") for part in (name, key, to_table))
    singular = table.rstrip("s")
    return name == key or (
        key in {"id", "identifiant", "code", "uid", "key"}
        and name in {singular + key, singular, table + key, key + singular, table}
    )


def _texts(column: pa.ChunkedArray) -> list[str]:
    if pa.types.is_floating(column.type):
        return [str(int(value)) for value in column.to_pylist() if value is not None and value == value]  # noqa: PLR0124 - not NaN
    if pa.types.is_integer(column.type):
        column = pc.cast(column, pa.string())
    return [value.strip() for value in column.to_pylist() if value is not None]
