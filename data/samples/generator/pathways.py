"""Why do the sample's patients come to hospital, and what follows from it?

A pathway ties together what a stay must agree on: who can have it, ward, DRG, codes, procedures, drugs, tests and the words of its letters. In the
words, {e} is the feminine's e, {il} and {Il} the pronoun, {patient} "le patient" or "la patiente". GHM labels and levels: ATIH, written from general
knowledge on 2026-11-24.
"""

from __future__ import annotations

from dataclasses import dataclass, field

WARDS = {
    "1001": "Urgences - UHCD", "2101": "Cardiologie", "2201": "Pneumologie", "2301": "Neurologie", "2401": "Endocrinologie et diabétologie",
    "2501": "Néphrologie et hémodialyse", "2601": "Hépato-gastro-entérologie", "2701": "Oncologie médicale", "2801": "Psychiatrie adulte",
    "3101": "Chirurgie orthopédique et traumatologique", "3201": "Chirurgie viscérale et digestive", "3301": "Urologie",
    "3401": "Ophtalmologie ambulatoire", "4101": "Gynécologie-obstétrique", "5101": "Pédiatrie", "6101": "Gériatrie aiguë", "6201": "Soins palliatifs",
}  # fmt: skip
SPECIALTIES = {
    "1001": "Médecine d'urgence", "2101": "Cardiologie", "2201": "Pneumologie", "2301": "Neurologie", "2401": "Endocrinologie", "2501": "Néphrologie",
    "2601": "Gastro-entérologie", "2701": "Oncologie", "2801": "Psychiatrie", "3101": "Chirurgie orthopédique", "3201": "Chirurgie viscérale",
    "3301": "Urologie", "3401": "Ophtalmologie", "4101": "Gynécologie-obstétrique", "5101": "Pédiatrie", "6101": "Gériatrie", "6201": "Médecine palliative",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Pathway:
    """One reason for a stay."""

    main: str
    related: str | None = None
    ward: str
    ghm: tuple[str, str] | None  # psychiatry has none; an emergency stay may be ungrouped
    levels: str
    weight: float
    ages: tuple[int, int]
    sex: str = "MF"
    nights: tuple[int, int]
    always: tuple[str, ...] = ()
    often: tuple[str, ...] = ()
    acts: tuple[tuple[str, float], ...] = ()
    drugs: tuple[str, ...] = ()
    panels: tuple[str, ...] = ()
    shifts: dict[str, float] = field(default_factory=dict)
    urgent: float = 0.0
    once: bool = False
    chronic: bool = False
    dying: float = 0.0
    reason: str
    story: tuple[str, str]
    exam: str
    course: tuple[str, str]


PATHWAYS = (
    Pathway(
        main="I50.1", ward="2101", ghm=("05M09", "Insuffisances cardiaques et états de choc circulatoire"), levels="1234", weight=9, ages=(58, 98), nights=(4, 14),
        often=("I48.2", "I10", "N18.3", "I25.1", "D64.9", "E11.9", "E87.6"), acts=(("DEQP003", 0.9), ("DZQM006", 0.8), ("ZBQK002", 0.7)),
        drugs=("furosemide", "bisoprolol", "ramipril", "apixaban", "enoxaparine"), panels=("nfs", "iono", "coeur", "infl", "foie"),
        shifts={"ntbnp": 28, "creat": 1.5, "tropo": 2.5, "uree": 1.7, "dfg": 0.6}, urgent=0.8, chronic=True, dying=0.06,
        reason="décompensation cardiaque gauche",
        story=(
            "Depuis une dizaine de jours, {il} décrit une dyspnée d'effort qui s'aggrave, avec orthopnée et prise de quatre kilos.",
            "Écart de régime sans sel pendant les fêtes, puis dyspnée de repos ayant motivé un appel au centre 15.",
        ),
        exam="Crépitants des deux bases, œdèmes des membres inférieurs prenant le godet, turgescence jugulaire.",
        course=(
            "Bonne réponse au traitement diurétique intraveineux, perte de cinq kilos, sevrage de l'oxygène au troisième jour.",
            "Amélioration progressive sous diurétique ; la fraction d'éjection est estimée à 40 % à l'échographie.",
        ),
    ),
    Pathway(
        main="I21.1", ward="2101", ghm=("05K06", "Endoprothèses vasculaires sans infarctus du myocarde"), levels="12", weight=4, ages=(42, 90), nights=(3, 7),
        always=("I25.1",), often=("I10", "E78.0", "F17.2", "E11.9", "E66.9"), acts=(("DDAF006", 1), ("DEQP003", 1), ("DZQM006", 0.8)),
        drugs=("aspirine", "clopidogrel", "bisoprolol", "atorvastatine", "ramipril", "enoxaparine"), panels=("nfs", "iono", "coeur", "lipides", "coag"),
        shifts={"tropo": 90, "ntbnp": 5, "ldl": 1.3, "chol": 1.2}, urgent=1, once=True, dying=0.04,
        reason="syndrome coronarien aigu avec sus-décalage du segment ST inférieur",
        story=(
            "Douleur thoracique constrictive apparue au repos, irradiant dans la mâchoire, avec sueurs, durant plus de trente minutes.",
            "{Il} jardinait lorsque la douleur est survenue ; le SMUR constate un sus-décalage en DII, DIII et VF.",
        ),
        exam="Tension artérielle à 138/82 mmHg, auscultation libre, pas de signe d'insuffisance cardiaque.",
        course=(
            "Coronarographie en urgence : occlusion de la coronaire droite moyenne, désobstruée, avec pose d'un stent actif.",
            "Suites simples, pas de trouble du rythme au scope, rééducation cardiaque programmée.",
        ),
    ),
    Pathway(
        main="J15.9", ward="2201", ghm=("04M05", "Pneumonies et pleurésies banales, âge supérieur à 17 ans"), levels="1234", weight=8, ages=(25, 97), nights=(3, 11),
        often=("J96.0", "I10", "E86", "E11.9", "R13", "E44.0", "J44.9"), acts=(("ZBQK002", 1), ("ZBQH001", 0.3), ("DEQP003", 0.3)),
        drugs=("amoxclav", "ceftriaxone", "paracetamol", "enoxaparine"), panels=("nfs", "iono", "sepsis", "foie"),
        shifts={"crp": 38, "leuco": 1.9, "pct": 8, "lact": 1.4}, urgent=0.9, dying=0.05,
        reason="pneumopathie aiguë communautaire du lobe inférieur droit",
        story=(
            "Fièvre à 39 °C et toux productive depuis trois jours, sans amélioration sous antibiothérapie orale.",
            "Altération de l'état général, frissons et douleur basithoracique droite depuis la veille.",
        ),
        exam="Foyer de crépitants de la base droite, saturation à 91 % en air ambiant, fréquence respiratoire à 24 par minute.",
        course=(
            "Apyrexie en quarante-huit heures sous bêtalactamine, relais oral au quatrième jour.",
            "Sevrage de l'oxygène obtenu au cinquième jour, syndrome inflammatoire en décroissance.",
        ),
    ),
    Pathway(
        main="J44.0", ward="2201", ghm=("04M08", "Bronchopneumopathies chroniques"), levels="1234", weight=5, ages=(50, 90), nights=(4, 12),
        always=("F17.2",), often=("J96.0", "I10", "E44.0", "F32.1", "G47.3"), acts=(("ZBQK002", 1), ("DEQP003", 0.4)),
        drugs=("salbutamol", "tiotropium", "prednisone", "amoxclav", "enoxaparine"), panels=("nfs", "iono", "infl"),
        shifts={"crp": 12, "leuco": 1.5}, urgent=0.8, chronic=True, dying=0.04,
        reason="exacerbation de bronchopneumopathie chronique obstructive",
        story=(
            "Majoration de la dyspnée et des expectorations, devenues purulentes, depuis cinq jours.",
            "Tabagisme estimé à quarante paquets-années, non sevré ; deux exacerbations dans l'année écoulée.",
        ),
        exam="Sibilants diffus, tirage sus-claviculaire discret, saturation à 88 % en air ambiant.",
        course=("Évolution favorable sous aérosols et corticothérapie courte.", "Kinésithérapie respiratoire quotidienne ; sevrage tabagique entrepris avec substituts."),
    ),
    Pathway(
        main="J21.0", ward="5101", ghm=("04M02", "Bronchites et asthme, âge inférieur à 18 ans"), levels="12", weight=9, ages=(0, 1), nights=(2, 6),
        often=("E86",), drugs=("paracetamol_ped", "sro"), panels=("nfs", "iono", "infl"), shifts={"crp": 4, "creat": 0.35}, urgent=1,
        reason="bronchiolite aiguë du nourrisson à virus respiratoire syncytial",
        story=("Rhinite depuis trois jours puis gêne respiratoire et baisse des prises alimentaires.", "Nourrisson né{e} à terme, deuxième épisode ; la fratrie est enrhumée."),
        exam="Polypnée à 58 par minute, signes de lutte modérés, fontanelle normotendue.",
        course=("Alimentation fractionnée, oxygénothérapie aux lunettes pendant deux jours.", "Amélioration clinique, reprise des biberons à plus de deux tiers des rations."),
    ),
    Pathway(
        main="J45.9", ward="5101", ghm=("04M02", "Bronchites et asthme, âge inférieur à 18 ans"), levels="12", weight=7, ages=(3, 17), nights=(1, 3),
        acts=(("ZBQK002", 0.5),), drugs=("salbutamol", "prednisone"), panels=("nfs", "iono", "infl"), shifts={"crp": 2.5, "creat": 0.6}, urgent=1, chronic=True,
        reason="crise d'asthme modérée",
        story=("Toux nocturne puis gêne expiratoire après un effort au collège, sans réponse aux bouffées de salbutamol.", "Exposition au chat de la voisine ; le traitement de fond n'est pas pris régulièrement."),
        exam="Sibilants bilatéraux, débit expiratoire de pointe à 55 % de la théorique.",
        course=("Bonne réponse à trois nébulisations, retour avec plan d'action écrit.", "Éducation thérapeutique faite avec la famille, technique d'inhalation revue."),
    ),
    Pathway(
        main="A09.0", ward="5101", ghm=("06M02", "Autres gastroentérites et maladies diverses du tube digestif, âge inférieur à 18 ans"), levels="12", weight=5, ages=(0, 10), nights=(1, 3),
        always=("E86",), drugs=("sro", "paracetamol_ped"), panels=("iono", "infl"), shifts={"crp": 3, "creat": 0.5, "uree": 1.2}, urgent=1,
        reason="gastroentérite aiguë avec déshydratation",
        story=("Vomissements et diarrhée liquide depuis trente-six heures, plusieurs cas à la crèche.", "Perte de poids estimée à 6 %, refus du soluté de réhydratation à domicile."),
        exam="Muqueuses sèches, pli cutané absent, abdomen souple et dépressible.",
        course=("Réhydratation par sonde puis reprise orale bien tolérée.", "Diurèse conservée, disparition des vomissements en vingt-quatre heures."),
    ),
    Pathway(
        main="I63.4", ward="2301", ghm=("01M30", "Accidents vasculaires intracérébraux non transitoires"), levels="1234", weight=5, ages=(50, 97), nights=(5, 16),
        always=("I48.0",), often=("G81.9", "R47.0", "I10", "R13", "E78.0", "Z92.1"), acts=(("ACQN001", 0.9), ("ACQK001", 0.6), ("DEQP003", 0.9), ("DZQM006", 0.6)),
        drugs=("apixaban", "atorvastatine", "ramipril", "paracetamol"), panels=("nfs", "iono", "coag", "lipides", "diab"), shifts={"ldl": 1.2, "glu": 1.15}, urgent=1, dying=0.08,
        reason="accident ischémique sylvien gauche d'origine cardio-embolique",
        story=("Trouble du langage et faiblesse du bras droit constatés au réveil par l'entourage.", "Déficit brutal de l'hémicorps droit au cours du repas ; score NIHSS initial à 9."),
        exam="Aphasie d'expression, hémiparésie droite à prédominance brachio-faciale, pas de trouble de la vigilance.",
        course=("Récupération motrice partielle, rééducation orthophonique débutée.", "Fibrillation atriale retrouvée au scope, anticoagulation orale introduite au septième jour."),
    ),
    Pathway(
        main="G40.9", ward="2301", ghm=("01M25", "Épilepsie, âge supérieur à 17 ans"), levels="12", weight=3, ages=(18, 80), nights=(1, 5), often=("F32.1", "E87.1"),
        acts=(("ACQN001", 0.6), ("ACQK001", 0.5)), drugs=("levetiracetam", "paracetamol"), panels=("nfs", "iono", "foie"), shifts={"lact": 2}, urgent=0.9, chronic=True,
        reason="crise convulsive généralisée",
        story=("Crise tonicoclonique de trois minutes devant témoins, avec morsure latérale de langue.", "Oubli du traitement pendant deux jours et manque de sommeil."),
        exam="Examen neurologique sans déficit, conscience normale après une phase postcritique de vingt minutes.",
        course=("Pas de récidive sous lévétiracétam, électroencéphalogramme sans foyer.", "Conduite automobile contre-indiquée pendant un an, ce qui a été expliqué."),
    ),
    Pathway(
        main="E11.6", ward="2401", ghm=("10M02", "Diabète, âge supérieur à 35 ans"), levels="123", weight=6, ages=(40, 85), nights=(3, 8), often=("E66.9", "I10", "E78.0", "G47.3", "N18.3"),
        acts=(("DEQP003", 0.5),), drugs=("metformine", "glargine", "atorvastatine", "ramipril"), panels=("nfs", "iono", "diab", "lipides", "foie"),
        shifts={"glu": 2.3, "hba1c": 1.75, "ggt": 1.7}, urgent=0.2, chronic=True,
        reason="déséquilibre d'un diabète de type 2",
        story=("Glycémies capillaires au-dessus de 2,50 g/L depuis un mois malgré une trithérapie orale.", "Syndrome polyuro-polydipsique et amaigrissement de six kilos en deux mois."),
        exam="Index de masse corporelle à 33 kg/m², monofilament perçu en tous points, pas de plaie du pied.",
        course=("Introduction d'une insuline basale, éducation à l'autosurveillance faite.", "Équilibre glycémique obtenu, passage du diététicien, fond d'œil sans rétinopathie."),
    ),
    Pathway(
        main="Z49.1", related="N18.5", ward="2501", ghm=("28Z04", "Hémodialyse, en séances"), levels="Z", weight=4, ages=(35, 88), nights=(0, 0), often=("I10", "D64.9", "E11.2"),
        acts=(("JVJF004", 1),), drugs=("darbepoetine",), panels=("nfs", "iono", "nutri", "fer"), shifts={"creat": 8, "uree": 3.8, "k": 1.2, "hb": 0.8, "dfg": 0.1, "ca": 0.95}, chronic=True,
        reason="séance d'hémodialyse",
        story=("Maladie rénale au stade terminal, dialyse trois fois par semaine sur fistule radiale gauche.", "Poids sec inchangé, prise interdialytique de deux kilos."),
        exam="Fistule soufflante, tension artérielle à 142/78 mmHg en début de séance.",
        course=("Séance de quatre heures bien tolérée, ultrafiltration de 2,1 litres.", "Une hypotension en fin de séance, résolutive après remplissage."),
    ),
    Pathway(
        main="N10", ward="1001", ghm=("11M04", "Infections des reins et des voies urinaires, âge supérieur à 17 ans"), levels="1234", weight=5, ages=(18, 90), sex="F", nights=(1, 5), always=("B96.2",),
        often=("E86", "N17.9", "E11.9"), acts=(("ZCQM008", 0.8),), drugs=("ceftriaxone", "ofloxacine", "paracetamol"), panels=("nfs", "iono", "sepsis"),
        shifts={"crp": 34, "leuco": 1.8, "pct": 5}, urgent=1,
        reason="pyélonéphrite aiguë droite",
        story=("Fièvre et douleur lombaire droite depuis deux jours, précédées de brûlures mictionnelles.", "Frissons et vomissements empêchant la prise orale de l'antibiotique."),
        exam="Douleur à l'ébranlement de la fosse lombaire droite, abdomen souple.",
        course=("Apyrexie au deuxième jour, Escherichia coli multisensible, relais oral.", "Échographie sans dilatation des cavités, retour possible avec dix jours de traitement."),
    ),
    Pathway(
        main="K35.8", ward="3201", ghm=("06C09", "Appendicectomies non compliquées"), levels="12", weight=6, ages=(7, 60), nights=(1, 4), acts=(("HHFA016", 1), ("ZCQM008", 0.6), ("ZCQH001", 0.4)),
        drugs=("paracetamol", "amoxclav", "tramadol"), panels=("nfs", "iono", "infl"), shifts={"crp": 16, "leuco": 1.9}, urgent=1, once=True,
        reason="appendicite aiguë",
        story=("Douleur épigastrique migrant en fosse iliaque droite en vingt-quatre heures, avec nausées.", "Fébricule à 38,2 °C et défense localisée, scanner en faveur d'un appendice de 11 mm."),
        exam="Défense de la fosse iliaque droite, signe de Blumberg présent.",
        course=("Appendicectomie cœlioscopique sans incident, reprise du transit au premier jour.", "Suites simples, cicatrices propres, ablation des fils inutile (résorbables)."),
    ),
    Pathway(
        main="K80.0", ward="3201", ghm=("07C13", "Cholécystectomies sans exploration de la voie biliaire principale pour affections aiguës"), levels="123", weight=5, ages=(28, 88), nights=(2, 7),
        often=("E66.9", "I10", "K21.9", "E78.0"), acts=(("HMFC004", 1), ("ZCQM008", 0.9)), drugs=("paracetamol", "amoxclav", "tramadol", "enoxaparine"), panels=("nfs", "iono", "infl", "foie", "pancr"),
        shifts={"crp": 22, "leuco": 1.7, "bili": 1.9, "ggt": 4, "alat": 2.4}, urgent=0.8, once=True,
        reason="cholécystite aiguë lithiasique",
        story=("Douleur de l'hypochondre droit après un repas gras, durant plus de six heures, avec fièvre.", "Plusieurs coliques hépatiques dans les mois précédents, jamais explorées."),
        exam="Signe de Murphy franc, pas d'ictère conjonctival.",
        course=("Cholécystectomie cœlioscopique, paroi épaissie, pas de drain.", "Alimentation reprise le soir même, antibiothérapie arrêtée au troisième jour."),
    ),
    Pathway(
        main="K63.5", ward="2601", ghm=("06K04", "Endoscopies digestives diagnostiques et anesthésie, en ambulatoire"), levels="J", weight=7, ages=(45, 82), nights=(0, 0), often=("K57.3", "D50.9", "I10"),
        acts=(("HHQE005", 1), ("HEQE002", 0.4)), drugs=("macrogol",), panels=("nfs", "coag", "fer"), shifts={"hb": 0.95, "ferri": 0.6},
        reason="coloscopie de dépistage",
        story=("Test immunologique fécal positif dans le cadre du dépistage organisé.", "Antécédent de polype chez un parent au premier degré, transit régulier."),
        exam="Abdomen souple, pas de masse palpée, toucher rectal sans particularité.",
        course=("Exérèse à l'anse froide de deux polypes sessiles du côlon transverse.", "Préparation de bonne qualité (Boston 8), contrôle à trois ans proposé."),
    ),
    Pathway(
        main="S72.0", ward="3101", ghm=("08C47", "Prothèses de hanche pour traumatismes récents"), levels="1234", weight=5, ages=(68, 99), nights=(6, 15), always=("W19",),
        often=("M81.9", "F05.1", "D62", "I10", "E44.0", "R29.6", "L89.1", "G30.1"), acts=(("NEKA018", 1), ("DEQP003", 0.7), ("ZBQK002", 0.5)),
        drugs=("paracetamol", "morphine", "enoxaparine", "fer", "macrogol"), panels=("nfs", "iono", "coag", "nutri"), shifts={"hb": 0.8, "crp": 14, "alb": 0.84}, urgent=1, dying=0.04,
        reason="fracture du col fémoral droit après une chute de sa hauteur",
        story=("Chute dans la salle de bains pendant la nuit, station au sol d'environ trois heures.", "{Il} a glissé sur le trottoir mouillé ; impotence immédiate du membre inférieur droit."),
        exam="Raccourcissement et rotation externe du membre inférieur droit, pas de trouble vasculo-nerveux.",
        course=("Prothèse fémorale posée à la vingt-huitième heure, lever au premier jour avec kinésithérapeute.", "Confusion transitoire la deuxième nuit, résolutive ; transfert en rééducation demandé."),
    ),
    Pathway(
        main="M16.1", ward="3101", ghm=("08C48", "Prothèses de hanche pour des affections autres que des traumatismes récents"), levels="12", weight=5, ages=(52, 86), nights=(2, 6),
        often=("I10", "E66.9", "E78.0", "D62"), acts=(("NEKA020", 1),), drugs=("paracetamol", "tramadol", "enoxaparine"), panels=("nfs", "iono", "coag"), shifts={"hb": 0.88, "crp": 8}, once=True,
        reason="arthroplastie totale de hanche programmée",
        story=("Coxarthrose évoluée, périmètre de marche limité à trois cents mètres, réveils nocturnes.", "Échec du traitement médical et de deux infiltrations."),
        exam="Flexion limitée à 80 degrés, rotation interne nulle, boiterie d'esquive.",
        course=("Prothèse totale par voie postérieure, suites simples.", "Marche avec deux cannes acquise, pas de signe de phlébite."),
    ),
    Pathway(
        main="M17.1", ward="3101", ghm=("08C24", "Prothèses de genou"), levels="12", weight=4, ages=(58, 85), nights=(2, 6), often=("E66.9", "I10", "E11.9", "Z96.6"), acts=(("NFKA007", 1),),
        drugs=("paracetamol", "tramadol", "enoxaparine"), panels=("nfs", "iono", "coag"), shifts={"hb": 0.9, "crp": 9}, once=True,
        reason="arthroplastie totale du genou gauche",
        story=("Gonarthrose tricompartimentaire invalidante depuis quatre ans.", "Gêne permanente dans les escaliers malgré la perte de poids."),
        exam="Genu varum de 8 degrés, flexion à 100 degrés, genou stable dans le plan frontal.",
        course=("Intervention sous rachianesthésie, mobilisation le jour même.", "Flexion à 90 degrés obtenue avant le retour à domicile."),
    ),
    Pathway(
        main="H25.1", ward="3401", ghm=("02C05", "Interventions sur le cristallin avec ou sans vitrectomie"), levels="J", weight=9, ages=(60, 94), nights=(0, 0), often=("I10", "E11.9"), acts=(("BFGA004", 1),),
        drugs=("tropicamide", "dexamethasone_oph"), reason="chirurgie de la cataracte de l'œil droit",
        story=("Baisse progressive d'acuité visuelle, éblouissement à la conduite de nuit.", "Acuité à 4/10 non améliorable, deuxième œil déjà opéré sans complication."),
        exam="Cataracte nucléaire dense, tonus oculaire à 15 mmHg, fond d'œil sans particularité.",
        course=("Phakoémulsification sous anesthésie topique, implant dans le sac capsulaire.", "Pas d'œdème de cornée à la sortie, contrôle prévu le lendemain."),
    ),
    Pathway(
        main="N40", ward="3301", ghm=("12C04", "Prostatectomies transurétrales"), levels="12", weight=5, ages=(58, 88), sex="M", nights=(2, 5), often=("R33", "I10", "N39.0", "Z92.1"),
        acts=(("JGFE023", 1), ("ZCQM008", 0.3)), drugs=("tamsulosine", "paracetamol", "ofloxacine"), panels=("nfs", "iono", "psa", "coag"), shifts={"psa": 2.2}, urgent=0.2, once=True,
        reason="résection endoscopique de prostate",
        story=("Deux épisodes de rétention aiguë d'urine malgré l'alphabloquant.", "Pollakiurie nocturne et jet faible, résidu postmictionnel de 180 mL."),
        exam="Prostate souple, augmentée de volume, estimée à 60 grammes.",
        course=("Résection sans incident, ablation de la sonde au deuxième jour, reprise des mictions.", "Urines claires, analyse des copeaux en attente."),
    ),
    Pathway(
        main="O80.0", ward="4101", ghm=("14Z14", "Accouchements uniques par voie basse chez une multipare"), levels="AB", weight=14, ages=(19, 43), sex="F", nights=(3, 4), always=("Z37.0",),
        often=("O70.1", "O24.4", "D64.9"), acts=(("JQGD012", 1),), drugs=("oxytocine", "paracetamol", "fer"), panels=("nfs", "coag"), shifts={"hb": 0.86, "fibri": 1.5}, urgent=0.5,
        reason="accouchement par voie basse à terme",
        story=("Mise en travail spontané à trente-neuf semaines et trois jours.", "Troisième geste, grossesse suivie sans particularité, groupe sanguin connu."),
        exam="Col à 4 cm, présentation céphalique, rythme cardiaque fœtal normal.",
        course=("Naissance d'un enfant vivant, Apgar 10/10, délivrance naturelle complète.", "Allaitement maternel bien conduit, retour avec sage-femme libérale."),
    ),
    Pathway(
        main="O82.1", ward="4101", ghm=("14C08", "Césariennes pour grossesse unique"), levels="AB", weight=5, ages=(20, 43), sex="F", nights=(4, 6), always=("Z37.0",), often=("O42.0", "D62", "O24.4"),
        acts=(("JQGA004", 1),), drugs=("oxytocine", "paracetamol", "enoxaparine", "fer"), panels=("nfs", "coag", "iono"), shifts={"hb": 0.8, "fibri": 1.5, "crp": 6}, urgent=1,
        reason="césarienne pour anomalies du rythme cardiaque fœtal",
        story=("Rupture des membranes à trente-huit semaines, ralentissements répétés du rythme fœtal.", "Échec de déclenchement, col inchangé après douze heures."),
        exam="Utérus relâché entre les contractions, liquide teinté.",
        course=("Extraction d'un enfant vivant, pertes sanguines estimées à 550 mL.", "Cicatrice propre, lever précoce, prévention thromboembolique poursuivie."),
    ),
    Pathway(
        main="Z51.1", related="C50.4", ward="2701", ghm=("28Z07", "Chimiothérapie pour tumeur, en séances"), levels="Z", weight=7, ages=(34, 80), sex="F", nights=(0, 0), often=("D64.9", "I10"),
        drugs=("paclitaxel", "ondansetron"), panels=("nfs", "iono", "foie"), shifts={"hb": 0.86, "leuco": 0.7, "plaq": 0.85}, chronic=True,
        reason="cure de chimiothérapie pour un carcinome mammaire",
        story=("Carcinome infiltrant du sein gauche opéré, traitement adjuvant hebdomadaire.", "Tolérance correcte, paresthésies des doigts de grade 1."),
        exam="État général conservé (OMS 1), chambre implantable propre.",
        course=("Cure administrée à pleine dose, prochaine séance dans sept jours.", "Alopécie débutante, soins de support proposés."),
    ),
    Pathway(
        main="Z51.1", related="C18.7", ward="2701", ghm=("28Z07", "Chimiothérapie pour tumeur, en séances"), levels="Z", weight=4, ages=(48, 82), nights=(0, 0), often=("D64.9", "C78.7", "I10"),
        drugs=("oxaliplatine", "ondansetron"), panels=("nfs", "iono", "foie"), shifts={"hb": 0.85, "leuco": 0.75, "plaq": 0.7, "ggt": 3}, chronic=True,
        reason="cure de chimiothérapie pour un adénocarcinome du côlon",
        story=("Adénocarcinome sigmoïdien réséqué, traitement par FOLFOX toutes les deux semaines.", "Dysesthésies au froid de grade 2, appétit conservé."),
        exam="Abdomen souple, cicatrice de bonne qualité, pas d'adénopathie.",
        course=("Dose d'oxaliplatine réduite de 20 %, cure faite sans incident.", "Scanner d'évaluation programmé après la sixième cure."),
    ),
    Pathway(
        main="C34.1", ward="6201", ghm=("23Z02", "Soins palliatifs, avec ou sans acte"), levels="Z", weight=2.5, ages=(52, 90), nights=(6, 20), always=("Z51.5", "C79.5"), often=("E44.0", "J96.0", "F32.1"),
        drugs=("morphine", "midazolam", "macrogol"), panels=("nfs", "iono", "nutri"), shifts={"alb": 0.66, "hb": 0.78, "crp": 22, "ca": 1.08}, urgent=0.2, once=True, dying=0.65,
        reason="prise en charge palliative d'un cancer bronchique",
        story=("Progression osseuse malgré deux lignes de traitement, douleurs mal calmées à domicile.", "Alitement presque permanent depuis deux semaines, épuisement des proches."),
        exam="Cachexie, polypnée à 26 par minute, douleur cotée à 7 sur 10.",
        course=("Antalgie équilibrée par morphine en continu, entretien avec les proches.", "Directives anticipées recueillies et versées au dossier."),
    ),
    Pathway(
        main="F32.2", ward="2801", ghm=None, levels="", weight=3, ages=(18, 78), nights=(7, 21), often=("F17.2", "E03.9"), drugs=("sertraline",), panels=("nfs", "iono", "thyr"), urgent=0.4, chronic=True,
        reason="épisode dépressif sévère",
        story=("Tristesse, ralentissement et perte d'élan depuis trois mois, dans un contexte de deuil.", "Insomnie du petit matin, idées de mort passives sans projet arrêté."),
        exam="Contact de bonne qualité, ralentissement psychomoteur, pas d'élément délirant.",
        course=("Amélioration de l'humeur sous inhibiteur de recapture de la sérotonine.", "Permissions bien passées, suivi en centre médico-psychologique organisé."),
    ),
    Pathway(
        main="G20", ward="6101", ghm=("01M17", "Maladies dégénératives du système nerveux, âge supérieur à 80 ans"), levels="1234", weight=4, ages=(81, 98), nights=(7, 18),
        often=("R29.6", "F05.1", "E44.0", "I10", "L89.1", "Z74.2", "R13"), acts=(("DEQP003", 0.5),), drugs=("levodopa", "paracetamol", "macrogol", "enoxaparine"), panels=("nfs", "iono", "nutri", "thyr"),
        shifts={"alb": 0.82, "na": 0.98, "uree": 1.5}, urgent=0.6, dying=0.06,
        reason="chutes à répétition dans un contexte de maladie de Parkinson",
        story=("Quatre chutes en un mois, dont une avec hématome frontal, blocages à la marche.", "Fluctuations motrices, somnolence après les prises, aidants épuisés."),
        exam="Hypertonie plastique des quatre membres, marche à petits pas, hypotension orthostatique.",
        course=("Fractionnement de la lévodopa, bas de contention, reprise de la marche avec déambulateur.", "Bilan social fait, allocation personnalisée d'autonomie demandée."),
    ),
    Pathway(
        main="G30.1", ward="6101", ghm=("01M17", "Maladies dégénératives du système nerveux, âge supérieur à 80 ans"), levels="1234", weight=4, ages=(81, 99), nights=(6, 18),
        often=("F05.1", "E44.0", "E87.1", "I10", "N39.0", "Z74.2", "I48.2"), drugs=("paracetamol", "omeprazole", "macrogol"), panels=("nfs", "iono", "infl", "nutri"),
        shifts={"alb": 0.8, "crp": 7, "na": 0.96}, urgent=0.8, dying=0.08,
        reason="confusion aiguë sur troubles cognitifs connus",
        story=("Agitation et inversion du rythme nycthéméral depuis une semaine, refus de s'alimenter.", "Constipation opiniâtre et rétention urinaire découvertes à l'arrivée."),
        exam="Désorientation temporo-spatiale, pas de signe de localisation, globe vésical.",
        course=("Levée du fécalome et sondage, amélioration nette de la vigilance.", "Dernier MMSE à 14 sur 30, entrée en institution préparée avec la famille."),
    ),
    Pathway(
        main="S52.5", ward="1001", ghm=None, levels="", weight=5, ages=(8, 90), nights=(0, 1), always=("W19",), drugs=("paracetamol", "tramadol"), panels=("nfs", "iono"), urgent=1,
        reason="fracture du poignet gauche",
        story=("Chute à vélo avec réception sur la paume de la main.", "Chute de sa hauteur dans l'escalier, sans perte de connaissance."),
        exam="Déformation en dos de fourchette, pouls radial perçu, sensibilité conservée.",
        course=("Réduction sous bloc tronculaire, manchette plâtrée, contrôle radiographique satisfaisant.", "Surveillance sous plâtre expliquée, consultation d'orthopédie à sept jours."),
    ),
)  # fmt: skip

# Long-lasting conditions by age: (code, from age, chance)
COMORBIDITIES = (
    ("I10", 50, 0.34), ("E78.0", 45, 0.2), ("E11.9", 45, 0.13), ("E66.9", 25, 0.1), ("F17.2", 18, 0.12), ("E03.9", 40, 0.07), ("K21.9", 30, 0.07),
    ("I48.2", 70, 0.14), ("N18.3", 70, 0.13), ("Z86.7", 65, 0.11), ("M81.9", 72, 0.1), ("Z95.5", 60, 0.07), ("G47.3", 45, 0.06), ("D50.9", 18, 0.06), ("J45.9", 6, 0.06),
)  # fmt: skip
HOME_DRUGS = {
    "I10": "amlodipine", "E78.0": "atorvastatine", "E11.9": "metformine", "E03.9": "levothyroxine", "K21.9": "omeprazole", "I48.2": "apixaban", "D50.9": "fer",
    "Z95.5": "aspirine", "J45.9": "salbutamol",
}  # fmt: skip
EXCLUSIVE = (
    {"E11.9", "E11.6", "E11.2", "E10.9"},
    {"I48.0", "I48.2"},
    {"N18.3", "N18.5"},
    {"D50.9", "D64.9", "D62"},
    {"J45.9", "J44.0", "J44.9"},
)
ONLY_MEN = {"N40", "C61"}
ONLY_WOMEN = {"C50.4", "O24.4", "O42.0", "O70.1", "O80.0", "O82.1", "Z37.0"}

# Secondary diagnoses that belong to the stay and are no one's past
ACUTE = {
    "B96.2", "D62", "E86", "E87.1", "E87.6", "F05.1", "G81.9", "J96.0", "L89.1", "N17.9", "N39.0", "O24.4", "O42.0", "O70.1", "R13", "R29.6", "R33", "R47.0", "W19", "Z37.0", "Z51.5",
}  # fmt: skip
OPERATIONS = {
    "BFGA004": "Incision cornéenne de 2,2 mm, capsulorhexis, phakoémulsification, implant pliable dans le sac, injection intracamérulaire d'antibiotique.",
    "DDAF006": "Abord radial droit, guide franchissant la lésion, prédilatation puis pose d'une endoprothèse active, flux TIMI 3 en fin de procédure.",
    "HHFA016": "Trois trocarts, appendice inflammatoire sans perforation, ligature de la base, extraction en sac, lavage de la fosse iliaque.",
    "HHQE005": "Progression jusqu'au bas-fond cæcal, retrait en neuf minutes, résection à l'anse des lésions vues, hémostase satisfaisante.",
    "HMFC004": "Quatre trocarts, dissection du triangle de Calot, clips sur le canal cystique et l'artère, vésicule extraite en sac.",
    "JGFE023": "Résection bipolaire des deux lobes, hémostase soigneuse, lavage continu par sonde à double courant.",
    "JQGA004": "Incision transversale basse, hystérotomie segmentaire, extraction céphalique, fermeture plan par plan, globe utérin tonique.",
    "NEKA018": "Voie postérolatérale, exérèse de la tête, tige fémorale cimentée, réduction stable, longueurs restaurées.",
    "NEKA020": "Voie postérieure, cupule impactée à double mobilité, tige droite sans ciment, réinsertion des pelvitrochantériens.",
    "NFKA007": "Garrot pneumatique, voie parapatellaire interne, coupes guidées, composants cimentés, course rotulienne centrée.",
}
