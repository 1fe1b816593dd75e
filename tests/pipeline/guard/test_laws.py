"""Laws that hold for every destination, whatever it is."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from runpy import run_path
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.guard import Guard
from pipeline.guard.destination import read

HERE = Path(__file__).parent
REGISTER = HERE / "register"
CASES = run_path(str(HERE / "test_corpus.py"))["CASES"]
GUARD = Guard.load(REGISTER, None)
DAY = date(2026, 11, 24)
TEXTS = [case.values[2] for case in CASES]
REQUESTS = st.sampled_from([case.values[1:] for case in CASES])
HOSTS = st.sampled_from(
    (
        *("lac.eds.chu.example", "pg.eds.chu.example", "k1.eds.chu.example", "evil.example", "old.eds.chu.example"),
        *("oos.eu-west-2.outscale.com", "s3.us-east-1.amazonaws.com", "s3.gra.io.cloud.ovh.net"),
        *("10.20.3.4", "192.0.2.7"),
    )
)
CLASSES = st.sampled_from(["identified-health", "pseudonymized-health", "state-sensitive-health"])
"""Classes whose data asks for a place; `technical` may go anywhere that is read alike."""


law = settings(deadline=None)  # a shared machine may pause


def allowed(destination, data_class="pseudonymized-health", *, guard=GUARD, on=DAY, declared=None):
    return guard.decide(destination, data_class=data_class, on=on, declared=declared).allowed


@law
@given(st.text(max_size=80))
def test_no_text_breaks_the_reader(text):
    decision = GUARD.decide(text, data_class="technical", on=DAY)
    json.dumps(decision.to_dict())
    assert decision.allowed == (not decision.blocks)


@law
@given(st.sampled_from(TEXTS), st.integers(0, 200), st.text(max_size=3))
def test_no_mutation_of_a_known_destination_breaks_the_reader(text, at, inserted):
    mutated = text[:at] + inserted + text[at:]
    for data_class in ("technical", "identified-health"):
        decision = GUARD.decide(mutated, data_class=data_class, on=DAY)
        assert decision.allowed == (not decision.blocks)


@law
@given(st.lists(HOSTS, min_size=1, max_size=3), HOSTS, CLASSES)
def test_adding_a_host_never_turns_a_block_into_an_allow(hosts, added, data_class):
    if not allowed(f"kafka://{','.join(hosts)}", data_class):
        assert not allowed(f"kafka://{','.join([*hosts, added])}", data_class)


@law
@given(HOSTS, st.sampled_from(["https://{}/x", "sftp://{}/x", "postgresql://{}/x", "{}:443"]), CLASSES, st.data())
def test_case_and_a_trailing_dot_never_change_a_decision(host, form, data_class, data):
    letters = [data.draw(st.sampled_from([c.lower(), c.upper()])) for c in host]
    numeric = host[0].isdigit()
    written = "".join(letters) + ("" if numeric else data.draw(st.sampled_from(["", "."])))
    assert allowed(form.format(written), data_class) == allowed(form.format(host), data_class)


@law
@given(st.sampled_from(TEXTS), st.integers(0, 200), CLASSES)
def test_percent_encoding_a_letter_never_turns_a_block_into_an_allow(text, at, data_class):
    start = text.find("://") + 3
    place = start + at
    if start > 2 and place < len(text) and text[place].isalnum() and text[place].isascii():
        encoded = f"{text[:place]}%{ord(text[place]):02x}{text[place + 1 :]}"
        if not allowed(text, data_class):
            # decoding is what the rule asks of paths and of S3 and GCS names; a host stays spoofed
            same = read(encoded).uri == read(text).uri
            assert same or not allowed(encoded, data_class)


@law
@given(REQUESTS, st.integers(1, 3000))
def test_after_every_validity_all_health_data_is_blocked(request, days):
    data_class, destination, declared = request
    end = date(2029, 12, 31)  # the last day of the register of these tests
    if data_class.endswith("health"):
        assert not allowed(destination, data_class, on=end + timedelta(days=days), declared=declared)


@law
@given(REQUESTS)
def test_a_decision_does_not_depend_on_what_was_asked_before(request):
    data_class, destination, declared = request
    fresh = Guard(GUARD.register, GUARD.needs)
    first = fresh.decide(destination, data_class=data_class, on=DAY, declared=declared)
    assert first == GUARD.decide(destination, data_class=data_class, on=DAY, declared=declared)
    assert hash(first) == hash(GUARD.decide(destination, data_class=data_class, on=DAY, declared=declared))


@law
@given(REQUESTS, st.sampled_from(["region", "country", "provider", "service"]), st.text("abcdefgr-12", max_size=9))
def test_what_a_caller_declares_of_a_place_never_turns_a_block_into_an_allow(request, key, value):
    data_class, destination, declared = request
    silent = {name: said for name, said in (declared or {}).items() if name != key}
    if not allowed(destination, data_class, declared=silent):
        assert not allowed(destination, data_class, declared={**silent, key: value})


@settings(law, max_examples=25)
@given(st.data())
def test_a_longer_list_of_certificates_never_turns_an_allow_into_a_block(data):
    kept = {
        provider: [one for one in ones if data.draw(st.booleans())]
        for provider, ones in GUARD.register.certificates.items()
    }
    fewer = Guard(replace(GUARD.register, certificates=kept), GUARD.needs)
    for case in CASES[::7]:
        _, data_class, destination, declared = case.values
        if allowed(destination, data_class, guard=fewer, declared=declared):
            assert allowed(destination, data_class, declared=declared)


@law
@given(st.sampled_from(TEXTS), st.sampled_from(["identified-health", "pseudonymized-health"]))
def test_what_may_leave_for_the_state_may_leave_for_less(text, weaker):
    if allowed(text, "state-sensitive-health"):
        assert allowed(text, weaker)


@pytest.mark.parametrize("secret", ["hunter2secret", "Tr0ub4dor-and-3"])
@pytest.mark.parametrize(
    "form",
    [
        "https://user:{}@lac.eds.chu.example/x",
        "https://{}@lac.eds.chu.example/x",
        "https://user:{}@lac.eds.chu.example:port/x",
        "https://user:{}@@lac.eds.chu.example/x",
        "https://lac.eds.chu.example/x?X-Amz-Signature={}&X-Amz-Credential={}",
        "https://chulake.blob.core.windows.net/c?sv=1&sig={}",
        "https://lac.eds.chu.example/x#token={}",
        "https://user:{}/x@lac.eds.chu.example/",
        "https://user:{}?x@lac.eds.chu.example/",
        "s3://KEY:{}@eds-chu/x",
        "s3a://{}:SECRET@eds-chu/x",
        "postgresql://user:{}@pg.eds.chu.example/eds",
        "postgresql://user:{}@pg.eds.chu.example:bad/eds",
        "postgresql://pg.eds.chu.example/eds?password={}",
        "postgresql://user:{}@evil.example,pg.eds.chu.example/eds",
        "postgresql://user:{}#x@pg.eds.chu.example/eds",
        "postgresql://user:a/{}@pg.eds.chu.example/eds",
        "host=pg.eds.chu.example password={} dbname=eds",
        "host=pg.eds.chu.example password='{} x' dbname=eds",
        "password={} host='broken",
        "Driver={{X}};Server=pg.eds.chu.example;PWD={};",
        "Driver={{X}};Server=pg.eds.chu.example;PWD={{{}}};",
        "jdbc:sqlserver://pg.eds.chu.example:1433;user=u;password={};",
        "jdbc:oracle:thin:u/{}@pg.eds.chu.example:1521:EDS",
        "jdbc:db2://pg.eds.chu.example:50000/EDS:user=u;password={};",
        "jdbc:postgresql://pg.eds.chu.example/eds?password={}",
        "jdbc:evil://pg.eds.chu.example/eds?password={}",
        "mssql+pyodbc:///?odbc_connect=Server%3Dpg.eds.chu.example%3BPWD%3D{}",
        "mongodb://u:{}@k1.eds.chu.example,k2.eds.chu.example/eds",
        "redis://:{}@pg.eds.chu.example/0",
        "snowflake://u:{}@xy123.eu-west-3.aws/EDS",
        "md:eds?motherduck_token={}",
        "hf://{}@datasets/x",
        "evil://u:{}@x.example/",
        "sftp://u:{}@lac.eds.chu.example/in",
        "u:{}@lac.eds.chu.example:/in",
        "mailto:alice@chu.example?subject={}",
        "docker://u:{}@registry.eds.chu.example/x:1",
        "smb://D;u:{}@lac.eds.chu.example/share",
        "simplecache::s3://K:{}@eds-chu/x",
        "az://K:{}@c/x",
        "wasbs://c@chulake.blob.core.windows.net/x?{}",
        "https:\\\\u:{}@lac.eds.chu.example",
        "https://hooks.slack.com/services/T012/B345/{}0123456789abcdef",
        "https://api.telegram.org/bot123456:{}/sendDocument",
        "https://lac.eds.chu.example/sig={}/x",
    ],
)
def test_no_secret_of_a_uri_is_repeated(form, secret):
    for text in (form.replace("{{", "{").replace("}}", "}").replace("{}", secret),):
        for data_class in ("technical", "identified-health"):
            decision = GUARD.decide(text, data_class=data_class, on=DAY)
            shown = json.dumps([decision.to_dict(), decision.to_dict(lang="fr"), decision.explain()])
            assert secret not in shown
            assert quote(secret) not in shown


@pytest.mark.parametrize("secret", ["hunter2secret"])
@pytest.mark.parametrize(
    "declared",
    [
        {"endpoint_url": "https://u:{}@oos.eu-west-2.outscale.com"},
        {"endpoint_url": "https://u:{}@evil.example:bad"},
        {"proxy": "http://u:{}@proxy.evil.example:3128"},
        {"proxy": "socks5://u:{}@proxy.evil.example:x"},
        {"extra": {"aws_secret_access_key": "{}", "endpoint_url": "https://evil.example/?k={}"}},
        {"extra": '{{"password": "{}"'},
    ],
)
def test_no_secret_of_a_connection_is_repeated(declared, secret):
    filled = json.loads(json.dumps(declared).replace("{}", secret))
    decision = GUARD.decide("s3://bucket/x", data_class="identified-health", on=DAY, declared=filled)
    assert secret not in json.dumps([decision.to_dict(), decision.explain(), decision.endpoint])


def test_two_threads_that_ask_for_two_days_get_each_their_own_answer():
    ended = date(2029, 1, 1)
    shared = Guard(GUARD.register, GUARD.needs)
    hosts = [f"https://{n}.oos.eu-west-2.outscale.com/x" for n in range(300)]

    def ask(on):
        return {shared.decide(host, data_class="identified-health", on=on).allowed for host in hosts}

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(ask, [DAY, ended] * 8))
    assert answers == [{True}, {False}] * 8
