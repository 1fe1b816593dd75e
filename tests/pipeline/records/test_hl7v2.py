"""HL7 v2 files as interfaces leave them: any line end, frames, batches, charsets; refused in one line."""

import pytest

from pipeline.errors import InvalidInput
from pipeline.records import hl7v2
from pipeline.records.hl7v2 import Hl7v2Format
from transforms.records.tally import Made

HEADER = "MSH|^~\\&|LAB|CHU|||20260301||ORU^R01|M1|P|2.5"


def message(name="Müller", charset=""):
    return [f"{HEADER}||||||{charset}" if charset else HEADER, f"PID|||8001||{name}", "OBX|1|ST|c||é"]


def read(folder, content):
    path = folder / "messages.hl7"
    path.write_bytes(content)
    assert Hl7v2Format().recognises(path, content[:4096])
    return [document for batch in Hl7v2Format().batches(path) for document in batch.documents]


def written(folder, documents):
    with (folder / "out.hl7").open("wb") as out:
        Hl7v2Format().write(Made(documents), out)
    return (folder / "out.hl7").read_bytes()


@pytest.mark.parametrize("ending", ["\r", "\n", "\r\n"])
@pytest.mark.parametrize(("charset", "codec"), [("", "utf-8"), ("8859/1", "latin-1"), ("UNICODE UTF-8", "utf-8")])
def test_line_ends_and_charset_come_through(tmp_path, ending, charset, codec):
    content = "".join(line + ending for line in message(charset=charset) * 2).encode(codec)
    documents = read(tmp_path, content)
    assert [len(one.segments) for one in documents] == [3, 3]
    assert written(tmp_path, documents) == content


def test_frames_come_through(tmp_path):
    content = b"".join(b"\x0b" + "".join(f"{line}\r" for line in message()).encode() + b"\x1c\r" for _ in range(3))
    documents = read(tmp_path, content)
    assert [(len(one.segments), one.framed) for one in documents] == [(3, True)] * 3
    assert written(tmp_path, documents) == content


def test_a_batch_keeps_its_headers_and_trailers(tmp_path):
    content = "\r".join(["FHS|^~\\&|A", "BHS|^~\\&|A", *message(), "BTS|1", "FTS|1", ""]).encode()
    assert [one.segments[0][:3] for one in read(tmp_path, content)] == ["FHS", "BHS", "MSH", "BTS", "FTS"]


def test_a_line_end_that_is_cut_by_the_reader_is_one(tmp_path, monkeypatch):
    content = "\r\n".join([*message(), *message(), ""]).encode()
    for size in range(1, 20):
        monkeypatch.setattr(hl7v2, "_CHUNK", size)
        assert [len(one.segments) for one in read(tmp_path, content)] == [3, 3]


def refused(folder, content):
    path = folder / "messages.hl7"
    path.write_bytes(content)
    with pytest.raises(InvalidInput) as error:
        list(Hl7v2Format().batches(path))
    assert "\n" not in str(error.value)
    assert "Müller" not in str(error.value)
    return str(error.value)


def test_segments_before_any_header_are_named(tmp_path):
    assert "line 1: no HL7 v2 message starts there" in refused(tmp_path, "PID|||8001||Müller\r".encode())


def test_a_header_without_separators_is_named(tmp_path):
    content = "\r".join([*message(), "MSH|", "PID|1"]).encode()
    assert "line 4: no HL7 v2 message starts there" in refused(tmp_path, content)


def test_a_broken_charset_is_named_with_the_mend(tmp_path):
    text = refused(tmp_path, "\r".join(message()).encode("latin-1"))
    assert text.endswith("Name its charset in MSH-18, such as 8859/15.")


def test_a_charset_that_is_not_read_is_named(tmp_path):
    assert "names a charset that is not read" in refused(tmp_path, "\r".join(message(charset="JIS")).encode())


def test_a_csv_whose_first_column_is_msh_is_no_message(tmp_path):
    assert not Hl7v2Format().recognises(tmp_path / "a.csv", b"MSHA,B\n1,2\n")
