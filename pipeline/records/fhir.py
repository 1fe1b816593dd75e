"""How are FHIR R4 files read and written: NDJSON as Bulk Data gives it, and JSON files of one resource or bundle?"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from pipeline.errors import InvalidInput
from transforms.fhir import FhirWork, shipped_rules
from transforms.records.shapes import EXACT
from transforms.records.tally import Batch

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from transforms import Key
    from transforms.records.tally import Made
    from transforms.records.vocabulary import Rules

BATCH_BYTES: Final = 4 << 20
LONGEST_LINE: Final = 256 << 20
"""Of a line, and of a file that is one JSON document: it is held whole in memory, about ten times its size."""

_LINES: Final = frozenset({".ndjson", ".jsonl"})
_NAMED: Final = re.compile(r"(?P<type>[A-Z][A-Za-z]+)(?:[._-]\d{1,6})?")
_PERSON: Final = re.compile(rb'"resourceType"\s*:\s*"(?:Patient|Practitioner)"')
# A number whose digits say how exact it is: 1.50 is not 1.5 (FHIR's decimal). EXACT stands around it on its way through, and
# no line that holds one of these letters takes this way.
_BEGIN, _END = EXACT
_EXACT: Final = re.compile(f'"{_BEGIN}([^"]*){_END}"')


class FhirFormat:
    """FHIR R4 (4.0.1) in JSON."""

    name = "fhir"
    title = "FHIR R4"

    def recognises(self, path: Path, head: bytes) -> bool:
        """Whether the file begins as a JSON object that says what resource it is."""
        start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
        return start.startswith(b"{") and b'"resourceType"' in head and path.suffix.lower() != ".csv"

    def rules(self) -> Mapping[str, Any]:
        """The shipped rules."""
        return shipped_rules()

    def prepare(self, rules: Rules, key: Key) -> FhirWork:
        """Make ready to change resources."""
        return FhirWork(rules, key)

    def output_name(self, path: Path, number: int) -> str:
        """`Patient.ndjson` for a file that is named after its type, as Bulk Data does; else a number."""
        if not _is_lines(path):
            return f"fhir-{number:05d}.json"
        named = _NAMED.fullmatch(path.stem)
        return f"{path.stem}.ndjson" if named and named["type"] in _types() else f"fhir-{number:05d}.ndjson"

    def batches(self, path: Path) -> Iterator[Batch]:
        """Read a file: batches of some megabytes of lines, or one document.

        Raises:
            InvalidInput: A line that is cut short, no JSON, no resource or of no type that FHIR knows; names the line.
        """
        if not _is_lines(path):
            yield Batch([_resource(_whole_file(path), path, 1)], [1])
            return
        yield from self.batches_of(_lines(path), path)

    def learn(self, lines: Iterable[tuple[int, bytes]], work: FhirWork, path: Path) -> None:
        """Have the work note whom a file's persons are, before any text is read; other lines are only looked at.

        Raises:
            InvalidInput: As `batches`.
        """
        for number, line in lines:
            if _PERSON.search(line):
                resource = _resource(line, path, number)
                work.learn(resource)

    def lines(self, path: Path) -> Iterator[tuple[int, bytes]]:
        """The lines of a file of NDJSON; none of a file that is one document, whose persons are learnt with it."""
        return _lines(path) if _is_lines(path) else iter(())

    def batches_of(self, lines: Iterable[tuple[int, bytes]], path: Path) -> Iterator[Batch]:
        """Read numbered lines of NDJSON batch by batch; `path` names their file in errors."""
        batch: list[tuple[int, Any]] = []
        size = 0
        for number, line in lines:
            batch.append((number, _resource(line, path, number)))
            size += len(line)
            if size >= BATCH_BYTES:
                yield Batch.of(batch)
                batch, size = [], 0
        if batch:
            yield Batch.of(batch)

    def write(self, made: Made, out: BinaryIO) -> None:
        """Append resources, one a line."""
        for document in made.documents:
            text = _ENCODER.encode(document)
            if _BEGIN in text:
                text = _EXACT.sub(r"\1", text)
            out.write(text.encode() + b"\n")


def _is_lines(path: Path) -> bool:
    """Whether a file has a resource a line: it says so, or its first line is one and more follow."""
    if path.suffix.lower() in _LINES:
        return True
    with path.open("rb") as file:
        first = file.readline(LONGEST_LINE)
        if not file.read(1):
            return False
    try:
        return isinstance(json.loads(first), dict)
    except ValueError:
        return False


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    with path.open("rb") as file:
        number = 0
        while line := file.readline(LONGEST_LINE + 1):
            number += 1
            if len(line) > LONGEST_LINE:
                raise InvalidInput(
                    f"{path}, line {number} is longer than {LONGEST_LINE >> 20} MiB", hint="Export smaller bundles."
                )
            if number == 1:
                line = line.removeprefix(b"\xef\xbb\xbf")
            if line.strip():
                yield number, line


def _whole_file(path: Path) -> bytes:
    if path.stat().st_size > LONGEST_LINE:
        raise InvalidInput(
            f"{path} is one JSON document of more than {LONGEST_LINE >> 20} MiB", hint="Export it as NDJSON."
        )
    return path.read_bytes().removeprefix(b"\xef\xbb\xbf")


def _resource(raw: bytes, path: Path, number: int) -> dict[str, Any]:
    """Parse one resource; the errors say nothing of what it holds."""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise InvalidInput(f"{path}, line {number} is not UTF-8", hint="FHIR is UTF-8: export it so.") from None
    try:
        content = (_PLAIN if _BEGIN in text or _END in text else _EXACTLY).decode(text)
        if "\\ud" in text or "\\uD" in text:  # half of a pair is no character, and no column takes it
            json.dumps(content, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise InvalidInput(
            f"{path}, line {number} holds half a character (a lone surrogate)", hint="Correct it in the source."
        ) from None
    except (ValueError, RecursionError):
        raise InvalidInput(
            f"{path}, line {number} is no JSON: cut short, or damaged",
            hint="Export the file again; a last line that is cut short means that the export did not finish.",
        ) from None
    name = content.get("resourceType") if isinstance(content, dict) else None
    if not isinstance(content, dict) or not isinstance(name, str):
        raise InvalidInput(
            f"{path}, line {number} is no FHIR resource: it has no resourceType",
            hint="Take the line out, or correct the export.",
        )
    if name not in _types():
        raise InvalidInput(
            f"{path}, line {number} is of a type that FHIR R4 doesn't have", hint="Correct its resourceType."
        )
    return content


def _exact(text: str) -> float | str:
    value = float(text)
    return value if repr(value) == text else f"{_BEGIN}{text}{_END}"


def _none(_word: str) -> Any:  # noqa: ANN401 - it never gives anything
    raise ValueError


# Made once: a decoder of one's own for every line would cost a fifth of the reading.
_EXACTLY: Final = json.JSONDecoder(parse_float=_exact, parse_constant=_none)
_PLAIN: Final = json.JSONDecoder(parse_constant=_none)
_ENCODER: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False)

_TYPES: set[str] = set()


def _types() -> set[str]:
    """Every type of resource of R4, once."""
    if not _TYPES:
        rules = shipped_rules()
        _TYPES.update({"Bundle", *rules["left_out"], *(path.partition(".")[0] for path in rules["rules"])})
    return _TYPES
