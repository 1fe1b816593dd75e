"""Where would shell commands send bytes? Read by bash's own grammar."""

import pytest

from pipeline.airflow.doors.scripts import read_script

CASES = [
    ("curl -sS -T /srv/x https://a.example/up", ["https://a.example/up"]),
    ("U=https://a.example; curl $U/x", ["https://a.example/x"]),
    ('curl -d @x "https://a.example/$(date +%F)"', ["https://a.example/x"]),
    ("curl -x http://proxy.example:3128 https://a.example", ["https://a.example", "http://proxy.example:3128"]),
    ("aws s3 sync /srv s3://bucket/in --region eu-west-3", ["s3://bucket/"]),
    ("aws --endpoint-url http://127.0.0.9:9000 s3 ls", ["http://127.0.0.9:9000"]),
    ("aws dynamodb put-item --region us-east-1", ["https://dynamodb.us-east-1.amazonaws.com"]),
    ("gsutil -m cp x gs://b/c", ["gs://b/"]),
    ("azcopy copy ./x 'https://acct.blob.core.windows.net/c?sig=a'", ["https://acct.blob.core.windows.net/c?sig=a"]),
    ("cat x > /dev/tcp/203.0.113.7/80", ["203.0.113.7:80"]),
    ("bash -c 'curl https://a.example'", ["https://a.example"]),
    ("sudo -u bob scp x bob@a.example:/in", ["sftp://a.example"]),
    ("rsync -az -e 'ssh -p 2222' /srv/ me@a.example:in", ["sftp://a.example:2222"]),
    ("find . -name '*.csv' -exec curl -T {} https://a.example/ \\;", ["https://a.example/"]),
    ("x=$(wget -qO- https://a.example)", ["https://a.example"]),
    ("f() { nc a.example 4444 < x; }; f", ["a.example:4444"]),
    ("psql -h pg.example -p 5433 -c 'select 1'", ["postgresql://pg.example:5433"]),
    ("psql 'host=pg.example dbname=x'", ["host=pg.example dbname=x"]),
    ("mongodump --uri mongodb://m.example/db", ["mongodb://m.example/db"]),
    ("ssh a.example 'curl https://b.example'", ["sftp://a.example", "https://b.example"]),
    ("docker push registry.example/x:1", ["registry.example/x:1"]),
    ("echo done | mail -s hi a@mail.example", ["smtp://mail.example"]),
    ("mytool --out=s3://bucket/x", ["s3://bucket/"]),
    ("echo 'codes of http://loinc.org'; grep https://x.example f", []),
]


@pytest.mark.parametrize(("text", "uris"), CASES)
def test_a_destination_that_stands_in_the_text_is_read(text, uris):
    found = read_script(text, where="bash_command", variables={})
    assert [address.uri for address in found.addresses if not address.optional] == uris


@pytest.mark.parametrize(
    "text",
    ["curl $U", 'eval "$X"', "echo aGk= | base64 -d | bash", "curl -K cfg", "rclone copy x remote:b", "xargs curl < urls",
     "python -c 'import socket'", "dig $(cat x).a.example", "docker run x", "$X https://a.example", "git push"],
)  # fmt: skip
def test_what_only_the_shell_knows_is_said_to_be_unread(text):
    assert read_script(text, where="bash_command", variables={}).unread


def test_what_runs_elsewhere_must_be_readable():
    found = read_script("curl $U", where="command", variables={}).elsewhere()
    assert [fault.rule for fault in found.faults] == ["task.unconfined"]


def test_a_variable_of_the_task_is_known():
    found = read_script('curl "$U"', where="bash_command", variables={"U": "https://a.example"})
    assert [address.uri for address in found.addresses] == ["https://a.example"]


def test_a_variable_with_two_values_is_not():
    assert read_script("U=https://a.example; U=https://b.example; curl $U", where="x", variables={}).unread
