"""Train the tagger of names on case reports with invented people written into them.

    python benchmarks/notes_training.py --corpus FILE.jsonl [--out FILE] [--check]

`--corpus` holds one case report a line ({"text"}). One in ten, and the last two families of forms, are kept out of training
and used to choose the threshold. The same corpus gives the same weights.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import re
import time
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

import pycrfsuite

from transforms.notes.finding import find_by_rules
from transforms.notes.labels import resolve
from transforms.notes.note import Note, Word, fold
from transforms.notes.tagger import MODEL, PIECE, features, is_asked, sentences
from transforms.notes.words import communes, first_names, given_count, is_plain, plain_words, surname_count, surnames

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

FORMS = Path(__file__).with_name("notes_forms.txt")
SHIPPED = Path(__file__).parents[1] / "transforms" / "notes" / "lexicons" / MODEL
ROLES = (
    "interne externe chirurgien anesthésiste radiologue cardiologue neurologue infirmière IDE IADE IBODE kiné MT manipulateur"
    " opérateur opératrice aide pédiatre gynéco psychiatre psychologue secrétaire senior chef prescripteur référent ergo AS ASH"
    " cadre pharmacien biologiste pneumologue urologue éducatrice voisin tuteur curatrice ami collègue assistante médecin confrère"
).split()
ACTS = "vu revu opéré examiné adressé suivi réalisé interprété relu posé prescrit reçu accueilli intubé ponctionné régulé signé rappelé endormi demandé lu fait".split()
KIN = "fils fille frère soeur sœur mère père maman papa mari femme épouse époux conjoint compagne nièce neveu cousin petite-fille voisine ami tante grand-mère bébé jumeau".split()
HOSPITALS = (
    "Bichat Lariboisière Tenon Cochin Laennec Purpan Rangueil Charpennes Édouard-Herriot Bicêtre Ambroise-Paré Henri-Mondor Pellegrin Haut-Lévêque"
    " Larrey Hautepierre Brabois Claudius-Régaud Saint-Antoine Saint-Louis Saint-Joseph Sainte-Anne Sainte-Musse Saint-Jean Sainte-Barbe Pontchaillou Gui-de-Chauliac"
    " Archet Pasteur Gatien-de-Clocheville Morvan Cavale-Blanche Huriez Salengro Calmette Debrousse Carémeau Villeneuve Croix-Rousse Bellevue Michallon Belle-Isle"
).split()
BRANDS = (
    "Doliprane Efferalgan Dafalgan Bisoprolol Coversyl Triatec Aprovel Cozaar Amlor Aldactone Lasilix Esidrex Crestor Lipitor Zocor Glucophage Janumet Trajenta Lantus Levemir"
    " Apidra Humalog Eliquis Xarelto Pradaxa Previscan Fragmine Arixtra Plavix Brilique Efient Seroplex Zoloft Deroxat Effexor Cymbalta Norset Zyprexa Risperdal Xeplion Leponex"
    " Depakote Lamictal Keppra Urbanyl Rivotril Trileptal Vimpat Requip Sifrol Stalevo Modopar Aricept Exelon Ebixa Ventoline Symbicort Spiriva Foradil Singulair Aerius Xyzall"
    " Zyrtec Polaramine Augmentin Clamoxyl Rocéphine Tazocilline Ciflox Tavanic Zithromax Bactrim Flagyl Vancocine Targocid Zyvoxid Cubicin Triflucan Vfend Cancidas Zovirax Zelitrex"
    " Tamiflu Viread Truvada Kaletra Isentress Humira Enbrel Cimzia Stelara Cosentyx Entyvio Mabthera Herceptin Avastin Erbitux Keytruda Opdivo Glivec Sutent Tarceva Xeloda Taxotere"
    " Alimta Navelbine Caelyx Velcade Revlimid Zometa Xgeva Prolia Actonel Fosamax Cacit Uvesterol Tardyferon Venofer Eprex Neorecormon Granocyte Motilium Primperan Spasfon Debridat Forlax"
    " Macrogol Smecta Imodium Gaviscon Mopral Eupantol Pariet Levothyrox Neomercazole Hydrocortisone Androcur Utrogestan Mirena Nexplanon Diane Xatral Omix Avodart Vesicare Ditropan Cialis"
    " Cosopt Travatan Lumigan Vigamox Dexafree Betadine Biseptine Hibiscrub Diprivan Hypnovel Ultiva Sufenta Nimbex Esmeron Bridion Anectine Marcaine Naropeine Xylocaine Ketalar Vicryl Prolene"
    " Monocryl Ethilon Dermabond Surgicel Tachosil Gelfoam Hemopatch Urgotul Jelonet Algosteril Tegaderm Biatain Mefix Dacron Goretex Medtronic Abbott Stryker Zimmer Smith Depuy Biomet Zeiss Olympus"
    " Storz Philips Siemens Toshiba Vigileo Picco Architect Cobas Sysmex Vidas Biofire Genexpert Vitros Klebsiella Pseudomonas Escherichia Proteus Serratia Enterobacter Staphylococcus Aspergillus Cryptococcus"
    " Plasmodium Salmonella Shigella Helicobacter Chlamydia Mycoplasma Legionella Bordetella Listeria Toxoplasma Neisseria Haemophilus Streptococcus Enterococcus Rickettsia Borrelia Leptospira Nocardia"
).split()
CAPITALS = "AEIOUBCDFGHLMNPRSTV"
SEED = 20_261_125
HELD_OUT = 10
TOWN_LETTERS = 14
HALF = 0.5
PLAIN_SURNAMES = 0.9
DAYS = ("{:02d}/{:02d}", "{:02d}/{:02d}/20{:02d}", "{}.{}.{}", "20{2:02d}")
NEGATIVE = ("none", "drugs and things", "plain capitals", "eponyms")
THINGS = (
    "signe syndrome maladie score échelle test épreuve manœuvre réflexe triade classification stade grade critères fracture luxation hernie kyste tumeur lymphome anémie paralysie lambeau plaque anse pince"
    " écarteur valve drain sonde aiguille protocole réaction milieu gélose forceps ligament canal nerf muscle loge angle ligne indice rapport formule équation loi effet phénomène bruit souffle position"
    " plâtre bandage écharpe corset ceinture incision voie technique intervention opération procédure fistule diverticule thyroïdite purpura bacille virus coloration lésion ulcère nodule cellules corps"
).split()
# Whom a report calls by what they are: put a name there, and the sentence is as a colleague would write it.
CALLED = (
    (re.compile(r"\b(?:[Ll]e|[Ll]a) (?:patiente?|malade)\b"), "NP"),
    (
        re.compile(
            r"\b(?:[Ll]e|[Uu]n) (?:chirurgien|neurologue|cardiologue|radiologue|réanimateur|anesthésiste|pédiatre|médecin)\b"
        ),
        "N",
    ),
    (re.compile(r"\b(?:[Ss]on|[Ss]a|[Ll]e|[Ll]a) (?:mère|père|fils|fille|frère|sœur|mari|épouse|bébé)\b"), "P"),
    (re.compile(r"(?<=\b[àa] )(?:l'hôpital|domicile)\b|(?<=\bde )notre (?:structure|formation|hôpital)\b"), "HV"),
)


class Chain:
    """Letters that follow three letters, to invent words as French as its list."""

    def __init__(self, words: list[str]) -> None:
        """Count what follows what."""
        self.after: dict[str, list[str]] = defaultdict(list)
        for word in words:
            framed = f"^^^{word}$"
            for at in range(len(framed) - 3):
                self.after[framed[at : at + 3]].append(framed[at + 3])

    def invent(self, dice: random.Random) -> str:
        """Give a word of five to twelve letters."""
        while True:
            word = "^^^"
            while word[-1] != "$" and len(word) < 17:
                word += dice.choice(self.after[word[-3:]])
            if word[-1] == "$" and 4 <= len(word) - 4 <= 12:
                return word[3:-1]


class Writer:
    """Writes sentences with people in them, and says who stands where."""

    def __init__(self, dice: random.Random) -> None:
        """Make the chains of letters."""
        self.dice = dice
        self.surnames = [name for name in surnames() if name.isalpha() and not is_plain(name)]
        self.given = [name for name, count in first_names().items() if not is_plain(name)]
        self.towns = [
            name for name in communes() if len(name) < TOWN_LETTERS and not is_plain(name) and " " not in name
        ]
        self.plain = sorted(word for word in plain_words() if len(word) > 4 and word.isalpha())
        self.small = [word for word in self.plain if not given_count(word)]
        self.borne = [name for name in surnames() if name.isalpha() and is_plain(name) and surname_count(name) > 300]
        self.chains = {"N": Chain(self.surnames), "P": Chain(self.given), "D": Chain([fold(word) for word in BRANDS])}

    def word(self, kind: str) -> str:
        """Give one word of a kind."""
        dice = self.dice
        if kind in "NP":
            chance = dice.random()
            pool = self.given if kind == "P" else self.borne if chance > PLAIN_SURNAMES else self.surnames
            name = self.chains[kind].invent(dice) if chance < 0.35 else dice.choice(pool)
            if chance > 0.93:
                name += "-" + dice.choice(pool)
            loud = dice.random() < (0.3 if kind == "N" else 0.05)
            return name.upper() if loud else re.sub(r"(^|[-'])(\w)", lambda found: found[1] + found[2].upper(), name)
        if kind == "D":
            name = self.chains["D"].invent(dice) if dice.random() < 0.5 else dice.choice(BRANDS)
            return name.upper() if dice.random() < 0.25 else name.capitalize()
        if kind == "W":
            name = dice.choice(self.plain)
            return name.upper() if dice.random() < 0.25 else name.capitalize()
        if kind == "V":
            return re.sub(r"(^|[-'])(\w)", lambda found: found[1] + found[2].upper(), dice.choice(self.towns))
        pools: dict[str, Callable[[], str]] = {
            "Z": lambda: "".join(dice.choices(CAPITALS, k=dice.choice((4, 4, 4, 5, 5, 6)))),
            "n": lambda: str(dice.randrange(1, 99)),
            "R": lambda: dice.choice(ROLES),
            "A": lambda: dice.choice(ACTS),
            "K": lambda: dice.choice(KIN),
            "H": lambda: dice.choice(HOSPITALS),
            "E": lambda: (
                self.chains["N"].invent(dice).capitalize()
                if dice.random() < HALF
                else dice.choice(self.surnames).capitalize()
            ),
            "I": lambda: dice.choice(CAPITALS),
            "o": lambda: dice.choice(THINGS),
            "d": lambda: dice.choice(DAYS).format(dice.randrange(1, 29), dice.randrange(1, 13), dice.randrange(10, 25)),
            "L": lambda: " ".join(dice.sample(self.small, dice.choice((2, 3, 4)))),
        }
        return pools[kind]()

    def fill(self, form: str) -> tuple[str, list[tuple[int, int, str]]]:
        """Fill the holes of a form."""
        text, spans, at = "", [], 0
        labels = {"N": "NOM", "P": "PRENOM", "H": "HOPITAL", "V": "VILLE"}
        for hole in re.finditer(r"\{(\w)\}", form):
            text += form[at : hole.start()]
            word = self.word(hole[1])
            if not text or (text.endswith(". ") and hole[1] in "RAK"):
                word = word[0].upper() + word[1:]
            if hole[1] in labels:
                spans.append((len(text), len(text) + len(word), labels[hole[1]]))
            text, at = text + word, hole.end()
        return text + form[at:], spans

    def called(self, text: str) -> tuple[str, list[tuple[int, int, str]]]:
        """Put names in the places of those whom a report's sentence calls by what they are."""
        labels = {"N": "NOM", "P": "PRENOM", "H": "HOPITAL", "V": "VILLE"}
        spans: list[tuple[int, int, str]] = []
        for pattern, kinds in CALLED:
            match = pattern.search(text)
            if not match or any(start < match.end() + 1 and match.start() - 1 < end for start, end, _ in spans):
                continue
            kind = self.dice.choice(kinds)
            name = self.word(kind)
            shift = len(name) - (match.end() - match.start())
            text = text[: match.start()] + name + text[match.end() :]
            spans = [
                (start + shift, end + shift, label) if start > match.start() else (start, end, label)
                for start, end, label in spans
            ]
            spans.append((match.start(), match.start() + len(name), labels[kind]))
        return text, sorted(spans)


def families() -> dict[str, list[str]]:
    """Read the forms, family by family."""
    pieces = re.split(r"^===== (.+)\n", FORMS.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    return {
        name: [line for line in forms.splitlines() if line]
        for name, forms in zip(pieces[::2], pieces[1::2], strict=True)
    }


def examples(
    reports: list[str], forms: list[str], dice: random.Random, count: int
) -> Iterator[tuple[str, list[tuple[int, int, str]]]]:
    """Give notes: a sentence of a report, a form or two before, behind or within brackets of it, or a report's sentence alone."""
    writer = Writer(dice)
    stretches = [text[start:end] for text in reports for start, end in sentences(text) if 20 < end - start < 300]
    for _ in range(count):
        chance = dice.random()
        plain = dice.choice(stretches)
        if chance < 0.25:
            yield plain, []
            continue
        if chance > 0.85:
            yield writer.called(plain)
            continue
        text, spans = writer.fill(dice.choice(forms))
        if chance < 0.5:
            yield text, spans
        elif chance < 0.65:
            glue = dice.choice([" ", "\n", ". "])
            yield text + glue + plain, spans
        else:
            lead = plain + dice.choice([" ", "\n", " - ", " ("])
            yield lead + text, [(start + len(lead), end + len(lead), label) for start, end, label in spans]


def tagged(
    text: str, truth: list[tuple[int, int, str]], unknown: frozenset[str]
) -> Iterator[tuple[list[list[str]], list[str], list[bool]]]:
    """Give the features, the tags and the candidates of each sentence of a note."""
    note = Note(text)
    found = resolve(find_by_rules(note), text)
    # Words that no list has begin sentences too: some plain ones are taken for unknown.
    plain = (lambda folded: folded not in unknown and is_plain(folded)) if unknown else is_plain
    covered = {start: (end, label) for start, end, label in found}
    for start, end in sentences(text):
        pieces = [match.span() for match in PIECE.finditer(text, start, end)]
        if not pieces:
            continue
        tags = [next((label for first, last, label in truth if first <= piece[0] < last), "O") for piece in pieces]
        asked = [
            not any(first <= piece[0] < last for first, last, _ in found)
            and text[piece[0]].isupper()
            and (
                is_asked(note, Word(*piece, text[slice(*piece)], fold(text[slice(*piece)]), capital=True))
                or fold(text[slice(*piece)]) in unknown
            )
            for piece in pieces
        ]
        if any(asked):
            yield features(note, pieces, covered, plain), tags, asked


def main() -> None:
    """Train, write the weights and print what they reach on what was held out."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=SHIPPED)
    parser.add_argument("--count", type=int, default=45_000)
    options = parser.parse_args()
    dice = random.Random(SEED)
    reports = [json.loads(line)["text"] for line in options.corpus.read_text(encoding="utf-8").splitlines()]
    kept = [text for number, text in enumerate(reports) if number % HELD_OUT]
    forms = families()
    learnt = [form for name, lines in forms.items() if "held out" not in name for form in lines]
    fresh = [form for name, lines in forms.items() if "held out" in name for form in lines]
    learnt += [form for name in NEGATIVE for form in forms[name]]
    words = sorted(plain_words())
    unknown = frozenset(dice.sample([word for word in words if len(word) > 4], len(words) // 3))
    trainer = pycrfsuite.Trainer(algorithm="lbfgs", verbose=False)
    trainer.set_params({"c1": 0.0, "c2": 0.3, "max_iterations": 90, "feature.minfreq": 4})
    began = time.process_time()
    sequences = 0
    for text, truth in examples(kept, learnt, dice, options.count):
        for items, tags, _ in tagged(text, truth, unknown):
            trainer.append(items, tags)
            sequences += 1
    print(f"{sequences} sequences after {time.process_time() - began:.0f} s", flush=True)
    trainer.train(str(options.out))
    weights = options.out.read_bytes()
    print(
        f"{len(weights) / 1e6:.2f} MB, sha256 {hashlib.sha256(weights).hexdigest()}, {time.process_time() - began:.0f} s",
        flush=True,
    )
    tagger = pycrfsuite.Tagger()
    tagger.open_inmemory(weights)
    scores: list[tuple[float, bool]] = []
    for text, truth in examples(reports[::HELD_OUT], fresh, random.Random(1), 1500):
        for items, tags, asked in tagged(text, truth, frozenset()):
            tagger.set(items)
            scores += [(1 - tagger.marginal("O", n), tags[n] != "O") for n, ask in enumerate(asked) if ask]
    for threshold in (0.3, 0.5, 0.6, 0.7, 0.8, 0.9):
        hits = sum(true for chance, true in scores if chance >= threshold)
        said = sum(chance >= threshold for chance, _ in scores)
        print(
            f"threshold {threshold}: recall {hits / sum(t for _, t in scores):.3f} precision {hits / max(said, 1):.3f}"
        )


if __name__ == "__main__":
    main()
