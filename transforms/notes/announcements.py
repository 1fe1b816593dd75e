"""Which words announce a person: titles, roles, relatives, form fields, and verbs with `par`? Only patterns, no code.

They are read on folded text: lower case, no accents.
"""

from __future__ import annotations

import re
from typing import Final

from transforms.notes.openings import Opening

TITLE: Final = re.compile(
    r"\b(?:m\.|mr\b\.?|mrs\b|mme\b\.?|mmes\b|mlles?\b\.?|melles?\b\.?|mm\.|mgr\b|m(?= [a-z])|monsieur|madame|mademoiselle|messieurs|mesdames|drs?\b\.?|docteure?s?\b|prs?\b\.?|prof\b\.?"
    r"|professeure?s?\b|s(?:œ|oe)ur(?= [a-z])|maitre(?= [a-z])|confrere|consoeur)[ .\u00a0]{0,3}(?:\n[ ]*)?(?:\((?:mme|m\.?|mlle)\)[ ]?)?"
)
PLURAL: Final = re.compile(r"(?:mmes|mm\.|drs|docteurs|docteures|prs|professeurs|messieurs|mesdames)")
AND: Final = re.compile(r"\.? ?\n? ?(?:,|et|/|&|;|-|ou) ?\n? ?(?:de |d'|du |le |la )?")
ONLY_AND: Final = re.compile(r"[ \n]*(?:et|/|&)[ \n]*")
BORN: Final = re.compile(
    r"\b(?:nee|ne\(e\)|epouse|epoux|ep\.|epse|ex-epouse|vve|veuve|veuf|nom de jeune fille|alias|dite?|divorcee?|ex )[ :]{1,3}(?=[a-z])(?!(?:le (?:[0-9]|1er|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)|(?:a|en|au|aux|vers|depuis|du|que|dans|et) ))"
)
FAMILY: Final = re.compile(
    r"\b(?:fils|filles?|mari|femme|epoux|epouse|conjointe?|compagne|compagnon|concubine?|mere|maman|pere|papa|freres?|s(?:œ|oe)urs?|neveu|niece|oncle|tante|cousine?|amie?s?|cop(?:ain|ine)s?|camarades?|coloc(?:ataire)?s?|voisine?s?|tuteur|tutrice|curateur|curatrice"
    r"|petits?-(?:fils|enfants)|petite-fille|belle-(?:fille|mere|s(?:œ|oe)ur)|beau-(?:fils|pere|frere)|gendre|bru|grand-(?:mere|pere)|aidante?|enfants?|jumeaux|jumelles|parents|bebe|nourrisson|garcon|fillette|aine|cadet|patiente?|jeune|petite?"
    r"|separee?|marie|mariee|pacsee?|en couple|divorce|divorcee|veuf|veuve)"
    r"(?: (?:aine|ainee|cadet|cadette|majeure?))?(?:,| :| \||\t| \(|, prenommee?| prenommee?| dite?| nommee?| appelee?| de| a| avec| d'| et| dont)? ?(?<=[ '(])"
)
_ROLES: Final = (
    r"interne|externe|chef(?:fe)? de (?:clinique|service|pole)|assistante?(?: (?:sociale?|specialiste|chef de clinique))?|praticien(?:ne)?(?: hospitalier(?:e)?)?|medecin(?: (?:traitant|referent|adresseur|generaliste|coordonnateur|prescripteur|responsable|demandeur|signataire|preleveur|du travail|correspondant|consultant))?|chirurgien(?:ne)?|operateur|operatrice"
    r"|anesthesiste|cardiologue|neurologue|pneumologue|oncologue|radiologue|pediatre|geriatre|psychiatre|dermatologue|urologue|nephrologue|gynecologue|rhumatologue|endocrinologue|hematologue|gastro-enterologue|ophtalmologue|anatomopathologiste|pathologiste|biologiste|pharmacien(?:ne)?|sage-femme|kinesitherapeute|kine|psychologue|dieteticien(?:ne)?|ergotherapeute|orthophoniste|orthoptiste"
    r"|infirmiere?s?(?: (?:liberale?|coordinatrice|referente|de coordination))?|ide(?:c|l)?|iade|ibode|aide(?:-| )(?:soignante?|operatoire)|as|ash|cadre(?: de sante)?|secretaire|secretariat|coordinat(?:eur|rice)|responsable|tuteur|mandataire|curateur|instrumentiste|aide|teleradiologue|redacteur|auteur|signataire|validateur|destinataires?|expediteur|correspondants?|copies?|cc|personne (?:de confiance|a prevenir|a contacter)(?: en cas d'urgence)?|contact|proche|titulaire|senior|junior"
    r"|chir|anesth|panseuse|aide op|gyneco|pneumo|cardio|neuro|onco|rhumato|gastro|dermato|ophtalmo|orl|iao|ioa|arm|idec|mkde|regulateur|regulatrice|regul|dr regul|appelante?|demandeurs?|praticiens?|accueil par|pec par|medecin de garde|brancardier|ambulancier|animatrice|animateur|educatrice|educateur|puericultrice|auxiliaire(?: de (?:puericulture|vie))?|avis [a-z]+|[a-z]+logue|frappe|saisie|dactylo|presents?|excuses?|participants?|intervenants?|signature|signe|prescripteur|referente?|equipe(?: medicale)?|mt|mar|med ttt|medecin ttt|requerant|rapporteur|rapporteuse|radioth(?:erapie)?|neurochir|neuropath|anapath|corr|manip|techni(?:cien|cienne)|aumonier|benevole|assistante? familiale|auxiliaire|interprete|brigadier|opj|juge|avocate?|mandataire|delegue[e]?|notaire"
)
ROLE: Final = re.compile(
    rf"\b(?:{_ROLES})s?(?: ?\([a-z ]{{1,20}}\))?(?P<sep>[ ]?:[ ]?|[ ]?\|[ ]?| - |, |\n| )(?:\n ?)?(?:l[ea] |l')?"
)
ROLE_BRACKET: Final = re.compile(rf"\b(?:{_ROLES})s? ?\(")
BY: Final = re.compile(
    r"\b(?:signe|redige|valide|dicte|tape|frappe|relu|adresse|prescrit|realise|vu|examine|opere|confie|suivi|transmis|imprime|saisi|ecrit|fait|effectue|pratique|assiste|aide|pris en charge|accompagne|appele|prevenu|contacte|interprete|approuve|verifie|demande|remplace)(?:e|es|s)?(?: electroniquement| ce jour)?(?: le \d[\d/. ]{5,9}(?: a \d\d[:h]\d\d)?)?"
    r"[ \n](?:par|avec|(?<=adresse )a|(?<=adressee )a|(?<=confie )a|(?<=confiee )a|(?<=transmis )a|(?<=assiste )de|(?<=aide )de|(?<=aidee )de|(?<=accompagne )de|(?<=accompagnee )de|(?<=accompagne )d(?=')|(?<=accompagnee )d(?='))(?:[ \n]|(?<= d)')(?:son |sa |ses |le |la |l')?"
)
BY_WHOM: Final = re.compile(r"\b(?:par|chez|dixit|r?appelle[rsz]?|prevenir|contacter|joindre|avertir) (?=[a-z])")
FORM_FIELD: Final = re.compile(
    r"(?<![a-z])(?P<key>noms?(?: (?:(?:de )?naissance|d'usage|usuel|marital|de famille|d'epouse|patronymique|de jeune fille|(?:du|de la|de l') ?(?:patiente?|assuree?|malade|beneficiaire)|et prenoms?|prenoms?|utilise))?(?: ?[/,&] ?prenoms?)?"
    r"|prenoms?(?: (?:(?:de )?naissance|d'usage|usuel|utilise|(?:du|de la) patiente?|et noms?))?(?: ?\(s\))?(?: ?[/,&] ?noms?)?|(?:identite|nom complet|patiente?s?|patient\(e\)|malade|beneficiaire|assuree?|last name|first name|surname|given name|family name|name)(?: (?:du|de la) (?:patiente?|malade))?)"
    r"(?: ?\((?:s|de naissance|usuel|e|d'usage)\))?[ ]?(?:(?:[:=|]|\.{2,}|-(?= ))[ .]*(?:\n ?)?|(?<=nom)[ ]+(?=[a-z'-]+[ ]+(?:[a-z'-]+[ ]+)?(?:prenom|nee?\b|ne\(e\)|le \d))|(?<=prenom)[ ]+(?=[a-z'-]+(?:[ ]+(?:nee?\b|ne\(e\)|date|ddn|sexe|age|ipp|le \d)|[ ]*[,;\n]|[ ]{2}|[ ]*$)))"
)
NEXT_FIELD: Final = re.compile(
    r"\n|[;|:=\t/(]|  +|,(?! ?[a-z]+ ?(?:,|\n|$|;|- ))|(?<![a-z])(?:noms?|prenoms?|nee?(?:\(e\))? ?(?:le|:)|nee?\b|nee?\(e\)|date|ddn|sexe|ipp|nip|nda|n°|adresse|tel|age|domicil|demeurant|epouse|sejour|service|hospitalis|iep|ins|nir|numero|dossier)\b"
)
MIXED_KEY: Final = re.compile(
    r"prenoms? ?[/,& ]|[/,&e t]prenoms?|identite|complet|patient|malade|beneficiaire|assure|^name|nom complet"
)


DEAR: Final = re.compile(
    r"\b(?:ch(?:er|ere|ers)|bonjour|bjr|bonsoir|salut|hello|coucou|merci),? (?:(?:docteur|dr|ami|amie|confrere|collegue) )?(?=[a-z])"
)

CLOSING: Final = re.compile(
    r"\b(?:bises?|bisous?|biz|amicalement|amities|cordialement|cdt|cdlt|a\+|a plus|bien a (?:toi|vous)|bonne (?:journee|soiree|reception)|a bientot|bon week-end)[ ,.!-]{0,3}\n{0,2} ?(?=[a-z])"
)

# Where each of them may begin, so that it is tried there alone.
TITLES: Final = Opening(TITLE)
BIRTHS: Final = Opening(BORN)
RELATIVES: Final = Opening(FAMILY)
ROLES: Final = Opening(ROLE, endings=("logue",))
BRACKETED: Final = Opening(ROLE_BRACKET, endings=("logue",))
DEEDS: Final = Opening(BY)
DOERS: Final = Opening(BY_WHOM)
FIELDS: Final = Opening(FORM_FIELD)
GREETINGS: Final = Opening(DEAR)
CLOSINGS: Final = Opening(CLOSING)
