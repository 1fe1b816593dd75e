"""May a message with patients' data go to these people? A mail goes on to the servers of each recipient's domain.

A domain is decided like a host that the DPO verified by name. The relay's own domain needs no entry of its own: its
mail stays with the relay, which is decided as the connection's host.
"""

from __future__ import annotations

import re
from email.utils import getaddresses

from pipeline.airflow.doors.reading import Address, Fault, Reading

SEPARATORS = re.compile(r"[;,]\s*")


def read_recipients(given: list[str], *, where: str, relays: tuple[str, ...]) -> Reading:
    """Read recipients into the domains that a message would go to; no name and no mailbox is repeated."""
    domains: dict[str, None] = {}
    faults = []
    for _, mailbox in getaddresses([part for text in given for part in SEPARATORS.split(text) if part.strip()]):
        box, _, domain = mailbox.rpartition("@")
        if not box or not domain:
            faults.append(
                Fault(rule="destination.malformed", message=f"a recipient in {where} is no mail address.", where=where)
            )
        else:
            domains[domain.strip("[]").rstrip(".").lower()] = None
    outside = [domain for domain in domains if not any(stays_inside(relay, domain) for relay in relays)]
    return Reading(
        addresses=tuple(
            Address(uri=f"smtp://{domain}", where=f"{where} (mail to {domain})", settled=False) for domain in outside
        ),
        faults=tuple(faults),
    )


def stays_inside(relay: str, domain: str) -> bool:
    """Whether a relay is a host of the recipient's own domain.

    Example:
        >>> stays_inside("smtp.chu.example", "chu.example"), stays_inside("smtp.chu.example", "gmail.com")
        (True, False)
        >>> stays_inside("smtp.chu.example", "example")
        False
    """
    return "." in domain and relay.rstrip(".").lower().endswith(f".{domain}")
