"""How does an author's own client get an address that the guard has cleared, and no other spelling of it?"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from airflow.sdk import BaseHook
from airflow.sdk.exceptions import AirflowFailException

if TYPE_CHECKING:
    from pipeline.airflow.doors.ruling import Ruling


class Cleared(NamedTuple):
    """One place that the guard allowed, as it spells it: lower case, A-labels, the port that was decided."""

    uri: str
    host: str
    port: int


class DouaneHook(BaseHook):
    """A connection of Airflow's, decided before a client gets its address.

    Args:
        conn_id: The connection. Its login and password stay with it: ask `get_connection` for them.
        data_class: What is carried there, if it is more than the task's own class; it raises, never lowers it.
    """

    hook_name = "Douane"

    def __init__(self, conn_id: str, *, data_class: str = "") -> None:
        super().__init__()
        self.conn_id = conn_id
        self.data_class = data_class

    def get_conn(self) -> Cleared:
        """Decide on the connection, open what is allowed, and give the address to connect to.

        Returns:
            The connection's own address; the guard's spelling of it, to hand to any client.

        Raises:
            AirflowFailException: It may not be reached, or leads to no single host; the task isn't tried again.
        """
        ruling = self._ruling()
        if not ruling.allowed:
            raise AirflowFailException(ruling.line(f"The connection {self.conn_id}"))
        from pipeline.airflow.doors import confinement
        from pipeline.guard.egress import openings

        # The first is the connection's own; what gives out credentials for it comes after.
        for decision in ruling.opened[:1]:
            for opening in openings(decision):
                if opening.host:
                    confinement.open_for(ruling.opened)
                    return Cleared(decision.destination.uri, opening.host, opening.port)
        raise AirflowFailException(f"The connection {self.conn_id} names no host that could be connected to.")

    def _ruling(self) -> Ruling:
        from pipeline.airflow.doors import connections
        from pipeline.airflow.doors.growing import class_in_hand
        from pipeline.airflow.doors.looking import find_connection
        from pipeline.airflow.doors.ruling import law, rule
        from pipeline.airflow.doors.task_class import raised

        known = find_connection(self.conn_id)
        reading = connections.endpoints("any", known, conn_id=self.conn_id, where="connection", value_of=lambda _: None)
        return rule(reading, data_class=raised(class_in_hand(), self.data_class), guard=law().guard)
