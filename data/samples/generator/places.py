"""Where are the sample's people born, and where do they live?

Commune codes: INSEE, Code officiel géographique; postal codes: La Poste, base officielle (both Licence Ouverte 2.0); country codes: INSEE, codes des
pays étrangers. A few dozen entries written from general knowledge on 2026-11-24. Streets are invented from names found in every French town.
"""

# (commune, INSEE code, département under that number since)
BIRTHPLACES = (
    ("Tours", "37261", 1900), ("Tours", "37261", 1900), ("Tours", "37261", 1900), ("Tours", "37261", 1900),
    ("Chambray-lès-Tours", "37050", 1985), ("Amboise", "37003", 1900), ("Loches", "37132", 1900), ("Chinon", "37072", 1900),
    ("Blois", "41018", 1900), ("Vendôme", "41269", 1900), ("Romorantin-Lanthenay", "41194", 1900), ("Châteauroux", "36044", 1900),
    ("Poitiers", "86194", 1900), ("Châtellerault", "86066", 1900), ("Saumur", "49328", 1900), ("Angers", "49007", 1900),
    ("Le Mans", "72181", 1900), ("Orléans", "45234", 1900), ("Bourges", "18033", 1900), ("Chartres", "28085", 1900),
    ("Paris 12e Arrondissement", "75112", 1900), ("Paris 14e Arrondissement", "75114", 1900), ("Paris 20e Arrondissement", "75120", 1900),
    ("Lyon 3e Arrondissement", "69383", 1965), ("Marseille 5e Arrondissement", "13205", 1950), ("Lille", "59350", 1900),
    ("Bordeaux", "33063", 1900), ("Nantes", "44109", 1900), ("Toulouse", "31555", 1900), ("Strasbourg", "67482", 1900),
    ("Rennes", "35238", 1900), ("Brest", "29019", 1900), ("Nice", "06088", 1900), ("Montpellier", "34172", 1900),
    ("Grenoble", "38185", 1900), ("Dijon", "21231", 1900), ("Reims", "51454", 1900), ("Rouen", "76540", 1900), ("Caen", "14118", 1900),
    ("Limoges", "87085", 1900), ("Clermont-Ferrand", "63113", 1900), ("Metz", "57463", 1900), ("Nancy", "54395", 1900),
    ("Besançon", "25056", 1900), ("Amiens", "80021", 1900), ("Toulon", "83137", 1900), ("Perpignan", "66136", 1900), ("Pau", "64445", 1900),
    ("La Rochelle", "17300", 1900), ("Niort", "79191", 1900), ("Évreux", "27229", 1900), ("Troyes", "10387", 1900), ("Colmar", "68066", 1900),
    ("Quimper", "29232", 1900), ("Vannes", "56260", 1900), ("Laval", "53130", 1900), ("Cholet", "49099", 1900), ("Angoulême", "16015", 1900),
    ("Périgueux", "24322", 1900), ("Agen", "47001", 1900), ("Albi", "81004", 1900), ("Tarbes", "65440", 1900), ("Nîmes", "30189", 1900),
    ("Avignon", "84007", 1900), ("Valence", "26362", 1900), ("Chambéry", "73065", 1900), ("Bourg-en-Bresse", "01053", 1900),
    ("Mâcon", "71270", 1900), ("Nevers", "58194", 1900), ("Auxerre", "89024", 1900), ("Laon", "02408", 1900), ("Arras", "62041", 1900),
    ("Nanterre", "92050", 1968), ("Créteil", "94028", 1968), ("Montreuil", "93048", 1968), ("Versailles", "78646", 1968),
    ("Ajaccio", "2A004", 1900), ("Bastia", "2B033", 1900), ("Bastia", "2B033", 1976), ("Porto-Vecchio", "2A247", 1976),
    ("Fort-de-France", "97209", 1950), ("Pointe-à-Pitre", "97120", 1950), ("Cayenne", "97302", 1950), ("Saint-Denis", "97411", 1950),
)  # fmt: skip

# (country as a hospital writes it, INSEE code, ISO 3166-1 alpha-3 nationality)
COUNTRIES = (
    ("Algérie", "99352", "DZA"), ("Maroc", "99350", "MAR"), ("Tunisie", "99351", "TUN"), ("Portugal", "99139", "PRT"), ("Italie", "99127", "ITA"),
    ("Espagne", "99134", "ESP"), ("Pologne", "99122", "POL"), ("Turquie", "99208", "TUR"), ("Sénégal", "99341", "SEN"), ("Mali", "99335", "MLI"),
    ("Belgique", "99131", "BEL"), ("Roumanie", "99114", "ROU"), ("Cameroun", "99322", "CMR"), ("Madagascar", "99333", "MDG"),
)  # fmt: skip

# (commune, postal code, weight)
HOMES = (
    ("Tours", "37000", 20), ("Tours", "37100", 9), ("Tours", "37200", 10), ("Joué-lès-Tours", "37300", 9), ("Saint-Cyr-sur-Loire", "37540", 5),
    ("Saint-Pierre-des-Corps", "37700", 5), ("Saint-Avertin", "37550", 4), ("Chambray-lès-Tours", "37170", 4), ("Amboise", "37400", 4),
    ("Montlouis-sur-Loire", "37270", 3), ("Fondettes", "37230", 3), ("La Riche", "37520", 3), ("Loches", "37600", 2), ("Chinon", "37500", 2),
    ("Veigné", "37250", 2), ("Monts", "37260", 2), ("Ballan-Miré", "37510", 2), ("Luynes", "37230", 1), ("Bléré", "37150", 1),
    ("Château-Renault", "37110", 1), ("Langeais", "37130", 1), ("Vouvray", "37210", 1), ("Blois", "41000", 3), ("Vendôme", "41100", 1),
    ("Romorantin-Lanthenay", "41200", 1), ("Châteauroux", "36000", 1), ("Poitiers", "86000", 1), ("Châtellerault", "86100", 1),
    ("Saumur", "49400", 1), ("Le Mans", "72000", 1), ("Orléans", "45000", 1), ("Bourg-en-Bresse", "01000", 1), ("Ajaccio", "20000", 1),
)  # fmt: skip

STREETS = (
    "rue des Lilas", "rue de la République", "avenue de la Tranchée", "rue du Moulin à Vent", "impasse des Acacias", "place du Marché",
    "rue de l'Église", "chemin des Vignes", "rue des Écoles", "boulevard de la Liberté", "allée des Tilleuls", "rue de la Fontaine Blanche",
    "rue du Général Renault-Morlière", "quai des Bateliers", "route de Chanceaux", "rue du Faubourg", "square des Hirondelles",
    "rue de la Croix Verte", "avenue de l'Europe", "rue des Maraîchers", "résidence Les Glycines, rue du Lavoir", "lieu-dit La Grange Neuve",
    "rue du 8 Mai 1945", "rue du 11 Novembre", "allée des Peupliers", "rue des Tanneurs", "rue Basse", "venelle du Puits", "cours des Marronniers",
    "rue de l'Alouette", "rue des Coquelicots", "chemin du Gué", "rue de la Vallée du Lys", "avenue des Sapins", "passage des Bons Enfants",
)  # fmt: skip

# Ordinary family and first names of people born abroad, written for this sample on 2026-11-24 (Apache-2.0).
FAMILY_NAMES_ABROAD = {
    "DZA": ("Benali", "Boudiaf", "Haddad", "Mebarki", "Zerrouki", "Khelifi"), "MAR": ("El Amrani", "Bennani", "Alaoui", "Ouazzani", "Tazi"),
    "TUN": ("Trabelsi", "Ben Salah", "Jaziri", "Mabrouk"), "PRT": ("Da Silva", "Ferreira", "Dos Santos", "Carvalho", "Moreira"),
    "ITA": ("Rossi", "Esposito", "Bianchi"), "ESP": ("Garcia", "Navarro", "Jimenez"), "POL": ("Kowalski", "Wisniewski", "Nowak"),
    "TUR": ("Yildiz", "Demirel", "Kaya"), "SEN": ("Diop", "Ndiaye", "Sarr", "Faye"), "MLI": ("Traoré", "Diallo", "Keïta", "Coulibaly"),
    "BEL": ("Vandenberghe", "Peeters", "D'Hondt"), "ROU": ("Popescu", "Ionescu", "Dumitru"), "CMR": ("Mbarga", "Nkoulou", "Tchoumi"),
    "MDG": ("Rakotomalala", "Razafindrakoto", "Andrianarisoa"),
}  # fmt: skip
FIRST_NAMES_ABROAD = {
    "DZA": (("Karim", "Mourad", "Farid", "Yacine"), ("Fatima", "Nadia", "Samia", "Leïla")), "MAR": (("Rachid", "Hicham", "Omar"), ("Khadija", "Naïma", "Salma")),
    "TUN": (("Slim", "Moncef", "Nizar"), ("Amel", "Sonia", "Ines")), "PRT": (("João", "Manuel", "Fernando"), ("Fátima", "Conceição", "Graça")),
    "ITA": (("Giuseppe", "Franco", "Marcello"), ("Giulia", "Rosaria", "Paola")), "ESP": (("Javier", "Ramón", "Pedro"), ("Pilar", "Dolores", "Consuelo")),
    "POL": (("Wojciech", "Piotr", "Tadeusz"), ("Agnieszka", "Ewa", "Halina")), "TUR": (("Mehmet", "Ahmet", "Kemal"), ("Ayşe", "Elif", "Zeynep")),
    "SEN": (("Mamadou", "Ousmane", "Cheikh"), ("Aminata", "Awa", "Khady")), "MLI": (("Modibo", "Seydou", "Boubacar"), ("Fatoumata", "Oumou", "Kadiatou")),
    "BEL": (("Joost", "Wim", "Dirk"), ("Anneke", "Greet", "Lieve")), "ROU": (("Andrei", "Ion", "Mihai"), ("Ioana", "Elena", "Mihaela")),
    "CMR": (("Serge", "Achille", "Parfait"), ("Bertille", "Clarisse", "Solange")), "MDG": (("Haja", "Tiana", "Rivo"), ("Lalao", "Voahangy", "Fara")),
}  # fmt: skip
COMPOUND_FIRST_NAMES = (
    ("Jean-Pierre", "Jean-Claude", "Jean-Luc", "Pierre-Yves", "Jean-Baptiste", "Paul-Henri"),
    ("Marie-Claude", "Anne-Sophie", "Marie-Thérèse", "Marie-Christine", "Anne-Laure", "Marie-Ange"),
)  # fmt: skip
# The list of Faker is short of these, which a French hospital meets every day.
FAMILY_NAMES_COMPOUND = (
    "Le Bihan", "Le Floc'h", "De Villeneuve-Bargemont", "Du Plessis", "Saint-Aubin", "L'Hermitte", "D'Arcy", "De la Morinière", "Quéméneur", "Guézennec",
    "Castelnau-Roques", "Fauvel-Brisset", "Poupardin", "Thévenoux", "Barrandeguy", "Etcheverry", "Casanova-Luciani", "Ottavi", "Schwindenhammer", "Oberlé",
)  # fmt: skip
