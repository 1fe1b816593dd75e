"""How do DICOM objects lose whom they are of, and keep their images, their structure and what refers to what?

Many objects at a time: what one rule changes in all of them is one column, changed by the transform that changes a
table's column (`transforms.records`), so that a Patient ID has here the pseudonym that it has in every table.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Final

import pyarrow as pa
from pydicom.tag import Tag

from transforms.dicom.elements import LONGEST, decoded, encoded, encodings_of, made, vr_of
from transforms.dicom.identity import identity_of
from transforms.dicom.marks import marked
from transforms.dicom.memory import Memory
from transforms.dicom.profile import Options, Profile, read_profile
from transforms.dicom.walking import Columns, Walk, like
from transforms.pseudonymization import pseudonymize
from transforms.records.document_dates import move_dates
from transforms.records.tally import Tally

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydicom.dataset import Dataset

    from transforms.dicom.identity import Identity
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
        kept: Texts that stay, as (path, text, number of the object): one that came before is not told again.
    """

    datasets: list[Dataset]
    tally: Tally
    nameless: tuple[int, ...]
    kept: tuple[tuple[str, str, int], ...]


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
        >>> from pydicom.dataset import Dataset
        >>> from transforms import Key
        >>> dataset = Dataset()
        >>> dataset.PatientID, dataset.PatientName, dataset.StudyDate = "8001", "LE GOFF^Anne", "20260102"
        >>> dataset.Modality, dataset.StudyInstanceUID = "CT", "1.2.3"
        >>> made = deidentify([dataset], Key(bytes(32), domain="d", id="k")).datasets[0]
        >>> made.PatientID == made.PatientName, len(made.PatientID), made.Modality, made.StudyInstanceUID[:5]
        (True, 32, 'CT', '2.25.')
    """
    profile = read_profile(options or Options())
    return Deidentifier(key, profile, link=link, uid_link=uid_link, normalize=normalize).change(datasets)


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


class Deidentifier:
    """De-identifies objects batch after batch, and remembers what the next batch will ask again.

    A study is hundreds of objects that say the same of patient, series and dates: each distinct value is changed once.

    Args:
        key: The key of the pseudonymization domain.
        profile: What is done with each attribute.
        link: The linking label of Patient IDs.
        uid_link: The linking label of UIDs.
        normalize: How spellings of a Patient ID are evened out.
    """

    def __init__(
        self,
        key: Key,
        profile: Profile,
        *,
        link: str = PATIENT_LINK,
        uid_link: str = UID_LINK,
        normalize: bool | Normalization = "compact",
    ) -> None:
        self.key = key
        self.profile = profile
        self.link = link
        self.uid_link = uid_link
        self.normalize = normalize
        self._patients: Memory[str, str] = Memory(self._name_patients)
        self._uids: Memory[str, str] = Memory(lambda uids: remapped_uids(uids, self.key, link=self.uid_link))
        self._dates: Memory[tuple[str, str | None], str | None] = Memory(self._move)
        self._seen: Memory[tuple[str, bytes], bool] = Memory(lambda texts: [True] * len(texts))
        self._texts: dict[tuple[str, str | None], str] = {}

    def change(self, datasets: Sequence[Dataset]) -> Deidentified:
        """De-identify n objects; see `deidentify`."""
        tally, columns = Tally(), Columns()
        identities = [identity_of(dataset) for dataset in datasets]
        walks = [
            Walk(self.profile, columns, tally, owner=owner, identity=identity)
            for owner, identity in enumerate(identities)
        ]
        elements = [walk.elements(dataset) for walk, dataset in zip(walks, datasets, strict=True)]
        self._put_patients(columns.patients, identities, walks)
        self._put_uids(columns.uids, walks)
        self._put_dates(columns.dates, identities, walks)
        redacted = self._put_texts(columns.texts, identities, walks)
        fresh = [
            like(dataset, marked(dataset, parts, self.profile.options), encodings_of(dataset))
            for dataset, parts in zip(datasets, elements, strict=True)
        ]
        nameless = tuple(owner for owner, identity in enumerate(identities) if identity.patient is None)
        return Deidentified(fresh, tally, nameless, (*self._kept(columns), *redacted))

    def _name_patients(self, patients: Sequence[str]) -> list[str]:
        column = pa.array(patients, pa.string())
        made_up: list[str] = pseudonymize(column, self.key, field=self.link, normalize=self.normalize).to_pylist()
        return made_up

    def _put_patients(self, waiting: Sequence[Waiting], identities: Sequence[Identity], walks: Sequence[Walk]) -> None:
        found = self._patients.ask([identity.patient for identity in identities if identity.patient])
        for one in waiting:
            _put(one, found.get(identities[one.owner].patient or ""), walks)

    def _put_uids(self, waiting: Sequence[Waiting], walks: Sequence[Walk]) -> None:
        parts = [[uid.strip() for uid in one.value.split("\\")] for one in waiting]
        found = self._uids.ask(list(chain.from_iterable(parts)))
        for one, uids in zip(waiting, parts, strict=True):
            _put(one, "\\".join(found[uid] for uid in uids), walks)

    def _move(self, dates: Sequence[tuple[str, str | None]]) -> list[str | None]:
        moved: list[str | None] = move_dates(
            pa.array([date for date, _ in dates], pa.string()),
            self.key,
            by=pa.array([patient for _, patient in dates], pa.string()),
            style="compact",
            days=self.profile.options.days,
        ).to_pylist()
        return moved

    def _put_dates(self, waiting: Sequence[Waiting], identities: Sequence[Identity], walks: Sequence[Walk]) -> None:
        parts = [[(_compact(date), identities[one.owner].patient) for date in one.value.split("\\")] for one in waiting]
        found = self._dates.ask(list(chain.from_iterable(parts)))
        for one, dates in zip(waiting, parts, strict=True):
            moved = [found[date] for date in dates]
            _put(one, "\\".join(date for date in moved if date) if all(moved) else None, walks)

    def _put_texts(
        self, waiting: Sequence[Waiting], identities: Sequence[Identity], walks: Sequence[Walk]
    ) -> list[tuple[str, str, int]]:
        """Redact every distinct text of a patient once: a series says the same in each of its slices."""
        fresh = {(one.value, identities[one.owner].patient): one.owner for one in waiting}
        fresh = {text: owner for text, owner in fresh.items() if text not in self._texts or text[1] is None}
        if len(self._texts) > Memory.MOST:
            self._texts.clear()
        if fresh:
            from transforms.notes import redact_notes  # noqa: PLC0415 - its lists load only where a text stands

            records = [identities[owner].record for owner in fresh.values()]
            known = sorted({name for owner in fresh.values() for name in identities[owner].people})
            redacted = redact_notes([text for text, _ in fresh], patients=records, known=known or None).texts
            self._texts.update(zip(fresh, redacted, strict=True))
        kept = []
        for one in waiting:
            text = self._texts.get((one.value, identities[one.owner].patient), "")
            # A name glued to other words, or in letters that the finder can't read, is still what the object says.
            if identities[one.owner].is_in_text(text):
                text = ""
            path = _put(one, text or None, walks)
            if text and (one.value, identities[one.owner].patient) in fresh:
                kept.append((path, text, one.owner))
        return kept

    def _kept(self, columns: Columns) -> list[tuple[str, str, int]]:
        new = self._seen.new([(path, value) for path, value, _, _ in columns.kept])
        told, kept = set(), []
        for path, value, owner, encodings in columns.kept:
            if (path, value) in new and (path, value) not in told:
                told.add((path, value))
                kept.append((path, decoded(value, encodings) or "", owner))
        return kept


def _compact(date: str) -> str:
    """ACR-NEMA and early DICOM wrote 1997.04.24, which PS3.5 6.2 asks readers to take."""
    date = date.strip()
    return date.replace(".", "", 2) if date[4:5] == "." else date


def _put(waiting: Waiting, value: str | None, walks: Sequence[Walk]) -> str:
    """Put the column's value where the element stands, or do what the profile says instead; give the element's path."""
    walk = walks[waiting.owner]
    if not value:
        return walk.lose(waiting)
    vr = vr_of(waiting.element)
    text = value[: LONGEST[vr]] if vr in LONGEST else value
    waiting.place[Tag(waiting.element.tag)] = made(waiting.element, encoded(text, waiting.encodings), vr=vr)
    return walk.changed(waiting, same=value == waiting.value)
