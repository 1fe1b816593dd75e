"""The shipped facts are found where the package stands."""

from __future__ import annotations

from pipeline.data_files import data_folder


def test_the_shipped_register_is_found():
    assert (data_folder() / "register" / "providers.yaml").is_file()


def test_data_inside_the_package_comes_first_as_in_a_wheel(tmp_path, monkeypatch):
    import pipeline.data_files as module

    package = tmp_path / "pipeline"
    (tmp_path / "data").mkdir()
    package.mkdir()
    monkeypatch.setattr(module, "__file__", str(package / "data_files.py"))
    assert data_folder() == tmp_path / "data"
    (package / "data").mkdir()
    assert data_folder() == package / "data"
