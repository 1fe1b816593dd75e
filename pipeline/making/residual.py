"""Does a field that the release keeps still hold an identifier? Every row is looked at.

One social security number in ten thousand comments is a breach like ten thousand of them. The patterns are strict:
they find what is certainly an identifier (the NIR by its key), because a hit stops the run.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from numpy.typing import NDArray

ROWS_NAMED = 10

# Most values hold no identifier, and their lengths and digits say so at a hundredth of what a pattern costs.
_SHORTEST_MAIL: Final = 6  # a@b.fr
_FEWEST_DIGITS: Final = 10  # a phone number; a NIR has 15, an IBAN 14 at least
_NIR_NUMBERS: Final = (10**14, 9 * 10**14)
# A column of numbers holds NIRs or none: of codes of 15 digits (SNOMED CT has some) one in 97 has the right key.
_NIR_SHARE: Final = 0.5

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


_A_NIR: Final = "a social security number (NIR)"
_NIR_LENGTH: Final = 15

Hits: TypeAlias = "dict[str, list[tuple[str, NDArray[np.int64]]]]"
"""Field to what was found in it, and in which rows of a batch."""


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
        """Look at the columns `names` of a batch whose first row has the number `first_row` in its table."""
        self.add(table, look(batch, names, with_false=with_false), batch.num_rows, first_row)

    def add(self, table: str, hits: Hits, rows: int, first_row: int) -> None:
        """Take what `look` found in the next batch of a table."""
        self.rows += rows
        self.fields.update(f"{table}.{name}" for name in hits)
        for name, found in hits.items():
            for what, at in found:
                named, total = self.hits.get((f"{table}.{name}", what), ([], 0))
                more = [first_row + int(row) for row in at[: ROWS_NAMED - len(named)]]
                self.hits[f"{table}.{name}", what] = (named + more, total + len(at))

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


def look(batch: pa.RecordBatch, names: Iterable[str], *, with_false: Collection[str] = ()) -> Hits:
    """Look at the columns `names` of a batch.

    In the columns `with_false` stand false numbers and mails that reach nobody; they are no hits there.

    Returns:
        Each column that was looked at, to what stands in it and in which rows of the batch; nothing, as it should be.
    """
    looked = {name: _look(batch.column(name), with_false=name in with_false) for name in names}
    return {name: found for name, found in looked.items() if found is not None}


def _look(column: pa.Array, *, with_false: bool) -> list[tuple[str, NDArray[np.int64]]] | None:
    if pa.types.is_dictionary(column.type):
        within = _look(column.dictionary, with_false=with_false)
        # A code that stands in a million rows is looked at once.
        return within and [(what, rows) for what, entries in within if len(rows := _rows_of(column, entries))]
    if pa.types.is_string_view(column.type):
        column = column.cast(pa.large_string())
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        candidates = _candidates(column)
        return _found(column.take(pa.array(candidates)), candidates, with_false=with_false) if len(candidates) else []
    if pa.types.is_integer(column.type) or pa.types.is_floating(column.type):
        return _numbers(column)
    return None


def _rows_of(column: pa.DictionaryArray, entries: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.flatnonzero(pc.is_in(column.indices.cast(pa.int64()), pa.array(entries)).to_numpy(zero_copy_only=False))


def _candidates(column: pa.Array) -> NDArray[np.int64]:
    """The rows whose text has an @, or as many digits as the shortest number has: no other can hold an identifier."""
    kind = np.int64 if pa.types.is_large_string(column.type) else np.int32
    if not len(column) or column.buffers()[2] is None:
        return np.zeros(0, np.int64)
    offsets = np.frombuffer(column.buffers()[1], kind)[column.offset : column.offset + len(column) + 1]
    lengths = np.diff(offsets)
    if int(lengths.max()) < _SHORTEST_MAIL:
        return np.zeros(0, np.int64)
    data = np.frombuffer(column.buffers()[2], np.uint8)[offsets[0] : offsets[-1]]
    offsets = (offsets - offsets[0]).astype(np.int64)
    wanted = np.zeros(len(column), np.bool_)
    at_signs = np.flatnonzero(data == ord("@"))
    wanted[np.searchsorted(offsets, at_signs, side="right") - 1] = True
    if int(lengths.max()) >= _FEWEST_DIGITS:
        is_digit = (data - np.uint8(ord("0"))) < 10
        if int(np.count_nonzero(is_digit)) >= _FEWEST_DIGITS:
            before = np.zeros(len(data) + 1, np.int32)
            np.cumsum(is_digit, out=before[1:])
            wanted |= (before[offsets[1:]] - before[offsets[:-1]]) >= _FEWEST_DIGITS
    if column.null_count:
        wanted &= pc.is_valid(column).to_numpy(zero_copy_only=False)
    return np.flatnonzero(wanted)


def _found(values: pa.Array, rows: NDArray[np.int64], *, with_false: bool) -> list[tuple[str, NDArray[np.int64]]]:
    """What stands in the values, which are those of `rows`; equal ones are looked at once."""
    encoded = values.dictionary_encode()
    hits = []
    for what, entries in _find(encoded.dictionary, with_false=with_false):
        if entries.true_count:
            at = pc.take(entries, encoded.indices).fill_null(False)
            hits.append((what, rows[np.flatnonzero(at.to_numpy(zero_copy_only=False))]))
    return hits


def _numbers(column: pa.Array) -> list[tuple[str, NDArray[np.int64]]]:
    """NIRs that a source gave as numbers. The other numbers that identify are too short to be certain of."""
    least, below = _NIR_NUMBERS
    span = pc.min_max(column)
    if not span["max"].is_valid or span["max"].as_py() < least:
        return []
    rows = pc.indices_nonzero(pc.and_(pc.greater_equal(column, least), pc.less(column, below)).fill_null(False))
    if not len(rows):
        return []
    texts = pc.round(column.take(rows)).cast(pa.float64()).cast(pa.int64()).cast(pa.string())
    nirs = pc.and_(pc.equal(pc.utf8_length(texts), _NIR_LENGTH), _nirs(texts)).fill_null(False)
    at = rows.to_numpy()[np.flatnonzero(nirs.to_numpy(zero_copy_only=False))].astype(np.int64)
    return [(_A_NIR, at)] if len(at) > _NIR_SHARE * len(rows) else []


def _find(values: pa.Array, *, with_false: bool) -> list[tuple[str, pa.Array]]:
    """Which of the values hold an identifier, sort by sort."""
    return [
        (_A_NIR, _nirs(values)),
        ("an e-mail address", _but_free(values, _EMAIL, _EXAMPLE if with_false else None)),
        ("a phone number", _but_free(values, _PHONE, _FICTION if with_false else None)),
        ("a bank account (IBAN)", pc.match_substring_regex(values, _IBAN)),
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
