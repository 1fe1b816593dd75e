"""How does a batch of FHIR R4 resources become one that may leave? One walk each, then one change a rule.

JSON content in, JSON content out. What no rule names is dropped and counted. An extension that modifies the meaning of
what it stands in can't be dropped (https://hl7.org/fhir/R4/extensibility.html#modifierExtension): the whole resource is
left out, and counted.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from transforms.fhir.bundles import Bundles
from transforms.fhir.paths import Node, Paths
from transforms.fhir.pruning import pruned
from transforms.fhir.references import read_reference
from transforms.fhir.special import CONTAINED, coding, concept, extensions, identifier, reference
from transforms.records.harvest import Harvest
from transforms.records.people import People
from transforms.records.shapes import has_shape
from transforms.records.tally import Made
from transforms.records.vocabulary import Rule

if TYPE_CHECKING:
    from collections.abc import Mapping

    from transforms.fhir.paths import Leaf
    from transforms.keys import Key
    from transforms.records.tally import Batch
    from transforms.records.vocabulary import Rules

_NAME: Final = re.compile(r"[A-Za-z]{1,64}")
_MASK: Final = {"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "masked"}
_MASKED: Final = frozenset({"CodeableConcept", "Reference"})
"""Structures that many elements must have: one of which nothing may stay says so, in FHIR's own words."""
_LONGEST_NUMBER: Final = 9
"""Longer ones are looked at for identifiers: a social security number may stand where a number should."""


class LeftOut(Exception):
    """A resource that can't be released as a whole; says why."""


class FhirWork:
    """Changes FHIR R4 resources by rules, under one key. `change` may be called as often as there are batches.

    Example:
        >>> from transforms import Key
        >>> from transforms.fhir import shipped_rules
        >>> from transforms.records.tally import Batch
        >>> from transforms.records.vocabulary import read_rules
        >>> work = FhirWork(read_rules(shipped_rules()), Key(bytes(32), domain="d", id="k"))
        >>> patient = {"resourceType": "Patient", "id": "8001", "gender": "female", "name": [{"family": "Quillfeldt"}]}
        >>> made = work.change(Batch([patient], [1]))
        >>> sorted(made.documents[0]), len(made.documents[0]["id"]), made.tally.counts["Patient.name", "dropped"]
        (['gender', 'id', 'resourceType'], 32, 1)
    """

    def __init__(self, rules: Rules, key: Key) -> None:
        self.rules = rules
        self.paths = Paths(rules)
        self.persons: tuple[str, ...] = tuple(rules.more.get("persons", ()))
        self.links: Mapping[str, str] = rules.more.get("links", {})
        self._key = key
        self.people = People()
        self._system: object = rules.more.get("person")
        self._known_as: dict[str, str] = {}
        self._remembered: dict[str, str] = {}

    def change(self, batch: Batch) -> Made:
        """Change a batch of resources (JSON objects); new objects come back, without those that were left out."""
        made = Made([])
        harvest = Harvest(self._key, dates="iso", people=self.people, remembered=self._remembered)
        numbers = []
        for number, resource in zip(batch.numbers, batch.documents, strict=True):
            try:
                made.documents.append(Walk(self, made, harvest, number).resource(resource))
                numbers.append(number)
            except LeftOut as why:
                made.tally.left_out[str(why)] += 1
        losers = harvest.bring_in(made)
        self.people.forget_records()
        if losers:
            made.documents = [
                pruned(document) if number in losers else document
                for number, document in zip(numbers, made.documents, strict=True)
            ]
        return made

    def learn(self, resource: Mapping[str, Any]) -> None:
        """Note whom a resource of a person names, so that texts of other files are redacted of them too."""
        name, own = resource.get("resourceType"), resource.get("id")
        circle = own if name == "Patient" and isinstance(own, str) else None
        if name == "Practitioner" or circle is not None:
            learn_names(self.people, circle, resource.get("name"))
        known_as = self._identifier(resource) if circle is not None and self._system else None
        if known_as is not None and circle is not None:
            self._known_as[circle] = known_as

    def patient(self, own: str | None, resource: Mapping[str, Any] | None = None) -> str | None:
        """By whose shift dates move: the identifier that tables go by, if the rules name its system, else the id."""
        if not self._system:
            return own
        return (self._identifier(resource) if resource else None) or self._known_as.get(own or "", own)

    def _identifier(self, resource: Mapping[str, Any]) -> str | None:
        """The value of a patient's identifier of the system that the rules name."""
        found = resource.get("identifier")
        for one in found if isinstance(found, list) else ():
            if isinstance(one, dict) and one.get("system") == self._system and isinstance(one.get("value"), str):
                return str(one["value"])
        return None

    def rule_of(self, path: str) -> Rule | None:
        """The rule of a path that was counted."""
        return self.paths.rule_of(path)

    def identifier_rule(self, system: object, codes: list[str]) -> Rule | None:
        """What becomes of an identifier's value: by its system, else by the code of its type."""
        for name in (f"Identifier[{system}]", *(f"Identifier({code})" for code in codes)):
            entry = self.rules.entries.get(name)
            if isinstance(entry, Rule):
                return entry
        return None

    def id_rule(self, name: str) -> Rule | None:
        """What becomes of the id of a type of resource, and of every reference to it."""
        entry = self.rules.entries.get(f"{name}.id")
        return entry if isinstance(entry, Rule) and entry.action != "drop" else None


class Walk:
    """Goes through one resource, and through what it holds."""

    def __init__(self, work: FhirWork, made: Made, harvest: Harvest, record: int) -> None:
        self.work = work
        self.made = made
        self.harvest = harvest
        self.record = record
        self.person: str | None = None
        self.known: dict[str, tuple[str, str]] = {}
        self.own: tuple[str, str] | None = None
        self._counts = made.tally.counts

    def resource(self, source: Mapping[str, Any], *, contained: bool = False) -> dict[str, Any]:
        """Change one resource.

        Raises:
            LeftOut: No rule names its type, or something in it can't be dropped without changing what it says.
        """
        name = source.get("resourceType")
        if name == "Bundle" and not contained:
            return Bundles(self).bundle(source)
        node = self.work.paths.resource(name) if isinstance(name, str) else None
        if node is None:
            shown = name if isinstance(name, str) and _NAME.fullmatch(name) else "?"
            raise LeftOut(f"no rule names the type {shown}")
        if not contained:
            self.person = self._person(str(name), source)
            self.made.tally.records[str(name)] += 1
        out: dict[str, Any] = {"resourceType": name}
        rest = {key: value for key, value in source.items() if key not in {"resourceType", "id", "contained"}}
        self._id(source.get("id"), node, out, contained=contained)
        if "implicitRules" in rest:
            raise LeftOut("implicitRules may change what a resource says")
        within = source.get("contained")
        if isinstance(within, list):
            kept = [self.resource(one, contained=True) for one in within if isinstance(one, dict)]
            if kept:
                out["contained"] = kept
        out.update(self.structure(rest, node, out))
        return out

    def structure(self, source: Mapping[str, Any], node: Node, out: dict[str, Any] | None = None) -> dict[str, Any]:
        """Change the elements of one structure."""
        if out is None:
            out = {}
        leaves, counts, made, record = node.leaves, self._counts, self.made, self.record
        for name, value in source.items():
            leaf = leaves.get(name)
            if leaf is None:
                self._unnamed(name, value, node, out)
                continue
            sort = leaf.sort
            if sort == "keep":
                shape = leaf.shape
                if type(value) is str and (shape is None or has_shape(value, shape)):
                    out[name] = value
                    made.kept.append(value)
                    made.kept_paths.append(leaf.path)
                    made.kept_records.append(record)
                    counts[leaf.kept] += 1
                else:
                    self._keep(name, value, leaf, out)
            elif sort == "drop":
                counts[leaf.dropped] += 1
                if name == "name":
                    self._learn(node.path, value)
            elif sort == "rule":
                self._gather(name, value, leaf, out)
            else:
                self._within(name, value, leaf, out)
        return out

    def _learn(self, path: str, value: object) -> None:
        """Note the names of a patient's own circle, and those of practitioners for every text."""
        circle = None if path.startswith("Practitioner") else self.person if self.person is not None else self.record
        learn_names(self.work.people, circle, value)

    def _person(self, name: str, source: Mapping[str, Any]) -> str | None:
        """The patient whose resource it is, by the id that the patient's own resource has."""
        if name == "Patient":
            own = source.get("id")
            known = own if isinstance(own, str) else self.own and self.own[1]
            return self.work.patient(known or None, source)
        for element in self.work.persons:
            value = source.get(element)
            first = value[0] if isinstance(value, list) and value else value
            text = first.get("reference") if isinstance(first, dict) else None
            if not isinstance(text, str):
                continue
            there = self.known.get(text)
            if there is not None:
                if there[0] == "Patient":
                    return self.work.patient(there[1])
                continue
            target = read_reference(text, self.work.paths.types)
            if target is not None and target.system is None and target.type in {"Patient", None}:
                return self.work.patient(target.id)
        return None

    def _id(self, value: object, node: Node, out: dict[str, Any], *, contained: bool) -> None:
        if not isinstance(value, str):
            return
        path, rule = f"{node.path}.id", CONTAINED if contained else self.work.id_rule(node.path)
        if rule is None:
            self._counts[path, "dropped"] += 1
            return
        out["id"] = value if rule.action == "keep" else None
        if contained:
            path = f"{node.path}.id (contained)"
            self.work.paths.note(path, rule)
        if rule.action == "keep":
            self.made.keep(path, value, self.record)
            self._counts[path, "kept"] += 1
        else:
            self.harvest.put(path, rule, value, out, "id", self.person, self.record)

    def _keep(self, name: str, value: object, leaf: Leaf, out: dict[str, Any]) -> None:
        """Keep numbers, booleans and lists of scalars; anything else is not what the format has there."""
        parts = value if isinstance(value, list) else [value]
        shape = leaf.shape
        if not parts or not all(
            part is None or (isinstance(part, str | int | float) and (shape is None or has_shape(part, shape)))
            for part in parts
        ):
            self.made.tally.unknown(leaf.path)
            return
        out[name] = value
        for part in parts:
            text = str(part)
            if isinstance(part, str) or len(text) > _LONGEST_NUMBER:
                self.made.keep(leaf.path, text, self.record)
            self._counts[leaf.kept] += 1

    def _gather(self, name: str, value: object, leaf: Leaf, out: dict[str, Any]) -> None:
        rule = leaf.rule
        if rule is None:
            return
        # Nothing stands there until the harvest puts the result back: what it would miss is missing, and no leak.
        if isinstance(value, str):
            out[name] = None
            self.harvest.put(leaf.path, rule, value, out, name, self.person, self.record)
        elif isinstance(value, list) and value and all(isinstance(part, str) for part in value):
            several: list[str | None] = [None] * len(value)
            out[name] = several
            for at, part in enumerate(value):
                self.harvest.put(leaf.path, rule, part, several, at, self.person, self.record)
        else:
            self.made.tally.unknown(leaf.path)

    def _within(self, name: str, value: object, leaf: Leaf, out: dict[str, Any]) -> None:
        """Change a structure, or a list of them."""
        sort = leaf.sort
        if isinstance(value, dict):
            one = self._structure(value, leaf, sort)
            if one is not None:
                out[name] = one
            elif sort in _MASKED and value:
                out[name] = {"extension": [dict(_MASK)]}
        elif isinstance(value, list):
            several = [one for part in value if isinstance(part, dict) and (one := self._structure(part, leaf, sort))]
            if several:
                out[name] = several
            for part in value:
                if not isinstance(part, dict):
                    self.made.tally.unknown(leaf.path)
        else:
            self.made.tally.unknown(leaf.path)

    def _structure(self, value: Mapping[str, Any], leaf: Leaf, sort: str) -> dict[str, Any] | None:
        within = leaf.within
        if within is None:
            return None
        if sort == "structure":
            return self.structure(value, within) or None
        return _SPECIAL[sort](self, value, within)

    def _unnamed(self, name: str, value: object, node: Node, out: dict[str, Any]) -> None:
        if name == "extension":
            kept = extensions(self, value, node.path)
            if kept:
                out[name] = kept
        elif name == "modifierExtension":
            if value:
                raise LeftOut("a modifierExtension may change what a resource says")
        elif name.startswith("_") and (leaf := node.leaves.get(name[1:])) is not None and isinstance(value, dict):
            kept = extensions(self, value.get("extension"), leaf.path) if leaf.sort != "drop" else []
            if kept:
                out[name] = {"extension": kept}
            if leaf.sort == "drop" or value.keys() - {"extension"}:
                self._counts[leaf.dropped] += 1
        else:
            self.made.tally.unknown(f"{node.path}.{name}")


def learn_names(people: People, circle: str | int | None, names: object) -> None:
    """Note the names (HumanName) of somebody of this circle."""
    for one in names if isinstance(names, list) else [names]:
        if isinstance(one, dict):
            family, given = one.get("family"), one.get("given")
            firsts = " ".join(part for part in given if isinstance(part, str)) if isinstance(given, list) else ""
            people.add(circle, family if isinstance(family, str) else "", firsts)


_SPECIAL: Final = {"Coding": coding, "CodeableConcept": concept, "Reference": reference, "Identifier": identifier}
