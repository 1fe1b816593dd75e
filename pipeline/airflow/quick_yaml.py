"""How is an export's YAML read while Airflow parses DAG files, many times an hour?

By libyaml, which Airflow has loaded already: ruamel.yaml costs 80 ms to import. It reads what ruamel reads (YAML 1.2's
words and numbers, no key twice) or nothing: whatever it can't read goes to `read_export`, which names file and line.
The tasks themselves read every file with ruamel.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import yaml

from pipeline.export import Export, read_export

if TYPE_CHECKING:
    from pathlib import Path

_CORE = {
    "tag:yaml.org,2002:bool": r"^(?:true|True|TRUE|false|False|FALSE)$",
    "tag:yaml.org,2002:null": r"^(?:~|null|Null|NULL|)$",
    "tag:yaml.org,2002:int": r"^[-+]?[0-9]+$",
    "tag:yaml.org,2002:float": r"^[-+]?(?:[0-9]+\.[0-9]*|\.[0-9]+)$",
    "tag:yaml.org,2002:timestamp": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
}


class _Loader(yaml.CSafeLoader):  # type: ignore[misc]  # PyYAML is untyped
    """Plain mappings, lists, texts, numbers and dates."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 - PyYAML's own attribute, filled below

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002 - PyYAML's signature
        keys = [key.value for key, _ in node.value]
        if len(set(keys)) < len(keys) or "<<" in keys:
            raise yaml.YAMLError("a key twice, or a merge")
        content: dict[Any, Any] = super().construct_mapping(node, deep=deep)
        return content


for _tag, _pattern in _CORE.items():
    _Loader.add_implicit_resolver(_tag, re.compile(_pattern), None)
# In YAML 1.1, 010 is eight.
_Loader.add_constructor("tag:yaml.org,2002:int", lambda loader, node: int(loader.construct_scalar(node)))


def read_export_quickly(path: Path) -> Export:
    """Read an export's file; errors are those of `read_export`."""
    try:
        # The loader is a safe one: it makes nothing but plain values.
        return Export.model_validate(yaml.load(path.read_text(encoding="utf-8"), _Loader))  # noqa: S506 - a SafeLoader
    except Exception:  # noqa: BLE001 - whatever it is, the slow reader says it with file and line
        return read_export(path)
