"""Every public call the way a user writes it: never run, only type-checked."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from pipeline.guard import Guard
from transforms import (
    Key,
    age_from,
    detect,
    detokenize,
    format_preserving,
    generalize,
    mask,
    pseudonymize,
    redact_notes,
    risk,
    shift_dates,
    suppress,
    surrogate,
    tokenize,
    truncate_dates,
)

if TYPE_CHECKING:
    from typing import assert_type

    key = Key(bytes(32), domain="eds-cardio", id="k1", version=1)
    assert_type(Key.generate(domain="eds-cardio"), Key)

    column = pd.Series(["a"])
    assert_type(pseudonymize(column, key, field="patient_id"), "pd.Series[str]")
    assert_type(detokenize(tokenize(column, key, field="patient_id"), key, field="patient_id"), "pd.Series[str]")
    assert_type(format_preserving(column, key, field="phone", alphabet="0123456789"), "pd.Series[str]")
    format_preserving(column, key, field="phone", alphabet="0123456789", decrypt=True)
    assert_type(surrogate(column, key, kind="last_name", locale="fr_FR"), "pd.Series[str]")
    assert_type(shift_dates(column, key, by=column, days=365), "pd.Series[str]")
    assert_type(truncate_dates(column, to="month"), "pd.Series[str]")
    assert_type(generalize(column, to="departement"), "pd.Series[str]")
    assert_type(mask(column, keep_last=2), "pd.Series[str]")
    assert_type(suppress(column), "pd.Series[str]")
    age_from(column, dt.date(2026, 11, 24))
    texts, spans = redact_notes(column, patients=None, key=key, by=column, days=365, replace="label")
    findings = detect(pd.DataFrame({"age": [1]}))
    by_table = detect({"patients": pd.DataFrame({"age": [1]})})
    figures = risk(pd.DataFrame({"age": [1]}), quasi=["age", "sex"], sensitive="diagnosis")
    assert_type(figures.k, int)

    decision = Guard.load(Path("register"), None).decide(
        "s3://bucket", data_class="pseudonymized-health", on=dt.date(2026, 11, 24)
    )
    assert_type(decision.allowed, bool)
