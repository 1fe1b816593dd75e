"""How does a task fail: in one line, for good or until the next try, and without a traceback that quotes a value?"""

from __future__ import annotations

import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING

from airflow.sdk.exceptions import AirflowException, AirflowFailException, AirflowSkipException

from pipeline.errors import InvalidDocument, Stopped
from transforms.errors import DouaneError, InvalidKey, InvalidValue

if TYPE_CHECKING:
    from collections.abc import Iterator

_LOG = logging.getLogger("airflow.task")

# What a person has to mend. A source or a disk that is down may be back at the next try.
_FOR_GOOD = (Stopped, InvalidDocument, InvalidValue, InvalidKey)


@contextmanager
def told_in_one_line() -> Iterator[None]:
    """Turn errors into Airflow's own, with one line; what nobody foresaw is named by type and place only."""
    try:
        yield
    except (AirflowFailException, AirflowSkipException):
        raise
    except _FOR_GOOD as error:
        raise AirflowFailException(_said(str(error))) from None
    except DouaneError as error:
        raise AirflowException(_said(str(error))) from None
    except AirflowException:
        raise
    except Exception as error:  # noqa: BLE001 - its message could quote a person's value
        line = f"unexpected {type(error).__name__} at {_place(error)}. Please report it; no value is quoted here."
        raise AirflowException(_said(line)) from None


def _said(line: str) -> str:
    """Log the line by itself: in Airflow's log the exception's own stands at the end of a traceback."""
    _LOG.error("%s", line)
    return line


def _place(error: Exception) -> str:
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "an unknown place"
