"""HL7 v2 messages, changed field by field by rules that say what may stay."""

from __future__ import annotations

from transforms.hl7v2.change import Hl7Work
from transforms.hl7v2.rules import shipped_rules

__all__ = ["Hl7Work", "shipped_rules"]
