"""What do the word files beside the code say?

The files are plain text for clinicians to review; `#` starts a comment (source, licence and day stand on top of each).
"""

from __future__ import annotations

import gzip
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import product

from transforms.kinds import CATEGORY_OF

_HERE = files("transforms.detection")
Weights = tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Rule:
    """Concepts that, together in a field's name, speak for kinds."""

    concepts: frozenset[str]
    weights: Weights


@dataclass(frozen=True)
class Pattern:
    """What values of a kind look like."""

    name: str
    kind: str
    weight: float
    least: int
    most: int
    check: str
    regex: re.Pattern[str]


def _lines(name: str) -> list[str]:
    text = (_HERE / "words" / name).read_text(encoding="utf-8")
    return [line.rstrip() for line in text.splitlines() if line.strip() and not line.startswith("#")]


@cache
def concepts() -> dict[str, tuple[str, ...]]:
    """Phrase (folded words) to the concepts it can mean, in file order."""
    found: dict[str, list[str]] = {}
    concept = ""
    for line in _lines("concepts.txt"):
        if line.startswith("["):
            concept = line.strip("[]")
            continue
        for entry in line.partition(":")[2].split(","):
            phrase = " ".join(entry.replace("_", " ").split())
            if phrase and concept not in found.setdefault(phrase, []):
                found[phrase].append(concept)
    return {phrase: tuple(names) for phrase, names in found.items()}


@cache
def counted_words() -> frozenset[str]:
    """Folded words of names that count many persons (new_cases, AnzahlTodesfall)."""
    entries = (entry for line in _lines("counted.txt") for entry in line.partition(":")[2].split(","))
    return frozenset(" ".join(entry.split()) for entry in entries if entry.strip())


@cache
def bare_words() -> dict[str, tuple[str, ...]]:
    """Words marked with `=` in concepts.txt: they mean this only when nothing but a person stands beside them."""
    found: dict[str, tuple[str, ...]] = {}
    for phrase, names in concepts().items():
        if phrase.startswith("="):
            found[phrase[1:]] = names
    return found


@cache
def rules() -> tuple[Rule, ...]:
    """The rules of rules.txt, alternatives written out, in file order."""
    found = []
    for line in _lines("rules.txt"):
        left, _, right = line.partition("->")
        weights = tuple((kind, float(weight)) for kind, weight in (part.split() for part in right.split(",")))
        groups = [group.strip().split("|") for group in left.split("+")]
        found += [Rule(frozenset(each), weights) for each in product(*groups)]
    return tuple(found)


@cache
def patterns() -> tuple[Pattern, ...]:
    """The patterns of patterns.txt, compiled."""
    found = []
    entry: dict[str, str] = {}
    for line in [*_lines("patterns.txt"), "[end] other 0"]:
        if line.startswith("["):
            if entry:
                least, _, most = entry["length"].partition("-")
                found.append(
                    Pattern(
                        entry["name"],
                        entry["kind"],
                        float(entry["weight"]),
                        int(least),
                        int(most),
                        entry.get("check", ""),
                        re.compile(entry["regex"], re.NOFLAG if "case" in entry else re.IGNORECASE),
                    )
                )
            name, _, rest = line[1:].partition("]")
            kind, weight = rest.split()
            entry = {"name": name, "kind": kind, "weight": weight}
        else:
            key, _, value = line.partition(":")
            entry[key] = value.strip()
    return tuple(found)


@cache
def shapes() -> dict[str, frozenset[str]]:
    """Kind to the shapes that its values can have."""
    return {
        kind: frozenset(allowed.split()) for kind, _, allowed in (line.partition(":") for line in _lines("shapes.txt"))
    }


@cache
def sex_codes() -> tuple[frozenset[str], ...]:
    """Sets of codes that a field of sex holds."""
    return tuple(frozenset(line.split()) for line in _lines("sex_codes.txt"))


@cache
def reliability() -> tuple[tuple[float, float], ...]:
    """Sureness of the scores, to the share of such findings that were right; both ascending."""
    return tuple((float(raw), float(share)) for raw, share in (line.split() for line in _lines("confidence.txt")))


@cache
def units() -> frozenset[str]:
    """Units of measure, lower case."""
    return frozenset(_lines("units.txt"))


@cache
def terms() -> tuple[tuple[str, str], ...]:
    """Stems of medical language with the kind they speak for, longest first."""
    found = []
    kind = ""
    for line in _lines("terms.txt"):
        if line.startswith("["):
            kind = line.strip("[]")
        else:
            found += [(stem.strip(), kind) for stem in line.partition(":")[2].split(",") if stem.strip()]
    return tuple(found)


@cache
def schemas() -> tuple[tuple[str, str, dict[str, str]], ...]:
    """Known schemas: (schema, table or '', column to kind)."""
    found: list[tuple[str, str, dict[str, str]]] = []
    for file in sorted((_HERE / "schemas").iterdir(), key=lambda item: item.name):
        if not file.name.endswith(".txt"):
            continue
        columns: dict[str, str] = {}
        for line in file.read_text(encoding="utf-8").splitlines():
            if not line.strip() or line.startswith("#"):
                continue
            if line.startswith("["):
                columns = {}
                found.append((file.name.removesuffix(".txt"), line.strip("[]").strip(), columns))
                continue
            kind, _, names = line.partition(":")
            if kind not in CATEGORY_OF:
                raise ValueError(f"{file.name}: {kind} is no kind")
            columns.update(dict.fromkeys(_expand(names), kind))
    return tuple(found)


def _expand(names: str) -> list[str]:
    found = []
    for name in names.split():
        before, brace, rest = name.partition("{")
        inside, _, after = rest.partition("}")
        found += [f"{before}{each}{after}" for each in inside.split(",")] if brace else [name]
    return found


@cache
def names(list_name: str) -> frozenset[str]:
    """A list of `lists/`, folded."""
    text = gzip.decompress((_HERE / "lists" / f"{list_name}.txt.gz").read_bytes()).decode()
    return frozenset(line for line in text.splitlines() if line and not line.startswith("#"))


@cache
def first_names() -> frozenset[str]:
    """First names of France and its neighbours."""
    return names("first_names_insee") | names("first_names_europe")


@cache
def last_names() -> frozenset[str]:
    """Last names of France and its neighbours."""
    return names("last_names_france") | names("last_names_europe")


@cache
def cities() -> frozenset[str]:
    """Communes of France and cities of its neighbours."""
    return names("communes_france") | names("cities_europe")
