"""A YAML file is read as its model, or the line that is wrong is named."""

import pytest

from pipeline.documents import Document, Part, read_document
from pipeline.errors import InvalidDocument


class Leaf(Part):
    n: int


class Tree(Document):
    leaves: dict[str, Leaf]


@pytest.fixture
def read(tmp_path):
    def read(text: str):
        path = tmp_path / "tree.yaml"
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return read_document(path, Tree)

    return read


def test_a_document_is_read(read):
    assert read("format: 1\nleaves: {a: {n: 3}}\n").leaves["a"].n == 3


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("format: 1\nleaves:\n  a: {n: 3}\n  b: {n: 3, m: 4}\n", "tree.yaml:4: leaves.b.m: is no key of this format"),
        ("format: 2\nleaves: {}\n", "tree.yaml:1: format:"),
        ("format: 1\nleaves:\n  a: {n: x}\n", "tree.yaml:3: leaves.a.n:"),
        ("format: 1\n\nleaves: [\n", "tree.yaml:4:"),
        ("format: 1\nleaves: {}\nleaves: {}\n", "tree.yaml:3:"),
        ("format: 1\n", "tree.yaml:1: leaves: Field required"),
        ("", "tree.yaml:1: the document:"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(read, text, says):
    with pytest.raises(InvalidDocument) as caught:
        read(text)
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_value_is_never_repeated(read):
    with pytest.raises(InvalidDocument) as caught:
        read("format: 1\nleaves: {a: {n: Dupont}}\n")
    assert "Dupont" not in str(caught.value)


def test_a_missing_file_is_said(tmp_path):
    with pytest.raises(InvalidDocument, match="can't be read: No such file"):
        read_document(tmp_path / "none.yaml", Tree)
