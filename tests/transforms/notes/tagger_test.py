"""The trained layer finds names that no title announces and no list holds, and leaves medicine alone."""

import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from transforms.notes.finding import find_identifiers
from transforms.notes.note import Note
from transforms.notes.tagger import find_tagged, is_candidate, sentences


def _names(text):
    return [text[start:end] for start, end, _ in find_identifiers(text)]


@pytest.mark.parametrize("text", ["Scanner interprété par Bazzoun", "Compte rendu dicté par Plancherelle, interne."])
def test_finds_a_surname_that_no_list_holds(text):
    assert len(_names(text)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "Traitement : Doliprane, Lasilix 40 mg.",
        "Maladie de Crohn sous Humira.",
        "Bilan SSIAD demandé, Mutuelle MGEN.",
        "Klebsiella et Escherichia retrouvés dans les urines.",
    ],
)
def test_leaves_drugs_diseases_acronyms_and_germs(text):
    assert _names(text) == []


def test_asks_nothing_about_words_that_a_rule_found():
    text = "Scanner relu par Bazzoun."
    assert list(find_tagged(Note(text), [(17, 24, "NOM")])) == []


def test_a_name_it_is_sure_of_is_found_again_in_the_note():
    text = "Avis Rouzeyrol demandé. Rappeler ROUZEYROL."
    assert _names(text) == ["Rouzeyrol", "ROUZEYROL"]


def test_reads_a_note_again_as_it_read_it_first():
    text = "Scanner relu par Bazzoun, avis Plantagrel."
    assert find_identifiers(text) == find_identifiers(text)


def test_no_text_is_lost_between_sentences():
    text = "Un. Deux\n\nTrois ! Quatre"
    assert [text[start:end] for start, end in sentences(text)] == ["Un.", "Deux", "Trois !", "Quatre"]


@pytest.mark.parametrize("word", ["examen", "Examen", "MGEN", "PaCO", "Parkinson"])
def test_plain_words_acronyms_and_eponyms_are_no_candidates(word):
    assert not is_candidate(word, word.lower())


def test_a_mega_letter_word_is_read_in_linear_time():
    assert find_identifiers("Zk" * 500_000) == []


def test_threads_read_what_one_thread_reads():
    texts = [f"Scanner relu par {name}, avis {name}." for name in ("Bazzoun", "Rouzeyrol", "Kervadec")] * 200
    alone = [list(find_tagged(Note(text), [])) for text in texts]
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(4) as pool:
            together = list(pool.map(lambda text: list(find_tagged(Note(text), [])), texts))
    finally:
        sys.setswitchinterval(before)
    assert together == alone
