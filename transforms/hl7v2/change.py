"""How does a batch of HL7 v2 messages become one that may leave? One walk each, then one change a rule.

Segments and fields that no rule names are dropped and counted; the others stay where they are, so that `PID-8` is `PID-8`
afterwards too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from transforms.hl7v2.message import Separators, escaped, join_segment, split_segment, unescaped
from transforms.hl7v2.paths import Paths
from transforms.records.harvest import Harvest
from transforms.records.people import People
from transforms.records.shapes import has_shape
from transforms.records.tally import Made
from transforms.records.vocabulary import Rule

if TYPE_CHECKING:
    from transforms.hl7v2.message import Field, Part
    from transforms.hl7v2.paths import Spot
    from transforms.keys import Key
    from transforms.records.tally import Batch
    from transforms.records.vocabulary import Rules

_SEGMENT: Final = re.compile(r"[A-Z][A-Z0-9]{2}")
_NOTHING: Final = '""'
"""What says that a value is to be deleted where the message arrives (HL7 2.5.1, chapter 2.5.3)."""
_CODED: Final = frozenset({"CE", "CWE", "CNE"})
_REDACT: Final = Rule("redact", "free_text")


@dataclass(slots=True)
class Message:
    """A message as it stands in a file: its segments, and what stands around it.

    Attributes:
        segments: Each as text, the header first.
        separators: As the header declares them.
        framed: Whether it stood in an MLLP frame.
        ending: What ends its segments.
        charset: What it is written in.
    """

    segments: list[str]
    separators: Separators
    framed: bool = False
    ending: str = "\r"
    charset: str = "utf-8"


class Hl7Work:
    r"""Changes HL7 v2 messages by rules, under one key. `change` may be called as often as there are batches.

    Example:
        >>> from transforms import Key
        >>> from transforms.hl7v2 import shipped_rules
        >>> from transforms.records.tally import Batch
        >>> from transforms.records.vocabulary import read_rules
        >>> work = Hl7Work(read_rules(shipped_rules()), Key(bytes(32), domain="d", id="k"))
        >>> message = Message(["MSH|^~\\&|LAB", "PID|1||8001||DUPONT^JEAN||19700517|M", "ZZZ|DUPONT"], Separators())
        >>> made = work.change(Batch([message], [1]))
        >>> made.documents[0].segments[0], made.documents[0].segments[1][-2:], made.tally.counts["ZZZ", "unknown"]
        ('MSH|^~\\&', '|M', 1)
    """

    def __init__(self, rules: Rules, key: Key) -> None:
        self.rules = rules
        self.paths = Paths(rules)
        segment, _, number = str(rules.more.get("person", "PID.3")).partition(".")
        self.person = segment, int(number)
        self._key = key
        self.people = People()
        self._remembered: dict[str, str] = {}

    def change(self, batch: Batch) -> Made:
        """Change a batch of `Message`s; new ones come back in their order."""
        made = Made([])
        harvest = Harvest(self._key, dates="compact", people=self.people, remembered=self._remembered)
        walked = [
            _Walk(self, message, made, harvest, number).segments()
            for number, message in zip(batch.numbers, batch.documents, strict=True)
        ]
        harvest.bring_in(made)
        self.people.forget_records()
        for message, segments in zip(batch.documents, walked, strict=True):
            texts = [join_segment(fields, message.separators) for fields in segments]
            made.documents.append(replace(message, segments=texts))
        return made

    def rule_of(self, path: str) -> Rule | None:
        """The rule of a path that was counted."""
        return self.paths.rule_of(path)

    def identifier_rule(self, authority: str, code: str) -> Rule | None:
        """What becomes of an identifier: by the OID of its authority, else by the code of its type."""
        for name in (f"CX[{authority}]", f"CX({code})"):
            entry = self.rules.entries.get(name)
            if isinstance(entry, Rule):
                return entry
        return None


class _Walk:
    """Goes through one message."""

    def __init__(self, work: Hl7Work, message: Message, made: Made, harvest: Harvest, record: int) -> None:
        self._work = work
        self._message = message
        self._made = made
        self._harvest = harvest
        self._record = record
        self._separators = message.separators
        self._counts = made.tally.counts
        self._person: str | None = None
        self._special = frozenset((message.separators.component, message.separators.repetition, message.separators.sub))

    def segments(self) -> list[list[Field]]:
        """Change the segments that rules know; the header's time goes by the first patient."""
        split = [split_segment(text, self._separators) for text in self._message.segments]
        self._person = next((person for fields in split if (person := self._patient(fields))), None)
        kept = []
        for fields in split:
            name = str(fields[0])
            known = self._work.paths.segments.get(name)
            if known is None:
                self._made.tally.unknown(name if _SEGMENT.fullmatch(name) else "?")
                continue
            self._made.tally.records[name] += 1
            self._person = self._patient(fields) or self._person
            kept.append(self._segment(name, fields, known))
        return kept

    def _patient(self, fields: list[Field]) -> str | None:
        """The patient that a segment names, as the source writes the id."""
        segment, number = self._work.person
        if fields[0] != segment or len(fields) <= number or not fields[number]:
            return None
        first = None
        for repetition in str(fields[number]).split(self._separators.repetition):
            parts = repetition.split(self._separators.component)
            first = first or parts[0]
            if len(parts) > 4 and parts[4] in {"PI", "MR", "PT"} and parts[0]:
                return parts[0]
        return first

    def _segment(self, name: str, fields: list[Field], known: dict[int | tuple[int, str], Spot]) -> list[Field]:
        out: list[Field] = [name] + [None] * (len(fields) - 1)
        for number, text in enumerate(fields):
            if number == 0 or not isinstance(text, str) or not text:
                continue
            if text == _NOTHING:
                out[number] = text
                continue
            if name in {"MSH", "FHS", "BHS"} and number <= 2:
                out[number] = text
                self._counts[f"{name}.{number}", "kept"] += 1
                continue
            spot = known.get(number)
            if spot is None:
                kind = str(fields[2]) if name == "OBX" and number == 5 and len(fields) > 2 else ""
                spot = known.get((number, kind))
            if spot is None:
                self._made.tally.unknown(f"{name}.{number}")
                continue
            self._field(text, spot, out, number)
        return out

    def _field(self, text: str, spot: Spot, out: list[Field], number: int) -> None:
        rule = spot.rule
        if rule is not None and rule.action == "drop":
            self._counts[spot.dropped] += 1
            if rule.kind == "person_name":
                self._learn(text, 0)
            return
        if spot.type == "XCN":
            self._learn(text, 1)
        if rule is not None and rule.action == "redact":  # a text may repeat, as lines do, and has no components
            lines: list[Part] = [None]
            several = [list(lines) for _ in text.split(self._separators.repetition)]
            out[number] = several
            for at, part in enumerate(text.split(self._separators.repetition)):
                self._scalar(part, spot, rule, several[at], 0)
            return
        if rule is not None and not self._special.intersection(text):
            self._scalar(text, spot, rule, out, number)
            return
        repetitions: list[list[Part]] = []
        for repetition in text.split(self._separators.repetition):
            made = self._repetition(repetition, spot)
            if made is not None:
                repetitions.append(made)
        out[number] = repetitions

    def _learn(self, text: str, at: int) -> None:
        """Note the names of a field, for the texts of this message; surname and first names from component `at`."""
        for repetition in text.split(self._separators.repetition):
            parts = [part.split(self._separators.sub)[0] for part in repetition.split(self._separators.component)]
            self._work.people.add(
                self._record, *(" ".join(part) for part in (parts[at : at + 1], parts[at + 1 : at + 3]))
            )

    def _repetition(self, text: str, spot: Spot) -> list[Part] | None:
        parts = text.split(self._separators.component)
        first: Rule | None = None
        if spot.type == "CX":
            first = self._identifier(parts, spot)
            if first is None:
                self._made.tally.unknown(f"{spot.path}.1")
                return None
        if spot.rule is not None:  # a rule of the whole field speaks of its first component
            return self._components(parts, {1: spot}, spot)
        out = self._components(parts[1:], _less_one(spot.parts), spot, start=2) if spot.type == "CX" else None
        if out is None:
            return self._components(parts, spot.parts, spot)
        out.insert(0, None)
        if parts[0] and first is not None:
            path = f"{spot.path}.1"
            self._work.paths.note(path, first)
            self._scalar(parts[0], _Named(path), first, out, 0)
        return out

    def _components(self, parts: list[str], known: dict[int, Spot], spot: Spot, *, start: int = 1) -> list[Part]:
        out: list[Part] = [None] * len(parts)
        for at, text in enumerate(parts):
            if not text:
                continue
            inner = known.get(at + 1)
            if inner is None:
                self._made.tally.unknown(f"{spot.path}.{at + start}")
            elif spot.type in _CODED and at in {1, 4} and not parts[at - 1]:
                self._scalar(text, inner, _REDACT, out, at)  # what a code means; without the code it is a free text
            else:
                self._component(text, inner, out, at)
        return out

    def _component(self, text: str, spot: Spot, out: list[Part], at: int) -> None:
        rule = spot.rule
        if rule is not None and rule.action == "drop":
            self._counts[spot.dropped] += 1
            return
        subs = text.split(self._separators.sub)
        if rule is not None and len(subs) == 1:
            self._scalar(text, spot, rule, out, at)
            return
        inside: list[str | None] = [None] * len(subs)
        out[at] = inside
        for number, sub in enumerate(subs):
            inner = spot if rule is not None and number == 0 else spot.parts.get(number + 1)
            if not sub:
                continue
            if inner is None or inner.rule is None:
                self._made.tally.unknown(f"{spot.path}.{number + 1}")
            elif inner.rule.action == "drop":
                self._counts[inner.dropped] += 1
            else:
                self._scalar(sub, inner, inner.rule, inside, number)

    def _scalar(self, text: str, spot: Spot | _Named, rule: Rule, out: list[Field] | list[Part] | list[str | None], at: int) -> None:  # fmt: skip
        """Keep one text, or gather it; nothing stands in its place until the harvest puts the result back."""
        path = spot.path
        shape = rule.shape
        if text == _NOTHING:
            out[at] = text
        elif shape is not None and not has_shape(text, shape):
            self._made.tally.unknown(path)
        elif rule.action == "keep":
            out[at] = text
            self._made.kept.append(text)
            self._made.kept_paths.append(path)
            self._made.kept_records.append(self._record)
            self._counts[path, "kept"] += 1
        elif rule.action == "drop":
            self._counts[path, "dropped"] += 1
        elif rule.action == "redact":
            plain = unescaped(text, self._separators)
            self._harvest.put(path, rule, plain, out, at, self._person, self._record, self._escape)
        else:
            self._harvest.put(path, rule, text, out, at, self._person, self._record)

    def _escape(self, text: str) -> str:
        return escaped(text, self._separators)

    def _identifier(self, parts: list[str], spot: Spot) -> Rule | None:
        """The rule of an identifier's value: by authority, by type, or the field's own."""
        authority = parts[3].split(self._separators.sub) if len(parts) > 3 else []
        oid = authority[1] if len(authority) > 1 else ""
        found = self._work.identifier_rule(oid, parts[4] if len(parts) > 4 else "")
        if found is not None:
            return found
        own = spot.parts.get(1)
        return own.rule if own and own.rule and own.rule.action != "drop" else None


@dataclass(frozen=True, slots=True)
class _Named:
    """A path without a tree."""

    path: str


def _less_one(parts: dict[int, Spot]) -> dict[int, Spot]:
    """Components counted from the second."""
    return {number - 1: spot for number, spot in parts.items() if number > 1}
