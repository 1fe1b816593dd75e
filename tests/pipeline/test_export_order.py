"""What an export's file names becomes what a run is asked to do."""

from __future__ import annotations

import pytest

from pipeline.errors import InvalidDocument
from pipeline.export_order import prepare_export
from pipeline.plan import write_plan

EXPORT = """format: 1
id: cardio
source: {{type: folder, path: {folder}}}
plan: plan.yaml
lexicon: words.yaml
domain: eds
key: eds
destinations: [{{id: premises, uri: "{{home}}/../premises/"}}]
recipient: The registry
purpose: Research
legal_basis: GDPR art. 9(2)(j)
retention: 10 years
"""


@pytest.fixture
def export(installation, extract, tmp_path):
    write_plan(installation.plan(extract), tmp_path / "plan.yaml")
    path = tmp_path / "cardio.yaml"
    path.write_text(EXPORT.format(folder=extract))
    return path


def test_the_lexicon_beside_an_export_is_that_of_its_runs(installation, export, tmp_path):
    (tmp_path / "words.yaml").write_text("format: 1\nwords:\n  zz7: reference\n")
    assert prepare_export(export, installation.rooms.home).order.lexicon == {"zz7": "reference"}


def test_a_lexicon_that_is_not_there_stops_the_export_in_one_line(installation, export):
    with pytest.raises(InvalidDocument, match=r"words\.yaml"):
        prepare_export(export, installation.rooms.home)
