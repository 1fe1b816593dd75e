"""What does a user get who installs the wheel, the sdist or a checkout?"""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import tarfile
import tomllib
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
SDIST = PROJECT["tool"]["hatch"]["build"]["targets"]["sdist"]["only-include"]
WAYS = ("wheel", "sdist", "editable")
STAYS_OUT_OF_THE_WHEEL = ("data/samples/generator/", "data/samples/hospital_truth.ndjson", "data/samples/README.md")

pytestmark = pytest.mark.install


def call(*command, **options) -> subprocess.CompletedProcess[str]:
    """Run a command as if this checkout were not there, and without a network to fall back on."""
    environment = {name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "VIRTUAL_ENV"}}
    environment |= {"UV_OFFLINE": "1", "UV_NO_CACHE": "1", "NO_COLOR": "1"}
    words = [str(word) for word in command]
    return subprocess.run(words, capture_output=True, text=True, check=False, env=environment, **options)


def must(*command, **options) -> str:
    done = call(*command, **options)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Path:
    """The folder of sdist and wheel; the wheel is built from the sdist, which so has to be complete."""
    folder = tmp_path_factory.mktemp("dist")
    must(sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, ROOT, cwd=folder)
    return folder


@dataclass(frozen=True)
class Installed:
    """A fresh environment in which Douane is installed one way."""

    way: str
    folder: Path

    def python(self, program: str) -> str:
        return must(self.folder / "bin" / "python", "-c", program, cwd=self.folder).strip()


@pytest.fixture(scope="module", params=WAYS)
def installed(request, built, tmp_path_factory) -> Installed:
    """The running environment lends its dependencies: without its own .pth files, and so without its Douane."""
    folder = tmp_path_factory.mktemp(request.param) / "venv"
    uv = Path(sysconfig.get_path("scripts")) / "uv"
    must(uv, "venv", "--python", sys.executable, folder)
    own = folder / "lib" / f"python{sys.version_info.major}.{sys.version_info.minor}" / "site-packages"
    (own / "lent.pth").write_text(sysconfig.get_path("purelib") + "\n")
    target = {
        "wheel": [next(built.glob("*.whl"))],
        "sdist": [next(built.glob("*.tar.gz"))],
        "editable": ["--editable", ROOT],
    }[request.param]
    must(uv, "pip", "install", "--python", folder, "--no-deps", "--no-build-isolation", *target)
    return Installed(request.param, folder)


def test_the_command_gives_the_version(installed):
    version = installed.python("from importlib.metadata import version; print(version('douane'))")
    assert must(installed.folder / "bin" / "douane", "--version", cwd=installed.folder).strip() == version


def test_both_packages_are_imported_from_where_they_were_installed(installed):
    found = installed.python("import transforms, pipeline; print(transforms.__file__); print(pipeline.__file__)")
    place = ROOT if installed.way == "editable" else installed.folder
    assert all(Path(line).is_relative_to(place) for line in found.splitlines()), found


def test_both_packages_say_that_they_are_typed(installed):
    program = (
        "from importlib.resources import files; print(*(files(p) / 'py.typed' for p in ('transforms', 'pipeline')))"
    )
    assert all(Path(path).is_file() for path in installed.python(program).split())


def test_the_shipped_facts_are_in_the_package_or_beside_it(installed):
    folder = Path(installed.python("from pipeline.data_files import data_folder; print(data_folder())"))
    if installed.way == "editable":
        assert folder == ROOT / "data"
    else:
        assert folder.parent.name == "pipeline"
        assert folder.is_relative_to(installed.folder)


def test_the_entry_points_load(installed):
    program = (
        "from importlib.metadata import distribution;"
        "print(*(point.load().__name__ for point in distribution('douane').entry_points if 'airflow' not in point.group))"
    )
    sinks = {"FolderSink", "ObjectStoreSink", "PostgresSink", "S3Sink", "SftpSink"}
    sources = {"DatabaseSource", "DuckDBSource", "FolderSource", "PostgresSource", "RemoteFolderSource"}
    records = {"DicomFormat", "FhirFormat", "Hl7v2Format", "VcfFormat"}
    assert set(installed.python(program).split()) == {"main", "FolderKeyring"} | sinks | sources | records


def test_the_demonstration_goes_as_it_must(installed, tmp_path):
    done = call(installed.folder / "bin" / "douane", "demo", "--home", tmp_path / "demo", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "gravelines" in done.stdout


def test_the_sdist_holds_all_that_it_names(built):
    with tarfile.open(next(built.glob("*.tar.gz"))) as archive:
        inside = {name.partition("/")[2] for name in archive.getnames()}
    for name in SDIST:
        assert any(path == name or path.startswith(f"{name}/") for path in inside), name


def test_the_wheel_holds_every_file_of_the_packages_and_the_facts(built):
    """Compared with the sdist, so that what lies about in a checkout doesn't count."""
    with tarfile.open(next(built.glob("*.tar.gz"))) as archive:
        sources = {member.name.partition("/")[2] for member in archive if member.isfile()}
    wanted = {
        f"pipeline/{name}" if name.startswith("data/") else name
        for name in sources
        if name.startswith(("transforms/", "pipeline/", "data/")) and not name.startswith(STAYS_OUT_OF_THE_WHEEL)
        if not name.endswith(".gitattributes")
    }
    with zipfile.ZipFile(next(built.glob("*.whl"))) as wheel:
        inside = {name for name in wheel.namelist() if ".dist-info/" not in name}
    assert inside == wanted
