"""The chances that are computed from a model's weights are those that CRFsuite computes."""

from importlib.resources import files

import numpy as np
import pycrfsuite
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.notes.described import MODEL, described, features
from transforms.notes.note import Note
from transforms.notes.tagger import PIECE
from transforms.notes.weights import read_weights

CONTENT = (files("transforms.notes") / "lexicons" / MODEL).read_bytes()
SENTENCES = [
    "Scanner interprété par Bazzoun, avis Plantagrel et Le Hénaff demandés.",
    "Présents : Lestrelin, Wodzicki, Mme Zerbib",
    "Le patient est adressé par le service de Rangueil pour une insuffisance cardiaque aiguë sous Lasilix 40 mg.",
    "LESTRELIN WODZICKI KERVADEC",
    "Kervadec",
]


@pytest.fixture(scope="module")
def crfsuite():
    model = pycrfsuite.Tagger()
    model.open_inmemory(CONTENT)
    return model


def _chances(crfsuite, items):
    crfsuite.set(items)
    return [[crfsuite.marginal(tag, place) for tag in crfsuite.labels()] for place in range(len(items))]


def test_every_place_has_the_chances_of_crfsuite_side_by_side(crfsuite):
    weights = read_weights(CONTENT)
    items = [features(Note(text), [m.span() for m in PIECE.finditer(text)], {}) for text in SENTENCES]
    ends = np.cumsum([len(each) for each in items]).tolist()
    sentences = [(end - len(each), end, [*range(end - len(each), end)]) for end, each in zip(ends, items, strict=True)]
    scores = np.array([weights.of(attributes) for each in items for attributes in each])
    expected = [chances for each in items for chances in _chances(crfsuite, each)]
    assert weights.tags == tuple(crfsuite.labels())
    assert np.abs(weights.chances(scores, sentences) - expected).max() < 1e-8


@given(
    st.lists(st.sampled_from(["s=Xx", "s=x", "r=NOM", "w=dr", "-1w=dr", "g=ier", "unknown"]), min_size=1, max_size=90)
)
def test_a_place_far_away_says_no_more_than_crfsuite_lets_it(attributes):
    model = pycrfsuite.Tagger()
    model.open_inmemory(CONTENT)
    items = [["bias", attribute] for attribute in attributes]
    weights = read_weights(CONTENT)
    place = len(items) // 2
    scores = np.array([weights.of(each) for each in items])
    chances = weights.chances(scores, [(0, len(items), [place])])
    assert np.abs(chances[0] - _chances(model, items)[place]).max() < 1e-7


def test_sums_made_once_are_the_sums_of_what_training_writes():
    model = described()
    pieces = [[(*m.span(), m[0]) for m in PIECE.finditer(text)] for text in SENTENCES]
    covered = {24: (31, "NOM")}
    aspects = [aspect for each in pieces for aspect in model.aspects(each, covered)]
    ends = np.cumsum([len(each) for each in pieces]).tolist()
    sentences = [(end - len(each), end, [end - 1]) for end, each in zip(ends, pieces, strict=True)]
    expected = [
        model.weights.of(items)
        for text, each in zip(SENTENCES, pieces, strict=True)
        for items in features(Note(text), [piece[:2] for piece in each], covered)
    ]
    assert np.allclose(model.scores(aspects, sentences), expected, atol=1e-9)
