"""Which capitals of medicine are no person: eponyms, scores, drugs, strains?"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from transforms.notes.openings import Opening
from transforms.notes.words import word_set

if TYPE_CHECKING:
    from transforms.notes.note import Note

# What bears a person's name in medicine. Own compilation from general medical knowledge, 2026-11-24, Apache-2.0.
_NOUNS: Final = (
    "maladies?|mal|syndromes?|sd|sdr|sy|signes?|forceps|spatules|ventouse|n(?:æ|ae|e)vus|melanome|erytheme|delivrance|scores?|echelles?|classifications?|classes?|stades?|grades?|types?|criteres?|tests?|man(?:œ|oe)uvres?|reflexes?|triades?|tetrades?|pentades?|operations?|interventions?"
    "|techniques?|procedes?|methodes?|incisions?|voies?|lois?|indices?|(?<!cas )index|formules?|equations?|cellules?|corps|fibres?|canal|canaux|tubes?|sondes?|drains?|redons?|pinces?|aiguilles?|catheters?|points?|lignes?|espaces?"
    "|cul-de-sac|culs-de-sac|anneaux?|ampoules?|sphincters?|ligaments?|muscles?|nerfs?|ganglions?|fractures?|luxations?|hernies?|kystes?|tumeurs?|sarcomes?|lymphomes?|adenomes?|(?:œ|oe)demes?|purpuras?|thyroidites?|arterites?"
    "|anemies?|choree|paralysies?|nevralgies?|nodules?|ulceres?|diverticules?|(?:œ|oe)sophages?|phenomenes?|epreuves?|colorations?|milieux?|bacilles?|virus|plaies?|positions?|regles?|angles?|blocs?|attelles?|ortheses?"
    "|lambeaux?|greffes?|protheses?|stents?|valves?|bandes?|protocoles?|schemas?|regimes?|encephalopathies?|degenerescences?|atrophies?|myopathies?|dystrophies?|ataxies?|demences?|gangrenes?|cirrhoses?|pseudarthroses?"
    "|facies|toux|bruits?|souffles?|frottements?|pouls|respirations?|dyspnees?|crises?|epilepsies?|tremblements?|spasmes?|contractures?|deformations?|taches?|lesions?|granulomes?|abces|phlegmons?|angines?|pericardites?"
    "|cardiopathies?|cardiomyopathies?|nephropathies?|nephrites?|glomerulonephrites?|arthrites?|rhumatismes?|osteochondrites?|osteodystrophies?|polypes?|polyposes?|melanomes?|carcinomes?|leucemies?|histiocytoses?"
    "|vasculites?|aortites?|uveites?|hepatites?|pancreatites?|gastrites?|colites?|enterites?|dermatites?|dermatoses?|erythemes?|acrodermatites?|neuropathies?|amyotrophies?|hemiplegies?|aphasies?|troubles?|complexes?|faisceaux?|aires?"
    "|scissures?|polygones?|trous?|foramens?|trigones?|fosses?|loges?|trompes?|glandes?|follicules?|ilots?|anses?|capsules?|membranes?|canule|tendons?|aponevroses?|fascia|os|tubercules?|lobes?|segments?|plexus|arteres?|veines?|valvules?"
    "|ventricules?|sinus|oreillettes?|septums?|noeuds?|systemes?|appareils?|cadres?|vis|plaques?|clous?|broches?|fixateurs?|corsets?|minerves?|ceintures?|chaussures?|pansements?|bandages?|sutures?|noeud|instruments?|valeurs?|normes?|grilles?"
    "|questionnaires?|inventaires?|batteries?|figures?|cubes?|cartes?|courbes?|abaques?|tables?|diagrammes?|planches?|etudes?|essais?|theorie|modele|conference|consensus|embout|masque|lame|laryngoscope|ballon|ballonnet|poche|chambre|boucle|bouton|appareillage|anastomose|derivation"
    "|hepaticojejunostomie|gastrectomie|duodenopancreatectomie|resection|osteotomie|arthrodese|butee|ligamentoplastie|plastie|urethroplastie|cure|fundoplicature|montage|hemi-?fundoplicature|myotomie|procedure|intervention dite|dite?|selon|anti|atteinte|forme|variante|macrophages?|germe|complexe|tableaux?|traits?|coques?|fils?|tiges?|cupules?|trocarts?|clips?|trousses?|lunettes?|fentes?"
)
_BEFORE: Final = re.compile(
    rf"(?:\b(?:{_NOUNS})(?: (?!(?:avec|par|chez|pour|vers|dans|puis|mais|fait|faite)\b)[a-z-]{{3,}}){{0,3}}[ \n](?:de |d'|du |des |en |type |dite? de |dite? |selon (?:la )?(?:classification de )?)?(?:la |l'|le )?(?:[a-z'-]{(3,)} et (?:de )?)?|\bselon (?:la )?|-|\bet al)\Z"
)
_SCHOOL: Final = re.compile(
    r"\b(?:ecole|lycee|college|creche|gymnase)(?: (?:maternelle|primaire|elementaire|privee?|[a-z'-]{3,}))? \Z"
)
_AFTER: Final = re.compile(
    r"-?(?:\+|[ ]?\[\d|[ ]?et al\b|[ ]?et coll\b| ?(?:positif|negatif)|\.?\d+[a-z]?\b|[ ](?:i{1,3}|iv|v)\b|[ ](?:19|20)\d\d\b|[ ]0-|®|™)"
)
_COMPOUND: Final = re.compile(r" (?P<name>[^\W\d_]+(?:-[^\W\d_]+)+)")
_NOUN: Final = Opening(re.compile(rf"\b(?:{_NOUNS})"))
_SCHOOLS: Final = Opening(_SCHOOL)
_OTHERS: Final = ("selon ", "selon la ", "et al")
_REACH: Final = 70
# Eponyms that stand alone. Own compilation from general medical knowledge, 2026-11-24, Apache-2.0.
EPONYMS: Final = word_set(
    "froment dubois kerley fazekas grober buschke sydney constant scheltens modic pfirrmann scheuer lequesne tinetti cimino hasson calot hardinge ballard guthrie wang capgras black schulman fontaine-leriche bouveret bouillaud dressler prinzmetal buzby parkinson alzheimer crohn babinski glasgow lasegue hodgkin basedow addison cushing horton kaposi sjogren raynaud behcet takayasu"
    " wegener charcot down turner klinefelter marfan ehlers danlos guillain barre korsakoff wernicke broca kernig brudzinski murphy mac burney"
    " mcburney rovsing blumberg douglas wirsung vater oddi langerhans kupffer purkinje golgi schwann ranvier peyer meckel heller barrett"
    " mallory weiss boerhaave zenker hirschsprung ombredanne bouchard heberden dupuytren baker colles pouteau monteggia galeazzi bennett"
    " lisfranc chopart achille achilles volkmann sudeck paget kahler waldenstrom burkitt sezary ewing wilms gleason breslow clark bethesda child pugh"
    " killip forrester nyha framingham wells apgar silverman bishop tanner bayley rankin barthel katz lawton norton braden waterlow"
    " leriche buerger holter doppler romberg trendelenburg lachman mcmurray tinel phalen finkelstein jobe neer hawkins yocum patte"
    " gerber yergason schober hoffmann rossolimo argyll robertson adie horner bell ramsay hunt meniere dix hallpike epley rinne weber"
    " gram ziehl neelsen giemsa wright perls coombs rorschach snellen goldmann hertel cullen grey heimlich valsalva allen kussmaul cheyne stokes biot"
    " parinaud millard gubler wallenberg brown sequard duchenne becker steinert friedreich huntington wilson crigler najjar rotor dubin"
    " fabry gaucher pompe niemann pick tay sachs krabbe hurler hunter morquio menkes leigh rett angelman prader willi lennox gastaut west dravet"
    " jackson todd bartter gitelman fanconi liddle conn sheehan simmonds graves hashimoto quervain riedel plummer whipple still felty forestier scheuermann"
    " legg perthes osgood schlatter koehler freiberg kienbock salter harris judet garden evans ilizarov ender kirschner steinmann hartmann"
    " redon foley swan ganz seldinger pfannenstiel kocher lichtenstein nissen toupet dor billroth finsterer lewis miles bricker wertheim halsted"
    " madden mondor virchow troisier courvoisier terrier charlson karnofsky ecog balthazar ranson lille maddrey metavir ishak hamilton beck montgomery asberg"
    " epstein bence jones lyme coxsackie pasteur koch hansen ducrey favre donovan clostridium tzanck nikolsky auspitz koebner stevens johnson"
    " lyell kawasaki henoch schonlein willebrand christmas soulier glanzmann minkowski chauffard biermer cooley fallot eisenmenger ebstein"
    " marchiafava hippel lindau recklinghausen bourneville sturge weber krabbe osler rendu budd chiari caroli byler alagille zollinger ellison verner morrison"
    " peutz jeghers gardner lynch muir torre cowden fraumeni carney lafora creutzfeldt jakob binswanger fahr moyamoya arnold dandy walker pott"
    " goodpasture alport fournier ludwig lemierre ogilvie mirizzi chilaiditi rouvre morrison retzius cooper spigel bochdalek morgagni hesselbach gimbernat"
    " simpson fowler duparc moya gray richardson bloom scarff pop-otowick otowick richmond fisher gutmann michaelis nielsen moore roberts trillat gross merle postel aubigne iniguez fowler"
    " lewy noonan sanfilippo usher waardenburg williams beuren dubowitz sotos beckwith wiedemann kearns sayre kallmann holt oram creveld opitz rubinstein taybi treacher collins goldenhar"
    " klippel feil trenaunay maffucci ollier morton ledderhose peyronie dercum madelung haglund sever larsen blount panner preiser erb klumpke bankart hill latarjet bristow walch goutallier hamada samilson"
    " gartland lauge danis tillaux maisonneuve gosselin essex lopresti segond hoffa schatzker pipkin letournel jefferson effendi magerl frankel meyerding cobb risser lenke graf ortolani barlow moro duncan"
    " bosniak fuhrman nyhus siewert borrmann dukes haggitt kudo hinchey spigelman todani strasberg clavien dindo forrest rockall blatchford baveno okuda orman sokal binet durie salmon deauville stanford"
    " debakey crawford rutherford vaughan keith wagener scheie shaffer spaeth lanthony ishihara titmus mallampati cormack lehane aldrete apfel goldman knaus hess spetzler gustilo cauchoix evans allgower"
    " kaplan meier cox fisher student french charriere hounsfield gomori papanicolaou pap shaw expert chain hospital seize jude ying yang bretagne bordet wassermann widal weil rose waaler bunnell"
    " sabin salk calmette mantoux pirquet dick schick moloney rumpel leede quick duke ivy westergren kjeldahl astrup henderson hasselbalch cockcroft gault levey schwartz devine broca lorentz benedict friedewald fick bazett framingham"
    " duret tenon descemet bowman schlemm meibomius schirmer tyndall kayser fleischer bitot roth drusen stargardt leber coats best eales vogt koyanagi harada"
)
# First name and surname of one eponym. Own compilation, 2026-11-24, Apache-2.0.
PAIRS: Final = frozenset(
    {
        "claude bernard-horner",
        "claude bernard",
        "nicolas favre",
        "argyll robertson",
        "ramsay hunt",
        "brown sequard",
        "marie strumpell",
        "pierre robin",
        "pierre marie",
        "saint louis",
        "gilles tourette",
        "charcot marie",
        "charcot marie-tooth",
        "rose bengale",
        "rose waaler",
        "waaler rose",
        "robert jones",
        "thomas holmes",
        "willis thomas",
        "gordon holmes",
        "dandy walker",
    }
)
# Trade names of drugs, makers, tests and countries that are also surnames or first names. Own compilation, 2026-11-24, Apache-2.0.
DRUGS: Final = word_set(
    "peugeot citroen michelin airbus ixprim humalog vidal xanax lexomil plavix kardegic lovenox augmentin doliprane efferalgan dafalgan inexium mopral tahor crestor lasilix levothyrox"
    " seresta imovane stilnox zoloft prozac effexor seroplex deroxat laroxyl risperdal zyprexa abilify solian tercian loxapac haldol"
    " ventoline seretide symbicort spiriva singulair solupred cortancyl medrol humira enbrel remicade mabthera herceptin avastin glivec taxol"
    " lantus novorapid humalog toujeo januvia forxiga jardiance ozempic victoza trulicity metformine diamicron eliquis xarelto pradaxa coumadine previscan"
    " sintrom rocephine claforan tavanic oflocet ciflox bactrim flagyl zithromax rovamycine pyostacine orelox josacine rivotril keppra tegretol depakine lamictal"
    " lyrica neurontin acupan contramal topalgic ixprim skenan oramorph actiskenan durogesic abstral temesta valium tranxene atarax theralene melatonine"
    " elisa eva ema sam iva tep oms adem merlin candida albicans sidi france maroc mali noel paques ota spitz alpha beta gamma delta omega dolly ellis sandoz mylan biogaran pfizer bayer roche novartis sanofi servier covid comirnaty spikevax vaxzevria nuvaxovid"
)


def is_eponym(note: Note, start: int, end: int) -> bool:
    """Tell whether the name at `start` to `end` names a disease, a sign, a score... and not a person.

    Example:
        >>> from transforms.notes.note import Note
        >>> [is_eponym(Note(text), 11, 20) for text in ("maladie de Parkinson", "le docteur Parkinson")]
        [True, False]
    """
    folded = note.folded
    if _AFTER.match(folded, end) or folded.endswith("-", 0, start):
        return True
    # `Claude Bernard-Horner`: a first name of the second of two.
    if (beside := _COMPOUND.match(folded, end)) and any(part in EPONYMS for part in beside["name"].split("-")):
        return True
    for noun in note.places(_NOUN, start - _REACH, start):
        if _BEFORE.match(folded, noun, start):
            return True
    if folded.endswith(_OTHERS, 0, start) and _BEFORE.search(folded, max(0, start - _REACH), start):
        return True
    return note.opens(_SCHOOLS, start - 40, start) and _SCHOOL.search(folded, max(0, start - 40), start) is not None
