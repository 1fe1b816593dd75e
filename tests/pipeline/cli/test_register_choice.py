from pipeline.cli.register_choice import own_register, register_folder


def test_the_installations_own_register_is_taken_once_it_holds_one(tmp_path, monkeypatch):
    monkeypatch.setenv("DOUANE_HOME", str(tmp_path))
    assert register_folder(None) is None
    (tmp_path / "register").mkdir()
    assert register_folder(None) is None
    (tmp_path / "register" / "certificates.yaml").write_text("format: 1\ncertificates: []\n")
    assert register_folder(None) == tmp_path / "register" == own_register(None)


def test_a_register_may_stand_apart_from_the_home(tmp_path, monkeypatch):
    monkeypatch.setenv("DOUANE_REGISTER", str(tmp_path / "apart"))
    assert own_register(None) == tmp_path / "apart"


def test_what_is_named_is_taken_whether_it_is_a_register_or_not(tmp_path):
    assert register_folder(tmp_path) == tmp_path
