"""How is a column of notes redacted? Found, replaced by labels or masked, and handed back as the caller's kind of column."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any, Final, Generic, Literal, TypeAlias, TypeVar

import pyarrow as pa

from transforms.column import read_column
from transforms.errors import DouaneError, InvalidColumn
from transforms.notes.finding import find_each, find_identifiers
from transforms.notes.known import KnownPersons
from transforms.notes.markup import is_html
from transforms.notes.record import Record, read_record

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from transforms.keys import Key
    from transforms.notes.labels import Span

Replace: TypeAlias = Literal["label", "surrogate", "mask"]
_REPLACEMENTS: Final = ("label", "surrogate", "mask")
TextsT = TypeVar("TextsT")


class InvalidReplacement(DouaneError, ValueError):
    """A way to replace that doesn't exist, or that lacks what it needs."""


@dataclass(frozen=True)
class Redacted(Generic[TextsT]):
    """Redacted notes and what was found in them; unpacks as `texts, spans`.

    Attributes:
        texts: The redacted notes, n of them, as the caller's kind of column.
        spans: For each note its finds, as (start, end, label) in characters of the note that came in; none for a null.
    """

    texts: TextsT
    spans: list[list[Span]]

    def __iter__(self) -> Iterator[Any]:
        """Give the texts, then the spans."""
        return iter((self.texts, self.spans))


def redact_notes(
    texts: TextsT,
    *,
    patients: object = None,
    key: Key | None = None,
    by: object = None,
    days: int = 365,
    replace: Replace = "label",
    known: object = None,
) -> Redacted[TextsT]:
    """Find what identifies people in French clinical notes and replace it; the medicine stays.

    Args:
        texts: n notes: a pandas or polars Series, a pyarrow array of strings, or a list. Nulls stay null.
        patients: n records, one a note (a list of dicts, or a column of structs), whatever their keys: nom, birth_date,
            NIR, adresse... A null is a note without a record.
        key: For surrogates: the key of the domain.
        by: For surrogates: n patient ids, so that each patient's dates move by one shift.
        days: For surrogates: the largest shift, in days.
        replace: `label` puts `<NOM>` in the place of a name, `mask` puts an asterisk for each character that isn't a
            space, `surrogate` puts a false name, place or date of the same form.
        known: Names of people to find in every note besides the patient, such as the practitioners' (a column or list).

    Returns:
        The redacted texts, as the same kind of column, and the spans.

    Raises:
        InvalidColumn: `texts` holds no strings, or `patients` is not one record a note.
        InvalidReplacement: `replace` is none of the three, or lacks its key.

    Example:
        >>> texts, spans = redact_notes(["Mme Le Goff, TA 120/80"], patients=[{"nom": "LE GOFF"}])
        >>> texts, spans
        (['Mme <NOM>, TA 120/80'], [[(4, 11, 'NOM')]])
    """
    if replace not in _REPLACEMENTS:
        raise InvalidReplacement("replace is none of label, surrogate, mask", hint="Say replace='label'.")
    if replace == "surrogate" and (key is None or by is None):
        raise InvalidReplacement(
            "replace='surrogate' needs key and by", hint="Pass the domain's key and the patients' ids."
        )
    column = read_column(_as_strings(texts) if isinstance(texts, (list, tuple)) else texts)
    notes = _strings(column.values)
    records = _records(patients, len(notes))
    persons = KnownPersons(_values(known)) if known is not None else None
    spans = list(find_each(((note or "", record) for note, record in zip(notes, records, strict=True)), known=persons))
    if replace == "surrogate" and key is not None:
        redacted = _with_surrogates(notes, spans, records, key=key, by=_patients_of(by, len(notes)), days=days)
    else:
        redacted = [
            None if note is None else replaced(note, found, replace) for note, found in zip(notes, spans, strict=True)
        ]
    if isinstance(texts, (list, tuple)):
        return Redacted(type(texts)(redacted), spans)
    result = pa.array(redacted, _type_of(column.values))
    if pa.types.is_dictionary(column.values.type):
        result = result.dictionary_encode()
    return Redacted(column.like(result), spans)


def redact_note(line: Mapping[str, Any], *, known: KnownPersons | None = None) -> dict[str, Any]:
    """Redact one line of `douane redact`: {"id", "text", "patient"} in, {"id", "text", "spans"} out.

    Args:
        line: `text` is the note, `patient` its record or null.
        known: People to find besides the patient.

    Raises:
        InvalidColumn: `text` is no string, or `patient` neither an object nor null.

    Example:
        >>> redact_note({"id": 7, "text": "Vu par le Dr Le Goff", "patient": None})
        {'id': 7, 'text': 'Vu par le Dr <NOM>', 'spans': [{'start': 13, 'end': 20, 'label': 'NOM'}]}
    """
    text, patient = line.get("text"), line.get("patient")
    if not isinstance(text, str):
        raise InvalidColumn("text is no string", hint="Each line holds id, text and patient.")
    if patient is not None and not isinstance(patient, dict):
        raise InvalidColumn("patient is neither an object nor null", hint="Give the patient's record as an object.")
    found = find_identifiers(text, record=read_record(patient) if patient else None, known=known)
    return {
        "id": line.get("id"),
        "text": replaced(text, found, "label"),
        "spans": [{"start": start, "end": end, "label": label} for start, end, label in found],
    }


def replaced(text: str, spans: Sequence[Span], replace: Replace) -> str:
    """Put labels (`<NOM>`) or asterisks where the spans stand; spans are in order and don't overlap.

    In HTML a label is written `&lt;NOM&gt;`, so that it is read as a word and not as a tag.
    """
    if replace == "label":
        return _spliced(text, spans, _legible(text, [f"<{label}>" for _, _, label in spans]))
    return _spliced(
        text, spans, ["".join(sign if sign.isspace() else "*" for sign in text[start:end]) for start, end, _ in spans]
    )


def _legible(text: str, covers: Sequence[str]) -> Sequence[str]:
    """Escape what would be a tag or an entity where the note is HTML."""
    return [escape(cover, quote=False) for cover in covers] if covers and is_html(text) else covers


def _spliced(text: str, spans: Sequence[Span], covers: Sequence[str]) -> str:
    pieces: list[str] = []
    at = 0
    for (start, end, _), cover in zip(spans, covers, strict=True):
        pieces += (text[at:start], cover)
        at = end
    return "".join((*pieces, text[at:]))


def _with_surrogates(
    notes: list[str | None],
    spans: list[list[Span]],
    records: list[Record | None],
    *,
    key: Key,
    by: list[object],
    days: int,
) -> list[str | None]:
    from transforms.notes.substitution import find_substitutes  # noqa: PLC0415 - labels and masks need no pools

    false = find_substitutes(notes, spans, records, key=key, by=by, days=days)
    redacted: list[str | None] = []
    for row, (note, found) in enumerate(zip(notes, spans, strict=True)):
        falses = (
            [] if note is None else [false.of(row, label, note[start:end], records[row]) for start, end, label in found]
        )
        redacted.append(None if note is None else _spliced(note, found, _legible(note, falses)))
    return redacted


def _patients_of(by: object, count: int) -> list[object]:
    patients = _values(by)
    if len(patients) != count:
        raise InvalidColumn(f"by holds {len(patients)} patients for {count} notes", hint="Give one patient a note.")
    return patients


def _as_strings(texts: Sequence[object]) -> pa.Array:
    if not all(text is None or isinstance(text, str) for text in texts):
        raise InvalidColumn("texts holds values that are no strings", hint="Pass notes as strings; null where none.")
    return pa.array(texts, pa.large_string())


def _strings(values: Any) -> list[str | None]:  # noqa: ANN401 - an Arrow array, which is untyped
    kind = values.type.value_type if pa.types.is_dictionary(values.type) else values.type
    if not (
        pa.types.is_string(kind)
        or pa.types.is_large_string(kind)
        or pa.types.is_string_view(kind)
        or pa.types.is_null(kind)
    ):
        raise InvalidColumn(f"texts is a column of {kind}", hint="Pass notes as strings.")
    strings: list[str | None] = values.to_pylist()
    return strings


def _type_of(values: Any) -> Any:  # noqa: ANN401 - Arrow is untyped
    return values.type.value_type if pa.types.is_dictionary(values.type) else values.type


def _values(column: object) -> list[object]:
    if isinstance(column, (list, tuple, set, frozenset)):
        return list(column)
    values: list[object] = read_column(column).values.to_pylist()
    return values


def _records(patients: object, count: int) -> list[Record | None]:
    if patients is None:
        return [None] * count
    records = _values(patients)
    if len(records) != count:
        raise InvalidColumn(f"patients holds {len(records)} records for {count} notes", hint="Give one record a note.")
    wrong = [row for row, record in enumerate(records) if not (record is None or isinstance(record, dict))]
    if wrong:
        raise InvalidColumn(f"patients holds no record in row {wrong[0]}", hint="Give a dict or null for each note.")
    return [read_record(record) if isinstance(record, dict) and record else None for record in records]
