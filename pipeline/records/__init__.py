"""Releases of health documents that keep their format: one flow, and one `RecordFormat` for each format."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, BinaryIO, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from transforms import Key
    from transforms.records.tally import Batch, Made
    from transforms.records.vocabulary import Rule, Rules


class RecordWork(Protocol):
    """Changes the documents of one format by rules, under one key."""

    def change(self, batch: Batch) -> Made:
        """Change a batch of documents; they are changed in place where that is quicker."""

    def rule_of(self, path: str) -> Rule | None:
        """The rule of a path that `Made.tally` counts; None where no rule names it."""


class RecordFormat(Protocol):
    """A format of health documents (entry point group `douane.records`).

    Attributes:
        name: As plans name it: `fhir`.
        title: As readers name it: `FHIR R4`.
    """

    name: str
    title: str

    def recognises(self, path: Path, head: bytes) -> bool:
        """Whether a file whose first bytes (at most 4096) are `head` is of this format."""

    def rules(self) -> Mapping[str, Any]:
        """The shipped rules, as `transforms.records.vocabulary.read_rules` reads them."""

    def prepare(self, rules: Rules, key: Key) -> RecordWork:
        """Make ready to change documents by these rules."""

    def batches(self, path: Path) -> Iterator[Batch]:
        """Read a file batch by batch, in bounded memory.

        Raises:
            InvalidInput: Names the file, the number of the record, and the mend; never a value.
        """

    def output_name(self, path: Path, number: int) -> str:
        """Name the file of the release that the source's file of this number (from 1) becomes.

        A source's own name may hold a person's (`DUPONT_JEAN.hl7`): only words of the format may come from it.
        """

    def write(self, made: Made, out: BinaryIO) -> None:
        """Append a batch of changed documents to its file of the release; nothing for a file that was left out."""


@runtime_checkable
class LearnsFirst(Protocol):
    """A format that goes through its files twice: persons are learnt before texts are redacted of them."""

    def lines(self, path: Path) -> Iterator[tuple[int, bytes]]:
        """The numbered lines of a file that persons are learnt from."""

    def learn(self, lines: Iterable[tuple[int, bytes]], work: Any, path: Path) -> None:  # noqa: ANN401 - the format's own
        """Have the work of `prepare` note them."""


__all__ = ["LearnsFirst", "RecordFormat", "RecordWork"]
