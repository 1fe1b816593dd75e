"""A DAG file imports the guard at parse time: nothing heavy comes with it."""

from __future__ import annotations

import subprocess
import sys

HEAVY = {"pyarrow", "pandas", "pydantic", "ruamel", "numpy", "airflow", "typer", "rich", "idna", "cryptography"}


def test_importing_the_guard_imports_nothing_heavy():
    code = "import sys; from pipeline.guard import Guard, require_clearance; print(*sorted(sys.modules))"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    modules = answer.stdout.split()
    assert "pipeline.guard.destination" in modules
    assert not HEAVY & {name.partition(".")[0] for name in modules}


def test_the_guard_imports_nothing_of_the_pipeline_but_documents_errors_and_data():
    code = (
        "import sys; from pipeline.guard import Guard; Guard.load().decide('/x', data_class='technical');"
        "print(*sorted(sys.modules))"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    ours = {name for name in answer.stdout.split() if name.startswith("pipeline.") and "pipeline.guard" not in name}
    assert ours == {"pipeline.data_files", "pipeline.documents", "pipeline.errors", "pipeline.quick_yaml"}
