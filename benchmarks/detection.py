"""How well does detection find what identifies and what describes health? `python benchmarks/detection.py [dev|held]`.

Tables come from detection_corpus.txt (field names of public schemas, labelled) with seeded values. `held` tables tune no rule.
Each table is read twice: with its own header, and with opaque ones (c1, c2...). Half of the last names are made of syllables,
so that the name lists the detector ships cannot know them.
"""

from __future__ import annotations

import random
import sys
import time
import uuid
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pyarrow as pa
from faker import Faker

from transforms import detect
from transforms.kinds import CATEGORIES, CATEGORY_OF

ROWS = 300
_LOCALE = {"fr": "fr_FR", "en": "en_US", "de": "de_DE", "es": "es_ES", "it": "it_IT"}
_DX = "I10 E11.9 J18.9 C50.9 N17.9 I50.0 K35.8 S72.00 F32.1 Z51.1 J44.1 I21.4 E78.5 M54.5 A41.9 N39.0 G40.9 R07.4 K80.2 I63.9".split()
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
        return "".join(self.rng.choice("0123456789") for _ in range(count))

    def letters(self, count: int) -> str:
        return "".join(self.rng.choice("ABCDEFGHJKLMNPRSTUVWXYZ") for _ in range(count))

    def surname(self) -> str:
        if self.rng.random() < 0.5:
            return self.faker.last_name()
        parts = "bar len mon tou ger vil ros kan der win tel mar gou pel cha bri fon lac dre sel".split()
        return "".join(self.rng.choices(parts, k=self.rng.choice((2, 3)))).capitalize()

    def day(self, first: int, last: int) -> date:
        return date(first, 1, 1) + timedelta(days=self.rng.randrange((last - first + 1) * 365))

    def luhn(self, body: str) -> str:
        total = 0
        for place, digit in enumerate(reversed(body)):
            number = int(digit) * (2 - place % 2)
            total += number - 9 if number > 9 else number
        return body + str(-total % 10)

    def value(self, kind: str, how: str, row: int) -> str:
        made = getattr(self, "as_" + (how or kind).replace("/", "_"), None)
        if made:
            return str(made(kind, row))
        raise ValueError(f"no generator {how or kind}")

    def as_seq(self, _k: str, row: int) -> int: return row + 1
    def as_seqrand(self, _k: str, row: int) -> int: return 100_000 + row * 3 + self.rng.randrange(3)
    def as_num6(self, *_: object) -> str: return str(self.rng.randrange(100_000, 999_999))
    def as_num7(self, *_: object) -> str: return str(self.rng.randrange(1_000_000, 9_999_999))
    def as_num9(self, *_: object) -> str: return str(self.rng.randrange(100_000_000, 999_999_999))
    def as_num10(self, *_: object) -> str: return str(self.rng.randrange(10**9, 10**10))
    def as_num12(self, *_: object) -> str: return str(self.rng.randrange(10**11, 10**12))
    def as_num3(self, *_: object) -> str: return self.rng.choice(["256", "512", "1024"])
    def as_num4(self, *_: object) -> str: return str(self.rng.randrange(0, 9000))
    def as_small(self, *_: object) -> str: return str(self.rng.randrange(1, 60))
    def as_digit(self, *_: object) -> str: return str(self.rng.randrange(1, 6))
    def as_012(self, *_: object) -> str: return self.rng.choice("012")
    def as_01(self, *_: object) -> str: return self.rng.choice("01")
    def as_12(self, *_: object) -> str: return self.rng.choice("12")
    def as_letter(self, *_: object) -> str: return self.rng.choice("ABENVZ")
    def as_yn(self, *_: object) -> str: return self.rng.choice(("Y", "N"))
    def as_ipp(self, *_: object) -> str: return "8" + self.digits(9)
    def as_zcode(self, *_: object) -> str: return "Z" + self.digits(7)
    def as_code(self, *_: object) -> str: return self.letters(3) + self.digits(6)
    def as_code3(self, *_: object) -> str: return "R" + self.letters(2)
    def as_code6(self, *_: object) -> str: return self.letters(1) + self.digits(5)
    def as_code9(self, *_: object) -> str: return "E01" + self.digits(6)
    def as_icdlike(self, *_: object) -> str: return self.letters(1) + self.digits(2) + "." + self.digits(1)
    def as_ric(self, _k: str, row: int) -> str: return f"RIC{row + 1}"
    def as_dia(self, _k: str, row: int) -> str: return f"DIA{row + 1}"
    def as_pac(self, _k: str, row: int) -> str: return f"PAC:{row + 1:04d}"
    def as_bed(self, *_: object) -> str: return self.letters(1) + self.digits(2)
    def as_hash(self, *_: object) -> str: return f"{self.rng.getrandbits(256):064x}"
    def as_uuid(self, *_: object) -> str: return str(uuid.UUID(int=self.rng.getrandbits(128), version=4))
    def as_uid(self, *_: object) -> str: return f"1.2.840.113619.2.55.3.{self.digits(9)}.{self.digits(3)}.{self.digits(10)}"
    def as_uf(self, *_: object) -> str: return self.rng.choice(["1204", "2310", "3412", "4501", "0620"])
    def as_word(self, *_: object) -> str: return self.rng.choice(["final", "AOK", "CPAM 75", "home", "active"])
    def as_uri(self, *_: object) -> str: return self.rng.choice(["http://loinc.org", "urn:oid:1.2.250.1.213.1.4.8"])
    def as_cc(self, *_: object) -> str: return self.rng.choice(["FR", "US", "DE", "BE"])
    def as_file(self, *_: object) -> str: return f"export_{self.digits(8)}.csv"
    def as_img(self, *_: object) -> str: return f"/data/img/{self.digits(6)}/{self.digits(3)}.dcm"
    def as_ver(self, *_: object) -> str: return self.rng.choice(["1.2.0", "1.3.1"])
    def as_words(self, kind: str, _r: int) -> str:
        if kind == "sex":
            return self.rng.choice(["male", "female"])
        if kind == "occupation":
            return self.rng.choice(["licenza media", "laurea", "diploma"])
        return self.rng.choice(_REASON[self.language])
    def as_ref(self, kind: str, _r: int) -> str:
        name = {"patient_id": "Patient", "encounter_id": "Encounter", "facility_id": "Organization"}[kind]
        return f"{name}/{self.as_uuid()}"
    def as_label(self, kind: str, _r: int) -> str: return self.rng.choice(_LABELS[kind][self.language])
    def as_text(self, *_: object) -> str: return self.rng.choice(_TEXT[self.language])
    def as_dr(self, *_: object) -> str: return "Dr " + self.surname()
    def as_hl7(self, *_: object) -> str: return f"{self.surname()}^{self.faker.first_name()}"
    def as_name(self, *_: object) -> str: return self.rng.choice(["CHU de Rennes", "Hôpital Nord", "Clinique Pasteur"] if self.language == "fr" else ["St. Mary Hospital", "General Hospital", "Quest Diagnostics", "CVS Pharmacy #12"])
    def as_finess(self, *_: object) -> str: return self.luhn("75" + self.digits(6))
    def as_rpps(self, *_: object) -> str: return self.luhn("10" + self.digits(8))
    def as_adeli(self, *_: object) -> str: return "751" + self.digits(6)
    def as_npi(self, *_: object) -> str:
        body = "1" + self.digits(8)
        return self.luhn("80840" + body)[5:]
    def as_ucd(self, *_: object) -> str: return self.rng.choice(["9261110", "9154234", "9001234"])
    def as_cip13(self, *_: object) -> str: return self.rng.choice(["3400930123456", "3400936789012", "3400949497706"])
    def as_ndc(self, *_: object) -> str: return self.rng.choice(["00071-0155-23", "00093-7214-98"])
    def as_atc(self, *_: object) -> str: return self.rng.choice(["N02BE01", "J01CA04", "C09AA05", "A10BA02"])
    def as_loinc(self, *_: object) -> str: return self.rng.choice(["718-7", "2160-0", "2345-7", "2951-2", "2823-3"])
    def as_ccam(self, *_: object) -> str: return self.rng.choice(["HHFA001", "DEQP003", "YYYY001", "ZBQK002"])
    def as_cpt(self, *_: object) -> str: return self.rng.choice(["99213", "71020", "80053", "93000"])
    def as_opcs(self, *_: object) -> str: return self.rng.choice(["W37.1", "H01.2", "M45.9"])
    def as_ops(self, *_: object) -> str: return self.rng.choice(["5-470.1", "1-632.0", "8-980.1"])
    def as_gdrg(self, *_: object) -> str: return self.rng.choice(["F62B", "G23A", "I47B"])
    def as_icd9(self, *_: object) -> str: return self.rng.choice(["428.0", "250.00", "486", "401.9"])
    def as_icd9p(self, *_: object) -> str: return self.rng.choice(["47.09", "45.23", "81.51"])
    def as_modality(self, *_: object) -> str: return self.rng.choice(["CT", "MR", "CR", "US"])
    def as_rs(self, *_: object) -> str: return self.rng.choice(["rs429358", "rs7412"])
    def as_hgvs(self, *_: object) -> str: return self.rng.choice(["c.68_69del", "c.5266dup", "c.181T>G"])
    def as_tnm(self, *_: object) -> str: return self.rng.choice(["T1", "T2", "T3a", "T4"])
    def as_alive(self, *_: object) -> str: return self.rng.choice(["alive", "dead"])
    def as_poso(self, *_: object) -> str: return self.rng.choice(["1 cp matin et soir", "2 cp 3 fois par jour", "1 inj/j"])
    def as_route(self, *_: object) -> str: return self.rng.choice(["PO", "IV", "SC", "orale"])
    def as_freq(self, *_: object) -> str: return self.rng.choice(["BID", "QD", "TID", "Q8H"])
    def as_dose(self, *_: object) -> str: return self.rng.choice(["500 mg", "10 mg", "1 g"])
    def as_range(self, *_: object) -> str: return self.rng.choice(["12.0-16.0", "3.5 - 5.0", "136-145"])
    def as_hl(self, *_: object) -> str: return self.rng.choice(["H", "L", "N", ""])
    def as_mf(self, *_: object) -> str: return self.rng.choice("MF")
    def as_mw(self, *_: object) -> str: return self.rng.choice("mw")
    def as_hm(self, *_: object) -> str: return self.rng.choice("HM")
    def as_civ(self, *_: object) -> str: return self.rng.choice(["M.", "Mme"])
    def as_mr(self, *_: object) -> str: return self.rng.choice(["Mr.", "Mrs.", "Ms."])
    def as_hisp(self, *_: object) -> str: return self.rng.choice(["hisp_or_latin", "not_hisp_or_latin"])
    def as_lang(self, *_: object) -> str: return self.rng.choice(["English", "Spanish"])
    def as_dt(self, *_: object) -> str: return f"{self.day(2019, 2023)} {self.rng.randrange(24):02d}:{self.rng.randrange(60):02d}:00"
    def as_hm2(self, *_: object) -> str: return f"{self.rng.randrange(24):02d}:{self.rng.randrange(60):02d}"
    def as_year(self, *_: object) -> str: return str(self.rng.randrange(1930, 2015))
    def as_ymd(self, kind: str, _r: int) -> str: return (self.day(1930, 2012) if kind == "birth_date" else self.day(2020, 2022)).strftime("%Y%m%d")
    def as_de(self, kind: str, _r: int) -> str: return (self.day(1930, 2012) if kind == "birth_date" else self.day(2020, 2022)).strftime({"de": "%d.%m.%Y"}.get(self.language, "%d/%m/%Y"))
    def as_us(self, *_: object) -> str: return self.day(1930, 2012).strftime("%m/%d/%Y")
    def as_sbp(self, *_: object) -> str: return str(self.rng.randrange(60, 180))
    def as_dbp(self, *_: object) -> str: return str(self.rng.randrange(50, 100))
    def as_wt(self, *_: object) -> str: return f"{self.rng.uniform(45, 110):.1f}"
    def as_ht(self, *_: object) -> str: return str(self.rng.randrange(150, 195))
    def as_bmi(self, *_: object) -> str: return f"{self.rng.uniform(17, 38):.1f}"
    def as_temp(self, *_: object) -> str: return f"{self.rng.uniform(36, 40):.1f}"
    def as_spo2(self, *_: object) -> str: return str(self.rng.randrange(88, 101))
    def as_bp(self, *_: object) -> str: return f"{self.rng.randrange(100, 170)}/{self.rng.randrange(50, 100)}"
    def as_decimal(self, *_: object) -> str: return f"{self.rng.uniform(0.3, 9):.4f}"
    def as_lat(self, *_: object) -> str: return f"{self.rng.uniform(43, 49):.6f}"
    def as_lon(self, *_: object) -> str: return f"{self.rng.uniform(-1, 6):.6f}"
    def as_state(self, *_: object) -> str: return self.rng.choice(["MA", "NY", "CA", "TX"])
    def as_region(self, *_: object) -> str: return self.rng.choice(["Madrid", "Sevilla", "Valencia"] if self.language == "es" else ["Kent", "Devon", "Essex"])
    def as_prov(self, *_: object) -> str: return self.rng.choice(["MI", "TO", "PD", "VR"])
    def as_city(self, *_: object) -> str: return self.faker.city()
    def as_housenr(self, *_: object) -> str: return str(self.rng.randrange(1, 150))
    def as_uk(self, *_: object) -> str: return f"SW{self.rng.randrange(1, 20)} {self.rng.randrange(10)}{self.letters(2)}"
    def as_ssn(self, *_: object) -> str: return f"{self.rng.randrange(100, 899)}-{self.rng.randrange(10, 99)}-{self.rng.randrange(1000, 9999)}"
    def as_dni(self, *_: object) -> str:
        number = self.rng.randrange(10**7, 10**8)
        return f"{number}{'TRWAGMYFPDXBNJZSQVHLCKE'[number % 23]}"
    def as_cip(self, *_: object) -> str: return self.letters(4) + self.digits(10)
    def as_cf(self, *_: object) -> str: return f"{self.letters(6)}{self.digits(2)}{self.rng.choice('ABCDEHLMPRST')}{self.rng.randrange(10, 31)}{self.letters(1)}{self.digits(3)}{self.letters(1)}"
    def as_kvnr(self, *_: object) -> str:
        letter, body = self.rng.choice("ABCDEFGHIJ"), self.digits(8)
        total = sum(sum(map(int, str(int(d) * (1 + i % 2)))) for i, d in enumerate(f"{ord(letter) - 64:02d}{body}"))
        return f"{letter}{body}{total % 10}"
    def as_nhs(self, *_: object) -> str:
        while True:
            body = "4" + self.digits(8)
            check = (11 - sum(int(d) * (10 - i) for i, d in enumerate(body)) % 11) % 11
            if check < 10:
                return body + str(check)
    def as_nir(self, *_: object) -> str:
        body = f"{self.rng.choice('12')}{self.digits(2)}{self.rng.randrange(1, 13):02d}{self.rng.randrange(1, 95):02d}{self.digits(6)}"
        return f"{body}{97 - int(body) % 97:02d}"
    def as_last_name(self, *_: object) -> str: return self.surname()
    def as_first_name(self, *_: object) -> str: return self.faker.first_name()
    def as_person_name(self, *_: object) -> str: return f"{self.faker.first_name()} {self.surname()}"
    def as_birth_date(self, *_: object) -> str: return str(self.day(1930, 2015))
    def as_event_date(self, *_: object) -> str: return str(self.day(2020, 2023))
    def as_date_technical(self, *_: object) -> str: return str(self.day(2023, 2023))
    def as_death_date(self, *_: object) -> str: return str(self.day(2018, 2023)) if self.rng.random() < 0.2 else ""
    def as_postal_code(self, *_: object) -> str: return self.faker.postcode()
    def as_address(self, *_: object) -> str: return self.faker.street_address()
    def as_country(self, *_: object) -> str: return self.faker.country()
    def as_phone(self, *_: object) -> str: return self.faker.phone_number()
    def as_email(self, *_: object) -> str: return self.faker.email()
    def as_username(self, *_: object) -> str: return self.faker.user_name()
    def as_ip_address(self, *_: object) -> str: return self.faker.ipv4()
    def as_mac_address(self, *_: object) -> str: return self.faker.mac_address()
    def as_iban(self, *_: object) -> str: return self.faker.iban()
    def as_occupation(self, *_: object) -> str: return self.faker.job()
    def as_ward(self, *_: object) -> str: return self.rng.choice(_WARD[self.language])
    def as_diagnosis(self, *_: object) -> str: return self.rng.choice(_DX)
    def as_drg(self, *_: object) -> str: return self.rng.choice(["05M092", "04C021", "08C241", "28Z04Z"])
    def as_lab_result(self, *_: object) -> str: return f"{self.rng.uniform(0.5, 15):.2f}"
    def as_unit(self, *_: object) -> str: return self.rng.choice(["g/dL", "mmol/L", "µmol/L", "mg/L"])
    def as_free_text(self, *_: object) -> str: return self.rng.choice(_TEXT[self.language]) + f" {self.rng.randrange(90)}" if self.rng.random() < 0.6 else ""
    def as_amount(self, *_: object) -> str: return f"{self.rng.uniform(10, 4000):.2f}"
    def as_quantity(self, *_: object) -> str: return str(self.rng.choice([1, 2, 10, 28, 30, 60]))
    def as_age(self, *_: object) -> str: return str(self.rng.randrange(0, 99))
    def as_marital_status(self, *_: object) -> str: return self.rng.choice(_MARITAL[self.language])
    def as_nationality(self, *_: object) -> str: return self.rng.choice(_NATION[self.language])
    def as_ethnicity(self, *_: object) -> str: return self.rng.choice(["White", "Black", "Asian", "Other"])
    def as_blood_group(self, *_: object) -> str: return self.rng.choice(["A+", "O+", "B-", "AB+"])
    def as_allergy(self, *_: object) -> str: return self.rng.choice({"fr": ["Pénicilline", "Arachide", "Aucune"], "es": ["Penicilina", "Polen", "Ninguna"]}.get(self.language, ["Penicillin", "Peanut"]))
    def as_flag(self, *_: object) -> str: return self.rng.choice(("O", "N"))
    # fmt: on


def read_corpus(split: str) -> list[tuple[str, str, str, list[tuple[str, str, str]]]]:
    """Tables of a split: (family, language, table, [(column, kind, generator)])."""
    tables: list[tuple[str, str, str, list[tuple[str, str, str]]]] = []
    keep = False
    for line in (Path(__file__).parent / "detection_corpus.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("@"):
            _, family, of, language, table = line.split()
            keep = of == split
            if keep:
                tables.append((family, language, table, []))
        elif keep and line and not line.startswith("#"):
            column, _, label = line.rpartition(" ")
            kind, _, how = label.partition("/")
            if kind not in CATEGORY_OF:
                raise ValueError(f"{table}.{column}: {kind} is no kind")
            tables[-1][3].append((column, kind, how))
    return tables


def main() -> None:
    """Print recall and precision by category, for the split named on the command line (default: both)."""
    for split in sys.argv[1:] or ["dev", "held"]:
        tables = read_corpus(split)
        for opaque in (False, True):
            _report(split, tables, opaque=opaque)


def _report(split: str, tables: list[tuple[str, str, str, list[tuple[str, str, str]]]], *, opaque: bool) -> None:
    truth: list[tuple[str, str, str, str, float]] = []
    elapsed = 0.0
    for number, (_, language, name, columns) in enumerate(tables):
        maker = Maker(number, language)
        made = [pa.array([maker.value(kind, how, row) for row in range(ROWS)], pa.string()) for _, kind, how in columns]
        header = [f"c{place}" for place in range(1, len(columns) + 1)] if opaque else [column for column, _, _ in columns]
        table = pa.table(made, names=header)
        started = time.perf_counter()
        findings = detect(table if opaque else {name: table})
        elapsed += time.perf_counter() - started
        fields = findings if opaque else findings[name]
        truth += [(f"{name}.{column}", kind, finding.kind, finding.category, finding.confidence) for (column, kind, _), finding in zip(columns, fields, strict=True)]
    right = sum(CATEGORY_OF[kind] == category for _, kind, _, category, _ in truth)
    same = sum(kind == found for _, kind, found, _, _ in truth)
    print(f"\n{split}, {'opaque' if opaque else 'real'} headers: {len(tables)} tables, {len(truth)} columns, {len(truth) / elapsed:.0f} columns/s")
    print(f"  category right {right / len(truth):.3f}, kind right {same / len(truth):.3f}")
    for category in CATEGORIES:
        wanted = [row for row in truth if CATEGORY_OF[row[1]] == category]
        found = [row for row in truth if row[3] == category]
        hits = sum(CATEGORY_OF[row[1]] == category for row in found)
        print(f"  {category:7s} n={len(wanted):3d}  recall {hits / max(1, len(wanted)):.3f}  precision {hits / max(1, len(found)):.3f}")
    bins = Counter(min(9, int(row[4] * 10)) for row in truth)
    rights = Counter(min(9, int(row[4] * 10)) for row in truth if CATEGORY_OF[row[1]] == row[3])
    print("  confidence: " + ", ".join(f"{each / 10:.1f}: {rights[each] / bins[each]:.2f} of {bins[each]}" for each in sorted(bins)))
    if "--misses" in sys.argv or split == "dev":
        for where, kind, got, category, confidence in truth:
            if CATEGORY_OF[kind] != category:
                print(f"    {where}: {kind} read as {got} ({confidence:.2f})")


if __name__ == "__main__":
    main()
