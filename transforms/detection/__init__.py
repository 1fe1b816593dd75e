"""Detection: which fields identify a person and which describe their health, from names, values and neighbours."""

from transforms.detection.detector import detect
from transforms.detection.findings import ExtractFindings, Finding, Link, TableFindings
from transforms.detection.own_words import InvalidLexicon
from transforms.detection.tables import NotATable

__all__ = ["ExtractFindings", "Finding", "InvalidLexicon", "Link", "NotATable", "TableFindings", "detect"]
