"""Does a release carry what may never leave, and is its data what its class says? Files are judged by what they hold.

Keys, correspondence tables and originals are the additional information of GDPR art. 4(5): kept apart, they make
pseudonyms; in the same folder, they unmake them (EDPB guidelines 01/2025 on pseudonymisation). A key under another
name, or behind text in another file, is the same key; so every byte of every file is looked at.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from pathlib import Path

    import pyarrow as pa

SIGNATURE: Final = ("manifest.json.sig", 64)
"""The one short binary file that a release has, and its size (RFC 8032)."""
MLLP: Final = b"\x0bMSH"
"""How a message of HL7 v2 begins in its frame (\\x0b ... \\x1c): text, however short."""
CHUNK = 8 << 20
OVERLAP = 4096
SHORTEST_SECRET, LONGEST_SECRET = 16, 512
MOST_ROWS = 100_000
FEWEST_ROWS, MOST_COLUMNS = 20, 3
"""A correspondence table is long and narrow; in a shorter one, anything is unique by chance."""

# Each with a plain beginning that bytes.find looks for at the speed of memory, and what must follow it.
MARKED: Final = (
    ("a private key (PEM)", b"-----BEGIN ", re.compile(rb"-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----")),
    ("an age key", b"AGE-SECRET-KEY-", re.compile(rb"AGE-SECRET-KEY-(?:PQ-)?1[0-9A-Z]{20,}", re.IGNORECASE)),
    ("a file sealed with age", b"age-encryption.org/", re.compile(rb"age-encryption\.org/v\d")),
    ("an SSH private key", b"openssh-key-v1\0", re.compile(rb"openssh-key-v1\0")),
    ("a PuTTY key", b"PuTTY-User-Key-File-", re.compile(rb"PuTTY-User-Key-File-\d")),
    ("a key file", b'"secret"', re.compile(rb'"secret"\s*:\s*"[A-Za-z0-9+/_-]{22,}={0,2}"')),
    ("a private key (JWK)", b'"kty"', re.compile(rb'"(?:d|k)"\s*:\s*"[A-Za-z0-9_-]{16,}"')),
    (
        "a secret key of an object store",
        b"secret_access_key",
        re.compile(rb"secret_access_key\W{1,5}[A-Za-z0-9/+]{30,}"),
    ),
    ("the journal", b'"prev":"', re.compile(rb'"event":"[a-z.]+".{0,20000}"prev":"[0-9a-f]{64}"', re.DOTALL)),
)
BEGINNINGS: Final = (
    ("a Java keystore", b"\xfe\xed\xfe\xed"),
    ("a Java keystore", b"\xce\xce\xce\xce"),
    ("a password safe", b"\x03\xd9\xa2\x9a"),
    ("an enciphered table of staging", b"PARE"),
    ("an archive, whose content can't be seen", b"PK\x03\x04"),
    ("an archive, whose content can't be seen", b"\x1f\x8b"),
    ("an archive, whose content can't be seen", b"7z\xbc\xaf\x27\x1c"),
    ("a database, whose content can't be seen", b"SQLite format 3\0"),
)
ONLY_A_SECRET = re.compile(
    rb"\s*(?:[A-Za-z_.\-]{1,40}\s*[=:]\s*)?[\"']?(?:[0-9a-fA-F]{32,128}|[A-Za-z0-9+/_-]{22,90}={0,2})[\"']?\s*"
)
# What pseudonymize and tokenize write, and what stands before it.
PSEUDONYM = r"^(?:[0-9a-f]{32,}|[a-z2-7]{26,}={0,6})$"
# A number as hospitals give them (IPP, NDA, NIR), or an address; and what only looks like one, a day.
IDENTIFIER = r"^(?:[A-Z]{0,3}[0-9]{7,15}|[^@\s]+@[^@\s]+\.[a-z]+)$"
# After these steps a direct identifier may still name its person (pipeline.making.steps has the same).
LEAVES_READABLE = frozenset(("keep", "mask", "truncate_dates", "generalize"))
DAY = r"^(?:19|20)[0-9]{6}$"


def secrets_in(folder: Path, *, planned: Collection[str] = ()) -> tuple[str, ...]:
    r"""Name every file of a release that holds what may never leave, and what that is.

    Args:
        folder: The release as it stands on the disk.
        planned: Names of the tables that an approved plan has decided, field by field: they are no correspondence.

    Returns:
        `FILE: what`, sorted; empty if nothing was found. No content is repeated.

    Example:
        >>> from pathlib import Path
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder:
        ...     _ = Path(folder, "notes.txt").write_text("x\n-----BEGIN PRIVATE KEY-----\nMC4C...")
        ...     secrets_in(Path(folder))
        ('notes.txt: a private key (PEM)',)
    """
    found = set()
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():  # it would be delivered as what it points to
            found.add(f"{name}: a link out of the release's own files")
        elif path.is_file():
            found |= {f"{name}: {what}" for what in _in_file(path)}
            table = re.sub(r"\.part-[0-9]{5}$", "", path.stem)
            if path.suffix.lower() in {".parquet", ".csv"} and table not in planned and _is_correspondence(path):
                found.add(f"{name}: a table that leads from pseudonyms back to identifiers")
    return tuple(sorted(found))


def _in_file(path: Path) -> set[str]:
    size = path.stat().st_size
    found = set()
    with path.open("rb") as stream:
        first = stream.read(CHUNK)
        found |= {what for what, start in BEGINNINGS if first.startswith(start)}
        whole_table = first.startswith(b"PAR1") and first.endswith(b"PAR1")
        if (path.name, size) != SIGNATURE and SHORTEST_SECRET <= size <= LONGEST_SECRET and not whole_table:
            found |= _short(first)
        if _is_der_key(first):
            found.add("a private key (DER)")
        before = b""
        while first:
            chunk = before + first
            found |= {what for what, mark, pattern in MARKED if _holds(chunk, mark, pattern)}
            before, first = chunk[-OVERLAP:], stream.read(CHUNK)
    return found


def _holds(chunk: bytes, mark: bytes, pattern: re.Pattern[bytes]) -> bool:
    return mark in chunk and pattern.search(chunk) is not None


def _short(content: bytes) -> set[str]:
    """Judge a file as short as a key: bytes that are no text, or one word as random as a key."""
    if content.startswith(MLLP):
        content = content.replace(MLLP[:1], b"").replace(b"\x1c", b"")
    try:
        text = content.decode("ascii")
    except UnicodeDecodeError:
        try:
            content.decode("utf-8")
        except UnicodeDecodeError:
            return {"a short file of bytes, as a key or a wrapped key is"}
        return set()
    if not text.isprintable() and any(ord(letter) < ord(" ") and letter not in "\t\r\n" for letter in text):
        return {"a short file of bytes, as a key or a wrapped key is"}
    random = ONLY_A_SECRET.fullmatch(content) and re.search(rb"[0-9]", content)  # a column's name holds no digit
    return {"a file that is one random word, as a key is"} if random else set()


def _is_der_key(content: bytes) -> bool:
    """Tell whether the bytes are a private key in DER (PKCS #8, PKCS #1, SEC 1) or a PKCS #12 safe."""
    if not content.startswith(b"\x30") or len(content) > CHUNK - 1:
        return False
    from cryptography.hazmat.primitives.serialization import load_der_private_key

    if re.match(rb"\x30.{1,4}\x02\x01\x03\x30", content, re.DOTALL):
        return True
    try:
        load_der_private_key(content, password=None)
    except TypeError:  # it wants a password
        return True
    except Exception:  # noqa: BLE001 - OpenSSL's reasons are many, and each means that it is no key that it reads
        return False
    return True


def _is_correspondence(path: Path) -> bool:
    """Tell whether a table pairs pseudonyms with identifiers, one to one, and holds little else."""
    table = _first_rows(path)
    if table is None or table.num_rows < FEWEST_ROWS or not 2 <= table.num_columns <= MOST_COLUMNS:
        return False
    import pyarrow.compute as pc

    texts = [column.cast("string").drop_null() for column in table.columns if _castable(column)]
    alone = [column for column in texts if len(column) and pc.count_distinct(column).as_py() == len(column)]
    identifying = [column for column in alone if _all_match(column, IDENTIFIER) and not _all_match(column, DAY)]
    return bool(identifying) and any(_all_match(column, PSEUDONYM) for column in alone)


def _castable(column: pa.ChunkedArray) -> bool:
    import pyarrow as pa

    kind = column.type
    return bool(pa.types.is_integer(kind) or pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _all_match(column: pa.ChunkedArray, pattern: str) -> bool:
    import pyarrow.compute as pc

    return bool(pc.all(pc.match_substring_regex(column, pattern)).as_py())


def _first_rows(path: Path) -> pa.Table | None:
    import pyarrow as pa
    from pyarrow import csv, parquet

    try:
        if path.suffix.lower() == ".parquet":
            with parquet.ParquetFile(path) as file:
                batch = next(file.iter_batches(MOST_ROWS), None)
                return None if batch is None else pa.Table.from_batches([batch])
        with csv.open_csv(path) as reader:
            return pa.Table.from_batches([reader.read_next_batch()])
    except (pa.ArrowException, OSError, StopIteration):
        return None


def kept_identifiers(manifest: Mapping[str, Any]) -> tuple[str, ...]:
    """Name the fields that leave as they came although their kind names a person, by what the manifest says.

    Example:
        >>> kept_identifiers({"fields": [{"table": "t", "field": "n", "kind": "nir", "steps": [{"transform": "keep"}]}]})
        ('t.n: nir, kept as it is',)
    """
    kept = _left(manifest, frozenset(("keep",)))
    return tuple(f"{one['table']}.{one['field']}: {one['kind']}, kept as it is" for one in kept)


def _left(manifest: Mapping[str, Any], steps: frozenset[str]) -> Iterator[Mapping[str, Any]]:
    """Give the fields of a direct kind that went through no other steps than these."""
    from transforms.kinds import CATEGORY_OF

    for one in manifest.get("fields", ()):
        only = all(step.get("transform") in steps for step in one["steps"])
        if only and CATEGORY_OF.get(one["kind"]) == "direct":
            yield one


def class_of(manifest: Mapping[str, Any]) -> str:
    """Name the class that a release's data really has: never lower than plan and residual scan say.

    A kept direct identifier, or one that the residual scan found in a kept field, makes data identified (GDPR art. 4(1)).

    Example:
        >>> class_of({"data_class": "anonymous", "fields": [], "residual_scan": {"found": 1}})
        'identified-health'
    """
    from pipeline.guard.release_facts import RANK

    said = str(manifest["data_class"])
    identified = manifest.get("residual_scan", {}).get("found", 0) > 0 or any(_left(manifest, LEAVES_READABLE))
    return max((said, "identified-health"), key=lambda name: RANK.get(name, 99)) if identified else said
