"""What the files and folders of a user hold, and what is said of those that hold something else."""

import gzip
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.errors import InvalidInput
from pipeline.sources.folder import FolderSource


@pytest.fixture
def write(tmp_path):
    def write(name: str, content: bytes | str) -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


def rows(path: Path) -> list[dict]:
    (table,) = FolderSource([path]).tables()
    batches = list(table.batches())
    assert all(batch.schema == table.schema for batch in batches)
    return [row for batch in batches for row in batch.to_pylist()]


def refusal(path: Path) -> str:
    with pytest.raises(InvalidInput) as caught:
        rows(path)
    message = str(caught.value)
    assert "\n" not in message
    assert caught.value.__cause__ is None
    return message


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_csv_of_every_dialect_is_read_as_text(write, delimiter, encoding):
    text = f"ipp{delimiter}nom\n0012{delimiter}Dupré\n0013{delimiter}\n"
    assert rows(write("t.csv", text.encode(encoding))) == [
        {"ipp": "0012", "nom": "Dupré"},
        {"ipp": "0013", "nom": None},
    ]


def test_a_byte_order_mark_before_other_bytes_is_refused(write):
    assert "can't be read to its end as CSV" in refusal(write("t.csv", b"\xef\xbb\xbfipp,nom\n0012,Dupr\xe9\n"))


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_an_accent_far_from_the_beginning_tells_the_encoding(write, encoding):
    """The two bytes of é lie on both sides of the first mebibyte, which alone would be ASCII."""
    text = "ipp,nom\n" + "0012,Dupont\n" * 87_380 + "0013,"
    name = "x" * ((1 << 20) - 1 - len(text)) + "é"
    assert rows(write("t.csv", f"{text}{name}\n".encode(encoding)))[-1]["nom"] == name


def test_a_quoted_value_may_hold_delimiters_and_lines(write):
    assert rows(write("t.csv", 'a,b\n1,"x, y\nz"\n')) == [{"a": "1", "b": "x, y\nz"}]


def test_one_column_needs_no_delimiter(write):
    assert rows(write("t.csv", "ipp\n1\n2\n")) == [{"ipp": "1"}, {"ipp": "2"}]


def test_the_delimiter_is_the_one_that_cuts_evenly(write):
    assert rows(write("t.csv", "id;dose\n1;2,5\n2;3,25\n")) == [{"id": "1", "dose": "2,5"}, {"id": "2", "dose": "3,25"}]


def test_a_broken_row_is_named_and_not_quoted(write):
    message = refusal(write("t.csv", "ipp,nom\n1,Dupont\n2\n"))
    assert "row 3 has 1 fields where the header has 2" in message
    assert "Dupont" not in message


def test_a_broken_row_far_down_has_its_number(write):
    body = "".join(f"{n},{'x' * 100}\n" for n in range(100_000))
    assert "row 100002 " in refusal(write("t.csv", f"ipp,nom\n{body}late\n"))


def test_a_quotation_mark_that_is_never_closed_swallows_no_rows(write):
    assert "never closed" in refusal(write("t.csv", 'a,b\n1,"open\n2,3\n4,5\n'))


def test_a_lone_inch_mark_is_no_open_quotation(write):
    assert rows(write("t.csv", 'a,b\n1,5" tube\n2,x\n'))[0]["b"] == '5" tube'


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("t.csv", b"PAR1....", "it holds Parquet"),
        ("t.csv", b"PK\x03\x04....", "Excel"),
        ("t.csv", b"a\x00b\x00\x00", "it holds no text"),
        ("t.parquet", b"a,b\n1,2\n", "it holds no Parquet"),
        ("t.parquet", b"PAR1 cut short", "damaged"),
        ("t.ndjson", b"a,b\n1,2\n", "row 1 is no JSON object"),
        ("t.ndjson", b'{"a": 1}\n{"a": 2, "b', "row 2 is no JSON object"),
        ("t.csv", gzip.compress(b"a,b\n1,2\n", mtime=0), "gzip"),
        ("t.csv", b"", "is empty"),
        ("t.csv", b"a,a\n1,2\n", "two columns named a"),
        ("t.csv", b"a,,c\n1,2,3\n", "no name for column 2"),
        ("t.xlsx", b"PK", "is no Excel workbook"),
        ("t.docx", b"PK", "is no table"),
    ],
)
def test_a_file_that_is_not_what_its_name_says_is_refused_in_one_line(write, name, content, says):
    message = refusal(write(name, content))
    assert says in message
    assert name in message


def test_two_files_of_one_table_are_refused(write, tmp_path):
    write("t.csv", "a\n1\n")
    write("t.ndjson", '{"a": 1}\n')
    with pytest.raises(InvalidInput, match="would both be table t"):
        FolderSource([tmp_path]).tables()


def test_a_folder_gives_its_tables_and_leaves_other_files_alone(write, tmp_path):
    write("b.csv", "a\n1\n")
    write("a.ndjson", '{"a": 1}\n')
    write("README.md", "no table")
    assert [table.name for table in FolderSource([tmp_path]).tables()] == ["a", "b"]


def test_a_missing_path_and_an_empty_folder_are_said(tmp_path):
    with pytest.raises(InvalidInput, match="is not there"):
        FolderSource([tmp_path / "nowhere.csv"]).tables()
    with pytest.raises(InvalidInput, match="holds no table"):
        FolderSource([tmp_path]).tables()


def test_ndjson_fields_that_come_late_are_columns_from_the_start(write):
    assert rows(write("t.ndjson", '{"a": 1}\n{"a": 2.5, "b": "2020-01-01"}\n')) == [
        {"a": 1.0, "b": None},
        {"a": 2.5, "b": "2020-01-01"},
    ]


def test_nested_records_become_paths_and_lists_json(write):
    line = '{"name": {"family": "Roche", "given": ["Zoé", "Lou"]}, "telecom": [{"value": "x"}]}\n'
    assert rows(write("t.ndjson", line)) == [
        {"name.family": "Roche", "name.given": '["Zoé", "Lou"]', "telecom": '[{"value": "x"}]'}
    ]


def test_a_field_of_two_types_is_refused_without_its_values(write):
    message = refusal(write("t.ndjson", '{"a": 1}\n{"a": "Dupont"}\n'))
    assert "of one type in some rows" in message
    assert "Dupont" not in message


def test_parquet_keeps_its_types(tmp_path):
    table = pa.table({"n": pa.array([1, None], pa.int16()), "d": pa.array([0, 1], pa.date32())})
    pq.write_table(table, tmp_path / "t.parquet")
    (read,) = FolderSource([tmp_path]).tables()
    assert read.schema.types == [pa.int16(), pa.date32()]


def test_the_digest_is_of_the_bytes_that_were_read(write):
    first, second = write("t.csv", "a\n1\n"), write("u.csv", "a\n1\n")
    changed = write("v.csv", "a\n2\n")
    digests = [FolderSource([path]).tables()[0].digest for path in (first, second, changed)]
    assert digests[0] == digests[1] != digests[2]


def test_a_first_line_of_values_is_a_row_and_that_is_said_in_one_line(write, caplog):
    path = write("t.csv", "81234567;Vauquelin;1961-02-03\n80034567;Durand;1970-12-30\n")
    (table,) = FolderSource([path]).tables()
    assert rows(path) == [
        {"c1": "81234567", "c2": "Vauquelin", "c3": "1961-02-03"},
        {"c1": "80034567", "c2": "Durand", "c3": "1970-12-30"},
    ]
    assert table.guessed == f"{path} seems to have no header row: its columns are called c1, c2..."
    assert caplog.messages[0] == table.guessed


def test_nothing_is_said_of_a_file_with_a_header(write, caplog):
    (table,) = FolderSource([write("t.csv", "ipp,nom\n0012,Durand\n")]).tables()
    assert (table.guessed, caplog.messages) == ("", [])
