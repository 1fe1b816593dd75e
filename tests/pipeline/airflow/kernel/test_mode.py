import pytest

from pipeline.airflow.kernel.mode import mode, opening
from pipeline.errors import InvalidDocument


@pytest.mark.parametrize(
    ("word", "meant"), [("", "enforce"), ("enforce", "enforce"), ("Warn", "warn"), ("off", "off"), ("offf", "enforce")]
)
def test_a_word_that_is_no_mode_means_the_strictest(monkeypatch, word, meant):
    monkeypatch.setenv("AIRFLOW__DOUANE__DOOR_RUN", word)
    assert mode().run == meant


def test_what_every_task_reaches_is_read_from_a_list(monkeypatch):
    monkeypatch.setenv("AIRFLOW__DOUANE__DOOR_OPEN", "git.chu.example:443, [2001:db8::1]:22\n/run/statsd.sock")
    assert mode().openings == (
        ("git.chu.example", 443, None),
        ("2001:db8::1", 22, None),
        ("", 0, "/run/statsd.sock"),
    )


@pytest.mark.parametrize("word", ["git.chu.example", "git:0", "git:99999", "https://git:443", "a:b:1"])
def test_what_is_neither_is_refused_in_one_line(word):
    with pytest.raises(InvalidDocument, match="neither host:port nor a path"):
        opening(word)


@pytest.mark.parametrize(("word", "vets"), [("", False), ("register", True), ("Register ", True), ("yes", False)])
def test_the_notifier_looks_again_only_where_the_setting_says_so(monkeypatch, word, vets):
    monkeypatch.setenv("AIRFLOW__DOUANE__DOOR_VET", word)
    assert mode().vet is vets
