"""May data of this class go to this destination on this day?"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from pipeline.errors import InvalidDocument
from pipeline.guard.decision import DATA_CLASSES, Destination, Reason, decided
from pipeline.guard.destination import read
from pipeline.guard.facts import read_facts
from pipeline.guard.judging import Judge
from pipeline.guard.redaction import masked
from pipeline.guard.release_facts import judge_release
from pipeline.guard.rules import DEFAULT_NEEDS, Needs

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pipeline.guard.decision import Decision
    from pipeline.guard.locations import Place
    from pipeline.guard.register import Register
    from pipeline.guard.release_facts import ReleaseFacts
    from pipeline.guard.requirements import DestinationRules


class Guard:
    """Decides destinations by a register and a policy. Make one with `Guard.load`; it keeps no state between days."""

    def __init__(self, register: Register, needs: dict[str, Needs], *, problem: str = "") -> None:
        """Take a register that has been read, or the problem that kept it from being read."""
        self.register = register
        self.needs = needs
        self.problem = problem
        self._judge = Judge(register, needs)

    @classmethod
    def load(
        cls, register_folder: Path | str | None = None, policy: Path | str | DestinationRules | None = None
    ) -> Guard:
        """Read the register (None: the shipped one) and the policy (None: the default of REGISTER_FORMAT).

        A guard that can't read its register or policy still comes back: it blocks everything, and says why
        (`register.unreadable`), so that a typing error never opens a door.

        Example:
            >>> guard = Guard.load()
            >>> guard.decide("s3://bucket", data_class="identified-health").decision
            'block'
        """
        from pathlib import Path

        from pipeline.guard.register import Register, load_register

        try:
            register = load_register(Path(register_folder) if register_folder is not None else None)
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
        day = on or date.today()  # noqa: DTZ011 - validity days are local days
        if self.problem:
            reason = Reason("register.unreadable", "block", "register_unreadable", (("problem", self.problem),), "")
            shown = read(str(destination)).uri
            return decided(Destination(masked(shown)), (reason,), data_class, day, blocked=True)
        reading = read(str(destination))
        judged = self._judge.judge(reading, read_facts(declared), data_class, day)
        reasons, blocked = judged.reasons, judged.blocked
        if release is not None:
            about_release = judge_release(self.register, release, self.needs[data_class], data_class)
            reasons += about_release
            blocked = blocked or any(reason.verdict == "block" for reason in about_release)
        return decided(
            _destination(judged.uri, judged.places),
            reasons,
            data_class,
            day,
            blocked=blocked,
            address=judged.uri,
            endpoint=judged.endpoint,
            reached=judged.reached,
        )


def _destination(uri: str, places: tuple[Place, ...]) -> Destination:
    if len(places) == 1:
        place = places[0]
        return Destination(masked(uri), place.host or None, *place[2:6])
    agreed = len({place[2:6] for place in places}) == 1
    hosts = ",".join(dict.fromkeys(place.host for place in places if place.host))
    known = places[0][2:6] if agreed else (None, None, None, None)
    return Destination(masked(uri), hosts or None, *known)


def _needs(policy: Path | str | DestinationRules | None) -> dict[str, Needs]:
    if policy is None:
        return dict(DEFAULT_NEEDS)
    from pathlib import Path

    from pipeline.documents import read_document
    from pipeline.guard.requirements import DestinationRules

    rules = policy if isinstance(policy, DestinationRules) else read_document(Path(policy), DestinationRules)
    return {name: Needs(**need.model_dump()) for name, need in rules.resolved().items()}
