"""Is a table one of a schema that is public, and what do that schema's names mean?"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from transforms.detection import lexicons
from transforms.detection.folding import fold
from transforms.detection.headers import read_header

if TYPE_CHECKING:
    from collections.abc import Sequence

_TELLING = 6
"""A name of so many characters that one schema alone uses is known outside that schema's tables too."""

_HL7 = re.compile(r"[a-z]{2}[a-z0-9]_\d{1,2}(?:_\d{1,2})?")
"""A field of an HL7 v2 segment; these are telling however short."""

_TITLES = {
    "synthea": "Synthea",
    "eicu": "eICU",
    "cdisc_any_domain": "CDISC",
    "research": "the research schema",
    "open_data": "public open data",
    "germany": "the German § 21 data set",
}
_SNDS = ("er_", "ir_", "ns_", "da_", "ct_", "ki_")
"""First letters of tables of the French SNDS (DCIR, referentials, causes of death); other French ones are the PMSI's."""


def key_of(name: str) -> str:
    """A field's name as schema files write it: lower case, words joined by one underscore."""
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_") or fold(name)


@cache
def _schema_names() -> dict[str, list[tuple[int, str]]]:
    found: dict[str, list[tuple[int, str]]] = {}
    for number, (_, _, columns) in enumerate(lexicons.schemas()):
        for name, kind in columns.items():
            found.setdefault(name, []).append((number, kind))
    return found


def _title(schema: str, table: str) -> str:
    if not schema.startswith("france"):
        return f"{_TITLES.get(schema, schema.upper())} {table}".rstrip()
    if table.startswith(_SNDS):
        return f"the French SNDS {table.upper()}"
    return f"the French PMSI {table.upper()}".replace("VIDHOSP", "VID-HOSP")


def _schema_of(key: str) -> str:
    schema, table, _ = lexicons.schemas()[_schema_names()[key][0][0]]
    return _title(schema, table.removeprefix("=")) if schema.startswith("france") else _title(schema, "")


def _is_open(key: str) -> bool:
    """Open data has plain words for names (recovered, active), which tell nothing outside its own tables."""
    return all(lexicons.schemas()[number][0] == "open_data" for number, _ in _schema_names().get(key, ()))


def recognize_schema(table: str, names: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Recognize a table of a known schema by its fields; field to (kind, why), for the fields it knows.

    A schema's table is taken when it knows at least three of the fields and half of them, or when the names agree too;
    the one that knows most wins.
    """
    keys = {name: key_of(name) for name in names}
    hits: dict[int, int] = {}
    for key in set(keys.values()):
        for number, _ in _schema_names().get(key, ()):
            hits[number] = hits.get(number, 0) + 1
    wanted = key_of(table)
    best, most = -1, 0.0
    for number, count in hits.items():
        schema_table = lexicons.schemas()[number][1]
        named = bool(wanted) and schema_table.removeprefix("=") == wanted
        if schema_table.startswith("=") and not named:
            continue
        size = len(lexicons.schemas()[number][2])
        share = count / max(1, len(keys))
        if (count >= 3 and share >= 0.5) or (named and count >= 2 and share >= 0.3):
            worth = count + (3 if named else 0) - size / 1000
            if worth > most:
                best, most = number, worth
    found: dict[str, tuple[str, str]] = {}
    if best >= 0:
        schema, schema_table, columns = lexicons.schemas()[best]
        where = _title(schema, schema_table.removeprefix("="))
        found = {name: (columns[key], f"a field of {where}") for name, key in keys.items() if key in columns}
    for name, key in keys.items():
        kinds = {kind for _, kind in _schema_names().get(key, ())}
        telling = len(key) >= _TELLING or bool(_HL7.fullmatch(key))
        unheard_of = "_" in key or (read_header(name).opaque and not _is_open(key))
        if name not in found and len(kinds) == 1 and telling and unheard_of:
            found[name] = (next(iter(kinds)), f"a field of {_schema_of(key)}")
    return found
