from __future__ import annotations

import pytest

from transforms.detection.folding import fold


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("PRÉNOM", "prenom"),
        ("pr\u00c3\u00a9nom", "prenom"),
        ("Straße", "strasse"),
        ("l'Hôpital-Nord", "l hopital nord"),
        ("  A  b ", "a b"),
        ("Œuvre", "oeuvre"),
    ],
)
def test_accents_case_and_signs_are_folded_away(text, folded):
    assert fold(text) == folded
