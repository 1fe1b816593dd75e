"""Does a field that the release keeps still hold an identifier? Every row is looked at.

One social security number in ten thousand comments is a breach like ten thousand of them. The patterns are strict:
they find what is certainly an identifier (the NIR by its key), because a hit stops the run.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

ROWS_NAMED = 10

_SHORTEST = 6  # a@b.fr

# RE2 has no look-around: the edges are consumed, and a value that is only the identifier has none.
_NIR = r"(?:^|[^0-9A-Za-z])(?P<body>[1278] ?\d\d ?(?:0[1-9]|1[0-2]|[2-9]\d) ?(?:\d\d|2[ABab]) ?\d{3} ?\d{3}) ?(?P<key>\d\d)(?:$|[^0-9A-Za-z])"
_EMAIL = r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})*\.[A-Za-z]{2,24}"
# Ten digits in a row are also codes and amounts: a phone number shows itself by its separators or its country code.
_PHONE = r"(?:^|[^0-9A-Za-z.,])(?:(?:\+|00)33 ?(?:\(0\) ?)?[1-9](?:[ .-]?\d\d){4}|0[1-9](?:[ .-]\d\d){4})(?:$|[^0-9])"
# Numbers that ARCEP keeps free for fiction (decision 2018-0881) and domains that RFC 2606 keeps free for examples reach
# nobody: the surrogates that stand in a redacted note are of these.
_FICTION = (
    r"(?:(?:\+|00)33 ?(?:\(0\) ?)?|0)(?:1[ .-]?99[ .-]?00|2[ .-]?61[ .-]?91|3[ .-]?53[ .-]?01|4[ .-]?65[ .-]?71"
    r"|5[ .-]?36[ .-]?49|6[ .-]?39[ .-]?98)(?:[ .-]?\d\d){2}()"
)
_EXAMPLE = r"@example\.(?:org|com|net)(?P<edge>$|[^A-Za-z0-9.-]|\.(?:$|[^A-Za-z0-9-]))"
_IBAN = r"(?:^|[^0-9A-Za-z])FR\d\d ?(?:\d{4} ?){2}(?:[0-9A-Z]{4} ?){3}\d{2,3}(?:$|[^0-9A-Za-z])"


@dataclass
class ResidualScan:
    """Counts what identifiers stand in the kept fields, batch after batch.

    Attributes:
        rows: Rows looked at.
        fields: Fields looked at, as table.field.
        hits: (table.field, what) to the row numbers (from 0), the first ten of them, and the count of all.
    """

    rows: int = 0
    fields: set[str] = field(default_factory=set)
    hits: dict[tuple[str, str], tuple[list[int], int]] = field(default_factory=dict)

    def look(
        self,
        table: str,
        batch: pa.RecordBatch,
        names: Iterable[str],
        first_row: int,
        *,
        with_false: Collection[str] = (),
    ) -> None:
        """Look at the text columns `names` of a batch whose first row has the number `first_row` in its table.

        In the columns `with_false` stand false numbers and mails that reach nobody; they are no hits there.
        """
        self.rows += batch.num_rows
        for name in names:
            column = _distinct(batch.column(name))
            if column is None:
                continue
            self.fields.add(f"{table}.{name}")
            for what, found in _find(column.dictionary, with_false=name in with_false):
                if found.true_count:
                    rows = pc.indices_nonzero(pc.take(found, column.indices).fill_null(False))
                    self._note(f"{table}.{name}", what, pc.add(rows, first_row))

    def _note(self, field: str, what: str, rows: pa.Array) -> None:
        named, total = self.hits.get((field, what), ([], 0))
        self.hits[field, what] = (named + rows[: ROWS_NAMED - len(named)].to_pylist(), total + len(rows))

    @classmethod
    def merged(cls, scans: Iterable[ResidualScan]) -> ResidualScan:
        """The scans of several tables as one."""
        whole = cls()
        for scan in scans:
            whole.rows += scan.rows
            whole.fields |= scan.fields
            whole.hits |= scan.hits
        return whole

    @property
    def found(self) -> int:
        """How many values hold an identifier."""
        return sum(total for _, total in self.hits.values())


def _distinct(column: pa.Array) -> pa.DictionaryArray | None:
    """A text column as its distinct values, so that a code that stands in a million rows is looked at once."""
    kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    if not (pa.types.is_string(kind) or pa.types.is_large_string(kind)):
        return None
    return column if pa.types.is_dictionary(column.type) else column.dictionary_encode()


def _find(values: pa.Array, *, with_false: bool) -> list[tuple[str, pa.Array]]:
    """Which of the values hold an identifier, sort by sort; too short ones are told by their length."""
    long = pc.greater_equal(pc.binary_length(values), _SHORTEST)
    if not long.true_count:
        return []
    column = pc.if_else(long, values, pa.scalar(None, values.type))
    return [
        ("a social security number (NIR)", _nirs(column)),
        ("an e-mail address", _but_free(column, _EMAIL, _EXAMPLE if with_false else None)),
        ("a phone number", _but_free(column, _PHONE, _FICTION if with_false else None)),
        ("a bank account (IBAN)", pc.match_substring_regex(column, _IBAN)),
    ]


def _but_free(column: pa.Array, pattern: str, free: str | None) -> pa.Array:
    """Where `pattern` matches once what reaches nobody is taken out; taken out only where something matched."""
    found = pc.match_substring_regex(column, pattern)
    if free is None or not found.true_count:
        return found
    left = pc.replace_substring_regex(pc.if_else(found, column, pa.scalar(None, column.type)), free, r" \1")
    return pc.match_substring_regex(left, pattern)


def _nirs(column: pa.Array) -> pa.Array:
    """Where a number of the NIR's structure has the right key: 97 minus the number modulo 97 (décret 82-103)."""
    parts = pc.extract_regex(column, _NIR)
    digits = pc.replace_substring(pc.struct_field(parts, "body"), " ", "")
    # Corsica: 2A counts as 19 and 2B as 18.
    digits = pc.replace_substring_regex(pc.replace_substring_regex(digits, "2[Aa]", "19"), "2[Bb]", "18")
    number = digits.cast(pa.int64())
    remainder = pc.subtract(number, pc.multiply(pc.divide(number, 97), 97))
    return pc.equal(pc.subtract(97, remainder), pc.struct_field(parts, "key").cast(pa.int64()))
