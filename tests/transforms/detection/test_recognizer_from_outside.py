"""A package that is installed beside Douane teaches it a code of its own by the entry point `douane.recognizers`."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

RECOGNIZER = '''
from transforms.detection.recognizers.evidence import ValueEvidence, share_of


def read(profile):
    """Codes of the tissue bank: TB, four digits, a cross."""
    share = share_of(profile, lambda value: value.startswith("TB") and value.endswith("+"))
    return [ValueEvidence("reference", 8.0, f"{share:.0%} of its values are codes of the tissue bank")] if share > 0.9 else []
'''
QUESTION = """
import pyarrow as pa
from transforms import detect
[finding] = detect(pa.table({"x": [f"TB{number:04d}+" for number in range(60)]}))
print(finding.kind, "|", *finding.evidence)
"""


@pytest.fixture
def site(tmp_path):
    """A folder as pip leaves it: the module, and its metadata with the entry point."""
    (tmp_path / "tissue_bank.py").write_text(RECOGNIZER)
    info = tmp_path / "tissue_bank-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: tissue-bank\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[douane.recognizers]\ntissue_bank = tissue_bank:read\n")
    (info / "RECORD").write_text("")
    return tmp_path


def ask(*folders):
    path = os.pathsep.join([*map(str, folders), str(Path.cwd()), os.environ.get("PYTHONPATH", "")])
    done = subprocess.run(
        [sys.executable, "-c", QUESTION],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"PYTHONPATH": path},
    )
    return done.stdout.strip()


def test_an_installed_package_adds_a_recognizer(site):
    assert ask(site) == "reference | 100% of its values are codes of the tissue bank"


def test_without_it_the_code_is_unexplained_and_so_an_id():
    assert ask().startswith("patient_id | ")
