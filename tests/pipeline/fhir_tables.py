"""How does someone else's data look? FHIR R4 by the carebundle package, made flat by an ordinary pandas and pyarrow script that knows nothing of Douane."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from carebundle import generate_cohort, to_ndjson

if TYPE_CHECKING:
    from collections.abc import Iterator

TABLES = {
    "Patient": "patients.csv",
    "Practitioner": "practitioners.csv",
    "Encounter": "encounters.parquet",
    "Observation": "observations.parquet",
    "Condition": "conditions.ndjson",
    "MedicationRequest": "medications.ndjson",
    "AllergyIntolerance": "allergies.csv",
    "DiagnosticReport": "reports.ndjson",
}
STREETS = (
    "Larkspur Court",
    "Old Quarry Road",
    "Ninth Avenue",
    "Tannery Lane",
    "Marigold Drive",
    "Bellwether Street",
    "Copperfield Way",
)
CITIES = (("Burlington", "VT", "05401"), ("Worcester", "MA", "01609"), ("Providence", "RI", "02906"), ("Bangor", "ME", "04401"), ("Nashua", "NH", "03060"))  # fmt: skip
TIMES = ("effectiveDateTime", "issued", "period_start", "period_end")


def fhir_tables(
    folder_out: Path | str,
    *,
    patients: int = 50,
    seed: int = 20260101,
    narratives: bool = True,
    bare_references: bool = True,
) -> dict[str, Path]:
    """Writes FHIR NDJSON to `folder_out`/fhir and flat tables to `folder_out`/tables; gives the tables' paths by name.

    carebundle's patients have neither address, phone nor mail: these are added, as a hospital has them. `narratives` keeps each resource's text,
    which repeats names and birth dates. `bare_references` writes a reference's id alone ("Patient/1f.." becomes "1f.."), so that tables join.
    """
    folder = Path(folder_out)
    (folder / "fhir").mkdir(parents=True)
    (folder / "tables").mkdir()
    stream = random.Random(seed)
    written = {}
    for kind, lines in to_ndjson(generate_cohort(count=patients, seed=seed)).items():
        resources = [json.loads(line) for line in lines.splitlines()]
        if kind in {"Patient", "Practitioner"}:
            resources = list({resource["id"]: _reachable(stream, resource) for resource in resources}.values())
        (folder / "fhir" / f"{kind}.ndjson").write_text(
            "".join(json.dumps(r) + "\n" for r in resources), encoding="utf-8"
        )
        if kind in TABLES:
            frame = pd.DataFrame([_flat(r, narratives=narratives, bare_references=bare_references) for r in resources])
            path = folder / "tables" / TABLES[kind]
            _write(frame, path)
            written[path.stem] = path
    return written


def personal_values(folder_out: Path | str) -> dict[str, set[str]]:
    """Every personal value of the FHIR files that `fhir_tables` wrote: names, ids, addresses, phones, mails.

    Postal codes and cities are left out: their first digits, or the city of a thousand others, are no leak by themselves.
    """
    found: dict[str, set[str]] = {kind: set() for kind in ("names", "ids", "addresses", "phones", "mails")}
    for path in (Path(folder_out) / "fhir").glob("*.ndjson"):
        for resource in map(json.loads, path.read_text("utf-8").splitlines()):
            if resource["resourceType"] in {"Patient", "Practitioner", "Encounter"}:
                found["ids"] |= {
                    resource["id"],
                    *(identifier["value"] for identifier in resource.get("identifier", [])),
                }
            for name in resource.get("name", []):
                found["names"] |= {name["family"], *name["given"]}
            for place in resource.get("address", []):
                found["addresses"] |= set(place["line"])
            for contact in resource.get("telecom", []):
                found["phones" if contact["system"] == "phone" else "mails"].add(contact["value"])
    return found


def _reachable(stream: random.Random, resource: dict[str, Any]) -> dict[str, Any]:
    """The person with phone, mail and address; 555-01xx numbers and .example domains reach nobody."""
    name = resource["name"][0]
    city, state, postal = stream.choice(CITIES)
    resource["telecom"] = [
        {
            "system": "phone",
            "use": "home",
            "value": f"({stream.randrange(201, 989)}) 555-01{stream.randrange(100):02d}",
        },
        {
            "system": "email",
            "value": f"{name['given'][0]}.{name['family']}{stream.randrange(100)}@mail.example".lower(),
        },
    ]
    line = f"{stream.randrange(1, 999)} {stream.choice(STREETS)}"
    resource["address"] = [
        {"use": "home", "line": [line], "city": city, "state": state, "postalCode": postal, "country": "US"}
    ]
    return resource


def _leaves(prefix: str, value: Any) -> Iterator[tuple[str, Any]]:
    """Headers and values below `value`: the first of a list, except words, which are joined."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _leaves(f"{prefix}_{key}", inner)
    elif isinstance(value, list) and isinstance(value[0], dict):
        yield from _leaves(prefix, value[0])
    else:
        yield prefix, " ".join(value) if isinstance(value, list) else value


def _flat(resource: dict[str, Any], *, narratives: bool, bare_references: bool) -> dict[str, Any]:
    left_out = {"meta", "resourceType", "telecom"} | (set() if narratives else {"text"})
    row = {f"telecom_{contact['system']}": contact["value"] for contact in resource.get("telecom", [])}
    for key, value in resource.items():
        if key not in left_out:
            row |= dict(_leaves(key, value))
    for header in [h for h in row if h.endswith("_system") or h in {"name_use", "address_use", "text_status"}]:
        del row[header]
    if bare_references:
        row |= {header: value.split("/", 1)[1] for header, value in row.items() if header.endswith("_reference")}
    return row


def _write(frame: pd.DataFrame, path: Path) -> None:
    if path.suffix == ".csv":
        frame.to_csv(path, index=False)
    elif path.suffix == ".parquet":
        for column in set(TIMES) & set(frame.columns):
            frame[column] = pd.to_datetime(frame[column], utc=True)
        pq.write_table(pa.Table.from_pandas(frame, preserve_index=False), path)
    else:
        frame.to_json(path, orient="records", lines=True, force_ascii=False)
