import importlib.util
from pathlib import Path

import pytest

_SPEC = importlib.util.spec_from_file_location("notes_examples", Path(__file__).with_name("examples.py"))
examples = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(examples)


@pytest.fixture
def marked_by():
    """Mark what the given finder finds in an example's text, to be compared with the example."""

    def mark(find, example):
        text, _ = examples.read_example(example)
        return examples.write_example(text, find(text))

    return mark


@pytest.fixture
def as_found():
    return examples.as_found
