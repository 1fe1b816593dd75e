"""What does a reference point to, and how is it written so that it still points there?

FHIR writes references in six ways (https://hl7.org/fhir/R4/references.html): relative `Patient/123`, absolute, with a
version, `urn:uuid:` within a bundle, `#id` within a resource, and conditional `Patient?identifier=system|value`. An id
and every reference to it are pseudonymized under one label, so that they agree.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

BASE: Final = "https://fhir.invalid/"
"""The base of absolute addresses in a release: a server's own name says which hospital it is (RFC 2606 keeps .invalid)."""

_PLACE: Final = re.compile(
    r"(?:https?://[^\s?#]+/)?(?P<type>[A-Z][A-Za-z]{1,63})/(?P<id>[^/\s?#|]{1,128})(?:/_history/[^/\s?#]+)?"
)
_CONDITION: Final = re.compile(
    r"(?:https?://[^\s?#]+/)?(?P<type>[A-Z][A-Za-z]{1,63})\?identifier=(?P<system>[^|&]*)\|(?P<value>[^|&]+)"
)


class Target(NamedTuple):
    """What a reference points to.

    Attributes:
        type: The type of resource; None where only the bundle could tell and does not.
        id: Its id, or the value of its identifier.
        form: Writes the reference around a pseudonym.
        system: The identifier's system, for a conditional reference.
    """

    type: str | None
    id: str
    form: Callable[[str], str]
    system: str | None = None


def read_reference(text: str, types: Collection[str]) -> Target | None:
    """Read a literal reference; None where it can't be read, or leads to a type that isn't one of `types`.

    Example:
        >>> target = read_reference("https://fhir.chu.example/r4/Patient/123/_history/2", {"Patient"})
        >>> target.type, target.id, target.form("9f3a")
        ('Patient', '123', 'Patient/9f3a')
        >>> read_reference("Dupont/Jean", {"Patient"}) is None
        True
    """
    if text.startswith("urn:uuid:"):
        return Target(None, text[9:], urn)
    found = _PLACE.fullmatch(text)
    if found is not None:
        name = found["type"]
        return Target(name, found["id"], f"{name}/".__add__) if name in types else None
    found = _CONDITION.fullmatch(text)
    if found is not None and found["type"] in types:
        name, system = found["type"], found["system"]
        return Target(name, found["value"], f"{name}?identifier={system}|".__add__, system)
    return None


def urn(pseudonym: str) -> str:
    """Write a pseudonym of 32 hexadecimal digits as a UUID's URN.

    Example:
        >>> urn("61e3c437c95c9b2d7f8cb13c1aa29440")
        'urn:uuid:61e3c437-c95c-9b2d-7f8c-b13c1aa29440'
    """
    one, two, three, four, five = pseudonym[:8], pseudonym[8:12], pseudonym[12:16], pseudonym[16:20], pseudonym[20:32]
    return f"urn:uuid:{one}-{two}-{three}-{four}-{five}"
