"""Which operators look after the installation itself: does the register still hold, is the journal what was written?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from airflow.sdk import BaseOperator, Variable

from pipeline.airflow.failures import told_in_one_line
from pipeline.airflow.settings import home
from pipeline.errors import Stopped

if TYPE_CHECKING:
    from airflow.sdk import Context

HEAD = "douane_journal_head"
"""The Airflow variable in which the last head is noted."""


class WatchRegister(BaseOperator):
    """Fail, so that somebody looks, when something on file ends soon, is stale, or contradicts itself.

    Args:
        days: How long before its last day a certificate or a destination is named.
    """

    def __init__(self, *, days: int = 30, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.days = days

    def execute(self, context: Context) -> None:  # noqa: ARG002 - Airflow's signature
        """Log each thing in a line."""
        from datetime import date

        from pipeline.guard.register import holds_files, load_register
        from pipeline.guard.register_review import expiring, review

        with told_in_one_line():
            own = home().register
            folder = own if own.is_dir() and holds_files(own) else None
            register, today = load_register(folder), date.today()  # noqa: DTZ011 - validity days are local days
            ending = [_said(one.id, one.kind, one.days) for one in expiring(register, on=today, days=self.days)]
            findings = [str(finding) for finding in review(folder, register, on=today)]
            for line in [*ending, *findings]:
                self.log.warning("%s", line)
            if ending or findings:
                raise Stopped(
                    f"{len(ending)} on file end within {self.days} days or have ended; {len(findings)} need a look",
                    hint="The lines above name each; `douane register add` puts a new certificate on file.",
                )
            self.log.info("nothing on file ends within %s days", self.days)


def _said(name: str, kind: str, days: int | None) -> str:
    if days is None:
        return f"{name} ({kind}) has no last day, so it proves nothing"
    return f"{name} ({kind}) ended {-days} days ago" if days < 0 else f"{name} ({kind}) ends in {days} days"


class VerifyJournal(BaseOperator):
    """Follow the journal's chain, and note its head.

    The head of the run before stands in Airflow's database, out of reach of whoever can write the journal's file: a
    journal that was cut or rewritten since doesn't have it any more.
    """

    def execute(self, context: Context) -> None:  # noqa: ARG002 - Airflow's signature
        """Fail with the first line that is not what was written."""
        from pipeline.journal import Journal

        with told_in_one_line():
            noted = Variable.get(HEAD, default=None)
            state = Journal(home().journal_file).verify(head=noted)
            if not state.whole:
                raise Stopped(
                    f"journal line {state.broken_line} {state.problem}",
                    hint="Keep the file as evidence, and tell the data protection officer.",
                )
            Variable.set(HEAD, state.head)
            self.log.info("%s lines, the chain is whole, its head is %s", f"{state.lines:,}", state.head)
