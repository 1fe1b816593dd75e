"""What is the JSON Schema of each YAML document? From the pydantic models, with what only their validators know.

Three things stand in validators and not in fields: the kinds that exist, the options that each step takes, and that a
plan's columns stand beside `person`. An editor that completes a plan needs all three.
"""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any, get_type_hints

from pydantic import BaseModel, TypeAdapter
from pydantic.errors import PydanticSchemaGenerationError, PydanticUserError

import transforms
from pipeline.export import Export
from pipeline.guard.register_files import FILES
from pipeline.guard.register_files import schema_of as register_schema
from pipeline.lexicon import Lexicon
from pipeline.making.steps import OPTIONS
from pipeline.plan import Plan
from pipeline.policy import Policy
from transforms.kinds import CATEGORY_OF
from transforms.normalization import Normalization

_REGISTER: dict[str, type[BaseModel]] = {file.removesuffix(".yaml"): model for file, model in FILES.items()}
SCHEMAS: dict[str, type[BaseModel]] = {
    "policy": Policy,
    "plan": Plan,
    "export": Export,
    "lexicon": Lexicon,
    **_REGISTER,
}


def schema_of(name: str) -> dict[str, Any]:
    """Make the JSON Schema (2020-12) of one document."""
    if name in _REGISTER:
        return register_schema(f"{name}.yaml")  # what `douane register schema` prints
    schema = SCHEMAS[name].model_json_schema(by_alias=True)
    parts = schema.get("$defs", {})
    if "Step" in parts:
        parts["Step"] = {"title": "Step", "oneOf": [_step(transform) for transform in OPTIONS]}
    if "PlannedTable" in parts:
        parts["PlannedTable"] = _table(parts["PlannedTable"])
    if "PlannedField" in parts:
        parts["PlannedField"]["properties"]["kind"] = _kind()
    if name == "policy":
        schema["properties"]["kinds"]["propertyNames"] = _kind()
    if name == "lexicon":
        schema["properties"]["words"]["additionalProperties"] = _kind()
    schema["properties"]["format"] = {"const": 1, "title": "Format"}
    schema["required"] = ["format", *(key for key in schema.get("required", ()) if key != "format")]
    return {"$schema": "https://json-schema.org/draft/2020-12/schema"} | schema


def _kind() -> dict[str, Any]:
    return {"type": "string", "enum": list(CATEGORY_OF)}


def _table(model: dict[str, Any]) -> dict[str, Any]:
    """A table's columns stand beside `person`; a column of that name is written `=person`."""
    return {
        "title": "PlannedTable",
        "description": model["description"],
        "type": "object",
        "properties": {"person": {"$ref": "#/$defs/Person"}},
        "additionalProperties": {"$ref": "#/$defs/PlannedField"},
        "minProperties": 1,
    }


def _step(transform: str) -> dict[str, Any]:
    options = sorted(OPTIONS[transform])  # type: ignore[index]  # the keys are OPTIONS' own
    return {
        "type": "object",
        "properties": {"transform": {"const": transform}} | {name: _option(transform, name) for name in options},
        "required": ["transform"],
        "additionalProperties": False,
    }


def _option(transform: str, name: str) -> dict[str, Any]:
    """What the transform's own signature says of a keyword; anything where JSON Schema has no word for it."""
    function = getattr(transforms, transform, None)
    annotation = inspect.get_annotations(function).get(name) if function else None
    if annotation is None:
        return {}
    # What the signatures name is imported there for the type checker only.
    names = vars(inspect.getmodule(function)) | {"Sequence": Sequence, "Normalization": Normalization}
    try:
        hint = get_type_hints(SimpleNamespace(__annotations__={name: annotation}), names)[name]
        return TypeAdapter(hint).json_schema()
    except (NameError, PydanticSchemaGenerationError, PydanticUserError):
        return {}
