"""What the guard allows, other readers of the same text send to the same host."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from runpy import run_path
from urllib.parse import urlsplit

import pytest
from urllib3.util import parse_url

HERE = Path(__file__).parent
CASES = run_path(str(HERE / "test_corpus.py"))["CASES"]
URL_SCHEMES = {
    "https",
    "http",
    "ftp",
    "ftps",
    "sftp",
    "ssh",
    "postgresql",
    "postgres",
    "mysql",
    "redis",
    "kafka",
    "amqps",
}
READABLE = [
    case.values[2]
    for case in CASES
    if case.values[0][0] == "allow" and case.values[3] is None and "://" in case.values[2]
]
ONE_HOST = [text for text in READABLE if text.partition(":")[0].lower() in URL_SCHEMES and "," not in text]


def host_of(guard, day, text):
    return guard.decide(text, data_class="technical", on=day).destination.host


def named_in_authority(text):
    authority = text.partition("://")[2].partition("/")[0].rpartition("@")[2]
    return bool(authority) and "%2F" not in authority.upper()


PLAIN = [text for text in ONE_HOST if named_in_authority(text)]


@pytest.mark.parametrize("text", PLAIN)
def test_urllib_reads_the_same_host(guard, day, text):
    host = urlsplit(text).hostname
    expected = host_of(guard, day, text).strip("[]")
    if ":" in expected:
        from ipaddress import ip_address

        assert ip_address(host) == ip_address(expected)
    else:
        assert host.removesuffix(".").encode("idna").decode().lower() == expected


@pytest.mark.parametrize("text", [text for text in PLAIN if text.isascii() and "[" not in text])
def test_urllib3_reads_the_same_host(guard, day, text):
    assert parse_url(text).host.lower().removesuffix(".") == host_of(guard, day, text)


WEB = [text for text in PLAIN if text.lower().startswith("http") and text.isascii()]


@pytest.mark.skipif(shutil.which("node") is None, reason="the browser's reading (WHATWG) comes from node")
def test_a_browser_reads_the_same_hosts(guard, day):
    script = "console.log(JSON.stringify(JSON.parse(process.argv[1]).map(u => new URL(u).hostname)))"
    answer = subprocess.run(
        ["node", "-e", script, json.dumps(WEB)], capture_output=True, text=True, check=True, timeout=60
    )
    hosts = [host.removesuffix(".") for host in json.loads(answer.stdout)]
    assert hosts == [host_of(guard, day, text) for text in WEB]
