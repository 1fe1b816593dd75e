"""Who is behind these pseudonyms or tokens? Answered to a named person for a stated reason, and journaled first.

A token (step `tokenize`) is turned back by the key alone. A pseudonym is not: it is made again from the identifiers of
a table that the controller still has, and compared. What was found goes into a file that only this user can read; the
journal says who asked, why and how many, and never which (EDPB guidelines 01/2025: additional information is kept apart).
"""

from __future__ import annotations

import csv
import io
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.errors import InvalidInput
from pipeline.files.durable import make_private_folder, storage_named, write_file
from pipeline.making.residual import look
from pipeline.making.steps import Surroundings, apply_steps
from transforms import detokenize
from transforms.canonical import canonical_text
from transforms.errors import DouaneError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from pipeline.journal import Journal
    from pipeline.plan import Plan, PlannedField
    from pipeline.sources import SourceTable
    from transforms import Key


class ReidentificationRefused(DouaneError, PermissionError):
    """A re-identification without a person or a reason, of a field that has no way back, or whose reason names somebody."""


@dataclass(frozen=True)
class Reidentified:
    """What came of it: how many were asked about, how many found, and the private file that says which."""

    asked: int
    found: int
    file: Path

    def to_dict(self) -> dict[str, Any]:
        """The counts and the file's path; no value."""
        return {"asked": self.asked, "found": self.found, "file": str(self.file)}


@dataclass(frozen=True)
class Question:
    """What is asked, by whom and why.

    Attributes:
        pseudonyms: Pseudonyms or tokens, as they stand in a release.
        field: Where they stand, as table.field of the plan.
        by: The person who asks.
        reason: Why; it is journaled, so it must name nobody.
    """

    pseudonyms: Sequence[str]
    field: str
    by: str
    reason: str


def reidentify(
    question: Question,
    *,
    plan: Plan,
    key: Key,
    private: Path,
    journal: Journal,
    login: str,
    originals: Sequence[SourceTable] = (),
) -> Reidentified:
    """Find the values behind pseudonyms or tokens of one field.

    Args:
        question: What is asked.
        plan: The plan of the release.
        key: The key, with the version, that made them.
        private: The folder of what must not go with a release.
        journal: Told before the file is written; a journal that can't be written ends it.
        login: Who is at the terminal, beside whom they say they are.
        originals: Tables with the identifiers, to look pseudonyms up in; tokens need none.

    Raises:
        ReidentificationRefused: No person, no reason, a reason that names somebody, or a field without a way back.
        InvalidInput: The plan has no such field, or the originals lack its table or column.
        InvalidValue: Tokens that this key did not make for this field; nothing is given out.
    """
    _require_accountable(question)
    field = _planned(plan, question.field)
    asked = pa.array(question.pseudonyms, pa.string()).unique()
    found = _found(question, field, key, asked, originals)
    if any(value and value.casefold() in question.reason.casefold() for value in found.values()):
        raise _names_somebody()
    journal.append(
        "reidentification",
        field=question.field,
        by=question.by,
        login=login,
        reason=question.reason,
        key=[key.id, key.version],
        asked=len(asked),
        found=len(found),
    )
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(["pseudonym", "value"])
    rows.writerows(found.items())
    file = make_private_folder(private) / f"reidentified-{secrets.token_hex(8)}.csv"
    with storage_named(f"write {file}"):
        write_file(file, text.getvalue().encode())
    return Reidentified(len(asked), len(found), file)


def _require_accountable(question: Question) -> None:
    if not question.by.strip() or not question.reason.strip():
        raise ReidentificationRefused(
            "nobody is re-identified without a person who asks and a reason", hint="Give both: --by and --reason."
        )
    if not question.pseudonyms:
        raise InvalidInput("no pseudonym or token was given", hint="Name them, or give - to read them from stdin.")
    reason = pa.record_batch({"reason": [question.reason]})
    if any(look(reason, ["reason"]).values()):
        raise _names_somebody()


def _names_somebody() -> ReidentificationRefused:
    return ReidentificationRefused(
        "the reason holds an identifier, and the journal keeps it for ever",
        hint="Say why without naming anybody, as with a file number.",
    )


def _planned(plan: Plan, name: str) -> PlannedField:
    table, _, field = name.partition(".")
    planned = plan.tables[table].fields.get(field) if table in plan.tables else None
    if planned is None:
        raise InvalidInput(f"the plan has no field {name}", hint="Write TABLE.FIELD, as in the plan.")
    return planned


def _found(
    question: Question, field: PlannedField, key: Key, asked: pa.Array, originals: Sequence[SourceTable]
) -> dict[str, str]:
    names = [step.transform for step in field.decided]
    link = field.link or question.field
    if names == ["tokenize"] and not originals:
        return dict(zip(asked.to_pylist(), detokenize(asked, key, field=link).to_pylist(), strict=True))
    if not names or any(name not in {"pseudonymize", "tokenize", "format_preserving"} for name in names):
        raise ReidentificationRefused(
            f"{question.field} has no way back: {', then '.join(names) or 'undecided'}",
            hint="Only what a key made can be found again.",
        )
    if not originals:
        raise ReidentificationRefused(
            f"the pseudonyms of {question.field} can't be turned back by the key alone",
            hint="Name the table that still has the identifiers: --in PATH.",
        )
    around = Surroundings(key=key, link=link, person=_never, patients=lambda: None, known=lambda: ())
    found: dict[str, str] = {}
    for column in _column(question.field, originals):
        values = column.unique().drop_null()
        made = apply_steps(field.decided, values, around)
        hits = pc.indices_nonzero(pc.is_in(made.cast(pa.string()), asked))
        texts = canonical_text(values.take(hits)).cast(pa.string())
        found.update(zip(made.take(hits).to_pylist(), texts.to_pylist(), strict=True))
    return found


def _column(name: str, originals: Sequence[SourceTable]) -> Iterator[pa.Array]:
    table, _, field = name.partition(".")
    held = next((source for source in originals if source.name == table), None)
    if held is None or field not in held.schema.names:
        raise InvalidInput(
            f"the originals have no {name}", hint="Name a file or folder with the table that the plan was made for."
        )
    for batch in held.batches():
        yield batch.column(field)


def _never() -> pa.Array:
    raise AssertionError("no step of those that a key turns back goes by the person")
