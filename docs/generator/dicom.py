"""What becomes of each DICOM attribute? The standard's table, and what the default options make of it."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING

from ruamel.yaml import YAML

import transforms
from transforms.dicom.pixels import RISKS

if TYPE_CHECKING:
    from collections.abc import Iterator

TOLD = Path(__file__).with_name("dicom.yaml")
TABLE = Path(transforms.__file__).parent / "dicom" / "attributes.csv"
EDITION = "2026d"
OVERLAYS = "removed"


def dicom_page() -> str:
    """Write docs/reference/dicom.md."""
    intro: str = YAML(typ="safe", pure=True).load(TOLD.read_text(encoding="utf-8"))["intro"]
    risks = "\n".join(f"| `Pixels.{risk}` | {why} |" for risk, why in RISKS.items())
    return intro.format(edition=EDITION, risks=risks).rstrip("\n") + "\n" + "\n".join(_rows()) + "\n"


def _rows() -> Iterator[str]:
    from pydicom.datadict import dictionary_has_tag, dictionary_VR  # noqa: PLC0415 - with the page that needs it

    from transforms.dicom import Action, Options, read_profile  # noqa: PLC0415 - as above

    profile = read_profile(Options())
    with TABLE.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(line for line in stream if not line.startswith("#")):
            tag = row["tag"]
            made = OVERLAYS
            if "x" not in tag:
                number = int(tag, 16)
                vr = dictionary_VR(number) if dictionary_has_tag(number) else "UN"
                action = profile.rule(number, vr).action
                made = "kept" if action is Action.SHIFT and vr not in {"DA", "DT"} else action.value
            name = row["name"].split(" (see Note")[0]
            yield f"| `({tag[:4]},{tag[4:]})` | {name} | {row['basic']} | {made} |"
