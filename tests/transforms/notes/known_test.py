import pytest

from transforms.notes.known import KnownPersons
from transforms.notes.labels import resolve
from transforms.notes.note import Note


def found_in(text, *names):
    note = Note(text)
    return [(text[start:end], label) for start, end, label in resolve(KnownPersons(names).find(note), text)]


@pytest.mark.parametrize("name", ["LE GOFF Benoît", "Benoît Le Goff", "Le Goff, Benoit", "Dr Benoit LE GOFF"])
def test_a_whole_name_is_found_in_either_order(name):
    assert found_in("avec Benoît Le Goff", name) == [("Benoît", "PRENOM"), ("Le Goff", "NOM")]
    assert found_in("avec le goff benoit", name) == [("le goff", "NOM"), ("benoit", "PRENOM")]


def test_a_surname_alone_is_found_with_a_capital():
    assert found_in("avis de LEGOFF, pas goff", "Benoît LE GOFF") == [("LEGOFF", "NOM")]


def test_a_practitioner_called_like_a_disease_or_a_word_does_not_hide_medicine():
    assert found_in("maladie de Hodgkin, Vidal 2024, petit nodule", "Hodgkin", "Vidal", "Petit") == []


def test_nobody_known_finds_nobody():
    assert found_in("Dupont", None, "") == []


def test_a_name_inside_a_word_is_no_name():
    assert found_in("Martinique", "Martin") == []
