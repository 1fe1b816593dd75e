"""Which false but plausible value stands for a person's name, city, street, phone or mail?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from transforms.canonical import canonical_string
from transforms.column import ColumnT, read_column
from transforms.crypto.cmac import cmac_column
from transforms.dictionary import in_pieces, once_each, through_dictionary
from transforms.errors import InvalidColumn
from transforms.normalization import normalized
from transforms.pools import LOCALES
from transforms.surrogate_makers import MAKERS, Values

if TYPE_CHECKING:
    from collections.abc import Callable

    from transforms.column import ArrowColumn
    from transforms.keys import Key
    from transforms.surrogate_makers import Choice


def surrogate(column: ColumnT, key: Key, *, kind: str, locale: str = "fr_FR") -> ColumnT:
    """Replace every value by a false one of the same kind, chosen by the key: the same value, the same false one.

    The choice is by AES-CMAC of the normalized value under a key that HKDF-SHA256 derives for domain, kind and
    version, from pools that travel with the package. So a person has the same false name in tables and notes. Two
    persons may share one; for joins there is `pseudonymize`. It can't be turned back, and is never the person's own.

    | kind | becomes |
    | --- | --- |
    | `first_name` | a first name of the same usual sex (INSEE), or of either where none is usual |
    | `last_name`, `city` | another; case as it was |
    | `person_name` | first and last name, neither of them the person's; sex by title or first name |
    | `address` | number and street, without postal code and city |
    | `phone` | a number of the same zone that is kept free for fiction |
    | `email` | an address at example.org (RFC 2606) |

    Args:
        column: n values, text, in a pandas or polars Series or any Arrow column.
        key: The key of the pseudonymization domain.
        kind: A kind of the table.
        locale: Of the pools; "fr_FR" is there.

    Returns:
        n strings in the caller's kind of column; null for null, empty for empty; a dictionary for a dictionary.

    Raises:
        InvalidColumn: A kind or locale without a pool, or a column without a canonical text.

    Example:
        >>> import pyarrow as pa
        >>> from transforms import Key
        >>> key = Key(bytes(range(32)), domain="eds-cardio", id="k1")
        >>> surrogate(pa.array(["DUPONT", "Dupont", None]), key, kind="last_name").to_pylist()
        ['JOUBERT', 'Joubert', None]
    """
    if kind not in MAKERS:
        raise InvalidColumn("that kind has no surrogates", hint=f"Choose one of {', '.join(MAKERS)}.")
    if locale not in LOCALES:
        raise InvalidColumn("that locale has no pools", hint=f"Choose one of {', '.join(LOCALES)}.")
    maker = MAKERS[kind]
    secret = key.derive("surrogate", kind)

    def one(text: pa.Array) -> pa.Array:
        spelled = normalized(text, maker.normalization)
        chosen = cmac_column(spelled, secret).view(np.uint64)
        result = _never_own(Values(text, spelled, chosen, locale), maker.make)
        nothing = pc.or_kleene(pc.equal(spelled, ""), pc.is_null(spelled))
        return pc.if_else(nothing, spelled, result) if pc.any(nothing).as_py() else result

    source = read_column(column)
    if pa.types.is_dictionary(source.values.type):
        result = through_dictionary(source.values, lambda entries: in_pieces(_plain(entries), one))
    else:
        result = once_each(_plain(source.values), one)
    back: ColumnT = source.like(result)
    return back


def _plain(values: ArrowColumn) -> ArrowColumn:
    return canonical_string(values).cast(pa.string())


def _never_own(values: Values, make: Callable[[Values], Choice]) -> pa.Array:
    choice = make(values)
    own = choice.own(values)
    rows = np.flatnonzero(own)
    if not len(rows):
        return choice.result
    return pc.replace_with_mask(choice.result, pa.array(own), _never_own(values.again(rows), make))
