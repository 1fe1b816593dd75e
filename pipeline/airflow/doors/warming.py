"""What may a process load once, so that the workers and parsers that it forks need not?

The scheduler (with a local executor), the DAG processor and the triggerer fork a process for each task or file. What they
have loaded by then is there for nothing: of a task's start, a third was spent on imports and on the register (2026-11-25).
"""

from __future__ import annotations

import logging
from importlib import import_module

_LOG = logging.getLogger(__name__)
_MODULES = (
    "pipeline.airflow.doors.execute_door",
    "pipeline.airflow.doors.growing",
    "pipeline.airflow.doors.scripts",
    "pipeline.airflow.doors.task_class",
    "pipeline.airflow.kernel.shutting",
    "pipeline.guard.egress",
    "pipeline.journal",
    "tree_sitter_bash",
    "airflow.sdk.execution_time.task_runner",
)


def warm() -> None:
    """Load the doors' modules, the register, the policy and the table of operators; what fails is left to who needs it."""
    for name in _MODULES:
        try:
            import_module(name)
        except ImportError as error:
            _LOG.debug("not loaded beforehand: %s (%s)", name, type(error).__name__)
    try:
        _read()
    except Exception as error:  # noqa: BLE001 - each task reads them again, and says then what is wrong
        _LOG.debug("not read beforehand: %s", type(error).__name__)


def _read() -> None:
    from pipeline.airflow.doors.looking import own_arguments
    from pipeline.airflow.doors.ruling import law
    from pipeline.airflow.doors.shell_text import command_names
    from pipeline.airflow.doors.sql_tokens import tokens_of
    from pipeline.airflow.doors.table import FILES, entries

    law()
    own_arguments(_read)
    for file in sorted(set(FILES.values())):
        entries(file)
    command_names("true")
    tokens_of("select 1", "postgres")
