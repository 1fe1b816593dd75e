"""That records are copied as they are, and lose only INFO fields that may not stay, wherever a piece is cut."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.records.tally import Tally
from transforms.vcf import BodyScan, CleanHeader, InvalidVcf

INFO = frozenset({"AC", "DP", "A_VERY_LONG_NAME_OF_A_FIELD_THAT_STAYS", "CSQ"})
LINES = [
    b"chr1\t1\trs1\tA\tG\t9\tPASS\tAC=1;DP=3\tGT:DP\t0/1:3\t1/1:9\n",
    b"chr1\t2\t.\tA\tG\t9\tPASS\tNOTE=DUPONT;AC=1\tGT:DP\t0/1:3\t1/1:9\n",
    b"chr1\t3\t.\tA\tG\t9\tPASS\t.\tGT\t0/1\t1/1\n",
    b"chr1\t4\t.\tA\tG\t9\tPASS\tNOTE=DUPONT\tGT\t0/1\t1/1\n",
    b"chr1\t5\t.\tA\tG\t9\tPASS\tA_VERY_LONG_NAME_OF_A_FIELD_THAT_STAYS=x;DB\tGT\t0/1\t1/1\n",
    b"chr1\t6\t.\tA\tG\t9\tPASS\tCSQ=a|b=c|d;A_VERY_LONG_NAME_OF_A_FIELD_THAT_GOES=DUPONT\tGT\t0/1\t1/1\n",
]
CLEAN = [
    LINES[0],
    b"chr1\t2\t.\tA\tG\t9\tPASS\tAC=1\tGT:DP\t0/1:3\t1/1:9\n",
    LINES[2],
    b"chr1\t4\t.\tA\tG\t9\tPASS\t.\tGT\t0/1\t1/1\n",
    b"chr1\t5\t.\tA\tG\t9\tPASS\tA_VERY_LONG_NAME_OF_A_FIELD_THAT_STAYS=x\tGT\t0/1\t1/1\n",
    b"chr1\t6\t.\tA\tG\t9\tPASS\tCSQ=a|b=c|d\tGT\t0/1\t1/1\n",
]


def scan(columns=11):
    return BodyScan(CleanHeader(b"", columns, INFO, frozenset({"GT", "DP"})), 1)


def in_pieces(text, cuts, columns=11):
    """What a scan makes of a text that comes in pieces cut at these places."""
    bounds = [0, *sorted({cut for cut in cuts if 0 < cut < len(text)}), len(text)]
    pieces = [text[low:high] for low, high in pairwise(bounds) if high > low]
    one, made = scan(columns), b""
    while pieces:
        piece = pieces.pop(0)
        while one.wants_more(piece) and pieces:
            piece += pieces.pop(0)
        made += one.clean(piece, Tally())
    one.finish()
    return made


def test_records_whose_fields_may_stay_are_the_very_same_bytes():
    piece = b"".join([LINES[0], LINES[2]])
    assert scan().clean(piece, Tally()) is piece


def test_fields_that_may_not_stay_go_and_are_counted():
    tally = Tally()
    assert scan().clean(b"".join(LINES), tally) == b"".join(CLEAN)
    assert tally.counts["VCF.INFO.NOTE", "dropped"] == 2
    assert tally.counts["VCF.INFO.DB", "dropped"] == 1
    assert tally.counts["VCF.genotypes", "kept"] == len(LINES)


@given(st.lists(st.integers(1, 600), max_size=12))
def test_it_does_not_matter_where_pieces_are_cut(cuts):
    assert in_pieces(b"".join(LINES), cuts) == b"".join(CLEAN)


def test_a_file_of_sites_ends_its_lines_at_info():
    lines = b"chr1\t1\t.\tA\tG\t9\tPASS\tAC=1\nchr1\t2\t.\tA\tG\t9\tPASS\tNOTE=x;AC=2\r\n"
    expected = b"chr1\t1\t.\tA\tG\t9\tPASS\tAC=1\nchr1\t2\t.\tA\tG\t9\tPASS\tAC=2\r\n"
    assert in_pieces(lines, [10, 30, 45], columns=8) == expected


def test_a_field_name_that_is_no_name_is_counted_without_it():
    tally = Tally()
    made = scan().clean(b"chr1\t1\t.\tA\tG\t9\t.\tDUPONT JEAN 1850578006084=1;AC=1\tGT\t0\t1\n", tally)
    assert b"DUPONT" not in made
    assert "DUPONT" not in str(dict(tally.paths()))


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (LINES[0] + b"chr1\t2\t.\tA\n", "line 2 has 4 columns, the header names 11"),
        (LINES[0] + LINES[0].replace(b"\t1/1:9", b""), "line 2 has 10 columns"),
        (LINES[0] + LINES[1][:44], "line 2 is cut short"),
        (LINES[0] + LINES[1][:12], "line 2 is"),
        (LINES[0].replace(b"GT:DP", b"GT:RM"), "FORMAT field that may hold any text, RM"),
        (LINES[0].replace(b"GT:DP", b"GT:DUPONT JEAN"), r"\(no name\)"),
        (b"\n", "line 1 has 1 columns"),
    ],
)
def test_records_that_break_the_rules_are_refused(text, complaint):
    with pytest.raises(InvalidVcf, match=complaint) as caught:
        in_pieces(text, [])
    assert "DUPONT" not in str(caught.value)
