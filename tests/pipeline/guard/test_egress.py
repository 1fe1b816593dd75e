"""An allowed decision opens named hosts, ports and paths, and nothing else."""

from __future__ import annotations

import pytest

from pipeline.errors import Stopped
from pipeline.guard import openings
from pipeline.guard.schemes import KNOWN, PORTS


def opened(guard, day, text, declared=None, data_class="technical"):
    decision = guard.decide(text, data_class=data_class, on=day, declared=declared)
    return [(one.host, one.port) if one.path is None else one.path for one in openings(decision)]


LAKE = "lac.eds.chu.example"
OOS = "oos.eu-west-2.outscale.com"
FAMILIES = [
    (f"https://{LAKE}/x", None, [(LAKE, 443)]),
    ("HTTPS://u:p@LAC.eds.chu.example.:8443/x?y=1", None, [(LAKE, 8443)]),
    ("postgresql://u@pg.eds.chu.example/eds", None, [("pg.eds.chu.example", 5432)]),
    ("host=pg.eds.chu.example port=5433 dbname=eds", None, [("pg.eds.chu.example", 5433)]),
    ("postgresql:///eds?host=pg.eds.chu.example&port=6000", None, [("pg.eds.chu.example", 6000)]),
    (
        "Driver={ODBC Driver 18 for SQL Server};Server=tcp:pg.eds.chu.example,14330",
        None,
        [("pg.eds.chu.example", 14330)],
    ),
    ("Driver={ODBC Driver 18 for SQL Server};Server=pg.eds.chu.example", None, [("pg.eds.chu.example", 1433)]),
    ("jdbc:oracle:thin:@//pg.eds.chu.example:1522/EDS", None, [("pg.eds.chu.example", 1522)]),
    (
        "jdbc:oracle:thin:@(DESCRIPTION=(ADDRESS=(PROTOCOL=TCP)(HOST=pg.eds.chu.example)(PORT=1530)))",
        None,
        [("pg.eds.chu.example", 1530)],
    ),
    ("k1.eds.chu.example,k2.eds.chu.example:9093", None, [("k1.eds.chu.example", 9093), ("k2.eds.chu.example", 9093)]),
    (
        "kafka://k1.eds.chu.example:9092,k1.eds.chu.example:9093",
        None,
        [("k1.eds.chu.example", 9092), ("k1.eds.chu.example", 9093)],
    ),
    (f"depot@{LAKE}:/in", None, [(LAKE, 22)]),
    (f"{LAKE}:/export", None, [(LAKE, 22), (LAKE, 2049)]),
    ("registry.eds.chu.example/eds/tool:1", None, [("registry.eds.chu.example", 443)]),
    ("https://[fd00:20::5]:9000/x", None, [("fd00:20::5", 9000)]),
    ("sftp://10.20.3.4/in", None, [("10.20.3.4", 22)]),
    ("/srv/eds/out/../x.parquet", None, ["/srv/eds/x.parquet"]),
    ("file:///srv/eds/x", None, ["/srv/eds/x"]),
    ("postgresql:///eds?host=/run/postgresql", None, ["/run/postgresql"]),
    ("relative/path.csv", None, []),
    ("hf://datasets/x", None, [("huggingface.co", 443)]),
    (
        "gs://eds-chu/x",
        None,
        [
            ("eds-chu.storage.googleapis.com", 443),
            ("storage.europe-west9.rep.googleapis.com", 443),
            ("storage.googleapis.com", 443),
        ],
    ),
    ("s3://eds-chu/x", None, [("eds-chu.s3.eu-west-3.amazonaws.com", 443), ("s3.eu-west-3.amazonaws.com", 443)]),
    (
        "s3://public/x",
        {"region": "us-east-1"},
        [("public.s3.us-east-1.amazonaws.com", 443), ("s3.us-east-1.amazonaws.com", 443)],
    ),
    ("s3://b/x", {"endpoint_url": f"https://{OOS}"}, [(f"b.{OOS}", 443), (OOS, 443)]),
    ("s3://b/x", {"endpoint_url": f"http://{LAKE}:9000"}, [(LAKE, 9000)]),
    ("s3://b/x", {"endpoint_url": f"http://{LAKE}"}, [(LAKE, 80)]),
    (
        "abfss://c@chulake.dfs.core.windows.net/x",
        None,
        [("chulake.blob.core.windows.net", 443), ("chulake.dfs.core.windows.net", 443)],
    ),
    ("postgresql:///eds", {"host": "pg.eds.chu.example", "port": 5444}, [("pg.eds.chu.example", 5444)]),
    (
        f"https://{LAKE}/x",
        {"proxy": "http://proxy.eds.chu.example:3128"},
        [(LAKE, 443), ("proxy.eds.chu.example", 3128)],
    ),
]


@pytest.mark.parametrize(("text", "declared", "expected"), FAMILIES)
def test_an_allowed_destination_opens_its_hosts_and_ports(guard, day, text, declared, expected):
    assert opened(guard, day, text, declared) == expected


def test_a_port_is_never_another_destinations_of_the_same_host(guard, day):
    assert opened(guard, day, f"https://{LAKE}:1111/a") == [(LAKE, 1111)]
    assert opened(guard, day, f"https://{LAKE}:2222/a") == [(LAKE, 2222)]
    assert opened(guard, day, f"https://{LAKE}/a") == [(LAKE, 443)]


def test_a_verified_host_opens_no_bucket_host_under_it(guard, day):
    assert opened(guard, day, "s3://b/x", {"endpoint_url": f"https://{LAKE}"}, "identified-health") == [(LAKE, 443)]


def test_a_block_opens_nothing(guard, day):
    with pytest.raises(Stopped, match="blocked"):
        openings(guard.decide("https://evil.example", data_class="identified-health", on=day))


def test_a_client_whose_port_is_unknown_is_told_to_name_it(guard, day):
    decision = guard.decide("Driver={Homemade};Server=pg.eds.chu.example", data_class="technical", on=day)
    with pytest.raises(Stopped, match="host:port"):
        openings(decision)


def test_every_scheme_that_names_a_host_has_a_port():
    assert KNOWN - PORTS.keys() == {"sqlite", "unix", "http+unix", "jdbc"}
