"""Which elements of a dataset stay, which go, and which wait for their column? One walk through the tree of each object."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from pydicom.datadict import keyword_for_tag
from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset
from pydicom.tag import Tag

from transforms.dicom.content import rule_of_item, without_value
from transforms.dicom.elements import (
    DUMMIES,
    TEXT_VRS,
    Element,
    decoded,
    encodings_of,
    made,
    quietly,
    sequence,
    value_bytes,
    vr_of,
)
from transforms.dicom.profile import Action

if TYPE_CHECKING:
    from collections.abc import Sequence

    from transforms.dicom.identity import Identity
    from transforms.dicom.profile import Profile, Rule
    from transforms.records.tally import Tally

Elements = dict[Any, Element]
_TIMEZONE: Final = 0x00080201
_CHARACTER_SET: Final = 0x00080005
HEAD: Final = "DICOM"
PRIVATE: Final = f"{HEAD}.PrivateAttributes"
OVERLAY: Final = f"{HEAD}.CurvesAndOverlays"
UNKNOWN: Final = f"{HEAD}.UnknownAttributes"
CONTENT_ITEM: Final = f"{HEAD}.ContentItems"
"""Paths of the tally that are no keyword."""

_CONTENT_SEQUENCE: Final = 0x0040A730
_DUMMY_WITHIN: Final = frozenset({0x0040A073, 0x00340001})
"""Sequences to be replaced whose every attribute has a rule of its own: verifying observers, flow identifiers."""

_CODE_ITEM: Final = (
    (0x00080100, "SH", b"REMOVED "),
    (0x00080102, "SH", b"99DOUANE"),
    (0x00080104, "LO", b"Removed "),
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """An element whose new value comes from a column.

    Attributes:
        place: The elements among which it stands.
        element: As it was read.
        value: What enters the column: a text, a date, a UID.
        owner: The number of its object in the batch.
        otherwise: What becomes of it where the column gives no value.
        encodings: The character sets of its dataset.
    """

    place: Elements
    element: Element
    value: str
    owner: int
    otherwise: Action
    encodings: Sequence[str]


@dataclass(frozen=True)
class Columns:
    """What waits, by the column that it enters; and texts that stay: path, value, owner and character sets of each."""

    uids: list[Waiting] = field(default_factory=list)
    dates: list[Waiting] = field(default_factory=list)
    texts: list[Waiting] = field(default_factory=list)
    patients: list[Waiting] = field(default_factory=list)
    kept: list[tuple[str, bytes, int, Sequence[str]]] = field(default_factory=list)


class Walk:
    """Goes through one object and its sequences.

    Args:
        profile: What is done with each attribute.
        columns: Takes what waits for a column.
        tally: Counts what became of each attribute.
        owner: The object's number in the batch.
        identity: What the object itself calls the patient and others: found in an attribute that the profile keeps, it
            is redacted there.
    """

    def __init__(self, profile: Profile, columns: Columns, tally: Tally, *, owner: int, identity: Identity) -> None:
        self.profile = profile
        self.columns = columns
        self.owner = owner
        self.identity = identity
        self.counts = tally.counts

    def elements(self, dataset: Dataset, parent: Sequence[str] = ("iso8859",)) -> Elements:
        """The elements that stay, those that wait with a value that says nothing yet; `parent`: its character sets."""
        encodings = encodings_of(dataset, parent)
        kept: Elements = {}
        for tag, element in list(dataset.items()):
            number = int(tag)
            group = number >> 16
            if group & 1 or 0x5000 <= group <= 0x50FF or 0x6000 <= group <= 0x60FF or (number & 0xFFFF == 0):
                # Private attributes, curves and overlay planes; lengths of groups, which aren't true any more.
                self._count(PRIVATE if group & 1 else OVERLAY, "dropped")
                continue
            vr = vr_of(element)
            self._apply(self.profile.rule(number, vr), kept, dataset, element, vr, encodings)
        return kept

    def _apply(  # noqa: PLR0917 - called for every element: keywords cost a tenth of the walk
        self, rule: Rule, kept: Elements, dataset: Dataset, element: Element, vr: str, encodings: Sequence[str]
    ) -> None:
        action, tag = rule.action, element.tag
        if vr == "SQ":
            self._sequence(rule, kept, dataset, element, encodings)
            return
        if action is Action.SHIFT and vr not in ("DA", "DT"):
            action = Action.KEEP if vr == "TM" or tag == _TIMEZONE else rule.otherwise  # shifts are whole days
        if action is Action.KEEP:
            self._keep(kept, dataset, element, vr, encodings)
            return
        name = _name(tag)
        value = value_bytes(element, encodings)
        if action is Action.REMOVE:
            self._count(name, "dropped")
            return
        if not value.strip(b" \0") or action is Action.EMPTY:
            kept[tag] = made(element, b"", vr=vr)
            self._count(name, "dropped" if value else "kept")
        elif action is Action.DUMMY:
            self._dummy(kept, element, vr, name)
        elif action is Action.AGE:
            kept[tag] = made(element, _top_coded(value), vr=vr)
            self._count(name, "changed")
        else:
            self._wait(action, rule.otherwise, kept, element, value, vr, encodings)

    def _wait(  # noqa: PLR0917 - as above
        self,
        action: Action,
        otherwise: Action,
        kept: Elements,
        element: Element,
        value: bytes,
        vr: str,
        encodings: Sequence[str],
    ) -> None:
        text = (
            decoded(value, encodings) if vr in TEXT_VRS or vr == "CS" else value.decode("ascii", "replace").strip(" \0")
        )
        if text is None or (action is Action.CLEAN and vr not in TEXT_VRS and vr != "CS"):
            self._otherwise(otherwise, kept, element, vr)
            return
        column = {
            Action.UID: self.columns.uids,
            Action.SHIFT: self.columns.dates,
            Action.CLEAN: self.columns.texts,
            Action.PATIENT: self.columns.patients,
        }[action]
        kept[element.tag] = made(element, b"", vr=vr)  # holds the place, in the order of tags
        column.append(Waiting(kept, element, text, self.owner, otherwise, encodings))

    def _keep(self, kept: Elements, dataset: Dataset, element: Element, vr: str, encodings: Sequence[str]) -> None:
        name = _name(element.tag)
        if not name or (vr == "UN" and element.tag != _CHARACTER_SET):
            self._count(UNKNOWN, "unknown")
            return
        if vr in TEXT_VRS:
            value = value_bytes(element, encodings)
            if self.identity.is_in(value, encodings):
                self._wait(Action.CLEAN, Action.REMOVE, kept, element, value, vr, encodings)
                return
            self.columns.kept.append((name, value, self.owner, encodings))
        elif vr == "CS" and self.identity.is_in(value_bytes(element, encodings), encodings):
            self._otherwise(Action.EMPTY, kept, element, vr)
            return
        elif vr == "AS":
            element = made(element, _top_coded(value_bytes(element, encodings)))
        kept[element.tag] = element if element.VR else _with_vr(dataset, element)
        self._count(name, "kept")

    def _otherwise(self, action: Action, kept: Elements, element: Element, vr: str) -> None:
        name = _name(element.tag)
        if action is Action.DUMMY:
            self._dummy(kept, element, vr, name)
        elif action is Action.EMPTY:
            kept[element.tag] = made(element, b"", vr=vr)
            self._count(name, "lost")
        else:
            kept.pop(element.tag, None)
            self._count(name, "lost")

    def lose(self, waiting: Waiting) -> str:
        """Do what the profile says where a column gave no value; give the element's path."""
        self._otherwise(waiting.otherwise, waiting.place, waiting.element, vr_of(waiting.element))
        return _name(waiting.element.tag)

    def changed(self, waiting: Waiting, *, same: bool) -> str:
        """Count an element that got its column's value; give its path."""
        path = _name(waiting.element.tag)
        self._count(path, "kept" if same else "changed")
        return path

    def _dummy(self, kept: Elements, element: Element, vr: str, name: str) -> None:
        dummy = DUMMIES.get(vr)
        if dummy is None:
            kept.pop(element.tag, None)
            self._count(name, "dropped")
            return
        kept[element.tag] = made(element, dummy, vr=vr)
        self._count(name, "changed")

    def _sequence(
        self, rule: Rule, kept: Elements, dataset: Dataset, element: Element, encodings: Sequence[str]
    ) -> None:
        tag, name = element.tag, _name(element.tag)
        if rule.action in (Action.REMOVE, Action.EMPTY):
            if rule.action is Action.EMPTY:
                kept[tag] = sequence(tag, [])
            self._count(name, "dropped")
            return
        if rule.action is Action.DUMMY and tag not in _DUMMY_WITHIN:
            kept[tag] = sequence(tag, [_code_item()])
            self._count(name, "changed")
            return
        if not name:
            self._count(UNKNOWN, "unknown")
            return
        items = _items(dataset, element)
        if items is None:
            self._count(name, "lost")
            return
        by_item = rule.action is Action.CONTENT
        cleaned = [self._item(item, encodings, by_item=by_item or tag == _CONTENT_SEQUENCE) for item in items]
        kept[tag] = sequence(tag, [item for item in cleaned if item is not None])
        self._count(name, "kept")

    def _item(self, item: Dataset, parent: Sequence[str], *, by_item: bool) -> Dataset | None:
        rule = rule_of_item(item, self.profile) if by_item else None
        if rule is not None and rule.action is Action.REMOVE:
            self._count(CONTENT_ITEM, "dropped")
            return None
        elements = self.elements(item, parent)
        if rule is not None and rule.action is Action.DUMMY:
            without_value(elements)
            self._count(CONTENT_ITEM, "changed")
        return like(item, elements, encodings_of(item, parent))

    def _count(self, name: str, outcome: Any) -> None:  # noqa: ANN401 - an outcome of the tally
        self.counts[name, outcome] += 1


def like(dataset: Dataset, elements: Elements, encodings: Sequence[str]) -> Dataset:
    """A dataset of these elements, written in the encoding of the one that was read."""
    fresh = Dataset(elements)
    implicit, little = dataset.original_encoding
    fresh.set_original_encoding(implicit, little, list(encodings))
    fresh.is_undefined_length_sequence_item = getattr(dataset, "is_undefined_length_sequence_item", False)
    return fresh


def _with_vr(dataset: Dataset, element: Element) -> Element:
    """The element as an explicit transfer syntax needs it, where a device forgot what it writes (PS3.5 7.1.2)."""
    implicit, _ = dataset.original_encoding
    if implicit:
        return element
    with quietly():
        known = dataset[element.tag]
    return element._replace(VR=known.VR) if isinstance(element, RawDataElement) else known


def _items(dataset: Dataset, element: Element) -> Sequence[Dataset] | None:
    """The items of a sequence, parsed on the first look; None where they can't be read."""
    with quietly():
        try:
            value = dataset[element.tag].value
        except Exception:  # noqa: BLE001 - a parser under damaged bytes raises whatever it stumbles over
            return None
    return list(value or ()) if not isinstance(value, bytes) else None


def _code_item() -> Dataset:
    return Dataset(
        {Tag(tag): RawDataElement(Tag(tag), vr, len(value), value, 0, False, True) for tag, vr, value in _CODE_ITEM}
    )


@cache
def _name(tag: int) -> str:
    """The path of an attribute: its keyword, wherever in the tree it stands. Empty where no dictionary knows it."""
    keyword = keyword_for_tag(tag)
    return f"{HEAD}.{keyword}" if keyword else ""


def _top_coded(age: bytes) -> bytes:
    """An age of 90 years or more is 090Y: so old a person is one of few."""
    digits, unit = age.strip(b" \0")[:-1], age.strip(b" \0")[-1:]
    return b"090Y" if unit == b"Y" and digits.isdigit() and int(digits) > 90 else age
