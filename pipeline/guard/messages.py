"""In which words does the guard say what it found, what the law is, and how to mend it?

A message names hosts, regions, certificates and days, never a path, a parameter's value or a login: those can be
secrets. English and French say the same.
"""

from __future__ import annotations

from functools import lru_cache

Details = tuple[tuple[str, str], ...]

MESSAGES: dict[str, tuple[str, str]] = {
    # --- where it is -------------------------------------------------------------------------------------------------
    "in_zone": (
        "{place} is in {country}, inside the {zone} zone.",
        "{place} est en {country}, dans la zone {zone}.",
    ),
    "any_place": (
        "Data of class {data_class} may go anywhere.",
        "Des données de classe {data_class} peuvent aller partout.",
    ),
    "outside_zone": (
        (
            "{place} is in {country}, outside the {zone} zone; neither a certificate nor an adequacy decision opens it."
            " Use a region in the {zone}."
        ),
        (
            "{place} est en {country}, hors de la zone {zone} ; ni certificat ni décision d'adéquation ne l'ouvre."
            " Choisir une région de la zone {zone}."
        ),
    ),
    "unknown_host": (
        (
            "Nobody on file knows {host}: no provider has that host and the DPO has not verified it."
            " Correct it, or have the DPO add it to destinations.yaml."
        ),
        (
            "Personne ne connaît {host} : aucun fournisseur n'a cet hôte et le DPO ne l'a pas vérifié."
            " Le corriger, ou le faire ajouter par le DPO à destinations.yaml."
        ),
    ),
    "unknown_path": (
        (
            "That local folder or socket is not on file."
            " Have the DPO add its folder to destinations.yaml (match: path or socket)."
        ),
        (
            "Ce dossier ou cette socket locale n'est pas au registre."
            " Le faire ajouter par le DPO à destinations.yaml (match: path ou socket)."
        ),
    ),
    "lapsed_entry": (
        "The DPO's entry {entry} proves nothing on {on}. Have it verified again.",
        "L'entrée {entry} du DPO ne prouve rien le {on}. La faire vérifier à nouveau.",
    ),
    "no_host": (
        (
            "The destination names no host, so the client would take one from its own settings. Write the host, or an"
            " absolute path."
        ),
        (
            "La destination ne nomme aucun hôte : le client prendrait celui de ses réglages. Écrire l'hôte, ou un chemin"
            " absolu."
        ),
    ),
    "no_region": (
        (
            "{provider} {service} is known, but nothing proves its region. Use the regional endpoint, or have the DPO"
            " verify this host or bucket in destinations.yaml."
        ),
        (
            "{provider} {service} est connu, mais rien ne prouve sa région. Utiliser le point d'accès régional, ou faire"
            " vérifier cet hôte ou ce bucket par le DPO dans destinations.yaml."
        ),
    ),
    "no_region_stated": (
        (
            "{provider} {service} is known, but nothing proves its region: the caller says {region}, and what a caller"
            " says proves nothing. Use the regional endpoint, or have the DPO verify this host or bucket in"
            " destinations.yaml."
        ),
        (
            "{provider} {service} est connu, mais rien ne prouve sa région : l'appelant dit {region}, et ce que dit un"
            " appelant ne prouve rien. Utiliser le point d'accès régional, ou faire vérifier cet hôte ou ce bucket par le"
            " DPO dans destinations.yaml."
        ),
    ),
    "no_region_placed": (
        (
            "{provider} {service} is known, but nothing proves its region: the caller says {region} ({place}), and what a"
            " caller says proves nothing. Use the regional endpoint, or have the DPO verify this host or bucket in"
            " destinations.yaml."
        ),
        (
            "{provider} {service} est connu, mais rien ne prouve sa région : l'appelant dit {region} ({place}), et ce que"
            " dit un appelant ne prouve rien. Utiliser le point d'accès régional, ou faire vérifier cet hôte ou ce bucket"
            " par le DPO dans destinations.yaml."
        ),
    ),
    "ambiguous_host": (
        "{host} fits several providers or regions of the register. Have the DPO verify it in destinations.yaml.",
        (
            "{host} correspond à plusieurs fournisseurs ou régions du registre. Le faire vérifier par le DPO dans"
            " destinations.yaml."
        ),
    ),
    "unproven_country": (
        "{place} is known, but its country is not proven. Use a region whose country the register knows.",
        "{place} est connu, mais son pays n'est pas prouvé. Utiliser une région dont le registre connaît le pays.",
    ),
    # --- how it is written -------------------------------------------------------------------------------------------
    "unreadable": (
        "The destination can't be read. Write it as scheme://host/path.",
        "La destination est illisible. L'écrire schéma://hôte/chemin.",
    ),
    "control_characters": (
        "The destination holds a control character or stray white space. Remove it.",
        "La destination contient un caractère de contrôle ou une espace égarée. L'enlever.",
    ),
    "two_readings": (
        "Two clients would read different hosts here. Percent-encode special characters of login and password.",
        (
            "Deux clients liraient ici des hôtes différents. Encoder (%) les caractères spéciaux de l'identifiant et du mot"
            " de passe."
        ),
    ),
    "bad_port": ("The port is no number from 1 to 65535. Correct it.", "Le port n'est pas un nombre de 1 à 65535."),
    "empty_host": ("A host is empty. Write it.", "Un hôte est vide. L'écrire."),
    "no_host_name": ("A host is no valid name. Correct it.", "Un hôte n'est pas un nom valable. Le corriger."),
    "no_address": ("A host is no valid address. Correct it.", "Un hôte n'est pas une adresse valable. La corriger."),
    "two_encodings": (
        "Clients encode a letter of this host differently. Write the host in its xn-- form.",
        "Les clients encodent différemment une lettre de cet hôte. L'écrire sous sa forme xn--.",
    ),
    "climbs_out": (
        "Dot segments climb out of the bucket that was verified. Write the path without them.",
        "Des segments « .. » sortent du bucket vérifié. Écrire le chemin sans eux.",
    ),
    "no_bucket": ("The bucket's name is not valid. Correct it.", "Le nom du bucket n'est pas valable. Le corriger."),
    "unreadable_facts": (
        "What the caller declares (connection, endpoint, proxy) can't be read. Correct the connection.",
        "Ce que l'appelant déclare (connexion, point d'accès, proxy) est illisible. Corriger la connexion.",
    ),
    # --- what it pretends --------------------------------------------------------------------------------------------
    "backslash": (
        "A backslash makes some clients read another host. Write slashes (smb://server/share for a network folder).",
        (
            "Une barre oblique inverse fait lire un autre hôte à certains clients. Écrire des barres obliques"
            " (smb://serveur/partage pour un dossier réseau)."
        ),
    ),
    "invisible_characters": (
        "The destination holds invisible or direction-changing characters. Type it again by hand.",
        "La destination contient des caractères invisibles ou qui changent le sens d'écriture. La retaper à la main.",
    ),
    "userinfo_host": (
        "What stands before @ looks like a host, but the data would go to {host}. Remove it.",
        "Ce qui précède @ ressemble à un hôte, mais les données iraient à {host}. L'enlever.",
    ),
    "encoded_host": (
        "The host is percent-encoded, which hides it. Write it plainly.",
        "L'hôte est encodé en %, ce qui le cache. L'écrire en clair.",
    ),
    "address_in_disguise": (
        "The address is written in decimal, octal, hexadecimal or shortened form. Write all four numbers plainly.",
        "L'adresse est écrite en décimal, octal, hexadécimal ou abrégé. Écrire les quatre nombres en clair.",
    ),
    "wrapped_address": (
        "An IPv4 address is wrapped in an IPv6 one. Write the IPv4 address.",
        "Une adresse IPv4 est enveloppée dans une IPv6. Écrire l'adresse IPv4.",
    ),
    "look_alike_letters": (
        "The host mixes scripts or uses letters that only look like others. Write it in plain letters.",
        "L'hôte mêle des écritures ou emploie des lettres qui en imitent d'autres. L'écrire en lettres simples.",
    ),
    "look_alike_name": (
        "{host} looks like {known}, but is another host. Correct the name.",
        "{host} ressemble à {known}, mais c'est un autre hôte. Corriger le nom.",
    ),
    "known_name_inside": (
        "{host} carries {known} in its name, but belongs to someone else. Correct the name.",
        "{host} porte {known} dans son nom, mais appartient à un autre. Corriger le nom.",
    ),
    "second_url": (
        "A second URL stands in the path or query, so the data could be sent on to it. Remove it.",
        "Une seconde URL figure dans le chemin ou la requête : les données pourraient y être renvoyées. L'enlever.",
    ),
    # --- what contradicts itself -------------------------------------------------------------------------------------
    "hosts_differ": (
        "The hosts are not at one provider and region. Name hosts of one place only.",
        "Les hôtes ne sont pas chez un même fournisseur et dans une même région. N'en nommer que d'un seul lieu.",
    ),
    "one_host_fails": (
        "At least one of several hosts may not receive the data. Remove it.",
        "Au moins un des hôtes ne peut pas recevoir les données. L'enlever.",
    ),
    "proxy_fails": (
        "The proxy is a destination too, and may not receive the data. Use another, or none.",
        "Le proxy est aussi une destination, et ne peut pas recevoir les données. En utiliser un autre, ou aucun.",
    ),
    "host_parameter": (
        "The parameter {parameter} names another host than the destination. Remove it.",
        "Le paramètre {parameter} nomme un autre hôte que la destination. L'enlever.",
    ),
    "leads_elsewhere": (
        "The parameter {parameter} can lead the client elsewhere. Remove it.",
        "Le paramètre {parameter} peut mener le client ailleurs. L'enlever.",
    ),
    "declared_host_differs": (
        "The connection names another host than the destination. Make them agree.",
        "La connexion nomme un autre hôte que la destination. Les mettre d'accord.",
    ),
    "declared_differs": (
        "The caller says {what} {stated}, the register and the host prove {proven}. Make them agree.",
        "L'appelant dit {what} {stated}, le registre et l'hôte prouvent {proven}. Les mettre d'accord.",
    ),
    "declared_connection_differs": (
        "The destination names one connection, the caller declares another. Make them agree.",
        "La destination nomme une connexion, l'appelant en déclare une autre. Les mettre d'accord.",
    ),
    "entry_contradicts": (
        "The DPO's entry {entry} contradicts what the host or the register proves. Have it corrected.",
        "L'entrée {entry} du DPO contredit ce que l'hôte ou le registre prouve. La faire corriger.",
    ),
    # --- what can't be decided ---------------------------------------------------------------------------------------
    "unknown_scheme": (
        "The guard can't decide this kind of destination. Use https, s3, gs, abfss, sftp, a database URL or their like.",
        "Le garde ne sait pas décider ce genre de destination. Utiliser https, s3, gs, abfss, sftp, une URL de base de données ou semblable.",
    ),
    "wrapped_scheme": (
        "One scheme is wrapped round another. Write the inner destination alone.",
        "Un schéma en enveloppe un autre. Écrire seulement la destination intérieure.",
    ),
    "mail": (
        "Mail goes on to the recipient's relay, wherever that is. Name the relay as smtps://host.",
        "Le courrier continue vers le relais du destinataire, où qu'il soit. Nommer le relais : smtps://hôte.",
    ),
    "cleartext": (
        (
            "{scheme} sends in clear text, which health data may do only on the controller's own premises. Use an encrypted"
            " scheme."
        ),
        (
            "{scheme} envoie en clair, ce que des données de santé ne peuvent faire que dans les locaux du responsable."
            " Utiliser un schéma chiffré."
        ),
    ),
    # --- certificates ------------------------------------------------------------------------------------------------
    "own_premises": (
        "The controller's own premises ({entry}) need no {scheme} certificate.",
        "Les locaux propres du responsable ({entry}) n'ont pas besoin de certificat {scheme}.",
    ),
    "certificate_good": (
        "{place} is covered on {on} by the {scheme} certificates on file: {certificates}.",
        "{place} est couvert le {on} par les certificats {scheme} du registre : {certificates}.",
    ),
    "certificate_missing": (
        "No {scheme} certificate of {provider} is on file. Add the one that names {place}: douane register add.",
        "Aucun certificat {scheme} de {provider} au registre. Ajouter celui qui nomme {place} : douane register add.",
    ),
    "certificate_unverified": (
        "{certificate} is only claimed, or has no end of validity. Have the DPO verify it against the official list.",
        (
            "{certificate} est seulement allégué, ou sans fin de validité. Le faire vérifier par le DPO sur la liste"
            " officielle."
        ),
    ),
    "certificate_not_yet_valid": (
        "{certificate} is valid only from {day}. Wait for that day.",
        "{certificate} ne vaut qu'à partir du {day}. Attendre ce jour.",
    ),
    "certificate_expired": (
        "{certificate} ended on {day}. Add the renewed certificate.",
        "{certificate} a pris fin le {day}. Ajouter le certificat renouvelé.",
    ),
    "certificate_wrong_service": (
        (
            "{certificate} does not name the service {service}. Use a certified service, or add the certificate that names"
            " it."
        ),
        (
            "{certificate} ne nomme pas le service {service}. Utiliser un service certifié, ou ajouter le certificat qui le"
            " nomme."
        ),
    ),
    "certificate_wrong_region": (
        "{certificate} does not name the region {region}. Use a certified region, or add the certificate that names it.",
        (
            "{certificate} ne nomme pas la région {region}. Utiliser une région certifiée, ou ajouter le certificat qui la"
            " nomme."
        ),
    ),
    "certificate_missing_activity": (
        (
            "The certificates on file lack the HDS activities {activities} that {service} needs. Add the certificate that"
            " holds them."
        ),
        (
            "Il manque aux certificats du registre les activités HDS {activities} que {service} demande. Ajouter le"
            " certificat qui les porte."
        ),
    ),
    "certificate_expiring": (
        "{certificate} ends on {day}, in {days} days. Ask for the renewed one.",
        "{certificate} prend fin le {day}, dans {days} jours. Demander le suivant.",
    ),
    "third_country_access": (
        (
            "{certificate} lets the data be reached from {countries}; the contract must name the GDPR basis (art. 45 or 46)."
            " Have the DPO check it."
        ),
        (
            "{certificate} permet d'accéder aux données depuis {countries} ; le contrat doit nommer la base RGPD (art. 45 ou"
            " 46). Le faire vérifier par le DPO."
        ),
    ),
    "ght_exemption": (
        "{entry} is hosted by an establishment of the same GHT, exempt by the document on file.",
        "{entry} est hébergé par un établissement du même GHT, exempté par le document au registre.",
    ),
    "no_evidence": (
        "{certificate} names no document. Have the DPO put one on file.",
        "{certificate} ne nomme aucun document. En faire déposer un par le DPO.",
    ),
    "extraterritorial": (
        (
            "{provider} has its seat in {seat} and is controlled from {control}, so a law from outside the {zone} can reach"
            " it. Use a provider with seat and control in the {zone}."
        ),
        (
            "{provider} a son siège en {seat} et est contrôlé depuis {control} : un droit hors {zone} peut l'atteindre."
            " Choisir un fournisseur dont siège et contrôle sont dans {zone}."
        ),
    ),
    "operator_good": (
        "{provider} has its seat in {seat} and is controlled from {control}.",
        "{provider} a son siège en {seat} et est contrôlé depuis {control}.",
    ),
    # --- the release, the register -----------------------------------------------------------------------------------
    "release_unsealed": (
        "The release is not sealed. Seal it first: douane run does.",
        "La livraison n'est pas scellée. La sceller d'abord : douane run le fait.",
    ),
    "release_unapproved": (
        "No approver of the policy has approved this plan. Have it approved.",
        "Aucun approbateur de la politique n'a approuvé ce plan. Le faire approuver.",
    ),
    "release_wrong_domain": (
        "The release was pseudonymized for another domain than the destination's. Make a release for that domain.",
        (
            "La livraison a été pseudonymisée pour un autre domaine que celui de la destination. En faire une pour ce"
            " domaine."
        ),
    ),
    "release_carries_secrets": (
        "The release holds what may never leave: {secrets}. Remove it.",
        "La livraison contient ce qui ne doit jamais sortir : {secrets}. L'enlever.",
    ),
    "release_class_too_low": (
        "The release holds {found} data, but is sent as {data_class}. Send it as what it is.",
        "La livraison contient des données {found}, mais part comme {data_class}. L'envoyer pour ce qu'elle est.",
    ),
    "release_risk": (
        "The smallest group has {k} persons, the policy wants {wanted}. Generalize more.",
        "Le plus petit groupe a {k} personnes, la politique en veut {wanted}. Généraliser davantage.",
    ),
    "release_risk_unknown": (
        "No figure for the risk of singling out is on file. Run douane risk.",
        "Aucune mesure du risque d'individualisation au dossier. Lancer douane risk.",
    ),
    "register_unreadable": (
        "The guard's register or policy can't be read, so everything is blocked: {problem}",
        "Le registre ou la politique du garde est illisible, donc tout est bloqué : {problem}",
    ),
    "unreadable_line": (
        "Line {line} can't be read: {problem}. Correct it.",
        "La ligne {line} est illisible : {problem}. La corriger.",
    ),
}

LANGUAGES = ("en", "fr")


@lru_cache(maxsize=65536)
def render(key: str, details: Details, lang: str = "en") -> str:
    """Put a message into words.

    Example:
        >>> render("no_host_name", (), "fr")
        "Un hôte n'est pas un nom valable. Le corriger."
    """
    return MESSAGES[key][LANGUAGES.index(lang)].format_map(dict(details))
