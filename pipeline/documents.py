"""Read a YAML file into its pydantic model, or say in one line which line of it is wrong.

YAML is read as version 1.2 (ruamel.yaml): a bare NO is Norway, not false. Writers keep the comments of the DPO.
"""

from __future__ import annotations

from io import StringIO
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from pipeline.errors import InvalidDocument

if TYPE_CHECKING:
    from pathlib import Path


class Part(BaseModel):
    """A part of a document: immutable, and an unknown key is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Document(Part):
    """A whole file: a part that starts with `format: 1`."""

    format: Literal[1] = 1


DocumentT = TypeVar("DocumentT", bound=Part)


def read_document(path: Path, model: type[DocumentT]) -> DocumentT:
    r"""Read the YAML (or JSON) file at `path` as a `model`.

    Raises:
        InvalidDocument: No such file, not YAML, a key twice, an unknown key, or a value of the wrong type. The
            message names file, line and key; it repeats no value.

    Example:
        >>> from pathlib import Path
        >>> from tempfile import TemporaryDirectory
        >>> class Shelf(Document):
        ...     books: int
        >>> with TemporaryDirectory() as folder:
        ...     path = Path(folder, "shelf.yaml")
        ...     _ = path.write_text("format: 1\nbooks: 3\n")
        ...     read_document(path, Shelf).books
        3
    """
    text = read_text(path)
    content = parse_yaml(text, path)
    try:
        return model.model_validate(content)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        line = line_of(text, first["loc"])
        where = ".".join(str(step) for step in first["loc"]) or "the document"
        reason = "is no key of this format" if first["type"] == "extra_forbidden" else first["msg"]
        more = error.error_count() - 1
        rest = f" (and {more} more)" if more else ""
        raise InvalidDocument(
            f"{path}:{line}: {where}: {reason}{rest}", hint="Correct that line; docs/reference/files.md has the format."
        ) from None


def read_text(path: Path) -> str:
    """Read a UTF-8 text file, or say why it can't be read."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise InvalidDocument(f"{path} is not UTF-8 text", hint="Save it as UTF-8.") from None
    except OSError as error:
        raise InvalidDocument(
            f"{path} can't be read: {error.strerror}", hint="Check the path and its rights."
        ) from None


def parse_yaml(text: str, path: Path) -> Any:  # noqa: ANN401 - what a YAML file holds before it is validated
    """Parse YAML 1.2; a syntax error or a key that stands twice names the file and the line."""
    from pipeline.quick_yaml import Unsure, read_quickly  # noqa: PLC0415 - every DAG file imports this module

    try:
        return read_quickly(text)
    except Unsure:
        pass
    from ruamel.yaml import YAML  # noqa: PLC0415 - 80 ms
    from ruamel.yaml.error import YAMLError  # noqa: PLC0415 - as above

    try:
        return YAML(typ="safe", pure=True).load(text)
    except YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        problem = (getattr(error, "problem", None) or "not YAML").split("\n")[0]
        raise InvalidDocument(f"{path}:{line}: {problem}", hint="Correct that line.") from None


def line_of(text: str, location: tuple[int | str, ...]) -> int:
    """Find the line (from 1) where the key path `location` stands; the nearest parent's if it is missing."""
    from ruamel.yaml import YAML  # noqa: PLC0415 - 80 ms, and every DAG file imports this module

    node: Any = YAML().load(StringIO(text))
    line = 1
    for step in location:
        try:
            key = step if step in node or isinstance(node, list) else None
            marks = node.lc
            line = (marks.key(key)[0] if isinstance(node, dict) else marks.item(key)[0]) + 1
            node = node[key]
        except (AttributeError, KeyError, TypeError, IndexError):
            break
    return line
