"""How do DICOM objects lose whom they are of, and keep their images, their structure and what refers to what?

Many objects at a time: what one rule changes in all of them is one column, changed by the transform that changes a
table's column (`transforms.records`), so that a Patient ID has here the pseudonym that it has in every table.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING, Final

import pyarrow as pa
from pydicom.dataset import Dataset
from pydicom.tag import Tag

from transforms.dicom.elements import LONGEST, encoded, made, vr_of
from transforms.dicom.identity import Identity, identity_of
from transforms.dicom.marks import marked
from transforms.dicom.profile import Options, read_profile
from transforms.dicom.walking import Columns, Walk, like
from transforms.pseudonymization import pseudonymize
from transforms.records.document_dates import move_dates
from transforms.records.tally import Tally

if TYPE_CHECKING:
    from collections.abc import Sequence

    from transforms.dicom.walking import Waiting
    from transforms.keys import Key
    from transforms.normalization import Normalization

WELL_KNOWN: Final = "1.2.840.10008."
"""UIDs of the standard itself: SOP classes, transfer syntaxes, coding schemes. They say what an object is, not whose."""

PATIENT_LINK: Final = "patient_id"
UID_LINK: Final = "study_uid"


@dataclass(frozen=True)
class Deidentified:
    """Objects under the profile.

    Attributes:
        datasets: n datasets, in the order that came in.
        tally: What became of their attributes, by keyword.
        nameless: The numbers of the objects without a Patient ID: their dates went as the basic profile says.
    """

    datasets: list[Dataset]
    tally: Tally
    nameless: tuple[int, ...] = field(default=())


def deidentify(
    datasets: Sequence[Dataset],
    key: Key,
    *,
    options: Options | None = None,
    link: str = PATIENT_LINK,
    uid_link: str = UID_LINK,
    normalize: bool | Normalization = "compact",
) -> Deidentified:
    """Apply the Basic Application Level Confidentiality Profile of DICOM PS3.15 Annex E, with options, to n objects.

    Patient ID and Patient's Name become the pseudonym that `pseudonymize(..., field=link)` gives the Patient ID; UIDs
    become `2.25.` and the number that the pseudonym of the UID is, so that series and references hold together in
    every file and run; dates move by the patient's shift, the same as in tables; private attributes, overlays and
    curves go; attributes that no dictionary knows go; pixel data stays byte for byte. An attribute that the profile
    keeps, but that holds a name or number of its own object's patient or physicians, is redacted: more than the
    standard asks. What pixels show is not looked at: see `pixel_risks`.

    Args:
        datasets: As pydicom reads them. Never changed, save that sequences are parsed.
        key: The key of the pseudonymization domain.
        options: Which options of the profile hold; None: `Options()`.
        link: The linking label of Patient IDs, as in tables.
        uid_link: The linking label of all UIDs.
        normalize: How spellings of a Patient ID are evened out; a plan of tables says `compact` for patient ids.

    Returns:
        n new datasets in the same transfer syntax, and what became of their attributes. An empty Patient ID stays
        empty.

    Raises:
        InvalidKey: An empty linking label.

    Example:
        >>> from transforms import Key
        >>> dataset = Dataset()
        >>> dataset.PatientID, dataset.PatientName, dataset.StudyDate = "8001", "LE GOFF^Anne", "20260102"
        >>> dataset.Modality, dataset.StudyInstanceUID = "CT", "1.2.3"
        >>> made = deidentify([dataset], Key(bytes(32), domain="d", id="k")).datasets[0]
        >>> made.PatientID == made.PatientName, len(made.PatientID), made.Modality, made.StudyInstanceUID[:5]
        (True, 32, 'CT', '2.25.')
    """
    profile = read_profile(options or Options())
    tally, columns = Tally(), Columns()
    identities = [identity_of(dataset) for dataset in datasets]
    walks = [
        Walk(profile, columns, tally, owner=owner, identity=identity) for owner, identity in enumerate(identities)
    ]
    elements = [walk.elements(dataset) for walk, dataset in zip(walks, datasets, strict=True)]
    _name_patients(columns.patients, identities, walks, key, link=link, normalize=normalize)
    _change_uids(columns.uids, walks, key, link=uid_link)
    _move(columns.dates, identities, walks, key, days=profile.options.days)
    _redact(columns.texts, identities, walks)
    fresh = [
        like(dataset, marked(parts, profile.options)) for dataset, parts in zip(datasets, elements, strict=True)
    ]
    nameless = tuple(owner for owner, identity in enumerate(identities) if identity.patient is None)
    return Deidentified(fresh, tally, nameless)


def remapped_uids(uids: Sequence[str], key: Key, *, link: str = UID_LINK) -> list[str]:
    """The UIDs that stand in the place of n UIDs; those of the standard itself stay (PS3.5 B.2, UUID-derived UIDs).

    Example:
        >>> from transforms import Key
        >>> remapped_uids(["1.2.840.10008.5.1.4.1.1.2", "1.2.3"], Key(bytes(32), domain="d", id="k"))[1][:5]
        '2.25.'
    """
    pseudonyms = pseudonymize(pa.array(uids, pa.string()), key, field=link).to_pylist()
    return [
        uid if uid.startswith(WELL_KNOWN) else f"2.25.{int(pseudonym, 16)}"
        for uid, pseudonym in zip(uids, pseudonyms, strict=True)
    ]


def _name_patients(
    waiting: Sequence[Waiting],
    identities: Sequence[Identity],
    walks: Sequence[Walk],
    key: Key,
    *,
    link: str,
    normalize: bool | Normalization,
) -> None:
    distinct = list({identity.patient for identity in identities} - {None})
    pseudonyms = pseudonymize(pa.array(distinct, pa.string()), key, field=link, normalize=normalize).to_pylist()
    found = dict(zip(distinct, pseudonyms, strict=True))
    for one in waiting:
        _put(one, found.get(identities[one.owner].patient), walks)


def _change_uids(waiting: Sequence[Waiting], walks: Sequence[Walk], key: Key, *, link: str) -> None:
    parts = [one.value.split("\\") for one in waiting]
    distinct = list({uid.strip() for uid in chain.from_iterable(parts)})
    found = dict(zip(distinct, remapped_uids(distinct, key, link=link), strict=True))
    for one, uids in zip(waiting, parts, strict=True):
        _put(one, "\\".join(found[uid.strip()] for uid in uids), walks)


def _move(
    waiting: Sequence[Waiting], identities: Sequence[Identity], walks: Sequence[Walk], key: Key, *, days: int
) -> None:
    # ACR-NEMA and early DICOM wrote 1997.04.24, which PS3.5 6.2 asks readers to take.
    parts = [one.value.split("\\") for one in waiting]
    texts = [part.strip().replace(".", "", 2) if part[4:5] == "." else part.strip() for part in chain(*parts)]
    owners = [one.owner for one, dates in zip(waiting, parts, strict=True) for _ in dates]
    distinct = list(dict.fromkeys((text, identities[owner].patient) for text, owner in zip(texts, owners, strict=True)))
    moved = move_dates(
        pa.array([text for text, _ in distinct], pa.string()),
        key,
        by=pa.array([patient for _, patient in distinct], pa.string()),
        style="compact",
        days=days,
    ).to_pylist()
    found = dict(zip(distinct, moved, strict=True))
    rows = iter(zip(texts, owners, strict=True))
    for one, dates in zip(waiting, parts, strict=True):
        shifted = [found[text, identities[owner].patient] for text, owner in (next(rows) for _ in dates)]
        _put(one, None if None in shifted else "\\".join(shifted), walks)


def _redact(waiting: Sequence[Waiting], identities: Sequence[Identity], walks: Sequence[Walk]) -> None:
    """Redact every distinct text of a patient once: a series says the same in each of its slices."""
    if not waiting:
        return
    from transforms.notes import redact_notes  # noqa: PLC0415 - its lists load only where a text stands

    first = {(one.value, identities[one.owner].patient): one.owner for one in waiting}
    texts = [text for text, _ in first]
    records = [identities[owner].record for owner in first.values()]
    known = sorted({name for owner in first.values() for name in identities[owner].people})
    redacted = redact_notes(texts, patients=records, known=known or None).texts
    found = dict(zip(first, redacted, strict=True))
    for one in waiting:
        text = found[one.value, identities[one.owner].patient]
        value = encoded(text[: LONGEST.get(vr_of(one.element), len(text))], one.encodings)
        # A name glued to other words, or in letters that the finder can't read, is still what the object calls someone.
        _put(one, None if identities[one.owner].is_in(value) else text, walks)


def _put(waiting: Waiting, value: str | None, walks: Sequence[Walk]) -> None:
    """Put the column's value where the element stands, or do what the profile says instead."""
    walk = walks[waiting.owner]
    if not value:
        walk.lose(waiting)
        return
    vr = vr_of(waiting.element)
    text = value[: LONGEST[vr]] if vr in LONGEST else value
    waiting.place[Tag(waiting.element.tag)] = made(waiting.element, encoded(text, waiting.encodings), vr=vr)
    walk.changed(waiting, same=value == waiting.value)
