"""Where does a note give a day, a month or a year of somebody's life, in whatever form French writes it?"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from transforms.notes.labels import FIELD, LEXICON, PATTERN, Find
from transforms.notes.openings import Opening
from transforms.notes.words import word_set

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from transforms.notes.note import Note

_MONTH: Final = (
    r"(?:janvier|janv\.?|jan\.|fevrier|fevr\.?|fev\.?|mars|avril|avr\.?|mai|juin|juillet|juil\.?|jul\.|aout|septembre|sept\.?"
    r"|octobre|oct\.?|novembre|nov\.?|decembre|dec\.?)(?![a-z])"
)
_WEEKDAY: Final = r"(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)"
_WEEKDAY_SHORT: Final = r"(?:lun|mar|mer|jeu|ven|sam|dim)\.?"
_UNITS: Final = "un|deux|trois|quatre|cinq|six|sept|huit|neuf"
_DAY_IN_WORDS: Final = (
    r"(?:premier|vingt et un|trente et un|vingt[ -](?:deux|trois|quatre|cinq|six|sept|huit|neuf)|trente|vingt"
    r"|dix[ -](?:sept|huit|neuf)|dix|onze|douze|treize|quatorze|quinze|seize|deux|trois|quatre|cinq|six|sept|huit|neuf)"
)
_YEAR: Final = r"(?:19|20)\d\d"
_YEAR_IN_WORDS: Final = rf"(?:deux[ -]mille|mille[ -]neuf[ -]cents?)(?:[ -](?:vingt|trente|quarante|cinquante|soixante|quatre|dix|onze|douze|treize|quatorze|quinze|seize|et|{_UNITS})s?)*"
_DAY: Final = r"(?:3[01]|[12]\d|0?[1-9])"
_MM: Final = r"(?:1[0-2]|0?[1-9])"
_NOT_INSIDE: Final = r"(?<![\d/.,+-])(?<!\d )"

_NUMERIC: Final = re.compile(
    # 03/03/2021, 3.3.21, 03 - 03 - 2021; the same separator twice
    rf"(?<![\d/+])(?<!\d[.,-]){_DAY}(?P<sep> ?[/.-] ?){_MM}(?P=sep)(?:{_YEAR}|\d\d)(?![\d/]|[.,-]\d|%| ?(?:mg|ml|g/|mm|cm)\b)"
    # 03-MAR-2021
    rf"|(?<![\d/+]){_DAY}(?P<abbr>[ /.-])(?:jan|feb|fev|mar|apr|avr|may|mai|jun|jul|aug|aou|sep|oct|nov|dec)(?P=abbr)(?:{_YEAR}|\d\d)(?!\d)"
    # 7.XI.2022, 12/IV/21
    rf"|(?<![\d/+]){_DAY}(?P<roman>[/.-])(?:i{{1,3}}|iv|vi{{0,3}}|ix|xi{{0,2}})(?P=roman)(?:{_YEAR}|\d\d)(?![\d/])"
    # 2021-03-03, 2021/03/03, with or without a time after it
    rf"|(?<![\d/.,-]){_YEAR}(?P<iso>[-/.])(?:1[0-2]|0[1-9])(?P=iso)(?:3[01]|[12]\d|0[1-9])(?:t\d\d:\d\d(?::\d\d)?z?)?(?!\d|[/.-]\d)"
    # 03 03 2021
    rf"|{_NOT_INSIDE}(?:3[01]|[12]\d|0[1-9])[ \n](?:1[0-2]|0[1-9])[ \n]{_YEAR}(?! ?\d)"
    # `RCP du 15 02 23`
    rf"|(?:(?<=\bdu )|(?<=\ble )|(?<=// )|(?<=date : )|(?<=date ))(?:3[01]|[12]\d|0[1-9]) (?:1[0-2]|0[1-9]) \d\d(?=\n|\Z| ?[-,.;)])"
    # 03/2021, 3-2021
    rf"|(?<![\d/.,+-])(?<!\d[ /]){_MM} ?[/-] ?{_YEAR}(?![\d/]|[.,]\d|-\d)"
    # 03.2021
    rf"|(?<![\d/.,+-])(?:1[0-2]|0[1-9])\.{_YEAR}(?![\d/]|[.,-]\d)"
    # 20210303104500+0100, as HL7 writes it
    rf"|(?<![\d/.,+-]){_YEAR}(?:1[0-2]|0[1-9])(?:3[01]|[12]\d|0[1-9])(?:[01]\d|2[0-3])[0-5]\d(?:[0-5]\d(?:\.\d+)?)?(?:[+-]\d{{4}})?(?!\d)"
    # 03 / 03 / 20 21
    rf"|(?<![\d/+]){_DAY} / {_MM} / (?:19|20) \d\d(?!\d)"
    # 20210303 or 03032021, alone
    rf"|(?:(?<![\d/.,+-])|(?<=[a-z]/))(?<!\d )(?:(?:19[2-9]|20[0-4])\d(?:1[0-2]|0[1-9])(?:3[01]|[12]\d|0[1-9])|(?:3[01]|[12]\d|0[1-9])(?:1[0-2]|0[1-9])(?:19[2-9]|20[0-4])\d)(?!\d|[/.,-]\d| \d)"
)
# Optical reading takes 0 for O and 1 for l or I.
_MISREAD: Final = re.compile(r"(?<![a-z0-9/])[0-3oli][0-9oli]/[01oli][0-9oli]/(?:[0-9oli]{4}|[0-9oli]{2})(?![a-z0-9/])")
_MONTH_WORD: Final = re.compile(rf"(?<![a-z]){_MONTH}")
_DAY_BEFORE: Final = re.compile(
    rf"(?:\b(?:{_WEEKDAY}|{_WEEKDAY_SHORT}),? (?:le )?)?"
    rf"(?:(?<![\d,.])(?:1 ?er|1 ?ier|{_DAY})(?: ?(?:au|et|-|a|ou) ?(?:1 ?er|{_DAY}))?|\b{_DAY_IN_WORDS})(?:[ .-]{{1,2}}|(?<=\d))$"
)
_YEAR_BEHIND: Final = re.compile(
    rf" (?:dernier|prochain)\b|[ ,./-]{{0,2}}(?:de l'annee )?(?:{_YEAR}(?!\d)|'?\d\d(?![\d:h]|,\d| ?(?:h|mg|ml|ans)\b)|{_YEAR_IN_WORDS})"
)
_YEAR_OF_MONTH: Final = re.compile(
    rf" (?:[12]\d|9\d)(?=[.,;)\n]|\Z)|"
    rf"[ -]{{1,2}}(?:(?:de|de l'annee|dernier|a|et) )?(?:{_YEAR}(?!\d)|'\d\d\b|{_YEAR_IN_WORDS})"
)
_IN_MONTH: Final = re.compile(r"\b(?:en|depuis|debut|fin|mi|mois de|courant|de|des|vers|jusqu'en|d')[ -]?$|\brappel $")
# A day and a month, or a weekday and a day, count only after a word that announces a day.
_ANNOUNCED: Final = re.compile(
    rf"\b(?:le|au|du|depuis le|jusqu'au|et le|vu|vue) (?P<dm>(?:{_WEEKDAY} )?(?:{_DAY}/(?:1[0-2]|0\d)|(?:0[1-9]|[12]\d|3[01])-(?:0[1-9]|1[0-2])(?=[.,;)\n]| (?:a|au|par|avec|pour|chez|en)\b)|(?:[12]\d|3[01]|0\d)[/.]{_MM}|[1-9]\.(?:0[1-9]|1[0-2])(?=[,;)\n]|\. | (?:a|au|par|avec|pour|chez)\b)|[4-9]/[1-9]|[1-3]/[5-9]|[1-9]/1[0-2](?=[.,;)\n]| (?:par|a|au|avec|pour|en|chez)\b)|[1-3]/[1-4](?=[.;,)\n]| :| (?:par|a|au|avec|pour|en|chez)\b)))(?![\d/%]|[.,]\d| ?(?:mmhg|mg|ml|g|kg|cm|mm|l|ui|e|h)\b)"
    rf"|(?:\A|\n)[ •*-]*(?P<start>{_DAY}/(?:1[0-2]|0?[1-9]))(?=[.:] ?[a-z]| [a-z]{{3}})"
    rf"|(?:^|\n)[ •*-]*(?P<head>(?:0[1-9]|[12]\d|3[01])[/.](?:0[1-9]|1[0-2]))(?=(?: a)? \d{{1,2}} ?[h:]| ?[:-] |\t| (?:matin|midi|soir|nuit|am|pm|apres)\b| [a-z]+ ?:)"
    rf"|\b(?P<named>(?:lun|mar|mer|jeu|ven|sam|dim)\.? {_DAY}[/.](?:1[0-2]|0[1-9]))(?![\d/%]|[.,]\d)"
    rf"|\b(?:vue?|faite?s?|demandee?s?|prevue?s?|soir|matin|nuit|garde|realisee?s?|entree?|sortie?|rdv(?: [a-z]+)?|opere?e?|recue?s?|datee?s?|depuis|irm|scanner|tdm|echo(?:graphie)?|radio|controle)(?: du| le)? (?P<act>{_DAY}/(?:1[0-2]|0?[1-9]))(?! (?:de|du|des|superieur|inferieur|moyen|distal|proximal)\b)(?![\d/%]|[.,]\d| ?(?:mmhg|mg|ml|g|kg|cm|mm|l|ui|e|h|inf|sup|moy|ext|int|dist|prox|post|ant)[a-z]*\b)"
    rf"|\b(?P<my>(?:(?<= rappel )|(?<= vac )|(?<= vat )|(?<= vaccin )|(?<= date )|(?<= atcd )|(?<= idm )|(?<= avc )|(?<= dernier )|(?<= derniere )|(?<= fait )|(?<= faite )|(?<= pose )|(?<= posee )|(?<= opere )|(?<= operee )|(?<= fin )|(?<= debut )|(?<= du )|(?<= en )|(?<=depuis )|(?<= de )|(?<=scanner )|(?<=irm ))(?:0[1-9]|1[0-2])/(?:1[3-9]|2\d))(?![\d/%]|[.,]\d| ?(?:mmhg|mg|ml))"
    # 14/02 with both zeros is a day, if no pressure or score stands before it
    rf"|(?<=[a-z:;,)>|] )(?<!\bta )(?<!\bpa )(?<!\bsur )(?<!\ba )(?<!\btension )(?<!\bscore )(?<!\bta : )(?<!\bpa : )(?<!\btension : )(?P<pad>(?:0[1-9]|[12]\d|3[01])/0[1-9])(?![\d/%]|[.,]\d| ?(?:mmhg|mg|ml|g|cm|mm)\b)"
)
# `du 03-01 au 09-01-2024`, `le 3 courant`, `(29/07)`, `saison 2023/2024`, `retour le 12`
_PARTIAL: Final = re.compile(
    rf"\b(?:du|de|entre le|entre) (?P<from>{_DAY}[/.-]{_MM})(?= ?(?:au|et le|et|a|-|jusqu'au) ?{_DAY}[/.-]{_MM}[/.-](?:{_YEAR}|\d\d)(?!\d))"
    rf"|\b(?:entretien|rendez-vous|rdv|seance|visite|passage|appel|consultation|cs|reunion|staff|garde|bilan|nuit|soiree|avis|courrier|lettre|mail|irm|scanner|tdm|echo|prelevement) du (?P<event>{_DAY})(?=[.,;:)\n]|\Z| (?:avec|par|chez|au|a|pour|matin|soir|et)\b)"
    rf"|\b(?:le|du|au|ce) (?P<courant>{_DAY} (?:courant|ct|crt|du mois|dernier|prochain))\b"
    rf"|\((?P<brackets>(?:0[1-9]|1[3-9]|2\d|3[01])/(?:0[1-9]|1[0-2]))\)"
    rf"|\b(?:le|a partir du|jusqu'au|des le) (?P<clause>1er|{_DAY})(?=[.,;)\n]|\Z| a \d{{1,2}} ?h| (?:par|avec|pour|chez|si|matin|soir)\b)"
    rf"|\((?P<short>(?:0[1-9]|1[0-2])/(?:1[5-9]|2[1-9]))\)"
    rf"|\b(?:rdv|revient|revoir|reverrai|revu|revue|retour(?: (?:dom|domicile|a domicile))?|sortie?|sortira|entree?|part|partira|transfert|prevue?s?|reservee?s?|programmee?s?|bloc(?: [a-z])?|opere|operee|vu|vue|depuis|passe|passera|vient|viendra|reconvoquee?|ablation)(?: pour)? (?:le|du|au) (?P<day>{_DAY})(?=[.,;)\n]|\Z| (?:si|par|avec|pour|a|chez|au|matin|apres)\b)"
)
_SEASON: Final = re.compile(
    rf"\b(?:saison|annee(?: (?:scolaire|universitaire))?|campagne|hiver|exercice|periode) (?P<season>{_YEAR} ?[/-] ?(?:{_YEAR}|\d\d))(?!\d)"
)
_LOOKALIKES: Final = frozenset("oil")
_STROKES: Final = frozenset("/.-")
_PARTS: Final = frozenset("/%")
_DECIMAL: Final = re.compile(r"[.,][0-9]")
_BEFORE_DAY: Final = ("le ", "du ", "au ", "de ", "re ", "(")
_BEFORE_LONE_DAY: Final = ("le ", "du ", "au ")
_DAY_SIGNS: Final = frozenset("/.-")
_BEFORE_FIRST: Final = ("du ", "le ", "les ", "des ")
# What `lundi`, `dimanche`, `mar.`, `jeu`, `ven`, `sam` end with.
_WEEKDAY_ENDS: Final = ("i ", "e ", ". ", "n ", "r ", "u ", "m ")
_WEEKDAY_BEFORE: Final = re.compile(rf"\b(?:{_WEEKDAY}|{_WEEKDAY_SHORT}) \Z")
_CLAUSE_END: Final = re.compile(r" ?(?:[.,;)\n]|\Z)")
_WHOLE_MONTHS: Final = word_set("janvier fevrier avril juin juillet aout septembre octobre novembre decembre")
_ALONE: Final = ("first", "next", "paren", "line", "end", "bare")
_TWO: Final = 2
_FROM_DAY: Final = re.compile(
    rf"\b(?:du|entre le|les?|des) (?P<day>{_DAY})(?:er)?(?:, (?P<next>{_DAY}))?,? (?:au|et(?: le)?|a) (?:le )?(?={_DAY}(?:er)?(?:[ ./-](?:{_MM}[./-]|{_MONTH})|/(?:1[0-2]|0?[1-9])(?!\d)))"
)
_YEAR_AFTER: Final = re.compile(
    rf"\b(?:en|depuis|debut|fin|annees?|courant|jusqu'en|jusque|avant|apres|(?P<season>ete|hiver|automne|printemps|noel|paques|toussaint|rentree|pentecote|ascension|ramadan)|des|vers|a partir de"
    rf"|de|entre|et|a|remonte a|date de|c'etait en|mi)[ -](?:l'annee )?(?:environ )?(?P<year>{_YEAR})(?P<to> ?(?:-|a|et|/) ?{_YEAR})?(?![\d.,]\d|\d| ?(?:mg|ml|g|ui|kcal|cal|cc|m|metres|euros|el|e|leucocytes|/mm3|/mm|/ml|/l|mm3|pas|copies|elements|u|ng|pg|µg|ug|kg|cm|mm|vs|%)\b)"
)
_MEASURED: Final = (
    r"mg|ml|grammes|kcal|cal|cc|metres|euros|leucocytes|pas|copies|elements|unites|puis|u/|ui|ng|pg|ug|kg|cm|mm|vs"
)
_YEAR_ALONE: Final = re.compile(
    rf"(?:(?<=\()(?P<first>{_YEAR})(?=[,;]| [a-z]{{3}})|(?<=(?:19|20)\d\d[,;] )(?P<next>{_YEAR})(?![\d/.-])|\((?P<paren>{_YEAR})(?P<pto> ?[-/] ?{_YEAR})?\)|(?:^|\n)[ \t*•-]*(?P<line>{_YEAR})(?P<lto> ?[-/] ?{_YEAR})?(?= ?[:;,-]| [a-z])|(?<=[a-z])(?:,| :|,? -)? (?P<end>{_YEAR})(?=[ ]?(?:[;.,)(]|\n|$)(?!\d))"
    # `idm 2014 stente`, `PTH G 2011 + PTG`
    rf"|(?<=[a-z]{{2}}) (?:[dg] )?(?P<bare>{_YEAR})(?= (?:[a-z]{{3}}|[+/&(-] ?[a-z]|a |au |et |en ))(?! (?:{_MEASURED})))"
)
# `BNP 1980 puis 450`: an amount behind what a laboratory measures.
_AMOUNT: Final = re.compile(
    r"\b(?:bnp|pro-?bnp|cpk|ck|ferritine|d-?dimeres|lipase(?:mie)?|amylase|asat|alat|ggt|pal|ldh|gb|plaquettes|plq|leucocytes|leuco|crp|pct|tropo(?:nine)?|dfg|volume|diurese|poids|pn|calories|kcal|dose|total|lot|ref(?:erence)?|n[°o]|numero|modele|serie|chambre|ch|poste|code|cp|bip|dect|version|windows|office|logiciel|gyne)\b[ a-z:=à-]{0,12}\Z"
)
_PUBLICATION: Final = re.compile(
    r"\b(?:vidal|cim|icd|oms|who|classification\w*|recommandations?|recos?|criteres?|consensus|version|v|has|esc|acc|aha|nccn|esmo|figo|tnm|uicc|ajcc|eular|acr|ada|easd|kdigo|gina|gold"
    r"|guidelines?|accords?|edition|arrete|decret|loi|rcp|score|dsm|bethesda|afssaps|ansm|protocole|referentiel|selon|et al\.?|coll\.?|sepsis|mcdonald|rotterdam|chicago|berlin|lugano|atlanta|tokyo|article|ssi|ifcn|iss|norme|iso)\b"
    r"[^.;\n]{0,25}$"
)
_LAW: Final = re.compile(
    r"\b(?:loi|decret|arrete(?= (?:ministeriel |interministeriel )?(?:du\Z|n[°o]))|circulaire|ordonnance n|directive|instruction n|journal officiel|recommandations?|has|esc|ansm|consensus|guide)\b[^.;:]{0,25}\Z"
)
_BIRTH_BEFORE: Final = re.compile(
    r"(?:\bnee?s?(?: ?\(e\)|\.e|e)?(?: ?: ?| a [^\n,.;]{2,40}?,? | )(?:[^\n]{0,3})(?:le |en |vers |: ?|a )?(?:le )?(?:l'annee )?(?:"
    + _WEEKDAY
    + r" )?"
    r"|\b(?:nee|ne\(e\)) [a-z' -]{2,30},? le |naissance[^\n\d]{0,12}[ :]*(?:le )?|\bdate (?:de )?nais{1,2}\.?[ :]*|\bddn ?[:.]? ?(?:le )?|\bd\.d\.n\.? ?[:.]? ?|\bdn ?:? ?|\bdate of birth ?: ?|\bdob ?: ?|\bbirth ?(?:time|date)\W{1,3}|\bnaiss?\.? ?(?:le)? ?:? ?|\(\d{1,3} (?:ans|mois)[^\d\n]{0,4} |\b(?:patiente?|concerne|identite|malade|nom) ?:[^\n:]{0,40}?[(,-] ?)$"
)

_OF_BIRTH: Final = Opening(_BIRTH_BEFORE, endings=("naissance",))
_OF_LAW: Final = Opening(_LAW)
_OF_PUBLICATION: Final = Opening(_PUBLICATION)
_AGE_SIGNS: Final = frozenset(" (-,")
_BEFORE_YEAR: Final = frozenset(" -")
_MARKS_BEFORE: Final = frozenset(["", *" -(\n\t*•"])
_WEEKDAYS: Final = Opening(re.compile(rf"\b{_WEEKDAY} (?:1er|{_DAY}(?:/{_MM})?)(?![\d/,.h]\d|h)"))
_MONTHS: Final = Opening(_MONTH_WORD)

# Who does not know the day of birth has it as 00 in a French record.
_UNKNOWN_DAY: Final = re.compile(rf"(?<![\d/.-])00[/.-](?:00|{_MM})[/.-]{_YEAR}(?!\d)")
_AGE_BEHIND: Final = re.compile(r" ?(?:\(|- ?|, ?)(?:age de )?\d{1,3} ?ans\b")
_SHORT_BIRTH: Final = re.compile(
    r"\b(?:ddn|dn|d\.d\.n\.?|nee?(?: le)?)[ :]{1,3}(?P<day>(?:3[01]|[12]\d|0[1-9])(?P<gap>[ .]?)(?:1[0-2]|0[1-9])(?P=gap)\d\d)(?!\d)"
)

_SHORT_BIRTHS: Final = Opening(_SHORT_BIRTH)
_SEASONS: Final = Opening(_SEASON)


def find_dates(note: Note) -> Iterator[Find]:
    """Find days, months and years; a date beside a word of birth is a DATE_NAISSANCE.

    Ages, durations and times of day stay, and so do the years of publications (`Vidal 2024`, `classification OMS 2016`).

    Example:
        >>> from transforms.notes.note import Note
        >>> text = "Née le 12/03/1950, vue le trois mars, TA 12/8"
        >>> [(text[start:end], label) for start, end, label, _ in find_dates(Note(text))]
        [('12/03/1950', 'DATE_NAISSANCE'), ('trois mars', 'DATE')]
    """
    yield from _numeric(note)
    for month in note.matches(_MONTHS, note.flat):
        yield from _around_month(note, month.start(), month.end())
    for match in note.matches(_WEEKDAYS):
        yield Find(*match.span(), "DATE", LEXICON)
    yield from _short(note)
    yield from _birth_runs(note)
    yield from _years(note)


def _numeric(note: Note) -> Iterator[Find]:
    folded = note.folded
    match = _NUMERIC.match
    for place in note.digits:
        if day := match(folded, place):
            named = (
                _WEEKDAY_BEFORE.search(note.flat, max(0, place - 14), place)
                if note.flat.endswith(_WEEKDAY_ENDS, 0, place)
                else None
            )
            yield from _dated(note, note.flat, named.start() if named else day.start(), day.end())
    for misread in _MISREAD.finditer(folded) if "/" in folded and _is_confused(note) else ():
        if any(map(str.isdigit, misread[0])) and not misread[0].replace("/", "").isdigit():
            yield from _dated(note, note.flat, misread.start(), misread.end())


def _is_confused(note: Note) -> bool:
    """Tell whether a letter that looks like a digit stands beside one."""
    folded = note.folded
    return any(
        folded[end : end + 1] in _LOOKALIKES or folded[max(0, start - 1) : start] in _LOOKALIKES
        for start, end in note.runs
    )


def _short(note: Note) -> Iterator[Find]:
    """Read days without a year: two numbers beside a stroke or dot, and days of a month behind `le`, `du`, `au`."""
    folded, flat = note.folded, note.flat
    runs = note.runs
    for number, (place, end) in enumerate(runs):
        if end - place > _TWO:
            continue
        parted = False
        sign = folded[end : end + 1]
        if sign in _STROKES and number + 1 < len(runs) and runs[number + 1][0] == end + 1:
            # Behind a day and a month stands no third number: `12/03/2021` is read whole.
            last = runs[number + 1][1]
            parted = (
                last - end - 1 > _TWO or folded[last : last + 1] in _PARTS or _DECIMAL.match(folded, last) is not None
            )
            if not parted:
                yield from _covering(_ANNOUNCED, folded, place, (place - 34, end + 24))
        if flat.endswith(_BEFORE_FIRST, 0, place):
            yield from _covering(_FROM_DAY, flat, place, (place - 9, end + 40))
        if folded.endswith(_BEFORE_DAY, 0, place) and (
            not (parted and sign == "/") if folded.endswith(_BEFORE_LONE_DAY, 0, place) else sign in _DAY_SIGNS
        ):
            yield from _covering(_PARTIAL, folded, place, (place - 44, end + 28))


def _covering(pattern: re.Pattern[str], text: str, place: int, around: tuple[int, int]) -> Iterator[Find]:
    """Give the groups of the pattern's match around `place`, if one of them begins there or goes over it."""
    for match in pattern.finditer(text, max(0, around[0]), around[1]):
        spans = [match.span(group) for group in match.re.groupindex if match[group]]
        if any(start <= place < end for start, end in spans):
            yield from (Find(start, end, "DATE", LEXICON) for start, end in spans)


def _birth_runs(note: Note) -> Iterator[Find]:
    folded = note.folded
    if "00/" in folded or "00." in folded or "00-" in folded:
        for match in _UNKNOWN_DAY.finditer(folded):
            yield Find(match.start(), match.end(), "DATE_NAISSANCE", FIELD)
    for match in note.matches(_SHORT_BIRTHS):
        yield Find(*match.span("day"), "DATE_NAISSANCE", FIELD)


def _years(note: Note) -> Iterator[Find]:
    for match in note.matches(_SEASONS):
        yield Find(*match.span("season"), "DATE", LEXICON)
    for match in _around(_YEAR_AFTER, note, _BEFORE_YEAR, lambda _, year: max(0, year - 34)):
        if not _is_published(note, match.start()):
            yield from _dated(note, note.folded, match.start("season" if match["season"] else "year"), match.end())
    for match in _around(_YEAR_ALONE, note, _MARKS_BEFORE, _line_start):
        start, end = match.span(next(name for name in _ALONE if match[name]))
        if not (_is_published(note, start) or (match["bare"] and _is_amount(note.folded, start))):
            yield Find(start, match.end("lto") if match["lto"] else end, "DATE", LEXICON)


def _around(
    pattern: re.Pattern[str], note: Note, signs: frozenset[str], begins: Callable[[str, int], int]
) -> Iterator[re.Match[str]]:
    """Give what the pattern matches around each year behind one of the signs, as a search through the whole note would."""
    folded, behind = note.folded, 0
    for year in note.years:
        if folded[max(0, year - 1) : year] in signs:
            for match in pattern.finditer(folded, max(behind, begins(folded, year)), year + 48):
                if match.start() <= year < match.end():
                    behind = match.end()
                    yield match


def _is_amount(folded: str, start: int) -> bool:
    return _AMOUNT.search(folded, max(0, start - 30), start) is not None


def _line_start(folded: str, year: int) -> int:
    """Give where a match around a year may begin: at the line's, if only marks of a list stand before, else four characters before."""
    line = folded.rfind("\n", max(0, year - 34), year)
    start = max(line, year - 34, 0)
    return start if not folded[start + (line >= 0) : year].strip(" \t*•-") else max(0, year - 4)


def _is_published(note: Note, place: int) -> bool:
    return (
        note.opens(_OF_PUBLICATION, place - 45, place)
        and _PUBLICATION.search(note.folded, max(0, place - 45), place) is not None
    )


def _around_month(note: Note, start: int, end: int) -> Iterator[Find]:
    """Read the day before a month and the year after it; a month alone counts after `en`, `depuis`..."""
    flat = note.flat
    if before := _DAY_BEFORE.search(flat, max(0, start - 32), start):
        after = _YEAR_BEHIND.match(flat, end)
        yield from _dated(note, flat, before.start(), after.end() if after else end)
    elif after := _YEAR_OF_MONTH.match(flat, end):
        yield from _dated(note, flat, start, after.end())
    elif (
        flat[start:end] in _WHOLE_MONTHS and _CLAUSE_END.match(flat, end) and flat[start - 2 : start - 1].isalpha()
    ) or (flat[start:end] not in {"avr", "sept"} and _IN_MONTH.search(flat, max(0, start - 12), start)):
        yield Find(start - 3 if flat.endswith("mi-", 0, start) else start, end, "DATE", LEXICON)


def _dated(note: Note, folded: str, start: int, end: int) -> Iterator[Find]:
    birth, law = note.opens(_OF_BIRTH, start - 80, start), note.opens(_OF_LAW, start - 80, start)
    aged = folded[end : end + 1] in _AGE_SIGNS and _AGE_BEHIND.match(folded, end) is not None
    before = ""
    if (
        birth
        or law
        or "(" in folded[max(0, start - 24) : start]
        or folded[max(0, start - 12) : start].rstrip().endswith("apgar")
    ):
        # `Né le ...... : 07.08.1972`: the dots of a form are no words.
        before = (
            " ".join(folded[max(0, start - 70) : start].replace("..", "").split())
            .replace(" .:", ":")
            .replace(" :", ":")
        )
    if aged or (before and _BIRTH_BEFORE.search(f"{before} ")):
        yield Find(start, end, "DATE_NAISSANCE", FIELD)
    elif not (before and (_LAW.search(before) or before.endswith("apgar"))):
        yield Find(start, end, "DATE", PATTERN)
