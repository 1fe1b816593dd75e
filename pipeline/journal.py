"""What happened, in which order, and was any of it changed since?

Append-only lines of canonical JSON (RFC 8785), each bound to the line before by `prev` and to itself by `digest`.
The chain shows a change, it doesn't prevent one: note `head` elsewhere (mail it, print it) to also notice a cut tail.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from io import FileIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import rfc8785

from pipeline.files.durable import PRIVATE_FILE, StorageFailed, make_private_folder, storage_named, sync_folder
from transforms.errors import DouaneError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

GENESIS: Final = "0" * 64
_BLOCK: Final = 8192
_OWN: Final = frozenset({"digest", "event", "prev", "seq", "time"})
_MEND: Final = "Keep the file as evidence, tell the DPO, and run `douane journal verify`."


class JournalBroken(DouaneError, ValueError):
    """A line of the journal is not what was written there; names the line."""


class InvalidFact(DouaneError, ValueError):
    """A fact that JSON can't carry exactly; names the fact, never its value."""


@dataclass(frozen=True)
class JournalState:
    """What `verify` found.

    Attributes:
        lines: Whole lines that were read and are in order, from the first.
        head: SHA-256 of the last of them, in hex; 64 zeros for an empty journal.
        broken_line: Number (from 1) of the first line that is not what was written; None if the chain is whole.
        problem: What is wrong with that line, in words; empty if nothing is.
        torn_bytes: Bytes after the last whole line: a writer was killed there. The next append puts them aside.
    """

    lines: int
    head: str
    broken_line: int | None = None
    problem: str = ""
    torn_bytes: int = 0

    @property
    def whole(self) -> bool:
        """Whether every line is what was written, in the order it was written."""
        return self.broken_line is None


class Journal:
    """The hash-chained record of plans, approvals, releases, decisions and re-identifications.

    Many processes may append at once: each takes the file's lock, reads only the last line, writes one line, lets go
    and then waits for the disk. A line is acknowledged once it and all lines before it are on the disk.

    Args:
        path: The journal's file, or the folder where `journal.jsonl` stands. Made at the first append.
        facts: Facts that each line of this writer has, such as the task that it writes for.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder:
        ...     journal = Journal(Path(folder))
        ...     line = journal.append("plan.approved", plan_sha256="ab12", by="dpo")
        ...     line["seq"], line["prev"] == GENESIS, journal.verify().whole
        (1, True, True)
    """

    def __init__(self, path: Path | str, facts: Mapping[str, Any] | None = None) -> None:
        is_folder = os.path.isdir(path)  # noqa: PTH112 - Path.is_dir raises where it may not look
        self.path = Path(path, "journal.jsonl") if is_folder else Path(path)
        self._facts = dict(facts or {})

    def append(self, event: str, **facts: Any) -> dict[str, Any]:  # noqa: ANN401 - whatever JSON holds
        """Add one line and wait until it is on the disk.

        Args:
            event: What happened, such as `release.sealed` or `decision`.
            facts: JSON scalars, lists and dicts that say more. Hashes, ids, rules and counts: never a person's value.

        Returns:
            The line as written: the facts, and `event`, `seq` (from 1), `time` (UTC), `prev` and `digest`.

        Raises:
            InvalidFact: A fact is not JSON, or bears the name of a field that the journal writes itself.
            JournalBroken: The last line is not a journal line; nothing is added to a journal that was damaged.
            StorageFailed: The disk is full or not writable; no part of the line stays.
        """
        facts = self._facts | facts
        _check(event, facts)
        make_private_folder(self.path.parent)
        with storage_named(f"write the journal {self.path}"):
            new = not self.path.exists()
            with _opened(self.path) as file:
                fcntl.flock(file, fcntl.LOCK_EX)
                last = self._mended_last_line(file)
                line = _line(last, event, facts)
                _write_whole(file, rfc8785.dumps(line) + b"\n")
                fcntl.flock(file, fcntl.LOCK_UN)
                # Outside the lock, so that waiting for the disk is shared by all who wrote meanwhile: fsync flushes
                # the whole file, and so also every line that this one is chained to.
                os.fsync(file.fileno())
            if new:
                sync_folder(self.path.parent)
        return line

    def lines(self) -> Iterator[dict[str, Any]]:
        """Give the whole lines in order, unchecked beyond their JSON; nothing if there is no journal yet.

        Raises:
            JournalBroken: A line is not JSON.
        """
        for number, raw in enumerate(self._raw_lines(), start=1):
            if not raw.endswith(b"\n"):
                return
            try:
                yield json.loads(raw)
            except ValueError:
                raise JournalBroken(f"{self.path}:{number}: not a journal line", hint=_MEND) from None

    def newest(self, count: int) -> list[dict[str, Any]]:
        """Give the last whole lines, the newest first, without reading those before them.

        Raises:
            JournalBroken: One of them is not JSON.
            StorageFailed: The journal can't be read.
        """
        if not self.path.exists():
            return []
        found: list[dict[str, Any]] = []
        with storage_named(f"read the journal {self.path}"), self.path.open("rb", buffering=0) as file:
            end, _ = _after_last_newline(file, os.fstat(file.fileno()).st_size)
            while end and len(found) < count:
                start, raw = _after_last_newline(file, end - 1)
                try:
                    found.append(json.loads(raw))
                except ValueError:
                    raise JournalBroken(f"{self.path}: a line is not a journal line", hint=_MEND) from None
                end = start
        return found

    def verify(self, *, head: str | None = None) -> JournalState:
        """Follow the chain from the first line and name the first that is not what was written.

        Args:
            head: SHA-256 of a line that was noted earlier. If no line has it, the journal was cut or rewritten.

        Returns:
            The state of the chain. A torn tail (a killed writer) is no break: nobody was told that it was written.
        """
        before = previous = GENESIS
        number, found = 0, head in {None, GENESIS}
        for raw in self._raw_lines():
            if not raw.endswith(b"\n"):
                return self._ended(number, previous, found=found, torn=len(raw))
            problem = _problem(raw[:-1], number + 1)
            if problem:
                return JournalState(number, previous, number + 1, problem)
            if json.loads(raw)["prev"] != previous:
                # This line's own digest holds, so what it says of the line before it is what was true when written.
                first = number == 0
                problem = "does not start a journal" if first else "is not the line that the next one was chained to"
                return JournalState(max(number - 1, 0), before, max(number, 1), problem)
            before, previous, number = previous, hashlib.sha256(raw[:-1]).hexdigest(), number + 1
            found = found or previous == head
        return self._ended(number, previous, found=found)

    @staticmethod
    def _ended(lines: int, head: str, *, found: bool, torn: int = 0) -> JournalState:
        if found:
            return JournalState(lines, head, torn_bytes=torn)
        return JournalState(lines, head, lines + 1, "is missing: the line with the noted head is gone", torn)

    def _raw_lines(self) -> Iterator[bytes]:
        """Read what stood in the file at one moment: a line being written meanwhile is not taken for a torn one."""
        try:
            file = self.path.open("rb")
        except FileNotFoundError:
            return
        except OSError as error:
            raise StorageFailed.of(error, doing=f"read the journal {self.path}") from None
        with file:
            fcntl.flock(file, fcntl.LOCK_SH)
            left = os.fstat(file.fileno()).st_size
            fcntl.flock(file, fcntl.LOCK_UN)
            while left > 0:
                raw = file.readline(left)
                if not raw:
                    return
                left -= len(raw)
                yield raw

    def _mended_last_line(self, file: FileIO) -> bytes:
        """Give the last whole line without its newline; put aside what a killed writer left after it."""
        size = os.fstat(file.fileno()).st_size
        start, tail = _after_last_newline(file, size)
        if tail:
            if not _problem(tail, None):
                _write_whole(file, b"\n")  # the whole line is there, the writer died before its newline
                return tail
            self._quarantine(tail)
            os.ftruncate(file.fileno(), start)
        if start == 0:
            return b""
        _, last = _after_last_newline(file, start - 1)
        if _problem(last, None):
            raise JournalBroken(f"the last line of {self.path} is not a journal line", hint=_MEND)
        return last

    def _quarantine(self, torn: bytes) -> None:
        """Keep the torn bytes beside the journal: they were never acknowledged, but evidence is not thrown away."""
        with _opened(self.path.with_name(f"{self.path.name}.torn")) as file:
            _write_whole(file, torn + b"\n")
            os.fsync(file.fileno())


def _opened(path: Path) -> FileIO:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, PRIVATE_FILE)
    return FileIO(descriptor, "r+b")


def _check(event: str, facts: dict[str, Any]) -> None:
    for name, value in {"event": event, **facts}.items():
        if name in _OWN and name != "event":
            raise InvalidFact(f"the journal writes {name} itself", hint="Name the fact otherwise.")
        try:
            rfc8785.dumps(value)
        except (rfc8785.CanonicalizationError, UnicodeEncodeError, RecursionError):
            raise InvalidFact(
                f"the fact {name} of {event} is not JSON",
                hint="Journal text, whole numbers under 2**53, finite floats, lists and dicts with text keys.",
            ) from None


def _line(last: bytes, event: str, facts: dict[str, Any]) -> dict[str, Any]:
    line = {
        **facts,
        "event": event,
        "seq": json.loads(last)["seq"] + 1 if last else 1,
        "time": datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z"),
        "prev": hashlib.sha256(last).hexdigest() if last else GENESIS,
    }
    return {**line, "digest": hashlib.sha256(rfc8785.dumps(line)).hexdigest()}


def _problem(raw: bytes, seq: int | None) -> str:
    """Say what is wrong with one line taken by itself (and with its number, if it is known); empty if nothing is."""
    try:
        line = json.loads(raw)
        canonical = rfc8785.dumps(line)
    except (ValueError, RecursionError, rfc8785.CanonicalizationError):
        return "is not JSON"
    if not isinstance(line, dict) or not line.keys() >= _OWN:
        return "is not a journal line"
    if canonical != raw:
        return "is not canonical JSON"
    digest = line.pop("digest")
    if hashlib.sha256(rfc8785.dumps(line)).hexdigest() != digest:
        return "was changed"
    if seq is not None and line["seq"] != seq:
        return f"is missing or out of place: the line there is number {line['seq']}"
    return ""


def _after_last_newline(file: FileIO, end: int) -> tuple[int, bytes]:
    """Read backwards from `end`: where the bytes after the last newline before it start, and these bytes."""
    position, tail = end, b""
    while position > 0:
        step = min(_BLOCK, position)
        position -= step
        block = os.pread(file.fileno(), step, position)
        cut = block.rfind(b"\n")
        if cut >= 0:
            return position + cut + 1, block[cut + 1 :] + tail
        tail = block + tail
    return 0, tail


def _write_whole(file: FileIO, content: bytes) -> None:
    """Write all of `content` at the end, or leave the file as long as it was (a full disk stops in the middle)."""
    size = os.fstat(file.fileno()).st_size
    written = 0
    try:
        while written < len(content):
            written += os.write(file.fileno(), content[written:])
    except OSError:
        with contextlib.suppress(OSError):
            os.ftruncate(file.fileno(), size)
        raise
