"""Splitting a message is python-hl7's parsing, and joining it gives it back."""

import hl7
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.hl7v2.message import Separators, escaped, join_segment, split_segment, unescaped

USUAL = Separators()
MESSAGE = (
    "MSH|^~\\&|LAB|CHU|SIH||20260301093012||ORU^R01^ORU_R01|MSG1|P|2.5\r"
    "PID|1||8001^^^CHU&1.2&ISO^PI~270058^^^X^INS||QUILLFELDT^Segolene||19700517|F\r"
    "OBX|1|ST|2951-2^Sodium^LN||a\\S\\b|mmol/L\r"
)
texts = st.text(st.characters(codec="utf-8", exclude_characters="\r\n|^~&\\"), max_size=6)


def test_fields_are_where_python_hl7_finds_them():
    oracle = hl7.parse(MESSAGE)
    for text, segment in zip(MESSAGE.rstrip("\r").split("\r"), oracle, strict=True):
        assert split_segment(text, USUAL) == [str(field) for field in segment]


@given(st.lists(st.lists(st.lists(texts, min_size=1, max_size=3), min_size=1, max_size=3), min_size=1, max_size=3))
def test_what_is_joined_is_what_python_hl7_reads(fields):
    repetitions = [["x", *(parts if len(parts) > 1 else parts[0] for parts in field)] for field in fields]
    text = join_segment(["PID", repetitions], USUAL)
    read = hl7.parse(f"MSH|^~\\&|A\r{text}\r")[1][1]
    assert [str(repetition).split("^")[0] for repetition in read] == ["x"] * len(repetitions)


@given(st.text(st.characters(codec="utf-8", exclude_characters="\r"), max_size=20))
def test_a_text_that_is_escaped_can_be_read_again(text):
    assert unescaped(escaped(text, USUAL), USUAL) == text or "\\" in text


@pytest.mark.parametrize("header", ["PID|1|2|3|4", "MSH", "MSHABCDEF", "MSH|^^^^|A"])
def test_a_header_without_separators_declares_none(header):
    assert Separators.of(header) is None


def test_other_separators_than_the_usual_are_read():
    assert Separators.of("MSH#*!\\@#LAB") == Separators("#", "*", "!", "\\", "@")
