"""Which rules does a plan of documents name: the shipped ones, a site's changes to them, and what its policy suppresses?"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pipeline.digests import content_digest
from pipeline.errors import InvalidDocument, Stopped
from transforms.kinds import CATEGORY_OF
from transforms.records.vocabulary import InvalidRule, Rules, read_rules

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pipeline.plan import PlannedRecords
    from pipeline.policy import Policy
    from pipeline.records import RecordFormat


def load_rules(content: Mapping[str, Any]) -> Rules:
    """Read rules that came from a file.

    Raises:
        InvalidDocument: A section is missing, or a rule can't be read; names the path.
    """
    try:
        return read_rules(content)
    except InvalidRule as error:
        raise InvalidDocument(f"the rules: {error.message}", hint=error.hint) from None
    except (KeyError, AttributeError, TypeError):
        raise InvalidDocument("the rules have no name or no rules", hint="Write name: and rules:.") from None


def rules_digest(rules: Rules) -> str:
    """The digest of what rules say: what a plan binds, so that an upgrade of them is approved again."""
    return content_digest(rules.content)


def rules_for(planned: PlannedRecords, one: RecordFormat, policy: Policy) -> Rules:
    """The rules that a run obeys: the shipped ones that the plan approved, the plan's changes, the policy on top.

    Raises:
        Stopped: The shipped rules are not those that the plan was drafted by.
        InvalidDocument: A change of the plan is no rule.
    """
    shipped = load_rules(one.rules())
    if shipped.name != planned.rules or rules_digest(shipped) != planned.rules_sha256:
        raise Stopped(
            f"the plan was drafted by other rules for {one.title} than the ones installed ({shipped.name})",
            hint="Draft it again with `douane plan`, and have it approved.",
        )
    try:
        rules = shipped.changed(planned.changes).tightened(suppressed_kinds(policy))
    except InvalidRule as error:
        raise InvalidDocument(f"the plan's records.changes: {error.message}", hint=error.hint) from None
    return replace(rules, more={**rules.more, "person": planned.person}) if planned.person else rules


def suppressed_kinds(policy: Policy) -> frozenset[str]:
    """The kinds that a policy suppresses: whatever rules say of an element of such a kind, it goes.

    Example:
        >>> from pipeline.data_files import data_folder
        >>> from pipeline.policy import read_policy
        >>> kinds = suppressed_kinds(read_policy(data_folder() / "policies" / "default.yaml"))
        >>> "ethnicity" in kinds, "diagnosis" in kinds
        (True, False)
    """
    return frozenset(
        kind
        for kind in CATEGORY_OF
        if (steps := policy.decide(kind)) is not None and any(step.transform == "suppress" for step in steps)
    )
