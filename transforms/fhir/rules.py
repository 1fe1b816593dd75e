"""Which rules ship with Douane for FHIR R4? They stand beside this file, for a data protection officer to read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

_FILE = Path(__file__).with_name("rules.yaml")


def shipped_rules() -> dict[str, Any]:
    """The content of `rules.yaml`, as `transforms.records.vocabulary.read_rules` reads it.

    Example:
        >>> shipped_rules()["rules"]["Patient.birthDate"]
        {'shift': 'month', 'kind': 'birth_date'}
    """
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    content: dict[str, Any] = yaml.load(_FILE.read_bytes(), loader)  # noqa: S506 - a safe loader, in C where there is one
    return content
