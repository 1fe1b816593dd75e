r"""How are files of HL7 v2 messages read and written: one message, many, a batch with its headers, or MLLP frames?

What a file ends its segments with (\r as the standard says, or \n as editors make of it), its frames and its charset are
kept. The charset is the one that MSH-18 names; without a name it must be UTF-8, of which ASCII is a part.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from pipeline.errors import InvalidInput
from transforms.hl7v2 import Hl7Work, shipped_rules
from transforms.hl7v2.change import Message
from transforms.hl7v2.message import Separators
from transforms.records.tally import Batch

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from transforms import Key
    from transforms.records.tally import Made
    from transforms.records.vocabulary import Rules

BATCH_BYTES: Final = 2 << 20
LONGEST_MESSAGE: Final = 64 << 20
_CHUNK: Final = 1 << 20
_START, _END = b"\x0b", b"\x1c"
"""What stands around a message in a frame of the Minimal Lower Layer Protocol."""
_BREAK: Final = re.compile(rb"\r\n|\r|\n")
_HEADERS: Final = (b"MSH", b"FHS", b"BHS", b"BTS", b"FTS")

# HL7 table 0211.
_CHARSETS: Final = {
    "": "utf-8",
    "ASCII": "ascii",
    "UNICODE UTF-8": "utf-8",
    "UTF-8": "utf-8",
    **{f"8859/{number}": f"iso8859-{number}" for number in (1, 2, 3, 4, 5, 6, 7, 8, 9, 15)},
}


class Hl7v2Format:
    """HL7 v2.x in its pipe-and-hat encoding (ER7)."""

    name = "hl7v2"
    title = "HL7 v2"

    def recognises(self, _path: Path, head: bytes) -> bool:
        """Whether the file begins with a header segment, in a frame or not."""
        start = head.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n\x0b ")
        return start[:3] in {b"MSH", b"FHS", b"BHS"} and Separators.of(start[:64].decode("latin-1")) is not None

    def rules(self) -> Mapping[str, Any]:
        """The shipped rules."""
        return shipped_rules()

    def prepare(self, rules: Rules, key: Key) -> Hl7Work:
        """Make ready to change messages."""
        return Hl7Work(rules, key)

    def output_name(self, _path: Path, number: int) -> str:
        """A number: a message's file is often named after its patient."""
        return f"hl7v2-{number:05d}.hl7"

    def batches(self, path: Path) -> Iterator[Batch]:
        """Read a file: batches of some megabytes of messages.

        Raises:
            InvalidInput: A segment before any header, a header without separators, or a charset that is broken or
                unknown; names the line.
        """
        batch: list[tuple[int, Message]] = []
        size = 0
        for number, lines, ending, framed in _messages(path):
            batch.append((number, _message(lines, path, number, ending=ending, framed=framed)))
            size += sum(map(len, lines))
            if size >= BATCH_BYTES:
                yield Batch.of(batch)
                batch, size = [], 0
        if batch:
            yield Batch.of(batch)

    def write(self, made: Made, out: BinaryIO) -> None:
        """Append messages as they stood in their file."""
        for message in made.documents:
            text = "".join(segment + message.ending for segment in message.segments)
            raw = text.encode(message.charset)
            out.write(_START + raw + _END + b"\r" if message.framed else raw)


def _messages(path: Path) -> Iterator[tuple[int, list[bytes], str, bool]]:
    """Give each message's line number, segments, what ends them, and whether it is framed."""
    held: list[bytes] = []
    first, framed, size, style = 1, False, 0, "\r"
    for number, line, ending in _lines(path):
        starts = line.startswith(_START)
        text = line.strip(_START + _END + b" ")
        if starts or text[:3] in _HEADERS:
            if held:
                yield first, held, style, framed
            held, first, framed, size, style = [], number, starts, 0, ending or style
        if not text:
            continue
        size += len(text)
        if size > LONGEST_MESSAGE:
            raise InvalidInput(
                f"{path}, line {first}: a message of more than {LONGEST_MESSAGE >> 20} MiB",
                hint="Check that it is HL7 v2.",
            )
        held.append(text)
    if held:
        yield first, held, style, framed


def _lines(path: Path) -> Iterator[tuple[int, bytes, str]]:
    """Give a file's lines with their numbers and endings, whichever of the three they have."""
    number, rest = 0, b""
    with path.open("rb") as file:
        while True:
            chunk = file.read(_CHUNK)
            data = rest + chunk
            if number == 0:
                data = data.removeprefix(b"\xef\xbb\xbf")
            start = 0
            for found in _BREAK.finditer(data):
                if chunk and found.end() == len(data):  # the other half of \r\n may come with the next chunk
                    break
                number += 1
                yield number, data[start : found.start()], found[0].decode()
                start = found.end()
            rest = data[start:]
            if not chunk:
                break
            if len(rest) > LONGEST_MESSAGE:
                raise InvalidInput(
                    f"{path}, line {number + 1} is longer than {LONGEST_MESSAGE >> 20} MiB",
                    hint="Check that it is HL7 v2.",
                )
    if rest:
        yield number + 1, rest, ""


def _message(lines: list[bytes], path: Path, number: int, *, ending: str, framed: bool) -> Message:
    """Decode one message; the errors say nothing of what it holds."""
    where = f"{path}, line {number}"
    header = lines[0].decode("latin-1")
    if header[:3] in {"BTS", "FTS"}:
        separators: Separators | None = Separators(field=header[3:4] or "|")
    else:
        separators = Separators.of(header)
    if separators is None:
        raise InvalidInput(
            f"{where}: no HL7 v2 message starts there: it has no MSH with its separators",
            hint="Take the lines out, or export the messages again.",
        )
    charset = _charset(header, separators, where)
    try:
        segments = [line.decode(charset) for line in lines]
    except UnicodeDecodeError:
        raise InvalidInput(
            f"{where}: the message is not in the charset that its MSH-18 names (none: UTF-8)",
            hint="Name its charset in MSH-18, such as 8859/15.",
        ) from None
    return Message(segments, separators, framed=framed, ending=ending, charset=charset)


def _charset(header: str, separators: Separators, where: str) -> str:
    fields = header.split(separators.field)
    named = fields[17] if header.startswith("MSH") and len(fields) > 17 else ""
    first = named.split(separators.repetition)[0].strip().upper()
    if first not in _CHARSETS:
        raise InvalidInput(
            f"{where}: MSH-18 names a charset that is not read",
            hint=f"Use one of {', '.join(name for name in _CHARSETS if name)}.",
        )
    return _CHARSETS[first]
