"""How is an operator looked at: its own arguments at parse, before templates, and as rendered before it executes?"""

from __future__ import annotations

from functools import lru_cache
from inspect import Parameter, signature
from typing import TYPE_CHECKING, Any

from airflow.sdk import BaseOperator

from pipeline.airflow.doors.look import Look

if TYPE_CHECKING:
    from pipeline.airflow.doors.known import Known

# What every operator has says nothing of where it goes.
_NOT_OWN = frozenset(("dag", "task_group", "task_id", "start_trigger_args", "params", "log", "logger", "hook"))


def as_written(operator: Any) -> Look:
    """Look at a task of a DAG that was just parsed; a mapped one shows what its items have in common, and literal items."""
    if getattr(operator, "is_mapped", False) is True:
        return _mapped(operator)
    return Look(type(operator), lambda name: _attribute(operator, name), own_arguments(operator), None)


def as_rendered(operator: Any) -> Look:
    """Look at a task whose templates are rendered, in its own process."""
    return Look(type(operator), lambda name: _attribute(operator, name), own_arguments(operator), find_connection)


def _attribute(operator: Any, name: str) -> Any:
    """An argument as the operator keeps it; a property is code of the author, and not asked."""
    return vars(operator).get(name, _class_value(type(operator), name))


def _class_value(operator_class: type, name: str) -> Any:
    for one in operator_class.__mro__:
        if name in vars(one):
            found = vars(one)[name]
            return found if isinstance(found, str | int | bool | list | tuple | dict) else None
    return None


def own_arguments(operator: Any) -> tuple[str, ...]:
    """The names of an operator's own arguments, without those of every operator."""
    return tuple(
        name
        for name in vars(operator)
        if not name.startswith("_") and name not in _of_every_operator() and name not in _NOT_OWN
    )


@lru_cache(maxsize=1)
def _of_every_operator() -> frozenset[str]:
    return frozenset(
        name
        for one in BaseOperator.__mro__
        for name in (*vars(one), *getattr(one, "__annotations__", {}), *_parameters(one))
    )


def _mapped(operator: Any) -> Look:
    given = {**dict(operator.partial_kwargs), **_literal_items(operator)}
    defaults = _defaults(operator.operator_class)
    names = tuple(name for name in {**defaults, **given} if name not in _of_every_operator() and name not in _NOT_OWN)
    return Look(operator.operator_class, lambda name: given.get(name, defaults.get(name)), names, None)


def _literal_items(operator: Any) -> dict[str, Any]:
    content = getattr(operator.expand_input, "value", None)
    if isinstance(content, dict):
        return {name: items for name, items in content.items() if isinstance(items, list | tuple)}
    found: dict[str, list[Any]] = {}
    for item in content if isinstance(content, list | tuple) else ():
        for name, value in item.items() if isinstance(item, dict) else ():
            found.setdefault(name, []).append(value)
    return found


@lru_cache(maxsize=512)
def _defaults(operator_class: type) -> dict[str, Any]:
    return {
        name: parameter.default
        for one in reversed(operator_class.__mro__)
        if issubclass(one, BaseOperator) and one is not BaseOperator
        for name, parameter in _parameters(one).items()
        if parameter.default is not Parameter.empty
    }


def _parameters(one: type) -> dict[str, Parameter]:
    if "__init__" not in vars(one):
        return {}
    try:
        return dict(signature(vars(one)["__init__"]).parameters)
    except (TypeError, ValueError):
        return {}


def find_connection(conn_id: str) -> Known | None:
    """A connection through Airflow's secrets backends; None where there is none of that name."""
    from airflow.sdk import Connection
    from airflow.sdk.exceptions import AirflowNotFoundException

    from pipeline.airflow.doors.known import known

    try:
        return known(Connection.get(conn_id))
    except AirflowNotFoundException:
        return None
