"""How does a number become coarser? By bands, by one code for all beyond a limit, by rounding.

Each function takes an Arrow array of numbers and gives an array of the same length. NaN is no value: it becomes null
where the result is text.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from transforms.errors import InvalidColumn, InvalidOption

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_NUMBER: Final = r"^\s*[+-]?[0-9]+([.,][0-9]+)?\s*$"


def is_number(type_: pa.DataType) -> bool:
    """Whether values of this Arrow type can be compared with a number; booleans can't."""
    return bool(pa.types.is_integer(type_) or pa.types.is_floating(type_) or pa.types.is_decimal(type_))


def read_numbers(text: pa.Array) -> pa.Array:
    """Read decimal text as float64, with point or comma; null for what is no number."""
    numeric = pc.match_substring_regex(text, _NUMBER)
    plain = pc.replace_substring(pc.utf8_trim_whitespace(text), ",", ".")
    return pc.if_else(numeric, plain, None).cast(pa.float64())


def write_numbers(numbers: pa.Array) -> pa.Array:
    """Write numbers as the shortest decimal text: 90, not 90.0."""
    return numbers.cast(pa.string())


def beyond(numbers: pa.Array, *, top: float | None, bottom: float | None) -> pa.Array:
    """Replace numbers over `top` by `top` and under `bottom` by `bottom`; the type stays."""
    for limit, outside in ((top, pc.greater), (bottom, pc.less)):
        if limit is not None:
            numbers = pc.if_else(outside(numbers, _limit(limit, numbers.type)), _limit(limit, numbers.type), numbers)
    return numbers


def _limit(limit: float, type_: pa.DataType) -> pa.Scalar:
    try:
        return pa.scalar(Decimal(str(limit)) if pa.types.is_decimal(type_) else limit).cast(type_)
    except pa.ArrowInvalid:
        raise InvalidOption(f"{limit} can't stand in a column of {type_}", hint="Take a limit of its type.") from None


def rounded(numbers: pa.Array, *, step: float) -> pa.Array:
    """Round to the nearest multiple of `step`, halves to the even multiple; the type stays.

    Raises:
        InvalidOption: The column holds whole numbers and the step is none, or a result leaves the type's range.
    """
    type_ = numbers.type
    unit = Fraction(str(step))
    if pa.types.is_integer(type_):
        if unit.denominator != 1:
            raise InvalidOption(f"a column of {type_} can't be rounded to {step}", hint="Take a whole number.")
        try:
            return pc.round_to_multiple(numbers, multiple=int(step))
        except pa.ArrowInvalid:
            raise InvalidOption(
                f"rounding to {step} leaves the range of {type_}", hint="Take a smaller step."
            ) from None
    # k * p / q and not k * step: 3 * 0.1 is 0.30000000000000004.
    floats = numbers.cast(pa.float64())
    steps = pc.round(
        pc.divide(pc.multiply(floats, float(unit.denominator)), float(unit.numerator)), round_mode="half_to_even"
    )
    return pc.divide(pc.multiply(steps, float(unit.numerator)), float(unit.denominator)).cast(type_, safe=False)


def banding(
    *, width: float | None, edges: Sequence[float] | None, top: float | None, bottom: float | None
) -> Callable[[pa.Array], pa.Array]:
    """Build the rule that puts each number into its band and names the band in interval notation.

    "[40, 45)" holds 40 and not 45: true of whole numbers and of measurements alike, and no spreadsheet takes it for a
    date, as it does 10-14. Outside the edges or limits stand "<18" and ">=65".
    """
    if (width is None) == (edges is None):
        raise InvalidOption("bands have either a width or edges")
    if edges is not None:
        bounds = [Decimal(str(edge)) for edge in edges]
        if not bounds or any(low >= high for low, high in pairwise(bounds)):
            raise InvalidOption("edges are numbers in rising order, as [18, 40, 65]")
        if top is not None or bottom is not None:
            raise InvalidOption(
                "edges already have a top and a bottom band", hint="Leave out top_code and bottom_code."
            )
        return lambda numbers: _within(numbers, bounds)
    step = Decimal(str(width))
    if not step.is_finite() or step <= 0:
        raise InvalidOption(f"a band's width is a number over 0, not {width}")
    limits = (None if bottom is None else Decimal(str(bottom)), None if top is None else Decimal(str(top)))
    return lambda numbers: _regular(numbers, step, *limits)


def _floats(numbers: pa.Array) -> tuple[np.ndarray[tuple[int], np.dtype[np.float64]], pa.Array]:
    if not is_number(numbers.type):
        raise InvalidColumn(f"a column of {numbers.type} holds no numbers to put in bands")
    floats = numbers.cast(pa.float64(), safe=False)
    exact = pc.fill_null(pc.less(pc.abs(floats), 2.0**53), False)
    return pc.if_else(exact, floats, 0.0).to_numpy(zero_copy_only=False), exact


def _regular(numbers: pa.Array, step: Decimal, bottom: Decimal | None, top: Decimal | None) -> pa.Array:
    floats, exact = _floats(numbers)
    if not len(floats):
        return pa.array([], pa.string())
    limited = np.clip(floats, None if bottom is None else float(bottom), None if top is None else float(top))
    near = np.unique(np.floor(limited / float(step)))
    # The bounds as decimals, one step around each: 0.3 / 0.1 is 2.9999999999999996, and 0.3 belongs to [0.3, 0.4).
    counts = sorted({int(count) + shift for count in near for shift in (-1, 0, 1, 2)})
    lower = [step * count for count in counts]
    band = np.searchsorted(np.array([float(bound) for bound in lower]), limited, side="right") - 1
    labels = [_interval(bound, bound + step) for bound in lower]
    if top is not None:
        band[floats >= float(top)] = len(labels)
        labels.append(f">={_plain(top)}")
    if bottom is not None:
        band[floats <= float(bottom)] = len(labels)
        labels.append(f"<={_plain(bottom)}")
    return pa.array(labels, pa.string()).take(pa.array(band, mask=~exact.to_numpy(zero_copy_only=False)))


def _within(numbers: pa.Array, bounds: list[Decimal]) -> pa.Array:
    floats, exact = _floats(numbers)
    band = np.searchsorted(np.array([float(bound) for bound in bounds]), floats, side="right")
    inner = [_interval(low, high) for low, high in pairwise(bounds)]
    labels = [f"<{_plain(bounds[0])}", *inner, f">={_plain(bounds[-1])}"]
    return pa.array(labels, pa.string()).take(pa.array(band, mask=~exact.to_numpy(zero_copy_only=False)))


def _interval(low: Decimal, high: Decimal) -> str:
    return f"[{_plain(low)}, {_plain(high)})"


def _plain(number: Decimal) -> str:
    text = f"{number.normalize():f}"
    return "0" if text == "-0" else text
