"""Identifiers in French clinical text: found by layers, then replaced; the medicine stays."""

from __future__ import annotations

from transforms.notes.counts import RedactionCounts
from transforms.notes.known import KnownPersons
from transforms.notes.labels import LABELS, Label, Span
from transforms.notes.redaction import InvalidReplacement, Redacted, redact_note, redact_notes

__all__ = [
    "LABELS",
    "InvalidReplacement",
    "KnownPersons",
    "Label",
    "Redacted",
    "RedactionCounts",
    "Span",
    "redact_note",
    "redact_notes",
]
