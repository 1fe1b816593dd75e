"""Which words of its own does a site use in the names of its fields?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field

from pipeline.documents import Document, read_document
from pipeline.policy import Kind  # noqa: TC001 - pydantic reads the annotations

if TYPE_CHECKING:
    from pathlib import Path


class Lexicon(Document):
    """A site's own words: what a field's name, or a word in it, stands for.

    Attributes:
        words: A name or a word of names, to the kind of field. Case, accents and separators don't matter.
    """

    words: dict[str, Kind] = Field(min_length=1)


def lexicon_or_none(path: Path | None) -> dict[str, str]:
    """Read a site's words, or none where it has no file.

    Raises:
        InvalidDocument: The file can't be read, or a word's kind does not exist; the message names file and line.
    """
    return dict(read_document(path, Lexicon).words) if path else {}
