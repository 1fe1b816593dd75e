"""How does a person approve a changed plan: in Airflow's UI, with the differences in sight and the hash in the subject?

What counts afterwards is the journal, not the state of this task: sealing and exporting ask the journal again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from airflow.providers.standard.exceptions import HITLTimeoutError
from airflow.providers.standard.operators.hitl import ApprovalOperator, HITLOperator
from airflow.sdk.exceptions import TaskAwaitingInput

from pipeline.airflow.failures import told_in_one_line
from pipeline.airflow.task import task_run
from pipeline.errors import Stopped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from airflow.sdk import Context

    from pipeline.order import Order
    from pipeline.planning.comparison import Difference
    from pipeline.tasks import TaskRun

_SHOWN = 500
_AGAIN = "Clear this task to ask again."


class ApprovePlan(ApprovalOperator):
    """Pass if one of the policy's approvers has approved the plan; else ask them, and journal what they say.

    Args:
        export_file: The export's YAML file.
    """

    # The differences name fields: nothing of them is a template.
    template_fields: Sequence[str] = ()

    def __init__(self, *, export_file: str, **kwargs: Any) -> None:
        super().__init__(subject="Approve the plan", fail_on_reject=True, **kwargs)
        self.export_file = export_file

    def execute(self, context: Context) -> Any:
        """Ask, unless the plan's approval stands in the journal."""
        with told_in_one_line():
            from pipeline.planning.approval import require_obeyable
            from pipeline.planning.approvers import approver_of, differences_to_approve

            run = task_run(self.export_file, context)
            order, rooms = run.export.order, run.export.rooms
            digest = require_obeyable(order)
            approver = approver_of(digest, rooms.journal, order.policy)
            if approver:
                self.log.info("the plan %s was approved by %s", digest[:12], approver)
                return digest
            if not order.policy.approvers:
                raise Stopped("the policy names nobody who may approve", hint="Name `approvers` in the policy.")
            self.subject = f"{order.export}: approve the plan {digest}"
            self.body = _body(order, differences_to_approve(order, rooms.home, rooms.journal))
            self.assigned_users = [{"id": name, "name": name} for name in order.policy.approvers]
        try:
            return super().execute(context)
        except TaskAwaitingInput as waiting:
            waiting.kwargs = {"plan_sha256": digest}
            raise

    def execute_complete(self, context: Context, event: dict[str, Any], plan_sha256: str = "") -> Any:
        """Journal the answer, if it is an approver's and the plan is still the one that was shown."""
        with told_in_one_line():
            try:
                # Not ApprovalOperator's: a rejection has to be journaled before the task fails of it.
                answer = HITLOperator.execute_complete(self, context=context, event=event)
            except HITLTimeoutError:
                raise Stopped("nobody answered in time", hint=_AGAIN) from None
            return self._heard(task_run(self.export_file, context), answer, plan_sha256)

    def _heard(self, run: TaskRun, answer: Any, plan_sha256: str) -> str:
        from pipeline.digests import document_digest
        from pipeline.planning.approvers import journal_approval, journal_rejection, keep_approved_plan

        order, rooms = run.export.order, run.export.rooms
        user = answer["responded_by_user"] or {}
        by = str(user.get("id", ""))
        if document_digest(order.plan) != plan_sha256:
            raise Stopped("the plan changed while it waited for approval", hint=_AGAIN)
        if by not in order.policy.approvers:
            approvers = ", ".join(order.policy.approvers)
            raise Stopped(f"{by or 'nobody'} is no approver of the policy ({approvers})", hint=_AGAIN)
        if answer["chosen_options"] != [self.APPROVE]:
            journal_rejection(rooms.journal, order, by=by)
            raise Stopped(f"{by} rejected the plan {plan_sha256[:12]}", hint="Correct the plan, then clear this task.")
        keep_approved_plan(rooms.home, order.plan)
        journal_approval(rooms.journal, order, by=by)
        self.log.info("%s approved the plan %s", by, plan_sha256[:12])
        return plan_sha256


def _body(order: Order, differences: Sequence[Difference]) -> str:
    """The differences as a list; field names are shown as code, so that nothing in them is taken for Markdown."""
    lines = [
        f"Domain {order.plan.domain}, policy {order.plan.policy_sha256[:12]}. What differs from the plan that was approved last:",
        "",
    ]
    lines += [f"- `{str(difference).replace('`', '')}`" for difference in differences[:_SHOWN]]
    if len(differences) > _SHOWN:
        lines.append(f"- and {len(differences) - _SHOWN} more: compare the plan's file")
    return "\n".join(
        lines if differences else ["It decides the same for every field as the plan that was approved last."]
    )
