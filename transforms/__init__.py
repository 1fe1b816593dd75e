"""Transforms of health data: plain functions on columns, without files, network, configuration or Airflow.

Names load on first use (PEP 562), so that importing the package costs a DAG file or a command line nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from transforms._version import __version__

if TYPE_CHECKING:
    from transforms.dates import age_from, shift_dates, truncate_dates
    from transforms.detection import detect
    from transforms.disclosure_risk import risk
    from transforms.generalization import generalize, mask, suppress
    from transforms.keys import Key
    from transforms.notes import redact_notes
    from transforms.pseudonyms import detokenize, format_preserving, pseudonymize, surrogate, tokenize

__all__ = [
    "Key",
    "__version__",
    "age_from",
    "detect",
    "detokenize",
    "format_preserving",
    "generalize",
    "mask",
    "pseudonymize",
    "redact_notes",
    "risk",
    "shift_dates",
    "suppress",
    "surrogate",
    "tokenize",
    "truncate_dates",
]

_HOME = {
    "Key": "transforms.keys",
    "age_from": "transforms.dates",
    "detect": "transforms.detection",
    "detokenize": "transforms.tokens",
    "format_preserving": "transforms.format_preservation",
    "generalize": "transforms.generalization",
    "mask": "transforms.generalization",
    "pseudonymize": "transforms.pseudonymization",
    "redact_notes": "transforms.notes",
    "risk": "transforms.disclosure_risk",
    "shift_dates": "transforms.dates",
    "suppress": "transforms.generalization",
    "surrogate": "transforms.surrogates",
    "tokenize": "transforms.tokens",
    "truncate_dates": "transforms.dates",
}


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module 'transforms' has no attribute {name!r}")
    value = getattr(import_module(_HOME[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
