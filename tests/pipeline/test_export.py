import pytest

from pipeline.errors import InvalidDocument
from pipeline.export import export_files, read_export

GOOD = """format: 1
id: cardio
source: {type: folder, path: extract}
plan: plan.yaml
domain: eds
key: eds
destinations: [{id: lake, uri: "s3://lake/"}]
recipient: the registry
purpose: research
legal_basis: GDPR 6(1)(e)
retention: 10 years
"""


@pytest.fixture
def written(tmp_path):
    def write(text):
        path = tmp_path / "cardio.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_an_export_says_where_from_where_to_and_by_what_right(written):
    export = read_export(written(GOOD))
    assert (export.id, export.destination("lake").uri, export.retention) == ("cardio", "s3://lake/", "10 years")


@pytest.mark.parametrize("key", ["recipient", "purpose", "legal_basis", "retention", "plan", "domain"])
def test_what_the_gdpr_wants_to_know_is_required(written, key):
    lines = [line for line in GOOD.splitlines() if not line.startswith(key)]
    with pytest.raises(InvalidDocument, match=f"{key}: Field required"):
        read_export(written("\n".join(lines)))


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("schedul: x", r"cardio.yaml:12: schedul: is no key"),
        ('schedule: "@daily"\nafter: [other]', "exclude each other"),
        ("timezone: Paris", "is no time zone"),
        ("retries: -1", r"cardio.yaml:12: retries"),
        ("timeout_minutes: 0", "timeout_minutes"),
    ],
)
def test_a_mistake_is_one_line_with_the_files_line(written, line, says):
    with pytest.raises(InvalidDocument, match=says) as caught:
        read_export(written(GOOD + line + "\n"))
    assert "\n" not in str(caught.value)


def test_two_destinations_of_one_name_are_refused(written):
    twice = GOOD.replace('[{id: lake, uri: "s3://lake/"}]', '[{id: lake, uri: "s3://a/"}, {id: lake, uri: "s3://b/"}]')
    with pytest.raises(InvalidDocument, match="same id"):
        read_export(written(twice))


def test_only_yaml_files_that_show_themselves_are_exports(tmp_path):
    for name in ("b.yaml", "a.yml", ".hidden.yaml", "plan.txt"):
        (tmp_path / name).touch()
    assert [path.name for path in export_files(tmp_path)] == ["a.yml", "b.yaml"]
