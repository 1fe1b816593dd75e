"""Errors of the way: what stops a run, and with which exit code."""

from __future__ import annotations

from transforms.errors import DouaneError


class InvalidDocument(DouaneError, ValueError):
    """A policy, plan, export, register or key file that is not what its format says; names the file and the line."""


class InvalidInput(DouaneError, ValueError):
    """Source data that can't be read as what it claims to be; names the table and the row, never a value."""


class DatabaseFailed(DouaneError, OSError):
    """A database doesn't answer, refuses the login, or broke off: nothing half-read or half-written stays."""


class Stopped(DouaneError, PermissionError):
    """The plan or the guard says no: nothing is wrong with the machine, a person has to decide (exit code 3)."""

    exit_code = 3


class OutOfMemory(DouaneError, MemoryError):
    """The process may have no more memory; nothing stands under a final name."""

    @classmethod
    def of(cls, doing: str) -> OutOfMemory:
        """Build the sentence from what was being done (`read patients.parquet`)."""
        return cls(f"could not {doing}: not enough memory", hint="Give the process more, or run fewer at a time.")
