"""Recall, precision, clean notes and speed of the redaction of notes, layer by layer.

    python benchmarks/notes.py [--corpus CASES.jsonl] [--letters 400] [--seed 0]

The letters are filled with Faker's people and places and the corpus's sentences (a JSON object a line, `text`: French
case reports without identifiers; without it, a few sentences of our own). The corpus alone measures over-redaction: its finds are false, but for the dates and
places of care that the reports kept. Clean: every letter or digit of every identifier of a note is covered.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import time
from pathlib import Path
from typing import TYPE_CHECKING

from faker import Faker

from transforms.notes.codes import find_codes
from transforms.notes.consistency import find_repeated
from transforms.notes.dates import find_dates
from transforms.notes.finding import find_identifiers
from transforms.notes.labels import Find, resolve
from transforms.notes.names import find_named
from transforms.notes.note import Note
from transforms.notes.places import find_places
from transforms.notes.record import Record, read_record
from transforms.notes.titles import find_titled
from transforms.notes.towns import find_towns

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Truth = list[tuple[int, int, str]]
LAYERS: dict[str, tuple[Callable[[Note], Iterator[Find]], ...]] = {
    "patterns": (find_dates, find_codes),
    "+ titles and fields": (find_titled,),
    "+ places": (find_places, find_towns),
    "+ names": (find_named,),
}
LABELS = {"N": "NOM", "n": "NOM", "U": "NOM", "F": "PRENOM", "I": "PRENOM"}
PLACE = re.compile(r"\{(\w+?)(\d?)\}")
MONTHS = (
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

OWN = (
    "Le patient se plaint d'une douleur thoracique constrictive depuis la veille. L'examen clinique retrouve un souffle"
    " systolique au foyer mitral. La radiographie pulmonaire ne montre pas de foyer. Le bilan biologique est sans"
    " particularité en dehors d'une anémie. La maladie de Parkinson est stable sous traitement. L'évolution est"
    " favorable après antibiothérapie intraveineuse. Un contrôle échographique est prévu avant la sortie."
)


class Letter:
    """One letter's people, days and numbers, drawn once; each place in the template asks for one."""

    def __init__(self, seed: int, sentences: list[str]) -> None:
        self.draw = random.Random(seed)
        self.fake = Faker("fr_FR")
        self.fake.seed_instance(seed)
        self.sentences = sentences
        self.people = {str(n): (self.fake.first_name(), self.fake.last_name()) for n in range(1, 6)}
        self.birth = (self.draw.randint(1, 28), self.draw.randint(1, 12), self.draw.randint(1930, 2005))
        self.address = self.fake.street_address().replace("\n", " ")
        self.place = (self.fake.postcode(), self.fake.city())
        self.ids = {"ipp": str(self.draw.randint(10**7, 10**10)), "nda": str(self.draw.randint(10**8, 10**9))}
        self.nir = f"{self.draw.choice('12')}{self.birth[2] % 100:02d}{self.birth[1]:02d}{self.draw.randint(10, 95)}{self.draw.randint(100, 999)}{self.draw.randint(100, 999)}"

    def record(self) -> Record:
        """Give the patient's record as a hospital's table has it."""
        first, last = self.people["1"]
        day, month, year = self.birth
        return read_record(
            {
                "nom": last,
                "prenom": first,
                "naissance": f"{year}-{month:02d}-{day:02d}",
                "nir": self.nir,
                "adresse": self.address,
                "cp": self.place[0],
                "ville": self.place[1],
                **self.ids,
            }
        )

    def written(self, kind: str, person: str) -> tuple[str, str]:
        """Give a value in one of the forms that it has in notes, and its label (empty: no identifier)."""
        if kind in LABELS:
            first, last = self.people[person]
            forms = {
                "N": self.draw.choice([last, last.upper()]),
                "n": last.lower(),
                "U": last.upper(),
                "F": first,
                "I": first[0],
            }
            return forms[kind], LABELS[kind]
        return getattr(self, f"_{kind.lower()}")()

    def _text(self) -> tuple[str, str]:
        return " ".join(self.draw.sample(self.sentences, 2)), ""

    def _day(self, day: int, month: int, year: int) -> str:
        return self.draw.choice(
            [
                f"{day:02d}/{month:02d}/{year}",
                f"{day:02d}/{month:02d}/{year % 100:02d}",
                f"{day:02d}.{month:02d}.{year}",
                f"{year}-{month:02d}-{day:02d}",
                f"{day} {MONTHS[month - 1]} {year}",
            ]
        )

    def _date(self) -> tuple[str, str]:
        return self._day(self.draw.randint(1, 28), self.draw.randint(1, 12), self.draw.randint(2012, 2024)), "DATE"

    def _birth(self) -> tuple[str, str]:
        return self._day(*self.birth), "DATE_NAISSANCE"

    def _month(self) -> tuple[str, str]:
        month, year = self.draw.randint(1, 12), self.draw.randint(2012, 2024)
        return self.draw.choice([f"{MONTHS[month - 1]} {year}", f"{month:02d}/{year}", str(year)]), "DATE"

    def _phone(self) -> tuple[str, str]:
        pairs = ["0" + self.draw.choice("1234567"), *(f"{self.draw.randint(0, 99):02d}" for _ in range(4))]
        return self.draw.choice(
            [" ".join(pairs), ".".join(pairs), "".join(pairs), f"+33 {pairs[0][1]} {' '.join(pairs[1:])}"]
        ), "TEL"

    def _mail(self) -> tuple[str, str]:
        return self.fake.ascii_safe_email(), "MAIL"

    def _street(self) -> tuple[str, str]:
        return self.address, "ADRESSE"

    def _zip(self) -> tuple[str, str]:
        return self.place[0], "ZIP"

    def _town(self) -> tuple[str, str]:
        return self.place[1], "VILLE"

    def _hospital(self) -> tuple[str, str]:
        return self.draw.choice(
            [f"CHU de {self.place[1]}", "hôpital Saint-Louis", "clinique du Parc", "Centre Hospitalier Simone Veil"]
        ), "HOPITAL"

    def _ipp(self) -> tuple[str, str]:
        return self.ids["ipp"], "IPP"

    def _nda(self) -> tuple[str, str]:
        return self.ids["nda"], "NDA"

    def _nir(self) -> tuple[str, str]:
        groups = re.fullmatch(r"(.)(..)(..)(..)(...)(...)", self.nir)
        return self.draw.choice([self.nir, " ".join(groups.groups()) if groups else self.nir]), "SECU"


def fill(template: str, letter: Letter) -> tuple[str, Truth]:
    """Fill a template; give the note and what in it identifies somebody."""
    shouted = "{U" in template and template.isupper()
    text, truth, at = "", [], 0
    for place in PLACE.finditer(template):
        text += template[at : place.start()]
        value, label = letter.written(place[1], place[2])
        value = value.upper() if shouted else value
        if label:
            truth.append((len(text), len(text) + len(value), label))
        text += value
        at = place.end()
    return text + template[at:], truth


def layered(names: list[str], record: Record | None) -> Callable[[str], Truth]:
    """Give a finder that asks only the layers named."""

    def find(text: str) -> Truth:
        note = Note(text)
        finds = [find for name in names for layer in LAYERS[name] for find in layer(note)]
        return [*resolve([*finds, *find_repeated(note, finds)] if len(names) > 1 else finds, text)]

    return find if record is None else lambda text: [*find_identifiers(text, record=record)]


def measure(notes: list[tuple[str, Truth, Record]], finder: Callable[[Record], Callable[[str], Truth]]) -> str:
    """Give recall (touched), right label, precision, clean notes and notes a second as one line."""
    hit = right = total = good = found = clean = 0
    start = time.process_time()
    answers = [finder(record)(text) for text, _, record in notes]
    seconds = time.process_time() - start
    for (text, truth, _), spans in zip(notes, answers, strict=True):
        covered = {place for first, last, _ in spans for place in range(first, last)}
        for first, last, label in truth:
            over = [span for span in spans if span[0] < last and span[1] > first]
            hit, right, total = hit + bool(over), right + any(span[2] == label for span in over), total + 1
        good += sum(any(first < span[1] and last > span[0] for first, last, _ in truth) for span in spans)
        found += len(spans)
        clean += all(
            place in covered or not text[place].isalnum() for first, last, _ in truth for place in range(first, last)
        )
    return f"{hit / total:6.3f} {right / total:6.3f} {good / max(found, 1):6.3f} {clean / len(notes):6.3f} {len(notes) / seconds:8.0f}"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpus", type=Path)
    parser.add_argument("--letters", type=int, default=400)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    lines = options.corpus.read_text(encoding="utf-8").splitlines() if options.corpus else []
    reports = sorted({json.loads(line)["text"] for line in lines}) or [OWN]
    sentences = [sentence for text in reports for sentence in re.findall(r"[A-ZÉÀ][^.!?\d]{30,150}\.", text)]
    blocks = re.split(r"===== \w+\n", Path(__file__).with_name("notes_letters.txt").read_text(encoding="utf-8"))[1:]
    notes = []
    for number in range(options.letters):
        letter = Letter(options.seed + number, sentences)
        notes.append((*fill(blocks[number % len(blocks)], letter), letter.record()))
    print("layers                recall  label  prec.  clean  notes/s")
    names: list[str] = []
    for name in LAYERS:
        names.append(name)
        print(f"{name:21} {measure(notes, lambda _: layered(names, None))}")
    print(f"{'all':21} {measure(notes, lambda _: lambda text: [*find_identifiers(text)])}")
    print(f"{'all, with the record':21} {measure(notes, lambda record: layered([], record))}")
    start = time.process_time()
    false = [label for text in reports for _, _, label in find_identifiers(text) if label not in {"DATE", "HOPITAL"}]
    words = sum(len(text.split()) for text in reports)
    speed = len(reports) / (time.process_time() - start)
    print(
        f"over-redaction: {len(false)} finds that are no date or hospital in {words} words of {len(reports)} reports without identifiers ({speed:.0f} reports/s)"
    )


if __name__ == "__main__":
    main()
