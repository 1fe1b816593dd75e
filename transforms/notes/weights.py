"""What does a trained model weigh? Read from the file that CRFsuite writes, so that a note needs no call into it.

A linear chain gives each attribute of a word a weight a tag, and each pair of tags that follow each other one. The chances
of the tags are what CRFsuite computes from them (a test compares the two), but sums of attributes that come together are
made once for each word of a language, threads need no lock, and any text can be asked about.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    Rows: TypeAlias = np.ndarray[Any, np.dtype[np.float64]]

# crf1d_model.c of CRFsuite 0.12: the header, a feature (kind, source, target, weight), a table of strings (CQDB).
_HEADER: Final = struct.Struct("<4sI4sIIIIIIIII")
_FEATURES: Final = np.dtype([("kind", "<u4"), ("source", "<u4"), ("target", "<u4"), ("weight", "<f8")])
_TABLE: Final = struct.Struct("<4sIIIII")
_ENTRY: Final = struct.Struct("<II")
_OF_WORD, _OF_PAIR = 0, 1
# As many steps before numbers that are multiplied together may leave the range of floating point.
_STEADY: Final = 16
_NOTHING: Final = 1e-9
_SHORT: Final = 32


@dataclass(frozen=True)
class Weights:
    """The weights of a linear chain.

    Attributes:
        tags: The tags, in the order of the columns.
        numbers: Attribute to its row.
        rows: A row an attribute, a column a tag; the last row is nought, for attributes that the model doesn't know.
        follow: exp of the weight of the tag in the column after the tag in the row.
    """

    tags: tuple[str, ...]
    numbers: Mapping[str, int]
    rows: Rows
    follow: Rows

    @cached_property
    def before(self) -> Rows:
        """The same for the tag in the column before the tag in the row."""
        return np.ascontiguousarray(self.follow.T)

    @cached_property
    def spread(self) -> float:
        """How many times as likely one tag may be behind a tag as another."""
        return float(self.follow.max() / self.follow.min())

    def of(self, attributes: Iterable[str]) -> Rows:
        """Sum the weights of attributes that come together."""
        numbers, unknown = self.numbers, len(self.rows) - 1
        total: Rows = self.rows[[numbers.get(attribute, unknown) for attribute in attributes]].sum(axis=0)
        return total

    def chances(self, scores: Rows, sentences: Sequence[tuple[int, int, list[int]]]) -> Rows:
        """Give each tag's chance at the wanted places of sentences: a row a place in their order, a column a tag.

        What stands far from a place says nothing of it, once words of which only one tag can be true stand between: there
        the sums begin and end, within a billionth of what the whole sentence gives.

        Args:
            scores: A row a place of all sentences, a column a tag: the sums of the weights of its attributes.
            sentences: Where each begins and ends in `scores`, and its wanted places in order, one at least.
        """
        likely: Rows = np.exp(scores - scores.max(axis=1, keepdims=True))
        doubts = ((likely.sum(axis=1) - 1) * self.spread).tolist()
        spans = [(*_span(doubts, start, end, wanted), wanted) for start, end, wanted in sentences]
        chances: Rows = np.empty((sum(len(wanted) for *_, wanted in sentences), likely.shape[1]))
        rows = iter(range(len(chances)))
        short: list[tuple[int, int, list[int], list[int]]] = []
        for left, right, wanted in spans:
            span = (left, right, wanted, [next(rows) for _ in wanted])
            if right - left < _SHORT:
                short.append(span)
            else:
                self._fill(chances, likely, [span])
        if short:
            self._fill(chances, likely, short)
        chances /= chances.sum(axis=1, keepdims=True)
        return chances

    def _fill(self, chances: Rows, likely: Rows, spans: Sequence[tuple[int, int, list[int], list[int]]]) -> None:
        """Sum from the left and from the right over spans side by side; what runs past the end of a shorter one is not used."""
        lefts = np.array([left for left, *_ in spans])
        rights = np.array([right for _, right, *_ in spans])
        steps = range(int((rights - lefts).max()) + 1)
        ahead = _sums([likely[np.minimum(lefts + step, rights)] for step in steps], self.follow)
        behind = _sums([likely[np.maximum(rights - step, lefts)] for step in steps], self.before)
        places = np.array([place for *_, wanted, _ in spans for place in wanted])
        rows = [row for *_, numbers in spans for row in numbers]
        which = np.repeat(np.arange(len(spans)), [len(wanted) for *_, wanted, _ in spans])
        chances[rows] = ahead[places - lefts[which], which] * behind[rights[which] - places, which] / likely[places]


def _span(doubts: Sequence[float], start: int, end: int, wanted: Sequence[int]) -> tuple[int, int]:
    """Give the first and the last place that have a say about the wanted ones."""
    left, right, doubt = wanted[0], wanted[-1], 1.0
    while left > start and doubt > _NOTHING:
        left -= 1
        doubt *= min(1.0, doubts[left])
    doubt = 1.0
    while right < end - 1 and doubt > _NOTHING:
        right += 1
        doubt *= min(1.0, doubts[right])
    return left, right


def _sums(rows: Sequence[Rows], follow: Rows) -> Rows:
    """Sum over all ways to tag the places up to each one, up to a factor a place."""
    sums = rows[0]
    ahead = [sums]
    for number, row in enumerate(rows[1:], 1):
        sums = (sums @ follow) * row
        if not number % _STEADY:
            sums /= sums.max(axis=1, keepdims=True)
        ahead.append(sums)
    return np.stack(ahead)


def read_weights(model: bytes) -> Weights:
    """Read a model of CRFsuite: its weights are the same for as long as the process lives."""
    *_, features, labels, attributes, _, _ = _HEADER.unpack_from(model)
    count = int.from_bytes(model[features + 8 : features + 12], "little")
    records = np.frombuffer(model, _FEATURES, count, features + 12)
    tags, names = _strings(model, labels), _strings(model, attributes)
    rows = np.zeros((len(names) + 1, len(tags)))
    follow = np.zeros((len(tags), len(tags)))
    for kind, into in ((_OF_WORD, rows), (_OF_PAIR, follow)):
        some = records[records["kind"] == kind]
        into[some["source"], some["target"]] = some["weight"]
    return Weights(tuple(tags), {name: number for number, name in enumerate(names)}, rows, np.exp(follow))


def _strings(model: bytes, at: int) -> list[str]:
    """Read a table of strings in the order of their numbers."""
    *_, count, offsets = _TABLE.unpack_from(model, at)
    strings = []
    for offset in np.frombuffer(model, "<u4", count, at + offsets).tolist():
        _, length = _ENTRY.unpack_from(model, at + offset)
        start = at + offset + _ENTRY.size
        strings.append(model[start : start + length - 1].decode("utf-8"))
    return strings
