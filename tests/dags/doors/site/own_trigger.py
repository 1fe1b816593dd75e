"""A trigger of an author's own, which goes where no decision opened anything."""

import os

from airflow.triggers.base import BaseTrigger, TriggerEvent


class Visits(BaseTrigger):
    """Connects to the stranger, at a port that nothing else tries."""

    def serialize(self):
        return ("own_trigger.Visits", {})

    async def run(self):
        import asyncio

        try:
            await asyncio.open_connection("127.0.0.4", int(os.environ["DOORS_PORT"]) ^ 1)
        except PermissionError:
            yield TriggerEvent("refused")
        except OSError:
            yield TriggerEvent("nobody listens")
        else:
            yield TriggerEvent("reached")
