"""The key is handed to whoever shows the run's ticket, while the run goes on, and to nobody else."""

import dataclasses
import pickle
import socket
import ssl

import pytest

from pipeline.spark import key_desk
from pipeline.spark.key_desk import Held, KeyDesk, KeyNotHandedOut
from transforms import Key

KEY = Key(bytes(range(32)), domain="eds", id="k1", version=3)


@pytest.fixture
def impatient(monkeypatch):
    monkeypatch.setattr(key_desk, "_TRIES", 1)


def test_a_ticket_gets_the_key_and_the_names_that_go_with_it():
    with KeyDesk(Held(KEY, ("Zoé",)), host="127.0.0.1") as desk:
        assert desk.ticket.show() == Held(KEY, ("Zoé",))


def test_a_ticket_holds_no_key_and_shows_no_token():
    with KeyDesk(Held(KEY), host="127.0.0.1") as desk:
        assert KEY.reveal_secret() not in pickle.dumps(desk.ticket)
        assert desk.ticket.token.hex() not in repr(desk.ticket)
        assert "token" not in repr(desk.ticket)


def test_another_token_gets_nothing(impatient):
    with KeyDesk(Held(KEY), host="127.0.0.1") as desk, pytest.raises(KeyNotHandedOut):
        dataclasses.replace(desk.ticket, token=bytes(32)).show()


def test_a_desk_with_another_certificate_is_not_told_the_token(impatient):
    with KeyDesk(Held(KEY), host="127.0.0.1") as ours, KeyDesk(Held(KEY), host="127.0.0.1") as other:
        with pytest.raises(KeyNotHandedOut):
            dataclasses.replace(ours.ticket, port=other.ticket.port).show()
        assert ours.ticket.show().key == KEY


def test_nothing_older_than_tls_1_3_is_spoken():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    with (
        KeyDesk(Held(KEY), host="127.0.0.1") as desk,
        socket.create_connection(("127.0.0.1", desk.ticket.port)) as plain,
        pytest.raises(ssl.SSLError),
    ):
        context.wrap_socket(plain)


def test_after_the_run_nobody_is_at_the_desk(impatient):
    with KeyDesk(Held(KEY), host="127.0.0.1") as desk:
        ticket = desk.ticket
    with pytest.raises(KeyNotHandedOut):
        ticket.show()


def test_a_port_that_is_taken_is_told_in_one_line():
    with KeyDesk(Held(KEY), host="127.0.0.1") as desk, pytest.raises(KeyNotHandedOut, match=r"can't listen on 127"):
        KeyDesk(Held(KEY), host="127.0.0.1", port=desk.ticket.port)
