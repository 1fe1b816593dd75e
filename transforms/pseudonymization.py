"""Which pseudonym, that nobody can turn back, stands for each value of a column?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from transforms.canonical import canonical_text
from transforms.column import ColumnT, read_column
from transforms.crypto.cmac import ColumnCmac
from transforms.crypto.encodings import BASE32, HEX, text_of_tags
from transforms.dictionary import on_column
from transforms.errors import InvalidColumn
from transforms.normalization import normalized

if TYPE_CHECKING:
    from transforms.column import ArrowColumn
    from transforms.keys import Key
    from transforms.normalization import Normalization

_ENCODINGS: Final = {"hex": HEX, "base32": BASE32}


def pseudonymize(
    column: ColumnT,
    key: Key,
    *,
    field: str,
    normalize: bool | Normalization = True,
    encoding: Literal["hex", "base32"] = "hex",
) -> ColumnT:
    """Replace every value of a column by a keyed pseudonym that nobody can turn back, the same for the same value.

    The pseudonym is AES-128-CMAC (RFC 4493, NIST SP 800-38B) of the value's canonical text (`transforms.canonical`:
    12345, 12345.0 and "12345" are one text), under a key that HKDF-SHA256 derives for domain, linking label and
    version. Without the key it can be neither computed nor checked, which a plain hash can (EDPB guidelines 01/2025).

    Args:
        column: n values: text, integers, floats that hold ids, decimals, dates, times, booleans or bytes, in a pandas
            or polars Series or any Arrow column. Never changed.
        key: The key of the pseudonymization domain.
        field: The linking label. Columns with equal labels (and domain, secret, version) get equal pseudonyms for
            equal values; columns with different labels can't be linked.
        normalize: True: NFC, and no white space around the value. False: nothing. Or a name of
            `transforms.normalization`, as "name" or "compact".
        encoding: "hex": 32 characters. "base32": 26 (RFC 4648, without padding).

    Returns:
        n strings in the caller's kind of column; null for null; a dictionary (categorical) for a dictionary.

    Raises:
        InvalidColumn: A type without a canonical text, or an unknown normalization or encoding.
        InvalidValue: Floats too large to hold an id exactly; names their rows.
        InvalidKey: An empty linking label.

    Example:
        >>> import pyarrow as pa
        >>> from transforms import Key
        >>> key = Key(bytes(range(32)), domain="eds-cardio", id="k1")
        >>> pseudonymize(pa.array(["Dupont", "Dupont ", None]), key, field="last_name").to_pylist()
        ['61e3c437c95c9b2d7f8cb13c1aa29440', '61e3c437c95c9b2d7f8cb13c1aa29440', None]
    """
    if encoding not in _ENCODINGS:
        raise InvalidColumn("that encoding is unknown", hint=f"Choose one of {', '.join(_ENCODINGS)}.")
    cmac = ColumnCmac(key.derive("pseudonymize", field))

    def change(values: ArrowColumn) -> ArrowColumn:
        text = normalized(canonical_text(values), normalize)
        return text_of_tags(text, cmac.tags_of, _ENCODINGS[encoding])

    source = read_column(column)
    back: ColumnT = source.like(on_column(source.values, change))
    return back
