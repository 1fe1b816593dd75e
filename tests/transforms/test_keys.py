"""A key derives separate bytes for separate purposes, and shows its secret to nobody by accident."""

from __future__ import annotations

import copy
import json
import pickle
import traceback
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms import Key
from transforms.errors import InvalidKey

SECRET = bytes(range(100, 132))
label = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20).filter(str.strip)


def make(**changes):
    return Key(**({"secret": SECRET, "domain": "eds-cardio", "id": "k1", "version": 1} | changes))


def test_labels_may_be_given_by_position():
    assert Key(SECRET, "eds-cardio", "k1", 1) == make()


def test_derivation_is_hkdf_of_the_written_labels():
    # Computed apart, with hmac alone, from RFC 5869 and the labels that the documentation names.
    import hashlib
    import hmac

    labels = (
        b"douane/key/1",
        b"eds-cardio",
        b"pseudonymize",
        b"patient_id",
        (1).to_bytes(4, "big"),
        bytes([0, 0, 0, 16]),
    )
    info = b"".join(len(part).to_bytes(4, "big") + part for part in labels)
    extracted = hmac.digest(bytes(32), SECRET, hashlib.sha256)
    expanded = hmac.digest(extracted, info + b"\x01", hashlib.sha256)
    assert make().derive("pseudonymize", "patient_id") == expanded[:16]


def test_each_part_of_the_tuple_separates():
    derived = [
        make().derive("pseudonymize", "patient_id"),
        make(domain="eds-neuro").derive("pseudonymize", "patient_id"),
        make(version=2).derive("pseudonymize", "patient_id"),
        make(secret=SECRET[::-1]).derive("pseudonymize", "patient_id"),
        make().derive("tokenize", "patient_id"),
        make().derive("pseudonymize", "stay_id"),
        make().derive("pseudonymize", "patient_id", length=32)[:16],
    ]
    assert all(one != other for one, other in combinations(derived, 2))


@given(label, label, label, label)
def test_labels_never_run_into_each_other(purpose, field, other_purpose, other_field):
    same = _nfc(purpose, field) == _nfc(other_purpose, other_field)
    assert (make().derive(purpose, field) == make().derive(other_purpose, other_field)) == same


def _nfc(*labels):
    import unicodedata

    return tuple(unicodedata.normalize("NFC", label) for label in labels)


def test_a_decomposed_accent_in_a_label_changes_nothing():
    assert make(domain="réa").derive("p", "prénom") == make(domain="re\u0301a").derive("p", "pre\u0301nom")


def test_the_id_takes_no_part_in_the_derivation():
    assert make(id="old").derive("p", "f") == make(id="new").derive("p", "f")
    assert make(id="old") != make(id="new")


@pytest.mark.parametrize("length", [1, 16, 32, 64, 100])
def test_as_many_bytes_as_asked(length):
    assert len(make().derive("p", "f", length=length)) == length


@pytest.mark.parametrize(
    "changes",
    [
        {"secret": bytes(15)},
        {"secret": "x" * 32},
        {"secret": None},
        {"domain": ""},
        {"domain": "  "},
        {"domain": 3},
        {"domain": "\ud800"},
        {"id": ""},
        {"id": "x" * 2000},
        {"version": 0},
        {"version": -1},
        {"version": True},
        {"version": "1"},
        {"version": 2**32},
    ],
)
def test_a_bad_part_is_refused_in_one_line_without_the_secret(changes):
    with pytest.raises(InvalidKey) as caught:
        make(**changes)
    assert "\n" not in str(caught.value)
    assert "xxxx" not in str(caught.value)


@pytest.mark.parametrize("labels", [("", "f"), ("p", ""), ("p", None), (b"p", "f")])
def test_a_bad_label_is_refused(labels):
    with pytest.raises(InvalidKey):
        make().derive(*labels)


def shown(secret: bytes) -> list[str]:
    return [secret.hex(), secret.hex().upper(), repr(secret)[2:-1], str(list(secret))[1:-1], secret.decode("latin-1")]


def test_no_rendering_shows_the_secret():
    key = make()
    text = f"{key} {key!r} {key!s} {[key]} {dir(key)}"
    assert not any(form in text for form in shown(SECRET))
    assert "eds-cardio" in text


def test_a_key_has_no_dictionary_to_dump():
    with pytest.raises(TypeError):
        vars(make())


def test_a_key_refuses_pickle_copy_and_json():
    for leave in (pickle.dumps, copy.copy, copy.deepcopy, json.dumps, lambda key: copy.deepcopy({"key": [key]})):
        with pytest.raises(TypeError) as caught:
            leave(make())
        assert not any(form in "".join(traceback.format_exception(caught.value)) for form in shown(SECRET))


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_every_pickle_protocol_is_refused(protocol):
    with pytest.raises(InvalidKey, match="key ring"):
        pickle.dumps(make(), protocol)


def test_a_key_is_frozen():
    key = make()
    for name in ("domain", "id", "version", "_secret", "new"):
        with pytest.raises(AttributeError):
            setattr(key, name, "x")
    with pytest.raises(AttributeError):
        del key.domain
    assert key == make()


def test_a_changed_bytearray_changes_no_key():
    secret = bytearray(SECRET)
    key = make(secret=secret)
    secret[0] ^= 1
    assert key == make()


def test_keys_compare_by_all_of_their_parts_and_hash_without_the_secret():
    assert make() == make()
    assert make() != make(secret=SECRET[::-1])
    assert make() != make(version=2)
    assert make() != "key"
    assert hash(make()) == hash(make(secret=SECRET[::-1]))


def test_generated_keys_differ_and_keep_what_was_asked():
    one, other = (Key.generate(domain="eds-cardio", id="k7", version=3) for _ in range(2))
    assert one != other
    assert (one.domain, one.id, one.version) == ("eds-cardio", "k7", 3)
    assert Key.generate(domain="eds-cardio").id != Key.generate(domain="eds-cardio").id


def test_a_revealed_secret_makes_the_same_key():
    key = Key.generate(domain="eds-cardio", id="k1")
    assert Key(key.reveal_secret(), domain="eds-cardio", id="k1") == key
