"""The invented register that the guard's tests decide by."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from pipeline.guard import Guard

REGISTER = Path(__file__).parent / "register"


@pytest.fixture(scope="session")
def register_folder():
    return REGISTER


@pytest.fixture(scope="session")
def guard():
    loaded = Guard.load(REGISTER, None)
    assert not loaded.problem
    return loaded


@pytest.fixture(scope="session")
def day():
    return date(2026, 11, 24)
