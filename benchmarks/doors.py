"""What does the kernel's door cost? Connects, sends, child processes and a task's start, beside the same without it.

In fresh processes in turns, on the loopback; the medians' ratio is what counts. Run: python benchmarks/doors.py
"""

from __future__ import annotations

import json
import socket
import statistics
import subprocess
import sys
import threading
from pathlib import Path

ROUNDS = 7
PROGRAM = """
import json, os, socket, subprocess, sys, time
from pipeline.airflow.kernel import Opening, Order, close
address, door, copies = ("127.0.0.1", {port}), {door}, {copies}
import pipeline.airflow.kernel.install

def timed(work, count):
    started = time.perf_counter()
    for _ in range(count):
        work()
    return (time.perf_counter() - started) / count * 1e6

taken = {{}}
started = time.perf_counter()
if door:
    close(Order(openings=(Opening(*address),), copies=copies))
taken["start"] = (time.perf_counter() - started) * 1e6

def connect():
    s = socket.socket()
    s.connect(address)
    s.close()

taken["connect"] = timed(connect, 300)
with socket.create_connection(address) as s:
    taken["send"] = timed(lambda: s.send(b"x"), 3000)
    taken["sendmsg"] = timed(lambda: s.sendmsg([b"x"]), 500)
datagram = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
taken["sendto"] = timed(lambda: datagram.sendto(b"x", address), 500) if copies else 0
taken["open a file"] = timed(lambda: os.close(os.open("/dev/null", os.O_RDONLY)), 3000)
taken["start a program"] = timed(lambda: subprocess.run(["true"]), 20)
print(json.dumps(taken))
"""


def listen() -> int:
    """Take connections and drop what comes; gives the port."""
    server = socket.create_server(("127.0.0.1", 0), backlog=1024)

    def drain(connection: socket.socket) -> None:
        with connection:
            while connection.recv(1 << 16):
                pass

    def serve() -> None:
        while True:
            connection, _ = server.accept()
            threading.Thread(target=drain, args=(connection,), daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    return int(server.getsockname()[1])


def measure(port: int, *, door: bool, copies: bool = True) -> dict[str, float]:
    """Microseconds by what was done, in one fresh process."""
    program = PROGRAM.format(port=port, door=door, copies=copies)
    done = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True, cwd=Path(__file__).parents[1]
    )
    taken: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return taken


def main() -> None:
    """Print medians and ratios."""
    port = listen()
    ways = {"without": {"door": False}, "copied": {"door": True}, "made": {"door": True, "copies": False}}
    taken: dict[str, list[dict[str, float]]] = {name: [] for name in ways}
    for _ in range(ROUNDS):
        for name, how in ways.items():
            taken[name].append(measure(port, **how))
    middle = {
        name: {what: statistics.median(one[what] for one in found) for what in found[0]}
        for name, found in taken.items()
    }
    print(f"{'':18}{'without':>10}{'door':>18}{'door, no pidfd_getfd':>24}   (µs, medians of {ROUNDS} processes)")
    for what, plain in middle["without"].items():
        cells = []
        for name in ("copied", "made"):
            own = middle[name][what]
            ratio = f"({own / plain:.1f}x)" if plain > 1 and what != "start" else ""
            cells.append(f"{own:.1f} {ratio}" if own else "-")
        print(f"{what:18}{plain:10.1f}{cells[0]:>18}{cells[1]:>24}")


if __name__ == "__main__":
    main()
