"""What does the confidentiality profile of DICOM PS3.15 Annex E, with its options, do with each attribute?

The tables of the standard stand beside this module as data: `attributes.csv` (E.1-1) and `content_items.csv` (E.3.4-1).
Where the standard offers several actions (X/Z/D), the one is taken that keeps the object valid whatever its type: a
dummy or an empty value tells no more than its absence, and a viewer that wants the attribute still opens the file.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from enum import Enum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from transforms.errors import InvalidOption

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_HERE: Final = Path(__file__).parent
_LONGEST_SHIFT: Final = 36_525


class Action(Enum):
    """What is done with one attribute, in the words of the report."""

    KEEP = "kept"
    REMOVE = "removed"
    EMPTY = "emptied"
    DUMMY = "replaced by a dummy"
    UID = "replaced by a keyed UID"
    SHIFT = "shifted by the person's own number of days"
    CLEAN = "identifiers in the text replaced"
    PATIENT = "replaced by a keyed pseudonym"
    AGE = "top-coded at 90 years"
    CONTENT = "cleaned item by item"


@dataclass(frozen=True, kw_only=True)
class Options:
    """Which options of the profile hold (PS3.15 E.3), and how dates move.

    Attributes:
        modified_dates: Retain Longitudinal Temporal Information with Modified Dates: dates move by the patient's own
            shift, times of day stay. Off: dates and times go as the basic profile says.
        descriptors: Clean Descriptors: "redact" finds and replaces identifiers in descriptions and comments, "drop"
            removes them as the basic profile says.
        structured_content: Clean Structured Content: the items of structured reports are cleaned one by one. Off: a
            report keeps nothing of its content.
        patient_characteristics: Retain Patient Characteristics: age (top-coded at 90), sex, size, weight, and what is
            written of allergies, smoking or pregnancy stay.
        ethnicity: The ethnic group stays with the patient characteristics. A kind of data that the law guards apart
            (GDPR art. 9), so it is an option of its own.
        device: Retain Device Identity: serial numbers, station names.
        institution: Retain Institution Identity.
        document: An encapsulated document (PDF, CDA) stays as it is. Only where a person has looked at it.
        days: The greatest shift in days, as for `shift_dates`.
    """

    modified_dates: bool = True
    descriptors: Literal["redact", "drop"] = "redact"
    structured_content: bool = True
    patient_characteristics: bool = True
    ethnicity: bool = False
    device: bool = False
    institution: bool = False
    document: bool = False
    days: int = 365

    def __post_init__(self) -> None:
        if self.descriptors not in ("redact", "drop"):
            raise InvalidOption("descriptors is none of redact, drop", hint="Say descriptors='redact'.")
        if not 1 <= self.days <= _LONGEST_SHIFT:
            raise InvalidOption(f"days is a whole number from 1 to {_LONGEST_SHIFT}")

    @property
    def kept(self) -> tuple[str, ...]:
        """The columns of the tables whose K and C are in force."""
        asked = {
            "device": self.device,
            "institution": self.institution,
            "patient": self.patient_characteristics,
            "dates": self.modified_dates,
            "descriptors": self.descriptors == "redact",
            "content": self.structured_content,
        }
        return tuple(name for name, wanted in asked.items() if wanted)


@dataclass(frozen=True)
class Rule:
    """What is done with an attribute, and what instead where that can't be done (a date that can't be read)."""

    action: Action
    otherwise: Action


@dataclass(frozen=True)
class Profile:
    """The profile with its options, ready to be asked.

    Attributes:
        options: The options that were chosen.
        rules: By tag, as a number.
        items: By the code and scheme of a content item's concept.
    """

    options: Options
    rules: Mapping[int, Rule]
    items: Mapping[tuple[str, str], Rule]

    def rule(self, tag: int, vr: str) -> Rule:
        """The rule of a standard attribute; `vr` decides on those that the table doesn't list."""
        return self.rules.get(tag) or self._unlisted(vr)

    def _unlisted(self, vr: str) -> Rule:
        """Beyond the standard: an attribute that came after the table may still hold a name, a date or a comment."""
        if vr in ("ST", "LT", "UT"):
            return Rule(Action.CLEAN if self.options.descriptors == "redact" else Action.REMOVE, Action.REMOVE)
        if vr in ("DA", "DT"):
            return Rule(Action.SHIFT if self.options.modified_dates else Action.EMPTY, Action.EMPTY)
        return _UNLISTED.get(vr, _KEPT)


_KEPT: Final = Rule(Action.KEEP, Action.KEEP)
_UNLISTED: Final = {
    "PN": Rule(Action.EMPTY, Action.EMPTY),
    "UR": Rule(Action.REMOVE, Action.REMOVE),
    "UN": Rule(Action.REMOVE, Action.REMOVE),
}
_BASIC: Final = {
    "D": Action.DUMMY,
    "Z": Action.EMPTY,
    "X": Action.REMOVE,
    "U": Action.UID,
    "X/Z": Action.EMPTY,
    "X/D": Action.DUMMY,
    "Z/D": Action.DUMMY,
    "X/Z/D": Action.DUMMY,
    "X/Z/U*": Action.KEEP,  # a sequence of references: the UIDs within have rules of their own
}
_CLEANED: Final = {
    "dates": Action.SHIFT,
    "descriptors": Action.CLEAN,
    "patient": Action.CLEAN,
    "device": Action.CLEAN,
    "content": Action.CONTENT,
}
PATIENT_NAME: Final = 0x00100010
PATIENT_ID: Final = 0x00100020
PATIENT_AGE: Final = 0x00101010
_ETHNIC_GROUPS: Final = (0x00102160, 0x00102161, 0x00102162)
ENCAPSULATED_DOCUMENT: Final = 0x00420011


@cache
def read_profile(options: Options | None = None) -> Profile:
    """Make the profile that these options give (PS3.15 2026d), once for each.

    Example:
        >>> profile = read_profile(Options(patient_characteristics=False))
        >>> profile.rule(0x00100040, "CS").action
        <Action.EMPTY: 'emptied'>
        >>> profile.rule(0x00080020, "DA").action.value
        "shifted by the person's own number of days"
    """
    chosen = Options() if options is None else options
    rules = {
        int(row["tag"], 16): _without_hollow_items(row, _rule(row, chosen))
        for row in _rows("attributes.csv")
        if "x" not in row["tag"]
    }
    # The profile allows a dummy for both, and a pseudonym is one: it says nothing without the key.
    rules[PATIENT_ID] = rules[PATIENT_NAME] = Rule(Action.PATIENT, Action.EMPTY)
    if chosen.patient_characteristics:
        rules[PATIENT_AGE] = Rule(Action.AGE, Action.REMOVE)
    if not chosen.ethnicity:
        rules |= dict.fromkeys(_ETHNIC_GROUPS, Rule(Action.REMOVE, Action.REMOVE))
    if chosen.document:
        rules[ENCAPSULATED_DOCUMENT] = _KEPT
    items = {(row["code"], row["scheme"]): _rule(row, chosen) for row in _rows("content_items.csv")}
    return Profile(chosen, rules, items)


def _rule(row: Mapping[str, str], options: Options) -> Rule:
    basic = _BASIC[row["basic"]]
    words = [(column, row[column]) for column in options.kept if row.get(column)]
    if any(word == "K" for _, word in words):
        return _KEPT
    return Rule(_CLEANED[words[0][0]], basic) if words else Rule(basic, basic)


def _without_hollow_items(row: Mapping[str, str], rule: Rule) -> Rule:
    """A sequence that may go goes: a dummy item would lack what its attributes require."""
    if rule.action is Action.DUMMY and row["basic"].startswith("X") and row["name"].endswith("Sequence"):
        return Rule(Action.REMOVE, Action.REMOVE)
    return rule


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (_HERE / name).open(encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(line for line in stream if not line.startswith("#"))
