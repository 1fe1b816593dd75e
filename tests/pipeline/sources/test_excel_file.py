"""Workbooks as people send them: sheets are tables, cells have types, and what is damaged is said in one line."""

import datetime as dt
import zipfile

import pyarrow as pa
import pytest
from openpyxl import Workbook

from pipeline.errors import InvalidInput
from pipeline.making.in_place import InPlace
from pipeline.records.source import find_records
from pipeline.sources import excel_file
from pipeline.sources.folder import FolderSource
from transforms import pseudonymize


@pytest.fixture
def workbook(tmp_path):
    """A workbook of these sheets, each a list of lines."""

    def make(sheets, name="hospital.xlsx", hidden=()):
        book = Workbook()
        book.remove(book.active)
        for title, lines in sheets.items():
            sheet = book.create_sheet(title)
            for line in lines:
                sheet.append(line)
            if title in hidden:
                sheet.sheet_state = "hidden"
        path = tmp_path / name
        book.save(path)
        return path

    return make


def tables(path):
    return {table.name: pa.Table.from_batches(table.batches(), table.schema) for table in FolderSource([path]).tables()}


def test_cells_have_their_types(workbook):
    day, moment = dt.date(1970, 5, 17), dt.datetime(2026, 1, 2, 8, 30)  # noqa: DTZ001 - a workbook knows no zones
    path = workbook({"p": [["n", "poids", "né", "vu", "vivant", "nom"], [1, 61.5, day, moment, True, "Le Goff"], [2]]})
    table = tables(path)["hospital"]
    assert table.schema.types == [pa.int64(), pa.float64(), pa.date32(), pa.timestamp("us"), pa.bool_(), pa.string()]
    assert table.to_pylist()[0] == {"n": 1, "poids": 61.5, "né": day, "vu": moment, "vivant": True, "nom": "Le Goff"}
    assert table.to_pylist()[1] == {"n": 2, "poids": None, "né": None, "vu": None, "vivant": None, "nom": None}


def test_ids_of_which_some_were_typed_as_text_are_text_without_a_decimal_point(workbook):
    path = workbook({"p": [["ipp"], ["0801"], [802], [803.5], [True], [dt.date(2026, 1, 2)], [dt.time(8, 30)]]})
    assert tables(path)["hospital"]["ipp"].to_pylist() == ["0801", "802", "803.5", "true", "2026-01-02", "08:30:00"]


def test_numbers_too_large_to_be_exact_stay_decimal(workbook):
    assert tables(workbook({"p": [["n"], [2.0**60]]}))["hospital"].schema.types == [pa.float64()]


def test_every_sheet_is_a_table_hidden_ones_too_and_empty_ones_are_none(workbook):
    path = workbook({"patients": [["a"], [1]], "vide": [], "séjours": [["b"], ["x"]]}, hidden=("séjours",))
    assert list(tables(path)) == ["hospital_patients", "hospital_séjours"]


def test_lines_that_are_empty_are_no_rows_wherever_they_stand(workbook):
    path = workbook({"p": [[], [], ["a", "b"], [], [1, 2], [None, None], [3, 4]]})
    assert tables(path)["hospital"].to_pylist() == [{"a": 1, "b": 2}, {"a": 3, "b": 4}]


def test_a_long_sheet_comes_in_batches(workbook, monkeypatch):
    monkeypatch.setattr(excel_file, "ROWS", 100)
    path = workbook({"p": [["n"], *([number] for number in range(250))]})
    (table,) = FolderSource([path]).tables()
    assert [batch.num_rows for batch in table.batches()] == [100, 100, 50]
    assert tables(path)["hospital"]["n"].to_pylist() == list(range(250))


def test_a_workbook_is_worked_on_where_it_lies(workbook):
    found = FolderSource([workbook({"a": [["x"], [1]], "b": [["y"], [2], [3]]})]).tables()
    assert InPlace.can_hold(found)
    extract = InPlace(found)
    extract.require_rows()
    assert sum(batch.num_rows for batch in extract.reader("hospital_b", columns=["y"])) == 2
    extract.require_unchanged()


def test_the_lock_that_excel_leaves_is_no_table(workbook, tmp_path):
    workbook({"p": [["a"], [1]]})
    (tmp_path / "~$hospital.xlsx").write_bytes(b"x")
    assert [file.name for file in FolderSource([tmp_path]).files()] == ["hospital.xlsx"]
    assert find_records([str(tmp_path)]) is None


@pytest.mark.parametrize(
    ("sheets", "complaint"),
    [
        ({"p": [["a", "a"], [1, 2]]}, "sheet p has two columns named a"),
        ({"p": [["a", None, "c"], [1, 2, 3]]}, "sheet p has no name for column 2"),
        ({"p": []}, "has no sheet with a table"),
    ],
)
def test_a_sheet_without_a_head_is_refused(workbook, sheets, complaint):
    with pytest.raises(InvalidInput, match=complaint):
        FolderSource([workbook(sheets)]).tables()


def test_a_sheet_and_a_file_of_one_name_are_refused(workbook, tmp_path):
    workbook({"a": [["x"], [1]], "b": [["y"], [2]]})
    (tmp_path / "hospital_b.csv").write_text("y\n1\n")
    with pytest.raises(InvalidInput, match="would both be table hospital_b"):
        FolderSource([tmp_path]).tables()


@pytest.mark.parametrize("content", [b"", b"hello", b"PK\x03\x04" + b"x" * 100])
def test_what_is_no_workbook_is_refused(tmp_path, content):
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    with pytest.raises(InvalidInput, match="is no Excel workbook, or a damaged one"):
        FolderSource([path]).tables()


def test_a_workbook_that_is_cut_short_is_refused(workbook):
    path = workbook({"p": [["a"], *([number] for number in range(100))]})
    path.write_bytes(path.read_bytes()[:-300])
    with pytest.raises(InvalidInput, match="is no Excel workbook, or a damaged one"):
        FolderSource([path]).tables()


def test_a_workbook_that_inflates_without_end_is_refused(workbook, monkeypatch):
    path = workbook({"p": [["a"], [1]]})
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("bomb.xml", b"0" * 1_000_000)
    monkeypatch.setattr(excel_file, "_MOST_INFLATED", 500_000)
    with pytest.raises(InvalidInput, match="inflates to more than"):
        FolderSource([path]).tables()


def test_a_workbook_goes_the_whole_way_and_gives_the_pseudonyms_of_a_table(workbook, installation, read_release):
    path = workbook({"sejours": [["ipp", "sexe"], ["8001234501", "F"], ["8001234502", "M"]]})
    made = read_release(installation.run(path), "hospital")
    key = installation.rooms.keyring.get("eds")
    column = pa.array(["8001234501", "8001234502"])
    expected = pseudonymize(column, key, field="patient_id", normalize="compact").to_pylist()
    assert made["ipp"].to_pylist() == expected
    assert made["sexe"].to_pylist() == ["F", "M"]
