from __future__ import annotations

import pytest

from transforms.detection.headerless import looks_headerless


@pytest.mark.parametrize(
    "names",
    [
        ["80012345", "1961-02-11", "2"],
        ["Vauquelin", "12/03/1961", "zoe@example.org"],
        ["80012345"],
    ],
)
def test_names_that_can_only_be_values_are_seen(names):
    assert looks_headerless(names)


@pytest.mark.parametrize(
    "names",
    [
        ["ipp", "ddn", "sexe"],
        ["c1", "c2", "c3"],
        ["pays", "2019", "2020", "2021"],
        ["patient_id", "2020-01-01", "2020-02-01"],
        ["V1", "V2", "120345"],
        [],
    ],
)
def test_names_are_no_values_because_they_hold_figures(names):
    assert not looks_headerless(names)
