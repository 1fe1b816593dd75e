"""How are many destinations decided, one JSON line each, in order?"""

from __future__ import annotations

import json
from datetime import date
from difflib import get_close_matches
from json.encoder import encode_basestring
from typing import TYPE_CHECKING, Any

from pipeline.guard.decision import DATA_CLASSES
from pipeline.guard.messages import render

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pipeline.guard.decision import Decision, Destination, Reason
    from pipeline.guard.guard import Guard

MOST_REMEMBERED = 20_000
KEYS = frozenset(("id", "destination", "declared", "class", "on"))


class UnreadableLine(ValueError):
    """A line of a batch that is not what the format says."""


def decide_lines(guard: Guard, lines: Iterable[str | bytes], *, lang: str = "en") -> Iterator[tuple[str, bool]]:
    """Decide each line; yield the answer as JSON and whether the line could be read.

    A line that can't be read is answered too, as blocked; the others go on.
    """
    words = _Words(lang)
    for number, line in enumerate(lines, start=1):
        identity: Any = None
        try:
            content = _parse(line)
            identity = content.get("id")
            destination, data_class, on, declared = _request(content)
        except UnreadableLine as error:
            yield json.dumps({"id": identity, **_unreadable(number, str(error), lang)}), False
            continue
        decision = guard.decide(destination, data_class=data_class, on=on, declared=declared)
        name = str(identity) if type(identity) is int else json.dumps(identity)
        yield f'{{"id":{name},{words.of(decision)}}}', True


class _Words:
    """Decisions as JSON. Those about one place share reasons and facts, which are put into words once."""

    def __init__(self, lang: str) -> None:
        self._lang = lang
        self._reasons: dict[int, tuple[tuple[Reason, ...], str]] = {}
        self._facts: dict[tuple[str | None, ...], str] = {}

    def of(self, decision: Decision) -> str:
        reasons = self._reasons.get(id(decision.reasons))
        if reasons is None:
            reasons = self._reasons_of(decision.reasons)
        place = decision.destination[1:]
        facts = self._facts.get(place)
        if facts is None:
            facts = self._facts_of(decision.destination)
        uri = encode_basestring(decision.destination.uri)
        return f'"decision":"{decision.decision}","destination":{{"uri":{uri},{facts}}},"reasons":{reasons[1]}'

    def _reasons_of(self, reasons: tuple[Reason, ...]) -> tuple[tuple[Reason, ...], str]:
        text = json.dumps([reason.to_dict(lang=self._lang) for reason in reasons], ensure_ascii=False)
        if len(self._reasons) > MOST_REMEMBERED:
            self._reasons.clear()
        self._reasons[id(reasons)] = found = (reasons, text)  # held, so that its id is not given to another
        return found

    def _facts_of(self, destination: Destination) -> str:
        facts = destination._asdict()
        del facts["uri"]
        text = json.dumps(facts, ensure_ascii=False)[1:-1]
        if len(self._facts) > MOST_REMEMBERED:
            self._facts.clear()
        self._facts[destination[1:]] = text
        return text


def _parse(line: str | bytes) -> dict[str, Any]:
    try:
        text = line if isinstance(line, str) else line.decode()
        content = DECODE(text.removeprefix("\ufeff"))
    except UnreadableLine:
        raise
    except (ValueError, RecursionError):
        raise UnreadableLine("it is no JSON") from None
    if not isinstance(content, dict):
        raise UnreadableLine("it is no JSON object")
    return content


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse a key that stands twice: readers differ on which one counts."""
    content = dict(pairs)
    if len(content) != len(pairs):
        raise UnreadableLine("a key stands twice")
    return content


DECODE = json.JSONDecoder(object_pairs_hook=_once).decode


def _request(content: dict[str, Any]) -> tuple[str, str, date | None, dict[str, Any] | None]:
    for key in content.keys() - KEYS:  # other keys are the caller's own; a mistyped one of ours would be lost
        near = get_close_matches(key, KEYS, n=1, cutoff=0.8)
        if near:
            raise UnreadableLine(f"it has an unknown key that looks like {near[0]}")
    destination, declared = content.get("destination"), content.get("declared")
    if not isinstance(destination, str):
        raise UnreadableLine("destination is no text")
    if declared is not None and not isinstance(declared, dict):
        raise UnreadableLine("declared is neither an object nor null")
    data_class = content.get("class")
    if data_class not in DATA_CLASSES:
        raise UnreadableLine(f"class is none of {', '.join(DATA_CLASSES)}")
    return destination, data_class, _day(content.get("on")), declared


def _day(value: object) -> date | None:
    if value is None:
        return None
    try:
        if isinstance(value, str) and len(value) == 10:
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise UnreadableLine("on is no day (YYYY-MM-DD)")


def _unreadable(number: int, problem: str, lang: str) -> dict[str, Any]:
    details = (("line", str(number)), ("problem", problem))
    message = render("unreadable_line", details, lang)
    return {
        "decision": "block",
        "destination": dict.fromkeys(("uri", "host", "provider", "service", "region", "country")),
        "reasons": [{"rule": "destination.malformed", "verdict": "block", "message": message, "source": ""}],
    }
