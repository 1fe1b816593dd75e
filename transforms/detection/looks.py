"""What do identifiers look like inside a sentence?

Each look has a coarse pattern (RE2, over all rows at once) and a fine one (on the few rows that are left), and a check where the
standard has one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Look:
    """How one sort of identifier looks inside a text.

    Attributes:
        kind: What it identifies, as a kind.
        words: How a finding calls it.
        coarse: What a row must match to deserve a closer look; RE2's syntax, case sensitive.
        fine: What the identifier itself matches.
        check: Its check digit's name in `checks.CHECKS`; empty without one.
        unless: A check that another look of the same kind makes; what passes it is counted there.
    """

    kind: str
    words: str
    coarse: str
    fine: re.Pattern[str] = field(repr=False)
    check: str = ""
    unless: str = ""


def _look(kind: str, words: str, coarse: str, fine: str, **options: str) -> Look:
    return Look(kind, words, coarse, re.compile(fine), **options)


_NIR = r"[1-478][ \x{A0}]?[0-9]{2}[ \x{A0}]?(?:0[1-9]|1[0-2]|[2-9][0-9])[ \x{A0}]?(?:[0-9]{2}|2[ABab])[ \x{A0}]?[0-9]{3}[ \x{A0}]?[0-9]{3}"
_TITLES = r"(?:Mme|Mlle|Mrs?|Ms|Dr|Pr|Prof|Herrn?|Frau|Sra?|Dña|Sig|Sig\.ra|Dott|Dott\.ssa)\.? |M\. |(?:Madame|Monsieur|Docteur|Professeur|Señora?|Signora?) "
_STREETS = r"(?:rue|avenue|av\.|boulevard|bd|chemin|impasse|allée|place|route|quai|cours|square)"
_CALLES = r"(?:[Cc]alle|[Aa]vda\.?|[Aa]venida|[Pp]laza|[Pp]aseo|[Vv]ia|[Vv]iale|[Pp]iazza|[Cc]orso|[Vv]icolo)"
_ROADS = r"(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Close|Court)"
_NUMBERS = (
    r"(?:IPP|NIP|NDA|IEP|MRN|NHC|CIP|[Nn](?:°|º|o|um[eé]ro) ?(?:de )?(?:dossier|patient|séjour)|[Pp]atient(?:en)?(?:[- ]?(?:ID|id|Nr|nummer|number))"
    r"|[Ff]all(?:nummer|[- ]?Nr)|[Hh]ospital (?:number|no)|[Hh]istoria clínica|[Nn]osologico|[Nn]osografico)"
)
_BORN = r"(?:[Nn]ée?(?:\(e\))?s? le|DDN|[Bb]orn(?: on)?|DOB|[Gg]eb(?:oren)?\.?(?: am)?|[Nn]acid[oa] el|[Nn]at[oa] il)"
_DATE = r"[0-9]{1,4}[-/. ](?:[0-9]{1,2}|[a-zéûäç]{3,10}\.?)[-/. ][0-9]{2,4}"

LOOKS: tuple[Look, ...] = (
    _look("nir", "a NIR with a right key", _NIR,
          r"(?<!\d)[1-478]\s?\d{2}\s?(?:0[1-9]|1[0-2]|[2-9]\d)\s?(?:\d{2}|2[ABab])\s?\d{3}\s?\d{3}\s?\d{2}(?!\d)", check="nir_key"),
    _look("nir", "what looks like a NIR", _NIR,
          r"(?<!\d)[12]\s?\d{2}\s?(?:0[1-9]|1[0-2])\s?(?:0[1-9]|[1-9]\d|2[ABab])\s?\d{3}\s?\d{3}(?:\s?\d{2})?(?!\d)", unless="nir_key"),
    _look("phone", "a phone number",
          r"0[1-9](?:[ .\-]?[0-9]{2}){4}|(?:\+|00)[1-9][0-9]{1,2}[ .\-/]?\(?[0-9][0-9 .\-/()]{6}|[0-9]{3}\)? ?-?[0-9]{3}-[0-9]{4}",
          r"(?<![\d.,])(?:0[1-9]|(?:\+|00)33[ .]?\(?0?\)?[1-9])(?:[ .\-]?\d{2}){4}(?!\d)|(?<!\w)\+[1-9]\d{1,2}[ .\-/]?\(?\d[\d .\-/()]{6,14}\d"
          r"|\(\d{3}\) ?\d{3}-\d{4}|(?<![\d\-])\d{3}-\d{3}-\d{4}(?!\d)"),
    _look("email", "an e-mail address", r"[A-Za-z0-9]@[A-Za-z0-9]", r"(?i)[a-z0-9._%+\-]+@[a-z0-9.\-]+\.[a-z]{2,}"),
    _look("iban", "an IBAN", r"[A-Z]{2}[0-9]{2} ?[A-Z0-9]{4} ?[A-Z0-9]{4}",
          r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b", check="iban"),
    _look("national_id", "an Italian codice fiscale", r"[A-Z]{6}[0-9]{2}[A-Z][0-9]{2}", r"\b[A-Z]{6}\d{2}[A-EHLMPRST]\d{2}[A-Z]\d{3}[A-Z]\b"),
    _look("national_id", "a Spanish DNI", r"[0-9XYZ][0-9]{7}-?[A-Z]", r"\b(?:\d{8}|[XYZ]\d{7})-?[A-Z]\b", check="dni"),
    _look("national_id", "a US social security number", r"[0-9]{3}-[0-9]{2}-[0-9]{4}", r"(?<![\d\-])\d{3}-\d{2}-\d{4}(?![\d\-])"),
    _look("national_id", "a Belgian national number", r"[0-9]{2}\.[0-9]{2}\.[0-9]{2}-[0-9]{3}", r"(?<!\d)\d{2}\.\d{2}\.\d{2}-\d{3}[.-]\d{2}(?!\d)", check="niss"),
    _look("national_id", "a Swiss AHV number", r"756\.?[0-9]{4}\.?[0-9]{4}", r"(?<!\d)756\.?\d{4}\.?\d{4}\.?\d{2}(?!\d)", check="ean13"),
    _look("national_id", "an NHS number", r"[0-9]{3} [0-9]{3} [0-9]{4}", r"(?<!\d)(?<!\d )\d{3} \d{3} \d{4}(?! ?\d)", check="nhs"),
    _look("insurance_id", "a German insured person's number", r"\b[A-Z][0-9]{9}\b", r"\b[A-Z]\d{9}\b", check="kvnr"),
    _look("practitioner_id", "an RPPS number", r"10[0-9]{9}", r"(?<!\d)10\d{9}(?!\d)", check="luhn"),
    _look("ip_address", "an IP address", r"[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}",
          r"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])", check="ipv4"),
    _look("mac_address", "a MAC address", r"[0-9A-Fa-f]{2}(?:[:\-][0-9A-Fa-f]{2}){5}", r"\b[0-9A-Fa-f]{2}([:\-])(?:[0-9A-Fa-f]{2}\1){4}[0-9A-Fa-f]{2}\b"),
    _look("url", "a web address", r"https?://|www\.", r"https?://\S{4,}|\bwww\.\S+\.\S{2,}"),
    _look("study_uid", "a DICOM UID", r"1\.[23]\.[0-9]+\.[0-9]+\.[0-9]+\.[0-9]", r"(?<![\d.])1\.[23](?:\.\d+){7,}(?![\d.])"),
    _look("licence_plate", "a French licence plate", r"[A-Z]{2}-[0-9]{3}-[A-Z]{2}", r"\b[A-HJ-NP-TV-Z]{2}-\d{3}-[A-HJ-NP-TV-Z]{2}\b"),
    _look("patient_id", "a number of a patient or stay", _NUMBERS, _NUMBERS + r"\W{0,4}[A-Z]{0,3}\d{5,}"),
    _look("person_name", "a title and a name", rf"(?:{_TITLES})[A-ZÀ-Ý]", rf"\b(?:{_TITLES})(?:(?:de|du|le|la|von|van|der|del) )*[A-ZÀ-Ý][\w'’\-]+"),
    _look("address", "a postal address", rf"[0-9](?: ?bis| ?ter)?,? {_STREETS} |(?:stra(?:ß|ss)e|str\.|weg|platz|allee) [0-9]|{_CALLES} [A-ZÀ-Ý]|[0-9] [A-Z][a-z]+ {_ROADS}\b",
          rf"\b\d{{1,4}}(?: ?bis| ?ter)?,? {_STREETS} \w|\w(?:stra(?:ß|ss)e|str\.|weg|platz|allee) \d+|{_CALLES} [A-ZÀ-Ý][^\d.;\n]{{2,40}}\d|\b\d{{1,5}} [A-Z][a-z]+ {_ROADS}\b"),
    _look("birth_date", "a date of birth", rf"{_BORN} ?:? ?[0-9]", rf"{_BORN} ?:? ?{_DATE}"),
)  # fmt: skip
"""In the order in which a finding names them."""

ANY = "|".join(f"(?:{coarse})" for coarse in dict.fromkeys(look.coarse for look in LOOKS))
"""One pass over all rows decides which deserve a closer look; RE2 reads 100,000 rows of 90 characters in tens of milliseconds."""
