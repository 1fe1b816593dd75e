"""Values for the tables of benchmarks/detection.py: each maker takes the Maker, the kind and the row, and gives one value."""

# Every maker takes the same three arguments, whether it needs them or not.
# ruff: noqa: ARG001, ARG005

from __future__ import annotations

import random
import re
import uuid
from datetime import date, timedelta
from typing import TYPE_CHECKING

from faker import Faker

if TYPE_CHECKING:
    from collections.abc import Callable

_BOUNDS = re.compile(r"(\d+)\.\.(\d+)(?:\.(\d))?")
_LOCALE = {"fr": "fr_FR", "en": "en_US", "de": "de_DE", "es": "es_ES", "it": "it_IT"}
_DX = [
    "I10",
    "E11.9",
    "J18.9",
    "C50.9",
    "N17.9",
    "I50.0",
    "K35.8",
    "S72.00",
    "F32.1",
    "Z51.1",
    "J44.1",
    "I21.4",
    "E78.5",
    "M54.5",
    "A41.9",
    "N39.0",
    "G40.9",
    "R07.4",
    "K80.2",
    "I63.9",
]
_LABELS = {
    "diagnosis": {
        "fr": ["Insuffisance cardiaque", "Diabète de type 2", "Pneumopathie", "Fracture du col", "Hypertension essentielle", "Asthme", "Tumeur du sein", "Embolie pulmonaire"],
        "en": ["Heart failure", "Type 2 diabetes mellitus", "Pneumonia, unspecified", "Hip fracture", "Essential hypertension", "Asthma", "Breast cancer", "Sepsis"],
        "de": ["Herzinsuffizienz", "Diabetes mellitus Typ 2", "Pneumonie", "Hypertonie", "Asthma bronchiale"],
        "es": ["Insuficiencia cardiaca", "Diabetes mellitus tipo 2", "Neumonía", "Hipertensión", "Asma"],
        "it": ["Scompenso cardiaco", "Diabete mellito tipo 2", "Polmonite", "Ipertensione", "Asma"],
    },
    "drug": {
        "fr": ["PARACETAMOL 1G CPR", "AMOXICILLINE 500 MG", "KARDEGIC 75", "RAMIPRIL 5 MG", "LOVENOX 4000", "METFORMINE 850"],
        "en": ["Metformin 500 MG Oral Tablet", "Lisinopril 10 MG", "Amoxicillin", "Atorvastatin 20 mg", "Heparin", "Omeprazole"],
        "de": ["Ramipril 5 mg", "Metformin", "Pantoprazol", "Ibuprofen 600"], "es": ["Enalapril", "Metformina", "Omeprazol", "Paracetamol 1g"],
        "it": ["Ramipril", "Metformina", "Pantoprazolo", "Amoxicillina"],
    },
    "lab_test": {
        "fr": ["Hémoglobine", "Créatinine", "Glucose", "Sodium", "Potassium", "CRP", "Leucocytes"], "en": ["Hemoglobin", "Creatinine", "Glucose", "Sodium", "WBC"],
        "de": ["Hämoglobin", "Kreatinin", "Glukose", "Natrium"], "es": ["Hemoglobina", "Creatinina", "Glucosa"], "it": ["Emoglobina", "Creatinina", "Glucosio"],
    },
    "procedure": {
        "fr": ["Appendicectomie", "Coloscopie totale", "Radiographie du thorax", "Biopsie"], "en": ["Appendectomy", "Chest X-ray", "MRI brain", "CT abdomen", "Colonoscopy"],
        "de": ["Appendektomie", "Koloskopie"], "es": ["Apendicectomía", "Colonoscopia"], "it": ["Appendicectomia", "Colonscopia"],
    },
}  # fmt: skip
_WARD = {
    "fr": ["CARDIOLOGIE", "CHIRURGIE DIGESTIVE", "PEDIATRIE", "REANIMATION", "URGENCES"], "en": ["Cardiology", "ICU", "General Surgery", "Med-Surg 3", "Emergency"],
    "de": ["Innere Medizin", "Chirurgie", "Station 3B", "Intensivstation"], "es": ["Cardiología", "Urgencias", "Medicina Interna"], "it": ["Cardiologia", "Pronto Soccorso", "Ortopedia"],
}  # fmt: skip
_REASON = {
    "fr": ["Urgence", "Programmé", "Domicile", "Mutation", "Transfert"], "en": ["Emergency", "Elective", "Home", "Transfer"], "de": ["Notfall", "Einweisung", "Verlegung"],
    "es": ["Urgente", "Programado", "Domicilio"], "it": ["Urgente", "Programmato", "Ordinario"],
}  # fmt: skip
_TEXT = {
    "fr": ["Patient vu ce jour en consultation, examen sans particularité, à revoir dans un mois", "Douleur thoracique depuis hier soir, troponine négative, retour au domicile", "Bonne tolérance du traitement, pas de plainte"],
    "en": ["Patient seen today, no acute distress, follow up in one month", "Complains of chest pain since last night, troponin negative", "Tolerates treatment well, no complaints today"],
    "de": ["Patient heute gesehen, kein Anhalt für akute Erkrankung, Kontrolle in vier Wochen", "Klagt über Brustschmerzen seit gestern Abend, Troponin negativ"],
    "es": ["Paciente visto hoy, sin hallazgos relevantes, control en un mes", "Refiere dolor torácico desde anoche, troponina negativa"],
    "it": ["Paziente visto oggi, esame obiettivo nella norma, controllo tra un mese", "Riferisce dolore toracico da ieri sera, troponina negativa"],
}  # fmt: skip
_MARITAL = {"fr": ["Marié(e)", "Célibataire", "Divorcé(e)", "Veuf(ve)"], "en": ["Married", "Single", "Divorced", "Widowed"], "de": ["verheiratet", "ledig", "geschieden"], "es": ["Casado", "Soltero", "Viudo"], "it": ["Coniugato", "Celibe", "Vedovo"]}  # fmt: skip
_NATION = {"fr": ["Française", "Marocaine", "Italienne"], "en": ["American", "British"], "de": ["deutsch", "türkisch"], "es": ["Española", "Marroquí", "Rumana"], "it": ["Italiana", "Rumena", "Albanese"]}  # fmt: skip


class Maker:
    """Makes values of a kind, in a language, from a seed."""

    def __init__(self, seed: int, language: str) -> None:
        self.rng = random.Random(seed)
        self.language = language
        self.faker = Faker(_LOCALE[language])
        self.faker.seed_instance(seed)

    def digits(self, count: int) -> str:
        """Draw digits."""
        return "".join(self.rng.choice("0123456789") for _ in range(count))

    def letters(self, count: int) -> str:
        """Draw capital letters."""
        return "".join(self.rng.choice("ABCDEFGHJKLMNPRSTUVWXYZ") for _ in range(count))

    def surname(self) -> str:
        """Draw a last name: half of them made of syllables."""
        if self.rng.random() < 0.5:
            return self.faker.last_name()
        parts = [
            "bar",
            "len",
            "mon",
            "tou",
            "ger",
            "vil",
            "ros",
            "kan",
            "der",
            "win",
            "tel",
            "mar",
            "gou",
            "pel",
            "cha",
            "bri",
            "fon",
            "lac",
            "dre",
            "sel",
        ]
        return "".join(self.rng.choices(parts, k=self.rng.choice((2, 3)))).capitalize()

    def day(self, first: int, last: int) -> date:
        """Draw a day between two years."""
        return date(first, 1, 1) + timedelta(days=self.rng.randrange((last - first + 1) * 365))

    def luhn(self, body: str) -> str:
        """Append the Luhn digit."""
        total = 0
        for place, digit in enumerate(reversed(body)):
            number = int(digit) * (2 - place % 2)
            total += number - 9 if number > 9 else number
        return body + str(-total % 10)

    def value(self, kind: str, how: str, row: int) -> str:
        """Draw one value of a kind, in the form `how` if one is named (or one that detection_blind1.txt describes)."""
        if how.startswith("="):
            return self.rng.choice(how[1:].split("|"))
        if how.startswith("~"):
            drawn = (self.digits(1) if sign == "#" else self.letters(1) if sign == "@" else sign for sign in how[1:])
            return "".join(drawn)
        if bounds := _BOUNDS.fullmatch(how):
            low, high, decimals = int(bounds[1]), int(bounds[2]), int(bounds[3] or 0)
            return f"{self.rng.uniform(low, high):.{decimals}f}" if decimals else str(self.rng.randint(low, high))
        return str(MAKERS[how or kind](self, kind, row))


def _uuid(m: Maker) -> str:
    return str(uuid.UUID(int=m.rng.getrandbits(128), version=4))


def _make_words(m: Maker, kind: str, _row: int) -> str:
    if kind == "sex":
        return m.rng.choice(["male", "female"])
    if kind == "occupation":
        return m.rng.choice(["licenza media", "laurea", "diploma"])
    return m.rng.choice(_REASON[m.language])


def _make_ref(m: Maker, kind: str, _row: int) -> str:
    name = {"patient_id": "Patient", "encounter_id": "Encounter", "facility_id": "Organization"}[kind]
    return f"{name}/{_uuid(m)}"


def _make_npi(m: Maker, kind: str, _row: int) -> str:
    body = "1" + m.digits(8)
    return m.luhn("80840" + body)[5:]


def _make_dni(m: Maker, kind: str, _row: int) -> str:
    number = m.rng.randrange(10**7, 10**8)
    return f"{number}{'TRWAGMYFPDXBNJZSQVHLCKE'[number % 23]}"


def _make_kvnr(m: Maker, kind: str, _row: int) -> str:
    letter, body = m.rng.choice("ABCDEFGHIJ"), m.digits(8)
    total = sum(sum(map(int, str(int(d) * (1 + i % 2)))) for i, d in enumerate(f"{ord(letter) - 64:02d}{body}"))
    return f"{letter}{body}{total % 10}"


def _make_nhs(m: Maker, kind: str, _row: int) -> str:
    while True:
        body = "4" + m.digits(8)
        check = (11 - sum(int(d) * (10 - i) for i, d in enumerate(body)) % 11) % 11
        if check < 10:
            return body + str(check)


def _make_nir(m: Maker, kind: str, _row: int) -> str:
    body = f"{m.rng.choice('12')}{m.digits(2)}{m.rng.randrange(1, 13):02d}{m.rng.randrange(1, 95):02d}{m.digits(6)}"
    return f"{body}{97 - int(body) % 97:02d}"


def _make_ahv(m: Maker) -> str:
    body = "756" + m.digits(9)
    return body + str(-sum(int(digit) * (1, 3)[place % 2] for place, digit in enumerate(body)) % 10)


def _make_bsn(m: Maker) -> str:
    while True:
        body = "1" + m.digits(7)
        last = sum(int(digit) * (9 - place) for place, digit in enumerate(body)) % 11
        if last < 10:
            return body + str(last)


def _make_niss(m: Maker) -> str:
    body = f"{m.rng.randrange(30, 99)}{m.rng.randrange(1, 13):02d}{m.rng.randrange(1, 28):02d}{m.digits(3)}"
    return f"{body}{97 - int(body) % 97:02d}"


MAKERS: dict[str, Callable[[Maker, str, int], object]] = {
    "seq": lambda m, kind, row: row + 1,
    "seqrand": lambda m, kind, row: 100000 + row * 3 + m.rng.randrange(3),
    "num6": lambda m, kind, row: str(m.rng.randrange(100000, 999999)),
    "num7": lambda m, kind, row: str(m.rng.randrange(1000000, 9999999)),
    "num9": lambda m, kind, row: str(m.rng.randrange(100000000, 999999999)),
    "num10": lambda m, kind, row: str(m.rng.randrange(10**9, 10**10)),
    "num12": lambda m, kind, row: str(m.rng.randrange(10**11, 10**12)),
    "num3": lambda m, kind, row: m.rng.choice(["256", "512", "1024"]),
    "num4": lambda m, kind, row: str(m.rng.randrange(0, 9000)),
    "small": lambda m, kind, row: str(m.rng.randrange(1, 60)),
    "digit": lambda m, kind, row: str(m.rng.randrange(1, 6)),
    "012": lambda m, kind, row: m.rng.choice("012"),
    "01": lambda m, kind, row: m.rng.choice("01"),
    "12": lambda m, kind, row: m.rng.choice("12"),
    "letter": lambda m, kind, row: m.rng.choice("ABENVZ"),
    "yn": lambda m, kind, row: m.rng.choice(("Y", "N")),
    "ipp": lambda m, kind, row: "8" + m.digits(9),
    "zcode": lambda m, kind, row: "Z" + m.digits(7),
    "code": lambda m, kind, row: m.letters(3) + m.digits(6),
    "code3": lambda m, kind, row: "R" + m.letters(2),
    "code6": lambda m, kind, row: m.letters(1) + m.digits(5),
    "code9": lambda m, kind, row: "E01" + m.digits(6),
    "icdlike": lambda m, kind, row: m.letters(1) + m.digits(2) + "." + m.digits(1),
    "ric": lambda m, kind, row: f"RIC{row + 1}",
    "dia": lambda m, kind, row: f"DIA{row + 1}",
    "pac": lambda m, kind, row: f"PAC:{row + 1:04d}",
    "bed": lambda m, kind, row: m.letters(1) + m.digits(2),
    "hash": lambda m, kind, row: f"{m.rng.getrandbits(256):064x}",
    "uuid": lambda m, kind, row: str(uuid.UUID(int=m.rng.getrandbits(128), version=4)),
    "uid": lambda m, kind, row: f"1.2.840.113619.2.55.3.{m.digits(9)}.{m.digits(3)}.{m.digits(10)}",
    "uf": lambda m, kind, row: m.rng.choice(["1204", "2310", "3412", "4501", "0620"]),
    "word": lambda m, kind, row: m.rng.choice(["final", "AOK", "CPAM 75", "home", "active"]),
    "uri": lambda m, kind, row: m.rng.choice(["http://loinc.org", "urn:oid:1.2.250.1.213.1.4.8"]),
    "cc": lambda m, kind, row: m.rng.choice(["FR", "US", "DE", "BE"]),
    "file": lambda m, kind, row: f"export_{m.digits(8)}.csv",
    "img": lambda m, kind, row: f"/data/img/{m.digits(6)}/{m.digits(3)}.dcm",
    "ver": lambda m, kind, row: m.rng.choice(["1.2.0", "1.3.1"]),
    "label": lambda m, kind, row: m.rng.choice(_LABELS[kind][m.language]),
    "text": lambda m, kind, row: m.rng.choice(_TEXT[m.language]),
    "dr": lambda m, kind, row: "Dr " + m.surname(),
    "hl7": lambda m, kind, row: f"{m.surname()}^{m.faker.first_name()}",
    "name": lambda m, kind, row: m.rng.choice(
        ["CHU de Rennes", "Hôpital Nord", "Clinique Pasteur"]
        if m.language == "fr"
        else ["St. Mary Hospital", "General Hospital", "Quest Diagnostics", "CVS Pharmacy #12"]
    ),
    "finess": lambda m, kind, row: m.luhn("75" + m.digits(6)),
    "rpps": lambda m, kind, row: m.luhn("10" + m.digits(8)),
    "adeli": lambda m, kind, row: "751" + m.digits(6),
    "ucd": lambda m, kind, row: m.rng.choice(["9261110", "9154234", "9001234"]),
    "cip13": lambda m, kind, row: m.rng.choice(["3400930123456", "3400936789012", "3400949497706"]),
    "ndc": lambda m, kind, row: m.rng.choice(["00071-0155-23", "00093-7214-98"]),
    "atc": lambda m, kind, row: m.rng.choice(["N02BE01", "J01CA04", "C09AA05", "A10BA02"]),
    "loinc": lambda m, kind, row: m.rng.choice(["718-7", "2160-0", "2345-7", "2951-2", "2823-3"]),
    "ccam": lambda m, kind, row: m.rng.choice(["HHFA001", "DEQP003", "YYYY001", "ZBQK002"]),
    "cpt": lambda m, kind, row: m.rng.choice(["99213", "71020", "80053", "93000"]),
    "opcs": lambda m, kind, row: m.rng.choice(["W37.1", "H01.2", "M45.9"]),
    "ops": lambda m, kind, row: m.rng.choice(["5-470.1", "1-632.0", "8-980.1"]),
    "gdrg": lambda m, kind, row: m.rng.choice(["F62B", "G23A", "I47B"]),
    "icd9": lambda m, kind, row: m.rng.choice(["428.0", "250.00", "486", "401.9"]),
    "icd9p": lambda m, kind, row: m.rng.choice(["47.09", "45.23", "81.51"]),
    "modality": lambda m, kind, row: m.rng.choice(["CT", "MR", "CR", "US"]),
    "rs": lambda m, kind, row: m.rng.choice(["rs429358", "rs7412"]),
    "hgvs": lambda m, kind, row: m.rng.choice(["c.68_69del", "c.5266dup", "c.181T>G"]),
    "tnm": lambda m, kind, row: m.rng.choice(["T1", "T2", "T3a", "T4"]),
    "alive": lambda m, kind, row: m.rng.choice(["alive", "dead"]),
    "poso": lambda m, kind, row: m.rng.choice(["1 cp matin et soir", "2 cp 3 fois par jour", "1 inj/j"]),
    "route": lambda m, kind, row: m.rng.choice(["PO", "IV", "SC", "orale"]),
    "freq": lambda m, kind, row: m.rng.choice(["BID", "QD", "TID", "Q8H"]),
    "dose": lambda m, kind, row: m.rng.choice(["500 mg", "10 mg", "1 g"]),
    "range": lambda m, kind, row: m.rng.choice(["12.0-16.0", "3.5 - 5.0", "136-145"]),
    "hl": lambda m, kind, row: m.rng.choice(["H", "L", "N", ""]),
    "mf": lambda m, kind, row: m.rng.choice("MF"),
    "mw": lambda m, kind, row: m.rng.choice("mw"),
    "hm": lambda m, kind, row: m.rng.choice("HM"),
    "civ": lambda m, kind, row: m.rng.choice(["M.", "Mme"]),
    "mr": lambda m, kind, row: m.rng.choice(["Mr.", "Mrs.", "Ms."]),
    "hisp": lambda m, kind, row: m.rng.choice(["hisp_or_latin", "not_hisp_or_latin"]),
    "lang": lambda m, kind, row: m.rng.choice(["English", "Spanish"]),
    "dt": lambda m, kind, row: f"{m.day(2019, 2023)} {m.rng.randrange(24):02d}:{m.rng.randrange(60):02d}:00",
    "hm2": lambda m, kind, row: f"{m.rng.randrange(24):02d}:{m.rng.randrange(60):02d}",
    "year": lambda m, kind, row: str(m.rng.randrange(1930, 2015)),
    "ymd": lambda m, kind, row: (m.day(1930, 2012) if kind == "birth_date" else m.day(2020, 2022)).strftime("%Y%m%d"),
    "de": lambda m, kind, row: (m.day(1930, 2012) if kind == "birth_date" else m.day(2020, 2022)).strftime(
        {"de": "%d.%m.%Y"}.get(m.language, "%d/%m/%Y")
    ),
    "dmy": lambda m, kind, row: m.day(2020, 2022).strftime("%d%m%Y"),
    "us": lambda m, kind, row: m.day(1930, 2012).strftime("%m/%d/%Y"),
    "sbp": lambda m, kind, row: str(m.rng.randrange(60, 180)),
    "dbp": lambda m, kind, row: str(m.rng.randrange(50, 100)),
    "wt": lambda m, kind, row: f"{m.rng.uniform(45, 110):.1f}",
    "ht": lambda m, kind, row: str(m.rng.randrange(150, 195)),
    "bmi": lambda m, kind, row: f"{m.rng.uniform(17, 38):.1f}",
    "temp": lambda m, kind, row: f"{m.rng.uniform(36, 40):.1f}",
    "spo2": lambda m, kind, row: str(m.rng.randrange(88, 101)),
    "bp": lambda m, kind, row: f"{m.rng.randrange(100, 170)}/{m.rng.randrange(50, 100)}",
    "decimal": lambda m, kind, row: f"{m.rng.uniform(0.3, 9):.4f}",
    "lat": lambda m, kind, row: f"{m.rng.uniform(43, 49):.6f}",
    "lon": lambda m, kind, row: f"{m.rng.uniform(-1, 6):.6f}",
    "state": lambda m, kind, row: m.rng.choice(["MA", "NY", "CA", "TX"]),
    "region": lambda m, kind, row: m.rng.choice(
        ["Madrid", "Sevilla", "Valencia"] if m.language == "es" else ["Kent", "Devon", "Essex"]
    ),
    "prov": lambda m, kind, row: m.rng.choice(["MI", "TO", "PD", "VR"]),
    "city": lambda m, kind, row: m.faker.city(),
    "housenr": lambda m, kind, row: str(m.rng.randrange(1, 150)),
    "uk": lambda m, kind, row: f"SW{m.rng.randrange(1, 20)} {m.rng.randrange(10)}{m.letters(2)}",
    "ssn": lambda m, kind, row: f"{m.rng.randrange(100, 899)}-{m.rng.randrange(10, 99)}-{m.rng.randrange(1000, 9999)}",
    "cip": lambda m, kind, row: m.letters(4) + m.digits(10),
    "cf": lambda m, kind, row: (
        f"{m.letters(6)}{m.digits(2)}{m.rng.choice('ABCDEHLMPRST')}{m.rng.randrange(10, 31)}{m.letters(1)}{m.digits(3)}{m.letters(1)}"
    ),
    "last_name": lambda m, kind, row: m.surname(),
    "first_name": lambda m, kind, row: m.faker.first_name(),
    "person_name": lambda m, kind, row: f"{m.faker.first_name()} {m.surname()}",
    "birth_date": lambda m, kind, row: str(m.day(1930, 2015)),
    "event_date": lambda m, kind, row: str(m.day(2020, 2023)),
    "date_technical": lambda m, kind, row: str(m.day(2023, 2023)),
    "death_date": lambda m, kind, row: str(m.day(2018, 2023)) if m.rng.random() < 0.2 else "",
    "postal_code": lambda m, kind, row: m.faker.postcode(),
    "address": lambda m, kind, row: m.faker.street_address(),
    "country": lambda m, kind, row: m.faker.country(),
    "phone": lambda m, kind, row: m.faker.phone_number(),
    "email": lambda m, kind, row: m.faker.email(),
    "username": lambda m, kind, row: m.faker.user_name(),
    "ip_address": lambda m, kind, row: m.faker.ipv4(),
    "mac_address": lambda m, kind, row: m.faker.mac_address(),
    "iban": lambda m, kind, row: m.faker.iban(),
    "occupation": lambda m, kind, row: m.faker.job(),
    "ward": lambda m, kind, row: m.rng.choice(_WARD[m.language]),
    "diagnosis": lambda m, kind, row: m.rng.choice(_DX),
    "drg": lambda m, kind, row: m.rng.choice(["05M092", "04C021", "08C241", "28Z04Z"]),
    "lab_result": lambda m, kind, row: f"{m.rng.uniform(0.5, 15):.2f}",
    "unit": lambda m, kind, row: m.rng.choice(["g/dL", "mmol/L", "µmol/L", "mg/L"]),
    "free_text": lambda m, kind, row: (
        m.rng.choice(_TEXT[m.language]) + f" {m.rng.randrange(90)}" if m.rng.random() < 0.6 else ""
    ),
    "amount": lambda m, kind, row: f"{m.rng.uniform(10, 4000):.2f}",
    "quantity": lambda m, kind, row: str(m.rng.choice([1, 2, 10, 28, 30, 60])),
    "age": lambda m, kind, row: str(m.rng.randrange(0, 99)),
    "marital_status": lambda m, kind, row: m.rng.choice(_MARITAL[m.language]),
    "nationality": lambda m, kind, row: m.rng.choice(_NATION[m.language]),
    "ethnicity": lambda m, kind, row: m.rng.choice(["White", "Black", "Asian", "Other"]),
    "blood_group": lambda m, kind, row: m.rng.choice(["A+", "O+", "B-", "AB+"]),
    "allergy": lambda m, kind, row: m.rng.choice(
        {"fr": ["Pénicilline", "Arachide", "Aucune"], "es": ["Penicilina", "Polen", "Ninguna"]}.get(
            m.language, ["Penicillin", "Peanut"]
        )
    ),
    "flag": lambda m, kind, row: m.rng.choice(("O", "N")),
    "words": _make_words,
    "ref": _make_ref,
    "npi": _make_npi,
    "dni": _make_dni,
    "kvnr": _make_kvnr,
    "nhs": _make_nhs,
    "nir": _make_nir,
    "num5": lambda m, kind, row: str(m.rng.randrange(10_000, 99_999)),
    "num8": lambda m, kind, row: str(m.rng.randrange(10_000_000, 99_999_999)),
    "ahv": lambda m, kind, row: _make_ahv(m),
    "bsn": lambda m, kind, row: _make_bsn(m),
    "niss": lambda m, kind, row: _make_niss(m),
    "snomed": lambda m, kind, row: m.rng.choice(["44054006", "38341003", "73211009", "195967001"]),
    "nl": lambda m, kind, row: f"{m.rng.randrange(1000, 9999)} {m.letters(2)}",
    "konf": lambda m, kind, row: m.rng.choice(["katholisch", "reformiert", "keine"]),
    "morph": lambda m, kind, row: m.rng.choice(["8140/3", "8500/3", "8070/3"]),
    "plate": lambda m, kind, row: f"{m.letters(2)}-{m.digits(3)}-{m.letters(2)}".replace("U", "A"),
    "adicap": lambda m, kind, row: m.rng.choice(["BHGSA7A0", "OHGSA7B2", "BHDTN7X0"]),
    "year2": lambda m, kind, row: str(m.rng.randrange(2012, 2020)),
    "words3": lambda m, kind, row: m.rng.choice(["niveau 1", "niveau 2", "inconnu", "autre"]),
    "label3": lambda m, kind, row: m.rng.choice(["Heart Rate", "MAP", "Temp", "Resp Rate"]),
    "chrom": lambda m, kind, row: m.rng.choice(["chr1", "chr17", "chrX"]),
    "base": lambda m, kind, row: m.rng.choice("ACGT"),
    "genesym": lambda m, kind, row: m.rng.choice(["BRCA1", "TP53", "KRAS"]),
    "icpc": lambda m, kind, row: m.rng.choice(["L03", "K86", "T90"]),
    "jn": lambda m, kind, row: m.rng.choice("JN"),
    "hcpcs": lambda m, kind, row: m.rng.choice(["J1885", "G0008", "99213"]),
}
"""Maker by the name that detection_corpus.txt calls it: a kind, or a form of one."""
