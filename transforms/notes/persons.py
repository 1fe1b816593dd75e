"""How far does a person's name run from a given word, and which part of it is the surname?"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from transforms.notes.labels import Find, Label
from transforms.notes.words import given_count, is_plain, leans_given, surname_count, word_set

if TYPE_CHECKING:
    from transforms.notes.note import Note, Word, Words

PARTICLES: Final = word_set(
    "de du des la le les d l van von der den ben bin ibn el al da das do dos di del della delle ait aït abou abu bou st ste saint"
    " sainte mac mc san santa ten ter zu ould bint"
)
# Words that stand beside names in letters and never are one: titles, roles, fields, places of care.
NO_NAME: Final = word_set(
    "docteur docteurs docteure dr drs pr prs prof professeur professeurs professeure monsieur madame mademoiselle messieurs mesdames"
    " mr mme mlle melle mmes mm m maitre service services hopital hopitaux chu chru ch chi clinique centre hospitalier hospitaliere"
    " unite pole departement cabinet cher chere chers confrere confreres consoeur collegue ami patient patiente interne internes"
    " externe externes chef cheffe assistant assistante praticien praticienne medecin medecins chirurgien chirurgienne cardiologue"
    " infirmier infirmiere ide cadre secretaire secretariat secretariats tel telephone fax mail email ne nee nom noms prenom corr vve iban bic rib bonsoir merci salut mamie papi papy mamy point prenoms date"
    " adresse ipp nda nip rpps finess sexe age lundi mardi mercredi jeudi vendredi samedi dimanche janvier fevrier mars avril mai juin"
    " juillet aout septembre octobre novembre decembre compte rendu motif antecedents histoire conclusion traitement examen le la les"
    " un une il elle ils elles ce cette nous vous je on son sa ses et ou pour par sur dans avec est sont a au aux en mon ma votre notre bonjour"
    " cordialement copie destinataire consultation hospitalisation urgences reanimation cardiologie neurologie chirurgie medecine pediatrie"
    " geriatrie oncologie hematologie pneumologie nephrologie urologie gynecologie dermatologie psychiatrie radiologie rhumatologie"
    " gastroenterologie endocrinologie ophtalmologie anesthesie biologie imagerie rue avenue boulevard place cedex objet lettre"
    " courrier operateur anesthesiste aide dicte signe valide redige relu fait page tension poids taille bilan irm scanner tdm ecg echographie"
    " ph phu ccf ccu puph mcuph fmh desc des du"
    " ddn dn iao ioa ao rdv hdm hdlm atcd mdv cr crh cro crc irm bmr ehpad ssr samu smur usi usic rea urg hta avc idm tvp ep bpco dnid did imc ta fc fr sao fio hall bloc salle box aile secteur lit iade ibode amb smur nir nss arm mkde soussigne soussignee chevet prevenu prevenue carnet ariane vsav admr prado sf ok ecbu anesth sos mt dp das cs regul regulation atmp averti avertie recist hes allergie allergies residence epouse epoux veuve veuf fils fille mari femme mere pere frere suivi suivie vu vue directeur directrice president presidente prefet prefete procureur juge doyen doyenne expert rapporteur compagne compagnon conjoint conjointe concubin concubine appelant appelante"
    " grand-pere grand-mere beau-pere belle-mere beau-frere belle-soeur belle-fille beau-fils petit-fils petite-fille coucou hello slt svp stp senior junior excuses excuse excusee presents present presente demandeur devis idec idel participants quorum receveur donneur victime resident residente ii iii iv vi vii viii ix indication technique resultats resultat"
)
# First letters of double first names, as they are written without a dot. Own compilation, 2026-11-24, Apache-2.0.
GLUED_INITIALS: Final = word_set(
    "JP JM JC JL JF JB JR JY JJ JD JG JN JS MC MF MH ML MP MT MJ MA AM AL AC AS AV PY PA PE FX LM EM GH HP CH PH JPH"
)
JOINTS: Final = frozenset({" ", "  ", "-", "\u00a0"})
"""What stands between two words of a name, whatever the words."""
_LAST_PARTICLES: Final = word_set("van ben el ould ait")
_INITIAL: Final = re.compile(r"[A-ZÀ-Þ](?:[hr]|-[A-ZÀ-Þ][hr]?)?")
_LAST_DOT: Final = re.compile(r"\.(?! ?[A-ZÀ-Þ])")
# `Dr Mars`, `Mme Lundi`: behind a title a capital makes a name of them.
_CALENDAR: Final = word_set(
    "lundi mardi mercredi jeudi vendredi samedi dimanche janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre"
)
_ACRONYM: Final = 3
_LONGEST: Final = 7
_LONGEST_INITIAL: Final = 5
_COMMON_GIVEN: Final = 10_000
_COMMON_SURNAME: Final = 500
_SECOND: Final = 100_000


class Part(NamedTuple):
    """A word of a name: its place and what can be said of it alone."""

    word: Word
    initial: bool
    particle: bool

    @property
    def shouted(self) -> bool:
        """Whether it is written in capitals, as surnames are in forms."""
        return self.word.text.isupper() and len(self.word.text) > 1


def is_initial(note: Note, word: Word) -> bool:
    """Tell `J.`, `J-P`, `Ph.` or a lone capital from a word."""
    if (word.text in GLUED_INITIALS and not _ranks(note, word)) or (
        len(word.text) == 2
        and word.text.isupper()
        and note.text[word.end : word.end + 1] == "."
        and word.folded not in NO_NAME
    ):
        return True
    if (
        not _INITIAL.fullmatch(word.text)
        or len(word.text) > 5
        or (len(word.text) > 1 and word.folded in NO_NAME and word.text[1] != "h")
    ):
        return False
    return len(word.text) == 1 or "-" in word.text or note.text[word.end : word.end + 1] == "."


def _ranks(note: Note, word: Word) -> bool:
    """Tell a military doctor's rank (`MC Olivier Bauer`) from the initials of a double first name (`MC Bauer`)."""
    number = note.word_at.get(word.end + 1)
    return (
        word.text in {"MC", "MP", "MG"}
        and number is not None
        and leans_given(note.words[number].folded)
        and number + 1 < len(note.words)
        and note.words[number + 1].text.isupper()
    )


def is_name_like(word: Word) -> bool:
    """Tell whether the word alone may be a name: a capital, and not a plain word unless many people bear it."""
    folded = word.folded
    if folded in NO_NAME or not word.capital or len(folded) < 2:
        return False
    if is_plain(folded):
        return surname_count(folded) > 300 or given_count(folded) > 2000
    return True


def read_name(
    note: Note, number: int, *, sure: bool = False, announced: bool = False, titled: bool = False
) -> list[Part]:
    """Read the words of a name from word `number` on; empty when no name begins there.

    Args:
        note: The note.
        number: Where in `note.words` the name would begin.
        sure: A title or field stands before it: a plain word (`Petit`) or one in lower case (`dupont`) may be the name.
        announced: A word before it announces a person, so that any two capitals (`RM Dupont`) may be initials.
        titled: A title stands before it: any word with a capital is the name (`Dr Rangé`).
    """
    parts: list[Part] = []
    words = note.words
    named = False
    while number < len(words) and len(parts) < _LONGEST:
        word = words[number]
        if parts and not _joins(note.text[parts[-1].word.end : word.start], parts[-1], word, broken=sure and not named):
            break
        if _opens(note, number, parts, named=named, announced=sure or announced) or (
            parts and not parts[-1].initial and (sure or parts[-1].shouted) and _trails(note, word)
        ):
            parts.append(Part(word, initial=True, particle=False))
        elif (
            word.folded in PARTICLES
            and not _is_accented(word)
            and (not named or not word.capital or next_is_name(words, number, sure=sure))
        ):
            if (
                not next_is_name(words, number, sure=sure)
                or note.text[word.end : word.end + 1] in {".", ",", "\n"}
                or _is_of_place(words, number, parts, named=named)
            ):
                if sure and parts and not parts[-1].initial and word.text.istitle() and word.folded in _LAST_PARTICLES:
                    parts.append(Part(word, initial=False, particle=False))
                break
            parts.append(Part(word, initial=False, particle=True))
        elif _accepts(word, parts, sure=sure, named=named) or (
            sure and not parts and _begins_behind_title(note, word, titled=titled)
        ):
            parts.append(Part(word, initial=False, particle=False))
            named = named or not given_count(word.folded) or len(parts) > 1
        else:
            break
        number += 1
    while parts and parts[-1].particle:
        alone = parts.pop()
        if (
            sure
            and not parts
            and alone.word.capital
            and (alone.word.folded not in NO_NAME or not alone.word.text.isascii())
            and (surname_count(alone.word.folded) or not alone.word.text.isascii())
        ):
            return [alone._replace(particle=False)]
    return parts if any(not part.initial and not part.particle for part in parts) else []


def _begins_behind_title(note: Note, word: Word, *, titled: bool) -> bool:
    """Take any capital behind a title, and tell `Dr Mars` and `née AVRIL` from a month and its year."""
    if titled and word.text.istitle() and len(word.text) > 2 and word.folded not in NO_NAME:
        return True
    return (
        word.folded in _CALENDAR
        and (word.text.isupper() or (titled and word.text.istitle()))
        and not note.text[word.end : word.end + 2].strip().isdigit()
    )


def _is_of_place(words: Words, number: int, parts: list[Part], *, named: bool) -> bool:
    """Tell `Mme Pottier du CLIC` and `Mme Roy de la Mairie` from a name with a particle: an office stands behind the surname."""
    if not named or parts[-1].particle or words[number].capital:
        return False
    behind = next((word for word in words[number + 1 : number + 4] if word.folded not in PARTICLES), None)
    return behind is not None and (
        (
            behind.text.isupper()
            and not parts[-1].shouted
            and not (surname_count(behind.folded) or given_count(behind.folded))
        )
        or (is_plain(behind.folded) and surname_count(behind.folded) < _COMMON_SURNAME)
    )


def _is_accented(word: Word) -> bool:
    """Tell the surname `LÊ` from the article."""
    return word.text.isupper() and not word.text.isascii()


def _opens(note: Note, number: int, parts: list[Part], *, named: bool, announced: bool) -> bool:
    """Tell whether the word is an initial before a surname."""
    word = note.words[number]
    if named or len(word.text) > _LONGEST_INITIAL or not _initial_counts(note, number):
        return False
    if (
        announced
        and not parts
        and len(word.text) == 1
        and word.text.islower()
        and word.folded not in {"a", "y", "l", "d"}
    ):
        return note.text[word.end : word.end + 1] == "." and number + 1 < len(note.words)
    return is_initial(note, word) or (announced and not parts and _is_glued(note.words, number))


def _trails(note: Note, word: Word) -> bool:
    """Tell the initial in `DUPONT J.` from the one that begins the next name."""
    return len(word.text) == 1 and word.text.isupper() and _LAST_DOT.match(note.text, word.end) is not None


def _joins(gap: str, before: Part, word: Word, *, broken: bool) -> bool:
    """Tell whether two words with `gap` between them belong to one name; a line may break before the surname (OCR)."""
    if gap in JOINTS:
        return True
    if gap in {"'", "’"}:
        return before.particle
    if gap in {".", ". ", ".-", " ."}:
        return before.initial
    return (
        broken
        and gap in {"\n", ".\n", " \n"}
        and (word.folded in PARTICLES or (word.capital and word.folded not in NO_NAME and not is_plain(word.folded)))
    )


def _is_glued(words: Words, number: int) -> bool:
    """Tell `RM Dupont` from `BA Fatou`: two capitals before what is no first name are initials."""
    word = words[number]
    if len(word.text) != 2 or not word.text.isupper() or word.folded in PARTICLES:
        return False
    after = words[number + 1].folded if number + 1 < len(words) else ""
    return not (surname_count(word.folded) and given_count(after) > surname_count(after))


def _initial_counts(note: Note, number: int) -> bool:
    """Tell an initial from a lone letter (`A ÉTÉ`): it has a dot or a hyphen, or a name follows it."""
    word = note.words[number]
    if "-" in word.text or (len(word.text) == 1 and note.text[word.end : word.end + 1] == "."):
        return True
    if number + 1 == len(note.words) or note.words[number + 1].start > word.end + 2:
        return False
    after = note.words[number + 1]
    if after.folded in PARTICLES and len(after.text) > 1:
        return next_is_name(note.words, number + 1, sure=False)
    return (
        after.capital
        and after.folded not in NO_NAME
        and (not is_plain(after.folded) or surname_count(after.folded) > 300)
    )


def next_is_name(words: Words, number: int, *, sure: bool) -> bool:
    """Tell whether a name stands behind the particles from word `number` on."""
    lower = sure and not words[number].capital
    for place in range(number + 1, min(number + 4, len(words))):
        word = words[place]
        if word.folded not in PARTICLES:
            if lower and not word.capital:
                return len(word.text) > 2 and word.folded not in NO_NAME and not is_plain(word.folded)
            return word.capital and word.folded not in NO_NAME and (len(word.text) > 1)
    return False


def _accepts(word: Word, parts: list[Part], *, sure: bool, named: bool) -> bool:
    folded = word.folded
    known = bool(surname_count(folded) or given_count(folded))
    loud = word.text.isupper()
    if len(folded) < 2 or (sure and known and _is_accented(word)):
        return len(folded) > 1
    if folded in NO_NAME:
        # `Christiane PERE`: capitals after a first name in small letters make a surname of any word.
        return (
            sure
            and bool(parts)
            and loud
            and len(folded) > _ACRONYM
            and not parts[-1].shouted
            and not parts[-1].initial
            and surname_count(folded) > 0
        )
    if not word.capital:
        enough = (
            max(given_count(folded), surname_count(folded)) > _COMMON_SURNAME if named else known or len(folded) > 3
        )
        # `lefebvre jean pierre`: a second first name in small letters may be a plain word.
        second = named and given_count(folded) > _SECOND and given_count(parts[-1].word.folded) > _COMMON_GIVEN
        plain = is_plain(folded) and (named or surname_count(folded) < _COMMON_SURNAME) and not second
        return sure and enough and not plain and (not parts or not parts[-1].word.capital)
    if is_plain(folded):
        if named:
            given = given_count(folded) > _COMMON_GIVEN and loud != parts[-1].shouted
            return given or (sure and surname_count(folded) > 300 and (loud or not parts[-1].shouted))
        return known if sure else is_name_like(word)
    return not (sure and not parts and len(word.text) == 2 and loud and not known)


def label_name(parts: list[Part], *, weight: int, surname_first: bool = False, alone: Label = "NOM") -> list[Find]:
    """Say which words of a name are the surname (NOM) and which are first names (PRENOM); a title is never among them.

    Args:
        parts: What `read_name` gave.
        weight: How sure the layer is.
        surname_first: In forms the surname stands first, when case and lexicon don't tell.
        alone: What a name of one word is.
    """
    units: list[list[Part]] = []
    for part in parts:
        if units and units[-1][-1].particle:
            units[-1].append(part)
        else:
            units.append([part])
    labels = _labels(units, surname_first=surname_first, alone=alone)
    finds: list[Find] = []
    for unit, label in zip(units, labels, strict=True):
        start, end = unit[0].word.start, unit[-1].word.end
        if finds and finds[-1].label == label:
            finds[-1] = finds[-1]._replace(end=end)
        else:
            finds.append(Find(start, end, label, weight))
    return finds


def _labels(units: list[list[Part]], *, surname_first: bool, alone: Label) -> list[Label]:
    if len(units) == 1:
        return [alone]
    shouted = [unit[-1].shouted for unit in units]
    if any(unit[0].initial for unit in units):
        if units[-1][0].initial and not units[0][0].initial and _leans_given(units[0]):
            given = [True] * (len(units) - 1) + [False]
        else:
            given = [unit[0].initial for unit in units]
    elif any(shouted) and not all(shouted):
        given = [not loud for loud in shouted]
    else:
        given = _by_lexicon([_leans_given(unit) for unit in units], surname_first=surname_first)
    return ["PRENOM" if is_given else "NOM" for is_given in given]


def _by_lexicon(given: list[bool], *, surname_first: bool) -> list[bool]:
    """Cut the words in two: first names, then surnames, or the other way where the lexicon or a form says so."""
    count = len(given)
    if (given[-1] and not given[0]) or (surname_first and given[-1] == given[0]):
        cut = given.index(True, 1) if any(given[1:]) else count - 1
        return [False] * cut + [True] * (count - cut)
    cut = 1
    while cut < count - 1 and given[cut]:
        cut += 1
    return [True] * cut + [False] * (count - cut)


def _leans_given(unit: list[Part]) -> bool:
    """Tell whether more people bear the word as a first name; SIRENE counts sole traders, about one person in ten."""
    if len(unit) > 1:
        return False
    folded = unit[0].word.folded
    return leans_given(folded)
