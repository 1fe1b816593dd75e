"""Every destination of the corpus is decided as written there, for exactly the reasons written there."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from pipeline.guard import Guard

HERE = Path(__file__).parent
DAY = date(2026, 11, 24)
CLASSES = {
    "I": "identified-health",
    "P": "pseudonymized-health",
    "S": "state-sensitive-health",
    "A": "anonymous",
    "T": "technical",
}


def cases():
    for path in sorted((HERE / "corpus").glob("*.txt")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if line.strip() and not line.startswith("#"):
                parts = line.split(" | ")
                verdict, letter, rules, destination = parts[:4]
                declared = json.loads(parts[4]) if len(parts) > 4 else None
                yield pytest.param(
                    verdict, CLASSES[letter], set(rules.split()), destination, declared, id=f"{path.stem}:{number}"
                )


@pytest.fixture(scope="module")
def guard():
    loaded = Guard.load(HERE / "register", None)
    assert not loaded.problem
    return loaded


@pytest.mark.parametrize(("verdict", "data_class", "rules", "destination", "declared"), list(cases()))
def test_destination_is_decided_as_written(guard, verdict, data_class, rules, destination, declared):
    decision = guard.decide(destination, data_class=data_class, on=DAY, declared=declared)
    assert {reason.rule for reason in decision.blocks} == rules
    assert decision.decision == verdict


def test_the_corpus_has_at_least_400_destinations():
    assert len(list(cases())) >= 400
