import contextlib
import errno
import socket
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.airflow.kernel.addresses import Unreadable, peer, spelled


def six(text, port=443, scope=0):
    return struct.pack(
        "=HHI16sI", socket.AF_INET6, socket.htons(port), 0, socket.inet_pton(socket.AF_INET6, text), scope
    )


def four(text, port=443):
    return struct.pack("=HH4s8x", socket.AF_INET, socket.htons(port), socket.inet_aton(text))


@pytest.mark.parametrize(
    ("raw", "host"),
    [
        (four("192.0.2.1"), "192.0.2.1"),
        (four("0.0.0.0"), "127.0.0.1"),  # noqa: S104 - read, not bound
        (six("::ffff:192.0.2.1"), "192.0.2.1"),
        (six("::ffff:0.0.0.0"), "127.0.0.1"),
        (six("::"), "::1"),
        (six("fe80::1", scope=2), "fe80::1"),
        # A router may unwrap these; the kernel doesn't, so they are not the inner address.
        (six("64:ff9b::c000:201"), "64:ff9b::c000:201"),
        (six("2002:c000:201::1"), "2002:c000:201::1"),
        (six("::192.0.2.1"), "::c000:201"),
    ],
)
def test_a_host_is_what_the_kernel_takes_it_for(raw, host):
    assert (peer(raw).host, peer(raw).port) == (host, 443)


def test_the_short_ipv6_form_is_read_as_the_kernel_reads_it():
    assert peer(six("2001:db8::1")[:24]).host == "2001:db8::1"


@pytest.mark.parametrize("raw", [b"", b"\x02", four("192.0.2.1")[:15], six("::1")[:23], bytes(129)])
def test_what_the_kernel_would_refuse_is_unreadable(raw):
    with pytest.raises(Unreadable) as refused:
        peer(raw)
    assert refused.value.code == errno.EINVAL


def test_a_unix_path_ends_at_its_zero_byte_and_an_abstract_name_does_not():
    assert peer(struct.pack("=H", 1) + b"/run/x\0junk").path == b"/run/x"
    assert peer(struct.pack("=H", 1) + b"\0a\0b").path == b"\0a\0b"


@given(st.binary(max_size=140))
def test_any_bytes_are_read_or_refused(raw):
    with contextlib.suppress(Unreadable):
        assert peer(raw).family == int.from_bytes(raw[:2], "little")


@given(st.ip_addresses(v=4))
def test_a_mapped_address_is_its_inner_one(address):
    assert spelled(f"::ffff:{address}") == spelled(str(address))


def test_a_name_is_no_address():
    assert spelled("lake.example") is None
