"""Which laboratory comments hide a person? A few in twelve thousand, as in every hospital: this is what a sample must make us find."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from .care import HIDDEN
from .identifiers import mobile
from .tagged import tag

if TYPE_CHECKING:
    from .care import Stay
    from .people import Names


def hide(seed: int, rows: list[dict[str, object]], names: Names, count: int = 28) -> None:
    """Writes `count` comments that hold a NIR, a phone number or a name, marked as letters are."""
    stream = random.Random(f"{seed}:hidden")
    able = [row for row in rows if row["stay"].patient.nir and row["stay"].patient.mobile and row["stay"].patient.phone]  # type: ignore[attr-defined]
    for position, row in enumerate(stream.sample(able, count)):
        row["commentaire"] = _comment(stream, HIDDEN[position % len(HIDDEN)], row["stay"], names)  # type: ignore[arg-type]


def _comment(stream: random.Random, kind: str, stay: Stay, names: Names) -> str:
    p = stay.patient
    number = p.nir or ""
    spaced = " ".join((number[:1], number[1:3], number[3:5], number[5:7], number[7:10], number[10:13], number[13:]))
    pairs = " ".join((p.mobile or "")[i : i + 2] for i in range(0, 10, 2))
    title = "Mme" if p.sex == "F" else "M."
    if kind == "nir":
        return f"Étiquette illisible, NIR relevé sur la carte : {tag('SECU', number)}"
    if kind == "nir_spaced":
        return f"identité vérifiée, n° sécu {tag('SECU', spaced)}"
    if kind == "mobile":
        return f"Résultat critique, patient joint au {tag('TEL', pairs)}"
    if kind == "phone":
        return f"Rappeler le {tag('TEL', p.phone or '')} pour nouveau prélèvement"
    if kind == "name":
        return f"Tube reçu au nom de {title} {tag('NOM', p.used_name.upper())} {tag('PRENOM', p.first_name)}"
    if kind == "name_ipp":
        return f"Doublon possible avec {tag('NOM', p.birth_name.upper())} {tag('PRENOM', p.first_name)}, IPP {tag('IPP', p.ipp)}"
    other = stream.choice(names.first["F"])
    return f"Prélèvement fait à domicile, prévenir sa voisine Mme {tag('PRENOM', other)} {tag('NOM', names.last(stream))} ({tag('TEL', mobile(stream))})"
