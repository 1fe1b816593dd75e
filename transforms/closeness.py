"""How far is a class's distribution of a sensitive value from the whole table's? The Earth Mover's Distance of t-closeness.

N. Li, T. Li, S. Venkatasubramanian: t-Closeness, ICDE 2007, sections 3.2 (numbers: ordered distance) and 3.3
(categories: equal distance). Classes are sparse, so the distances are computed from the values that a class has, in
time O(entries * log values), and not from a matrix of classes by values.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Ints = npt.NDArray[np.int64]
    Floats = npt.NDArray[np.float64]


def equal_distances(starts: Ints, codes: Ints, weights: Ints, *, totals: Ints | None = None) -> Floats:
    """Distance of each class from the whole where any two values are equally far apart: half the L1 distance.

    Args:
        starts: Where each of c classes begins among the entries; no class is empty.
        codes: The value of each of e entries, 0 to m - 1, each at most once in a class.
        weights: How many records each entry stands for.
        totals: How many records of the whole table have each of the m values, where these classes are not all of it.

    Returns:
        c distances from 0 to 1.
    """
    table = np.bincount(codes, weights) if totals is None else totals
    whole = table / table.sum()
    here = weights / _sizes(starts, weights)
    apart = np.add.reduceat(np.abs(here - whole[codes]), starts)
    absent = 1 - np.add.reduceat(whole[codes], starts)
    distances: Floats = (apart + absent) / 2
    return distances


def ordered_distances(starts: Ints, codes: Ints, weights: Ints, *, totals: Ints | None = None) -> Floats:
    """Distance of each class from the whole where the values lie on a line, m - 1 steps from first to last.

    Args:
        starts: Where each of c classes begins among the entries; no class is empty.
        codes: The rank of each of e entries' values, 0 to m - 1, each at most once in a class.
        weights: How many records each entry stands for.
        totals: How many records of the whole table have each of the m values, where these classes are not all of it.

    Returns:
        c distances from 0 to 1.
    """
    entries = len(codes)
    owner = np.repeat(np.arange(len(starts)), np.diff(np.append(starts, entries)))
    order = np.lexsort((codes, owner))
    codes, weights = codes[order], weights[order]
    table = np.bincount(codes, weights) if totals is None else totals
    last = len(table) - 1
    if last == 0:
        return np.zeros(len(starts))
    running = np.cumsum(weights)
    before = np.repeat(running[starts] - weights[starts], np.diff(np.append(starts, entries)))
    share = (running - before) / _sizes(starts, weights)
    whole = np.cumsum(table) / table.sum()
    area = np.concatenate(([0.0], np.cumsum(whole)))
    # Between two of its values a class's cumulated share is flat, the whole's rises: their distance in area, split
    # where the whole passes the class.
    following = np.append(codes[1:], last + 1)
    following[np.append(starts[1:], entries) - 1] = last + 1
    passed = np.clip(np.searchsorted(whole, share, side="right"), codes, following)
    below = share * (passed - codes) - (area[passed] - area[codes])
    above = (area[following] - area[passed]) - share * (following - passed)
    distances: Floats = (np.add.reduceat(below + above, starts) + area[codes[starts]]) / last
    return distances


def _sizes(starts: Ints, weights: Ints) -> Ints:
    """Total weight of each entry's class, one for each entry."""
    sizes: Ints = np.repeat(np.add.reduceat(weights, starts), np.diff(np.append(starts, len(weights))))
    return sizes
