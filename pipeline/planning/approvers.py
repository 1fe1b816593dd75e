"""Who has approved a plan, and does that person's word count?

The journal is what counts: an approval (or a rejection) is a line there, with the plan's hash. The plan's own text is
kept in the private folder, so that the next one can be shown as a difference.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from pipeline.digests import document_digest
from pipeline.errors import InvalidDocument, Stopped
from pipeline.files.durable import create_file, make_private_folder, storage_named
from pipeline.plan import plan_yaml, read_plan
from pipeline.planning.comparison import compare_plans

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.home import Home
    from pipeline.journal import Journal
    from pipeline.order import Order
    from pipeline.plan import Plan
    from pipeline.planning.comparison import Difference
    from pipeline.policy import Policy


def journal_approval(journal: Journal, order: Order, *, by: str) -> None:
    """Journal that `by` approved the order's plan for its export."""
    _journal_word(journal, order, "plan.approved", by)


def journal_rejection(journal: Journal, order: Order, *, by: str) -> None:
    """Journal that `by` rejected the order's plan; an approval by an approver afterwards lifts it."""
    _journal_word(journal, order, "plan.rejected", by)


def _journal_word(journal: Journal, order: Order, event: str, by: str) -> None:
    journal.append(
        event,
        plan_sha256=document_digest(order.plan),
        policy_sha256=order.plan.policy_sha256,
        by=by,
        export=order.export,
    )


def approver_of(plan_sha256: str, journal: Journal, policy: Policy) -> str | None:
    """Name the approver of the policy whose approval of this plan stands; None if nobody's does.

    The last word of any of the policy's approvers counts; what others said is journaled and counts for nothing.
    """
    standing: str | None = None
    for line in journal.lines():
        if line.get("plan_sha256") == plan_sha256 and line.get("by") in policy.approvers:
            if line["event"] == "plan.approved":
                standing = line["by"]
            elif line["event"] == "plan.rejected":
                standing = None
    return standing


def require_approver(order: Order, journal: Journal) -> str:
    """Name the approver, or stop.

    Raises:
        Stopped: No approver of the policy has approved this very plan, or one rejected it since.
    """
    digest = document_digest(order.plan)
    approver = approver_of(digest, journal, order.policy)
    if approver is None:
        who = ", ".join(order.policy.approvers) or "nobody: the policy names no approvers"
        raise Stopped(
            f"the plan {digest[:12]} of {order.export} has no standing approval in the journal",
            hint=f"Have it approved by one of the policy's approvers ({who}).",
        )
    return approver


def keep_approved_plan(home: Home, plan: Plan) -> None:
    """Keep the text of a plan that was approved, under its hash."""
    path = _kept(home, document_digest(plan))
    make_private_folder(path.parent)
    with storage_named(f"keep the plan in {path.parent}"), contextlib.suppress(FileExistsError):
        create_file(path, plan_yaml(plan).encode())


def approved_before(order: Order, home: Home, journal: Journal) -> Plan | None:
    """The plan of this export that was approved last and is kept here; None if there is none."""
    digests = [
        line["plan_sha256"]
        for line in journal.lines()
        if line["event"] == "plan.approved"
        and line.get("export") == order.export
        and line["by"] in order.policy.approvers
    ]
    for digest in reversed(digests):
        with contextlib.suppress(InvalidDocument):
            return read_plan(_kept(home, digest))
    return None


def differences_to_approve(order: Order, home: Home, journal: Journal) -> list[Difference]:
    """What the approver has to look at: each difference from the plan approved before, or every field of a first one."""
    before = approved_before(order, home, journal)
    nothing = order.plan.model_copy(update={"tables": {}})
    return compare_plans(before or nothing, order.plan)


def _kept(home: Home, plan_sha256: str) -> Path:
    return home.private / "plans" / f"{plan_sha256}.yaml"
