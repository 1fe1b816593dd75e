"""How do the values of many documents meet the transforms of whole columns? Gathered by rule, changed at once, put back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Protocol

import pyarrow as pa

from transforms.generalization import generalize
from transforms.pseudonyms import pseudonymize, tokenize
from transforms.records.document_dates import DateStyle, move_dates

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from transforms.keys import Key
    from transforms.records.people import People
    from transforms.records.tally import Made
    from transforms.records.vocabulary import Rule


class Place(Protocol):
    """A part of a document whose values can be set: a dict, a list, or a format's own object."""

    def __setitem__(self, name: Any, value: Any, /) -> None:  # noqa: ANN401 - whatever documents hold
        """Put the value back."""


@dataclass(frozen=True, slots=True)
class _Column:
    """The values that one rule changes, and where each goes back to."""

    path: str
    rule: Rule
    values: list[str] = field(default_factory=list)
    persons: list[str | None] = field(default_factory=list)
    records: list[int] = field(default_factory=list)
    places: list[tuple[Place, Any, Callable[[str], str] | None]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Tools:
    """What the columns are changed with."""

    key: Key
    dates: DateStyle
    people: People | None
    remembered: dict[str, str]


class Harvest:
    """Gathers what rules change in a batch of documents, changes each column in one call, and puts the results back.

    Args:
        key: The key of the domain.
        dates: How the format writes dates.
        people: Persons whom the documents name; a text that names one is redacted with their record.
        remembered: What texts became before; read and added to, so that a text of every batch is read once.

    Example:
        >>> from transforms import Key
        >>> from transforms.records.tally import Made
        >>> from transforms.records.vocabulary import Rule
        >>> document = {"id": "8001", "birthDate": "1970-05-17"}
        >>> harvest = Harvest(Key(bytes(32), domain="d", id="k"), dates="iso")
        >>> harvest.put("Patient.id", Rule("pseudonymize", "patient_id", "patient_id"), "8001", document, "id")
        >>> harvest.put("Patient.birthDate", Rule("truncate", options=(("to", "year"),)), "1970-05-17", document, "birthDate")
        >>> harvest.bring_in(Made([document]))
        set()
        >>> len(document["id"]), document["birthDate"]
        (32, '1970')
    """

    def __init__(
        self, key: Key, *, dates: DateStyle, people: People | None = None, remembered: dict[str, str] | None = None
    ) -> None:
        self._tools = _Tools(key, dates, people, {} if remembered is None else remembered)
        self._columns: dict[tuple[str, str | None], _Column] = {}

    def put(  # noqa: PLR0917 - called for every element: keywords cost a tenth of the walk
        self,
        path: str,
        rule: Rule,
        value: str,
        place: Place,
        name: Any,  # noqa: ANN401 - a key of a dict, an index of a list, or the format's own
        person: str | None = None,
        record: int = 0,
        form: Callable[[str], str] | None = None,
    ) -> None:
        """Gather one value, to be changed by this rule and put back as `place[name]`.

        Args:
            path: The element's path; one path has one rule for each linking label.
            rule: What changes it.
            value: The value.
            place: Where it stands; gets None where the rule can't take the value.
            name: Under which name.
            person: The document's patient, by whom dates move.
            record: The number of its record, for errors and for the last look.
            form: What is written around the result, as `Patient/` before an id.
        """
        column = self._columns.get((path, rule.link))
        if column is None:
            column = self._columns[path, rule.link] = _Column(path, rule)
        column.values.append(value)
        column.persons.append(person)
        column.records.append(record)
        column.places.append((place, name, form))

    def bring_in(self, made: Made) -> set[int]:
        """Change every column and put its values back; count them, and note the texts that the last look must see.

        Returns:
            The numbers of the records in which a rule could not take a value: there, null stands in its place.
        """
        losers: set[int] = set()
        for (path, _), column in self._columns.items():
            changed = _CHANGE[column.rule.action](column, self._tools)
            lost = 0
            readable = column.rule.action in {"redact", "generalize"}
            for value, (place, name, form), record in zip(changed, column.places, column.records, strict=True):
                if value is None:
                    lost += 1
                    losers.add(record)
                place[name] = form(value) if form is not None and value is not None else value
                if readable and value is not None:
                    made.keep(path, value, record)
            if len(changed) > lost:
                made.tally.counts[path, "changed"] += len(changed) - lost
            if lost:
                made.tally.counts[path, "lost"] += lost
        self._columns.clear()
        return losers


def _array(column: _Column) -> pa.Array:
    return pa.array(column.values, pa.large_string())


def _texts(column: pa.Array) -> list[str | None]:
    texts: list[str | None] = column.cast(pa.large_string()).to_pylist()
    return texts


def _pseudonymized(column: _Column, tools: _Tools) -> list[str | None]:
    options = dict(column.rule.options)
    return _texts(pseudonymize(_array(column), tools.key, field=str(column.rule.link), **options))


def _tokenized(column: _Column, tools: _Tools) -> list[str | None]:
    return _texts(tokenize(_array(column), tools.key, field=str(column.rule.link)))


def _shifted(column: _Column, tools: _Tools) -> list[str | None]:
    by = pa.array(column.persons, pa.string())
    return _texts(move_dates(_array(column), tools.key, by=by, style=tools.dates, **dict(column.rule.options)))


def _truncated(column: _Column, tools: _Tools) -> list[str | None]:
    return _texts(move_dates(_array(column), None, by=None, style=tools.dates, **dict(column.rule.options)))


def _generalized(column: _Column, _tools: _Tools) -> list[str | None]:
    return _texts(generalize(_array(column), invalid="suppress", **dict(column.rule.options)))


def _redacted(column: _Column, tools: _Tools) -> list[str | None]:
    """Texts with labels in the place of identifiers; equal texts that name nobody known are read once."""
    from transforms.notes import redact_notes  # noqa: PLC0415 - its lists load only where a text stands

    remembered, own = tools.remembered, _of_known_people(column, tools.people)
    if len(remembered) > _MOST_REMEMBERED:
        remembered.clear()
    new = list(dict.fromkeys(text for at, text in enumerate(column.values) if at not in own and text not in remembered))
    if new:
        remembered.update(zip(new, redact_notes(pa.array(new, pa.large_string())).texts.to_pylist(), strict=True))
    return [own[at] if at in own else remembered[text] for at, text in enumerate(column.values)]


def _of_known_people(column: _Column, people: People | None) -> dict[int, str]:
    """The places of texts that name somebody the documents know, and what they become."""
    if people is None:
        return {}
    from transforms.notes import redact_notes  # noqa: PLC0415 - as above

    found = {}
    for at, (text, person, record) in enumerate(zip(column.values, column.persons, column.records, strict=True)):
        patient, known = people.named_in(text, person, record)
        if patient is not None or known:
            found[at] = redact_notes([text], patients=[patient], known=known or None).texts[0]
    return found


_MOST_REMEMBERED: Final = 20_000

_CHANGE: Mapping[str, Callable[[_Column, _Tools], list[str | None]]] = {
    "pseudonymize": _pseudonymized,
    "token": _tokenized,
    "shift": _shifted,
    "truncate": _truncated,
    "generalize": _generalized,
    "redact": _redacted,
}
