"""How many persons stand in classes of which size, drawn so that no small number can be read off or worked out?

A bar for under 10 persons has one fixed height, and all other counts are rounded to tens: so the one small count
can't be had by subtracting the others from the total.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pipeline.report.wording import SMALLEST_SHOWN, rounded, rounded_in_words

if TYPE_CHECKING:
    from collections.abc import Iterable

_STEPS: Final = (1, 2, 3, 5, 10, 20, 50, 100)
_TOP: Final = 28
_BASE: Final = 190
_LEAST: Final = 4


@dataclass(frozen=True)
class Bar:
    """One bar: persons in classes whose size lies between `low` and `high`.

    Attributes:
        label: The sizes, such as "5–9".
        count: The persons, in words.
        small: Whether these classes are under the policy's threshold.
        x: Left edge, in percent of the picture's width.
        y: Top edge, in pixels.
        width: Width, in percent.
        height: Height, in pixels; 0 for no persons.
    """

    label: str
    count: str
    small: bool
    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> float:
        """Where its labels are centred, in percent."""
        return round(self.x + self.width / 2, 2)


@dataclass(frozen=True)
class Histogram:
    """The bars, ready to be drawn: percent across, so that text keeps its size on a telephone, and pixels down.

    Attributes:
        bars: From the smallest classes to the largest.
        base: Where the bars stand, in pixels from the top.
    """

    bars: tuple[Bar, ...]
    base: int = _BASE

    @classmethod
    def of(cls, sizes: Iterable[tuple[int, int]], *, k_warn: int | None) -> Histogram:
        """Gather (class size, persons) into bars.

        Example:
            >>> bars = Histogram.of([(1, 4), (7, 1204)], k_warn=5).bars
            >>> [(bar.label, bar.count) for bar in bars if bar.height]
            [('1', '<10'), ('5–9', '1,200')]
        """
        edges = sorted({*_STEPS, *([k_warn] if k_warn else [])})
        persons = [0] * len(edges)
        for size, count in sizes:
            persons[max(index for index, low in enumerate(edges) if low <= max(size, 1))] += count
        tallest = max([rounded(count) for count in persons] + [SMALLEST_SHOWN])
        slot = 100 / len(edges)
        bars = []
        for index, (low, count) in enumerate(zip(edges, persons, strict=True)):
            high = edges[index + 1] - 1 if index + 1 < len(edges) else None
            label = f"{low}+" if high is None else str(low) if high == low else f"{low}–{high}"
            height = max(_LEAST, (_BASE - _TOP) * rounded(count) / tallest) if count else 0
            bars.append(
                Bar(
                    label=label,
                    count=rounded_in_words(count),
                    small=bool(k_warn) and low < (k_warn or 0),
                    x=round((index + 0.08) * slot, 2),
                    y=round(_BASE - height, 1),
                    width=round(0.84 * slot, 2),
                    height=round(height, 1),
                )
            )
        return cls(tuple(bars))
