"""Which shape has a single value: a number, a date, a word, a code, a text?"""

from __future__ import annotations

import re

_SHAPES = (
    ("integer", re.compile(r"[+-]?\d+(?:[.,]0+)?")),
    ("decimal", re.compile(r"[+-]?\d*[.,]\d+(?:e[+-]?\d+)?|[+-]?\d+(?:[.,]\d+)?e[+-]?\d+", re.IGNORECASE)),
    (
        "date",
        re.compile(
            r"(?:18|19|20|21)\d\d[-/.](?:0?[1-9]|1[0-2])(?:[-/.](?:0?[1-9]|[12]\d|3[01])(?:[T ].*)?)?"
            r"|(?:0?[1-9]|[12]\d|3[01])[-/.](?:0?[1-9]|1[0-2])[-/.](?:18|19|20|21)?\d\d(?: .*)?"
            r"|(?:0?[1-9]|1[0-2])[-/.](?:0?[1-9]|[12]\d|3[01])[-/.](?:18|19|20|21)?\d\d(?: .*)?"
            r"|\d{1,2}[- ./](?:jan|f[eé]v|feb|mar|mär|a[pv]r|ma[iy]|jui|jun|jul|ao[uû]t?|aug|sep|o[ck]t|nov|d[eé][cz]|ene|abr|ago|dic|gen|mag|giu|lug|set|ott)[a-zéû.]*[- ./]\d{2,4}(?:[ :].*)?"
            r"|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]* \d{1,2},? \d{4}(?: .*)?"
            r"|(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])T?(?:[01]\d|2[0-3])[0-5]\d\d*.*",
            re.IGNORECASE,
        ),
    ),
    ("time", re.compile(r"(?:[01]?\d|2[0-3])[:h][0-5]\d(?:[:m][0-5]\d(?:\.\d+)?)?(?:\s?[ap]m)?", re.IGNORECASE)),
    ("digits", re.compile(r"[+(<>]?\d[\d ()+./\-]*\d")),
    ("uuid", re.compile(r"(?:urn:uuid:)?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)),
    ("word", re.compile(r"[^\W\d_]+(?:['’\-.][^\W\d_]+)*\.?")),
    ("words", re.compile(r"[^\W\d_]+[^\s]*(?: [^\s]+){1,5}")),
    ("code", re.compile(r"\S{1,80}")),
)


def shape_of(value: str) -> str:
    """The first shape that a value fits; what is longer than 80 characters is text, unless it holds no blank.

    Example:
        >>> shape_of("12,5"), shape_of("2024-02-29"), shape_of("E11.9"), shape_of("Le Goff")
        ('decimal', 'date', 'code', 'words')
    """
    for shape, regex in _SHAPES:
        if regex.fullmatch(value[:120]):
            return shape if len(value) <= 80 or shape == "code" else "text"
    return "text"
