"""What is the fingerprint of what a document says?"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import rfc8785

if TYPE_CHECKING:
    from pydantic import BaseModel


def content_digest(content: object) -> str:
    """The SHA-256 of JSON content in its canonical form (RFC 8785), 64 hexadecimal digits.

    Example:
        >>> content_digest({"b": 1, "a": 2}) == content_digest({"a": 2, "b": 1})
        True
    """
    return hashlib.sha256(rfc8785.dumps(content)).hexdigest()  # type: ignore[arg-type]


def document_digest(document: BaseModel) -> str:
    """The digest of what a policy or plan says; comments, order of keys and layout don't count.

    Neither do defaults: an upgrade that brings a new optional key must not undo every approval.
    """
    return content_digest(document.model_dump(mode="json", by_alias=True, exclude_defaults=True))
