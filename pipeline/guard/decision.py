"""What did the guard decide, why, and what may a sink do with it?"""

from __future__ import annotations

from datetime import date
from html import escape
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, NoReturn

from pipeline.errors import Stopped
from pipeline.guard.messages import Details, render

if TYPE_CHECKING:
    from pipeline.guard.egress import Reached

DataClass = Literal["identified-health", "pseudonymized-health", "state-sensitive-health", "anonymous", "technical"]
DATA_CLASSES: tuple[DataClass, ...] = (
    "identified-health",
    "pseudonymized-health",
    "state-sensitive-health",
    "anonymous",
    "technical",
)
DECIDED = {"en": {"allow": "ALLOWED", "block": "BLOCKED"}, "fr": {"allow": "AUTORISÉ", "block": "BLOQUÉ"}}
VERDICTS = {
    "en": {"block": "block", "warn": "warn", "pass": "pass"},
    "fr": {"block": "bloque", "warn": "alerte", "pass": "passe"},
}
HEALTH_CLASSES = frozenset(DATA_CLASSES[:3])

_put = object.__setattr__
_TOKEN = object()  # only this module can make a Clearance: a sink's only proof that the guard said yes


class Reason(NamedTuple):
    """One rule that spoke: its code, its verdict (block, warn, pass), its words and its law."""

    rule: str
    verdict: str
    key: str
    details: Details
    source: str
    source_fr: str = ""

    @property
    def message(self) -> str:
        """The reason in plain English, with the mend; no value of a person, no secret of a URI."""
        return render(self.key, self.details)

    def in_language(self, lang: str) -> str:
        """The reason in English (`en`) or French (`fr`)."""
        return render(self.key, self.details, lang)

    def law(self, lang: str) -> str:
        """The law behind the reason, in English or French."""
        return self.source_fr if lang == "fr" and self.source_fr else self.source

    def to_dict(self, *, lang: str = "en") -> dict[str, str]:
        """Turn into JSON: rule, verdict, message, source."""
        return {
            "rule": self.rule,
            "verdict": self.verdict,
            "message": self.in_language(lang),
            "source": self.law(lang),
        }


class Destination(NamedTuple):
    """Where the bytes would go; None: not known."""

    uri: str
    host: str | None = None
    provider: str | None = None
    service: str | None = None
    region: str | None = None
    country: str | None = None


class Decision:
    """Allow or block, with every rule that spoke. Immutable, hashable, and made by the guard only."""

    __slots__ = ("address", "data_class", "decision", "destination", "endpoint", "on", "reached", "reasons")
    decision: Literal["allow", "block"]
    destination: Destination
    reasons: tuple[Reason, ...]
    data_class: str
    on: date
    address: str
    endpoint: str | None
    reached: tuple[Reached, ...]

    def __init__(self) -> None:
        """Refuse everyone: the guard makes decisions by `decided`."""
        raise Stopped("only the guard makes a decision", hint="Ask Guard.decide(...).")

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"a decision is immutable: {name} can't be set")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"a decision is immutable: {name} can't be removed")

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("a decision is not pickled or copied: keep its to_dict(), and decide again where it is needed")

    def _content(self) -> tuple[object, ...]:
        return (self.decision, self.destination, self.reasons, self.data_class, self.on, self.address, self.endpoint)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Decision) and self._content() == other._content()

    def __hash__(self) -> int:
        return hash(self._content())

    def __repr__(self) -> str:
        return f"Decision({self.decision}, {self.destination.uri!r}, {self.data_class}, {self.on})"

    @property
    def allowed(self) -> bool:
        """Whether the data may go there."""
        return self.decision == "allow"

    @property
    def blocks(self) -> tuple[Reason, ...]:
        """The reasons that block."""
        return tuple(reason for reason in self.reasons if reason.verdict == "block")

    @property
    def worst(self) -> tuple[Reason, ...]:
        """What a person reads first: the reasons that block and warn, or those that passed if none does."""
        return tuple(reason for reason in self.reasons if reason.verdict != "pass") or self.reasons

    def to_dict(self, *, lang: str = "en") -> dict[str, Any]:
        """Turn into the JSON form of the command line: decision, destination, reasons."""
        return {
            "decision": self.decision,
            "destination": self.destination._asdict(),
            "reasons": [reason.to_dict(lang=lang) for reason in self.reasons],
        }

    def explain(self, *, lang: str = "en", short: bool = False) -> str:
        """Tell the decision in plain lines: the verdict, the place, then each reason (`short`: the worst) with its law."""
        place = self.destination
        known = [part for part in (place.provider, place.service, place.region, place.country) if part]
        lines = [f"{DECIDED[lang][self.decision]}  {place.uri}  ({self.data_class}, {self.on})"]
        if known:
            lines.append(f"  {place.host or ''} = {' / '.join(known)}".replace("   = ", "  "))
        for reason in self._sorted(self.worst if short else self.reasons):
            law = f" [{reason.law(lang)}]" if reason.source else ""
            # A rule is named after what breaks it: of one that passed, only its subject is told.
            rule = reason.rule.partition(".")[0] if reason.verdict == "pass" else reason.rule
            lines.append(f"  {VERDICTS[lang][reason.verdict]:6} {rule}: {reason.in_language(lang)}{law}")
        return "\n".join(lines)

    @staticmethod
    def _sorted(reasons: tuple[Reason, ...]) -> list[Reason]:
        order = {"block": 0, "warn": 1, "pass": 2}
        return sorted(reasons, key=lambda reason: order[reason.verdict])

    def to_html(self, *, lang: str = "en") -> str:
        """Render as a section of an HTML page: the verdict, the place, then each reason (no script, nothing from outside)."""
        words, place = VERDICTS[lang], self.destination
        known = " / ".join(part for part in (place.provider, place.service, place.region, place.country) if part)
        facts = ", ".join(filter(None, (place.host, known, self.data_class, self.on.isoformat())))
        items = "".join(
            f'<li class="{reason.verdict}"><strong>{escape(words[reason.verdict])}</strong> '
            + (f"<code>{escape(reason.rule)}</code> " if reason.verdict != "pass" else "")
            + escape(reason.in_language(lang))
            + (f" <small>{escape(reason.law(lang))}</small>" if reason.source else "")
            + "</li>"
            for reason in self._sorted(self.reasons)
        )
        return (
            f'<section class="decision {self.decision}" lang="{lang}"><p><strong>{escape(DECIDED[lang][self.decision])}</strong> '
            f"<code>{escape(place.uri)}</code> <small>{escape(facts)}</small></p><ul>{items}</ul></section>"
        )

    def clear(self, release_sha256: str) -> Clearance:
        """Make the clearance of one release (its sha256, 64 hexadecimal digits) for this destination and day.

        Raises:
            Stopped: The decision is a block, or the hash is none.
        """
        if not self.allowed:
            raise Stopped(
                f"{self.destination.uri} is blocked for {self.data_class}", hint="See the decision's reasons."
            )
        digest = release_sha256.lower()
        if len(digest) != 64 or not set(digest) <= set("0123456789abcdef"):
            raise Stopped("a clearance needs the release's sha256", hint="Seal the release first.")
        return Clearance(
            _TOKEN,
            release_sha256=digest,
            data_class=self.data_class,
            address=self.address,
            endpoint=self.endpoint,
            day=self.on,
        )


def decided(
    destination: Destination,
    reasons: tuple[Reason, ...],
    data_class: str,
    on: date,
    *,
    blocked: bool,
    address: str = "",
    endpoint: str | None = None,
    reached: tuple[Reached, ...] = (),
) -> Decision:
    """Make a decision: the guard's own door, for nobody else."""
    decision = object.__new__(Decision)
    _put(decision, "decision", "block" if blocked else "allow")
    _put(decision, "destination", destination)
    _put(decision, "reasons", reasons)
    _put(decision, "data_class", data_class)
    _put(decision, "on", on)
    _put(decision, "address", "" if blocked else address)
    _put(decision, "endpoint", endpoint)
    _put(decision, "reached", () if blocked else reached)
    return decision


class Clearance:
    """What an allow yields, and the only thing a sink accepts: one release, one class, one address, one day.

    It is a guardrail of the API, made only by `Decision.clear`; it can't be pickled, copied or written as JSON, so it
    never outlives the process that decided.
    """

    __slots__ = ("address", "data_class", "day", "endpoint", "release_sha256")
    release_sha256: str
    data_class: str
    address: str
    endpoint: str | None
    day: date

    def __init__(
        self, token: object, *, release_sha256: str, data_class: str, address: str, endpoint: str | None, day: date
    ) -> None:
        """Refuse everyone but the guard."""
        if token is not _TOKEN:
            raise Stopped("only the guard makes a clearance", hint="Ask Guard.decide(...).clear(release_sha256).")
        for name, value in (
            ("release_sha256", release_sha256),
            ("data_class", data_class),
            ("address", address),
            ("endpoint", endpoint),
            ("day", day),
        ):
            _put(self, name, value)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"a clearance is immutable: {name} can't be set")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"a clearance is immutable: {name} can't be removed")

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("a clearance is never serialized or copied: decide again in the process that exports")

    def __repr__(self) -> str:
        return f"Clearance({self.address!r}, {self.data_class}, {self.day}, release {self.release_sha256[:12]})"

    @property
    def expired(self) -> bool:
        """Whether its day is not today (it ends with its day)."""
        return self.day != date.today()  # noqa: DTZ011 - a register's days are local days

    def covers(self, release_sha256: str) -> bool:
        """Whether it stands for this release today."""
        return not self.expired and release_sha256.lower() == self.release_sha256


def require_clearance(value: object, *, release_sha256: str | None = None) -> Clearance:
    """Return `value` if it is a clearance that still stands (for `release_sha256`, if given); sinks call it first.

    Raises:
        Stopped: No clearance, one of another day, or one of another release.

    Example:
        >>> require_clearance("s3://bucket")
        Traceback (most recent call last):
        ...
        pipeline.errors.Stopped: a sink was called without a clearance. Ask Guard.decide(...).clear(release_sha256).
    """
    if type(value) is not Clearance:
        raise Stopped("a sink was called without a clearance", hint="Ask Guard.decide(...).clear(release_sha256).")
    if value.expired:
        raise Stopped(f"the clearance was for {value.day}", hint="Decide again today.")
    if release_sha256 is not None and not value.covers(release_sha256):
        raise Stopped("the clearance is for another release", hint="Decide for this release.")
    return value
