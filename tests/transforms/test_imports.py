from __future__ import annotations

import pkgutil
import subprocess
import sys
from importlib import import_module
from types import ModuleType

import pytest

import transforms

MODULES = sorted(module.name for module in pkgutil.walk_packages(transforms.__path__, "transforms."))


@pytest.mark.parametrize("module", MODULES)
def test_every_module_can_be_imported(module):
    import_module(module)


def test_no_module_bears_the_name_of_a_public_function():
    named_like_a_function = {name.rpartition(".")[2] for name in MODULES} & set(transforms.__all__)
    assert named_like_a_function == set()


@pytest.mark.parametrize("name", transforms.__all__)
def test_a_public_name_is_no_module_after_all_modules_were_imported(name):
    for module in MODULES:
        import_module(module)
    assert not isinstance(getattr(transforms, name), ModuleType)


def test_every_public_name_is_listed():
    assert dir(transforms) == sorted(transforms.__all__)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = transforms.nothing


def test_importing_the_package_imports_nothing_heavy():
    heavy = ["airflow", "narwhals", "numpy", "pandas", "pipeline", "polars", "pyarrow"]
    program = f"import sys, transforms; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_loading_every_module_imports_neither_airflow_nor_a_dataframe_library():
    program = (
        f"import sys, importlib; [importlib.import_module(name) for name in {MODULES}];"
        "print([name for name in ('airflow', 'pandas', 'pipeline', 'polars', 'pyspark') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
