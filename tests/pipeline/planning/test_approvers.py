import pytest

from pipeline.digests import document_digest
from pipeline.errors import Stopped
from pipeline.planning.approvers import (
    approver_of,
    differences_to_approve,
    journal_approval,
    journal_rejection,
    keep_approved_plan,
    require_approver,
)


@pytest.fixture
def order(installation, extract):
    return installation.order(extract, installation.plan(extract), export="cardio")


@pytest.fixture
def standing(installation, order):
    """Whose approval of the order's plan stands."""

    def standing():
        return approver_of(document_digest(order.plan), installation.rooms.journal, order.policy)

    return standing


def test_only_an_approver_of_the_policy_counts(installation, order, standing):
    journal_approval(installation.rooms.journal, order, by="intern")
    assert standing() is None
    journal_approval(installation.rooms.journal, order, by="dpo")
    assert standing() == "dpo"


def test_the_last_word_counts_and_only_an_approvers(installation, order, standing):
    journal = installation.rooms.journal
    journal_approval(journal, order, by="dpo")
    journal_rejection(journal, order, by="intern")
    assert standing() == "dpo"
    journal_rejection(journal, order, by="dpo")
    assert standing() is None
    journal_approval(journal, order, by="dpo")
    assert standing() == "dpo"


def test_the_approval_of_another_plan_is_none_of_this_one(installation, extract, order):
    journal_approval(installation.rooms.journal, order, by="dpo")
    changed = installation.order(extract, installation.plan(extract, "sejours.code_cim10=suppress"), export="cardio")
    with pytest.raises(Stopped, match=r"of cardio has no standing approval .*approvers \(dpo\)"):
        require_approver(changed, installation.rooms.journal)


def test_a_first_plan_is_shown_whole_and_a_changed_one_by_what_changed(installation, extract, order):
    home, journal = installation.rooms.home, installation.rooms.journal
    assert len(differences_to_approve(order, home, journal)) == sum(1 for _ in order.plan.each_field())
    keep_approved_plan(home, order.plan)
    journal_approval(journal, order, by="dpo")
    changed = installation.order(extract, installation.plan(extract, "sejours.code_cim10=suppress"), export="cardio")
    assert [str(found) for found in differences_to_approve(changed, home, journal)] == [
        "~ sejours.code_cim10: diagnosis, keep -> diagnosis, suppress"
    ]


def test_a_plan_that_only_another_export_has_had_approved_is_shown_whole(installation, extract, order):
    home, journal = installation.rooms.home, installation.rooms.journal
    keep_approved_plan(home, order.plan)
    journal_approval(journal, order, by="dpo")
    other = installation.order(extract, order.plan, export="neuro")
    assert len(differences_to_approve(other, home, journal)) == sum(1 for _ in order.plan.each_field())
