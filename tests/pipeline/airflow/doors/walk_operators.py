"""Walk every operator of the providers that the table names, in a process of its own, and compare them with it."""

import ast
import importlib
import inspect
import json
import logging
import pkgutil
import textwrap
import warnings
from functools import lru_cache

PROVIDERS = (
    "standard common.io common.sql amazon google microsoft.azure sftp ssh ftp postgres http snowflake databricks smtp "
    "cncf.kubernetes apache.spark"
).split()
ROOMS = {"operators", "transfers", "sensors", "decorators"}


def operators():
    from airflow.sdk import BaseOperator

    for provider in PROVIDERS:
        package = importlib.import_module(f"airflow.providers.{provider}")
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not ROOMS & set(found.name.split(".")):
                continue
            try:
                module = importlib.import_module(found.name)
            except Exception:  # noqa: BLE001, S112 - its own provider isn't installed
                continue
            for one in vars(module).values():
                if inspect.isclass(one) and issubclass(one, BaseOperator) and one.__module__ == found.name:
                    yield one


@lru_cache(maxsize=4096)
def kept(one):
    """The attributes that a class's own code sets, and its own plain values."""
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(one)))
    except (OSError, TypeError, SyntaxError):
        return frozenset()
    written = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.ctx, ast.Store)
        and getattr(node.value, "id", "") == "self"
    }
    return frozenset(written | {name for name, value in vars(one).items() if isinstance(value, str | tuple | list)})


def named(entry):
    lines = (*entry.sources, *entry.destinations)
    names = {name for line in lines for name in (*line.holes, line.connection) if name}
    return names | {name for name, _ in entry.connects} | {*entry.sql, *entry.shell, *entry.mail, *entry.files}


def main():
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    from pipeline.airflow.doors.table import entry_of

    classes, unknown, absent = 0, [], {}
    for one in operators():
        classes += 1
        entry = entry_of(one)
        if entry is None:
            unknown.append(f"{one.__module__}.{one.__name__}")
            continue
        have = frozenset().union(*(kept(part) for part in one.__mro__ if part is not object))
        if missing := [names for names in named(entry) if not any(name in have for name in names.split("|"))]:
            absent[one.__name__] = missing
    return {"classes": classes, "unknown": unknown, "absent": absent}


if __name__ == "__main__":
    print(json.dumps(main()))  # noqa: T201 - its answer
