"""What does each generated file hold? Name under docs/reference to text."""

from __future__ import annotations

import json

from docs.generator.commands import commands_page
from docs.generator.dicom import dicom_page
from docs.generator.exports import exports_page
from docs.generator.kinds import kinds_page
from docs.generator.schemas import SCHEMAS, schema_of


def generated() -> dict[str, str]:
    """Write every generated file in memory."""
    schemas = {
        f"schemas/{name}.json": json.dumps(schema_of(name), ensure_ascii=False, indent=2) + "\n" for name in SCHEMAS
    }
    pages = {
        "cli.md": commands_page(),
        "dicom.md": dicom_page(),
        "exports.md": exports_page(),
        "kinds.md": kinds_page(),
    }
    return pages | schemas
