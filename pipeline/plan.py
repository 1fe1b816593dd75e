"""What was decided for each field of an extract, by whom, and why?"""

from __future__ import annotations

from io import StringIO
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field, model_serializer, model_validator

from pipeline.documents import Document, Part, read_document
from pipeline.files.durable import replace_file
from pipeline.making.steps import KEYED, LEAVES_READABLE, NEEDS_PERSON, Step
from pipeline.policy import Kind, OnInvalid, Steps  # noqa: TC001 - pydantic reads the annotations
from transforms.kinds import Category  # noqa: TC001 - pydantic reads the annotations

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from pipeline.guard.decision import DataClass

FieldType = Literal["text", "integer", "number", "date", "datetime", "boolean"]
PERSON = "person"


class Person(Part):
    """Where a table's rows find their person: in a column, or through a key into a table that has that column.

    Attributes:
        column: The column that names the person.
        via: The table that has this column, when the table itself has not.
        on: The column, in both tables, that leads there.
    """

    column: str
    via: str | None = None
    on: str | None = None

    @model_validator(mode="after")
    def _whole(self) -> Person:
        if (self.via is None) != (self.on is None):
            raise ValueError("via and on go together")
        return self


class PlannedField(Part):
    """One field's decision.

    Attributes:
        kind: What the field holds.
        category: The kind's category.
        link: The linking label: equal labels get equal pseudonyms for equal values.
        type: What the field's text is read as before the steps; absent: as the source gives it.
        format: How its dates are written (strptime), when type is date or datetime; absent: ISO 8601.
        steps: What is done, in this order; `stop` until a person has decided.
        on_invalid: What becomes of values that the type or a step can't take.
        decided_by: `policy`, or the person who decided otherwise.
        why: One sentence for the reader of the report.
    """

    kind: Kind
    category: Category
    link: str | None = None
    type: FieldType | None = None
    format: str | None = None
    steps: Steps | Literal["stop"]
    on_invalid: OnInvalid = "stop"
    decided_by: str = "policy"
    why: str = ""

    @property
    def undecided(self) -> bool:
        """Whether a person still has to decide."""
        return self.steps == "stop"

    @property
    def decided(self) -> tuple[Step, ...]:
        """The steps, none while a person has to decide."""
        return () if self.steps == "stop" else self.steps

    @property
    def needs_person(self) -> bool:
        """Whether a step goes by the row's person."""
        return any(
            step.transform in NEEDS_PERSON or step.options.get("replace") == "surrogate" for step in self.decided
        )

    @property
    def suppressed(self) -> bool:
        """Whether nothing of the field reaches the release."""
        return any(step.transform == "suppress" for step in self.decided)

    @property
    def keyed(self) -> bool:
        """Whether the release shows it as the output of a key: near-unique, and nothing of the source."""
        return any(step.transform in KEYED for step in self.decided)

    @property
    def names_a_person(self) -> bool:
        """Whether the release still shows a direct identifier as it was, in whole or in part."""
        return (
            self.category == "direct"
            and self.steps != "stop"
            and all(step.transform in LEAVES_READABLE for step in self.steps)
        )


class PlannedTable(Part):
    """One table's fields and its person. In YAML they stand side by side; a column named `person` is written `=person`."""

    person: Person | None = None
    fields: dict[str, PlannedField] = Field(min_length=1)

    @model_validator(mode="before")
    @classmethod
    def _side_by_side(cls, content: Any) -> Any:  # noqa: ANN401 - whatever the file holds
        if not isinstance(content, dict):
            return content
        within = content.get("fields")
        is_one_field = isinstance(within, dict) and isinstance(within.get("kind"), str)
        if within is not None and not is_one_field:
            return content
        fields = {
            PERSON if name == f"={PERSON}" else str(name): value for name, value in content.items() if name != PERSON
        }
        return {"person": content.get(PERSON), "fields": fields}

    @model_serializer
    def _flat(self) -> dict[str, Any]:
        person = {} if self.person is None else {PERSON: self.person.model_dump(exclude_none=True)}
        return person | {
            (f"={name}" if name == PERSON else name): field.model_dump(
                exclude_none=True, exclude={"on_invalid"} if field.on_invalid == "stop" else None
            )
            for name, field in self.fields.items()
        }


class PlannedRecords(Part):
    """What is done with health documents that keep their format (FHIR, HL7 v2, DICOM, VCF).

    Attributes:
        format: The format of the documents.
        rules: The name of the rules that ship with it.
        rules_sha256: Their digest: other rules under that name are another plan.
        changes: The site's own decisions: path of an element to action, in the words of the rules.
        person: FHIR: the system of the identifier by which tables know the patient, whose shift dates move by; None: by
            the id of the patient's resource.
        decided_by: `policy`, or the person who decided the changes.
        why: One sentence for the reader of the report.
    """

    format: str
    rules: str
    rules_sha256: str
    changes: dict[str, str | dict[str, Any]] = Field(default_factory=dict)
    person: str | None = None
    decided_by: str = "policy"
    why: str = ""


class Plan(Document):
    """What is done with every field of every table, or with documents: drafted, reviewed, approved, then obeyed."""

    domain: str
    policy_sha256: str
    tables: dict[str, PlannedTable] = Field(default_factory=dict)
    records: PlannedRecords | None = None

    @model_validator(mode="after")
    def _of_one_sort(self) -> Plan:
        if bool(self.tables) == (self.records is not None):
            raise ValueError("a plan has tables, or records")
        return self

    def each_field(self) -> Iterator[tuple[str, str, PlannedField]]:
        """Go through (table, name, field) in the order of the file."""
        for table, planned in self.tables.items():
            for name, field in planned.fields.items():
                yield table, name, field

    @property
    def undecided(self) -> list[str]:
        """The fields that wait for a person, as table.field."""
        return [f"{table}.{name}" for table, name, field in self.each_field() if field.undecided]

    def data_class(self, promised: DataClass) -> DataClass:
        """The class that a release of this plan has, given the one that its policy promises: never lower than the truth."""
        names_someone = any(field.names_a_person for _, _, field in self.each_field())
        return "identified-health" if names_someone else promised


def read_plan(path: Path) -> Plan:
    """Read a plan file; errors name the file, the line and the key (`InvalidDocument`)."""
    return read_document(path, Plan)


def plan_yaml(plan: Plan) -> str:
    """Write a plan as its reviewer reads it: a line a field."""
    head = {"format": plan.format, "domain": plan.domain, "policy_sha256": plan.policy_sha256}
    if plan.records is not None:
        return _dump(head | {"records": plan.records.model_dump(exclude_defaults=True)})
    return _dump(head | {"tables": _rows(plan.tables)})


def tables_yaml(tables: Mapping[str, PlannedTable]) -> str:
    """Write the lines of some tables as they would stand in a plan."""
    return _dump({"tables": _rows(tables)})


def _rows(tables: Mapping[str, PlannedTable]) -> dict[str, Any]:
    from ruamel.yaml.comments import CommentedMap  # noqa: PLC0415 - a run only reads plans

    rows = {}
    for name, table in tables.items():
        rows[name] = CommentedMap()
        for field, decision in table.model_dump().items():
            row = CommentedMap(decision)
            row.fa.set_flow_style()
            rows[name][field] = row
    return rows


def _dump(content: dict[str, Any]) -> str:
    from ruamel.yaml import YAML  # noqa: PLC0415 - a run only reads plans

    yaml = YAML()
    yaml.width = 10_000
    yaml.brace_single_entry_mapping_in_flow_sequence = True
    text = StringIO()
    yaml.dump(content, text)
    return text.getvalue()


def write_plan(plan: Plan, path: Path) -> None:
    """Write the plan's file whole or not at all."""
    replace_file(path, plan_yaml(plan).encode())
