import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import InvalidInput
from pipeline.files.durable import StorageFailed, create_file, file_name, make_private_folder, storage_named


def test_a_file_is_created_whole_and_never_replaced(tmp_path):
    path = tmp_path / "key"
    create_file(path, b"first")
    with pytest.raises(FileExistsError):
        create_file(path, b"second")
    assert path.read_bytes() == b"first"
    assert [entry.name for entry in tmp_path.iterdir()] == ["key"]
    assert path.stat().st_mode & 0o777 == 0o600


def test_only_a_system_error_that_nobody_has_explained_is_turned_into_a_line():
    for error, seen in [
        (PermissionError(13, "Permission denied"), StorageFailed),
        (FileExistsError(17, "File exists"), FileExistsError),
        (InvalidInput("patients is empty"), InvalidInput),
        (KeyError("x"), KeyError),
    ]:
        with pytest.raises(seen) as caught, storage_named("do it"):
            raise error
        assert (caught.value is error) == (seen is not StorageFailed)


def test_a_storage_error_is_one_line_with_reason_and_mend():
    error = StorageFailed.of(OSError(28, "No space left\non device"), doing="write patients")
    assert str(error) == "could not write patients: no space left on device. Free space there, then run again."
    assert isinstance(error, OSError)


def test_a_folder_that_cannot_be_made_is_one_line(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageFailed, match="could not make the folder"):
        make_private_folder(tmp_path / "file" / "keys")


@given(st.text(min_size=1, max_size=15), st.text(min_size=1, max_size=15))
def test_a_file_name_is_safe_and_two_tables_never_share_one(one, other):
    names = []
    for table in (one, other):
        try:
            name = file_name(table, ".parquet")
        except InvalidInput:
            return
        assert "/" not in name
        assert "\0" not in name
        assert not name.startswith(".")
        names.append(name)
    assert (names[0] == names[1]) == (one == other)


@pytest.mark.parametrize("table", ["", "x" * 201, "\ud800"])
def test_a_table_that_makes_no_file_name_is_refused(table):
    with pytest.raises(InvalidInput, match="makes no file name"):
        file_name(table, ".parquet")
