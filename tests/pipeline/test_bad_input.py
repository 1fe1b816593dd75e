"""Bad input by the command line: one line on stderr, the right exit code, nobody's value, and nothing half-made to see."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from pipeline.plan import write_plan

# Every row of the extract, as a user could come to see it in a message that quotes its row.
FIELDS = ("ipp", "nom", "prenom", "telephone", "date_naissance")


@dataclass
class Desk:
    """Where a user sits: the extract, its approved plan, and the command line."""

    installation: object
    extract: Path
    plan: Path
    premises: Path
    douane: object

    def run(self, *words, to: Path | None = None, plan: Path | None = None, **options):
        return self.douane(
            "run", self.extract, "--plan", plan or self.plan, "--to", f"{to or self.premises}/", *words, **options
        )

    @property
    def shown(self) -> list[str]:
        """What bears a final name in releases/ and at the destination."""
        places = (self.installation.rooms.home.releases, self.premises)
        return [p.name for place in places if place.is_dir() for p in place.iterdir() if not p.name.startswith(".")]


@pytest.fixture(scope="module")
def approved(tmp_path_factory) -> Path:
    """The plan of the extract, drafted by the first test: it is the same for all."""
    return tmp_path_factory.mktemp("approved") / "plan.yaml"


@pytest.fixture
def desk(installation, extract, douane, approved) -> Desk:
    if not approved.exists():
        write_plan(installation.plan(extract), approved)
    plan = Path(shutil.copy(approved, installation.folder))
    return Desk(installation, extract, plan, installation.folder / "premises", douane)


@pytest.fixture
def persons(extract) -> set[str]:
    header, *rows = [line.split(",") for line in (extract / "patients.csv").read_text("utf-8").splitlines()]
    return {row[header.index(name)] for row in rows for name in FIELDS}


def require_one_line(
    done: subprocess.CompletedProcess[str], persons: set[str], *, code: int, says: tuple[str, ...]
) -> None:
    lines = done.stderr.splitlines()
    assert len(lines) == 1, done.stderr
    assert lines[0].startswith("douane: ")
    assert not [words for words in says if words not in lines[0]], lines[0]
    assert "unexpected" not in lines[0]
    assert done.returncode == code
    assert not [value for value in persons if value in done.stdout + done.stderr]


def require_nothing_shown(desk: Desk) -> None:
    assert desk.shown == []
    assert desk.installation.rooms.journal.verify().whole
    assert not [path for path in desk.installation.rooms.home.staging.rglob("*") if path.is_file()]


def lines_of(path: Path) -> list[str]:
    return path.read_text("utf-8").splitlines()


def as_workbook(extract: Path) -> None:
    (extract / "patients.csv").write_bytes(b"PK\x03\x04" + bytes(100))


def as_false_parquet(extract: Path) -> None:
    (extract / "patients.csv").rename(extract / "patients.parquet")


def with_half_a_parquet(extract: Path) -> None:
    (extract / "patients.csv").unlink()
    (extract / "patients.parquet").write_bytes(b"PAR1" + bytes(100))


def with_a_broken_row(extract: Path) -> None:
    lines = lines_of(extract / "patients.csv")
    lines[120] += ",one too many"
    (extract / "patients.csv").write_text("\n".join(lines) + "\n", "utf-8")


def with_an_open_quotation(extract: Path) -> None:
    lines = lines_of(extract / "patients.csv")
    lines[120] = lines[120].replace(",", ',"', 1)
    (extract / "patients.csv").write_text("\n".join(lines) + "\n", "utf-8")


def with_a_broken_json_line(extract: Path) -> None:
    (extract / "resultats.csv").unlink()
    (extract / "resultats.ndjson").write_text('{"nda": "1"}\n{"nda": "Ségolène Quillfeldt"\n', "utf-8")


def without_rows(extract: Path) -> None:
    (extract / "patients.csv").write_text(lines_of(extract / "patients.csv")[0] + "\n", "utf-8")


def without_a_byte(extract: Path) -> None:
    (extract / "patients.csv").write_bytes(b"")


def with_a_column_twice(extract: Path) -> None:
    text = (extract / "patients.csv").read_text("utf-8")
    (extract / "patients.csv").write_text(text.replace("ipp,nom,prenom", "ipp,nom,nom", 1), "utf-8")


def without_a_column(extract: Path) -> None:
    lines = [line.rsplit(",", 1)[0] for line in lines_of(extract / "patients.csv")]
    (extract / "patients.csv").write_text("\n".join(lines) + "\n", "utf-8")


def with_a_new_column(extract: Path) -> None:
    head, *rows = lines_of(extract / "patients.csv")
    lines = [f"{head},nip_v2", *(f"{row},{row.split(',')[0]}" for row in rows)]
    (extract / "patients.csv").write_text("\n".join(lines) + "\n", "utf-8")


def without_a_table(extract: Path) -> None:
    (extract / "sejours.csv").unlink()


def with_a_name_for_a_date(extract: Path) -> None:
    lines = lines_of(extract / "patients.csv")
    cells = lines[150].split(",")
    cells[4] = cells[1]
    lines[150] = ",".join(cells)
    (extract / "patients.csv").write_text("\n".join(lines) + "\n", "utf-8")


SPOILED = {
    as_workbook: (1, ("patients.csv", "not what its name says")),
    as_false_parquet: (1, ("patients.parquet", "not what its name says")),
    with_half_a_parquet: (1, ("patients.parquet",)),
    with_a_broken_row: (1, ("patients.csv", "row 121")),
    with_an_open_quotation: (1, ("patients.csv", "row 121", "quote")),
    with_a_broken_json_line: (1, ("resultats.ndjson", "row 2")),
    without_rows: (1, ("patients.csv", "no rows")),
    without_a_byte: (1, ("patients.csv", "empty")),
    with_a_column_twice: (1, ("patients.csv", "two columns named nom")),
    without_a_column: (3, ("patients.code_postal", "gone")),
    with_a_new_column: (3, ("patients.nip_v2", "new")),
    without_a_table: (3, ("sejours",)),
    with_a_name_for_a_date: (1, ("patients.date_naissance", "row 149")),
}


@pytest.mark.parametrize("spoil", SPOILED, ids=lambda spoil: spoil.__name__)
def test_a_spoiled_extract_is_one_line(desk, persons, spoil):
    code, says = SPOILED[spoil]
    spoil(desk.extract)
    require_one_line(desk.run(), persons, code=code, says=says)
    require_nothing_shown(desk)


def test_a_plan_for_another_domain_is_one_line(desk, persons):
    other = desk.installation.folder / "other.yaml"
    other.write_text(desk.plan.read_text("utf-8").replace("domain: eds", "domain: elsewhere"), "utf-8")
    require_one_line(desk.run(plan=other), persons, code=1, says=("elsewhere", "douane keys new"))
    require_one_line(desk.run("--key", "eds", plan=other), persons, code=1, says=("elsewhere", "eds"))
    require_nothing_shown(desk)


def test_a_plan_that_is_no_plan_is_one_line(desk, persons):
    desk.plan.write_text(desk.plan.read_text("utf-8").replace("steps:", "stepps:", 1), "utf-8")
    require_one_line(desk.run(), persons, code=1, says=("plan.yaml:5", "steps"))
    require_one_line(desk.run(plan=Path("nowhere.yaml")), persons, code=1, says=("nowhere.yaml",))
    require_nothing_shown(desk)


def test_a_key_that_others_can_read_is_one_line(desk, persons):
    for path in desk.installation.rooms.home.keys.rglob("*"):
        if path.is_file():
            path.chmod(0o644)
    require_one_line(desk.run(), persons, code=1, says=("keys", "chmod"))
    require_nothing_shown(desk)


def test_a_limit_on_file_sizes_is_one_line(desk, persons):
    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (8_192, 8_192))

    require_one_line(desk.run(preexec_fn=limit), persons, code=1, says=("file too large", "ulimit"))
    require_nothing_shown(desk)


@pytest.mark.skipif(os.geteuid() != 0, reason="mounting needs root")
@pytest.mark.parametrize("room", ["releases", "staging", "premises", "journal"])
def test_a_full_disk_is_one_line(desk, persons, room):
    home = desk.installation.rooms.home
    folder = desk.premises if room == "premises" else getattr(home, room)
    folder.mkdir(parents=True, exist_ok=True)
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=4k", "tmpfs", folder], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("this system mounts no tmpfs")
    try:
        (folder / "filler").write_bytes(bytes(4096))
        done = desk.run("--staged")
        (folder / "filler").unlink()
        says = ("no space left", "Free space")
        require_one_line(done, persons, code=1, says=says)
        assert [path for path in folder.iterdir() if path.is_dir() and not path.name.startswith(".")] == []
        assert desk.installation.rooms.journal.verify().whole
    finally:
        subprocess.run(["umount", folder], check=True)
    assert desk.run().returncode == 0


def test_a_destination_that_is_gone_is_one_line_and_the_release_stays_for_the_next_try(desk, persons):
    shutil.rmtree(desk.premises)
    require_one_line(desk.run(), persons, code=1, says=("premises", "Create it, or mount it"))
    assert desk.installation.rooms.journal.verify().whole
    desk.premises.mkdir()
    assert desk.run().returncode == 0


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes everywhere")
def test_a_destination_where_we_may_not_write_is_one_line(desk, persons):
    desk.premises.chmod(0o500)
    require_one_line(desk.run(), persons, code=1, says=("premises", "right to write"))


def test_a_destination_that_is_served_stays_served_beside_one_that_is_blocked(desk, persons):
    done = desk.run("--to", "https://s3.us-east-1.amazonaws.com/bucket/")
    require_one_line(done, persons, code=3, says=("us-east-1", "location.outside_zone"))
    assert len(list(desk.premises.iterdir())) == 1


def test_a_destination_outside_the_zone_is_blocked(desk, persons):
    done = desk.douane("run", desk.extract, "--plan", desk.plan, "--to", "https://s3.us-east-1.amazonaws.com/bucket/")
    require_one_line(done, persons, code=3, says=("us-east-1", "location.outside_zone"))
    assert not list(desk.premises.iterdir())
