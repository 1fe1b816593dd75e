"""Which public codes does the sample use, and what do they mean?

Real codes with their French labels, written from general knowledge on 2026-11-24. CIM-10: OMS / ATIH, édition française à usage PMSI. CCAM: Assurance
maladie / ATIH. LOINC: Regenstrief Institute, traduction française (bioloinc.fr), (c) Regenstrief, used under the LOINC licence. UCUM units. ATC: WHO
Collaborating Centre for Drug Statistics Methodology. GHM: ATIH. CIP13 bodies are invented (the key is right), because real ones name a pack of a brand.
"""

from typing import NamedTuple


class Analyte(NamedTuple):
    """One laboratory test: what it is, its unit and limits, and the healthy distribution of its values."""

    loinc: str
    label: str
    unit: str
    low: float | None
    high: float | None
    mean: float
    spread: float
    decimals: int
    skewed: bool = False


class Drug(NamedTuple):
    """One drug as prescribed."""

    atc: str
    label: str
    dose: float
    unit: str
    posology: str
    route: str


CIM10 = {
    "A09.0": "Gastroentérites et colites d'origine infectieuse, autres et non précisées",
    "A41.9": "Sepsis, sans précision",
    "B96.2": "Escherichia coli, cause de maladies classées dans d'autres chapitres",
    "C18.7": "Tumeur maligne du côlon sigmoïde",
    "C34.1": "Tumeur maligne du lobe supérieur, bronches ou poumon",
    "C50.4": "Tumeur maligne du quadrant supéro-externe du sein",
    "C61": "Tumeur maligne de la prostate",
    "C78.7": "Tumeur maligne secondaire du foie et des voies biliaires intrahépatiques",
    "C79.5": "Tumeur maligne secondaire des os et de la moelle osseuse",
    "D50.9": "Anémie par carence en fer, sans précision",
    "D62": "Anémie posthémorragique aiguë",
    "D64.9": "Anémie, sans précision",
    "E03.9": "Hypothyroïdie, sans précision",
    "E10.9": "Diabète sucré de type 1, sans complication",
    "E11.2": "Diabète sucré de type 2, avec complications rénales",
    "E11.6": "Diabète sucré de type 2, avec autres complications précisées",
    "E11.9": "Diabète sucré de type 2, sans complication",
    "E44.0": "Malnutrition protéino-énergétique modérée",
    "E66.9": "Obésité, sans précision",
    "E78.0": "Hypercholestérolémie essentielle",
    "E86": "Hypovolémie",
    "E87.1": "Hypoosmolarité et hyponatrémie",
    "E87.6": "Hypokaliémie",
    "F05.1": "Delirium surajouté à une démence",
    "F17.2": "Troubles mentaux et du comportement liés à l'utilisation de tabac, syndrome de dépendance",
    "F32.1": "Épisode dépressif moyen",
    "F32.2": "Épisode dépressif sévère sans symptômes psychotiques",
    "G20": "Maladie de Parkinson",
    "G30.1": "Maladie d'Alzheimer à début tardif",
    "G40.9": "Épilepsie, sans précision",
    "G47.3": "Apnée du sommeil",
    "G81.9": "Hémiplégie, sans précision",
    "H25.1": "Cataracte sénile nucléaire",
    "I10": "Hypertension essentielle (primitive)",
    "I21.1": "Infarctus transmural aigu du myocarde, de la paroi inférieure",
    "I25.1": "Cardiopathie artérioscléreuse",
    "I48.0": "Fibrillation auriculaire paroxystique",
    "I48.2": "Fibrillation auriculaire chronique",
    "I50.1": "Insuffisance ventriculaire gauche",
    "I63.4": "Infarctus cérébral dû à une embolie des artères cérébrales",
    "J12.1": "Pneumopathie due au virus respiratoire syncytial",
    "J15.9": "Pneumopathie bactérienne, sans précision",
    "J18.9": "Pneumopathie, sans précision",
    "J21.0": "Bronchiolite aiguë due au virus respiratoire syncytial",
    "J44.0": "Maladie pulmonaire obstructive chronique avec infection aiguë des voies respiratoires inférieures",
    "J44.9": "Maladie pulmonaire obstructive chronique, sans précision",
    "J45.9": "Asthme, sans précision",
    "J96.0": "Insuffisance respiratoire aiguë",
    "K21.9": "Reflux gastro-œsophagien sans œsophagite",
    "K35.8": "Appendicite aiguë, autre et non précisée",
    "K57.3": "Diverticulose du gros intestin sans perforation ni abcès",
    "K63.5": "Polype du côlon",
    "K80.0": "Calcul de la vésicule biliaire avec cholécystite aiguë",
    "K80.2": "Calcul de la vésicule biliaire sans cholécystite",
    "L89.1": "Ulcère de décubitus de stade II",
    "M16.1": "Autres coxarthroses primaires",
    "M17.1": "Autres gonarthroses primaires",
    "M81.9": "Ostéoporose, sans précision",
    "N10": "Néphrite tubulo-interstitielle aiguë",
    "N17.9": "Insuffisance rénale aiguë, sans précision",
    "N18.3": "Maladie rénale chronique, stade 3",
    "N18.5": "Maladie rénale chronique, stade 5",
    "N39.0": "Infection des voies urinaires, siège non précisé",
    "N40": "Hyperplasie de la prostate",
    "O24.4": "Diabète sucré survenant au cours de la grossesse",
    "O42.0": "Rupture prématurée des membranes, avec début du travail dans les 24 heures",
    "O70.1": "Déchirure obstétricale du périnée du deuxième degré",
    "O80.0": "Accouchement spontané par présentation du sommet",
    "O82.1": "Accouchement par césarienne d'urgence",
    "R13": "Dysphagie",
    "R29.6": "Tendance à tomber, non classée ailleurs",
    "R33": "Rétention d'urine",
    "R47.0": "Dysphasie et aphasie",
    "S52.5": "Fracture de l'extrémité inférieure du radius",
    "S72.0": "Fracture du col du fémur",
    "W19": "Chute, sans précision",
    "Z37.0": "Naissance unique, enfant vivant",
    "Z49.1": "Dialyse extracorporelle",
    "Z51.1": "Séance de chimiothérapie pour tumeur",
    "Z51.5": "Soins palliatifs",
    "Z74.2": "Besoin d'assistance à domicile, aucun autre membre du foyer n'étant capable d'assurer les soins",
    "Z86.7": "Antécédents personnels de maladies de l'appareil circulatoire",
    "Z92.1": "Antécédents personnels d'utilisation (actuelle) à long terme d'anticoagulants",
    "Z95.5": "Présence d'implant et de greffe vasculaires coronariens",
    "Z96.6": "Présence d'implants d'articulations orthopédiques",
}

CCAM = {
    "ACQK001": "Scanographie du crâne et de son contenu, sans injection intraveineuse de produit de contraste",
    "ACQN001": "Remnographie [IRM] du crâne et de son contenu, sans injection intraveineuse de produit de contraste",
    "BFGA004": "Extraction extracapsulaire du cristallin par phakoémulsification, avec implantation de cristallin artificiel",
    "DDAF006": "Dilatation intraluminale d'un vaisseau coronaire avec pose d'endoprothèse, par voie artérielle transcutanée",
    "DEQP003": "Électrocardiographie sur au moins 12 dérivations",
    "DZQM006": "Échographie-doppler transthoracique du cœur et des vaisseaux intrathoraciques",
    "HEQE002": "Endoscopie œso-gastro-duodénale",
    "HHFA016": "Appendicectomie, par cœlioscopie ou par laparotomie avec préparation par cœlioscopie",
    "HHQE005": "Coloscopie totale avec visualisation du bas-fond cæcal, sans franchissement de l'orifice iléocolique",
    "HMFC004": "Cholécystectomie, par cœlioscopie",
    "JGFE023": "Résection d'une hypertrophie de la prostate sans laser, par urétrocystoscopie",
    "JQGA004": "Accouchement par césarienne en urgence en dehors du travail, par laparotomie",
    "JQGD010": "Accouchement céphalique unique par voie naturelle, chez une primipare",
    "JQGD012": "Accouchement céphalique unique par voie naturelle, chez une multipare",
    "JVJF004": "Épuration extrarénale par hémodialyse pour insuffisance rénale chronique",
    "NEKA018": "Remplacement de l'articulation coxofémorale par prothèse fémorale cervicocéphalique",
    "NEKA020": "Remplacement de l'articulation coxofémorale par prothèse totale",
    "NFKA007": "Remplacement de l'articulation du genou par prothèse tricompartimentaire, déformation frontale inférieure ou égale à 10°",
    "QEFA004": "Tumorectomie du sein",
    "ZBQH001": "Scanographie du thorax, avec injection intraveineuse de produit de contraste",
    "ZBQK002": "Radiographie du thorax",
    "ZCQH001": "Scanographie de l'abdomen ou du petit bassin, avec injection intraveineuse de produit de contraste",
    "ZCQM008": "Échographie transcutanée de l'abdomen",
}

ANALYTES = {
    "hb": Analyte("718-7", "Hémoglobine [Masse/Volume] Sang", "g/dL", 12.0, 17.0, 13.6, 1.2, 1),
    "leuco": Analyte("6690-2", "Leucocytes [Nombre/Volume] Sang", "10*9/L", 4.0, 10.0, 7.0, 0.28, 1, skewed=True),
    "plaq": Analyte("777-3", "Plaquettes [Nombre/Volume] Sang", "10*9/L", 150.0, 400.0, 255.0, 62.0, 0),
    "vgm": Analyte("787-2", "Volume globulaire moyen [Volume] Érythrocytes", "fL", 80.0, 100.0, 90.0, 4.6, 1),
    "hte": Analyte("4544-3", "Hématocrite [Fraction volumique] Sang", "%", 36.0, 50.0, 41.0, 3.5, 1),
    "na": Analyte("2951-2", "Sodium [Moles/Volume] Sérum ou Plasma", "mmol/L", 136.0, 145.0, 139.4, 2.8, 0),
    "k": Analyte("2823-3", "Potassium [Moles/Volume] Sérum ou Plasma", "mmol/L", 3.5, 5.0, 4.1, 0.4, 1),
    "cl": Analyte("2075-0", "Chlorure [Moles/Volume] Sérum ou Plasma", "mmol/L", 98.0, 107.0, 102.6, 2.9, 0),
    "creat": Analyte("14682-9", "Créatinine [Moles/Volume] Sérum ou Plasma", "umol/L", 45.0, 104.0, 76.0, 0.24, 0, skewed=True),
    "uree": Analyte("22664-7", "Urée [Moles/Volume] Sérum ou Plasma", "mmol/L", 2.5, 7.5, 5.6, 0.32, 1, skewed=True),
    "dfg": Analyte("62238-1", "Débit de filtration glomérulaire estimé (CKD-EPI)", "mL/min/{1.73_m2}", 60.0, None, 84.0, 17.0, 0),
    "ca": Analyte("2000-8", "Calcium [Moles/Volume] Sérum ou Plasma", "mmol/L", 2.15, 2.55, 2.33, 0.09, 2),
    "crp": Analyte("1988-5", "Protéine C réactive [Masse/Volume] Sérum ou Plasma", "mg/L", None, 5.0, 3.2, 0.9, 1, skewed=True),
    "pct": Analyte("33959-8", "Procalcitonine [Masse/Volume] Sérum ou Plasma", "ug/L", None, 0.5, 0.12, 0.9, 2, skewed=True),
    "glu": Analyte("14749-6", "Glucose [Moles/Volume] Sérum ou Plasma", "mmol/L", 3.9, 6.1, 5.5, 0.16, 1, skewed=True),
    "hba1c": Analyte("4548-4", "Hémoglobine A1c/Hémoglobine totale [Fraction massique] Sang", "%", 4.0, 6.0, 5.5, 0.08, 1, skewed=True),
    "alat": Analyte("1742-6", "Alanine aminotransférase [Activité enzymatique/Volume] Sérum ou Plasma", "U/L", None, 45.0, 24.0, 0.45, 0, skewed=True),
    "asat": Analyte("1920-8", "Aspartate aminotransférase [Activité enzymatique/Volume] Sérum ou Plasma", "U/L", None, 40.0, 24.0, 0.4, 0, skewed=True),
    "ggt": Analyte("2324-2", "Gamma glutamyl transférase [Activité enzymatique/Volume] Sérum ou Plasma", "U/L", None, 60.0, 29.0, 0.6, 0, skewed=True),
    "bili": Analyte("14631-6", "Bilirubine totale [Moles/Volume] Sérum ou Plasma", "umol/L", None, 21.0, 9.5, 0.4, 0, skewed=True),
    "alb": Analyte("1751-7", "Albumine [Masse/Volume] Sérum ou Plasma", "g/L", 35.0, 50.0, 39.5, 3.8, 1),
    "ferri": Analyte("2276-4", "Ferritine [Masse/Volume] Sérum ou Plasma", "ug/L", 20.0, 300.0, 110.0, 0.7, 0, skewed=True),
    "tsh": Analyte("3016-3", "Thyrotropine [Unités/Volume] Sérum ou Plasma", "m[IU]/L", 0.4, 4.0, 1.8, 0.5, 2, skewed=True),
    "tropo": Analyte("67151-1", "Troponine T cardiaque haute sensibilité [Masse/Volume] Sérum ou Plasma", "ng/L", None, 14.0, 8.0, 0.5, 0, skewed=True),
    "ntbnp": Analyte("33762-6", "NT-proBNP [Masse/Volume] Sérum ou Plasma", "ng/L", None, 450.0, 160.0, 0.8, 0, skewed=True),
    "inr": Analyte("6301-6", "INR [Temps relatif] Plasma pauvre en plaquettes", "{INR}", 0.9, 1.2, 1.05, 0.07, 2),
    "tp": Analyte("5894-1", "Taux de prothrombine [Temps relatif] Plasma pauvre en plaquettes", "%", 70.0, 120.0, 94.0, 9.0, 0),
    "fibri": Analyte("3255-7", "Fibrinogène [Masse/Volume] Plasma pauvre en plaquettes", "g/L", 2.0, 4.0, 3.2, 0.22, 1, skewed=True),
    "lact": Analyte("2524-7", "Lactate [Moles/Volume] Sérum ou Plasma", "mmol/L", 0.5, 2.2, 1.2, 0.35, 1, skewed=True),
    "chol": Analyte("14647-2", "Cholestérol [Moles/Volume] Sérum ou Plasma", "mmol/L", None, 5.2, 5.0, 0.9, 2),
    "ldl": Analyte("22748-8", "Cholestérol LDL [Moles/Volume] Sérum ou Plasma", "mmol/L", None, 3.4, 3.0, 0.8, 2),
    "psa": Analyte("2857-1", "Antigène spécifique de la prostate [Masse/Volume] Sérum ou Plasma", "ug/L", None, 4.0, 1.6, 0.7, 2, skewed=True),
    "lipase": Analyte("3040-3", "Lipase [Activité enzymatique/Volume] Sérum ou Plasma", "U/L", None, 60.0, 30.0, 0.4, 0, skewed=True),
}  # fmt: skip

PANELS = {
    "nfs": ("hb", "hte", "leuco", "plaq", "vgm"),
    "iono": ("na", "k", "creat", "dfg", "uree"),
    "infl": ("crp",),
    "sepsis": ("crp", "pct", "lact"),
    "foie": ("alat", "asat", "ggt", "bili"),
    "coag": ("inr", "tp", "fibri"),
    "coeur": ("tropo", "ntbnp"),
    "diab": ("glu", "hba1c"),
    "lipides": ("chol", "ldl"),
    "nutri": ("alb", "ca"),
    "fer": ("ferri",),
    "thyr": ("tsh",),
    "psa": ("psa",),
    "pancr": ("lipase",),
}

DRUGS = {
    "paracetamol": Drug("N02BE01", "PARACETAMOL 1 g, comprimé", 1000, "mg", "1 comprimé toutes les 6 heures si douleur", "orale"),
    "paracetamol_ped": Drug("N02BE01", "PARACETAMOL 2,4 %, suspension buvable", 15, "mg/kg", "1 dose-poids toutes les 6 heures", "orale"),
    "tramadol": Drug("N02AX02", "TRAMADOL 50 mg, gélule", 50, "mg", "1 gélule matin et soir", "orale"),
    "morphine": Drug("N02AA01", "MORPHINE 10 mg/mL, solution injectable", 10, "mg", "bolus de 1 mg, période réfractaire 7 min", "sous-cutanée"),
    "furosemide": Drug("C03CA01", "FUROSEMIDE 40 mg, comprimé", 40, "mg", "1 comprimé le matin", "orale"),
    "bisoprolol": Drug("C07AB07", "BISOPROLOL 2,5 mg, comprimé", 2.5, "mg", "1 comprimé le matin", "orale"),
    "ramipril": Drug("C09AA05", "RAMIPRIL 5 mg, comprimé", 5, "mg", "1 comprimé le soir", "orale"),
    "amlodipine": Drug("C08CA01", "AMLODIPINE 5 mg, gélule", 5, "mg", "1 gélule le matin", "orale"),
    "atorvastatine": Drug("C10AA05", "ATORVASTATINE 40 mg, comprimé", 40, "mg", "1 comprimé le soir", "orale"),
    "aspirine": Drug("B01AC06", "ACIDE ACETYLSALICYLIQUE 75 mg, poudre orale", 75, "mg", "1 sachet le midi", "orale"),
    "clopidogrel": Drug("B01AC04", "CLOPIDOGREL 75 mg, comprimé", 75, "mg", "1 comprimé le midi", "orale"),
    "apixaban": Drug("B01AF02", "APIXABAN 5 mg, comprimé", 5, "mg", "1 comprimé matin et soir", "orale"),
    "enoxaparine": Drug("B01AB05", "ENOXAPARINE 4000 UI, solution injectable", 4000, "[IU]", "1 injection par jour", "sous-cutanée"),
    "metformine": Drug("A10BA02", "METFORMINE 1000 mg, comprimé", 1000, "mg", "1 comprimé matin et soir", "orale"),
    "glargine": Drug("A10AE04", "INSULINE GLARGINE 100 U/mL, stylo", 18, "U", "18 unités au coucher", "sous-cutanée"),
    "omeprazole": Drug("A02BC01", "OMEPRAZOLE 20 mg, gélule", 20, "mg", "1 gélule le soir", "orale"),
    "amoxclav": Drug("J01CR02", "AMOXICILLINE ACIDE CLAVULANIQUE 1 g/125 mg, poudre orale", 1000, "mg", "1 sachet 3 fois par jour", "orale"),
    "ceftriaxone": Drug("J01DD04", "CEFTRIAXONE 1 g, poudre injectable", 1000, "mg", "1 injection par jour", "intraveineuse"),
    "ofloxacine": Drug("J01MA01", "OFLOXACINE 200 mg, comprimé", 200, "mg", "1 comprimé matin et soir", "orale"),
    "salbutamol": Drug("R03AC02", "SALBUTAMOL 5 mg/2,5 mL, nébulisation", 5, "mg", "1 nébulisation 3 fois par jour", "inhalée"),
    "tiotropium": Drug("R03BB04", "TIOTROPIUM 18 µg, inhalation", 18, "ug", "1 inhalation le matin", "inhalée"),
    "prednisone": Drug("H02AB07", "PREDNISONE 20 mg, comprimé", 40, "mg", "2 comprimés le matin pendant 5 jours", "orale"),
    "levothyroxine": Drug("H03AA01", "LEVOTHYROXINE 75 µg, comprimé", 75, "ug", "1 comprimé à jeun", "orale"),
    "fer": Drug("B03AA07", "SULFATE FERREUX 80 mg, comprimé", 80, "mg", "1 comprimé par jour", "orale"),
    "levetiracetam": Drug("N03AX14", "LEVETIRACETAM 500 mg, comprimé", 500, "mg", "1 comprimé matin et soir", "orale"),
    "sertraline": Drug("N06AB06", "SERTRALINE 50 mg, gélule", 50, "mg", "1 gélule le matin", "orale"),
    "levodopa": Drug("N04BA02", "LEVODOPA BENSERAZIDE 100 mg/25 mg, gélule", 100, "mg", "1 gélule 4 fois par jour", "orale"),
    "midazolam": Drug("N05CD08", "MIDAZOLAM 5 mg/mL, solution injectable", 5, "mg", "0,5 mg/h en continu", "intraveineuse"),
    "tamsulosine": Drug("G04CA02", "TAMSULOSINE 0,4 mg, gélule", 0.4, "mg", "1 gélule le soir", "orale"),
    "paclitaxel": Drug("L01CD01", "PACLITAXEL 6 mg/mL, solution pour perfusion", 80, "mg/m2", "une perfusion par semaine", "intraveineuse"),
    "oxaliplatine": Drug("L01XA03", "OXALIPLATINE 5 mg/mL, solution pour perfusion", 85, "mg/m2", "une perfusion toutes les 2 semaines", "intraveineuse"),
    "ondansetron": Drug("A04AA01", "ONDANSETRON 8 mg, comprimé", 8, "mg", "1 comprimé avant la séance", "orale"),
    "darbepoetine": Drug("B03XA02", "DARBEPOETINE ALFA 40 µg, seringue", 40, "ug", "1 injection par semaine", "intraveineuse"),
    "oxytocine": Drug("H01BB02", "OXYTOCINE 5 UI/mL, solution injectable", 5, "[IU]", "1 injection après la délivrance", "intraveineuse"),
    "tropicamide": Drug("S01FA06", "TROPICAMIDE 0,5 %, collyre", 1, "[drp]", "1 goutte 3 fois avant l'intervention", "ophtalmique"),
    "dexamethasone_oph": Drug("S01CA01", "DEXAMETHASONE TOBRAMYCINE, collyre", 1, "[drp]", "1 goutte 4 fois par jour", "ophtalmique"),
    "macrogol": Drug("A06AD15", "MACROGOL 4000 10 g, poudre orale", 10, "g", "1 à 2 sachets par jour", "orale"),
    "sro": Drug("A07CA", "SOLUTE DE REHYDRATATION ORALE, sachet", 1, "{sachet}", "à volonté, par petites quantités", "orale"),
}  # fmt: skip
