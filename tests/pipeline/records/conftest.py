"""An installation that releases documents, and the toy format that shows what the flow does with any format."""

import runpy
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.records.drafting import draft_records_plan
from pipeline.records.source import RecordSource
from pipeline.run import run

TOY = runpy.run_path(str(Path(__file__).with_name("toy_format.py")))


@pytest.fixture
def toy(tmp_path):
    """A folder of one file of the toy format, as a source."""
    file = tmp_path / "DUPONT_JEAN.toy"
    file.write_text(
        "toy\n8001;1970-05-17;Vu par le Dr Le Goff;I10\n8002;1981-01-02;RAS;E11.9;dupont\n", encoding="utf-8"
    )
    return RecordSource(TOY["ToyFormat"](), (file,))


@pytest.fixture
def release(installation):
    """Draft a plan for some documents, and make the release."""

    def make(source, *destinations, changes=None, **options):
        plan = draft_records_plan(source, policy=installation.policy, domain="eds")
        if changes:
            plan = plan.model_copy(update={"records": plan.records.model_copy(update={"changes": changes})})
        order = installation.order(installation.folder, plan, *destinations, **options)
        return run(replace(order, source=source), installation.rooms)

    return make
