"""Which steps may a plan name, with which options, and what does each do to a batch's column?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, model_validator

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import pyarrow as pa

    from transforms import Key

TransformName = Literal[
    "keep",
    "pseudonymize",
    "tokenize",
    "format_preserving",
    "surrogate",
    "shift_dates",
    "truncate_dates",
    "generalize",
    "mask",
    "suppress",
    "redact_notes",
]

OPTIONS: Mapping[TransformName, frozenset[str]] = {
    "keep": frozenset(),
    "pseudonymize": frozenset({"normalize", "encoding"}),
    "tokenize": frozenset(),
    "format_preserving": frozenset({"alphabet", "kind"}),
    "surrogate": frozenset({"kind", "locale"}),
    "shift_dates": frozenset({"days", "format", "keep_weekday", "invalid"}),
    "truncate_dates": frozenset({"to", "format", "invalid"}),
    "generalize": frozenset(
        ["to", "level", "width", "edges", "top_code", "bottom_code", "round_to", "prefix", "invalid"]
    ),
    "mask": frozenset({"keep_last", "character"}),
    "suppress": frozenset(),
    "redact_notes": frozenset({"replace", "days"}),
}
"""The options that each step takes in a plan; a misspelt one must not silently fall back to a default."""

FORMATS: frozenset[str] = frozenset({"phone", "patient_id", "encounter_id", "iban", "nir", "date"})
"""The kinds whose format `format_preserving` keeps, check digits included."""

NEEDS_PERSON: frozenset[TransformName] = frozenset({"shift_dates"})
KEYED: frozenset[TransformName] = frozenset({"pseudonymize", "tokenize", "format_preserving"})
"""Steps whose result depends on the linking label."""

LEAVES_READABLE: frozenset[TransformName] = frozenset({"keep", "mask", "truncate_dates", "generalize"})
"""Steps after which a direct identifier may still name the person: they never lower the data class."""


class Step(BaseModel):
    """One transform of a field with its options, as a policy or plan writes it.

    Example:
        >>> step = Step(transform="truncate_dates", to="month")
        >>> step.words
        'truncate_dates (to month)'
    """

    model_config = ConfigDict(extra="allow", frozen=True)

    transform: TransformName

    @model_validator(mode="after")
    def _known_options(self) -> Step:
        unknown = sorted(self.options.keys() - OPTIONS[self.transform])
        if unknown:
            takes = ", ".join(sorted(OPTIONS[self.transform])) or "no option"
            raise ValueError(f"{self.transform} has no option {unknown[0]}; it takes {takes}")
        if self.transform == "format_preserving" and (kind := self.options.get("kind")) is not None:
            if kind not in FORMATS:
                raise ValueError(f"format_preserving keeps the format of these kinds: {', '.join(sorted(FORMATS))}")
            if "alphabet" in self.options:
                raise ValueError("format_preserving takes a kind or an alphabet, and not both")
        return self

    @property
    def options(self) -> dict[str, Any]:
        """The keywords that the transform is called with."""
        return dict(self.model_extra or {})

    @property
    def words(self) -> str:
        """The step in a reader's words, for the dictionary and the report."""
        options = ", ".join(f"{name} {value}" for name, value in self.options.items())
        return f"{self.transform} ({options})" if options else self.transform

    @property
    def sentence(self) -> str:
        """What the step does, for someone who has never seen a plan.

        Example:
            >>> Step(transform="truncate_dates", to="month").sentence
            'cut to the month'
        """
        options = ", ".join(f"{name} {value}" for name, value in self.options.items())
        replace = "false values" if self.options.get("replace") == "surrogate" else "labels"
        sentences: dict[TransformName, str] = {
            "keep": "kept as it is",
            "pseudonymize": "replaced by a keyed pseudonym",
            "tokenize": "replaced by a token that the key turns back",
            "format_preserving": "replaced by a value of the same form",
            "surrogate": "replaced by a false value",
            "shift_dates": "shifted by the person's own secret number of days",
            "truncate_dates": f"cut to the {self.options.get('to', 'month')}",
            "generalize": f"made coarser ({options})",
            "mask": f"masked ({options})" if options else "masked",
            "suppress": "emptied",
            "redact_notes": f"identifiers in the text replaced by {replace}",
        }
        return sentences[self.transform]


def words_of(steps: tuple[Step, ...]) -> str:
    """A field's steps in a reader's words."""
    return ", then ".join(step.words for step in steps)


@dataclass(frozen=True)
class Surroundings:
    """What a step may need besides the column: the key, the linking label, the person of each row, the known persons.

    Attributes:
        key: The domain's key.
        link: The field's linking label.
        person: Gives the batch's person column, n values without nulls (asked for only by the steps that need it).
        patients: Gives one record of the patient's own identifiers a row, for notes.
        known: Names of persons that the extract knows, for notes.
    """

    key: Key
    link: str
    person: Callable[[], pa.Array]
    patients: Callable[[], list[dict[str, Any] | None] | None]
    known: Callable[[], tuple[str, ...]]


def apply_steps(steps: tuple[Step, ...], column: pa.Array, around: Surroundings) -> pa.Array:
    """Apply a field's steps in their order to one batch's column of n values; n values come back."""
    for step in steps:
        column = _APPLY[step.transform](column, step.options, around)
    return column


def _keep(column: pa.Array, _options: dict[str, Any], _around: Surroundings) -> pa.Array:
    return column


def _keyed(name: str) -> Callable[[pa.Array, dict[str, Any], Surroundings], pa.Array]:
    def apply(column: pa.Array, options: dict[str, Any], around: Surroundings) -> pa.Array:
        import transforms  # noqa: PLC0415 - the vocabulary must load without the transforms' libraries

        return getattr(transforms, name)(column, around.key, field=around.link, **options)

    return apply


def _keyless(module: str, name: str) -> Callable[[pa.Array, dict[str, Any], Surroundings], pa.Array]:
    def apply(column: pa.Array, options: dict[str, Any], _around: Surroundings) -> pa.Array:
        from importlib import import_module  # noqa: PLC0415 - as above

        return getattr(import_module(module), name)(column, **options)

    return apply


def _surrogate(column: pa.Array, options: dict[str, Any], around: Surroundings) -> pa.Array:
    from transforms import surrogate  # noqa: PLC0415 - as above

    return surrogate(column, around.key, **options)


def _shift_dates(column: pa.Array, options: dict[str, Any], around: Surroundings) -> pa.Array:
    from transforms import shift_dates  # noqa: PLC0415 - as above

    return shift_dates(column, around.key, by=around.person(), **options)


def _redact_notes(column: pa.Array, options: dict[str, Any], around: Surroundings) -> pa.Array:
    from transforms import redact_notes  # noqa: PLC0415 - as above

    keyed = {"key": around.key, "by": around.person()} if options.get("replace") == "surrogate" else {}
    return redact_notes(column, patients=around.patients(), known=around.known(), **keyed, **options).texts


_APPLY: dict[str, Callable[[pa.Array, dict[str, Any], Surroundings], pa.Array]] = {
    "keep": _keep,
    "pseudonymize": _keyed("pseudonymize"),
    "tokenize": _keyed("tokenize"),
    "format_preserving": _keyed("format_preserving"),
    "surrogate": _surrogate,
    "shift_dates": _shift_dates,
    "truncate_dates": _keyless("transforms.dates", "truncate_dates"),
    "generalize": _keyless("transforms.generalization", "generalize"),
    "mask": _keyless("transforms.generalization", "mask"),
    "suppress": _keyless("transforms.generalization", "suppress"),
    "redact_notes": _redact_notes,
}
assert set(_APPLY) == set(get_args(TransformName))  # noqa: S101 - a step without its function must not reach a run
