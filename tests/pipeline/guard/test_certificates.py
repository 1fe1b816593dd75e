"""The certificate table of the register's format, line by line and day by day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from pipeline.guard.certificates import judge_scheme
from pipeline.guard.locations import Place
from pipeline.guard.register import CertificateFacts, load_register

START, END = date(2025, 3, 1), date(2028, 2, 28)
GOOD = CertificateFacts(
    id="good",
    scheme="hds",
    version="2",
    services=frozenset({"oos"}),
    regions=frozenset({"eu-west-2"}),
    activities=frozenset({1, 2, 3}),
    valid_from=START,
    valid_until=END,
    claimed=False,
    documented=True,
)
PLACE = Place("proven", "oos.eu-west-2.outscale.com", "outscale", "oos", "eu-west-2", "FR")
DAY = date(2026, 11, 24)


@pytest.fixture(scope="module")
def shipped():
    return load_register(None)


def codes(shipped, *certificates, scheme="hds", on=DAY, place=PLACE):
    register = replace(shipped, certificates={"outscale": list(certificates)})
    return [rule.removeprefix("certificate.") for rule, _, _ in judge_scheme(register, place, scheme, on)[0]]


def test_a_certificate_of_the_service_region_activities_and_day_passes(shipped):
    assert codes(shipped, GOOD) == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"claimed": True}, ["unverified"]),
        ({"valid_until": None}, ["unverified"]),
        ({"valid_from": None}, ["unverified"]),
        ({"version": "3"}, ["unverified"]),
        ({"valid_from": DAY + timedelta(days=1)}, ["not_yet_valid"]),
        ({"valid_until": DAY - timedelta(days=1)}, ["expired"]),
        ({"version": "1"}, ["expired"]),
        ({"services": frozenset({"compute"})}, ["wrong_service"]),
        ({"regions": frozenset({"us-east-2"})}, ["wrong_region"]),
        ({"activities": frozenset({1, 2})}, ["missing_activity"]),
        ({"activities": frozenset()}, ["missing_activity"]),
        ({"scheme": "secnumcloud"}, ["missing"]),
    ],
)
def test_each_situation_has_its_code(shipped, change, expected):
    assert codes(shipped, replace(GOOD, **change)) == expected


def test_no_certificate_at_all_is_missing(shipped):
    assert codes(shipped) == ["missing"]


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (START - timedelta(days=1), ["not_yet_valid"]),
        (START, []),
        (END, []),
        (END + timedelta(days=1), ["expired"]),
    ],
)
def test_both_ends_of_validity_are_inclusive(shipped, on, expected):
    assert codes(shipped, GOOD, on=on) == expected


@pytest.mark.parametrize(("on", "expected"), [(date(2026, 5, 16), []), (date(2026, 5, 17), ["expired"])])
def test_version_1_of_hds_ended_by_law_whatever_is_printed_on_it(shipped, on, expected):
    assert codes(shipped, replace(GOOD, version="1"), on=on) == expected


def test_a_claimed_certificate_without_end_is_unverified_once(shipped):
    assert codes(shipped, replace(GOOD, claimed=True, valid_until=None)) == ["unverified"]


def test_activities_of_certificates_that_pass_add_up(shipped):
    sites = replace(GOOD, id="sites", activities=frozenset({1, 2}))
    platform = replace(GOOD, id="platform", activities=frozenset({3}))
    assert codes(shipped, sites, platform) == []


def test_activities_of_a_certificate_that_fails_do_not_count(shipped):
    sites = replace(GOOD, id="sites", activities=frozenset({1, 2}))
    elsewhere = replace(GOOD, id="platform", activities=frozenset({3}), regions=frozenset({"us-east-2"}))
    assert codes(shipped, sites, elsewhere) == ["missing_activity"]


def test_the_nearest_certificate_speaks_when_none_passes(shipped):
    far = replace(GOOD, id="far", services=frozenset(), regions=frozenset(), claimed=True)
    near = replace(GOOD, id="near", regions=frozenset({"us-east-2"}))
    assert codes(shipped, far, near) == ["wrong_region"]


def test_the_first_in_the_file_speaks_among_equals(shipped):
    one = replace(GOOD, id="one", claimed=True)
    other = replace(GOOD, id="other", regions=frozenset())
    assert codes(shipped, one, other) == ["unverified"]
    assert codes(shipped, other, one) == ["wrong_region"]


def test_every_failure_of_the_nearest_is_reported(shipped):
    bad = replace(GOOD, claimed=True, valid_until=DAY - timedelta(days=1), services=frozenset(), regions=frozenset())
    assert codes(shipped, bad) == ["unverified", "expired", "wrong_service", "wrong_region"]


@pytest.mark.parametrize(("version", "expected"), [("3.2", []), ("3.1", ["missing"]), ("3.3", ["missing"])])
def test_only_secnumcloud_3_2_counts(shipped, version, expected):
    certificate = replace(GOOD, scheme="secnumcloud", version=version, activities=frozenset())
    assert codes(shipped, certificate, scheme="secnumcloud") == expected


def test_a_service_that_nobody_knows_wants_every_activity(shipped):
    place = PLACE._replace(service="novelty")
    certificate = replace(GOOD, services=frozenset({"novelty"}), activities=frozenset({1, 2, 3, 4, 5}))
    assert codes(shipped, certificate, place=place) == ["missing_activity"]
