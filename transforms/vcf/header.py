"""What of a VCF header may stay (VCF 4.5, section 1.4), and which names do its samples get?

A header is where programs write what they were called with: paths with names of patients, users, hosts and dates. So only
listed keys stay, and of them only listed attributes.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import pyarrow as pa

from transforms.errors import DouaneError
from transforms.pseudonymization import pseudonymize
from transforms.records.tally import Tally
from transforms.records.vocabulary import InvalidRule, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from transforms.keys import Key
    from transforms.records.vocabulary import Rules

HEAD: Final = "VCF"
SAMPLES: Final = f"{HEAD}.samples"
GENOTYPES: Final = f"{HEAD}.genotypes"
FIXED: Final = ("#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO")
FIRST_SAMPLE: Final = 9

_PLAIN_KEY: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.]{0,60}")
_ATTRIBUTE: Final = re.compile(r'([A-Za-z_][\w.]*)=("(?:[^"\\]|\\.)*"|[^,>]*)')
_ATTRIBUTES: Final[Mapping[str, tuple[str, ...]]] = {
    "INFO": ("ID", "Number", "Type", "Description", "Source", "Version"),
    "FORMAT": ("ID", "Number", "Type", "Description"),
    "FILTER": ("ID", "Description"),
    "ALT": ("ID", "Description"),
    "contig": ("ID", "length", "assembly", "md5", "species", "taxonomy"),
}
_PATH: Final = re.compile(
    r"(?<![\w.])(?:~?/|\.{1,2}/|[A-Za-z]:[\\/]|\\\\|[a-z]{2,9}:/+)[^\s\",;>]+|[\w.-]+(?:[/\\][\w.-]+){2,}|[^\s\",;<>]+@[^\s\",;<>]+"
)
"""What may be a path, an address or a mail: `ref/alt` is none, `data/anne/notes.txt` is."""
_WORDS: Final = re.compile(r"[^\s\",;:=()<>\[\]]+")
_TYPED: Final = frozenset({"Integer", "Float", "Flag", "Character"})


class InvalidVcf(DouaneError, ValueError):
    """A file that breaks the VCF specification; says where (line, column), never what stands there."""


@dataclass(frozen=True)
class VcfRules:
    """A plan's rules as VCF files need them.

    Attributes:
        keys: Keys of header lines to their rules.
        samples: The rule of sample names.
        info: INFO fields of text that stay.
        formats: FORMAT fields of text that stay.
        dropped: INFO fields that go, whatever their type.
        identifying: Keys that no number may have unless a list names it.
        entries: All rules by path.
    """

    keys: Mapping[str, Rule]
    samples: Rule
    info: frozenset[str]
    formats: frozenset[str]
    dropped: frozenset[str]
    identifying: re.Pattern[str]
    entries: Mapping[str, Rule]

    def keeps_info(self, key: str, kind: str | None) -> bool:
        """Whether an INFO field stays; `kind` is the type that the header declares, None where it declares none."""
        if key in self.dropped:
            return False
        return key in self.info or (kind in _TYPED and not self.identifying.search(key))

    def keeps_format(self, key: str, kind: str | None) -> bool:
        """Whether a FORMAT field may stay."""
        return key in self.formats or (kind in _TYPED and not self.identifying.search(key))


def vcf_rules(rules: Rules) -> VcfRules:
    """Read a plan's rules.

    Raises:
        InvalidRule: The policy suppresses genetic data, or a line says what can't be done to a VCF file.
    """
    lines = {path: entry for path, entry in rules.entries.items() if isinstance(entry, Rule)}
    if lines[GENOTYPES].action != "keep":
        raise InvalidRule(
            "the policy suppresses genetic data, and a VCF file is nothing else",
            hint="To release it, the policy's line `genetic` has to say keep.",
        )
    if lines[SAMPLES].action != "pseudonymize":
        raise InvalidRule(f"{SAMPLES} are always pseudonymized", hint="Change their link, not their action.")
    info, formats = set(str(rules.more["info"]).split()), set(str(rules.more["format_fields"]).split())
    dropped: set[str] = set()
    for path, rule in lines.items():
        head, section, key = (*path.split(".", 2), "", "")[:3]
        if head != HEAD or rule.action not in {"keep", "drop", "pseudonymize"} or not section:
            raise InvalidRule(f"{path} can't be changed by {rule.action}", hint="Say keep or drop for VCF.key.")
        if not key:
            continue
        if section == "INFO":
            (info.add if rule.action == "keep" else dropped.add)(key)
        elif section == "FORMAT" and rule.action == "keep":
            formats.add(key)
        else:
            raise InvalidRule(
                f"{path} can't be dropped from a VCF file's records",
                hint=f"Remove it before, with `bcftools annotate -x FORMAT/{key}`.",
            )
    keys = {path.split(".", 1)[1]: rule for path, rule in lines.items() if path.count(".") == 1}
    return VcfRules(
        keys,
        lines[SAMPLES],
        frozenset(info - dropped),
        frozenset(formats),
        frozenset(dropped),
        re.compile(str(rules.more["identifying"])),
        lines,
    )


@dataclass(frozen=True)
class CleanHeader:
    """A header that may leave, and what the records under it may hold.

    Attributes:
        text: Its bytes, #CHROM line included.
        columns: Columns that each record has.
        info: INFO fields that stay.
        formats: FORMAT fields that stay.
        tally: What became of its lines.
        kept: Descriptions that stay.
    """

    text: bytes
    columns: int
    info: frozenset[str]
    formats: frozenset[str]
    tally: Tally = field(default_factory=Tally)
    kept: tuple[tuple[str, str], ...] = ()


def clean_header(text: bytes, rules: VcfRules, key: Key) -> CleanHeader:
    r"""Clean the header of a VCF file and give its samples pseudonyms.

    Args:
        text: All lines to #CHROM, that line included.
        rules: What stays.
        key: The key of the domain.

    Raises:
        InvalidVcf: The lines break the specification, or two samples have one name.

    Example:
        >>> from transforms import Key
        >>> from transforms.records.vocabulary import read_rules
        >>> rules = vcf_rules(read_rules({"name": "toy", "info": "", "format_fields": "GT", "identifying": "name", "rules": {
        ...     "VCF.samples": {"pseudonymize": "patient_id"}, "VCF.genotypes": "keep", "VCF.fileformat": "keep"}}))
        >>> lines = b"##fileformat=VCFv4.3\n##source=/home/anne/call.sh\n"
        >>> columns = b"#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tLEGOFF\n"
        >>> header = clean_header(lines + columns, rules, Key(bytes(32), domain="d", id="k"))
        >>> header.text.split(b"\n")[0], header.text.split(b"\t")[-1][:4], header.columns
        (b'##fileformat=VCFv4.3', b'3b96', 10)
    """
    try:
        lines = text.decode("utf-8").splitlines()
    except UnicodeDecodeError:
        lines = text.decode("latin-1").split("\n")
    if not lines or not lines[0].startswith("##fileformat=VCFv"):
        raise InvalidVcf("the first line is no ##fileformat=VCFv", hint="Check the program that wrote the file.")
    names = _columns(lines)
    samples = names[FIRST_SAMPLE:]
    work = _Cleaning(rules, frozenset(samples))
    kept = [line for number, one in enumerate(lines[:-1], 1) if (line := work.line(one, number)) is not None]
    pseudonyms = _pseudonyms(samples, rules.samples, key)
    if pseudonyms:
        work.tally.counts[SAMPLES, "changed"] += len(pseudonyms)
    columns = "\t".join([*names[: FIRST_SAMPLE if samples else len(names)], *pseudonyms])
    return CleanHeader(
        ("\n".join([*kept, columns]) + "\n").encode(),
        len(names),
        frozenset(work.info) | rules.info,
        frozenset(work.formats) | rules.formats,
        work.tally,
        tuple(work.kept),
    )


def _columns(lines: Sequence[str]) -> list[str]:
    names = lines[-1].split("\t")
    if names[0] != FIXED[0]:
        raise InvalidVcf("there is no #CHROM line", hint="Check the program that wrote the file.")
    if tuple(names[: len(FIXED)]) != FIXED or (len(names) > len(FIXED) and names[len(FIXED)] != "FORMAT"):
        raise InvalidVcf(
            f"the #CHROM line (line {len(lines)}) doesn't name the columns of VCF, with tabs between them",
            hint="Check the program that wrote the file.",
        )
    return names


def _pseudonyms(samples: Sequence[str], rule: Rule, key: Key) -> list[str]:
    if not samples:
        return []
    column = pa.array(samples, pa.large_string())
    pseudonyms: list[str | None] = pseudonymize(column, key, field=str(rule.link), **dict(rule.options)).to_pylist()
    empty = [at for at, name in enumerate(samples) if not name.strip()]
    if empty:
        raise InvalidVcf(f"column {FIRST_SAMPLE + 1 + empty[0]} has no sample name", hint="Name every sample.")
    counts = Counter(pseudonyms)
    if len(counts) < len(pseudonyms):
        first, second = [at for at, name in enumerate(pseudonyms) if counts[name] > 1 and name == _twice(counts)][:2]
        raise InvalidVcf(
            f"{len(pseudonyms) - len(counts)} samples have the name of another one, the first in columns"
            f" {FIRST_SAMPLE + 1 + first} and {FIRST_SAMPLE + 1 + second}",
            hint="Give each sample a name of its own, as with `bcftools reheader -s`.",
        )
    return [name or "" for name in pseudonyms]


def _twice(counts: Counter[str | None]) -> str | None:
    return next(name for name, count in counts.items() if count > 1)


class _Cleaning:
    """Goes through a header's lines."""

    def __init__(self, rules: VcfRules, samples: frozenset[str]) -> None:
        self.rules = rules
        self.samples = samples
        self.tally = Tally()
        self.info: set[str] = set()
        self.formats: set[str] = set()
        self.kept: list[tuple[str, str]] = []

    def line(self, text: str, number: int) -> str | None:
        """The line as it may stay, or None."""
        key, equals, value = text.removeprefix("##").partition("=")
        if not text.startswith("##") or not equals:
            raise InvalidVcf(f"line {number} of the header is no ##key=value", hint="Check the program that wrote it.")
        rule = self.rules.keys.get(key)
        path = f"{HEAD}.{key}"
        if rule is None:
            # A key that someone made up may be anything, a sample's name too.
            self.tally.unknown(f"{HEAD}.(other)" if self._named(key) else path)
            return None
        if rule.action == "drop":
            self.tally.counts[path, "dropped"] += 1
            return None
        clean = self._structured(key, value) if key in _ATTRIBUTES else self._plain(value)
        self.tally.counts[path, "dropped" if clean is None else "kept" if clean == value else "changed"] += 1
        return None if clean is None else f"##{key}={clean}"

    def _plain(self, value: str) -> str | None:
        name = re.split(r"[/\\]", value.strip().rstrip("/\\"))[-1]
        return None if self._named(name) or not name else name

    def _structured(self, key: str, value: str) -> str | None:
        attributes = dict(_ATTRIBUTE.findall(value)) if value.startswith("<") and value.endswith(">") else {}
        name = attributes.get("ID", "")
        if not name or name in self.samples:
            return None
        if key in {"INFO", "FORMAT"} and not self._declared(key, name, attributes.get("Type")):
            return None
        stays = {one: self._text(key, attributes[one]) for one in _ATTRIBUTES[key] if one in attributes}
        return "<" + ",".join(f"{one}={text}" for one, text in stays.items()) + ">"

    def _declared(self, key: str, name: str, kind: str | None) -> bool:
        if key == "INFO":
            stays = self.rules.keeps_info(name, kind)
            if stays:
                self.info.add(name)
            return stays
        # A FORMAT field that may not stay is refused where a record uses it: then nobody can take it out of the samples.
        if self.rules.keeps_format(name, kind):
            self.formats.add(name)
            return True
        return False

    def _text(self, key: str, text: str) -> str:
        clean = _PATH.sub("removed", text)
        if self._named(clean):
            clean = '"removed"' if text.startswith('"') else "removed"
        if text.startswith('"'):
            self.kept.append((f"{HEAD}.{key}", clean.strip('"')))
        return clean

    def _named(self, text: str) -> bool:
        return any(word in self.samples or word.strip(".'") in self.samples for word in _words(text))


def _words(text: str) -> Iterator[str]:
    for word in _WORDS.findall(text):
        yield word
        yield from re.split(r"[._-]", word)


def shown(key: str) -> str:
    """A key as an error may show it: a broken file may have anything in the place of one."""
    return key if _PLAIN_KEY.fullmatch(key) else "(no name)"
