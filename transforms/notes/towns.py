"""Where does a note name a town: after a postal code, in a dateline, after a word of living, being born or travelling?"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from transforms.notes.commune_names import ARTICLES, MOST_WORDS, commune_end, may_follow_article
from transforms.notes.forms import CAPITALS, FORMS, Question
from transforms.notes.guards import DRUGS, EPONYMS, is_eponym
from transforms.notes.labels import CONTEXT, FIELD, LEXICON, PATTERN, Find
from transforms.notes.note import fold
from transforms.notes.openings import Opening
from transforms.notes.words import given_count, is_plain, surname_count, word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

    from transforms.notes.note import Note, Word

_TOWN: Final = r"[A-ZÀ-ÞŒ][\w'’-]*(?:\.(?= ?[A-ZÀ-Þ]))?(?:[ -](?:[A-ZÀ-ÞŒ][\w'’-]*|(?:de|du|des|la|le|les|en|sur|sous|lès|lez|aux?|à|d|l|et|da|do|dos)\b(?=[ -]|['’])|[dl]['’][A-ZÀ-Þ][\w'’-]*)){0,6}"
_ZIP: Final = r"(?:0[1-9]|[1-8]\d|9[0-578])[ .]?\d{3}"
_ZIP_TOWN: Final = re.compile(
    rf"(?<![\d.,/+])(?<!\d-)(?P<zip>{_ZIP})(?:[ ,-]{{1,3}}|\s{{0,2}}\n\s{{0,2}})(?P<town>{_TOWN})?(?P<cedex> ?(?:cedex|CEDEX|Cedex)(?: \d{{1,2}})?)?"
)
_ZIP_LOWER: Final = re.compile(rf"(?<![\d.,/+-])(?<!\d )(?P<zip>{_ZIP.lower()}) (?P<town>[a-z][a-z' -]{{2,40}})")
_ZIP_FIELD: Final = re.compile(r"\b(?:cp|code postal|c\.p\.|zip)[ :.]{1,4}(?P<zip>\d{2} ?\d{3})\b")
_ZIP_FIELDS: Final = Opening(_ZIP_FIELD)
_ZIP_BEHIND: Final = re.compile(rf"(?:(?<=[a-z] \(){_ZIP.lower()}(?=\))|(?<=[a-z], ){_ZIP.lower()}(?=[ .,;\n]|$))")
_UNITS_AFTER: Final = re.compile(
    r"[ ]?(?:/|mm|ui|u/|g/|elements?|el\b|leucocytes|plaquettes|gb\b|gr\b|cellules|copies|euros|e/|unites|hematies|globules|pas\b|a predominance)"
)
_CEDEX: Final = re.compile(r" ?cedex(?: \d{1,2})?")
_LETTER: Final = re.compile(r"[^\W\d_]")
_LIVES: Final = re.compile(
    r"\b(?:ville(?: de (?:naissance|residence))?|commune(?: de (?:naissance|residence))?|lieu de naissance|localite|city|nee?(?:\(e\))?(?: (?:le |en )?[^\n,;]{4,40})? a|domicilie[es]* (?:a|sur)?|demeurant (?:a)?|habit(?:e|ait|ant|er)(?: (?:toujours|seule?|actuellement))? ?(?:a|sur)?|resid(?:e|ant|ait) (?:a|sur)"
    r"|viv?(?:ait|t|ent|ant) (?:\w+ )?(?:a|sur)|vit (?:\w+ )?(?:a|sur)|originaire d[e'u]|vivant a|installee? (?:a|sur)|exer(?:ce|cant) (?:a|sur)|demenage a|travaille a|scolarisee? a|cabinet (?:a|de)|ehpad (?:a|de)|pharmacie (?:a|de)|maire de|ville de|commune de|vacances a|voyage a|rest(?:e|es|ee|ees|ant) a|(?:arrive|rentre|retourne|parti|venu|transfere|mute)e?s? (?:a|de)|(?:ssiad|had|clic|ccas|stade|foyer|quartier|marche|plage|piscine|usine|smur|samu|sdis|pompiers|gendarmerie|commissariat|tribunal|parquet|pmi|mairie|lycee|college|prison|gare|aeroport|maison d'arret|procureur|juge|fils|fille|filles|frere|s(?:œ|oe)ur|famille|neveu|niece|oncle|tante|cousine?|parents|enfants|part|partie?|retour) (?:de|d'|a)|(?:ecole|lycee|college|creche)(?: [a-z'-]+){0,3} (?:de|d'|a))[ :]{0,3}(?:\n ?)?$"
)
# What the words of living end with.
_LIVES_LAST: Final = word_set(
    "ville commune residence naissance localite city a sur demeurant de d' du habite habitait habitant habiter toujours seul seule actuellement"
)
_LIVES_ENDS: Final = word_set("d e s es ee ees")
_FEW: Final = 100_000
_LINKED: Final = (" ", "\n", ":", "'", "(")
_NEAR: Final = re.compile(
    r"(?:\b(?:a|sur|vers|pres de|depuis|d'|de|par|direction|region de|agglomeration de)[ \n]|\()$"
)
# `amené par smur pontoise`: what is called by its town.
_OF_TOWN: Final = (
    "smur ",
    "samu ",
    "pompiers ",
    "vsav ",
    "sdis ",
    " ch ",
    " chu ",
    " chr ",
    " chi ",
    "hopital ",
    "clinique ",
    " sau ",
)
_TO: Final = re.compile(r"\b(?:a|sur|vers|pres de)[ \n]$|\($")
# `il part en août à Agrigente`; an allergy, a germ or a machine stands after `à` too.
_AT: Final = re.compile(
    r"(?<!llergie )(?<!llergique )(?<!ensible )(?<!ésistant )(?<!ésistante )(?<!infection )(?<!due )(?<!secondaire )(?<!sécuritaire )(?<!relais )\b[àÀ] \Z"
)
_AT_ENDS: Final = ("à ", "À ")
# `Deauville 2`, `Vienne 3`: a grade by the town of a conference.
_GRADE: Final = re.compile(r" [0-9](?![0-9/])")
# `Kingella denitrificans`: what ends in Latin behind a capital is a germ.
_SPECIES: Final = re.compile(r"[ \n][a-z]{3,}(?:us|is|ae|ans|ens|um|i|ella)\b")
# `à La Flèche`: an article in capitals makes a town of a plain word.
_ARTICLED: Final = re.compile(r"(?:Le|La|Les|L['’])[ -]?[A-ZÀ-Þ][\w'’-]+")
# `Dr Meziane - Endocrinologue`: what the doctor is.
_SPECIALIST: Final = re.compile(r"(?:logue|iatre|iste|cien|cienne|eur|rice|ier|iere|decin|peute|nome|femme)s?\Z")
_AFTER_PERSON: Final = re.compile(r"(?:[^\W\d_]|\.)(?:, ?| ?- )$")
_ENDS: Final = re.compile(r" ?(?:[.,;)\n]|$|\(| ?- )")
_TITLED: Final = re.compile(r"[A-ZÀ-Þ][a-zà-ÿ]+(?:[A-Z][a-zà-ÿ]+)?(?:-[A-ZÀ-Þ][a-zà-ÿ]+)*")
_GIVEN: Final = 500
_RARE: Final = 40
_SHORT: Final = 4
_CODE: Final = (2, 5)  # 69 003, 69003
_TOWN_HERE: Final = re.compile(_TOWN)
_TOWN_LINKS: Final = word_set("de du des la le les en sur sous lès lez au aux à d l et saint sainte st ste")
_SHAPED: Final = re.compile(
    r"[A-ZÀ-Þ][\w'’-]+-(?:l[eè]s|lez|sur|sous|en|la|le|de|du|aux?|d)[-'’][A-ZÀ-Þ][\w'’-]+", re.IGNORECASE
)
_CARER: Final = re.compile(r"\b(?:dr|pr|docteur|professeur|medecin)\b[^\n;:(]{2,38}\Z")
_DATELINE: Final = re.compile(
    r"[ \t]*(?:fait a |a )?(?P<town>[a-z][a-z'-]+(?: [a-z][a-z'-]*){0,4}) ?, ?(?:(?:le|ce) (?=\d|1er|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)|(?=\d{1,2}(?:[/.-]\d| (?:janv|fev|mars|avr|mai|jui|aou|sep|oct|nov|dec))))"
)
_DATED: Final = frozenset("lc0123456789")
_DONE: Final = Opening(re.compile(r"\bfait a (?P<town>[a-z][a-z'-]+)"))
_CUT: Final = re.compile(
    r"[ \n](?:Tél|TEL|TÉL|Tel|Fax|FAX|Mme|M\.|Mr|Dr|Pr|Né|Née|NE|NEE|IPP|NDA|Service|France|FRANCE|Le|Nous|Il|Elle|Email|Mail|Secr\w*)\b"
)
_NO_TOWN: Final = word_set(
    "le la les un une l il elle nous madame monsieur mme dr pr docteur professeur france service hopital chu domicile lundi mardi mercredi"
    " jeudi vendredi samedi dimanche janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre vu fait rdv y us appelle rappelle coucou patient indication"
)
# The largest towns and the prefectures, which a note names without a word before. Own compilation, 2026-11-24, Apache-2.0.
_LARGE: Final = word_set(
    "paris marseille lyon toulouse nice nantes montpellier strasbourg bordeaux lille rennes reims toulon grenoble dijon angers nimes villeurbanne"
    " brest limoges amiens perpignan metz besancon orleans rouen mulhouse caen nancy argenteuil montreuil roubaix tourcoing avignon poitiers creteil"
    " nanterre versailles pau cannes antibes annecy calais dunkerque beziers bourges colmar valence quimper lorient vannes troyes niort chambery"
    " montauban bayonne cholet vannes laval evreux belfort tarbes agen albi arras auxerre aurillac bobigny carcassonne chaumont cahors digne epinal"
    " evry foix gap gueret lons macon melun mende moulins nevers perigueux privas rodez tulle vesoul ajaccio bastia saumur roanne chartres macon tours blois bourgoin villefranche vienne dreux compiegne beauvais"
    " sete martigues frejus hyeres grasse thonon annemasse bruxelles geneve lausanne luxembourg alger tunis casablanca rabat dakar abidjan"
)
_IN_BODY: Final = Question(
    lambda text, folded: (
        CAPITALS.holds(text, folded)
        and not text[0].islower()
        and (folded not in _NO_TOWN or folded in ARTICLES)
        and (MOST_WORDS[folded] > 0 or folded in _TOWN_LINKS or not is_plain(folded))
    )
)
_SMALL_TOWN: Final = Question(
    lambda text, folded: text[0].islower() and MOST_WORDS[folded] > 0 and folded not in _NO_TOWN
)
_AFTER_ARTICLE: Final = Question(lambda _, folded: folded not in ARTICLES and may_follow_article(folded))


def find_towns(note: Note) -> Iterator[Find]:
    """Find towns and their postal codes.

    Example:
        >>> from transforms.notes.labels import resolve
        >>> from transforms.notes.note import Note
        >>> text = "Lyon, le 3 mars. Vit à Saint-Cloud (92210), née à Alger, maladie de Lyme"
        >>> [(text[start:end], label) for start, end, label in resolve(find_towns(Note(text)), text)]
        [('Lyon', 'VILLE'), ('Saint-Cloud', 'VILLE'), ('92210', 'ZIP'), ('Alger', 'VILLE')]
    """
    yield from _coded(note)
    folded, text = note.folded, note.text
    for match in _datelines(note):
        start, end = match.span("town")
        parts = [word for word in folded[start:end].split() if len(word) > 3 or word in _NO_TOWN - {"le", "la", "les"}]
        number = note.word_at.get(start)
        known = number is not None and commune_end(note, number) == end
        if known or (
            not text[start].islower()
            and len(parts) < 3
            and not any(word in _NO_TOWN or is_plain(word) for word in parts)
        ):
            yield Find(start, end, "VILLE", PATTERN)
    for number in note.asked(_IN_BODY):
        yield from _in_body(note, number)
    yield from _small(note)


def _datelines(note: Note) -> Iterator[re.Match[str]]:
    folded, lines = note.folded, note.lines
    for line, behind in zip(lines, [*lines[1:], len(folded)], strict=True):
        comma = folded.find(",", line, behind)
        if (
            comma >= 0
            and folded[comma + 1 : comma + 3].lstrip()[:1] in _DATED
            and (match := _DATELINE.match(folded, line))
        ):
            yield match
    yield from note.matches(_DONE)


def _small(note: Note) -> Iterator[Find]:
    """Find towns in small letters behind a word of living, and in a note that leaves the capitals out."""
    folded = note.folded
    careless, starts = note.careless, note.starts
    for number in _in_small_letters(note):
        start = starts[number]
        if (
            _lives(note, number)
            or (careless and (_NEAR.search(folded, max(0, start - 20), start) or folded.endswith(_OF_TOWN, 0, start)))
            or (
                folded[start - 1] == "("
                and (word := note.words[number]).folded in _LARGE
                and folded[word.end : word.end + 1] == ")"
            )
        ):
            end = commune_end(note, number)
            name = folded[start:end]
            if end and not is_plain(name) and (not note.careless or len(name) > _SHORT):
                yield Find(start, end, "VILLE", CONTEXT)


def _in_small_letters(note: Note) -> Iterator[int]:
    """Give the words in small letters at which a town may begin, and the articles before one."""
    yield from note.asked(_SMALL_TOWN)
    texts = note.texts
    for number in note.asked(_AFTER_ARTICLE):
        if number and texts[number - 1][0] == "l" and FORMS[texts[number - 1]][0] in ARTICLES:
            yield number - 1


def _lives(note: Note, number: int) -> bool:
    """Tell whether a word of living, being born or travelling stands before; most words before are none, and cheap to tell."""
    if not number or not _ENDS_LIVING[note.texts[number - 1]]:
        return False
    folded, start = note.folded, note.starts[number]
    before = folded[max(0, start - 24) : start].rstrip(" :\n")
    last = before.rpartition(" ")[2].rpartition("\n")[2]
    return (last in _LIVES_LAST or last.startswith("domicili") or last.endswith("d'")) and _LIVES.search(
        folded, max(0, start - 72), start
    ) is not None


class _EndsLiving(dict[str, bool]):
    """A written word to whether words of living may end with it, `domicilié(e)` and `d'` among them."""

    def __missing__(self, text: str) -> bool:
        folded = FORMS[text][0]
        ends = folded in _LIVES_LAST or folded in _LIVES_ENDS or folded.startswith("domicili")
        if len(self) < _FEW:
            self[text] = ends
        return ends


_ENDS_LIVING: Final = _EndsLiving()


def _coded(note: Note) -> Iterator[Find]:
    text, folded = note.text, note.folded
    codes = [place for place, stop in note.runs if stop - place in _CODE]
    for place in codes:
        match = _ZIP_TOWN.match(text, place)
        if not match or _UNITS_AFTER.match(folded, match.end("zip")) or _LETTER.match(text, max(0, place - 1)):
            continue
        if not match["town"]:
            if match["cedex"]:
                yield Find(*match.span("zip"), "ZIP", PATTERN)
        elif _is_behind_code(note, match.end("zip"), match.start("town")):
            start, end = match.span("town")
            end = _town_end(note, start, end)
            behind = _CEDEX.match(folded, end)
            yield Find(*match.span("zip"), "ZIP", PATTERN)
            yield Find(start, behind.end() if behind else end, "VILLE", PATTERN)
    yield from _coded_small(note, codes)


def _coded_small(note: Note, codes: list[int]) -> Iterator[Find]:
    text, folded = note.text, note.folded
    for place in codes:
        match = _ZIP_LOWER.match(folded, place)
        if not match:
            continue
        number = note.word_at.get(match.start("town"))
        end = commune_end(note, number) if number is not None else 0
        if end and text[match.start("town")].islower() and not is_plain(folded[match.start("town") : end]):
            yield Find(*match.span("zip"), "ZIP", PATTERN)
            yield Find(match.start("town"), end, "VILLE", PATTERN)
    for match in note.matches(_ZIP_FIELDS):
        yield Find(*match.span("zip"), "ZIP", FIELD)
    for place in codes:
        if match := _ZIP_BEHIND.match(folded, place):
            yield Find(*match.span(), "ZIP", FIELD)


def _is_behind_code(note: Note, code: int, start: int) -> bool:
    """Tell a town from the plain word (`Indication`) that begins the line below a number of five digits."""
    number = note.word_at.get(start)
    if number is None:
        return True
    if commune_end(note, number):
        return True
    first = note.words[number].folded
    if note.text[note.words[number].end : note.words[number].end + 1].isdigit():
        return False
    if "," in note.text[code:start]:
        return False
    return (
        len(first) >= _SHORT - 1 or first in _TOWN_LINKS if "\n" not in note.text[code:start] else not is_plain(first)
    )


def _town_end(note: Note, start: int, end: int) -> int:
    """Cut what follows a town after its postal code: to the commune that the list knows, else before a word that is none."""
    number = note.word_at.get(start)
    if number is not None and note.text[start:end].isupper() and (known := commune_end(note, number)):
        return known
    cut = _CUT.search(note.text, start, end)
    return cut.start() if cut else end


def _in_body(note: Note, number: int) -> Iterator[Find]:
    word = note.words[number]
    start, folded = word.start, note.folded
    lives = folded[max(0, start - 1) : start] in _LINKED and _lives(note, number)
    end = commune_end(note, number)
    if not end:
        if lives or _stands_like_town(note, word):
            yield from _unlisted(note, start, word, lives=lives)
        return
    name = folded[start:end]
    graded = not lives and name not in _LARGE and _GRADE.match(folded, end)
    if not graded and _counts(note, start, end, name, lives=lives):
        yield Find(start, end, "VILLE", CONTEXT if lives else LEXICON)


def _stands_like_town(note: Note, word: Word) -> bool:
    """Tell whether a word that no list of towns has is worth a look: behind `à`, behind a person's comma, or shaped as one."""
    start = word.start
    return "-" in word.text or (
        len(word.text) >= _SHORT
        and (
            note.text[max(0, start - 2) : start] in _AT_ENDS
            or note.folded[max(0, start - 2) : start].endswith((", ", ",", "- "))
        )
    )


def _unlisted(note: Note, start: int, word: Word, *, lives: bool) -> Iterator[Find]:
    """Take for a town what no list knows, where somebody lives there, or it has the shape of one (`Roy-les-Bains`)."""
    if word.folded not in _TOWN_LINKS and (word.folded in _NO_TOWN or is_plain(word.folded)):
        return
    whole = _TOWN_HERE.match(note.text, start)
    if lives and whole:
        end = start
        for piece in re.finditer(r"[\w'’-]+", whole[0]):
            if end > start and is_plain(fold(piece[0])) and piece[0].lower() not in _TOWN_LINKS:
                break
            end = start + piece.end()
        yield Find(start, end, "VILLE", CONTEXT)
    elif (
        _TITLED.fullmatch(word.text)
        and len(word.folded) > _SHORT
        and note.text[max(0, start - 2) : start] in _AT_ENDS
        and _AT.search(note.text, max(0, start - 30), start)
        and not (word.folded in DRUGS or word.folded in EPONYMS or given_count(word.folded) > _GIVEN)
        and not _SPECIES.match(note.text, word.end)
    ):
        yield Find(start, word.end, "VILLE", LEXICON)
    elif _SHAPED.fullmatch(word.text) or (
        len(word.folded) >= _SHORT
        and _AFTER_PERSON.search(note.folded, max(0, start - 12), start)
        and _ENDS.match(note.folded, word.end)
        and _CARER.search(note.folded, max(0, start - 45), start)
        and _TITLED.fullmatch(word.text)
        and given_count(word.folded) < _GIVEN
        and not _SPECIALIST.search(word.folded)
    ):
        yield Find(start, word.end, "VILLE", CONTEXT)


def _counts(note: Note, start: int, end: int, name: str, *, lives: bool) -> bool:
    """Tell whether a commune's name stands for the commune: many are also surnames, saints or plain words."""
    folded = note.folded
    if lives:
        return not (is_plain(name) and len(name) < 5)
    if _TO.search(folded, max(0, start - 12), start) and (
        (name in _LARGE and not is_eponym(note, start, end)) or _ARTICLED.fullmatch(note.text, start, end)
    ):
        return True
    # `Saint-Amour`: capitals on both sides of a hyphen make a name of plain words.
    joined = "-" in name and all(part[:1].isupper() for part in note.text[start:end].split("-") if len(part) > _SHORT)
    if (
        (is_plain(name) and not joined)
        or len(name) < 4
        or (len(name) < 6 and note.text[start + 1].isupper() and not note.shouted)
        or is_eponym(note, start, end)
    ):
        return False
    if name in _LARGE or (len(name) > 10 and "-" in name and ("saint" not in name or name.count("-") > 1)):
        return True
    before = folded[max(0, start - 12) : start]
    if surname_count(name) or given_count(name):
        rare = surname_count(name) < _RARE and given_count(name) < _RARE and _NEAR.search(before)
        return (
            bool(rare)
            or (_TO.search(before) or (_AFTER_PERSON.search(before) and _ENDS.match(folded, end))) is not None
        )
    return (
        _NEAR.search(before)
        or _AFTER_PERSON.search(before)
        or (note.text[start:end].isupper() is False and " " in name)
    ) is not None
