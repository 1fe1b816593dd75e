import csv
from io import StringIO

import pytest

from pipeline.making.dictionary import HEADER, DictionaryEntry, render_dictionary

ENTRY = DictionaryEntry(
    table="patients",
    column="date_naissance",
    type="date32[day]",
    kind="birth_date",
    category="quasi",
    steps=("shift_dates", "truncate_dates to month"),
    why='Ages stay true, "to the month"',
    decided_by="policy",
    nulls=1204,
)


def rows(*entries):
    return list(csv.reader(StringIO(render_dictionary(entries).decode())))


def test_a_column_is_a_line_under_a_header():
    header, line = rows(ENTRY)
    assert tuple(header) == HEADER
    assert dict(zip(header, line, strict=True)) == {
        "table": "patients",
        "column": "date_naissance",
        "type": "date32[day]",
        "kind": "birth_date",
        "category": "quasi",
        "steps": "shift_dates > truncate_dates to month",
        "why": 'Ages stay true, "to the month"',
        "decided_by": "policy",
        "nulls": "1204",
    }


@pytest.mark.parametrize(("nulls", "said"), [(None, ""), (0, "0"), (1, "<10"), (9, "<10"), (10, "10")])
def test_a_small_count_of_empty_values_is_not_said(nulls, said):
    entry = DictionaryEntry(table="t", column="c", type="", kind="other", category="other", steps=(), nulls=nulls)
    assert rows(entry)[1][-1] == said


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@sum", "\tx"])
def test_no_cell_is_a_formula_to_a_spreadsheet(name):
    entry = DictionaryEntry(table=name, column=name, type="string", kind="other", category="other", steps=(), why=name)
    assert [cell for cell in rows(entry)[1] if cell.startswith(name[0])] == []
