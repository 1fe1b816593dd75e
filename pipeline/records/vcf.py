"""How are VCF files released: a clean header, pseudonyms for samples, and records copied as they are?"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from pipeline.errors import InvalidInput
from pipeline.files.bgzf import END, compressed
from pipeline.quick_yaml import read_quickly
from pipeline.records.vcf_file import GZIP, Piece, VcfReader
from transforms.records.tally import Batch, Made
from transforms.vcf import BodyScan, InvalidVcf, VcfRules, clean_header, vcf_rules
from transforms.vcf.header import HEAD

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from transforms import Key
    from transforms.records.vocabulary import Rule, Rules

_SUFFIXES: Final = (".vcf", ".vcf.gz", ".vcf.bgz", ".bcf")
_MARK: Final = b"##fileformat=VCF"


@dataclass(frozen=True)
class VcfBatch(Batch):
    """A part of a file: its header, one document, or a piece of its records, which is none."""

    reader: VcfReader | None = None
    piece: Piece | None = None


@dataclass
class VcfMade(Made):
    """What a part became: bytes, and whether they stand in blocks already."""

    data: bytes = b""
    blocks: tuple[bytes, ...] = ()
    compressed: bool = False
    ends: bool = False


class VcfFormat:
    """VCF files, plain or compressed."""

    name = "vcf"
    title = "VCF"

    def recognises(self, path: Path, head: bytes) -> bool:
        """Whether the file begins as VCF, or its name says so."""
        return head.startswith(_MARK) or path.name.lower().endswith(_SUFFIXES)

    def rules(self) -> Mapping[str, Any]:
        """The shipped rules."""
        return _shipped()

    def prepare(self, rules: Rules, key: Key) -> VcfWork:
        """Make ready to clean files.

        Raises:
            InvalidRule: The policy suppresses genetic data, or a line of the plan can't be obeyed.
        """
        return VcfWork(vcf_rules(rules), key)

    def batches(self, path: Path) -> Iterator[Batch]:
        """Read a file in pieces.

        Raises:
            InvalidInput: It is no VCF file, is cut short, or is damaged.
        """
        if path.name.lower().endswith(".bcf"):
            raise InvalidInput(f"{path} is BCF", hint="Convert it with `bcftools view -Oz -o FILE.vcf.gz`.")
        with path.open("rb") as stream:
            reader = VcfReader(path, stream)
            yield VcfBatch([path], [1], reader=reader)
            while (piece := reader.piece()) is not None:
                yield VcfBatch([], [], reader=reader, piece=piece)
            yield VcfBatch([], [], reader=reader)

    def output_name(self, path: Path, number: int) -> str:
        """A number: a file is often named after its sample."""
        with path.open("rb") as stream:
            packed = stream.read(2) == GZIP
        return f"variants-{number:05d}.vcf{'.gz' if packed else ''}"

    def write(self, made: Made, out: BinaryIO) -> None:
        """Write a part: its own blocks where nothing in it changed, else blocks of their own (BGZF), or plain."""
        if not isinstance(made, VcfMade):
            raise TypeError("a part of a VCF file becomes a VcfMade")
        if made.blocks:
            out.writelines(made.blocks)
        elif made.data:
            out.write(compressed(made.data) if made.compressed else made.data)
        if made.ends and made.compressed:
            out.write(END)


@dataclass
class VcfWork:
    """Cleans the files of a run, one after the other."""

    rules: VcfRules
    key: Key
    _scan: BodyScan | None = field(default=None, init=False)

    def change(self, batch: Batch) -> Made:
        """Clean a part of a file.

        Raises:
            InvalidInput: It breaks the specification, or holds a field that may not stay; names file and line.
        """
        if not isinstance(batch, VcfBatch) or batch.reader is None:
            raise TypeError("a part of a VCF file is a VcfBatch")
        reader = batch.reader
        made = VcfMade(list(batch.documents), compressed=reader.compressed)
        try:
            if batch.documents:
                self._header(reader, made)
            elif batch.piece is not None:
                self._body(reader, batch.piece, made)
            elif self._scan is not None:
                self._scan.finish()
                made.ends = True
        except InvalidVcf as error:
            raise InvalidInput(f"{reader.path}: {error.message}", hint=error.hint) from None
        return made

    def rule_of(self, path: str) -> Rule | None:
        """The rule of a path of the tally."""
        known = self.rules.entries.get(path)
        section = self.rules.entries.get(".".join(path.split(".")[:2]))
        return known or (section if path.startswith(f"{HEAD}.INFO.") else None)

    def _header(self, reader: VcfReader, made: VcfMade) -> None:
        header = clean_header(reader.header, self.rules, self.key)
        made.data = header.text
        made.tally.add(header.tally)
        made.tally.records[HEAD] += 1
        for path, text in header.kept:
            made.keep(path, text, 1)
        self._scan = BodyScan(header, reader.first_line)

    def _body(self, reader: VcfReader, piece: Piece, made: VcfMade) -> None:
        scan = self._scan
        if scan is None:
            raise TypeError("a VCF file's records come after its header")
        while scan.wants_more(piece.data) and (longer := reader.longer(piece)) is not None:
            piece = longer
        clean = scan.clean(piece.data, made.tally)
        if clean is piece.data and piece.blocks:
            made.blocks = piece.blocks
        else:
            made.data = clean


@cache
def _shipped() -> Mapping[str, Any]:
    import transforms  # noqa: PLC0415 - where the rules stand

    rules: Mapping[str, Any] = read_quickly(
        (Path(transforms.__file__).parent / "vcf" / "rules.yaml").read_text(encoding="utf-8")
    )
    return rules
