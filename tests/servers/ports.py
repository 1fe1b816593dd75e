"""Loopback ports that nobody listens on."""

import socket
import time


def free_ports(count: int) -> list[int]:
    """Ports that are free and all different."""
    probes = [socket.socket() for _ in range(count)]
    for probe in probes:
        probe.bind(("127.0.0.1", 0))
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports


def wait_for(port: int, process, *, seconds: float = 30) -> None:
    """Until somebody listens; the process that should has not died."""
    until = time.monotonic() + seconds
    while True:
        assert process.poll() is None, "the server died"
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        assert time.monotonic() < until, "the server does not listen"
        time.sleep(0.02)
