"""FHIR R4 resources, changed element by element by rules that say what may stay."""

from __future__ import annotations

from transforms.fhir.change import FhirWork
from transforms.fhir.rules import shipped_rules

__all__ = ["FhirWork", "shipped_rules"]
