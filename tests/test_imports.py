"""What does importing cost, and does every module answer to its name alone?"""

from __future__ import annotations

import ast
import pkgutil
import subprocess
import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest

import pipeline
import transforms
import transforms.errors

PACKAGES = (transforms, pipeline)
MODULES = sorted(
    module.name
    for package in PACKAGES
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
    if not module.name.endswith("__main__")  # runs the command line
)
OPTIONAL = {"airflow", "pyspark"}  # extras: their rooms are imported where these are installed


def is_package(name: str) -> bool:
    spec = find_spec(name)
    return spec is not None and spec.submodule_search_locations is not None


def loaded_by(statement: str, *names: str) -> list[str]:
    """Which of these modules a fresh interpreter has after the statement."""
    program = f"import sys; {statement}; print(*sorted({set(names)} & sys.modules.keys()))"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[1]
    )
    return done.stdout.split()


def test_importing_transforms_brings_nothing_heavy():
    heavy = ("airflow", "narwhals", "numpy", "pandas", "pipeline", "polars", "pyarrow", "pydantic", "pyspark")
    assert loaded_by("import transforms", *heavy) == []


def test_importing_the_guard_brings_no_data_library():
    assert loaded_by("import pipeline.guard", "airflow", "numpy", "pandas", "polars", "pyarrow", "pydantic") == []


def test_loading_the_guard_brings_no_data_library():
    """A DAG file asks the guard while Airflow parses it."""
    statement = "from pipeline.guard import Guard, ReleaseFacts, require_clearance"
    assert loaded_by(statement, "airflow", "numpy", "pandas", "polars", "pyarrow") == []


def test_help_brings_no_data_library():
    assert loaded_by("import pipeline.cli.app", "numpy", "pandas", "polars", "pyarrow", "pydantic") == []


@pytest.mark.parametrize("module", MODULES)
def test_every_module_can_be_imported(module):
    try:
        import_module(module)
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] not in OPTIONAL:
            raise
        pytest.skip(f"{error.name} is not installed")


@pytest.mark.parametrize("package", sorted({"transforms", *(m for m in MODULES if is_package(m))}))
def test_no_module_bears_the_name_of_a_public_function(package):
    """`from transforms import risk` would hand out the module, once something has imported it."""
    public = set(getattr(import_module(package), "__all__", ()))
    inside = {name.rpartition(".")[2] for name in MODULES if name.startswith(f"{package}.")}
    assert inside & public == set()


@pytest.mark.parametrize("name", sorted(set(transforms.__all__) - {"__version__"}))
def test_a_public_name_is_what_it_says_after_all_modules_were_imported(name):
    for module in MODULES:
        if module.startswith("transforms."):
            import_module(module)
    assert callable(getattr(transforms, name))


def test_every_public_name_is_listed():
    assert dir(transforms) == sorted(transforms.__all__)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = transforms.nothing


def test_loading_every_transform_brings_neither_airflow_nor_a_dataframe_library():
    modules = [name for name in MODULES if name.startswith("transforms.")]
    statement = f"import importlib; [importlib.import_module(name) for name in {modules}]"
    assert loaded_by(statement, "airflow", "pandas", "pipeline", "polars", "pyspark") == []


def test_only_the_guard_makes_a_clearance():
    """Whoever could call its constructor, or has its token, could deliver without asking."""
    makers = {
        path.relative_to(root.parent).as_posix()
        for root in (Path(package.__path__[0]) for package in PACKAGES)
        for path in root.rglob("*.py")
        if makes_a_clearance(path.read_text("utf-8"))
    }
    assert makers == {"pipeline/guard/decision.py"}


def makes_a_clearance(source: str) -> bool:
    """Whether this module calls the class, or so much as names the token that its constructor asks for."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and named(node.func) == "Clearance":
            return True
        if named(node) == "_TOKEN":
            return True
    return False


def named(node: ast.AST) -> str | None:
    """The last part of a name, of an attribute or of what is imported."""
    return next((getattr(node, key) for key in ("id", "attr", "name") if hasattr(node, key)), None)


@pytest.mark.parametrize(
    "source",
    [
        "Clearance(token)",
        "decision.Clearance(token)",
        "from pipeline.guard.decision import _TOKEN as t",
        "t = decision._TOKEN",
    ],
)
def test_a_maker_of_clearances_would_be_found(source):
    assert makes_a_clearance(source)
