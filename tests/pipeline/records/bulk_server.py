"""A small FHIR server with Bulk Data, true to the standard: on this machine's loopback, in a thread of the test's own.

It insists on what the standard asks of clients (headers, token), answers kick-off with 202 and Content-Location, lets
itself be asked too often (429), takes its time (202 with Retry-After), gives a manifest, serves ranges, and breaks off in
the middle of every file once.
"""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

TOKEN = "t0ken-of-the-test"


class BulkServer:
    """What the server holds, and how it shall behave."""

    def __init__(self, files, *, ranges=True, errors=(), kick_off=202, miscount=0):
        self.files = {name: content.encode() for name, content in files.items()}
        self.ranges, self.errors, self.kick_off, self.miscount = ranges, errors, kick_off, miscount
        self.asked: list[tuple[str, str, dict]] = []
        self.polls = 0
        self.broken: set[str] = set()
        self.deleted = False

    @contextmanager
    def running(self):
        holder = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_words):
                pass

            def do_GET(self):
                holder.answer(self)

            def do_DELETE(self):
                holder.deleted = True
                say(self, 202)

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.base = f"http://127.0.0.1:{server.server_port}/r4"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"fhir+{self.base}"
        finally:
            server.shutdown()
            server.server_close()
            thread.join()

    def answer(self, request):
        url = urlsplit(request.path)
        self.asked.append((url.path, url.query, dict(request.headers)))
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            return say(request, 401)
        if url.path.endswith("/$export"):
            wanted = request.headers.get("Prefer") == "respond-async"
            wanted &= request.headers.get("Accept") == "application/fhir+json"
            code = self.kick_off if wanted else 400
            place = {"Content-Location": f"{self.base}/status/1"} if code == 202 else {}
            return say(request, code, headers=place)
        if url.path.endswith("/status/1"):
            self.polls += 1
            if self.polls == 1:
                return say(request, 429, headers={"Retry-After": "2"})
            if self.polls == 2:
                return say(request, 202, headers={"Retry-After": "3", "X-Progress": "half"})
            return say(request, 200, json.dumps(self.manifest()).encode())
        return self.file(request, url.path.rpartition("/")[2])

    def manifest(self):
        def entry(name):
            lines = self.files[name].count(b"\n")
            return {"type": name.partition(".")[0], "url": f"{self.base}/files/{name}", "count": lines + self.miscount}

        return {
            "transactionTime": "2026-03-01T00:00:00Z",
            "request": f"{self.base}/$export",
            "requiresAccessToken": True,
            "output": [entry(name) for name in self.files if name not in self.errors],
            "error": [{"type": "OperationOutcome", "url": f"{self.base}/files/{name}"} for name in self.errors],
        }

    def file(self, request, name):
        content, start = self.files[name], 0
        asked = request.headers.get("Range")
        if asked and self.ranges:
            start = int(asked.removeprefix("bytes=").rstrip("-"))
        code = 206 if start else 200
        if name not in self.broken:  # the line breaks once, in the middle of a resource
            self.broken.add(name)
            say(request, code, content[start : len(content) // 2], length=len(content) - start)
            request.wfile.flush()
            request.connection.close()
            request.close_connection = True
            return
        say(request, code, content[start:])


def say(request, code, content=b"", headers=None, length=None):
    request.send_response(code)
    for name, value in (headers or {}).items():
        request.send_header(name, value)
    request.send_header("Content-Length", str(len(content) if length is None else length))
    request.end_headers()
    request.wfile.write(content)


def query_of(asked):
    return {name: values[0] for name, values in parse_qs(asked[1]).items()}
