"""How are DICOM objects released: files in, files out, each under the confidentiality profile of PS3.15?"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from pipeline.errors import InvalidInput
from pipeline.optional import load_library
from pipeline.quick_yaml import read_quickly
from transforms.errors import DouaneError
from transforms.records.tally import Batch, Made

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pipeline.records.dicom_file import DicomFile
    from transforms import Key
    from transforms.dicom.rules import DicomRules
    from transforms.records.vocabulary import Rule, Rules

_SUFFIXES: Final = frozenset({".dcm", ".dicom", ".ima"})
_MARK: Final = slice(128, 132)
_DIRECTORY_RECORDS: Final = 0x00041220


class DicomFormat:
    """DICOM files (PS3.10), one object each."""

    name = "dicom"
    title = "DICOM"

    def recognises(self, path: Path, head: bytes) -> bool:
        """Whether the mark stands after the preamble, or the name says so."""
        return head[_MARK] == b"DICM" or path.suffix.lower() in _SUFFIXES

    def rules(self) -> Mapping[str, Any]:
        """The shipped rules."""
        return _shipped()

    def prepare(self, rules: Rules, key: Key) -> DicomWork:
        """Make ready to de-identify.

        Raises:
            InvalidRule: A line of the plan names no attribute, option or risk.
            MissingLibrary: pydicom is not installed.
        """
        _require_pydicom()
        from transforms.dicom.rules import dicom_rules  # noqa: PLC0415 - pydicom is optional

        return DicomWork(dicom_rules(rules), key)

    def batches(self, path: Path) -> Iterator[Batch]:
        """Read a file up to its pixels.

        Raises:
            InvalidInput: It is no DICOM file, is cut short, or can't be parsed.
        """
        _require_pydicom()
        from pipeline.records.dicom_file import read_dicom  # noqa: PLC0415 - pydicom is optional

        yield Batch([read_dicom(path)], [1])

    def output_name(self, _path: Path, number: int) -> str:
        """A number: names of files and folders hold those of patients."""
        return f"{number:08d}.dcm"

    def write(self, made: Made, out: BinaryIO) -> None:
        """Write the objects, with their pixels byte for byte."""
        from pipeline.records.dicom_file import write_dicom  # noqa: PLC0415 - pydicom is optional

        for file, dataset in made.documents:
            write_dicom(file, dataset, out)


class DicomWork:
    """De-identifies the objects of a run."""

    def __init__(self, rules: DicomRules, key: Key) -> None:
        from transforms.dicom import Deidentifier  # noqa: PLC0415 - pydicom is optional

        self._rules = rules
        self._deidentifier = Deidentifier(
            key, rules.profile, link=rules.link or "patient_id", uid_link=rules.uid_link, normalize=rules.normalize
        )

    def change(self, batch: Batch) -> Made:
        """De-identify files; those whose pixels may show whom they are of are left out, and why is counted."""
        made = Made([])
        try:
            files = [file for file in batch.documents if self._may_go(file, made)]
            changed = self._deidentifier.change([file.dataset for file in files])
        except (DouaneError, MemoryError):
            raise
        except Exception:  # noqa: BLE001 - a parser under damaged bytes raises whatever it stumbles over
            raise InvalidInput(
                f"{batch.documents[0].path} holds elements that can't be read as DICOM",
                hint="Copy it again from the archive that it came from.",
            ) from None
        made.documents = list(zip(files, changed.datasets, strict=True))
        made.tally.add(changed.tally)
        made.tally.records["DICOM"] += len(files)
        for path, text, owner in changed.kept:
            made.keep(path, text, batch.numbers[owner])
        return made

    def rule_of(self, path: str) -> Rule | None:
        """The rule of a path of the tally."""
        return self._rules.rule_of(path)

    def _may_go(self, file: DicomFile, made: Made) -> bool:
        from transforms.dicom import RISKS, pixel_risks  # noqa: PLC0415 - pydicom is optional

        if _DIRECTORY_RECORDS in file.dataset:
            made.tally.left_out["an index of files (DICOMDIR), which names patients and files that are no more"] += 1
            return False
        risks = [
            risk for risk in pixel_risks(file.dataset, has_pixels=file.has_pixels) if risk not in self._rules.cleared
        ]
        for risk in risks:
            made.tally.left_out[f"Pixels.{risk} is not cleared: {RISKS[risk]}"] += 1
        return not risks


@cache
def _shipped() -> Mapping[str, Any]:
    import transforms  # noqa: PLC0415 - where the rules stand

    file = Path(transforms.__file__).parent / "dicom" / "rules.yaml"
    rules: Mapping[str, Any] = read_quickly(file.read_text(encoding="utf-8"))
    return rules


def _require_pydicom() -> None:
    load_library("pydicom", extra="dicom", what="DICOM")
