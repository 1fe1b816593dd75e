"""May data of this class go to this destination on this day?"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from pipeline.errors import InvalidDocument
from pipeline.guard.combining import combine, narrow, what_was_stated
from pipeline.guard.decision import DATA_CLASSES, Decision, Destination, Reason
from pipeline.guard.destination import read
from pipeline.guard.facts import NOTHING, Facts, read_facts
from pipeline.guard.locations import locate
from pipeline.guard.reading import Reading
from pipeline.guard.redaction import masked
from pipeline.guard.register import Register, load_register
from pipeline.guard.release_facts import judge_release
from pipeline.guard.rules import DEFAULT_NEEDS, Needs, judge_place
from pipeline.guard.schemes import PROXIES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pipeline.guard.locations import Place
    from pipeline.guard.release_facts import ReleaseFacts
    from pipeline.guard.requirements import DestinationRules


class Guard:
    """Decides destinations by a register and a policy. Make one with `Guard.load`; it keeps no state between days."""

    def __init__(self, register: Register, needs: dict[str, Needs], *, problem: str = "") -> None:
        """Take a register that has been read, or the problem that kept it from being read."""
        self.register = register
        self.needs = needs
        self.problem = problem

    @classmethod
    def load(cls, register_folder: Path | None = None, policy: Path | DestinationRules | None = None) -> Guard:
        """Read the register (None: the shipped one) and the policy (None: the default of REGISTER_FORMAT).

        A guard that can't read its register or policy still comes back: it blocks everything, and says why
        (`register.unreadable`), so that a typing error never opens a door.

        Example:
            >>> guard = Guard.load()
            >>> guard.decide("s3://bucket", data_class="identified-health").decision
            'block'
        """
        try:
            register = load_register(register_folder)
            needs = _needs(policy)
        except InvalidDocument as error:
            return cls(Register(), dict(DEFAULT_NEEDS), problem=str(error))
        return cls(register, needs)

    def decide(
        self,
        destination: str,
        *,
        data_class: str,
        on: date | None = None,
        declared: Mapping[str, Any] | None = None,
        release: ReleaseFacts | None = None,
    ) -> Decision:
        """Decide whether data of `data_class` may go to `destination` on a day.

        Args:
            destination: A URI, path, or connection string.
            data_class: One of the five data classes; another one is a ValueError.
            on: The day (default: today, local time).
            declared: What the caller or an Airflow connection says: `endpoint_url`, `region`, `country`, `provider`,
                `service`, `conn_id`, `host`, `port`, `proxy`, `extra`. It narrows, and never proves a place.
            release: The facts of the release that would go there.

        Returns:
            The decision with every reason, immutable.
        """
        if data_class not in DATA_CLASSES:
            raise ValueError(f"{data_class!r} is no data class. One of: {', '.join(DATA_CLASSES)}.")
        day = on or date.today()
        if self.problem:
            reason = Reason("register.unreadable", "block", "register_unreadable", (("problem", self.problem),), "")
            shown = read(destination).uri if isinstance(destination, str) else "(unreadable)"
            return Decision("block", Destination(masked(shown)), (reason,), data_class, day, "")
        reading = read(destination) if isinstance(destination, str) else read("")
        result, places, reasons = self._judge(reading, read_facts(declared), data_class, day)
        if release is not None:
            reasons += judge_release(self.register, release, self.needs[data_class], data_class)
        place = places[0] if places else None
        blocked = any(reason.verdict == "block" for reason in reasons)
        return Decision(
            "block" if blocked else "allow",
            _destination(result, place, places),
            reasons,
            data_class,
            day,
            "" if blocked else result.uri,
            result.endpoint,
        )

    def _judge(
        self, reading: Reading, facts: Facts, data_class: str, day: date
    ) -> tuple[Reading, list[Place], tuple[Reason, ...]]:
        needs = self.needs[data_class]
        result = combine(reading, facts)
        places = [locate(self.register, target, day, _object_scheme(result)) for target in result.targets]
        about_places: list[Reason] = []
        for place in places:
            for rule, key, details in place.problems:
                problem = (rule, key, details)
                if problem not in result.problems:
                    result.problems.append(problem)
            narrow(self.register, result, facts, place)
            stated = what_was_stated(self.register, facts, place)
            found = judge_place(self.register, place, needs, data_class, day, cleartext=result.cleartext, stated=stated)
            about_places += [reason for reason in found if reason not in about_places]
        if len({(place.provider, place.region, place.own) for place in places}) > 1:
            result.refuse("mixed", "hosts_differ")
        if len(places) > 1 and any(reason.verdict == "block" for reason in about_places):
            result.refuse("mixed", "one_host_fails")
        about_proxies = self._proxies(result, data_class, day)
        law = self.register.laws.get("caution", {}).get("en", "")
        problems = [Reason(rule, "block", key, details, law) for rule, key, details in result.problems]
        return result, places, (*problems, *about_places, *about_proxies)

    def _proxies(self, result: Reading, data_class: str, day: date) -> list[Reason]:
        reasons: list[Reason] = []
        for proxy in result.proxies:
            _, _, found = self._judge(read_proxy(proxy), NOTHING, data_class, day)
            blocks = [reason for reason in found if reason.verdict == "block"]
            if blocks:
                result.refuse("mixed", "proxy_fails")
            reasons += [reason for reason in blocks if reason not in reasons]
        return reasons


def read_proxy(text: str) -> Reading:
    """Read a proxy: a URL (also of a SOCKS scheme), or `host:port`."""
    scheme, separator, rest = text.partition("://")
    if separator and scheme.lower() in PROXIES:
        reading = read(f"https://{rest}")
        reading.uri = f"{scheme.lower()}:..."
        return reading
    return read(text) if separator else read(f"https://{text}")


def _object_scheme(result: Reading) -> str:
    """The scheme that buckets and accounts in URLs are read under: an endpoint speaks https."""
    return result.scheme or ("https" if result.endpoint else "")


def _destination(result: Reading, place: Place | None, places: list[Place]) -> Destination:
    if place is None:
        return Destination(masked(result.uri))
    agreed = len({one[2:6] for one in places}) == 1
    hosts = ",".join(dict.fromkeys(one.host for one in places if one.host))
    known = place[2:6] if agreed else (None, None, None, None)
    return Destination(masked(result.uri), hosts or None, *known)


def _needs(policy: Path | DestinationRules | None) -> dict[str, Needs]:
    if policy is None:
        return dict(DEFAULT_NEEDS)
    from pipeline.documents import read_document
    from pipeline.guard.requirements import DestinationRules

    rules = policy if isinstance(policy, DestinationRules) else read_document(policy, DestinationRules)
    return {name: Needs(**need.model_dump()) for name, need in rules.resolved().items()}
