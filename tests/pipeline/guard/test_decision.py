"""A decision is immutable; a clearance comes from an allow only, for one release, address and day."""

from __future__ import annotations

import copy
import json
import pickle
from datetime import date, timedelta

import pytest

from pipeline.errors import Stopped
from pipeline.guard import Clearance, Decision, Guard, ReleaseFacts, require_clearance
from pipeline.guard.decision import DATA_CLASSES

SHA = "ab" * 32
LAKE = "https://user:secret@LAC.eds.chu.example/depot?x=1"


@pytest.fixture
def today_allow(guard, monkeypatch, day):
    import pipeline.guard.decision as module

    class Today(date):
        @classmethod
        def today(cls):
            return day

    monkeypatch.setattr(module, "date", Today)
    return guard.decide(LAKE, data_class="identified-health", on=day)


def test_a_clearance_names_the_canonical_address_and_nothing_secret(today_allow, day):
    clearance = today_allow.clear(SHA.upper())
    assert (clearance.address, clearance.release_sha256, clearance.data_class, clearance.day) == (
        "https://lac.eds.chu.example/depot",
        SHA,
        "identified-health",
        day,
    )
    assert require_clearance(clearance, release_sha256=SHA) is clearance


def test_the_address_of_a_bucket_behind_an_endpoint_comes_with_the_endpoint(guard, day):
    declared = {"endpoint_url": "https://OOS.eu-west-2.outscale.com/"}
    decision = guard.decide("s3a://conn@bucket/key", data_class="technical", on=day, declared=declared)
    assert (decision.address, decision.endpoint) == ("s3://bucket/key", "https://oos.eu-west-2.outscale.com/")


def test_a_local_path_is_cleared_in_its_resolved_form(guard, day):
    assert guard.decide("/srv/eds/a/../b//c", data_class="technical", on=day).address == "/srv/eds/b/c"


def test_a_block_clears_nothing(guard, day):
    blocked = guard.decide("https://evil.example/", data_class="identified-health", on=day)
    assert blocked.address == ""
    with pytest.raises(Stopped, match="is blocked"):
        blocked.clear(SHA)


@pytest.mark.parametrize("digest", ["", "ab", "zz" * 32, "ab" * 33])
def test_a_clearance_needs_a_sha256(today_allow, digest):
    with pytest.raises(Stopped, match="sha256"):
        today_allow.clear(digest)


def test_nobody_else_makes_a_clearance(day):
    with pytest.raises(Stopped, match="only the guard"):
        Clearance(object(), release_sha256=SHA, data_class="technical", address="x", endpoint=None, day=day)


def test_nobody_else_makes_or_changes_a_decision(guard, day):
    blocked = guard.decide("https://evil.example/", data_class="identified-health", on=day)
    with pytest.raises(Stopped, match="only the guard"):
        Decision()
    with pytest.raises(AttributeError):
        blocked.decision = "allow"
    for serialize in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError):
            serialize(blocked)


def test_a_clearance_is_never_serialized_copied_or_changed(today_allow):
    clearance = today_allow.clear(SHA)
    for serialize in (pickle.dumps, copy.copy, copy.deepcopy, json.dumps):
        with pytest.raises(TypeError):
            serialize(clearance)
    with pytest.raises(AttributeError):
        clearance.address = "https://evil.example"
    with pytest.raises(AttributeError):
        del clearance.address


def test_a_clearance_ends_with_its_day(guard, day):
    yesterday = guard.decide(LAKE, data_class="identified-health", on=date.today() - timedelta(days=1))  # noqa: DTZ011 - local days
    if yesterday.allowed:
        with pytest.raises(Stopped, match="Decide again"):
            require_clearance(yesterday.clear(SHA))
    else:  # the invented register has ended
        assert date.today() > date(2027, 8, 31)  # noqa: DTZ011 - local days


@pytest.mark.parametrize("value", [None, "s3://bucket", object(), True])
def test_a_sink_takes_nothing_but_a_clearance(value):
    with pytest.raises(Stopped, match="without a clearance"):
        require_clearance(value)


def test_a_clearance_is_for_one_release(today_allow):
    with pytest.raises(Stopped, match="another release"):
        require_clearance(today_allow.clear(SHA), release_sha256="cd" * 32)


def test_a_decision_is_hashable_and_immutable(guard, day):
    decision = guard.decide(LAKE, data_class="technical", on=day)
    assert len({decision, guard.decide(LAKE, data_class="technical", on=day)}) == 1
    with pytest.raises(AttributeError):
        decision.decision = "block"


def test_the_json_form_is_the_contract_s(guard, day):
    content = guard.decide("https://oos.eu-west-2.outscale.com/b", data_class="identified-health", on=day).to_dict()
    assert list(content) == ["decision", "destination", "reasons"]
    assert content["destination"] == {
        "uri": "https://oos.eu-west-2.outscale.com/b",
        "host": "oos.eu-west-2.outscale.com",
        "provider": "outscale",
        "service": "oos",
        "region": "eu-west-2",
        "country": "FR",
    }
    assert all(list(reason) == ["rule", "verdict", "message", "source"] for reason in content["reasons"])


def test_an_explanation_starts_with_the_verdict_and_puts_blocks_first(guard, day):
    lines = guard.decide("https://s3.eu-west-2.amazonaws.com/b", data_class="identified-health", on=day).explain()
    first, place, reason, *_ = lines.splitlines()
    assert first.startswith("BLOCKED  https://s3.eu-west-2.amazonaws.com/b")
    assert place.endswith("aws / s3 / eu-west-2 / GB")
    assert reason.strip().startswith("block  location.outside_zone")
    assert "aws s3 eu-west-2 (London) is in GB, outside the EU zone" in reason


def test_what_passed_is_told_by_its_subject_and_not_by_what_would_break_it(guard, day):
    decision = guard.decide("https://oos.eu-west-2.outscale.com/b", data_class="identified-health", on=day)
    words = [line.split(":")[0].split() for line in decision.explain().splitlines()[2:]]
    assert words == [["pass", "location"], ["pass", "certificate"]]
    assert "certificate.missing" not in decision.to_html()


def test_a_decision_in_html_says_its_verdict_reasons_and_language_and_holds_no_script(guard, day):
    decision = guard.decide("https://s3.eu-west-2.amazonaws.com/<b>", data_class="identified-health", on=day)
    page = decision.to_html(lang="fr")
    assert page.startswith('<section class="decision block" lang="fr">')
    assert "<strong>BLOQUÉ</strong>" in page
    assert '<li class="block"><strong>bloque</strong> <code>location.outside_zone</code>' in page
    assert "&lt;b&gt;" in page
    assert "<b>" not in page


def test_an_unknown_class_is_a_mistake_of_the_caller(guard):
    with pytest.raises(ValueError, match="no data class"):
        guard.decide(LAKE, data_class="secret")


GOOD = ReleaseFacts(sealed=True, approved=True, domain="eds", data_class="pseudonymized-health", k=7)


@pytest.mark.parametrize(
    ("facts", "data_class", "rules"),
    [
        (GOOD, "pseudonymized-health", set()),
        (GOOD._replace(sealed=False), "pseudonymized-health", {"release.unsealed"}),
        (GOOD._replace(approved=False), "pseudonymized-health", {"release.unapproved"}),
        (GOOD._replace(destination_domain="other"), "pseudonymized-health", {"release.wrong_domain"}),
        (GOOD._replace(destination_domain="eds"), "pseudonymized-health", set()),
        (GOOD._replace(carries_secrets=("keys/k1",)), "pseudonymized-health", {"release.carries_secrets"}),
        (GOOD, "technical", {"release.class_too_low"}),
        (GOOD, "anonymous", {"release.class_too_low"}),
        (GOOD._replace(data_class="identified-health"), "pseudonymized-health", {"release.class_too_low"}),
        (GOOD._replace(data_class="nonsense"), "pseudonymized-health", {"release.class_too_low"}),
        (GOOD._replace(k=4, k_wanted=5), "pseudonymized-health", {"release.risk"}),
        (GOOD._replace(k=5, k_wanted=5), "pseudonymized-health", set()),
    ],
)
def test_the_release_itself_is_judged(guard, day, facts, data_class, rules):
    decision = guard.decide("https://lac.eds.chu.example/", data_class=data_class, on=day, release=facts)
    assert {reason.rule for reason in decision.blocks} == rules


def test_an_anonymous_release_without_a_risk_figure_is_warned_of(guard, day):
    facts = ReleaseFacts(sealed=True, approved=True, domain="eds", data_class="anonymous")
    decision = guard.decide("https://unknown.example/", data_class="anonymous", on=day, release=facts)
    assert decision.allowed
    assert ("release.risk", "warn") in {(reason.rule, reason.verdict) for reason in decision.reasons}


def test_a_guard_without_a_register_blocks_every_class_and_says_so(tmp_path):
    broken = Guard.load(tmp_path / "none", None)
    for data_class in DATA_CLASSES:
        decision = broken.decide("https://lac.eds.chu.example/", data_class=data_class)
        assert [reason.rule for reason in decision.blocks] == ["register.unreadable"]
    assert "no folder" in broken.problem


def test_a_decision_renders_as_html_without_markup_of_its_destination(guard, day):
    html = guard.decide("https://lac.eds.chu.example/<script>", data_class="identified-health", on=day).to_html()
    assert html.startswith('<section class="decision allow" lang="en">')
    assert "&lt;script&gt;" in html
    assert "<script>" not in html


def test_the_law_is_named_in_the_language_of_the_reader(guard, day):
    decision = guard.decide("https://s3.eu-west-2.amazonaws.com/b", data_class="identified-health", on=day)
    assert "RGPD" in decision.to_dict(lang="fr")["reasons"][0]["source"]
    assert "GDPR" in decision.to_dict()["reasons"][0]["source"]


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("postgresql://u:p@pg.eds.chu.example:5432/e@s", "postgresql://pg.eds.chu.example:5432/e%40s"),
        ("sqlite:////srv/eds/x.db", "sqlite:////srv/eds/x.db"),
        ("jdbc:sqlite:/srv/eds/x.db", "jdbc:sqlite:/srv/eds/x.db"),
        ("postgresql:///eds?host=/run/postgresql", "postgresql://%2Frun%2Fpostgresql/eds"),
        ("https://u:p@LAC.eds.chu.example.:443/a?x=1#y", "https://lac.eds.chu.example:443/a"),
    ],
)
def test_the_canonical_address_leads_a_client_where_the_decision_says(guard, day, text, address):
    decision = guard.decide(text, data_class="identified-health", on=day)
    assert decision.address == address
    assert guard.decide(address, data_class="identified-health", on=day).destination[1:] == decision.destination[1:]
