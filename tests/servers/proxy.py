"""A TCP proxy that breaks off: after so many bytes to the server (or from it), every connection is reset."""

import socket
import struct
import threading


class BreakingProxy:
    """Listens on a port of its own and passes bytes on, until `after` bytes have gone; then it resets everyone."""

    def __init__(self, target: int, *, after: int, side: str = "up") -> None:
        self.after, self.side, self.passed, self.target = after, side, 0, target
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]

    def __enter__(self):
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._listener.close()
        self._reset()

    @property
    def broke(self) -> bool:
        return self.passed >= self.after

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            if self.broke:
                _abort(client)
                continue
            server = socket.create_connection(("127.0.0.1", self.target))
            with self._lock:
                self._open |= {client, server}
            for source, sink, side in ((client, server, "up"), (server, client, "down")):
                threading.Thread(target=self._pump, args=(source, sink, side), daemon=True).start()

    def _pump(self, source: socket.socket, sink: socket.socket, side: str) -> None:
        try:
            while data := source.recv(65536):
                if side == self.side:
                    self.passed += len(data)
                    if self.broke:
                        self._reset()
                        return
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            return

    def _reset(self) -> None:
        with self._lock:
            ends, self._open = self._open, set()
        for end in ends:
            _abort(end)


def _abort(end: socket.socket) -> None:
    """Close with a reset: what a firewall or a crashed host does."""
    try:
        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        end.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass
    end.close()
