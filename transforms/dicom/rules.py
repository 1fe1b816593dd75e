"""What do the lines of a plan (`DICOM.StudyDescription: drop`, `Pixels.ultrasound: keep`) say in the words of the profile?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from pydicom.datadict import dictionary_VR, tag_for_keyword

from transforms.dicom.elements import TEXT_VRS
from transforms.dicom.pixels import RISKS
from transforms.dicom.profile import Action, Options, Profile, Rule, read_profile
from transforms.dicom.walking import CONTENT_ITEM, HEAD, OVERLAY, PRIVATE, UNKNOWN
from transforms.records import vocabulary
from transforms.records.vocabulary import InvalidRule

if TYPE_CHECKING:
    from collections.abc import Mapping

    from transforms.normalization import Normalization
    from transforms.records.vocabulary import Entry, Rules

UIDS: Final = f"{HEAD}.UIDs"
OPTION: Final = "Option"
PIXELS: Final = "Pixels"

_DAYS: Final = 365
_SHIFTED: Final = frozenset({"DA", "DT"})
_KINDS: Final = {
    "PatientSex": "sex",
    "PatientAge": "age",
    "PatientSize": "vital_sign",
    "PatientWeight": "vital_sign",
    "Modality": "technical",
}


@dataclass(frozen=True)
class DicomRules:
    """A plan's rules as the profile takes them.

    Attributes:
        profile: The profile with its options and the plan's own lines.
        link: The linking label of Patient IDs, or None where they go.
        uid_link: That of UIDs.
        normalize: How spellings of a Patient ID are evened out.
        cleared: The pixel risks that a person has cleared.
        entries: The plan's own lines, by path.
    """

    profile: Profile
    link: str | None
    uid_link: str
    normalize: bool | Normalization
    cleared: frozenset[str]
    entries: Mapping[str, Entry]

    def rule_of(self, path: str) -> vocabulary.Rule | None:
        """The rule of a path of the tally, in the words that papers use."""
        if path in (PRIVATE, OVERLAY, CONTENT_ITEM):
            return vocabulary.DROP
        if path == UNKNOWN:
            return None
        entry = self.entries.get(path)
        if isinstance(entry, vocabulary.Rule):
            return entry
        keyword = path.partition(".")[2]
        tag = tag_for_keyword(keyword)
        if tag is None:
            return None
        vr = dictionary_VR(tag)
        action = self.profile.rule(int(tag), vr).action
        if action is Action.SHIFT and vr not in _SHIFTED:
            return vocabulary.Rule("keep", "event_date", why="shifts are whole days: the time of day stays")
        return self._words(action, keyword)

    def _words(self, action: Action, keyword: str) -> vocabulary.Rule:
        days = self.profile.options.days
        words = {
            Action.UID: vocabulary.Rule("pseudonymize", "study_uid", self.uid_link),
            Action.SHIFT: vocabulary.Rule("shift", "event_date", options=(() if days == _DAYS else (("days", days),))),
            Action.CLEAN: vocabulary.Rule("redact", "free_text"),
            Action.PATIENT: vocabulary.Rule("pseudonymize", "patient_id", self.link),
            Action.AGE: vocabulary.Rule("generalize", "age", options=(("top_code", 90),)),
            Action.KEEP: vocabulary.Rule("keep", _KINDS.get(keyword, "technical")),
            Action.CONTENT: vocabulary.Rule("keep", "technical"),
        }
        return words.get(action, vocabulary.DROP)


def dicom_rules(rules: Rules) -> DicomRules:
    """Read a plan's rules.

    Raises:
        InvalidRule: A line names no attribute, option or risk that there is, or an action that it can't have.
    """
    for path in rules.entries:
        _require_known(path)
    lines = {path: entry for path, entry in rules.entries.items() if isinstance(entry, vocabulary.Rule)}
    profile = read_profile(_options(lines))
    own = {
        int(tag): _rule(entry, path, dictionary_VR(tag))
        for path, entry in lines.items()
        if path.startswith(f"{HEAD}.") and path != UIDS and (tag := tag_for_keyword(path.partition(".")[2])) is not None
    }
    patient, uids = lines.get(f"{HEAD}.PatientID"), lines.get(UIDS)
    if uids is None or uids.action != "pseudonymize":
        raise InvalidRule(f"{UIDS} are always pseudonymized", hint="Take the line out of the plan's changes.")
    named = patient is not None and patient.action == "pseudonymize"
    normalize = dict(patient.options).get("normalize", True) if patient is not None else True
    cleared = frozenset(risk for risk in RISKS if lines[f"{PIXELS}.{risk}"].action == "keep")
    return DicomRules(
        replace(profile, rules={**profile.rules, **own}),
        str(patient.link) if named and patient is not None else None,
        str(uids.link),
        normalize,
        cleared,
        lines,
    )


def _options(lines: Mapping[str, vocabulary.Rule]) -> Options:
    def on(name: str) -> bool:
        return lines[f"{OPTION}.{name}"].action != "drop"

    return Options(
        modified_dates=on("ModifiedDates"),
        descriptors="redact" if on("Descriptors") else "drop",
        structured_content=on("StructuredContent"),
        patient_characteristics=on("PatientCharacteristics"),
        ethnicity=on("Ethnicity"),
        device=on("DeviceIdentity"),
        institution=on("InstitutionIdentity"),
        document=lines[f"{PIXELS}.document"].action == "keep",
        days=int(dict(lines[f"{OPTION}.ModifiedDates"].options).get("days", _DAYS)),
    )


def _rule(entry: vocabulary.Rule, path: str, vr: str) -> Rule:
    """What a plan's own line does with its attribute."""
    if path in (f"{HEAD}.PatientID", f"{HEAD}.PatientName"):
        action = {"pseudonymize": Action.PATIENT, "drop": Action.EMPTY}.get(entry.action)
        if action is None:
            raise InvalidRule(f"{path} is pseudonymized or dropped", hint="Say one of the two.")
        return Rule(action, Action.EMPTY)
    action = {"keep": Action.KEEP, "drop": Action.EMPTY, "redact": Action.CLEAN, "shift": Action.SHIFT}.get(
        entry.action
    )
    if action is None:
        raise InvalidRule(f"{path} can't be changed by {entry.action}", hint="Use keep, drop, redact or shift.")
    if action is Action.CLEAN and vr not in TEXT_VRS:
        raise InvalidRule(f"{path} is no text that can be redacted ({vr})", hint="Use keep or drop.")
    if action is Action.SHIFT and vr not in _SHIFTED:
        raise InvalidRule(f"{path} is no date that can be shifted ({vr})", hint="Use keep or drop.")
    return Rule(action, Action.EMPTY)


def _require_known(path: str) -> None:
    head, _, name = path.partition(".")
    known = (
        (head == HEAD and (path == UIDS or tag_for_keyword(name) is not None))
        or (head == OPTION and name in _OPTIONS)
        or (head == PIXELS and name in RISKS)
    )
    if not known:
        raise InvalidRule(
            f"{path} is no attribute, option or risk of DICOM objects",
            hint="Write DICOM.Keyword, Option.Name or Pixels.risk; docs/reference/dicom.md lists them.",
        )


_OPTIONS: Final = frozenset(
    "ModifiedDates Descriptors StructuredContent PatientCharacteristics Ethnicity DeviceIdentity"
    " InstitutionIdentity".split()
)
