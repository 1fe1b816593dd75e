"""Who is told when a task has failed for good: a webhook or a mailbox, if the guard lets even that out?

An alert is data of class `technical`: names of export, task and run, and the one line that the task failed with.
"""

from __future__ import annotations

import json
import smtplib
from email.message import EmailMessage
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

from pipeline.errors import Stopped
from transforms.errors import DouaneError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pipeline.export import Alert
    from pipeline.guard import Guard
    from pipeline.journal import Journal

_SECONDS = 20


class AlertFailed(DouaneError, OSError):
    """Nobody was told: the webhook or the mail relay did not take the alert."""


class _NoRedirect(HTTPRedirectHandler):
    """A redirect leads where nobody decided."""

    def redirect_request(self, *_: Any, **__: Any) -> None:  # noqa: ANN401 - urllib's own signature
        """Follow none."""
        return


def send_alert(alert: Alert, facts: Mapping[str, str], *, guard: Guard, journal: Journal) -> None:
    """Send an alert to the webhook and the mailbox that an export names, each only where the guard allows it.

    Args:
        alert: The export's `alert`.
        facts: `export`, `task`, `run` and `problem`.
        guard: Decides on each address.
        journal: Takes each decision; the secret path of a webhook doesn't enter it.

    Raises:
        Stopped: The guard blocks an address.
        AlertFailed: It didn't answer, or answered no.
    """
    if alert.webhook:
        address = _cleared(alert.webhook, guard, journal)
        _post(address, facts)
    if alert.mail:
        address = _cleared(alert.mail.relay, guard, journal)
        _mail(address, alert.mail.sender, alert.mail.to, facts)


def _cleared(uri: str, guard: Guard, journal: Journal) -> str:
    decision = guard.decide(uri, data_class="technical")
    told = decision.to_dict()
    told["destination"] |= {"uri": _without_path(told["destination"]["uri"])}
    journal.append("decision", name="alert", **told)
    if not decision.allowed:
        rules = ", ".join(reason.rule for reason in decision.blocks)
        raise Stopped(f"the alert may not go to {_without_path(uri)}: {rules}", hint="Correct the export's `alert`.")
    return decision.address


def _post(address: str, facts: Mapping[str, str]) -> None:
    opener = build_opener(ProxyHandler({}), _NoRedirect())
    body = json.dumps(dict(facts), ensure_ascii=False).encode()
    request = Request(address, body, {"Content-Type": "application/json"}, method="POST")  # noqa: S310 - the guard decided
    try:
        with opener.open(request, timeout=_SECONDS):
            pass
    except HTTPError as error:
        raise AlertFailed(f"the webhook answered {error.code}", hint="Check its address.") from None
    except (URLError, OSError) as error:
        raise AlertFailed(f"the webhook did not answer ({type(error).__name__})", hint="Check its address.") from None


def _mail(address: str, sender: str, to: tuple[str, ...], facts: Mapping[str, str]) -> None:
    message = EmailMessage()
    message["Subject"] = f"[douane] {facts['export']}: {facts['task']} failed"
    message["From"], message["To"] = sender, ", ".join(to)
    message.set_content("\n".join(f"{name}: {words}" for name, words in facts.items()))
    relay = urlsplit(address)
    connect = smtplib.SMTP_SSL if relay.scheme == "smtps" else smtplib.SMTP
    try:
        with connect(relay.hostname or "", relay.port or 0, timeout=_SECONDS) as client:
            client.send_message(message)
    except (smtplib.SMTPException, OSError) as error:
        raise AlertFailed(f"the mail relay took no mail ({type(error).__name__})", hint="Check `alert.mail`.") from None


def _without_path(uri: str) -> str:
    """What a webhook's path says is its secret."""
    parts = urlsplit(uri)
    return f"{parts.scheme}://{parts.hostname or '?'}"
