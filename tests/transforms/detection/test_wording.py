from __future__ import annotations

from transforms.detection.wording import read_concepts, read_words


def test_glued_words_are_cut():
    assert [phrase for phrase, _ in read_concepts("numsejourpatient")] == ["num sejour", "patient"]


def test_umlauts_may_be_spelled_out():
    assert read_concepts("Kostentraeger")[0][1] == ("insurer",)


def test_capitals_and_signs_part_words():
    assert read_words("T_PAT-NomUsuel2") == ("t", "pat", "nom", "usuel", "2")


def test_shortened_words_are_known_by_their_consonants():
    assert read_concepts("EncntrKey")[0][1] == ("encounter",)


def test_a_whole_word_is_never_read_as_a_shortened_one():
    assert "lifestyle" not in dict(read_concepts("location"))["location"]


def test_bare_words_mean_a_name_only_beside_persons():
    assert read_concepts("last")[0][1][0] == "last_name"
    assert read_concepts("pat_last")[1][1][0] == "last_name"
    assert read_concepts("last_visit") == (("last visit", ("event",)),)


def test_elided_articles_are_left_out():
    assert [phrase for phrase, _ in read_concepts("Date d'entrée")] == ["date entree"]
