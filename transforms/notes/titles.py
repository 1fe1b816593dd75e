"""Who stands after a title, a role, a form field, a family word, or above a signature?"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from transforms.notes.labels import CONTEXT, FIELD, Find, Label
from transforms.notes.persons import NO_NAME, PARTICLES, label_name, read_name
from transforms.notes.words import given_count, is_plain, surname_count

if TYPE_CHECKING:
    from collections.abc import Iterator

    from transforms.notes.note import Note, Word

_TITLE: Final = re.compile(
    r"\b(?:m\.|mr\b\.?|mrs\b|mme\b\.?|mmes\b|mlles?\b\.?|melles?\b\.?|mm\.|mgr\b|m(?= [a-z])|monsieur|madame|mademoiselle|messieurs|mesdames|drs?\b\.?|docteure?s?\b|prs?\b\.?|prof\b\.?"
    r"|professeure?s?\b|s(?:œ|oe)ur(?= [a-z])|confrere|consoeur)[ .\u00a0]{0,3}(?:\n[ ]*)?(?:\((?:mme|m\.?|mlle)\)[ ]?)?"
)
_PLURAL: Final = re.compile(r"(?:mmes|mm\.|drs|docteurs|docteures|prs|professeurs|messieurs|mesdames)")
_AND: Final = re.compile(r"[ \n]*(?:,|et|/|&|;|-|ou)[ \n]*(?:de |d'|du |le |la )?")
_ONLY_AND: Final = re.compile(r"[ \n]*(?:et|/|&)[ \n]*")
_BORN: Final = re.compile(
    r"\b(?:nee|ne\(e\)|epouse|epoux|ep\.|epse|ex-epouse|vve|veuve|veuf|nom de jeune fille|alias|dite?|divorcee?|ex )[ :]{1,3}(?=[a-z])(?!(?:le|a|en|au|aux|vers|depuis|du|que|dans|et) )"
)
_FAMILY: Final = re.compile(
    r"\b(?:fils|filles?|mari|femme|epoux|epouse|conjointe?|compagne|compagnon|concubine?|mere|maman|pere|papa|freres?|s(?:œ|oe)urs?|neveu|niece|oncle|tante|cousine?|ami|amie|voisine?|tuteur|tutrice|curateur|curatrice"
    r"|petits?-(?:fils|enfants)|petite-fille|belle-(?:fille|mere|s(?:œ|oe)ur)|beau-(?:fils|pere|frere)|gendre|bru|grand-(?:mere|pere)|aidante?|enfants?|jumeaux|jumelles|parents|bebe|nourrisson|garcon|fillette|aine|cadet|patiente?|jeune|petite?"
    r"|marie|mariee|pacsee?|en couple|divorce|divorcee|veuf|veuve)"
    r"(?: (?:aine|ainee|cadet|cadette|majeure?))?(?:,| :|, prenommee?| prenommee?| dite?| nommee?| appelee?| de| a| avec| d'| et)? ?(?<=[ '])"
)
_ROLES: Final = (
    r"interne|externe|chef(?:fe)? de (?:clinique|service|pole)|assistante?(?: (?:sociale?|specialiste|chef de clinique))?|praticien(?:ne)?(?: hospitalier(?:e)?)?|medecin(?: (?:traitant|referent|adresseur|generaliste|coordonnateur|prescripteur|responsable|demandeur|signataire|preleveur|du travail|correspondant|consultant))?|chirurgien(?:ne)?|(?:1er |2e |2eme )?operateur|operatrice"
    r"|anesthesiste|cardiologue|neurologue|pneumologue|oncologue|radiologue|pediatre|geriatre|psychiatre|dermatologue|urologue|nephrologue|gynecologue|rhumatologue|endocrinologue|hematologue|gastro-enterologue|ophtalmologue|anatomopathologiste|pathologiste|biologiste|pharmacien(?:ne)?|sage-femme|kinesitherapeute|kine|psychologue|dieteticien(?:ne)?|ergotherapeute|orthophoniste|orthoptiste"
    r"|infirmiere?s?(?: (?:liberale?|coordinatrice|referente|de coordination))?|ide(?:c|l)?|iade|ibode|aide(?:-| )(?:soignante?|operatoire)|as|ash|cadre(?: de sante)?|secretaire|secretariat|coordinat(?:eur|rice)|responsable|tuteur|mandataire|curateur|instrumentiste|aide|teleradiologue|redacteur|auteur|signataire|validateur|destinataires?|expediteur|correspondants?|copies?|cc|personne (?:de confiance|a prevenir|a contacter)(?: en cas d'urgence)?|contact|proche|titulaire|senior|junior"
    r"|avis [a-z]+|\w+logue|signature|signe|prescripteur|referente?|equipe(?: medicale)?"
)
_ROLE: Final = re.compile(
    rf"\b(?:{_ROLES})s?(?: ?\([a-z ]{{1,20}}\))?(?P<sep>[ ]?:[ ]?| - |, |\n| )(?:\n ?)?(?:l[ea] |l')?"
)
_ROLE_BRACKET: Final = re.compile(rf"\b(?:{_ROLES})s? ?\(")
_BY: Final = re.compile(
    r"\b(?:signe|redige|valide|dicte|tape|frappe|relu|adresse|prescrit|realise|vu|examine|opere|confie|suivi|transmis|imprime|saisi|ecrit|fait|effectue|pratique|assiste|pris en charge|accompagne|appele|prevenu|contacte|interprete|approuve|verifie|demande|remplace)(?:e|es|s)?(?: electroniquement| ce jour)?(?: le \d[\d/. ]{5,9}(?: a \d\d[:h]\d\d)?)?"
    r"[ \n](?:par|avec|(?<=adresse )a|(?<=adressee )a|(?<=confie )a|(?<=confiee )a|(?<=transmis )a|(?<=assiste )de|(?<=accompagne )de|(?<=accompagnee )de)[ \n](?:son |sa |ses |le |la |l')?"
)
_FIELD: Final = re.compile(
    r"(?<![a-z])(?P<key>noms?(?: (?:de naissance|d'usage|usuel|marital|de famille|d'epouse|patronymique|de jeune fille|(?:du|de la|de l') ?(?:patiente?|assuree?|malade|beneficiaire)|et prenoms?|prenoms?|utilise))?(?: ?[/,&] ?prenoms?)?"
    r"|(?:1er )?prenoms?(?: (?:de naissance|d'usage|usuel|utilise|(?:du|de la) patiente?|et noms?))?(?: ?\(s\))?(?: ?[/,&] ?noms?)?|(?:identite|nom complet|patiente?s?|patient\(e\)|malade|beneficiaire|assuree?|last name|first name|surname|given name|family name|name)(?: (?:du|de la) (?:patiente?|malade))?)"
    r"(?: ?\((?:s|de naissance|usuel|e|d'usage)\))?[ ]?(?:(?:[:=]|\.{2,}|-(?= ))[ .]*(?:\n ?)?|(?<=nom)[ ]+(?=[a-z'-]+[ ]+(?:[a-z'-]+[ ]+)?(?:prenom|nee?\b|ne\(e\)|le \d))|(?<=prenom)[ ]+(?=[a-z'-]+(?:[ ]+(?:nee?\b|ne\(e\)|date|ddn|sexe|age|ipp|le \d)|[ ]*[,;\n]|[ ]{2}|[ ]*$)))"
)
_NEXT_FIELD: Final = re.compile(
    r"\n|[;|:=\t/(]|  +|,(?! ?[a-z]+ ?(?:,|\n|$|;))|(?<![a-z])(?:noms?|prenoms?|nee?(?:\(e\))? ?(?:le|:)|nee?\b|nee?\(e\)|date|ddn|sexe|ipp|nip|nda|n°|adresse|tel|age|domicil|demeurant|epouse|sejour|service|hospitalis|iep|ins|nir|numero|dossier)\b"
)
_MIXED_KEY: Final = re.compile(
    r"prenoms? ?[/,& ]|[/,&e t]prenoms?|identite|complet|patient|malade|beneficiaire|assure|^name|nom complet"
)


def find_titled(note: Note) -> Iterator[Find]:
    """Find the persons that a title, a role, a family word or a form field announces.

    Example:
        >>> from transforms.notes.note import Note
        >>> text = "Mme MARTIN Jeanne née Durand, adressée par le Dr J-P Le Goff"
        >>> [(text[start:end], label) for start, end, label, _ in find_titled(Note(text))]
        [('MARTIN', 'NOM'), ('Jeanne', 'PRENOM'), ('J-P', 'PRENOM'), ('Le Goff', 'NOM'), ('Durand', 'NOM')]
    """
    folded = note.folded
    for match in _TITLE.finditer(folded):
        yield from _after_title(note, match)
    for match in _BORN.finditer(folded):
        yield from _name_at(note, match.end(), sure=True, weight=FIELD)
    for match in _FAMILY.finditer(folded):
        yield from _person_at(note, match.end(), alone="PRENOM", listed=True)
    for match in _ROLE.finditer(folded):
        yield from _person_at(note, match.end(), sure=":" in match["sep"], listed=True)
    for match in _ROLE_BRACKET.finditer(folded):
        yield from _person_at(note, match.end(), sure=note.text[match.end() + 1 : match.end() + 2].islower())
    for match in _BY.finditer(folded):
        yield from _person_at(note, match.end())
    for match in _FIELD.finditer(folded):
        yield from _in_field(note, match)


def _after_title(note: Note, match: re.Match[str]) -> Iterator[Find]:
    title = note.text[match.start() : match.end()]
    number = note.word_at.get(match.end())
    if number is None:
        return
    word = note.words[number]
    # `m` of metres, `pr` for `pour`: in lower case these two are titles only before a capital.
    if (
        title[0].islower()
        and match[0].strip(" .\n") in {"m", "pr", "s", "mm"}
        and not (word.capital or word.folded in PARTICLES)
    ):
        return
    if match[0].strip(" .\n") in {"m", "confrere", "consoeur", "soeur", "sœur"} and not (
        (word.capital or word.folded in PARTICLES) and title[0].isupper()
    ):
        return
    end = 0
    for find in _name_at(note, match.end(), sure=True, weight=FIELD):
        end = find.end
        yield find
    plural = _PLURAL.match(match[0]) is not None
    joint = _AND if plural else _ONLY_AND
    while end and (link := joint.match(note.folded, end)):
        end = 0
        for find in _person_at(note, link.end(), sure=plural):
            end = find.end
            yield find


def _name_at(note: Note, place: int, *, sure: bool, weight: int, alone: Label = "NOM") -> list[Find]:
    number = note.word_at.get(place)
    if number is None:
        return []
    parts = read_name(note, number, sure=sure)
    return label_name(parts, weight=weight, alone=alone) if parts else []


def _person_at(
    note: Note, place: int, *, sure: bool = False, alone: Label = "NOM", listed: bool = False
) -> Iterator[Find]:
    """Read a person where no title says that one stands: the lexicons must know one of the words, none of them a plain one."""
    number = note.word_at.get(place)
    if number is None or not note.words[number].capital or _TITLE.match(note.folded, place):
        return
    parts = read_name(note, number, sure=sure)
    bare = [part.word.folded for part in parts if not part.initial and not part.particle]
    known = any(
        ((surname_count(name) or given_count(name)) and not is_plain(name)) or given_count(name) > 10_000
        for name in bare
    )
    if not (known or (sure and parts) or (parts and parts[0].initial)):
        return
    if len(bare) == 1 and len(parts) == 1:
        given = given_count(bare[0]) > 10 * surname_count(bare[0])
        alone = "PRENOM" if given else "NOM"
    finds = label_name(parts, weight=CONTEXT, alone=alone)
    yield from finds
    if listed and finds and (link := _AND.match(note.folded, finds[-1].end)):
        yield from _person_at(note, link.end(), sure=sure, alone=alone, listed=True)


def _in_field(note: Note, match: re.Match[str]) -> Iterator[Find]:
    key = match["key"]
    place = match.end()
    stop = _NEXT_FIELD.search(note.folded, place)
    end = min(stop.start() if stop else len(note.text), place + 60)
    number = note.word_at.get(place)
    if number is None:
        return
    words: list[Word] = []
    while number < len(note.words) and note.words[number].end <= end:
        if note.words[number].folded not in NO_NAME or words or note.words[number].text.isupper():
            words.append(note.words[number])
        number += 1
    if key.startswith(
        ("patient", "malade", "identite", "beneficiaire", "assure", "name", "nom complet")
    ) or _MIXED_KEY.search(key):
        number = note.word_at[place]
        title = _TITLE.match(note.folded, place)
        if title:
            return
        parts = read_name(note, number, sure=True)
        yield from label_name(parts, weight=FIELD, surname_first=not key.startswith("prenom")) if parts else ()
        return
    words = [
        word for word in words if word.folded not in {"m", "mme", "mr", "mlle", "monsieur", "madame", "docteur", "dr"}
    ]
    if not words or len(words) > 5:
        return
    label: Label = "PRENOM" if key.startswith(("prenom", "1er", "first", "given")) else "NOM"
    loud = [word.text.isupper() for word in words]
    if label == "NOM" and loud[0] and not all(loud):
        last = loud.index(False)
        yield Find(words[0].start, words[last - 1].end, "NOM", FIELD)
        if given_count(words[last].folded):
            yield Find(words[last].start, words[last].end, "PRENOM", FIELD)
        return
    yield Find(words[0].start, words[-1].end, label, FIELD)
