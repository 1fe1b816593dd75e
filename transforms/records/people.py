"""Who is named in the documents, so that a text that names them without a title is redacted too?

A finder of names knows that `Mme Quillfeldt` is a person. That `quillfeldt va mieux` speaks of one, only the patient's own
record tells. Names are held as short texts, about 200 bytes a patient.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any, Final

_WORD: Final = re.compile(r"[^\W\d_]{3,}")
_BETWEEN: Final = "\x1f"


class People:
    """The persons that documents name: each patient's own circle, and those who may stand in any text.

    Example:
        >>> people = People()
        >>> people.add("8001", "QUILLFELDT", "Ségolène")
        >>> people.add(None, "Vauquelin", "Anne")
        >>> people.named_in("Vu quillfeldt avec Vauquelin", "8001", 1)
        ({'nom': 'QUILLFELDT', 'prenom': 'Ségolène'}, ('Vauquelin', 'Anne Vauquelin'))
        >>> people.named_in("RAS", "8001", 1)
        (None, ())
    """

    def __init__(self) -> None:
        self._circles: dict[str | int, list[str]] = {}
        self._others: dict[str, set[str]] = {}

    def add(self, circle: str | int | None, family: str, given: str = "") -> None:
        """Note a name.

        Args:
            circle: The patient, or the number of the record, in whose texts it may stand; None: in any text.
            family: The surname.
            given: The first names.
        """
        if not family and not given:
            return
        name = f"{family}{_BETWEEN}{given}"
        if circle is not None:
            names = self._circles.setdefault(circle, [])
            if name not in names:
                names.append(name)
            return
        for word in _words(family):
            self._others.setdefault(word, set()).add(name)

    def forget_records(self) -> None:
        """Forget what was noted by the number of a record: the next batch has others."""
        for circle in [circle for circle in self._circles if isinstance(circle, int)]:
            del self._circles[circle]

    def named_in(self, text: str, patient: str | None, record: int) -> tuple[dict[str, Any] | None, tuple[str, ...]]:
        """Who of them a text seems to name: the record of the patient's circle, and other known names."""
        if not self._circles and not self._others:
            return None, ()
        words = _words(text)
        own = [*self._circles.get(record, ()), *(self._circles.get(patient, ()) if patient is not None else ())]
        circle = [name for name in own if words & _words(name)]
        known: dict[str, None] = {}
        for word in sorted(words & self._others.keys()):
            for name in sorted(self._others[word]):
                known.update(_forms(name))
        for name in circle[1:]:
            known.update(_forms(name))
        if not circle:
            return None, tuple(known)
        family, _, given = circle[0].partition(_BETWEEN)
        return {"nom": family, "prenom": given}, tuple(known)


def _forms(name: str) -> dict[str, None]:
    family, _, given = name.partition(_BETWEEN)
    return dict.fromkeys(form for form in (family, f"{given} {family}".strip()) if form)


def _words(text: str) -> set[str]:
    if not text.isascii():
        text = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    return set(_WORD.findall(text.casefold().replace(_BETWEEN, " ")))
