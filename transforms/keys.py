"""Which secret makes a pseudonym, and how is a separate AES key derived for each domain, purpose and linking label?

A plain hash of an identifier is no pseudonym: anyone can hash every NIR. EDPB guidelines 01/2025 want a keyed function
with a secret of high entropy that never enters the domain of the pseudonyms, so a `Key` shows its secret to nobody by
accident: not in a repr, an error, a pickle, a copy, a JSON document or an Airflow XCom.
"""

from __future__ import annotations

import secrets
import unicodedata
from hmac import compare_digest
from typing import Final, NoReturn, SupportsIndex, final

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from transforms.errors import InvalidKey

_SHORTEST_SECRET: Final = 16
_SCHEME: Final = b"douane/key/1"
_LONGEST_LABEL: Final = 1000


class KeyMayNotLeave(InvalidKey, TypeError):
    """A key was about to be pickled or copied, and so to reach a worker, a cache or an XCom in the clear."""


@final
class Key:
    """A secret with a pseudonymization domain, an id and a version.

    Frozen and opaque: it compares in constant time and refuses pickle, copy, JSON and XCom.

    The *id* names the key on a key ring and in a manifest. It takes no part in the derivation: a key that is renamed
    gives the pseudonyms that it gave before, and two ids over one secret are the same key. What separates pseudonyms is
    the secret, the domain, the purpose, the linking label and the version.

    Args:
        secret: At least 16 bytes from a random source, 32 suggested.
        domain: The pseudonymization domain. Same person, same domain: same pseudonym; another domain: unlinkable.
        id: The key's name on its key ring.
        version: 1 or more. A new version gives new pseudonyms, unlinkable to the old.

    Raises:
        InvalidKey: The secret is short or no bytes, a label is empty, or the version is no positive integer.

    Example:
        >>> Key(bytes(range(32)), domain="eds-cardio", id="k1")
        Key(domain='eds-cardio', id='k1', version=1, secret=hidden)
    """

    __slots__ = ("_secret", "domain", "id", "version")

    _secret: bytes
    domain: str
    id: str
    version: int

    def __init__(self, secret: bytes, domain: str, id: str, version: int = 1) -> None:  # noqa: A002 - DESIGN.md's name
        if not isinstance(secret, bytes | bytearray | memoryview):
            raise InvalidKey(
                f"a key's secret is bytes, not {type(secret).__name__}",
                hint="Make one with Key.generate, or read bytes from the key ring.",
            )
        if len(bytes(secret)) < _SHORTEST_SECRET:
            raise InvalidKey(
                f"a key's secret has at least {_SHORTEST_SECRET} bytes, this one has {len(bytes(secret))}",
                hint="Make one with Key.generate.",
            )
        if type(version) is not int or not 1 <= version < 2**32:
            raise InvalidKey("a key's version is a whole number from 1 up", hint="Start with version=1.")
        _label(domain, "a key's domain")
        _label(id, "a key's id")
        object.__setattr__(self, "_secret", bytes(secret))
        object.__setattr__(self, "domain", domain)
        object.__setattr__(self, "id", id)
        object.__setattr__(self, "version", version)

    @classmethod
    def generate(cls, *, domain: str, id: str | None = None, version: int = 1) -> Key:  # noqa: A002 - DESIGN.md's name
        """Make a key of 32 random bytes from the operating system, with a random id if none is given.

        Example:
            >>> Key.generate(domain="eds-cardio", id="k1") == Key.generate(domain="eds-cardio", id="k1")
            False
        """
        return cls(
            secrets.token_bytes(32), domain=domain, id=f"k{secrets.token_hex(4)}" if id is None else id, version=version
        )

    def derive(self, purpose: str, field: str, length: int = 16) -> bytes:
        """Derive the bytes that one purpose uses on one linking label (HKDF-SHA256, RFC 5869).

        Domain, purpose, label, version and length enter with their lengths before them, so that no two different
        tuples read the same, and no shorter output is a prefix of a longer one.

        Args:
            purpose: What the bytes are for, as "pseudonymize".
            field: The linking label. Equal labels link.
            length: Number of bytes, 16 for AES-128.

        Returns:
            `length` bytes, the same for the same secret, domain, purpose, label, version and length.

        Raises:
            InvalidKey: A label is empty or no text.

        Example:
            >>> key = Key(bytes(range(32)), domain="eds-cardio", id="k1")
            >>> key.derive("pseudonymize", "patient_id").hex()
            '9c247939f47e7e851416e70fe315a704'
        """
        labels = (
            _SCHEME,
            _label(self.domain, "a key's domain"),
            _label(purpose, "a key's purpose"),
            _label(field, "field, the linking label,"),
            self.version.to_bytes(4, "big"),
            length.to_bytes(4, "big"),
        )
        info = b"".join(len(label).to_bytes(4, "big") + label for label in labels)
        return HKDF(algorithm=SHA256(), length=length, salt=None, info=info).derive(self._secret)

    def reveal_secret(self) -> bytes:
        """Hand out the secret itself, for a key ring that stores it. A method, so that no dump of attributes shows it.

        Example:
            >>> len(Key.generate(domain="eds-cardio").reveal_secret())
            32
        """
        return self._secret

    def __repr__(self) -> str:
        return f"Key(domain={self.domain!r}, id={self.id!r}, version={self.version}, secret=hidden)"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Key):
            return NotImplemented
        same_secret = compare_digest(self._secret, other._secret)
        return same_secret and (self.domain, self.id, self.version) == (other.domain, other.id, other.version)

    def __hash__(self) -> int:
        # Without the secret: hash() is printed, and 64 bits of it would tell a guesser when the guess is right.
        return hash((self.domain, self.id, self.version))

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"a key is frozen, its {name} can't be set; make another Key")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"a key is frozen, its {name} can't be deleted")

    def __reduce_ex__(self, protocol: SupportsIndex) -> NoReturn:
        raise KeyMayNotLeave(
            "a key may not be pickled, copied or put in an XCom",
            hint="Pass the key's id, and load the key from the key ring where it is used.",
        )

    def __reduce__(self) -> NoReturn:
        self.__reduce_ex__(0)

    def __getstate__(self) -> NoReturn:
        self.__reduce_ex__(0)

    def __copy__(self) -> NoReturn:
        self.__reduce_ex__(0)

    def __deepcopy__(self, memo: object) -> NoReturn:
        self.__reduce_ex__(0)


def _label(text: object, what: str) -> bytes:
    """Check a label and give its bytes; NFC, so that an editor that decomposes an accent changes no pseudonym."""
    if not isinstance(text, str) or not text.strip() or len(text) > _LONGEST_LABEL:
        raise InvalidKey(f"{what} is text of 1 to {_LONGEST_LABEL} characters", hint='Name it, as in "patient_id".')
    try:
        return unicodedata.normalize("NFC", text).encode()
    except UnicodeEncodeError:
        raise InvalidKey(f"{what} holds half a character (a lone surrogate)", hint="Write it in UTF-8.") from None
