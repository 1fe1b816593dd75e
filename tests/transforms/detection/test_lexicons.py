from __future__ import annotations

import gzip
from datetime import date
from importlib.resources import files

import pytest

from transforms.detection import lexicons
from transforms.detection.checks import CHECKS
from transforms.kinds import CATEGORY_OF

HERE = files("transforms.detection")
FILES = [file for folder in ("words", "schemas", "lists") for file in (HERE / folder).iterdir()]


def text_of(file):
    raw = file.read_bytes()
    return (gzip.decompress(raw) if file.name.endswith(".gz") else raw).decode()


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_each_file_says_source_and_day(file):
    head = "\n".join(line for line in text_of(file).splitlines()[:12] if line.startswith("#"))
    assert "Source:" in head
    day = date.fromisoformat(head.partition("Read: ")[2][:10])
    assert date(2026, 11, 1) <= day <= date(2036, 1, 1)


@pytest.mark.parametrize("file", [file for file in FILES if "schemas" not in str(file)], ids=lambda file: file.name)
def test_each_list_says_its_licence(file):
    assert "Licence:" in text_of(file)


def test_rules_name_only_kinds_and_concepts():
    known = {concept for concepts in lexicons.concepts().values() for concept in concepts}
    for rule in lexicons.rules():
        assert rule.concepts <= known, rule
        assert {kind for kind, _ in rule.weights} <= CATEGORY_OF.keys()


def test_patterns_name_only_kinds_and_checks():
    for pattern in lexicons.patterns():
        assert pattern.kind in {*CATEGORY_OF, "uuid", "hash", "snomed"}, pattern.name
        assert not pattern.check or pattern.check in CHECKS


def test_shapes_and_terms_name_only_kinds():
    assert lexicons.shapes().keys() <= CATEGORY_OF.keys()
    assert {kind for _, kind in lexicons.terms()} <= {*CATEGORY_OF, "drug_route"}


def test_phrases_are_folded():
    assert [phrase for phrase in lexicons.concepts() if phrase != phrase.lower()] == []


def test_name_lists_hold_names():
    assert {"marie", "giuseppe", "hans"} <= lexicons.first_names()
    assert {"martin", "garcia"} <= lexicons.last_names()
    assert {"rennes", "milano", "aachen"} <= lexicons.cities()
