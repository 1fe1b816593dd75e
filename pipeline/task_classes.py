"""Which tasks carry which class of data? (the part of the DPO's policy that every Airflow task is held to)."""

from __future__ import annotations

from typing import Self

from pydantic import ConfigDict, Field, model_validator

from pipeline.documents import Part
from pipeline.guard.decision import DataClass  # noqa: TC001 - pydantic reads the annotations


class TaskClass(Part):
    """A row: globs of DAG id, task id and tag, all of which have to fit, and the class of what such tasks carry."""

    dag: str | None = None
    task: str | None = None
    tag: str | None = None
    data_class: DataClass = Field(alias="class")

    @model_validator(mode="after")
    def _names_something(self) -> Self:
        if self.dag is None and self.task is None and self.tag is None:
            raise ValueError("names neither dag, task nor tag")
        return self


class TaskRules(Part):
    """`tasks` of a policy; its other keys are not asked here.

    Example:
        >>> TaskRules.model_validate({"tasks": [{"dag": "open_*", "class": "technical"}], "zone": "eu"}).tasks[0].data_class
        'technical'
    """

    model_config = ConfigDict(extra="ignore", frozen=True)

    tasks: tuple[TaskClass, ...] = ()
