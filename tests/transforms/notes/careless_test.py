"""Initials are names behind a title, and small letters hide nobody where a note leaves the capitals out."""

import pytest

from transforms.notes.finding import find_identifiers

CASES = [
    "Mlle <PRENOM>Océane</PRENOM> <NOM>R</NOM>., vue par Mr <NOM>L</NOM>.",
    "Opérateurs <NOM>TARDIEU</NOM> <PRENOM>H</PRENOM> / <NOM>MOREL</NOM> <PRENOM>C</PRENOM>\nHépatite C, vitamine K.",
    "bonsoir <PRENOM>marc</PRENOM>, m <NOM>traoré</NOM> sort demain. il habite chez son frère <PRENOM>moussa</PRENOM> à <VILLE>montreuil</VILLE>.",
    "pat. de 66 ans. kiné avec <PRENOM>thomas</PRENOM>. podologue <PRENOM>luc</PRENOM> <NOM>gautier</NOM>.",
    "bpco gold 3. fume encore. sous spiolto et ventoline. maladie de berger. pas de signe de babinski.",
]


@pytest.mark.parametrize("example", CASES)
def test_finds_persons_without_a_whole_name_or_without_capitals(example, marked_by, as_found):
    assert marked_by(find_identifiers, example) == as_found(example)
