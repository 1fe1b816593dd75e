"""How are characters left out of a whole column of text? By one pass over its bytes: a pattern costs 20 times that."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from transforms.crypto.blocks import run_of

if TYPE_CHECKING:
    from transforms.crypto.blocks import Bools, Bytes, Run

_SPACE = 0x20


def rows_with(run: Run, marked: Bools) -> Bools:
    """Say which values hold any of the bytes that a table of 256 marks."""
    first, last = int(run.offsets[0]), int(run.offsets[-1])
    return _rows(run, np.flatnonzero(np.take(marked, run.data[first:last], mode="clip")) + first)


def rows_with_two_spaces(run: Run) -> Bools:
    """Say which values hold two spaces in a row; maybe also those that begin with one after a value that ends so."""
    first, last = int(run.offsets[0]), int(run.offsets[-1])
    space = run.data[first:last] == _SPACE
    return _rows(run, np.flatnonzero(space[1:] & space[:-1]) + first)


def without(array: pa.Array, unwanted: Bools) -> pa.Array:
    """Leave out the bytes that a table of 256 marks.

    Args:
        array: n strings. A table that marks some bytes from 0x80 up must mark all of them.
        unwanted: 256 booleans.

    Example:
        >>> without(pa.array(["2 85 05", None]), np.arange(256) == 0x20).to_pylist()
        ['28505', None]
    """
    run = run_of(array)
    data = run.data[int(run.offsets[0]) : int(run.offsets[-1])]
    return kept(array, run, data, ~np.take(unwanted, data, mode="clip"))


def with_single_spaces(array: pa.Array, separators: Bools) -> pa.Array:
    """Write one space for each run of the bytes that a table of 256 marks.

    Args:
        array: n strings that neither begin nor end with such a byte.
        separators: 256 booleans, false from 0x80 up.

    Example:
        >>> with_single_spaces(pa.array(["LE - GOFF"]), np.isin(np.arange(256), [0x20, 0x2D])).to_pylist()
        ['LE GOFF']
    """
    run = run_of(array)
    data = run.data[int(run.offsets[0]) : int(run.offsets[-1])].copy()
    separates = np.take(separators, data, mode="clip")
    data[separates] = _SPACE
    keep = ~separates
    keep[1:] |= ~separates[:-1]
    return kept(array, run, data, keep)


def _rows(run: Run, places: np.ndarray) -> Bools:
    rows = np.zeros(len(run), np.bool_)
    rows[np.searchsorted(run.offsets, places, side="right") - 1] = True
    return rows


def kept(array: pa.Array, run: Run, data: Bytes, keep: Bools) -> pa.Array:
    """Build the array of what is kept of `data`, the bytes from a run's first offset to its last."""
    before = np.zeros(len(data) + 1, run.offsets.dtype)
    np.cumsum(keep, out=before[1:])
    offsets = before[run.offsets - run.offsets[0]]
    bitmap = None if run.valid is None else pa.array(run.valid).buffers()[1]
    return pa.Array.from_buffers(array.type, len(array), [bitmap, pa.py_buffer(offsets), pa.py_buffer(data[keep])])
