"""Where does a note give an address or name a place of care?"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from transforms.notes.guards import is_eponym
from transforms.notes.labels import CONTEXT, LEXICON, PATTERN, WHOLE, Find
from transforms.notes.openings import Opening
from transforms.notes.words import care_names, given_count, is_plain, surname_count, word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

    from transforms.notes.note import Note

_STREETS: Final = (
    r"rue|ruelle|avenue|av\.?|ave\.?|boulevard|boul\.?|bvd\.?|bld\.?|bd\.?|place|pl\.?|allees?|all\.?|chemin|ch\.|che\.?|impasse|imp\.?|quai|route|rte\.?|cours|crs|square|sq\.?|passage|voie|sentier|sente"
    r"|hameau|lieu[ -]dit|villa|cite|faubourg|fbg?\.?|montee|esplanade|rond[ -]point|traverse|promenade|mail|residence|res\.|lotissement|lot\.?|cour|venelle|clos|domaine|parvis|chaussee|zac|zi|zone (?:industrielle|artisanale)|levee|carrefour|galerie|porte|pont"
)
_PLAIN_STREETS: Final = r"rue|avenue|boulevard|bd|allees?|impasse|quai|square|faubourg|chemin|residence|lotissement|lieu[ -]dit|hameau|route(?= d[eu])|(?<!en )(?<!la )(?<!sur )place(?= (?:du|des|de la|de l'))"
_PIECE: Final = r"(?!\d\d[ .]\d\d)[a-z0-9][\w'.-]*"
_STOP_WORDS: Final = r"(?!(?:a|et|est|tel|telephone|fax|mail|email|ipp|nda|nip|ne|nee|cedex|ville|cp|code|patient|vit|qui|ou|depuis|avec|chez|pour|dans|sur|il|elle|ayant|age|agee|hospitalisee?|service|courriel|son|sa|date|nir|mme|mr|m|dr)\b)"
_ADDRESS: Final = re.compile(
    rf"(?<![\d.,/])(?<!\d )\b\d{{1,4}}(?: ?(?:bis|ter|quater|[a-d])\b)?(?: ?[-/] ?\d{{1,4}}(?: ?(?:bis|ter))?)? ?,? ?\n?\b(?:(?:{_STREETS})(?![a-z])"
    rf"(?:[ \n]{{1,2}}{_STOP_WORDS}(?!\d{{5}}|\d\d \d{{3}}\b){_PIECE}){{1,7}}|grand(?:e|')?[ -]?rue)"
)
_STREET: Final = re.compile(rf"\b(?:{_PLAIN_STREETS})\.?(?:[ ]{_STOP_WORDS}(?!\d{{5}}){_PIECE}){{1,7}}")
_PIECE_OF: Final = r"(?:(?:res(?:idence|\.)|bat(?:iment|\.)?|appt?\.?|appartement|esc(?:alier|\.)|etage|porte|hall|za|zi|zac|lieu[ -]dit|lot(?:issement|\.)|cidex|immeuble|imm\.|maison(?= [a-z])) ?(?:n° ?)?[^,\n\d]{0,25}?\d{0,4}|\d{1,2}(?:er|e|eme) etage|n° ?\d+)"
_BEFORE_STREET: Final = re.compile(rf"\b(?:{_PIECE_OF}[,\n -]{{1,3}}){{1,3}}\Z")
_BEHIND_STREET: Final = re.compile(rf"(?:, ?{_PIECE_OF}(?=[,\n -]|\Z| \d{{5}})){{1,3}}")
_BOX: Final = re.compile(
    r"\b(?:b\.?p\.?|c\.?s\.?|t\.?s\.?a\.?) ?(?:n° ?)?\d{2,6}\b(?=[ ,\n-])|\blieu[ -]dit (?:l[ea]s? |l')?[a-z'-]+(?: [a-z'-]+)?(?=[ ,]{1,2}\d{5}|[,\n])"
)
_SENTENCE_END: Final = re.compile(r"(?<=[^\W\d_]{5})\.\s")
_LINE_BEFORE: Final = re.compile(
    r"(?:\A|\n) *(?P<piece>(?:le|la|les|clos|domaine|chateau|ferme|villa|mas|moulin|foyer(?:-logement)?)[ '][^,\n\d]{3,30}?) ?[,-] ?\Z"
)
_DATED_STREET: Final = re.compile(
    r"\b(?:rue|avenue|av\.?|place|boulevard|bd|square|quai|cours) (?:du |de la )?(?:\d{1,2}|onze|huit|premier|1er) (?:janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre)(?: (?:19|18)\d\d)?"
)
_HOUSE: Final = re.compile(r"\bdemeurant (?P<house>[a-z][^,\n\d]{3,35}, )\Z")
# `Place de l'Eglise` above or before a postal code, without a number.
_OWN_LINE: Final = re.compile(
    rf" *(?P<street>(?:{_STREETS}|bourg) [^\n\d,]{{2,40}}?)(?=(?: ?\n| ?,| -) *\d{{2}} ?\d{{3}} [a-z])"
)
_BEFORE_CODE: Final = re.compile(r"(?P<place>[a-z][^\n\d:]{2,40}?)(?=[ ,-]{1,3}\d{2} ?\d{3} [a-z])")
_ZONE: Final = re.compile(
    r"\b(?:ZA|ZI|ZAC|ZA[CE]|HLM) (?:d[eu]s? )?(?:la |le |les |l['’])?[A-ZÀ-Þ][\w'’-]*(?: [A-ZÀ-Þ][\w'’-]*){0,2}"
)
_HOME: Final = re.compile(
    r"\b(?:adresse(?: (?:du patient|de la patiente|postale|personnelle|actuelle|complete))?|domicile|lieu(?: de l'intervention)?|domicilie[es]*(?: au)?|demeure(?: au)?|demeurant(?: au)?|habite(?: au)?|residant(?: au)?|address)(?: ?[:|] ?| )(?:\n ?)?"
)
_CARE: Final = (
    r"c\.?h\.?u\.?|c\.?h\.?r\.?u?\.?|chi|chic|ch|g\.?h\.?u\.?|ght|ghi|gh|hia|hopital(?: (?:d'instruction des armees|prive|general|local|militaire|psychiatrique|universitaire|mere[ -]enfant|femme[ -]mere[ -]enfant|americain|europeen|suisse|maritime|franco-britannique))?|hopitaux(?: (?:universitaires?|prives?|civils|de jour))?|clinique|polyclinique|centre hospitalier(?: (?:universitaire|regional(?: universitaire)?|intercommunal|general|specialise|departemental|prive))*|groupe hospitalier(?: universitaire)?(?: intercommunal)?"
    r"|groupement hospitalier(?: (?:de territoire|est|sud|nord|centre|ouest))?|ensemble hospitalier|institut(?: (?:de cancerologie|du cancer|regional du cancer|mutualiste))?|ehpad|maison de (?:retraite|sante|repos|convalescence)|usld|ssr|smr|centre (?:d'imagerie(?: medicale)?|de (?:reeducation|readaptation|soins|lutte contre le cancer|pathologie|sante(?: (?:municipal|communal|mutualiste|polyvalent|dentaire|medical|associatif))?|dialyse|convalescence|radiologie|imagerie)(?: fonctionnelle)?|medical|chirurgical|medico-chirurgical|anticancereux|psychotherapique)"
    r"|fondation|imagerie(?: medicale)?(?= (?:d[eu]s? )?[a-z])|maison (?:d'accueil(?: specialisee?)?|medicale|d'enfants)|foyer(?= (?:la|le|les|l')[ ]?[a-z])|(?:itep|sessad|esat|camsp|cattp|samsah|mecs|chrs|cada|residence(?: (?:autonomie|services?|seniors?))?)(?= (?:la|le|les|l'|des|du|de)[ ]?[a-z])|maternite|smur|centre(?= (?:leon|oscar|francois|henri|jean|eugene|paul|antoine|georges|alexis|rene|claudius) )|hospices? civils?|hospice|cabinet (?:medical|de radiologie|d'imagerie)|pmi(?= d[eu])|umj(?= d[eu])|unite medico-judiciaire|accueil de jour|hopital de jour(?= [a-z])|cabinet de pathologie|planning familial|cmp|cmpp|epsm|chs|esm|chsm|laboratoires?(?: de (?:biologie(?: medicale)?|pathologie|cytologie|genetique))?|labo|ime|csapa|ico|cra|chd|site(?= [a-z])|clcc|crlcc|ghm|chpc|chic|chnord|hopitaux|centre(?= )|assistance publique|poles? (?:de )?sante|maison de sante(?: pluridisciplinaire)?|msp|lhss|uhsa|uhsi|msp|had(?= [a-z])|institut(?: [a-z]+)? pathologie"
)
_HOSPITAL: Final = re.compile(rf"(?<!chef de )(?<!cheffe de )\b(?:{_CARE})(?![a-z])")
_HOSPITAL_NAME: Final = re.compile(
    r"(?:[ ]*|[ ]?[«\"“] ?|\n(?=d|D))(?P<name>(?:(?:(?:de la|de l['’]|de|du|des|d['’]|la|le|les|l['’]|et|en|à|sur|privée?|générale?|DE LA|DE L['’]|DE|DU|DES|D['’]|LA|LE|LES|L['’]|SUR|EN|ET) ?)*(?:[A-ZÀ-ÞŒ](?:[\w'’-]|\.(?=\w))*)[ ]?){1,6})"
)
_WARD: Final = re.compile(
    r"jours?|semaine|nuit|garde|domicile|medecine|chirurgie|soins?|consultations?|urgences|reeducation|readaptation|recherche|reference|competences?|depistage|vaccination|planification|crise|sante|dialyse|transfusion|formation"
    r"|traitement|douleur|sommeil|memoire|nutrition|ambulatoires?|externes?|adultes?|enfants?|analyses?|anatomie|imagerie|reanimation|maternite|long|court|moyen|sejour|suite|hospitalier|hospitaliere|medical|medicale|chirurgical|conventionnelle?|compl[eè]te?"
    r"|[a-z]+(?:logie|logique|trie|trique|graphie|scopie|therapie|thesie|nologie|cologie|pathie|iques?|aux|ales?|elle|oire)"
)
_ACRONYM: Final = re.compile(r"(?:CH|GH|HI)[A-Z]{2,5}(?![\w-])")
_NO_CARE: Final = word_set(
    "chop choep chir chol choc chute ghrh ghb hifu hiv hiit hill chat chaud chutes chef choix chez chien"
)
_VAGUE_HEADS: Final = frozenset(
    ("centre", "site", "imagerie", "imagerie medicale", "hopital de jour", "accueil de jour")
)
_LONGEST_ACRONYM: Final = 7
_LONGEST_NUMBER: Final = 4
_RARE: Final = 10
_LINKS: Final = word_set("de du des d la le les l et en a sur")
_SHORT_NAMES: Final = "|".join(name.replace(" ", "[ -]") for name in care_names())
_CARE_ALONE: Final = re.compile(
    r"\b(?:ap-?hp|aphp|heh|chls|ghps|ap-?hm|aphm|hcl|hospices civils de lyon|pitie[ -]salpetriere|salpetriere|lariboisiere|gustave[ -]roussy|institut curie|hegp|hopital europeen georges[ -]pompidou|georges[ -]pompidou|kremlin[ -]bicetre|bicetre|hotel[ -]dieu|ambroise[ -]pare|avicenne|bichat(?:[ -]claude[ -]bernard)?|claude[ -]bernard"
    rf"|cochin|necker(?:[ -]enfants[ -]malades)?|robert[ -]debre|saint[ -]antoine|saint[ -]louis|st[ -]louis|tenon|trousseau|henri[ -]mondor|raymond[ -]poincare|rothschild|broussais|jean[ -]verdier|louis[ -]mourier|antoine[ -]beclere|paul[ -]brousse|val[ -]de[ -]grace|quinze[ -]vingts|foch|edouard[ -]herriot|croix[ -]rousse|lyon[ -]sud|leon[ -]berard"
    rf"|timone|hopital nord|conception|paoli[ -]calmettes|purpan|rangueil|oncopole|iuct|pellegrin|haut[ -]leveque|bergonie|pontchaillou|hautepierre|brabois|archet|pasteur|lenval|huriez|salengro|lapeyronie|gui de chauliac|saint[ -]eloi|oscar[ -]lambret|percy|begin|beaujon|delafontaine|marie[ -]lannelongue|jean[ -]minjoz|minjoz|caremeau|bretonneau|clocheville|charles[ -]nicolle|charles[ -]foix|emile[ -]roux|rene[ -]muret|albert[ -]chenevier|corentin[ -]celton|sainte[ -]perine|gabriel[ -]montpied|xavier[ -]arnozan|robert[ -]picque|sainte[ -]musse|{_SHORT_NAMES}|laveran|desgenettes|legouest|croix[ -]saint[ -]simon|montsouris|diaconesses|saint[ -]joseph|felix[ -]guyon|bellepierre|cimiez|andre[ -]mignot|max[ -]fourestier|louis[ -]pradel|pierre[ -]wertheimer|jean[ -]godinot|claudius[ -]regaud|eugene[ -]marquis|ville[ -]evrard|maison[ -]blanche|perray[ -]vaucluse|port[ -]royal|cochin[ -]port[ -]royal|nhc|estaing|cavale[ -]blanche|morvan|cote[ -]de[ -]nacre|guillaume[ -]regnier|vinatier|femme[ -]mere[ -]enfant|hfme|jeanne[ -]de[ -]flandre|swynghedauw|larrey|casselardit|paule[ -]de[ -]viguier|arnaud[ -]de[ -]villeneuve|bois[ -]guillaume|american memorial|emile[ -]muller|hasenrain|moenchsberg|bon[ -]secours|belle[ -]isle|mercy|miletrie|sud[ -]francilien|chsf|hopital sud|bel[ -]air|saint[ -]philibert|saint[ -]vincent[ -]de[ -]paul|ghicl|ghsif|chiva|chic|chiv|tonnelle|michallon|couple[ -]enfant|hce|saint[ -]egreve|bassens|cesson|becheville|marmottan|sainte[ -]marguerite|valvert|montperrin|montfavet|pierre[ -]oudot|desgenettes|natecia|infirmerie protestante|jean[ -]mermoz|val d'ouest|tonkin|pasteur 2|archet 2|saint[ -]roch|princesse[ -]grace|fondation lenval|saint[ -]andre|haut[ -]leveque|cadillac|charles[ -]perrens|perrens|jonzac|saint[ -]julien|croix[ -]saint[ -]simon|leopold[ -]bellan|cognacq[ -]jay|bligny|forcilles|berck|garches|hauteville|hendaye|san salvadour|rene[ -]gauducheau|guillaume[ -]et[ -]rene[ -]laennec|sainte[ -]anne)\b(?!-)"
)
_CARE_SMALL: Final = re.compile(
    r"\behpad les [a-z]{4,}|\b(?:ehpad|clinique|polyclinique|hopital) (?:(?:saint|sainte|st|ste|notre)[ -][a-z-]{3,}|nord\b|sud\b)"
)
_CARE_CONTEXT: Final = re.compile(
    r"(?:\b(?:a|de|d'|au|du|chu|ch|hopital|site|vers|sur|l'|la|le|depuis|par|service|urgences|reanimation|hospitalise[es]*|transfere[es]*|opere[es]*|suivie?|directe|depart|retour|dechoc(?:age)?|rea|urg|coro|usic|sau|ssr|mco|pour|aux|place|lit|samu|autogreffe|greffe[e]?|admise?|adressee?|-)[ ]?|[,(] ?|\b(?:19|20)\d\d |^|\n)(?:l'|la )?$"
)
_STRONG_CARE: Final = (
    "ap-hp",
    "aphp",
    "ap-hm",
    "aphm",
    "hcl",
    "heh",
    "chls",
    "ghps",
    "hospices",
    "pitie",
    "salpetriere",
    "lariboisiere",
    "gustave",
    "institut",
    "hegp",
    "hopital",
)


_STREETS_NAMED: Final = Opening(_STREET)
_DATED_STREETS: Final = Opening(_DATED_STREET)
_BOXES: Final = Opening(_BOX)
_HOMES: Final = Opening(_HOME)
_HOSPITALS: Final = Opening(_HOSPITAL)
_SMALL: Final = Opening(_CARE_SMALL)
_ALONE: Final = Opening(_CARE_ALONE)
_ZONES: Final = Opening(re.compile(r"\b(?:za|zi|zac|zae|zace|hlm)\b"))


def find_places(note: Note) -> Iterator[Find]:
    """Find addresses and places of care.

    Example:
        >>> from transforms.notes.labels import resolve
        >>> from transforms.notes.note import Note
        >>> text = "domiciliée 12 bis, rue des Lilas 69003 LYON, suivie au CHU de Nantes"
        >>> [(text[start:end], label) for start, end, label in resolve(find_places(Note(text)), text)]
        [('12 bis, rue des Lilas', 'ADRESSE'), ('CHU de Nantes', 'HOPITAL')]
    """
    yield from _addresses(note)
    yield from _hospitals(note)


def _addresses(note: Note) -> Iterator[Find]:
    folded, text = note.folded, note.text
    for place, end in note.runs:
        if end - place <= _LONGEST_NUMBER and (match := _ADDRESS.match(folded, place)):
            yield _whole_address(note, place, match.end())
    for match in note.matches(_STREETS_NAMED):
        after = _SENTENCE_END.split(text[match.start() : match.end()])[0].split()
        if any(word[0].isupper() or ("'" in word and word[-1].isupper()) for word in after[1:]):
            whole = _SENTENCE_END.search(text, match.start(), match.end())
            yield _whole_address(note, match.start(), whole.start() if whole else match.end())
    for match in note.matches(_DATED_STREETS):
        house = _HOUSE.search(folded, max(0, match.start() - 48), match.start())
        yield _whole_address(note, house.start("house") if house else match.start(), match.end())
    for word in note.matches(_ZONES):
        if match := _ZONE.match(text, word.start()):
            yield Find(match.start(), match.end(), "ADRESSE", CONTEXT)
    yield from (Find(match.start(), match.end(), "ADRESSE", LEXICON) for match in note.matches(_BOXES))
    yield from _at_home(note)


def _at_home(note: Note) -> Iterator[Find]:
    """Read an address that has no number: on its own line above a postal code, or behind a word of living."""
    folded = note.folded
    for start in note.lines:
        if match := _OWN_LINE.match(folded, start):
            yield Find(*match.span("street"), "ADRESSE", CONTEXT)
    for match in note.matches(_HOMES):
        if named := _BEFORE_CODE.match(folded, match.end()):
            yield Find(*named.span("place"), "ADRESSE", CONTEXT)
        if ":" in match[0]:
            line = re.match(
                r"[^\n]*?(?=\n|$|  |(?<=[a-z]{4})\. |[ ,-]*\d{2} ?\d{3}\b| (?:tel|ipp|nee?|t[eé]l)\b)",
                folded[match.end() : match.end() + 80],
            )
            if line and len(line[0].strip()) > 5 and line[0].strip()[0].isdigit():
                yield Find(match.end(), match.end() + len(line[0].rstrip(" ,-")), "ADRESSE", CONTEXT)


def _whole_address(note: Note, start: int, end: int) -> Find:
    """Take in the building before a street and the flat behind it."""
    end = _address_end(note.text, start, end)
    if before := _BEFORE_STREET.search(note.folded, max(0, start - 60), start):
        start = before.start()
    elif before := _LINE_BEFORE.search(note.folded, max(0, start - 50), start):
        start = before.start("piece")
    if behind := _BEHIND_STREET.match(note.folded, end):
        end = behind.end()
    return Find(start, end, "ADRESSE", WHOLE)


def _address_end(text: str, start: int, end: int) -> int:
    """Cut an address where sentence-like lower-case words follow its last capital or particle."""
    words = list(re.finditer(r"\S+", text[start:end]))
    if text[start:end].islower() or text[start:end].isupper():
        return end
    last = end
    for word in reversed(words):
        token = word[0]
        if token[0].isupper() or token[0].isdigit() or re.match(r"[dl]['’][A-ZÀ-Þ]", token) or len(words) <= 3:
            last = start + word.end()
            break
    while last > start and text[last - 1] in ".,;-":
        last -= 1
    return last


def _by_acronym(note: Note) -> Iterator[Find]:
    """Find `GHPSO` behind a word of place: hospitals' groups are called by letters that begin alike."""
    if note.shouted:
        return
    for number in note.capitals:
        word = note.words[number]
        if (
            _ACRONYM.fullmatch(word.text)
            and word.folded not in _NO_CARE
            and not (is_plain(word.folded) or surname_count(word.folded) or given_count(word.folded))
            and len(word.text) < _LONGEST_ACRONYM
            and _CARE_CONTEXT.search(note.folded, max(0, word.start - 20), word.start)
        ):
            yield Find(word.start, word.end, "HOPITAL", LEXICON)


def _hospitals(note: Note) -> Iterator[Find]:
    folded, text = note.folded, note.text
    for match in note.matches(_HOSPITALS):
        name = _HOSPITAL_NAME.match(text, match.end())
        if not name or not name["name"].strip() or name["name"][0] == "\n":
            continue
        end = name.start("name") + len(_shorten(name["name"]).rstrip(" .,-–"))
        named = [
            word
            for word in re.findall(r"[^\W\d_]+(?:['’-][^\W\d_]+)*", folded[match.end() : end])
            if word not in _LINKS
        ]
        if (
            named
            and any(char.isupper() for char in text[match.end() : end])
            and not _is_ward(match[0], text[match.start() : end], named)
        ):
            yield Find(match.start(), end, "HOPITAL", PATTERN)
    yield from (Find(*match.span(), "HOPITAL", PATTERN) for match in note.matches(_SMALL))
    yield from _by_acronym(note)
    yield from _by_short_name(note)


def _is_ward(head: str, written: str, named: list[str]) -> bool:
    """Tell `centre d'imagerie` and `HOPITAL DE JOUR` from `centre Jacques Roche`, `CLINIQUE DU PARC` and `CH DE LA COTE BASQUE`."""
    if head.startswith("imagerie") and written[0].islower():
        return True
    if head in _VAGUE_HEADS and (
        named[0].startswith("anti") or (is_plain(named[0]) and (written[0].islower() or all(map(is_plain, named))))
    ):
        return True
    return written.isupper() and _WARD.fullmatch(named[0].rpartition("'")[2]) is not None


def _by_short_name(note: Note) -> Iterator[Find]:
    """Find `Pontchaillou`, and `Pasteur` behind a word of place."""
    folded, text = note.folded, note.text
    for match in note.matches(_ALONE):
        if not (text[match.start()].isupper() or (note.careless and len(match[0]) >= _LONGEST_NUMBER * 2)):
            continue
        if " " not in match[0] and is_eponym(note, match.start(), match.end()):
            continue
        strong = match[0].startswith(_STRONG_CARE)
        # Nobody, or hardly anybody, bears `Lapeyronie`: such a word needs nothing before it.
        alone = len(match[0]) > _LONGEST_NUMBER * 2 and surname_count(match[0]) < _RARE and not is_plain(match[0])
        if strong or alone or _CARE_CONTEXT.search(folded, max(0, match.start() - 20), match.start()):
            yield Find(match.start(), match.end(), "HOPITAL", PATTERN if strong or len(match[0]) > 9 else LEXICON)


def _shorten(name: str) -> str:
    """Cut a name of a place of care before the word that begins another thing."""
    cut = re.search(
        r"(?:^|[ ])(?:[-–] )?(?:Service|SERVICE|Pôle|POLE|PÔLE|Unité|UNITE|UNITÉ|Dr|DR|Pr|PR|Docteur|Professeur|Mme|M\.|Monsieur|Madame|Tél|TEL|TÉL|Tel|Fax|FAX|Le\b|Il|Elle|Cardiologie|Urgences|CARDIOLOGIE|NEUROLOGIE|CHIRURGIE|URGENCES|MEDECINE|Compte|COMPTE|Département|DEPARTEMENT|IPP|NDA|FINESS|Nous)\b",
        name,
    )
    shorter = name[: cut.start()] if cut and cut.start() else name
    return re.sub(
        r"(?:[ ](?:de la|de l['’]|de|du|des|d['’]|la|le|les|l['’]|et|en|à|sur|DE|DU|DES|ET|LE|LA|LES|A|AU|EN|PAR|POUR|EST))+[ ]?$",
        "",
        shorter.rstrip(),
    )
