"""What an HL7 v2 message becomes: fields stay where they are, and nothing that no rule names stays."""

import hl7
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms import Key, pseudonymize
from transforms.hl7v2 import Hl7Work, shipped_rules
from transforms.hl7v2.change import Message
from transforms.hl7v2.message import Separators
from transforms.records.tally import Batch
from transforms.records.vocabulary import read_rules

KEY = Key(bytes(range(32)), domain="eds", id="k1")
RULES = read_rules(shipped_rules())
HEADER = "MSH|^~\\&|LAB|CHU|||20260301||ORU^R01|M1|P|2.5"


def changed(*segments, rules=RULES):
    return Hl7Work(rules, KEY).change(Batch([Message([HEADER, *segments], Separators())], [1]))


def read(made):
    return hl7.parse("\r".join(made.documents[0].segments) + "\r")


def pseudonym(value, field, *, normalize=True):
    return pseudonymize(pa.array([value]), KEY, field=field, normalize=normalize)[0].as_py()


def test_a_patient_has_the_pseudonym_that_tables_give():
    assert str(read(changed("PID|||8001234567^^^CHU^PI"))[1][3][0][0]) == pseudonym(
        "8001234567", "patient_id", normalize="compact"
    )


def test_each_repetition_goes_by_its_authority_or_type():
    made = read(changed("PID|||8001^^^CHU^PI~2700583055123^^^X&1.2.250.1.213.1.4.8&ISO^ZZ"))
    assert str(made[1][3][1][0]) == pseudonym("2700583055123", "ins", normalize="compact")


def test_fields_stay_where_they_are():
    made = changed("PID|1||8001||DUPONT^JEAN|MARTIN|19700517|M|||12 rue X^^Nancy^^54000^FRA")
    assert [str(field) for field in read(made)[1]][5:9] == ["", "", read(made)[1][7][0], "M"]
    assert str(read(made)[1][11]) == "^^^^54^FRA"


def test_a_segment_that_no_rule_names_goes_and_is_counted():
    made = changed("ZBR|Dupont", "garbage of a broken line")
    assert made.documents[0].segments == [made.documents[0].segments[0]]
    assert (made.tally.counts["ZBR", "unknown"], made.tally.counts["(other)", "unknown"]) == (1, 1)


def test_components_beyond_a_rule_go_and_are_counted():
    made = changed("PV1|1|I^Dupont")
    assert made.documents[0].segments[1] == "PV1|1|I"
    assert made.tally.counts["PV1.2.2", "unknown"] == 1


def test_dates_move_by_the_patient_and_keep_their_precision():
    segments = read(changed("PID|||8001", "OBR|1||||||20260301081530.12+0100|20260308||||||202603"))[2]
    assert str(segments[7])[8:] == "081530.12+0100"
    assert (len(str(segments[8])), len(str(segments[14]))) == (8, 6)


def test_a_value_goes_by_its_type():
    made = changed("OBX|1|NM|c^n||1.50", "OBX|2|ED|c^n||^application^pdf^Base64^AAAA", "OBX|3|QQ|c^n||Dupont")
    assert [segment.split("|")[5:6] for segment in made.documents[0].segments[1:]] == [["1.50"], [], []]
    assert made.tally.counts["OBX.5", "unknown"] == 1


def test_a_meaning_without_its_code_is_a_free_text():
    made = changed("DG1|1||^vu par le Dr Le Goff", "DG1|2||I10^Maladie de Martin^CIM10")
    assert [segment.split("|")[3] for segment in made.documents[0].segments[1:]] == [
        "^vu par le Dr <NOM>",
        "I10^Maladie de Martin^CIM10",
    ]


def test_a_text_that_names_the_patient_or_the_doctor_without_a_title_is_redacted():
    made = changed(
        "PID|||8001||QUILLFELDT^SEGOLENE", "PV1||I|||||123^BREDOULLAC^Anne", "NTE|1||quillfeldt va mieux, Bredoullac ok"
    )
    assert made.documents[0].segments[3] == "NTE|1||<NOM> va mieux, <NOM> ok"


def test_names_of_one_message_say_nothing_of_the_next():
    messages = [
        Message([HEADER, *segments], Separators()) for segments in (["PID|||1||MARTEAU^A"], ["NTE|1||un marteau"])
    ]
    made = Hl7Work(RULES, KEY).change(Batch.of(enumerate(messages, 1)))
    assert made.documents[1].segments[1] == "NTE|1||un marteau"


def test_escape_sequences_come_back_as_they_went():
    made = changed("OBX|1|FT|c||TA 120\\S\\80\\.br\\Vu par le Dr Le Goff \\T\\ Cie")
    assert made.documents[0].segments[1].split("|")[5].startswith("TA 120\\S\\80\\.br\\Vu par le Dr <NOM>")


def test_a_deletion_stays_a_deletion():
    assert changed('PID|||8001||""||""|""').documents[0].segments[1].endswith('||""||""|""')


def test_a_site_may_keep_or_drop_a_field():
    own = RULES.changed({"PV1.3": "drop", "ZFU.1": "keep"})
    made = changed("PV1|1|I|CARDIO^12", "ZFU|CARDIO", rules=own)
    assert made.documents[0].segments[1:] == ["PV1|1|I", "ZFU|CARDIO"]


@pytest.mark.parametrize("path", ["PID.7", "PID.11.5", "OBX.5(NM)"])
def test_every_counted_path_has_its_rule(path):
    work = Hl7Work(RULES, KEY)
    assert work.rule_of(path).action in {"shift", "generalize", "keep"}


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), max_size=40), max_size=4))
def test_no_text_breaks_the_walk(lines):
    names = ["PID|", "OBX|1|CWE|", "PV1|||", ""]
    made = changed(*(name + line for name, line in zip(names, lines, strict=False)))
    assert len(made.documents) == 1
