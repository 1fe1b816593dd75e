"""What may stand in an export's YAML file, and in `[douane]` of airflow.cfg? Read from the model and the provider."""

from __future__ import annotations

import inspect
import re
from typing import TYPE_CHECKING

from pipeline.airflow.provider_info import get_provider_info
from pipeline.export import Alert, AlertMail, Export, ExportDestination, ExportSource

if TYPE_CHECKING:
    from pydantic import BaseModel

_PARTS: dict[str, type[BaseModel]] = {
    "The file": Export,
    "`source`": ExportSource,
    "Each of `destinations`": ExportDestination,
    "`alert`": Alert,
    "`alert.mail`": AlertMail,
}

_INTRO = """# Exports in Airflow

One YAML file in `dags/exports/` is one DAG: [add an export](../how-to/add-an-export.md) is the guide to it, and
`douane export validate FILE` checks one without Airflow. Editors complete it by [its JSON Schema](schemas/export.json).

```yaml title="dags/exports/cardio-registry.yaml"
# yaml-language-server: $schema=../../docs/reference/schemas/export.json
format: 1
id: cardio-registry
source: {type: folder, path: /srv/extracts/cardio}
plan: plans/cardio.yaml
policy: default
domain: eds-cardio
key: eds-cardio
destinations:
  - {id: lake, uri: "s3://cardio-registry/", connection: outscale}
schedule: "@daily"
watermark: {sejours: date_entree}
recipient: The national cardiology registry
purpose: Quality of care in heart failure
legal_basis: GDPR art. 6(1)(e) and 9(2)(j)
authorization: CNIL decision DR-2026-000
retention: 10 years
alert: {webhook: "https://alerts.chu.example/douane"}
```
"""

_OPTIONS = """## Options of `[douane]` in airflow.cfg

Each may also be an environment variable, such as `AIRFLOW__DOUANE__HOME`. What is empty is taken from `DOUANE_HOME`,
`DOUANE_KEYS` and their kin, as on the command line.
"""


def exports_page() -> str:
    """Write docs/reference/exports.md."""
    sections = [f"## {title}\n\n{_table(model)}" for title, model in _PARTS.items()]
    return "\n".join([_INTRO, *sections, _OPTIONS, _options()])


def _table(model: type[BaseModel]) -> str:
    words = _words(model)
    rows = []
    for name, field in model.model_fields.items():
        if name == "format":
            continue
        default = "required" if field.is_required() else f"`{_shown(field.get_default(call_default_factory=True))}`"
        rows.append(f"| `{name}` | {words[name]} | {default} |")
    return "\n".join(["| key | | default |", "| --- | --- | --- |", *rows, ""])


def _shown(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    return "[]" if value == () else str(value)


def _words(model: type[BaseModel]) -> dict[str, str]:
    """What the docstring's `Attributes` say of each key; a key without a word is a KeyError."""
    text = inspect.getdoc(model) or ""
    found = re.findall(r"^    (\w+): (.*(?:\n {8}.*)*)", text.partition("Attributes:")[2], re.MULTILINE)
    return {name: " ".join(words.split()).replace("|", "\\|") for name, words in found}


def _options() -> str:
    options = get_provider_info()["config"]["douane"]["options"]
    rows = [f"| `{name}` | {option['description'].strip()} |" for name, option in options.items()]
    return "\n".join(["| option | |", "| --- | --- |", *rows, ""])
