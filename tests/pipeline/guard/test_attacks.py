"""Known attacks on readers of URLs, each with where it was described; none may reach the host it hides."""

from __future__ import annotations

import pytest

# (reference, destination, declared, the rule that must speak)
ATTACKS = [
    ("RFC 3986 7.6, semantic attacks: userinfo", "https://oos.eu-west-2.outscale.com@evil.example/", None, "spoofed"),
    (
        "Orange Tsai, A New Era of SSRF (2017): two @",
        "https://foo@evil.example:80@lac.eds.chu.example/",
        None,
        "malformed",
    ),
    ("Orange Tsai 2017: # before @", "https://evil.example#@lac.eds.chu.example/", None, "malformed"),
    ("CVE-2016-8624 curl: # in the authority", "https://lac.eds.chu.example#@evil.example/x", None, "malformed"),
    ("CVE-2016-4800 family: ? before @", "https://lac.eds.chu.example?@evil.example/x", None, "malformed"),
    ("libpq 34.1.1.3: another host behind a comma", "host=lac.eds.chu.example,6", None, "spoofed"),
    (
        "MySQL Connector/J 6.3: a key that it passes over, and connects to localhost",
        "jdbc:mysql://(ho_st=lac.eds.chu.example,port=3306)/x",
        None,
        "mixed",
    ),
    ("libpq 34.1.1.3: hosts of a driver", "Driver={PostgreSQL Unicode};Server=lac.eds.chu.example,7;", None, "spoofed"),
    ("WHATWG URL 4.4, backslash is a slash", "https://evil.example\\@lac.eds.chu.example/", None, "spoofed"),
    (
        "CVE-2019-9740 urllib: CRLF in the URL",
        "https://lac.eds.chu.example/x%0d%0aHost:%20evil.example",
        None,
        "malformed",
    ),
    ("CVE-2023-24329 urlsplit: leading blank", " https://lac.eds.chu.example/x", None, "malformed"),
    ("CVE-2022-0391 urlsplit: newline and tab", "https://lac.eds.chu\n.example/x", None, "malformed"),
    (
        "CVE-2019-10160 urlsplit: NFKC makes a slash",
        "https://lac.eds.chu.example\uff0fx@evil.example/",
        None,
        "spoofed",
    ),
    ("CVE-2021-29921 ipaddress: octal octets", "https://012.024.3.4/", None, "spoofed"),
    ("inet_aton(3): decimal address", "https://169083652/", None, "spoofed"),
    ("inet_aton(3): hexadecimal address", "https://0x0a140304/", None, "spoofed"),
    ("inet_aton(3): three parts", "https://10.20.772/", None, "spoofed"),
    ("RFC 4291 2.5.5.2: IPv4-mapped", "https://[::ffff:10.20.3.4]/", None, "spoofed"),
    ("RFC 4291 2.5.5.1: IPv4-compatible", "https://[::10.20.3.4]/", None, "spoofed"),
    ("RFC 6052: NAT64", "https://[64:ff9b::a14:304]/", None, "spoofed"),
    ("RFC 3056: 6to4", "https://[2002:a14:304::1]/", None, "spoofed"),
    ("RFC 4007 11: zone identifier", "https://[fd00:20::5%25eth0]/", None, "malformed"),
    ("UTS 39 5.1: mixed scripts", "https://l\u0430c.eds.chu.example/", None, "spoofed"),
    ("Xudong Zheng 2017: a label wholly of Cyrillic", "https://xn--80ak6aa92e.example/", None, "spoofed"),
    ("UTS 46 deviation characters", "https://fa\u00df.example/", None, "malformed"),
    ("RFC 3490 3.1: ideographic full stop", "https://lac\u3002eds.chu.example/", None, "spoofed"),
    ("Trojan Source, CVE-2021-42574: bidi override", "https://lac.eds.chu.example/\u202etxt", None, "spoofed"),
    ("RFC 3986 2.4: encoded host", "https://lac%2eeds.chu.example/", None, "spoofed"),
    ("CWE-183: suffix and prefix checks", "https://s3.eu-west-3.amazonaws.com.evil.example/", None, "spoofed"),
    ("CWE-183: glued suffix", "https://eviloutscale.com/", None, "spoofed"),
    ("CWE-601: open redirect in a parameter", "https://lac.eds.chu.example/r?next=//evil.example", None, "spoofed"),
    ("CWE-601: twice encoded", "https://lac.eds.chu.example/r?u=https%253A%252F%252Fevil.example", None, "spoofed"),
    ("libpq 34.1.2: host in a parameter", "postgresql://pg.eds.chu.example/eds?host=evil.example", None, "mixed"),
    ("libpq 34.1.2: hostaddr wins over host", "postgresql://pg.eds.chu.example/eds?hostaddr=192.0.2.7", None, "mixed"),
    ("libpq 34.17: service file", "postgresql://pg.eds.chu.example/eds?service=evil", None, "mixed"),
    ("libpq 34.1.1.3: several hosts", "postgresql://pg.eds.chu.example,evil.example/eds", None, "mixed"),
    ("CVE-2022-21724 pgjdbc: socketFactory", "jdbc:postgresql://pg.eds.chu.example/eds?socketFactory=x", None, "mixed"),
    (
        "SQLAlchemy: a password may hold a slash",
        "postgresql://evil.example:5432/x@pg.eds.chu.example/eds",
        None,
        "malformed",
    ),
    ("MS JDBC: failoverPartner", "jdbc:sqlserver://pg.eds.chu.example;failoverPartner=evil.example", None, "mixed"),
    (
        "botocore: endpoint_url in the extra",
        "s3://eds-chu/x",
        {"extra": {"endpoint_url": "https://evil.example"}},
        "unknown",
    ),
    ("botocore: proxies", "s3://eds-chu/x", {"extra": {"proxies": {"https": "https://evil.example"}}}, "mixed"),
    ("pyarrow S3: endpoint_override", "s3://eds-chu/x?endpoint_override=evil.example", None, "mixed"),
    ("S3 virtual hosting: a bucket named like a host", "s3://oos.eu-west-2.outscale.com/x", None, "unknown"),
    ("S3: global endpoint names no region", "https://eds-chu.s3.amazonaws.com/x", None, "unknown"),
    ("S3: accelerate enters at the nearest edge", "https://eds-chu.s3-accelerate.amazonaws.com/x", None, "unknown"),
    ("Azure RA-GRS: the secondary is elsewhere", "https://chulake-secondary.blob.core.windows.net/x", None, "unknown"),
    ("one region name, two providers (OUTSCALE, AWS)", "https://s3.eu-west-2.amazonaws.com/x", None, "outside_zone"),
    ("the same, at Wasabi", "https://s3.eu-west-1.wasabisys.com/x", None, "outside_zone"),
    ("fsspec: chained URLs", "simplecache::s3://eds-chu/x", None, "unsupported"),
    ("git-remote-ext(1): a transport that runs commands", "ext::sh -c evil", None, "unsupported"),
    ("CVE-2017-1000117 git: a host that is an option", "ssh://-oProxyCommand=evil/x", None, "malformed"),
    ("CWE-22: dot segments", "/srv/eds/../../etc/x", None, "unknown"),
    ("CWE-22: encoded dot segments", "/srv/eds/%2e%2e/x", None, "unknown"),
    ("CWE-22: twice encoded dot segments", "/srv/eds/%252e%252e/x", None, "unknown"),
    ("CWE-158: null byte", "https://lac.eds.chu.example/x%00.evil", None, "malformed"),
]


@pytest.mark.parametrize(("reference", "destination", "declared", "rule"), ATTACKS, ids=[one[0] for one in ATTACKS])
def test_the_attack_is_blocked_by_its_name(guard, day, reference, destination, declared, rule):
    decision = guard.decide(destination, data_class="pseudonymized-health", on=day, declared=declared)
    assert not decision.allowed
    assert rule in {reason.rule.partition(".")[2] for reason in decision.blocks}


LONG = 16_000


@pytest.mark.parametrize(
    "text",
    [
        "host" + " " * LONG + "x",
        "https://h.example/" + "a" * LONG + ":",
        "https://h.example/?u=" + "a:" * (LONG // 2),
        "https://" + "a-" * (LONG // 2),
        "kafka://" + "a," * (LONG // 2),
        "a.example/" + "a/" * (LONG // 2) + ":",
        "jdbc:oracle:thin:@" + "(" * LONG,
        "https://h.example/" + "%25" * (LONG // 3),
        "a=b;" * (LONG // 4),
        "a" * 1_000_000,
    ],
)
def test_a_hostile_text_is_read_in_a_few_steps(guard, day, text):
    # CWE-1333: pytest's timeout is the only clock; a quadratic expression takes minutes at ten times this length
    for _ in range(20):
        assert not guard.decide(text, data_class="identified-health", on=day).allowed


@pytest.mark.parametrize("bucket", ["xn--by", "xn--zz--9", "xn--"])
def test_a_bucket_that_no_idna_reader_can_decode_gets_a_decision(guard, day, bucket):
    declared = {"host": "objects.example"}
    assert guard.decide(f"s3://{bucket}", data_class="identified-health", on=day, declared=declared).decision == "block"
