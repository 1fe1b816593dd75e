"""Every destination of the corpus is decided as written there, for exactly the reasons written there."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

CLASSES = {
    "I": "identified-health",
    "P": "pseudonymized-health",
    "S": "state-sensitive-health",
    "A": "anonymous",
    "T": "technical",
}


def read_cases():
    for path in sorted((Path(__file__).parent / "corpus").glob("*.txt")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if line.strip() and not line.startswith("#"):
                parts = line.split(" | ")
                verdict, letter, rules, destination = parts[:4]
                declared = json.loads(parts[4]) if len(parts) > 4 else None
                expected = (verdict, set(rules.split()))
                yield pytest.param(expected, CLASSES[letter], destination, declared, id=f"{path.stem}:{number}")


CASES = list(read_cases())


@pytest.mark.parametrize(("expected", "data_class", "destination", "declared"), CASES)
def test_destination_is_decided_as_written(guard, day, expected, data_class, destination, declared):
    decision = guard.decide(destination, data_class=data_class, on=day, declared=declared)
    assert (decision.decision, {reason.rule for reason in decision.blocks}) == expected


def test_the_corpus_has_at_least_400_destinations_of_both_verdicts():
    verdicts = [case.values[0][0] for case in CASES]
    assert len(verdicts) >= 400
    assert min(verdicts.count("allow"), verdicts.count("block")) >= 150


@pytest.mark.parametrize(("expected", "data_class", "destination", "declared"), CASES)
def test_every_reason_is_a_sentence_in_both_languages(guard, day, expected, data_class, destination, declared):
    for reason in guard.decide(destination, data_class=data_class, on=day, declared=declared).reasons:
        assert reason.verdict in {"block", "warn", "pass"}
        assert reason.in_language("en") != reason.in_language("fr")
        assert "None" not in reason.message
        assert reason.source or reason.verdict == "pass"
