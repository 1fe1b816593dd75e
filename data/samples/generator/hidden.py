"""Which laboratory comments hide a person? A few in twelve thousand, as in every hospital: this is what a sample must make us find."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .chance import chance
from .identifiers import mobile
from .tagged import tag

if TYPE_CHECKING:
    import random

    from .people import Names
    from .stays import Stay


HIDDEN = ("nir", "nir_spaced", "mobile", "phone", "name", "name_ipp", "relative")


def hide(seed: int, rows: list[tuple[Stay, dict[str, object]]], names: Names, count: int = 28) -> None:
    """Writes `count` comments that hold a NIR, a phone number or a name, marked as letters are."""
    stream = chance(seed, "hidden")
    able = [(stay, row) for stay, row in rows if stay.patient.nir and stay.patient.mobile and stay.patient.phone]
    for position, (stay, row) in enumerate(stream.sample(able, count)):
        row["commentaire"] = _comment(stream, HIDDEN[position % len(HIDDEN)], stay, names)


def _comment(stream: random.Random, kind: str, stay: Stay, names: Names) -> str:
    p = stay.patient
    number = p.nir or ""
    spaced = " ".join((number[:1], number[1:3], number[3:5], number[5:7], number[7:10], number[10:13], number[13:]))
    pairs = " ".join((p.mobile or "")[i : i + 2] for i in range(0, 10, 2))
    title = "Mme" if p.sex == "F" else "M."
    other = tag("PRENOM", stream.choice(names.first["F"]))
    return {
        "nir": f"Étiquette illisible, NIR relevé sur la carte : {tag('SECU', number)}",
        "nir_spaced": f"identité vérifiée, n° sécu {tag('SECU', spaced)}",
        "mobile": f"Résultat critique, patient joint au {tag('TEL', pairs)}",
        "phone": f"Rappeler le {tag('TEL', p.phone or '')} pour nouveau prélèvement",
        "name": f"Tube reçu au nom de {title} {tag('NOM', p.used_name.upper())} {tag('PRENOM', p.first_name)}",
        "name_ipp": f"Doublon possible avec {tag('NOM', p.birth_name.upper())} {tag('PRENOM', p.first_name)}, IPP {tag('IPP', p.ipp)}",
        "relative": f"Prélèvement fait à domicile, prévenir sa voisine Mme {other} {tag('NOM', names.last(stream))} ({tag('TEL', mobile(stream))})",
    }[kind]
