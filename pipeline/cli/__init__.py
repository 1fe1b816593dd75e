"""The command line: thin commands over the library, one file a group."""

from __future__ import annotations

import sys

from pipeline.cli.process import prepare_process
from transforms.errors import DouaneError


def main() -> None:
    """Run `douane`; every error ends in one line on stderr and an exit code (1 error, 2 usage, 3 blocked).

    An error that nobody foresaw is named by its type and place only: its message could quote a person's value.
    """
    prepare_process()
    from pipeline.cli.app import app

    try:
        app()
    except DouaneError as error:
        _say(str(error))
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        _say("interrupted; nothing was left half-written")
        sys.exit(130)
    except BrokenPipeError:
        sys.exit(1)
    except MemoryError:
        _say("not enough memory; nothing was left half-written. Give the process more.")
        sys.exit(1)
    except Exception as error:  # noqa: BLE001 - the last line of defence against a traceback that quotes a value
        _say(f"unexpected {type(error).__name__} at {_place(error)}. Please report it; no value is quoted here.")
        sys.exit(1)


def _say(line: str) -> None:
    print(f"douane: {line}", file=sys.stderr)  # noqa: T201 - errors go to stderr as one plain line


def _place(error: Exception) -> str:
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "an unknown place"
