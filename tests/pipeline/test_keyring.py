import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from pipeline.errors import DouaneError
from pipeline.keyring import FolderKeyring, KeyRefused, Keyring, UnknownKey


@pytest.fixture
def keyring(tmp_path):
    return FolderKeyring(tmp_path / "keys")


def secret_of(path):
    return json.loads(path.read_text())["secret"]


def test_a_key_comes_back_as_it_was_made(keyring):
    made = keyring.new("cardio", domain="eds-cardio")
    assert keyring.get("cardio") == made
    assert (made.domain, made.version) == ("eds-cardio", 1)
    assert made.id.startswith("cardio-")


def test_a_folder_is_a_keyring(keyring):
    assert isinstance(keyring, Keyring)


def test_files_are_for_their_owner_alone(keyring):
    keyring.new()
    keyring.wrap(bytes(32), context="run-1")
    modes = {path.name: path.stat().st_mode & 0o777 for path in keyring.folder.iterdir()}
    assert modes == {
        "default.v1.json": 0o600,
        "signing.pem": 0o600,
        "signing.pub.pem": 0o644,
        "wrapping.json": 0o600,
    }
    assert keyring.folder.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
@pytest.mark.parametrize("name", ["default.v1.json", "signing.pem", "wrapping.json"])
def test_a_key_that_others_can_read_is_refused_with_the_mend(keyring, name, mode):
    keyring.new()
    wrapped = keyring.wrap(bytes(32), context="run-1")
    path = keyring.folder / name
    path.chmod(mode)
    read = {
        "default.v1.json": keyring.get,
        "signing.pem": keyring.signing_key,
        "wrapping.json": lambda: keyring.unwrap(wrapped, context="run-1"),
    }
    with pytest.raises(KeyRefused) as caught:
        read[name]()
    assert f"chmod 600 {path}" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_folder_into_which_others_can_put_keys_is_refused(keyring):
    keyring.new()
    keyring.folder.chmod(0o770)
    with pytest.raises(KeyRefused, match="chmod 700"):
        keyring.get()


def test_a_key_is_never_overwritten(keyring):
    made = keyring.new("cardio")
    with pytest.raises(KeyRefused, match="never overwritten"):
        keyring.new("cardio", domain="other")
    assert keyring.get("cardio") == made


def test_of_many_who_make_the_same_key_at_once_one_succeeds(keyring):
    def make(_):
        try:
            return keyring.new("cardio")
        except KeyRefused:
            return None

    with ThreadPoolExecutor(8) as pool:
        made = [key for key in pool.map(make, range(8)) if key]
    assert made == [keyring.get("cardio")]
    assert sorted(path.name for path in keyring.folder.iterdir()) == [
        "cardio.v1.json",
        "signing.pem",
        "signing.pub.pem",
    ]


def test_rotating_makes_the_next_version_and_keeps_the_old(keyring):
    old = keyring.new("cardio", domain="eds-cardio")
    new = keyring.rotate("cardio")
    assert (new.version, new.id, new.domain) == (2, old.id, "eds-cardio")
    assert keyring.get("cardio") == new
    assert keyring.get("cardio", version=1) == old
    assert keyring.versions("cardio") == [1, 2]
    assert new.reveal_secret() != old.reveal_secret()


def test_a_tenth_version_is_newer_than_the_ninth(keyring):
    keyring.new("cardio")
    for _ in range(9):
        keyring.rotate("cardio")
    assert keyring.get("cardio").version == 10


def test_a_key_of_another_domain_is_refused(keyring):
    keyring.new("cardio", domain="eds-cardio")
    assert keyring.get("cardio", domain="eds-cardio")
    with pytest.raises(KeyRefused, match="of the domain eds-cardio, not eds-onco"):
        keyring.get("cardio", domain="eds-onco")


def test_a_key_that_is_not_there_is_named_beside_those_that_are(keyring):
    with pytest.raises(UnknownKey, match=r"no key named cardio .*none.*douane keys new cardio"):
        keyring.get("cardio")
    keyring.new("onco")
    with pytest.raises(UnknownKey, match="there: onco"):
        keyring.get("cardio")
    with pytest.raises(UnknownKey, match="version 3 of the key onco"):
        keyring.get("onco", version=3)


def test_names_are_listed_without_the_keys_of_the_house(keyring):
    for name in ("onco", "cardio"):
        keyring.new(name)
    keyring.rotate("cardio")
    assert keyring.names() == ["cardio", "onco"]


@pytest.mark.parametrize("name", ["", "../cardio", "a.b", "-x", "a/b", "é", "x" * 65])
def test_a_name_that_could_be_a_path_is_no_name(keyring, name):
    with pytest.raises(KeyRefused, match="no name for a key"):
        keyring.new(name)


def test_the_public_key_is_that_of_the_signing_key_and_neither_changes(keyring):
    keyring.new("cardio")
    before = keyring.signing_key().private_bytes_raw()
    keyring.new("onco")
    assert keyring.signing_key().private_bytes_raw() == before
    public = load_pem_public_key(keyring.public_key_path.read_bytes())
    public.verify(keyring.signing_key().sign(b"manifest"), b"manifest")


def test_without_a_key_there_is_no_signing_key(keyring):
    with pytest.raises(UnknownKey, match="douane keys new"):
        keyring.signing_key()


def test_a_wrapped_secret_opens_only_for_its_context_and_with_its_keyring(keyring, tmp_path):
    secret = bytes(range(32))
    wrapped = keyring.wrap(secret, context="run-1")
    assert keyring.unwrap(wrapped, context="run-1") == secret
    assert secret not in wrapped
    other = FolderKeyring(tmp_path / "other")
    for opener, content, context in [
        (keyring, wrapped, "run-2"),
        (other, wrapped, "run-1"),
        (keyring, wrapped[:-1], "run-1"),
        (keyring, b"", "run-1"),
    ]:
        with pytest.raises(KeyRefused, match=f"the wrapped key of {context} does not open"):
            opener.unwrap(content, context=context)


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: text[:40],
        lambda text: text.replace('"format": 1', '"format": 2'),
        lambda text: text.replace('"secret": "', '"secret": "*'),
        lambda text: text.replace('"version": 1', '"version": "one"'),
        lambda text: text.replace('"domain"', '"realm"'),
        lambda _: "[]",
    ],
)
def test_a_damaged_key_file_is_named_and_not_quoted(keyring, damage):
    keyring.new("cardio")
    path = keyring.folder / "cardio.v1.json"
    secret = secret_of(path)
    path.write_text(damage(path.read_text()))
    with pytest.raises(DouaneError) as caught:
        keyring.get("cardio")
    assert str(path) in str(caught.value)
    assert secret not in str(caught.value)


def test_a_damaged_signing_key_is_named(keyring):
    keyring.new()
    (keyring.folder / "signing.pem").write_text("-----BEGIN PRIVATE KEY-----\n")
    with pytest.raises(KeyRefused, match=r"signing\.pem is not a key file"):
        keyring.signing_key()
