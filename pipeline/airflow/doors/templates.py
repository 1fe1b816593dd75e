"""Which addresses does a line of the operators' table make of an operator's arguments?

A line is an address with arguments in braces, and the argument that names its connection behind `via`:
`s3://{bucket}/{key} via aws_conn_id`. An argument that is a list makes an address an item.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from os import PathLike
from typing import Any, NamedTuple

HOLE = re.compile(r"\{([a-z0-9_|]+)\}")
FULL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
JINJA = re.compile(r"\{\{|\{%|\{#")
Values = Callable[[str], Any]


class Line(NamedTuple):
    """A line of the table: the pattern, the holes in it, and the argument of its connection."""

    pattern: str
    holes: tuple[str, ...]
    connection: str


class Filled(NamedTuple):
    """A line with arguments filled in: an address, the arguments it was read from, its connection's argument."""

    uri: str
    where: str
    connection: str


def read_line(text: str) -> Line:
    """Take a line apart.

    Example:
        >>> read_line("s3://{bucket}/{key} via aws_conn_id")
        Line(pattern='s3://{bucket}/{key}', holes=('bucket', 'key'), connection='aws_conn_id')
    """
    pattern, _, connection = text.partition(" via ")
    return Line(pattern, tuple(HOLE.findall(pattern)), connection.strip())


def fill(line: Line, value_of: Values) -> list[Filled]:
    """Fill a line with an operator's arguments; nothing where its first hole is empty.

    A last hole that holds a whole URI (`s3_key="s3://bucket/key"`) is the address itself.

    Example:
        >>> [filled.uri for filled in fill(read_line("gs://{bucket}/{names}"), {"bucket": "b", "names": ["x", "y"]}.get)]
        ['gs://b/x', 'gs://b/y']
    """
    values = {hole: texts(value(hole, value_of)) for hole in line.holes}
    where = ", ".join(line.holes)
    whole = [text for hole in line.holes for text in values[hole] if FULL.match(text)]
    if whole:
        return [Filled(text, where, line.connection) for text in dict.fromkeys(whole)]
    if not line.holes:
        return [Filled(line.pattern, "the operator itself", line.connection)]
    if not values[line.holes[0]]:
        return []
    uris = [line.pattern]
    for hole in line.holes:
        uris = [uri.replace("{" + hole + "}", text) for uri in uris for text in values[hole] or [""]]
    return [Filled(uri, where, line.connection) for uri in dict.fromkeys(uris)]


def value(names: str, value_of: Values) -> Any:
    """The first argument of `one|other` that is given."""
    for name in names.split("|"):
        found = value_of(name)
        if found not in (None, "", [], (), {}):
            return found
    return None


def texts(content: Any, *, deep: bool = False) -> list[str]:  # noqa: PLR0911 - a case each
    """The texts of an argument: itself, a path, or the items of a list; `deep`: at any depth, keys too.

    Example:
        >>> texts(["a", None, 3, "b"]), texts({"x": [{"y": "z"}]}, deep=True)
        (['a', 'b'], ['x', 'y', 'z'])
    """
    if isinstance(content, str):
        return [content] if content else []
    if isinstance(content, PathLike):
        return [str(content)]
    if hasattr(content, "as_posix"):  # Airflow's ObjectStoragePath, which no file system's path is
        return [str(content)]
    if isinstance(content, bytes):
        return [content.decode("utf-8", "replace")] if content else []
    if isinstance(content, Mapping):
        if not deep:
            return []
        return [text for pair in content.items() for part in pair for text in texts(part, deep=True)]
    if isinstance(content, list | tuple | set | frozenset):
        return [text for item in content for text in texts(item, deep=deep)]
    if deep and hasattr(content, "to_dict") and not isinstance(content, type):
        return _of_object(content)
    return []


def _of_object(content: Any) -> list[str]:
    """A Kubernetes model, and what else can tell its content."""
    try:
        told = content.to_dict()
    except Exception:  # noqa: BLE001 - whatever its to_dict wants, it isn't told here
        return []
    return texts(told, deep=True) if isinstance(told, Mapping) else []


def literal(content: Iterable[str]) -> bool:
    """Whether no text still waits for its template."""
    return not any(JINJA.search(text) for text in content)
