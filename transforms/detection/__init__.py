"""Detection: which fields identify a person and which describe their health, from names, values and neighbours."""

from transforms.detection.detector import NotATable, detect
from transforms.detection.findings import ExtractFindings, Finding, Link, TableFindings

__all__ = ["ExtractFindings", "Finding", "Link", "NotATable", "TableFindings", "detect"]
