"""How is a written date moved by some days and written again in its own form?"""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Final

from transforms.notes.note import fold

if TYPE_CHECKING:
    from collections.abc import Callable

_MONTHS: Final = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)
_DAYS: Final = (
    "lundi",
    "mardi",
    "mercredi",
    "jeudi",
    "vendredi",
    "samedi",
    "dimanche",
)
_IN_WORDS: Final = (
    "premier",
    "deux",
    "trois",
    "quatre",
    "cinq",
    "six",
    "sept",
    "huit",
    "neuf",
    "dix",
    "onze",
    "douze",
    "treize",
    "quatorze",
    "quinze",
    "seize",
    "dix-sept",
    "dix-huit",
    "dix-neuf",
    "vingt",
    "vingt-et-un",
    "vingt-deux",
    "vingt-trois",
    "vingt-quatre",
    "vingt-cinq",
    "vingt-six",
    "vingt-sept",
    "vingt-huit",
    "vingt-neuf",
    "trente",
    "trente-et-un",
)
_STARTS: Final = ("jan", "fe", "mar", "av", "mai", "juin", "jui", "ao", "se", "oc", "no", "de")
_ENGLISH: Final = {"jun": 6, "jul": 7, "apr": 4, "may": 5, "aug": 8}
_DAY_FIRST: Final = re.compile(r"(\d{1,2})(\D{1,3})(\d{1,2})(\D{1,3})(\d{4}|\d\d)")
_YEAR_FIRST: Final = re.compile(r"(\d{4})(\D?)(\d\d)(\D?)(\d\d)")
_RUN: Final = re.compile(r"(\d\d)()(\d\d)()(\d{4})")
_MONTH_YEAR: Final = re.compile(r"(\d{1,2})(\D{1,3})(\d{4})")
_DAY_MONTH: Final = re.compile(r"(\d{1,2})(\D)(\d{1,2})")
_YEARS: Final = re.compile(r"(\d{4})(?:(\D+)(\d{4}))?")
_NAMED: Final = re.compile(
    r"(?P<weekday>[a-z]+day,? |(?:lun|mar|mercre|jeu|vendre|same)di,? |dimanche,? )?(?:(?P<le>le ))?"
    r"(?P<day>\d{1,2}|[a-z][a-z -]*?)??(?P<er> ?i?er)?(?:(?P<to> ?(?:au|et|-|a|ou) ?)(?P<last>\d{1,2})(?: ?er)?)?(?P<gap>[ .-]*)"
    r"(?P<month>jan[a-z]*|f[e]v?r?[a-z]*|mar[a-z]*|avr[a-z]*|apr|may|mai|jui[a-z]*|jun|jul[a-z]*|aou[a-z]*|aug|sep[a-z]*|oct[a-z]*|nov[a-z]*|dec[a-z]*)(?P<dot>\.?)(?:(?P<space>[ ,./-]*'?)(?P<year>\d{4}|\d\d))?"
)
# A date without a year is moved as if it were of this one, a leap year, so that 29 February exists.
_SOME_YEAR: Final = 2020


def move_date(text: str, days: int) -> str | None:
    """Move a written date by `days` and write it in the form that it had; None when the form isn't known.

    What the form leaves out stays out: `mars 2021` is moved from the middle of the month, `2021` from the middle of the
    year, a weekday follows the new day.

    Args:
        text: A date as it stands in a note, without the words around it.
        days: How far, forward or back.

    Example:
        >>> [move_date(text, 30) for text in ("03/03/21", "2021-03-03", "lundi 1er mars 2021", "MARS 2021", "trois mars")]
        ['02/04/21', '2021-04-02', 'mercredi 31 mars 2021', 'AVRIL 2021', 'deux avril']
    """
    plain = " ".join(fold(text).replace("\n", " ").split())
    shift = dt.timedelta(days=days)
    try:
        moved = _moved(plain, shift)
    except (ValueError, OverflowError):
        return None
    if moved is None:
        return None
    if text.isupper() and any(map(str.isalpha, text)):
        return moved.upper()
    return moved.capitalize() if text[:1].isupper() and not text[1:2].isupper() else moved


def _moved(plain: str, shift: dt.timedelta) -> str | None:
    for pattern, order in ((_DAY_FIRST, "dmy"), (_YEAR_FIRST, "ymd"), (_RUN, "dmy")):
        if (match := pattern.fullmatch(plain)) and (moved := _numeric(match, order, shift)):
            return moved
    if match := _MONTH_YEAR.fullmatch(plain):
        day = dt.date(int(match[3]), int(match[1]), 15) + shift
        return f"{day.month:0{len(match[1])}d}{match[2]}{day.year}"
    if match := _DAY_MONTH.fullmatch(plain):
        day = dt.date(_SOME_YEAR, int(match[3]), int(match[1])) + shift
        return f"{day.day:0{len(match[1])}d}{match[2]}{day.month:0{len(match[3])}d}"
    if match := _YEARS.fullmatch(plain):
        first = (dt.date(int(match[1]), 7, 1) + shift).year
        return f"{first}{match[2]}{(dt.date(int(match[3]), 7, 1) + shift).year}" if match[3] else str(first)
    if match := _NAMED.fullmatch(plain):
        return _named(match, shift)
    return None


def _numeric(match: re.Match[str], order: str, shift: dt.timedelta) -> str | None:
    parts = dict(zip(order, match.group(1, 3, 5), strict=True))
    try:
        day = dt.date(_year(parts["y"]), int(parts["m"]), int(parts["d"])) + shift
    except ValueError:
        return None
    written = {
        name: f"{number:0{len(parts[name])}d}" for name, number in (("y", day.year), ("m", day.month), ("d", day.day))
    }
    written["y"] = written["y"][-len(parts["y"]) :]
    return "".join((written[order[0]], match[2], written[order[1]], match[4], written[order[2]]))


def _named(match: re.Match[str], shift: dt.timedelta) -> str | None:
    month = _ENGLISH.get(match["month"]) or next(
        number for number, start in enumerate(_STARTS, 1) if match["month"].startswith(start)
    )
    year = _year(match["year"]) if match["year"] else _SOME_YEAR
    number, write = _day_of(match["day"])
    if match["day"] and number is None:
        return None
    day = dt.date(year, month, number or 15) + shift
    pieces = [f"{_DAYS[day.weekday()]} " if match["weekday"] else "", match["le"] or ""]
    if number is not None:
        pieces.append(write(day.day))
        if match["last"]:
            last = dt.date(year, month, int(match["last"])) + shift
            if last.month != day.month:
                return None
            pieces += (match["to"], str(last.day))
        pieces.append(match["gap"] or " ")
    name = _MONTHS[day.month - 1]
    short = match["dot"] or len(match["month"]) < len(fold(_MONTHS[month - 1]))
    pieces.append(f"{name[:4] if len(name) > 5 else name}{match['dot']}" if short else name)
    if match["year"]:
        pieces += (match["space"], f"{day.year:04d}"[-len(match["year"]) :])
    return "".join(pieces)


def _day_of(written: str | None) -> tuple[int | None, Callable[[int], str]]:
    if written and written.isdigit():
        return int(written), lambda day: "1er" if day == 1 else str(day)
    words = (written or "").replace(" ", "-")
    number = _IN_WORDS.index(words) + 1 if words in _IN_WORDS else None
    return number, lambda day: _IN_WORDS[day - 1].replace("-et-", " et ")


def _year(written: str) -> int:
    number = int(written)
    return number if len(written) == 4 else number + (2000 if number <= 30 else 1900)
