"""What goes wrong, in one line: what, where, and the mend. Never a person's value."""

from __future__ import annotations


class DouaneError(Exception):
    """Root of every error that Douane raises on purpose.

    Subclasses also inherit the standard type that a caller would expect (`ValueError`, `PermissionError`...), so
    code that has never heard of Douane still catches them.

    Args:
        message: One sentence that says what happened and where (table, field, row number), never a value.
        hint: One sentence that says what to do about it.

    Example:
        >>> error = DouaneError("patients.nip holds 3 values that are no NIR", hint="Plan the field as suppress.")
        >>> print(error)
        patients.nip holds 3 values that are no NIR. Plan the field as suppress.
    """

    exit_code = 1

    def __init__(self, message: str, *, hint: str = "") -> None:
        self.message = message.rstrip(".")
        self.hint = hint
        super().__init__(message)

    def __str__(self) -> str:
        return f"{self.message}. {self.hint}".rstrip()


class InvalidColumn(DouaneError, TypeError):
    """A column that no transform can take: not a column at all, or of a type that holds no values of that sort."""


class InvalidValue(DouaneError, ValueError):
    """Values that a transform can't take; says how many and in which rows (from 0), never which values.

    Attributes:
        rows: The first bad rows, at most `ROWS_NAMED`.
        total: How many values are bad.
        what: What is wrong with them, as the end of the sentence "3 values ...".
    """

    ROWS_NAMED = 10

    def __init__(
        self, message: str, *, hint: str = "", rows: tuple[int, ...] = (), total: int = 0, what: str = ""
    ) -> None:
        super().__init__(message, hint=hint)
        self.rows = rows
        self.total = total
        self.what = what

    @classmethod
    def at(cls, rows: list[int], *, total: int, what: str, hint: str = "", where: str = "") -> InvalidValue:
        """Build the sentence from the first bad rows (numbered from 0) and the count of all of them.

        Example:
            >>> print(InvalidValue.at([4, 9], total=2, what="are no dates", where="stays.entry"))
            stays.entry: 2 values are no dates (row 4, 9, counted from 0).
        """
        named = ", ".join(map(str, rows[: cls.ROWS_NAMED]))
        more = "" if total <= cls.ROWS_NAMED else ", ..."
        noun = "value" if total == 1 else "values"
        place = f"{where}: " if where else ""
        message = f"{place}{total} {noun} {what} (row {named}{more}, counted from 0)"
        return cls(message, hint=hint, rows=tuple(rows[: cls.ROWS_NAMED]), total=total, what=what)

    def within(self, where: str, first_row: int) -> InvalidValue:
        """The same error, told from the table: names the field, and counts rows from the table's first."""
        rows = [first_row + row for row in self.rows]
        return type(self).at(rows, total=self.total, what=self.what, hint=self.hint, where=where)


class InvalidKey(DouaneError, ValueError):
    """A secret that is too short, a key of another domain, or a key used where it may not go."""


class InvalidOption(DouaneError, ValueError):
    """An option that a transform doesn't know, that is out of range, or that contradicts another one."""


class UnknownColumn(DouaneError, KeyError):
    """A column that the table lacks; names those that it has."""
