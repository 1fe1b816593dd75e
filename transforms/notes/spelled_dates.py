"""Which day does a written date mean? Numeric, ISO, with a month's name, or run together."""

from __future__ import annotations

import datetime as dt
import re
from typing import Final

from transforms.notes.note import fold

_MONTHS: Final = ("jan", "fev", "mar", "avr", "mai", "juin", "juil", "aou", "sep", "oct", "nov", "dec")
_DAY_FIRST: Final = re.compile(r"\b(\d{1,2})(?:er)? ?[ /.,-] ?(\d{1,2}) ?[ /.,-] ?(\d{4}|\d\d)\b")
_YEAR_FIRST: Final = re.compile(r"(?<!\d)(\d{4})[-/.]?(\d\d)[-/.]?(\d\d)(?!\d)")
_RUN_TOGETHER: Final = re.compile(r"(?<!\d)(\d\d)(\d\d)((?:19|20)\d\d)(?!\d)")
_NAMED: Final = re.compile(r"(\d{1,2})(?: ?i?er)?[ .-]*(" + "|".join(_MONTHS) + r")[a-z]*[ .,-]*'?(\d{4}|\d\d)\b")
_PIVOT: Final = 30


def read_date(text: str) -> dt.date | None:
    """Read a date in any of the forms that notes and records use; None when the text holds no whole date.

    Two-digit years up to 30 are of this century.

    Example:
        >>> [str(read_date(text)) for text in ("12/03/1950", "1950-03-12", "12 mars 50", "19500312", "mars 1950")]
        ['1950-03-12', '1950-03-12', '1950-03-12', '1950-03-12', 'None']
    """
    folded = fold(text)
    if match := _YEAR_FIRST.search(folded):
        year, month, day = match.groups()
        if date := _date(year, month, day):
            return date
    if match := _DAY_FIRST.search(folded) or _RUN_TOGETHER.search(folded):
        day, month, year = match.groups()
        return _date(year, month, day)
    if match := _NAMED.search(folded):
        return _date(match[3], str(_MONTHS.index(match[2]) + 1), match[1])
    return None


def _date(year: str, month: str, day: str) -> dt.date | None:
    number = int(year)
    if len(year) == 2:
        number += 2000 if number <= _PIVOT else 1900
    try:
        return dt.date(number, int(month), int(day))
    except ValueError:
        return None
