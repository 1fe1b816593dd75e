"""What do all the rules say of one reading, with what the caller declares, for a class and a day?"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pipeline.guard.combining import combine, narrow, read_proxy, what_was_stated
from pipeline.guard.decision import Reason
from pipeline.guard.egress import reached_by
from pipeline.guard.facts import NOTHING, Facts
from pipeline.guard.locations import WEB_OBJECT_SCHEMES, locate
from pipeline.guard.rules import judge_place

if TYPE_CHECKING:
    from datetime import date

    from pipeline.guard.egress import Reached
    from pipeline.guard.locations import Place
    from pipeline.guard.reading import Problem, Reading, Target
    from pipeline.guard.register import Register
    from pipeline.guard.rules import Needs

MOST_REMEMBERED = 100_000
REMEMBERED = frozenset(("host", "service"))
"""Targets whose address stays their own whatever is declared, and that come again; a path seldom does."""
MAY_NAME_BUCKET = WEB_OBJECT_SCHEMES | {""}


class Judgement(NamedTuple):
    """The places that a destination has, every reason, the address that was judged, and what a client connects to."""

    places: tuple[Place, ...]
    reasons: tuple[Reason, ...]
    blocked: bool
    uri: str
    endpoint: str | None
    reached: tuple[Reached, ...] = ()


class Judge:
    """One register and one policy; remembers what it judged of a host for a day, and forgets it with the day."""

    def __init__(self, register: Register, needs: dict[str, Needs]) -> None:
        self.register = register
        self.needs = needs
        self._day: date | None = None
        self._whole: dict[tuple[object, ...], Judgement] = {}
        self._places: dict[tuple[object, ...], tuple[Reason, ...]] = {}

    def judge(self, reading: Reading, facts: Facts, data_class: str, day: date) -> Judgement:
        """Judge a reading, with what the caller declares beside it."""
        if day != self._day or len(self._whole) > MOST_REMEMBERED:
            self._whole.clear()
            self._places.clear()
            self._day = day
        if len(reading.targets) != 1 or reading.targets[0].kind not in REMEMBERED:
            return self._judge(reading, facts, data_class, day)
        key = (
            *deciding_part(reading.targets[0], reading.scheme),
            reading.scheme,
            reading.cleartext,
            reading.connection,
            tuple(reading.problems),
            facts,
            data_class,
            day,  # also in the key: two threads may ask for two days
        )
        found = self._whole.get(key)
        if found is None:
            found = self._whole[key] = self._judge(reading, facts, data_class, day)
        return found if found.uri == reading.uri else found._replace(uri=reading.uri)

    def _judge(self, reading: Reading, facts: Facts, data_class: str, day: date) -> Judgement:
        result = combine(reading, facts)
        scheme = result.scheme or ("https" if result.endpoint else "")  # an endpoint speaks https
        if not result.targets and not result.problems:  # a reader that found nothing and said nothing is no allow
            result.refuse("malformed", "unreadable")
        places = tuple(locate(self.register, target, day, scheme) for target in result.targets)
        about_places: list[Reason] = []
        for place in places:
            result.problems.extend(problem for problem in place.problems if problem not in result.problems)
            narrow(self.register, result, facts, place)
            stated = what_was_stated(self.register, facts, place)
            found = self._about(place, data_class, day, result.cleartext, stated)
            about_places += [reason for reason in found if reason not in about_places]
        if len({(place.provider, place.region, place.own) for place in places}) > 1:
            result.refuse("mixed", "hosts_differ")
        if len(places) > 1 and any(reason.verdict == "block" for reason in about_places):
            result.refuse("mixed", "one_host_fails")
        reached = [
            one
            for target, place in zip(result.targets, places, strict=True)
            for one in reached_by(self.register, target, place, day, scheme=scheme, regions=facts.regions)
        ]
        about_proxies = self._about_proxies(result, data_class, day, reached)
        if len(places) == 1 and not result.problems and not about_proxies:
            reasons = found  # the very tuple that other destinations of the place have: it is put into words once
        else:
            reasons = (*map(self._reason, result.problems), *about_places, *about_proxies)
        blocked = any(reason.verdict == "block" for reason in reasons)
        return Judgement(places, reasons, blocked, result.uri, result.endpoint, tuple(reached))

    def _about(
        self, place: Place, data_class: str, day: date, cleartext: str, stated: tuple[str, str]
    ) -> tuple[Reason, ...]:
        key = (place, data_class, cleartext, stated, day)
        found = self._places.get(key)
        if found is None:
            needs = self.needs[data_class]
            found = judge_place(self.register, place, needs, data_class, day, cleartext=cleartext, stated=stated)
            self._places[key] = found
        return found

    def _about_proxies(self, result: Reading, data_class: str, day: date, reached: list[Reached]) -> list[Reason]:
        reasons: list[Reason] = []
        for proxy in result.proxies:
            judgement = self._judge(read_proxy(proxy), NOTHING, data_class, day)
            reached += judgement.reached
            if judgement.blocked:
                result.refuse("mixed", "proxy_fails")
            reasons += [reason for reason in judgement.reasons if reason.verdict == "block" and reason not in reasons]
        return reasons

    def _reason(self, problem: Problem) -> Reason:
        rule, key, details = problem
        return Reason(rule, "block", key, details, *self.register.law("caution"))


def deciding_part(target: Target, scheme: str) -> tuple[object, ...]:
    """Name what a target's place can depend on: of a path without dots, only the segment that may be a bucket."""
    path = target.path
    if target.kind not in {"host", "service"} or ".." in path or "%" in path or "storage/v1" in path:
        return target
    end = path.find("/", 1) if scheme in MAY_NAME_BUCKET else 0
    first = path if end < 0 else path[:end]
    return (target.kind, target.host, target.bucket, first, target.provider, target.service, target.port)
