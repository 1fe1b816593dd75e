"""How does a column say less? Coarser values (generalize), hidden characters (mask), none at all (suppress)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.compute as pc

from transforms.coarse_codes import NO_SUCH_CODE, Hierarchy, rule_for
from transforms.coarse_numbers import banding, beyond, is_number, read_numbers, rounded, write_numbers
from transforms.column import ColumnT, read_column
from transforms.errors import InvalidColumn, InvalidOption
from transforms.recode import Invalid, as_text, check_invalid, is_text, one_array, recode, value_type

if TYPE_CHECKING:
    from collections.abc import Sequence

    from transforms.column import ArrowColumn
    from transforms.recode import Rule


def generalize(
    column: ColumnT,
    *,
    to: Hierarchy | None = None,
    level: int | None = None,
    width: float | None = None,
    edges: Sequence[float] | None = None,
    top_code: float | None = None,
    bottom_code: float | None = None,
    round_to: float | None = None,
    prefix: int | None = None,
    invalid: Invalid = "stop",
) -> ColumnT:
    """Replace each value by a coarser one, so that a record says less of its person.

    One request a call, written in a plan as a step: `{transform: generalize, to: departement}`.

    | request | what comes back |
    | --- | --- |
    | `to="departement"` | a postal code's département: 2A, 2B, 971..., 99 abroad (text) |
    | `to="region"` | its région's name, as the INSEE writes it (text) |
    | `to="icd10_chapter"` | chapter of CIM-10 / ICD-10, in Roman numbers (text) |
    | `to="icd10_three"` | its three-character category (text) |
    | `to="atc_level", level=1..5` | an ATC code's group at that level (text) |
    | `width=5` | equal bands: "[40, 45)" holds 40 and not 45 (text); with `top_code` also ">=90" |
    | `edges=[18, 65]` | bands of one's own: "<18", "[18, 65)", ">=65" (text) |
    | `top_code=90`, `bottom_code=...` | all beyond the limit becomes the limit (type kept) |
    | `round_to=10` | nearest multiple, halves to the even one (type kept) |
    | `prefix=3` | first characters (text) |

    Args:
        column: n values of any kind of column. Codes: text or whole numbers (a postal code that lost its leading zero
            is understood). Numbers: integers, floats, decimals, or text that holds them (point or comma).
        to: A hierarchy of codes, see above.
        level: Level in the ATC, 1 (anatomical main group) to 5 (chemical substance).
        width: Width of equal bands that begin at 0, in the column's unit.
        edges: Bounds of bands, rising.
        top_code: Highest value told; HIPAA's safe harbor and the default policy put ages at 90.
        bottom_code: Lowest value told.
        round_to: Step of the rounding, in the column's unit.
        prefix: How many characters to keep.
        invalid: What becomes of a value that the request can't take: "stop" (an error) or "suppress" (null).

    Returns:
        n values in the caller's kind of column. Null stays null; NaN where text comes back is null.

    Raises:
        InvalidOption: No request, or requests that contradict each other.
        InvalidColumn: The column's type holds no such values.
        InvalidValue: Values that are no such code or number; names their rows.

    Example:
        >>> generalize(pa.array(["20090", "1000", None]), to="departement").to_pylist()
        ['2A', '01', None]
        >>> generalize(pa.array([41, 97]), width=5, top_code=90).to_pylist()
        ['[40, 45)', '>=90']
        >>> generalize(pa.array([41, 97]), top_code=90).to_pylist()
        [41, 90]
    """
    check_invalid(invalid)
    _check_numbers(width=width, top_code=top_code, bottom_code=bottom_code, round_to=round_to, prefix=prefix)
    _check_numbers(**{f"edges[{position}]": edge for position, edge in enumerate(edges or [])})
    banded = width is not None or edges is not None
    limited = not banded and (top_code is not None or bottom_code is not None)
    asked = {
        "to": to is not None,
        "bands": banded,
        "top_code or bottom_code": limited,
        "round_to": round_to is not None,
        "prefix": prefix is not None,
    }
    requests = [name for name, is_asked in asked.items() if is_asked]
    if len(requests) != 1:
        raise InvalidOption(
            f"generalize was asked for {' and '.join(requests) or 'nothing'}",
            hint="Ask for one of to, width, edges, top_code and bottom_code, round_to, prefix.",
        )
    if level is not None and to is None:
        raise InvalidOption("a level belongs to to=atc_level only")
    if top_code is not None and bottom_code is not None and bottom_code >= top_code:
        raise InvalidOption("bottom_code lies below top_code")
    read = read_column(column)
    values = read.values
    if to is not None:
        result = recode(values, rule_for(to, level=level), what=NO_SUCH_CODE[to], hint=_SUPPRESS, invalid=invalid)
    elif prefix is not None:
        result = _prefixes(values, prefix, invalid)
    elif banded:
        rule = banding(width=width, edges=edges, top=top_code, bottom=bottom_code)
        result = _numbers_to_text(values, rule, invalid)
    elif round_to is not None:
        if not round_to > 0:
            raise InvalidOption(f"round_to is a number over 0, not {round_to}")
        result = _numbers(values, lambda numbers: rounded(numbers, step=round_to), invalid)
    else:
        result = _numbers(values, lambda numbers: beyond(numbers, top=top_code, bottom=bottom_code), invalid)
    back: ColumnT = read.like(result)
    return back


def _check_numbers(**options: object) -> None:
    """Refuse what YAML may hold in the place of a number."""
    for name, value in options.items():
        if value is not None and (
            isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value)
        ):
            raise InvalidOption(f"{name} is a number, not {value!r}")


_SUPPRESS: Final = "Correct them, or say invalid: suppress."
_NO_NUMBERS: Final = "can't be read as a number"


def _prefixes(values: ArrowColumn, length: int, invalid: Invalid) -> pa.Array:
    if length < 1 or length != int(length):
        raise InvalidOption(f"prefix keeps 1 character or more, not {length}")
    return recode(
        values,
        lambda codes: pc.utf8_slice_codeunits(as_text(codes), 0, length),
        what="can't be read as a whole number",
        hint=_SUPPRESS,
        invalid=invalid,
    )


def _numbers_to_text(values: ArrowColumn, rule: Rule, invalid: Invalid) -> pa.Array:
    if is_text(value_type(values.type)):
        return recode(
            values,
            lambda text: rule(read_numbers(text.cast(pa.string()))),
            what=_NO_NUMBERS,
            hint=_SUPPRESS,
            invalid=invalid,
        )
    return recode(values, rule, what="can't be put in a band", hint=_SUPPRESS, invalid=invalid)


def _numbers(values: ArrowColumn, rule: Rule, invalid: Invalid) -> pa.Array:
    """Apply a rule that keeps the type: at once to numbers, through the distinct values to what must be read first."""
    held = value_type(values.type)
    if pa.types.is_null(held):
        return one_array(values)
    if is_text(held):

        def reread(text: pa.Array) -> pa.Array:
            before = read_numbers(text.cast(pa.string()))
            after = rule(before)
            # A number that the rule leaves alone keeps its writing: 41,50 does not become 41.5.
            return pc.if_else(pc.equal(before, after), text.cast(pa.string()), write_numbers(after))

        return recode(values, reread, what=_NO_NUMBERS, hint=_SUPPRESS, invalid=invalid)
    if not is_number(held):
        raise InvalidColumn(f"a column of {held} holds no numbers")
    if pa.types.is_dictionary(values.type):
        return recode(values, rule, what=_NO_NUMBERS, hint=_SUPPRESS, invalid=invalid)
    return rule(one_array(values))


def suppress(column: ColumnT) -> ColumnT:
    """Replace every value by null: the field stays, what it said is gone.

    Args:
        column: n values of any kind of column.

    Returns:
        n nulls of the same type in the caller's kind of column; a dictionary column's dictionary is empty too. A kind
        that can't hold null (a pandas column on numpy integers) comes back as the nearest that can.

    Example:
        >>> suppress(pa.array(["Dupont", "Zoé"])).to_pylist()
        [None, None]
    """
    read = read_column(column)
    back: ColumnT = read.like(pa.nulls(len(read.values), read.values.type))
    return back


def mask(column: ColumnT, *, keep_last: int = 0, character: str = "*") -> ColumnT:
    """Replace all but the last characters of each value by a mask, for a screen or a form.

    A mask is no pseudonym: what stays visible, and the length, still tell people apart.

    Args:
        column: n values of text, or of numbers whose digits are meant.
        keep_last: How many characters stay. A value that is no longer than that is masked whole.
        character: The one character of the mask.

    Returns:
        n values of text of the same lengths in the caller's kind of column. Null stays null.

    Raises:
        InvalidOption: `keep_last` is negative, or `character` isn't one character.
        InvalidColumn: The column's type holds neither text nor numbers.

    Example:
        >>> mask(pa.array(["0612345678", None, "15"]), keep_last=2).to_pylist()
        ['********78', None, '**']
    """
    if keep_last < 0:
        raise InvalidOption(f"keep_last is 0 or more, not {keep_last}")
    if len(character) != 1:
        raise InvalidOption(f"a mask is one character, not {len(character)}")
    read = read_column(column)

    def masked(values: pa.Array) -> pa.Array:
        text = as_text(values)
        lengths = pc.utf8_length(text)
        hidden = pc.if_else(pc.greater(lengths, keep_last), pc.subtract(lengths, keep_last), lengths)
        kept = pc.utf8_slice_codeunits(text, -keep_last, None) if keep_last else pc.utf8_slice_codeunits(text, 0, 0)
        kept = pc.if_else(pc.greater(lengths, keep_last), kept, "")
        return pc.binary_join_element_wise(pc.binary_repeat(character, hidden), kept, "")

    result = recode(read.values, masked, what="can't be read as a whole number", hint="Cast the column to text first.")
    back: ColumnT = read.like(result)
    return back
