"""Where does a note name a person that the extract knows, such as one of its practitioners?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import ahocorasick

from transforms.notes.guards import is_eponym
from transforms.notes.labels import CONTEXT, KNOWN, Find, Label
from transforms.notes.note import fold
from transforms.notes.persons import NO_NAME
from transforms.notes.words import given_count, is_plain, surname_count, word_set

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from transforms.notes.note import Note

_SEPARATORS: Final = str.maketrans({"-": " ", "'": " ", "\n": " ", ",": " ", "_": " "})
_TITLES: Final = word_set("dr pr prof docteur professeur m mme mr mlle monsieur madame")
_SHORTEST: Final = 3


class KnownPersons:
    """Names of people to look for in every note, in one pass whatever their number (Aho-Corasick).

    Args:
        names: Surnames, or whole names in either order; case, accents and hyphens don't matter. Nulls are skipped. Of a
            whole name the surname alone is looked for too, and needs a capital if it is a plain word.

    Example:
        >>> from transforms.notes.labels import resolve
        >>> from transforms.notes.note import Note
        >>> text = "Avis de LEGOFF et de Benoît Ker-Morvan"
        >>> persons = KnownPersons(["Le Goff", "Ker Morvan, Benoit", None])
        >>> [(text[start:end], label) for start, end, label in resolve(persons.find(Note(text)), text)]
        [('LEGOFF', 'NOM'), ('Benoît', 'PRENOM'), ('Ker-Morvan', 'NOM')]
    """

    def __init__(self, names: Iterable[object]) -> None:
        forms: dict[str, tuple[tuple[int, int, Label], ...]] = {}
        for name in names:
            if name is not None:
                for form, cuts in _forms(str(name)):
                    forms.setdefault(form, cuts)
        self._automaton: Any = None
        if forms:
            self._automaton = ahocorasick.Automaton()
            for form, cuts in forms.items():
                self._automaton.add_word(form, (len(form), cuts))
            self._automaton.make_automaton()

    def find(self, note: Note) -> Iterator[Find]:
        """Find the known names in a note, the longest at each place."""
        if self._automaton is None:
            return
        plain = note.folded.translate(_SEPARATORS).replace(".", " ")
        for last, (length, cuts) in self._automaton.iter(plain):
            start = last - length + 1
            if (start and plain[start - 1].isalnum()) or plain[last + 1 : last + 2].isalnum():
                continue
            whole = len(cuts) > 1
            word = plain[start : last + 1]
            if not whole and (note.text[start].islower() or is_plain(word) or is_eponym(note, start, last + 1)):
                continue
            yield from (
                Find(start + left, start + right, label, KNOWN if whole else CONTEXT) for left, right, label in cuts
            )


def _forms(name: str) -> Iterator[tuple[str, tuple[tuple[int, int, Label], ...]]]:
    surname, comma, given = name.partition(",")
    words = [word for word in fold(surname).translate(_SEPARATORS).replace(".", " ").split() if word not in _TITLES]
    others = [word for word in fold(given).translate(_SEPARATORS).replace(".", " ").split() if word not in _TITLES]
    if not others and len(words) > 1:
        words, others = _split(words, [word for word in name.split() if fold(word).strip(".") not in _TITLES])
    last, first = " ".join(words), " ".join(others)
    if len(last) >= _SHORTEST and last not in NO_NAME:
        yield last, ((0, len(last), "NOM"),)
        if len(words) > 1:
            glued = "".join(words)
            yield glued, ((0, len(glued), "NOM"),)
    if last and len(first) > 1:
        for one, other, label in ((last, first, "NOM"), (first, last, "PRENOM")):
            form = f"{one} {other}"
            swapped: Label = "PRENOM" if label == "NOM" else "NOM"
            left: Label = "NOM" if label == "NOM" else "PRENOM"
            yield form, ((0, len(one), left), (len(one) + 1, len(form), swapped))
    if last and first and not comma:
        return


def _split(words: list[str], written: list[str]) -> tuple[list[str], list[str]]:
    """Part a whole name into surname and first names: by capitals, else by which word people bear as a first name."""
    loud = [word.isupper() and len(word) > 1 for word in written]
    if len(written) == len(words) and any(loud) and not all(loud):
        return [w for w, up in zip(words, loud, strict=True) if up], [
            w for w, up in zip(words, loud, strict=True) if not up
        ]
    given = [given_count(word) > 10 * surname_count(word) for word in words]
    if given[0]:
        cut = next((number for number, is_given in enumerate(given) if not is_given), len(words) - 1)
        return words[cut:], words[:cut]
    if given[-1]:
        cut = next(number for number, is_given in enumerate(given) if is_given)
        return words[:cut], words[cut:]
    return words, []
