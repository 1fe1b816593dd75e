"""What may a door look at of an operator, and how does it find a connection?"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipeline.airflow.doors.known import Known
    from pipeline.airflow.doors.templates import Values

    Lookup = Callable[[str], Known | None]


class Look:
    """What a door may look at: an operator's arguments, and how connections are found (None: not at parse).

    Args:
        operator_class: The operator's class.
        value_of: An argument's value, None if it has none.
        names: All of its own arguments (not those of every operator).
        lookup: A connection by its id; None where connections are not looked up.
    """

    def __init__(self, operator_class: type, value_of: Values, names: tuple[str, ...], lookup: Lookup | None) -> None:
        self.operator_class = operator_class
        self.value_of = value_of
        self.names = names
        self.lookup = lookup
        self._found: dict[str, Known | None] = {}

    @property
    def at_parse(self) -> bool:
        """Whether this is door 1."""
        return self.lookup is None

    def connection(self, conn_id: str) -> Known | None:
        """A connection, asked for once."""
        if self.lookup is None:
            return None
        if conn_id not in self._found:
            self._found[conn_id] = self.lookup(conn_id)
        return self._found[conn_id]
