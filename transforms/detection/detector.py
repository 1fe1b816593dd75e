"""Which fields of a table or an extract identify a person, and which describe their health?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, overload

from transforms.detection import context
from transforms.detection.calibration import calibrate
from transforms.detection.classify import Scores, score
from transforms.detection.counts import ask_counts
from transforms.detection.crosschecks import ask_cross_checks
from transforms.detection.findings import ExtractFindings, Finding, TableFindings
from transforms.detection.headers import read_header
from transforms.detection.hidden import SHORTEST, Hidden, find_hidden
from transforms.detection.known_schemas import key_of, recognize_schema
from transforms.detection.links import Pair, found_in, holds, pairs_to_try
from transforms.detection.own_words import ask_lexicon, check_lexicon
from transforms.detection.profile import Profile, profile
from transforms.detection.recognizers import read_values
from transforms.detection.tables import read_fields
from transforms.kinds import CATEGORY_OF

if TYPE_CHECKING:
    from narwhals.typing import IntoDataFrame

    from transforms.detection.tables import Field

Place = tuple[str, int]
"""A field by its table and its place there."""
Answers = tuple[Mapping[Place, Sequence[Hidden]], Sequence[Any]]
"""What hides where, and for each pair which of its sampled values the key holds."""
Reread = Callable[[Sequence[Place], Sequence[Pair]], Answers]

_PROSE = frozenset({"text", "words", "word", "empty"})
_SPOKEN_OF = frozenset({"person_name", "address", "birth_date", "patient_id", "study_uid"})
"""What sentences speak of; in most rows it still is a text and not a field of that kind."""
_LONG_NUMBER = 13
"""Among codes and numbers only what is as long as a NIR can hide one; a shorter one is the field's own matter."""


@overload
def detect(tables: Mapping[str, Any], *, lexicon: Mapping[str, str] | None = None) -> ExtractFindings: ...
@overload
def detect(tables: IntoDataFrame, *, lexicon: Mapping[str, str] | None = None) -> TableFindings: ...
def detect(tables: Any, *, lexicon: Mapping[str, str] | None = None) -> TableFindings | ExtractFindings:
    """Find which fields identify a person, and which describe their health (GDPR art. 4(1), 4(5), 4(15)).

    Name, values and neighbours of each field are scored apart and combined. Cheap checks see every row, so that one
    NIR in ten thousand comments is found; costly ones see up to 1,000 rows, spread evenly. Nulls and the usual words for
    nothing (NA, null, -) are left out.

    Args:
        tables: A pandas or polars DataFrame, a pyarrow Table or anything with the Arrow PyCapsule interface, of any
            column types (also all text); or a dict from name to such a table for an extract, which adds foreign keys.

        lexicon: A site's own names of fields, or words of them, with their kind ({"zzpat7": "patient_id"}); case and
            signs don't matter. A whole name decides; a word in a longer name is strong evidence.

    Returns:
        For one table its findings, a sequence with one `Finding` a field; for a dict a mapping from name to such
        findings. Both have `as_dict()` for JSON. No value of the table is in it.

    Raises:
        NotATable: `tables` is none of these.
        InvalidLexicon: `lexicon` names a kind that does not exist.

    Example:
        >>> import pyarrow as pa
        >>> table = pa.table({"nip": ["8000231", "8000917"], "ddn": ["1961-02-11", "1987-10-30"]})
        >>> [(finding.name, finding.kind, finding.category) for finding in detect(table)]
        [('nip', 'patient_id', 'direct'), ('ddn', 'birth_date', 'quasi')]
    """
    own = check_lexicon(lexicon or {})
    if isinstance(tables, Mapping):
        return _detect({str(name): read_fields(table, str(name)) for name, table in tables.items()}, own)
    return _detect({"": read_fields(tables, "")}, own).tables[0]


def _detect(tables: dict[str, tuple[Field, ...]], lexicon: dict[str, str]) -> ExtractFindings:
    profiles = {name: _profiles(fields) for name, fields in tables.items()}
    return conclude(tables, profiles, lexicon, _reread_columns(tables))


def conclude(
    tables: Mapping[str, tuple[Field, ...]],
    profiles: dict[str, tuple[Profile, ...]],
    lexicon: dict[str, str],
    reread: Reread,
) -> ExtractFindings:
    """Say what each field holds, from its profile and a sample of its rows, and from one more look at all rows.

    Args:
        tables: The fields with all rows of theirs, or a sample that is spread evenly.
        profiles: What is known of each field over all its rows.
        lexicon: A site's own words, checked.
        reread: Looks at all rows again: which identifiers hide in some columns, which sampled values a key holds.
    """
    scores = {name: _scores(name, profiles[name], lexicon) for name in tables}
    for name, fields in tables.items():
        ask_cross_checks(fields, profiles[name], scores[name])
    kinds = {name: tuple(each.best() for each in scores[name]) for name in tables}
    suspects = [
        (name, each.position)
        for name in tables
        for each in profiles[name]
        if may_hide(each, kinds[name][each.position][0])
    ]
    pairs = pairs_to_try(tables, profiles, kinds)
    hiding, found = reread(suspects, pairs)
    links = tuple(pair.link for pair, here in zip(pairs, found, strict=True) if holds(pair.sample, here))
    context.follow_links(links, profiles, scores)
    tables_found = tuple(
        TableFindings(
            name,
            tuple(
                _finding(each, own, hiding.get((name, each.position), ()))
                for each, own in zip(profiles[name], scores[name], strict=True)
            ),
            context.person_field(profiles[name], scores[name]),
        )
        for name in tables
    )
    return ExtractFindings(tables_found, links)


def _reread_columns(tables: Mapping[str, tuple[Field, ...]]) -> Reread:
    def reread(suspects: Sequence[Place], pairs: Sequence[Pair]) -> Answers:
        hiding = {(table, number): find_hidden(tables[table][number].column) for table, number in suspects}
        return hiding, [found_in(pair.sample, tables[pair.link.to_table][pair.key].column) for pair in pairs]

    return reread


def _profiles(fields: tuple[Field, ...]) -> tuple[Profile, ...]:
    return tuple(profile(field.name, field.column, number) for number, field in enumerate(fields))


def _scores(table: str, profiles: tuple[Profile, ...], lexicon: dict[str, str]) -> tuple[Scores, ...]:
    known = recognize_schema(table, [each.name for each in profiles])
    for each in profiles:
        if kind := lexicon.get(key_of(each.name)):
            known[each.name] = (kind, "the site's own lexicon says so")
    headers = [read_header(each.name, table) for each in profiles]
    scores = tuple(
        score(each, header, read_values(each), known.get(each.name))
        for each, header in zip(profiles, headers, strict=True)
    )
    for each, own in zip(profiles, scores, strict=True):
        ask_lexicon(each.name, lexicon, own)
    if not ask_counts(profiles, headers, scores):
        context.ask_neighbours(profiles, headers, scores)
    return scores


def _finding(each: Profile, scores: Scores, hiding: Sequence[Hidden]) -> Finding:
    kind, sureness = scores.best()
    confidence = calibrate(sureness)
    reasons = list(scores.reasons.get(kind, ())) or ["nothing else speaks for it"]
    if hiding and may_hide(each, kind):
        reasons += [one.words for one in hiding]
        often = max((one for one in hiding if one.kind not in _SPOKEN_OF), key=lambda one: one.rows, default=None)
        if often and often.rows > (each.rows - each.nulls) / 2 and each.shape != "text":
            kind, confidence = often.kind, max(confidence, 0.8)
        elif CATEGORY_OF[kind] in {"other", "text"} and each.shape in _PROSE:
            kind, confidence = "free_text", max(confidence, 0.9)
    missing = round(each.nulls / each.rows, 4) if each.rows else 0.0
    return Finding.of(
        each.name,
        kind,
        confidence,
        reasons,
        unique=each.unique,
        missing=missing,
        others=[(other, calibrate(sure)) for other, sure in scores.ranked(4)],
    )


def may_hide(each: Profile, kind: str) -> bool:
    """Whether identifiers can hide among a field's values: text that is not one identifier a value already."""
    if each.typed != "text" or CATEGORY_OF[kind] == "direct" or each.shape in {"date", "uuid", "decimal"}:
        return False
    return each.longest >= (SHORTEST if each.shape in _PROSE else _LONG_NUMBER)
