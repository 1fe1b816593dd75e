"""Which fields of a table or an extract identify a person, and which describe their health?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, overload

from transforms.detection import context, hidden
from transforms.detection.calibration import calibrate
from transforms.detection.classify import Scores, score
from transforms.detection.counts import ask_counts
from transforms.detection.crosschecks import ask_cross_checks
from transforms.detection.findings import ExtractFindings, Finding, TableFindings
from transforms.detection.headers import read_header
from transforms.detection.known_schemas import key_of, recognize_schema
from transforms.detection.links import find_links
from transforms.detection.own_words import ask_lexicon, check_lexicon
from transforms.detection.profile import Profile, profile
from transforms.detection.recognizers import read_values
from transforms.detection.tables import read_fields
from transforms.kinds import CATEGORY_OF

if TYPE_CHECKING:
    from narwhals.typing import IntoDataFrame

    from transforms.detection.tables import Field

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
    scores = {name: _scores(name, profiles[name], lexicon) for name in tables}
    for name, fields in tables.items():
        ask_cross_checks(fields, profiles[name], scores[name])
    kinds = {name: tuple(each.best() for each in scores[name]) for name in tables}
    links = find_links(tables, profiles, kinds) if len(tables) > 1 else ()
    context.follow_links(links, profiles, scores)
    found = []
    for name, fields in tables.items():
        rows = tuple(zip(fields, profiles[name], scores[name], strict=True))
        findings = tuple(_finding(field, each, own) for field, each, own in rows)
        found.append(TableFindings(name, findings, context.person_field(profiles[name], scores[name])))
    return ExtractFindings(tuple(found), links)


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


def _finding(field: Field, each: Profile, scores: Scores) -> Finding:
    kind, sureness = scores.best()
    confidence = calibrate(sureness)
    reasons = list(scores.reasons.get(kind, ())) or ["nothing else speaks for it"]
    if _may_hide(each, kind):
        found = hidden.find_hidden(field.column)
        reasons += [one.words for one in found]
        often = max((one for one in found if one.kind not in _SPOKEN_OF), key=lambda one: one.rows, default=None)
        if often and often.rows > (each.rows - each.nulls) / 2 and each.shape != "text":
            kind, confidence = often.kind, max(confidence, 0.8)
        elif found and CATEGORY_OF[kind] in {"other", "text"} and each.shape in _PROSE:
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


def _may_hide(each: Profile, kind: str) -> bool:
    if each.typed != "text" or CATEGORY_OF[kind] == "direct" or each.shape in {"date", "uuid", "decimal"}:
        return False
    return each.longest >= (hidden.SHORTEST if each.shape in _PROSE else _LONG_NUMBER)
