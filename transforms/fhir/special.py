"""What is more than its elements: a code and its meaning, a reference, an identifier, an extension?"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from transforms.fhir.references import read_reference
from transforms.records.vocabulary import Rule

if TYPE_CHECKING:
    from collections.abc import Mapping

    from transforms.fhir.change import Walk
    from transforms.fhir.paths import Node

CONTAINED: Final = Rule("pseudonymize", "row_id", "fhir-contained")
_PART: Final = re.compile(r"[A-Za-z]{1,64}")


def coding(walk: Walk, value: Mapping[str, Any], node: Node) -> dict[str, Any] | None:
    """What a code means is no free text; without the code it is one."""
    if "display" in value and not (value.get("system") and value.get("code")):
        walk.made.tally.counts[f"{node.path}.display", "dropped"] += 1
        value = {name: part for name, part in value.items() if name != "display"}
    return walk.structure(value, node) or None


def concept(walk: Walk, value: Mapping[str, Any], node: Node) -> dict[str, Any] | None:
    """A concept's text stays where it repeats the meaning of a code that stays; else it is a free text."""
    text, codings = value.get("text"), value.get("coding")
    if not isinstance(text, str) or not isinstance(codings, list) or not _says_a_code(text, codings):
        return walk.structure(value, node) or None
    out = walk.structure({name: part for name, part in value.items() if name != "text"}, node)
    leaf = node.leaves.get("text")
    if leaf is not None and leaf.sort != "drop":
        out["text"] = text
        walk.made.keep(leaf.path, str(text), walk.record)
        walk.made.tally.counts[leaf.kept] += 1
    return out or None


def reference(walk: Walk, value: Mapping[str, Any], node: Node) -> dict[str, Any] | None:
    """A reference is rewritten; its display, which is mostly a name, goes by the rules."""
    out: dict[str, Any] = {}
    text = value.get("reference")
    if text is not None:
        put_reference(walk, text, f"{node.path}.reference", out, "reference", hint=value.get("type"))
    rest = {name: part for name, part in value.items() if name != "reference"}
    if rest:
        walk.structure(rest, node, out)
    return out if out.keys() - {"type"} else None


def put_reference(
    walk: Walk, text: object, path: str, place: dict[str, Any], name: str, *, hint: object = None
) -> bool:
    """Rewrite a literal reference; false where it can't be, and so was left out."""
    rule, value, form = None, "", str
    if isinstance(text, str):
        if text == "#":
            place[name] = text
            return True
        if text.startswith("#"):
            rule, value, form = CONTAINED, text[1:], "#".__add__  # type: ignore[assignment]
        elif (target := read_reference(text, walk.work.paths.types)) is not None:
            value, form = target.id, target.form  # type: ignore[assignment]
            if target.system is not None:
                rule = walk.work.identifier_rule(target.system, [])
            else:
                known = walk.known.get(text)
                kind = target.type or (known[0] if known else hint)
                rule = walk.work.id_rule(str(kind)) if kind in walk.work.paths.types else None
    if rule is None or rule.action not in {"pseudonymize", "token", "keep"}:
        walk.made.tally.unknown(path)
        return False
    walk.work.paths.note(path, rule)
    place[name] = text if rule.action == "keep" else None
    if rule.action == "keep":
        walk.made.keep(path, str(text), walk.record)
        walk.made.tally.counts[path, "kept"] += 1
    else:
        walk.harvest.put(path, rule, value, place, name, walk.person, walk.record, form)
    return True


def identifier(walk: Walk, value: Mapping[str, Any], node: Node) -> dict[str, Any] | None:
    """An identifier goes by its system; one that no rule names is dropped whole, and its system shown."""
    rule = walk.work.identifier_rule(value.get("system"), _codes(value.get("type")))
    text = value.get("value")
    if rule is None or not isinstance(text, str):
        walk.made.tally.unknown(f"{node.path}[{value.get('system') or 'no system'}]")
        return None
    path = f"{node.path}.value"
    walk.work.paths.note(path, rule)
    if rule.action == "drop":
        walk.made.tally.counts[path, "dropped"] += 1
        return None
    out = walk.structure({name: part for name, part in value.items() if name != "value"}, node)
    out["value"] = text if rule.action == "keep" else None
    if rule.action == "keep":
        walk.made.keep(path, text, walk.record)
        walk.made.tally.counts[path, "kept"] += 1
    else:
        walk.harvest.put(path, rule, text, out, "value", walk.person, walk.record)
    return out


def extensions(walk: Walk, value: object, path: str) -> list[dict[str, Any]]:
    """Extensions stay by their address; one that no rule names is dropped, and its address shown."""
    kept = []
    for one in value if isinstance(value, list) else []:
        url = one.get("url") if isinstance(one, dict) else None
        entry = walk.work.rules.entries.get(f"Extension[{url}]")
        at = f"{path}.extension[{url}]"
        if not isinstance(entry, Rule) or entry.action == "drop":
            if entry is None:
                walk.made.tally.unknown(at)
            else:
                walk.made.tally.counts[at, "dropped"] += 1
            continue
        part = _extension(walk, one, at, entry)
        if part is not None:
            kept.append(part)
    return kept


def _extension(walk: Walk, one: Mapping[str, Any], path: str, entry: Rule) -> dict[str, Any] | None:
    """An extension that stays, with the parts that its type's rules let stay."""
    walk.work.paths.note(path, entry)
    content = {name: part for name, part in one.items() if name not in {"url", "extension", "id"}}
    out: dict[str, Any] = {"url": one["url"]}
    walk.structure(content, walk.work.paths.extension(path), out)
    parts = []
    for part in one.get("extension") or ():
        url = part.get("url") if isinstance(part, dict) else None
        if isinstance(url, str) and _PART.fullmatch(url):
            inner = _extension(walk, part, f"{path}.{url}", entry)
            if inner is not None:
                parts.append(inner)
        else:
            walk.made.tally.unknown(f"{path}.extension[{url}]")
    if parts:
        out["extension"] = parts
    return out if len(out) > 1 else None


def _says_a_code(text: str, codings: list[Any]) -> bool:
    """Whether a text is the display of a code that stays."""
    for one in codings:
        if isinstance(one, dict) and one.get("display") == text and one.get("system") and one.get("code"):
            return True
    return False


def _codes(kind: object) -> list[str]:
    """The codes of an identifier's type."""
    codings = kind.get("coding") if isinstance(kind, dict) else None
    return [
        one["code"]
        for one in (codings if isinstance(codings, list) else ())
        if isinstance(one, dict) and isinstance(one.get("code"), str)
    ]
