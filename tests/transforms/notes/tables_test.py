"""A table's head and an HL7 field say what the cells are."""

import pytest

from transforms.notes.finding import find_identifiers

CASES = [
    (
        "NOM | PRENOM | DDN | CH\n<NOM>LE DU</NOM> | <PRENOM>Anne</PRENOM> | <DATE_NAISSANCE>03/06/1941</DATE_NAISSANCE>"
        " | 201\n<NOM>Roche</NOM> | <PRENOM>Kadiatou</PRENOM> | <DATE_NAISSANCE>25/07/1988</DATE_NAISSANCE> | 203"
    ),
    "Lit\tPatient\tActe\tSoignant\n12\t<NOM>SOW</NOM> <PRENOM>A</PRENOM>.\tINR\t<PRENOM>Pascale</PRENOM>",
    (
        "PID|1||<IPP>450012378</IPP>^^^&&^PI||<NOM>FOFANA</NOM>^<PRENOM>AMINATA</PRENOM>^^^Mme||<DATE_NAISSANCE>19900321"
        "</DATE_NAISSANCE>|F|||<ADRESSE>12 RUE DES ACACIAS</ADRESSE>^^<VILLE>SARCELLES</VILLE>^^<ZIP>95200</ZIP>||"
        "<TEL>0134567890</TEL>"
    ),
    "family: <NOM>HAMIDOU</NOM>\ngiven: <PRENOM>Échati</PRENOM>\n",
    "Examen | Date | Résultat\nScanner | <DATE>04/2021</DATE> | nodule 12 mm\nNFS | <DATE>5/4</DATE> | 12,3",
]


@pytest.mark.parametrize("example", CASES)
def test_finds_what_the_cells_hold(example, marked_by, as_found):
    assert marked_by(find_identifiers, example) == as_found(example)


def test_an_mdm_t02_is_read_beyond_its_header_whatever_ends_its_lines():
    text = (
        "MSH|^~\\&|DPI||P||20230612103022||MDM^T02|884512|P|2.5\rTXA|1|CRC|TX|20230612|10002345678^CADIOU^Gwen\r"
        "OBX|1|TX|CR||Vue ce jour.\\.br\\Vit à Plougastel\\.br\\Dr Le Goff"
    )
    assert [(text[start:end], label) for start, end, label in find_identifiers(text)] == [
        ("20230612103022", "DATE"),
        ("20230612", "DATE"),
        ("10002345678", "RPPS"),
        ("CADIOU", "NOM"),
        ("Gwen", "PRENOM"),
        ("Plougastel", "VILLE"),
        ("Le Goff", "NOM"),
    ]
