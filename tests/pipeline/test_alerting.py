"""Alerts reach who the export names, say nothing of a person, and obey the guard."""

import asyncio
import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from pipeline.alerting import AlertFailed, send_alert
from pipeline.errors import Stopped
from pipeline.export import Alert

FACTS = {"export": "cardio", "task": "extract", "run": "scheduled__2026-11-24", "problem": "the source is not there"}


@pytest.fixture
def webhook():
    """A server on the loopback that keeps what it is sent; answers 204, or redirects what is posted to /elsewhere."""
    taken = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            taken.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            if self.path == "/elsewhere":
                self.send_response(307)
                self.send_header("Location", "/taken")
            else:
                self.send_response(204)
            self.end_headers()

        def log_message(self, *_):
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}", taken
        server.shutdown()
        thread.join()


@pytest.fixture
def send(installation):
    def send(alert):
        send_alert(alert, FACTS, guard=installation.rooms.guard, journal=installation.rooms.journal)

    return send


def test_a_webhook_gets_the_facts_and_the_journal_the_decision_without_its_secret_path(send, webhook, installation):
    address, taken = webhook
    send(Alert(webhook=f"{address}/secret-token"))
    assert taken == [FACTS]
    (line,) = installation.rooms.journal.lines()
    assert (line["event"], line["decision"], line["name"]) == ("decision", "allow", "alert")
    assert "secret-token" not in installation.rooms.journal.path.read_text()


def test_a_redirect_leads_nowhere(send, webhook):
    address, taken = webhook
    with pytest.raises(AlertFailed, match="the webhook answered 307"):
        send(Alert(webhook=f"{address}/elsewhere"))
    assert len(taken) == 1


def test_a_webhook_that_does_not_answer_is_one_line(send, webhook):
    with pytest.raises(AlertFailed, match="did not answer") as caught:
        send(Alert(webhook="http://127.0.0.1:9/secret-token"))
    assert "secret-token" not in str(caught.value)


def test_an_address_that_is_none_is_blocked_and_nothing_is_sent(send):
    with pytest.raises(Stopped, match=r"the alert may not go to .*destination"):
        send(Alert(webhook="mailto:somebody@chu.example"))


def test_mail_goes_through_the_relay_that_is_named(send):
    taken = []

    async def relay(reader, writer):
        writer.write(b"220 relay\r\n")
        body = False
        while line := await reader.readline():
            text = line.decode().strip()
            if body:
                taken.append(text)
                body = text != "."
                answer = b"" if body else b"250 taken\r\n"
            else:
                body = text.upper() == "DATA"
                answer = b"354 go on\r\n" if body else b"221 bye\r\n" if text.upper() == "QUIT" else b"250 ok\r\n"
            writer.write(answer)
            if text.upper() == "QUIT":
                break
        writer.close()

    async def mailed():
        server = await asyncio.start_server(relay, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        mail = {"relay": f"smtp://127.0.0.1:{port}", "sender": "douane@chu.example", "to": ["data@chu.example"]}
        async with server:
            await asyncio.to_thread(send, Alert(mail=mail))

    asyncio.run(mailed())
    assert "Subject: [douane] cardio: extract failed" in taken
    assert "problem: the source is not there" in taken
