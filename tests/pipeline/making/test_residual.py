"""The residual scan finds what is certainly an identifier, in every row, and nothing else."""

import pyarrow as pa
import pytest
from stdnum.fr import nir

from pipeline.making.residual import ResidualScan


def with_key(body: str) -> str:
    return body + nir.calc_check_digits(body)


def hits(*values, with_false=()):
    scan = ResidualScan()
    scan.look("t", pa.record_batch({"c": pa.array(values, pa.string())}), ["c"], 0, with_false=with_false)
    return {what: rows for (_, what), (rows, _) in scan.hits.items()}


NIR = with_key("1850578006084")


@pytest.mark.parametrize(
    "text",
    [
        NIR,
        f"voir {NIR}.",
        " ".join([NIR[0], NIR[1:3], NIR[3:5], NIR[5:7], NIR[7:10], NIR[10:13], NIR[13:]]),
        with_key("285052A006084"),
        with_key("2850699134084"),
    ],
)
def test_a_social_security_number_is_found_by_its_key(text):
    assert list(hits("rien", text).values()) == [[1]]


@pytest.mark.parametrize("text", ["06 39 98 12 12", "tel: +33639981212", "04.65.71.00.01", "0033 6 39 98 12 12"])
def test_a_phone_number_is_found(text):
    assert hits(f"appeler {text} svp") == {"a phone number": [0]}


def test_mail_and_bank_account_are_found():
    assert hits("a.b@chu.example") == {"an e-mail address": [0]}
    assert hits("FR76 3000 6000 0112 3456 7890 189") == {"a bank account (IBAN)": [0]}


@pytest.mark.parametrize(
    "text", ["185057800608499", "3400934998461", "12.5 06.12", "T3N1M0", "0612345678", "2021-03-04", "I10", "", None]
)
def test_codes_amounts_and_wrong_keys_are_no_identifiers(text):
    assert hits(text) == {}


def test_one_in_ten_thousand_is_found_with_its_row():
    values = ["rien"] * 10_000
    values[7_777] = f"NIR {NIR}"
    scan = ResidualScan()
    for start in range(0, 10_000, 1_000):
        scan.look("t", pa.record_batch({"c": values[start : start + 1_000]}), ["c"], start)
    assert list(scan.hits.values()) == [([7_777], 1)]
    assert (scan.rows, scan.found) == (10_000, 1)


@pytest.mark.parametrize("kind", [pa.int64(), pa.uint64(), pa.float64()])
def test_a_column_of_numbers_that_are_social_security_numbers_is_found(kind):
    column = pa.array([int(NIR), None, int(with_key("2850699134084"))], kind)
    scan = ResidualScan()
    scan.look("t", pa.record_batch({"c": column}), ["c"], 100)
    assert scan.hits == {("t.c", "a social security number (NIR)"): ([100, 102], 2)}


@pytest.mark.parametrize("values", [[1.5, 2.5], [10**14 + 7, 10**14 + 8], [None], [-(10**14)], [float("nan")]])
def test_other_numbers_are_no_identifiers(values):
    scan = ResidualScan()
    scan.look("t", pa.record_batch({"c": values}), ["c"], 0)
    assert scan.hits == {}


def test_codes_of_fifteen_digits_are_no_column_of_social_security_numbers():
    codes = [185_057_800_600_000 + code for code in range(970)]
    scan = ResidualScan()
    scan.look("t", pa.record_batch({"c": codes}), ["c"], 0)
    assert scan.hits == {}


@pytest.mark.parametrize(
    "kind", [pa.string(), pa.large_string(), pa.string_view(), pa.dictionary(pa.int32(), pa.string())]
)
def test_the_rows_are_named_in_every_sort_of_text(kind):
    column = pa.array(["x", "a.b@chu.example", None, "06 39 98 12 12", "a.b@chu.example"]).cast(kind)
    scan = ResidualScan()
    scan.look("t", pa.record_batch({"c": column}).slice(1), ["c"], 1)
    assert scan.hits == {("t.c", "an e-mail address"): ([1, 4], 2), ("t.c", "a phone number"): ([3], 1)}


@pytest.mark.parametrize(
    "text",
    ["04 65 71 61 44", "+33 6 39 98 35 14", "appeler le 01 99 00 12 34.", "paul.gaudin541@example.org, bureau 3"],
)
def test_lets_numbers_and_mails_stand_that_reach_nobody(text):
    assert not hits(text, with_false=["c"])


def test_finds_what_stands_beside_a_number_that_reaches_nobody():
    assert hits("04 65 71 61 44 ou 04 72 11 22 33", "a@example.org", "a@example.org.fr", with_false=["c"]) == {
        "a phone number": [0],
        "an e-mail address": [2],
    }
