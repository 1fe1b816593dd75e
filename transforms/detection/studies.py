"""Does a table describe persons in care or in a study, and which bare `id` is theirs?

Tables of research have short names (id, trt, sbp, status), few fields of administration, and one row a person or a visit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from transforms.kinds import CATEGORY_OF

if TYPE_CHECKING:
    from collections.abc import Sequence

    from transforms.detection.classify import Scores
    from transforms.detection.headers import HeaderEvidence
    from transforms.detection.profile import Profile

_UNSURE = 0.5
_SOME, _SEVERAL, _MANY = 2, 3, 4
_PART, _MOST = 0.4, 0.6
_OF_A_PERSON = frozenset({"birth_date", "death_date", "age", "sex", "ethnicity", "marital_status", "nationality"})
_WHOSE = frozenset({"patient_id", "nir", "ins", "national_id", "person_name", "last_name", "insurance_id"})
_NO_ADMINISTRATION = frozenset({"row_id", "quantity", "flag", "other"})
_REPEATED = 0.9
_THEIRS = 3.5
_FEW = 0.4
_BARE = 2.6
_MEANT_IN_CARE = {"status": "severity", "type": "severity", "trial": "drug"}
"""What bare words are in a study: dead or alive, a kind of the disease, the treatment of a group."""


def ask_study(profiles: Sequence[Profile], headers: Sequence[HeaderEvidence], scores: Sequence[Scores]) -> bool:
    """Explain bare ids, and bare words where a table describes care; whether it does."""
    of_care = _describes_care(headers, scores)
    _ask_bare_ids(profiles, headers, scores)
    if of_care:
        _ask_bare_words(profiles, headers, scores)
    return of_care


def _describes_care(headers: Sequence[HeaderEvidence], scores: Sequence[Scores]) -> bool:
    """Whether most of a table's fields describe health, or most of those whose names are understood."""
    kinds = [each.best()[0] for each in scores]
    health = sum(CATEGORY_OF[kind] == "health" for kind in kinds)
    if health >= _SEVERAL and health >= _PART * len(kinds):
        return True
    told = [
        kind
        for own, header, kind in zip(scores, headers, kinds, strict=True)
        if not header.opaque and own.best()[1] >= _UNSURE and not _bare(header) <= _MEANT_IN_CARE.keys()
    ]
    care = sum(CATEGORY_OF[kind] == "health" for kind in told)
    persons = any(kind in _OF_A_PERSON for kind in kinds)
    administration = sum(CATEGORY_OF[kind] == "other" and kind not in _NO_ADMINISTRATION for kind in told)
    names = sum(CATEGORY_OF[kind] == "direct" and kind != "patient_id" for kind in told)
    most = care >= _MOST * (care + administration + names)
    return most and (care >= _MANY or (care >= _SOME and persons and not names))


def _bare(header: HeaderEvidence) -> frozenset[str]:
    return header.concepts - {"noise", "value"}


def _ask_bare_words(profiles: Sequence[Profile], headers: Sequence[HeaderEvidence], scores: Sequence[Scores]) -> None:
    """Let a bare status, group or type among fields of care be the patient's own: unsure is the safer category."""
    for each, header, own in zip(profiles, headers, scores, strict=True):
        bare = _bare(header)
        few = each.shape in {"flag", "integer", "word", "words", "code"} and each.variety <= _FEW
        if few and len(bare) == 1 and CATEGORY_OF[own.best()[0]] == "other":
            kind = _MEANT_IN_CARE.get(next(iter(bare)), "")
            if kind:
                own.add(kind, _BARE, "most of its neighbours describe health")


def _ask_bare_ids(profiles: Sequence[Profile], headers: Sequence[HeaderEvidence], scores: Sequence[Scores]) -> None:
    """Let a bare `id` be the person's where the rows describe persons and no other field says whose they are."""
    kinds = [each.best()[0] for each in scores]
    bare = [_bare(header) == {"id"} for header in headers]
    if any(kind in _WHOSE and not is_bare for kind, is_bare in zip(kinds, bare, strict=True)):
        return
    health = sum(CATEGORY_OF[kind] == "health" for kind in kinds)
    of_persons = sum(kind in _OF_A_PERSON for kind in kinds)
    aged = any(kind in {"age", "birth_date"} for kind in kinds)
    described = aged or (of_persons + health >= _SEVERAL and (of_persons or health >= _MANY))
    for each, is_bare, own in zip(profiles, bare, scores, strict=True):
        repeated = not each.unique and each.variety < _REPEATED
        if is_bare and each.rows and (described or (repeated and health >= _SOME)):
            leading = max(own.of.values(), default=0.0)
            own.add(
                "patient_id",
                max(_THEIRS, leading + 0.5) + repeated,
                "its table describes persons and has no other id of theirs",
            )
            return
