"""What two clients would read differently is refused; else the guard's hosts are every client's."""

from __future__ import annotations

import json
import random
from pathlib import Path
from runpy import run_path

import boto3
import pytest
from botocore.config import Config
from hypothesis import given, settings
from hypothesis import strategies as st
from urllib3.exceptions import LocationParseError
from urllib3.util import parse_url

from pipeline.guard import Guard, openings

HERE = Path(__file__).parent
CASES = [case.values for case in run_path(str(HERE / "test_corpus.py"))["CASES"]]
CLIENTS = run_path(str(HERE / "clients.py"))
READERS, by_guard, by_browser, spelled = (CLIENTS[name] for name in ("READERS", "by_guard", "by_browser", "spelled"))
ALONE = [text for _, _, text, declared in CASES if declared is None]
GUARD = Guard.load(HERE / "register", None)
PIECES = (
    *"@:/\\?#[]%.;,&=-_~!$'()*+ \t|<0x",
    *("//", "%2f", "%40", "%5c", "..", "@evil.example", "evil.example", "。", "／", "é", "аx", "%2e", "::", "@@", ":@"),
    *(
        "https://",
        "?host=evil.example",
        "&hostaddr=192.0.2.7",
        "#@",
        ":5432",
        "/x@",
        "u:p@",
        "evil.example:5432/",
        ",evil",
    ),
    *("?service=x", "%00", "[::1]", "0x7f.1", "127.1", "ß", "K"),
)


def by_urllib3(text):
    if not text.lower().startswith(CLIENTS["WEB"]):
        return None
    try:
        return spelled([parse_url(text).host])
    except LocationParseError:
        return None


EVERYONE = {**READERS, "urllib3": by_urllib3}


def disagreeing(decision, text):
    """Name the clients that would connect elsewhere than an allowed decision says."""
    if not decision.allowed:
        return {}
    ours = by_guard(decision)
    read = {name: reader(text) for name, reader in EVERYONE.items()}
    return {name: hosts for name, hosts in read.items() if hosts is not None and not (ours and hosts <= ours)}


@pytest.mark.parametrize("text", ALONE)
def test_every_client_reads_what_is_allowed_alike(guard, day, text):
    # `technical` may go anywhere, so that only what is refused as unreadable, spoofed or mixed is left out
    assert disagreeing(guard.decide(text, data_class="technical", on=day), text) == {}


def test_a_browser_reads_what_is_allowed_alike(guard, day):
    decisions = {text: guard.decide(text, data_class="technical", on=day) for text in ALONE}
    allowed = [text for text, decision in decisions.items() if decision.allowed]
    seen = dict(zip(allowed, by_browser(allowed), strict=True))
    assert {
        text: hosts for text, hosts in seen.items() if hosts is not None and hosts != by_guard(decisions[text])
    } == {}


@settings(deadline=None, max_examples=500)
@given(st.sampled_from(ALONE), st.integers(0, 2**32))
def test_no_mutation_makes_a_client_read_another_host_than_the_guard(text, seed):
    random_ = random.Random(seed)
    for _ in range(random_.randint(1, 3)):
        at = random_.randint(0, len(text))
        text = text[:at] + random_.choice(PIECES) + text[at + random_.randint(0, 1) :]
    assert disagreeing(GUARD.decide(text, data_class="technical"), text) == {}


def test_each_client_has_a_say(guard, day):
    said = dict.fromkeys(EVERYONE, 0)
    for text in ALONE:
        if guard.decide(text, data_class="technical", on=day).allowed:
            for name, reader in EVERYONE.items():
                said[name] += reader(text) is not None
    assert {name for name, count in said.items() if count < 20} == set()


SECRETS = {"aws_access_key_id": "AKIA0", "aws_secret_access_key": "x"}
ONLY_AIRFLOW_READS = ("service_config", "extra__aws__", '"{')
BUCKETS = [
    (text, declared or {})
    for (verdict, _), _, text, declared in CASES
    if verdict == "allow"
    and text.lower().startswith(("s3://", "s3a://", "s3n://"))
    and text.isascii()
    and not any(word in json.dumps(declared) for word in ONLY_AIRFLOW_READS)
]


@pytest.mark.parametrize(("text", "declared"), BUCKETS)
def test_boto3_would_connect_to_what_is_open(guard, day, text, declared):
    decision = guard.decide(text, data_class="technical", on=day, declared=declared)
    extra = declared.get("extra") or {}
    endpoint = declared.get("endpoint_url") or declared.get("host") or extra.get("endpoint_url") or extra.get("host")
    region = extra.get("region_name") or declared.get("region") or decision.destination.region or "us-east-1"
    for style in ("path", "virtual"):
        client = boto3.client(
            "s3",
            region_name=region.lower(),
            endpoint_url=endpoint if not endpoint or "://" in endpoint else f"https://{endpoint}",
            config=Config(s3={"addressing_style": style}, signature_version="s3v4"),
            **SECRETS,
        )
        bucket = text.partition("://")[2].partition("/")[0].rpartition("@")[2]
        url = parse_url(client.generate_presigned_url("put_object", Params={"Bucket": bucket, "Key": "k"}))
        opened = {(one.host, one.port) for one in openings(decision)}
        if style == "virtual" and decision.destination.provider is None:
            continue  # own premises are verified by their exact host, and open no bucket's host under it
        host = url.host.strip("[]").removesuffix(".").lower()
        assert (host, url.port or (443 if url.scheme == "https" else 80)) in opened
