"""Which format are these files of? Douane's own formats, and those that other packages bring (`douane.records`)."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Any, Final

from pipeline.errors import InvalidDocument
from pipeline.records.rules import load_rules

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.records import RecordFormat
    from transforms.records.vocabulary import Rules

HEAD_BYTES: Final = 4096

# A line a format that Douane brings: also named in pyproject.toml, and known here where nothing is installed.
_OWN: Final[dict[str, tuple[str, str]]] = {
    "dicom": ("pipeline.records.dicom", "DicomFormat"),
    "fhir": ("pipeline.records.fhir", "FhirFormat"),
    "hl7v2": ("pipeline.records.hl7v2", "Hl7v2Format"),
    "vcf": ("pipeline.records.vcf", "VcfFormat"),
}
_GROUP: Final = "douane.records"


@cache
def format_names() -> tuple[str, ...]:
    """The names of the formats that can be released, sorted; what is installed is looked up once, not for every file."""
    return tuple(sorted({*_OWN, *(point.name for point in entry_points(group=_GROUP))}))


def record_format(name: str) -> RecordFormat:
    """The format of this name.

    Raises:
        InvalidDocument: None is installed.
    """
    if name in _OWN:
        module, cls = _OWN[name]
        made: RecordFormat = getattr(import_module(module), cls)()
        return made
    found: Any = next(iter(entry_points(group=_GROUP, name=name)), None)
    if found is None:
        raise InvalidDocument(
            f"no format {name} for documents is installed", hint=f"Use one of {', '.join(format_names())}."
        )
    other: RecordFormat = found.load()()
    return other


def format_of(path: Path) -> RecordFormat | None:
    """The format that a file is of; None where no format knows it."""
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    return next((one for one in map(record_format, format_names()) if one.recognises(path, head)), None)


def shipped_rules(one: RecordFormat) -> Rules:
    """The rules that ship with a format."""
    return load_rules(one.rules())
