"""Which numbers and addresses of a note identify by their own shape or by the words before them: phones, NIR, IPP, mail..."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from transforms.notes.labels import CONTEXT, FIELD, LEXICON, PATTERN, WHOLE, Find, Label
from transforms.notes.openings import Opening

if TYPE_CHECKING:
    from collections.abc import Iterator

    from transforms.notes.note import Note

_MAILBOX: Final = r"(?<![\w.+-])[a-z][\w+-]*(?:(?:\.| \. )[\w+-]+){0,8} ?"
_MAIL: Final = re.compile(
    _MAILBOX
    + r"(?:@\n?|\(at\)|\[at\]|\(a\)| at (?=[\w-]+\.(?:fr|com)\b)|\(arobase\)) ?[\w-]+(?: ?\. ?[\w-]+)*? ?(?:\.|\(point\)|\[dot\]) ?(?:[a-z]{2,10})\b(?:\.[a-z]{2,4}\b)?"
)
_URL: Final = re.compile(
    r"\b(?:https?://|ftp://|www\.)[^\s<>\"'()\[\],;]*[\w/]|(?<![@\w.-])[a-z0-9](?:[\w-]*[a-z0-9])?(?:\.[\w-]+)*\.(?:fr|com|org|net|eu|info|io|sante|paris|bzh)(?![\w.-]*[@\w])(?:/[^\s<>\"'()\[\],;]*[\w/])?"
)
_MISREAD_PHONE: Final = re.compile(r"(?<![a-z0-9])[o0][1-9li](?:[ .]?[0-9oils]{2}){4}(?![a-z0-9])")
_URL_SIGNS: Final = (
    "www.",
    "http",
    ".fr",
    ".com",
    ".org",
    ".net",
    ".eu",
    ".info",
    ".io",
    ".sante",
    ".paris",
    ".bzh",
    "ftp:",
)
_IBAN: Final = re.compile(
    r"\b(?:fr|be|de|es|it|lu|ch|mc|gb|pt|nl)\d{2}(?:[ .-]?[0-9a-z]{4}){3,7}(?:[ .-]?[0-9a-z]{1,3})?\b"
)
_NIR: Final = re.compile(
    r"(?<![\d,/+])(?<!\d[.-])[1-478](?:[ ._-]{0,2}\d){4}[ ._-]{0,2}(?:\d[ ._-]?\d|2[ ._-]?[ab])(?:[ ._-]{0,2}\d){6}"
    r"(?P<key>[ ._/-]{0,3}(?:\(?(?:cle|key)[ :]*)?\d[ ]?\d\)?)?(?!\d|[.,-]\d)"
)
_PHONE: Final = re.compile(
    r"(?!\d\d[./-]\d\d[./-](?:19|20)\d\d\b)(?<![\d.,/+-])(?<!\d )(?:(?:\+|00) ?33\)?[ .-]?(?:\(0\))?[ .-]?[1-9]|\(?0 ?[1-9]\)?)(?:(?:[ ._-]{0,3}\d{2}){4}|(?:/\d{2}){4}|(?:[ ._-]{0,3}\d){8}|[ .]\d{3}[ .]\d{3}[ .]\d{2}|\d{2}(?:[ .]\d{3}){2})(?!\d|[.,]\d)"
    r"|(?<![\d.,/+])(?:\+|00 ?)(?!33)[1-9]\d{0,2}[ .-]?(?:\(0\))?(?:[ .-]?\d){7,10}(?!\d|[.,]\d)"
    r"|(?<![\d.,/+])08\d{2}[ .]?(?:\d{3}[ .]?\d{3}|\d{2}[ .]\d{2}[ .]\d{2})(?!\d)"
)
_PHONE_FIELD: Final = re.compile(
    r"\b(?:tel(?:ephone|eph|ecopie|\.)?|phone|fax|telecopie|port(?:able)?|mobile|gsm|secr(?:etariat)?|standard|accueil|bip|dect|poste|rdv|urgences|int(?=\.? ?:? ?\d{4,5}\b)|interne(?= ?: ?\d{4,5}\b)|ligne directe|numero|appel(?:er)?|joindre|joignable|contact|prise de rdv)\b"
    r"(?: (?:du|de la|de|des|direct|fixe|domicile|travail|perso(?:nnel)?|pro(?:fessionnel)?|secretariat|service|mobile|portable|au|medical|garde|patient|medecin|le)\b){0,3}"
    r"[ .:°n/=-]{0,6}\(?(?P<number>\+?\d[\d .()_-]{1,20}\d)(?!/\d)(?![\d%]|,\d| ?(?:mg|ml|h\b|ans|jours))"
)
_ANNOUNCED_NUMBERS: Final[tuple[tuple[Label, str, str], ...]] = (
    (
        "SECU",
        r"(?:\b(?:nir|nss|ins|insee|i\.n\.s\.?|n\.i\.r\.?|assure(?:e)?)\b|secu(?:rite)?\.? ?(?:sociale|soc\.?)?|\bn[o°. ]{0,3}ss\b|immatriculation)(?: (?:du patient|patient|sociale|numero|n°))?(?:-nir|-c|-a)?",
        r"[1-478](?:[ ._-]{0,2}\d){4}[ ._-]{0,2}(?:\d[ ._-]?\d|2[ ._-]?[ab])(?:[ ._-]{0,2}\d){4,8}",
    ),
    (
        "NDA",
        (
            r"\b(?:nda|iep|episode|n\.d\.a\.?|dossier administratif|(?:numero|n[°o]?\.?|num\.?|no\.?|id|identifiant|ref(?:erence)?\.?)[ .]{0,2}(?:de |du |d')?(?:la )?(?:sejour|venue|passage|hospitalisation|admission|visite|dossier administratif|sej|hospit?|consultation|demande|prelevement|examen|intervention|operation|protocole|acte|accession|anapath)|(?:demande|operation|protocole|examen|prelevement|accession) ?n(?:°|o\b|umero)|demande(?= ?\d{8})|dossier de regulation(?: n°)?"
            r"|(?:sejour|venue|passage|admission|hospitalisation)[ ]?n(?:[°o]|umero)|(?:sejour|venue|passage) ?(?=: ?\d)|drm|(?:sejour|venue|passage)(?= {1,3}\d{6}))"
        ),
        r"(?:\d\d)?[a-z]{0,3}[ -]?\d[\d ./-]{3,14}\d",
    ),
    (
        "IPP",
        (
            r"\b(?:ipp|nip|i\.p\.p\.?|n\.i\.p\.?|iup|ipe|identifiant (?:permanent )?(?:du |de la |de )?(?:patiente?)?(?: permanent)?|id[ -]?patient|patient[ -]?id|id"
            r"|(?:numero|n[°o]?\.?|num\.?|no\.?|ref\.?)[ .]{0,2}(?:de |du |d')?(?:patiente?|dossier(?: (?:patient|medical|clinique))?|identification|ident|ipp)|dossier(?: (?:patient|medical|clinique))?(?: ?(?:n[°o]?|numero))?|patiente?(?= \d{5})|patiente? n[°o]|(?:nos |n\. ?|v\. ?|vos )?(?:ref|references?)\.?)"
            r"(?: ?\((?:ipp|nip)\))?(?: (?:du )?patient)?"
        ),
        r"[a-z]{0,4}[ /-]?\d(?:\d{2,}/\d+|(?:[ .-]?\d){3,15})",
    ),
    (
        "RPPS",
        r"\b(?:rpps|r\.p\.p\.s\.?|adeli|agrement)(?: (?:du )?(?:medecin|praticien|prescripteur))?",
        r"\d[\d -]{7,14}\d",
    ),
    (
        "FINESS",
        r"\b(?:finess|n°f)(?: (?:juridique|geographique|geo|et|ej|\(et\)|\(ej\)))?",
        r"[0-9][0-9ab][\d ]{6,10}\d",
    ),
    ("IBAN", r"\b(?:iban|rib)", r"(?:[a-z]{2} ?\d{2}|\d{5})(?:[ .-]?[0-9a-z]{2,5}){3,8}"),
)
_CODED: Final = tuple(
    (label, Opening(re.compile(before + r"[ .:°#=/n|\t-]{0,16}(?:est le |est |le )?(?P<number>" + number + ")")))
    for label, before, number in _ANNOUNCED_NUMBERS
)
_FRENCH_ACCOUNT: Final = re.compile(r"fr\d{12}[0-9a-z]{11}\d{2}")
# `N° CAF 4471203`, `N° AFFAIRE : 02-230617-00418`: whatever is numbered, but devices, laws and rooms.
_NUMBERED: Final = Opening(
    re.compile(
        r"\b(?:n[°º]|numero|matricule|affaire|mission|allocataire|adherent|mutuelle|badge|permis|passeport|cni|titre de sejour) ?(?!(?:de |du |des )?(?:lot|devis|am\b|serie|article|decret|loi|circulaire|arrete|ordonnance|modele|chambre|lit|box|salle|version|sonde|canule|lame|tube|cycle|cure|seance|perfusion|prothese|implant|vis|fil|aiguille|norme|finess|rpps|adeli)\b)"
        r"(?:(?:de |du |d'|des |la )?[a-z]{2,14}[ .']{1,2}){1,3}[:=]? ?(?P<number>[a-z]{0,3}\d[\d ./-]{3,18}\d)(?![\d%]|[.,]\d| ?(?:mg|ml|g|ui|cm|mm|ans|euros?|e)\b)"
    )
)
# No measure has eight digits without a separator; identifiers of patients and stays do.
_LONG: Final = re.compile(r"(?<![\d.,/+a-z-])(?<!\d )\d{8,12}(?![\d%]|[.,/]\d| ?(?:/|ui|copies|mg|cfu|ufc))")
_DAY: Final = re.compile(r"\d{1,2}[ ./-]\d{1,2}[ ./-](?:19|20)?\d\d|(?:19|20)\d\d-\d\d-\d\d")
_CALL: Final = re.compile(
    r"\b(?:r?appelle[rsz]?|r?appeler|joindre|joignable|dispo[a-z]*|rappel)\b[^\n.;:]{0,25}? au (?P<number>\d{4}|\d\d \d\d)(?![\d/,]| ?\d)"
)
_RPPS: Final = re.compile(r"10[0-2]\d{8}")
_STAY_LENGTH: Final = 9
_FEWEST_DIGITS: Final = 5
# Where a note is dated; a bound, so that ten thousand numbers take no quadratic time.
_HEAD: Final = 4000
_BEHIND_DAY: Final = re.compile(r"\d[/.-](?:19|20)?\d\d(?: [/|;-] |[|;\t])(?P<number>\d{6,10})(?![\d/]|[.,]\d)")
_LETTERED: Final = re.compile(r"(?<![\w.,/+-])(?:[a-z]\d{7,10}|0(?![1-79])\d{6,8})(?![\w%]|[.,/]\d)")
# Optical reading takes 0 for O, 1 for l or I, 5 for S.
_MISREAD_NIR: Final = re.compile(
    r"(?:\b(?:nir|nss|ins)\b|\bss\b|secu(?:rite)? ?(?:sociale)?)[ .:°n]{1,5}(?P<number>[12il](?: ?[0-9oils]){12,14})(?![a-z0-9])"
)
_UNIT_AFTER: Final = re.compile(r" ?(?:mg|ml|g/|ui\b|mm|/mm|%|ans\b|jours?\b|kg|cm|euros?)")


_COUNTRIES: Final = frozenset(("fr", "be", "de", "es", "it", "lu", "ch", "mc", "gb", "pt", "nl"))
_CALLS: Final = Opening(_CALL)
_PHONE_FIELDS: Final = Opening(_PHONE_FIELD)
# `V2023-118734`, `31-2023-0098541`, `230412-0087`, `PD/MG/2023-0412`: numbers of files, stays and requests.
_FILED: Final = re.compile(
    r"(?<![\w.,/-])(?:(?:20)?[12]\d[A-Z]{1,2}\d{5,7}|[A-Z]{1,4}[-./]?\d{2,4}[-./]\d{4,7}|\d{2,4}-(?:19|20)\d\d-\d{4,8}|[12]\d-\d{6,8}|(?:19|20)\d\d/\d{5,7}|\d{6}-\d{3,5}|[A-Z]{2,3}/[A-Z]{2,3}/\d{2,4}-\d{3,6})(?![\w%]|[-./,]\d)"
)
_MISREAD_NIRS: Final = Opening(_MISREAD_NIR)
_BOX: Final = re.compile(_MAILBOX + r"\Z")
_MAIL_SIGNS: Final = ("@", "(at)", "[at]", "(a)", "(arobase)", " at ")
_DOTTED: Final = re.compile(r"\.[a-z]")
_BLANK: Final = re.compile(r"\s")
# RFC 5321, 4.5.3.1.3: an address has 254 characters at most.
_LONGEST_MAIL: Final = 254
_NOUGHTS: Final = frozenset("o0")
_LOOKALIKES: Final = frozenset("oils")
_NIR_FIRST: Final = frozenset("12478")
_LONG_FROM: Final = 8
# What is printed on a device says nothing of whom it was put into.
_DEVICE: Final = ("lot ", "lot : ", "lot n° ", "lot n°", "lot:", "serie ", "sn ", "gtin ", "udi ")
_PARTED: Final = ("-", ".", "/")
_LONGEST_PREFIX: Final = 9
_LETTERED_FROM: Final = 6
_LETTERED_TO: Final = 10


def find_codes(note: Note) -> Iterator[Find]:
    """Find mail addresses, URLs, phones, NIRs (spaced, without or with a wrong key), IBANs, and the numbers that a word announces.

    Example:
        >>> from transforms.notes.labels import resolve
        >>> from transforms.notes.note import Note
        >>> text = "IPP : 8001234567, tél. 04.72.00.00.00, NIR 1 85 05 78 006 084 36"
        >>> [(text[start:end], label) for start, end, label in resolve(find_codes(Note(text)), text)]
        [('8001234567', 'IPP'), ('04.72.00.00.00', 'TEL'), ('1 85 05 78 006 084 36', 'SECU')]
    """
    yield from _electronic(note.folded)
    yield from _shaped(note)
    yield from _announced(note)


def _electronic(folded: str) -> Iterator[Find]:
    if "@" in folded or "(a" in folded or "[at]" in folded:
        ats = {at for sign in _MAIL_SIGNS if sign in folded for at in _places(folded, sign)}
        behind = 0
        for at in sorted(ats):
            if at < behind:
                continue
            # No mailbox goes over a sign, so that each place is looked at once.
            box = _BOX.search(folded, max(behind, at - _LONGEST_MAIL), at)
            behind = at + 1
            if box and (mail := _MAIL.match(folded, box.start(), at + _LONGEST_MAIL)):
                behind = mail.end()
                yield Find(mail.start(), behind, "MAIL", WHOLE)
    if not ("www." in folded or "http" in folded or "ftp:" in folded or _DOTTED.search(folded)):
        return
    signs = {at for sign in _URL_SIGNS if sign in folded for at in _places(folded, sign)}
    behind = 0
    for at in sorted(signs):
        if at >= behind:
            start = max(folded.rfind(" ", behind, at), folded.rfind("\n", behind, at), behind - 1) + 1
            blank = _BLANK.search(folded, at)
            behind = blank.start() if blank else len(folded)
            yield from (Find(url.start(), url.end(), "URL", WHOLE) for url in _URL.finditer(folded, start, behind))


def _places(folded: str, sign: str) -> Iterator[int]:
    at = folded.find(sign)
    while at >= 0:
        yield at
        at = folded.find(sign, at + 1)


def _shaped(note: Note) -> Iterator[Find]:
    folded = note.folded
    for place, end in note.runs:
        if folded[max(0, place - 2) : place] in _COUNTRIES:
            account = _IBAN.match(folded, place - 2)
            if account and (_sums(account[0]) or _FRENCH_ACCOUNT.fullmatch(_digits(account[0]))):
                yield Find(account.start(), account.end(), "IBAN", PATTERN)
        nir = _NIR.match(folded, place) if folded[place] in _NIR_FIRST else None
        if nir and _is_nir(nir[0], keyed=nir["key"] is not None):
            yield Find(nir.start(), nir.end(), "SECU", PATTERN)
        before = folded[max(0, place - 1) : place]
        start = place - (before == "+" or (before == "(" and folded[place + 2 : place + 3] == ")"))
        if (start < place or folded[place] == "0") and (
            match := _PHONE.match(folded, start) or _PHONE.match(folded, place)
        ):
            yield Find(match.start(), match.end(), "TEL", PATTERN)
        if (
            end - place >= _LONG_FROM
            and not folded.endswith(_DEVICE, 0, place)
            and (match := _LONG.match(folded, place))
        ):
            yield Find(match.start(), match.end(), "RPPS" if _RPPS.fullmatch(match[0]) else "IPP", LEXICON)


def _announced(note: Note) -> Iterator[Find]:
    folded = note.folded
    yield from (Find(*match.span("number"), "TEL", CONTEXT) for match in note.matches(_CALLS))
    for match in note.matches(_PHONE_FIELDS):
        if sum(map(str.isdigit, match["number"])) >= 3:
            yield Find(match.start("number"), match.end("number"), "TEL", CONTEXT)
    yield from _misread(note)
    for label, opening in _CODED:
        for match in note.matches(opening):
            if not (_UNIT_AFTER.match(folded, match.end()) or _DAY.fullmatch(match["number"].strip())):
                stay = label == "IPP" and match[0].startswith("dossier") and _of_year(match["number"], folded)
                yield Find(match.start("number"), match.end("number"), "NDA" if stay else label, FIELD)
    for match in note.matches(_NUMBERED):
        number = match["number"]
        if sum(map(str.isdigit, number)) >= _FEWEST_DIGITS and not _DAY.fullmatch(number.strip()):
            yield Find(*match.span("number"), "NDA", LEXICON)
    yield from _unannounced(note)
    yield from _filed(note)


def _unannounced(note: Note) -> Iterator[Find]:
    """Find a number behind a day and a bar, as lists of stays have it, and one with a letter or noughts before it."""
    folded = note.folded
    for place, end in note.runs:
        if _LETTERED_FROM <= end - place <= _LETTERED_TO:
            for match in _BEHIND_DAY.finditer(folded, max(0, place - 12), end + 3):
                if match.start("number") == place:
                    yield Find(*match.span("number"), "IPP", LEXICON)
            if lettered := _LETTERED.match(folded, place) or _LETTERED.match(folded, max(0, place - 1)):
                yield Find(lettered.start(), lettered.end(), "IPP", LEXICON)


def _filed(note: Note) -> Iterator[Find]:
    """Find the numbers that only files have, by their shape: an index, a year and a serial number."""
    behind = 0
    for place, end in note.runs:
        if place >= behind and (note.text[end : end + 1] in _PARTED or note.text[end : end + 1].isupper()):
            start = place
            while (
                start
                and place - start < _LONGEST_PREFIX
                and (note.text[start - 1].isupper() or note.text[start - 1] in "/-.")
            ):
                start -= 1
            if match := _FILED.match(note.text, start) or _FILED.match(note.text, place):
                behind = match.end()
                yield Find(match.start(), match.end(), "NDA", LEXICON)


def _misread(note: Note) -> Iterator[Find]:
    """Find phones and NIRs in which optical reading took digits for letters."""
    folded = note.folded
    if not any(
        folded[end : end + 2].lstrip(" ")[:1] in _LOOKALIKES
        or folded[max(0, start - 2) : start].rstrip(" ")[-1:] in _LOOKALIKES
        for start, end in note.runs
    ):
        return
    behind = 0
    # Six of its ten signs are digits, so that the first of them stands near its beginning.
    for place in sorted({place for start, _ in note.runs for place in range(max(0, start - 6), start + 1)}):
        if place >= behind and folded[place] in _NOUGHTS and (match := _MISREAD_PHONE.match(folded, place)):
            behind = match.end()
            if 6 <= sum(map(str.isdigit, match[0])) < 10:
                yield Find(match.start(), behind, "TEL", PATTERN)
    for match in note.matches(_MISREAD_NIRS):
        if sum(map(str.isdigit, match["number"])) >= 6:
            yield Find(match.start("number"), match.end("number"), "SECU", FIELD)


def _of_year(number: str, folded: str) -> bool:
    """Tell a stay's number, which begins with the year of a date in the note (`220636876`), from a patient's."""
    return len(number) == _STAY_LENGTH and re.search(rf"[/. -](?:20)?{number[:2]}(?!\d)", folded[:_HEAD]) is not None


def _digits(text: str) -> str:
    return "".join(filter(str.isalnum, text))


def _sums(iban: str) -> bool:
    plain = _digits(iban)
    return int("".join(str(int(char, 36)) for char in plain[4:] + plain[:4])) % 97 == 1


def _is_nir(text: str, *, keyed: bool) -> bool:
    """Tell a NIR from any other 13 or 15 digits: a month that exists (or is a known stand-in), and a key or a left-out one."""
    plain = "".join(filter(str.isdigit, text))
    month = int(plain[3:5])
    return (1 <= month <= 12 or 20 <= month <= 42 or 50 <= month <= 99) and (keyed or len(plain) >= 12)
