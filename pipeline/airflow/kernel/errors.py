"""What goes wrong with the kernel's door: it can't stand, it doesn't answer, or something in it was tried."""

from __future__ import annotations

from pipeline.errors import Stopped
from transforms.errors import DouaneError


class DoorCannotStand(DouaneError, OSError):
    """The kernel, or what confines this container, doesn't allow the door; says what is missing."""


class DoorViolated(Stopped):
    """The task tried to reach what no decision opened; names hosts and ports, never what it would have sent."""
