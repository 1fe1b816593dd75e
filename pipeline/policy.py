"""What does the data protection officer want done with each kind of field, and where may the result go?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from pipeline.documents import Document, Part, read_document
from pipeline.guard.decision import DataClass  # noqa: TC001 - pydantic reads the annotations
from pipeline.guard.requirements import ClassRule, DestinationRules
from pipeline.making.steps import Step
from pipeline.task_classes import TaskClass  # noqa: TC001 - pydantic reads the annotations
from transforms.kinds import CATEGORY_OF, Category

if TYPE_CHECKING:
    from pathlib import Path


def _known_kind(kind: str) -> str:
    if kind not in CATEGORY_OF:
        raise ValueError("is no kind that Douane knows; docs/reference/kinds.md lists them")
    return kind


Kind = Annotated[str, AfterValidator(_known_kind)]
Steps = Annotated[tuple[Step, ...], Field(min_length=1)]
_OnInvalidWritten = Literal["stop", "null", "pseudonymize"] | None
Decision = Steps | Literal["stop"]
"""What a policy says of a kind: steps, or that a person has to decide."""

OnInvalid = Annotated[
    Literal["stop", "null", "pseudonymize"],
    # YAML reads a bare null as nothing, and whoever writes it means the word.
    BeforeValidator(lambda word: "null" if word is None else word, json_schema_input_type=_OnInvalidWritten),
]
"""What becomes of values that a field's type or steps can't take: the run stops, they are emptied and counted, or a keyed
pseudonym of the text as it came stands in their place."""


class RiskThresholds(Part):
    """From which k on a release is warned about or blocked; null never does."""

    k_warn: int | None = 5
    k_block: int | None = None


class Policy(Document):
    """The DPO's file: steps by kind and category, the class of the result, what a destination must satisfy."""

    zone: Literal["eu", "eea"] = "eu"
    data_class: DataClass = Field(default="pseudonymized-health", alias="class")
    kinds: dict[Kind, Decision]
    categories: dict[Category, Decision]
    on_invalid: dict[Kind, OnInvalid] = Field(default_factory=dict)
    missing_person: Literal["stop", "suppress"] = "stop"
    risk: RiskThresholds = RiskThresholds()
    approvers: tuple[str, ...] = ()
    destinations: dict[DataClass, ClassRule] = Field(default_factory=dict)
    tasks: tuple[TaskClass, ...] = ()

    @model_validator(mode="after")
    def _tightens_the_law(self) -> Self:
        DestinationRules(zone=self.zone, destinations=self.destinations)
        return self

    def decide(self, kind: str) -> tuple[Step, ...] | None:
        """The steps for a field of this kind; None where a person has to decide.

        Example:
            >>> from pipeline.data_files import data_folder
            >>> policy = read_policy(data_folder() / "policies" / "default.yaml")
            >>> [step.words for step in policy.decide("birth_date")]
            ['shift_dates', 'truncate_dates (to month)']
            >>> policy.decide("quantity") is None
            True
        """
        decision = self.kinds.get(kind, self.categories.get(CATEGORY_OF[kind], "stop"))
        return None if decision == "stop" else decision


def read_policy(path: Path) -> Policy:
    """Read a policy file; errors name the file, the line and the key (`InvalidDocument`)."""
    return read_document(path, Policy)
