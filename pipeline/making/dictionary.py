"""What is each column of a release, and what was done to it? One CSV line a column, for whoever receives it."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from io import StringIO
from typing import TYPE_CHECKING, Final

from pipeline.report.wording import count_in_words

if TYPE_CHECKING:
    from collections.abc import Iterable

DICTIONARY: Final = "dictionary.csv"
HEADER: Final = ("table", "column", "type", "kind", "category", "steps", "why", "decided_by", "nulls")


@dataclass(frozen=True, kw_only=True)
class DictionaryEntry:
    """One column of a release.

    Attributes:
        table: The table's name.
        column: The column's name.
        type: Its Arrow type in the release; empty if the column was dropped.
        kind: What it holds, in DESIGN.md's words, such as `birth_date`.
        category: direct, quasi, health, text or other.
        steps: What was done to it, in order and in words.
        why: The reason the plan gives.
        decided_by: Who or what decided.
        nulls: Empty values in the release; under 10 shown as "<10"; None if the column was dropped.
    """

    table: str
    column: str
    type: str
    kind: str
    category: str
    steps: tuple[str, ...]
    why: str = ""
    decided_by: str = ""
    nulls: int | None = None


def render_dictionary(entries: Iterable[DictionaryEntry]) -> bytes:
    r"""Write `dictionary.csv`: UTF-8, a header, commas, quotes where needed, lines ended by a newline.

    A text that a spreadsheet would take for a formula is led by an apostrophe (CWE-1236): names of columns come from
    outside.

    Example:
        >>> entry = DictionaryEntry(
        ...     table="stays", column="nda", type="string", kind="encounter_id", category="direct",
        ...     steps=("pseudonymize",), why="links the stays", nulls=3,
        ... )
        >>> print(render_dictionary([entry]).decode().splitlines()[1])
        stays,nda,string,encounter_id,direct,pseudonymize,links the stays,,<10
    """
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEADER)
    for entry in entries:
        nulls = "" if entry.nulls is None else count_in_words(entry.nulls).replace(",", "")
        texts = (entry.table, entry.column, entry.type, entry.kind, entry.category, " > ".join(entry.steps), entry.why)
        writer.writerow([*map(_no_formula, (*texts, entry.decided_by)), nulls])
    return out.getvalue().encode()


def _no_formula(text: str) -> str:
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text
