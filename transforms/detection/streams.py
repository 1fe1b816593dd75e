"""Which fields of an extract that is read as a stream identify a person? Memory stays flat, however many rows pass.

The stream is read twice: once for counts, a sample of rows and the question whether values repeat; once more for what hides in
texts and for the keys that other tables point to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import pyarrow as pa
import pyarrow.compute as pc

from transforms.detection.detector import conclude
from transforms.detection.hidden import HiddenCount
from transforms.detection.links import found_in
from transforms.detection.own_words import check_lexicon
from transforms.detection.passing import Passing
from transforms.detection.tables import Field, read_fields

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from transforms.detection.detector import Answers, Place
    from transforms.detection.findings import ExtractFindings
    from transforms.detection.links import Pair
    from transforms.detection.profile import Profile


class Stream(Protocol):
    """A table that is read batch by batch, as often as asked; the sources' tables are such."""

    @property
    def schema(self) -> pa.Schema:
        """The columns."""

    @property
    def batches(self) -> Callable[[], Iterable[pa.RecordBatch]]:
        """What opens the stream of record batches of that schema."""


def detect_streams(tables: Mapping[str, Stream], *, lexicon: Mapping[str, str] | None = None) -> ExtractFindings:
    """Find which fields identify a person and which describe their health, without holding a table in memory.

    What `detect` says of tables in memory, with the same checks of every row. Whether the values of a large field repeat is
    told from the values whose keyed hash falls into a part of all hashes, so that each of them is seen at every place.

    Args:
        tables: Name to stream, for all tables of the extract; each is opened at most twice.
        lexicon: A site's own names of fields, or words of them, with their kind.

    Returns:
        The findings by table. No value of a row is in them.

    Raises:
        InvalidLexicon: `lexicon` names a kind that does not exist.

    Example:
        >>> from types import SimpleNamespace
        >>> batch = pa.record_batch({"nip": ["8000231", "8000917"], "ddn": ["1961-02-11", "1987-10-30"]})
        >>> stays = SimpleNamespace(schema=batch.schema, batches=lambda: [batch])
        >>> [(finding.name, finding.kind) for finding in detect_streams({"stays": stays})["stays"]]
        [('nip', 'patient_id'), ('ddn', 'birth_date')]
    """
    own = check_lexicon(lexicon or {})
    fields: dict[str, tuple[Field, ...]] = {}
    profiles: dict[str, tuple[Profile, ...]] = {}
    for name, table in tables.items():
        passing = [Passing(field.name, field.column.type) for field in _fields_of(table.schema.empty_table())]
        for batch in table.batches():
            for each, field in zip(passing, _fields_of(batch), strict=True):
                each.add(field.column)
        profiles[name] = tuple(each.profile(number) for number, each in enumerate(passing))
        fields[name] = tuple(Field(each.name, each.sample()) for each in passing)
    return conclude(fields, profiles, own, _reread(tables))


def _reread(tables: Mapping[str, Stream]) -> Callable[[Sequence[Place], Sequence[Pair]], Answers]:
    def reread(suspects: Sequence[Place], pairs: Sequence[Pair]) -> Answers:
        counts = {place: HiddenCount() for place in suspects}
        found = [found_in(pair.sample, pair.sample.slice(0, 0)) for pair in pairs]
        for name in dict.fromkeys([table for table, _ in suspects] + [pair.link.to_table for pair in pairs]):
            asked = [number for number, pair in enumerate(pairs) if pair.link.to_table == name]
            texts = [number for table, number in suspects if table == name]
            for batch in tables[name].batches():
                columns = [field.column for field in _fields_of(batch)]
                for number in texts:
                    counts[name, number].add(columns[number])
                for number in asked:
                    here = found_in(pairs[number].sample, columns[pairs[number].key])
                    found[number] = pc.or_(found[number], here)
        return {place: count.result() for place, count in counts.items()}, found

    return reread


def _fields_of(batch: pa.RecordBatch | pa.Table) -> tuple[Field, ...]:
    return read_fields(batch if isinstance(batch, pa.Table) else pa.Table.from_batches([batch]), "")
