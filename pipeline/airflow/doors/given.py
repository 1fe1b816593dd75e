"""What is given to a program that runs on another machine: which addresses stand in its arguments, settings and files?"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.airflow.doors.reading import Address, Fault, Reading, joined
from pipeline.airflow.doors.scripts import read_script
from pipeline.airflow.doors.templates import texts

if TYPE_CHECKING:
    from collections.abc import Iterator

URI = re.compile(r"(?i)\b(?:[a-z][a-z0-9+.-]{1,20}://|jdbc:[a-z]+:)[^\s'\"<>|;]+")
LABEL_SCHEMES = frozenset(("local", "file", "dbfs", "docker", "k8s", "spark", "urn", "oci", "arn", "x-douane", "unix"))
SCRIPT = re.compile(
    r"(?:^|\s)(?:curl|wget|aws|gsutil|gcloud|azcopy|rclone|scp|rsync|sftp|ssh|nc|ncat|psql|mongodump|az|ftp|lftp)\s"
)
# Settings that hold a bare host or bucket: PGHOST, spark.hadoop.fs.s3a.endpoint, --server, S3_BUCKET.
PLACE = re.compile(r"(?i)(?:host(?:name|addr)?|servers?|endpoint|ur[li]|brokers?|proxy)$")
HOST = re.compile(r"(?:[A-Za-z0-9_-]+\.)+[A-Za-z]{2,}(?::[0-9]{1,5})?|[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?::[0-9]{1,5})?")
OF_THE_CLUSTER = re.compile(r"(?i)\.(?:svc|local|internal)(?::[0-9]+)?$|^127\.")
BUCKET = re.compile(r"(?i)(?:^|[._-])(s3|aws|gcs|gs|google)?[._-]?(?:\w*[._-])?bucket(?:[._-]?name)?$")
SETTING = re.compile(r"-{0,2}([A-Za-z][\w.-]*)[=\s]\s*(\S+)\s*")
_LARGEST = 1 << 20  # of a template; what is larger isn't one


def read_given(content: Any, *, where: str) -> Reading:
    """Read an argument at any depth: every URI in it, settings that name a host, and what reads as a shell command."""
    words = texts(content, deep=True)
    found = joined(_uris(text, where) for text in words)
    found += joined(_setting(name, text, where) for name, text in settings(content))
    scripts = [text for text in words if SCRIPT.search(text) and " " in text.strip()]
    line = " ".join(words)
    if SCRIPT.match(line):
        scripts.append(line)
    return found + joined(read_script(text, where=where, variables={}).elsewhere() for text in scripts)


def read_given_file(path: str, *, where: str) -> Reading:
    """Read a local file that is given away: a pod's template, Spark's properties. One that can't be read blocks."""
    import yaml

    try:
        file = Path(path)
        text = file.read_text(encoding="utf-8") if file.stat().st_size <= _LARGEST else None
    except (OSError, ValueError):
        text = None
    if text is None:
        message = (
            f"{where} names a file that can't be read here, so nobody can tell what is given to what runs elsewhere."
        )
        return Reading(faults=(Fault(rule="task.unconfined", message=message, where=where),))
    try:
        content: Any = list(yaml.safe_load_all(text))
    except yaml.YAMLError:
        content = text.splitlines()
    lines = text.splitlines() if all(isinstance(one, str) for one in content) else []
    return read_given([content, lines], where=where)


def settings(content: Any) -> Iterator[tuple[str, str]]:  # noqa: C901 - a form each
    """Names with their values: of mappings, of Kubernetes' `{name, value}`, of `NAME=value` and `--name value`.

    Example:
        >>> list(settings([{"name": "PGHOST", "value": "pg.e.example"}, "--host", "h.example", "a.url=x.example"]))
        [('name', 'PGHOST'), ('value', 'pg.e.example'), ('PGHOST', 'pg.e.example'), ('host', 'h.example'), ('a.url', 'x.example')]
    """
    if isinstance(content, str):
        if told := SETTING.fullmatch(content):
            yield told[1], told[2]
    elif isinstance(content, Mapping):
        for name, value in content.items():
            if isinstance(value, str):
                yield str(name), value
            else:
                yield from settings(value)
        if isinstance(content.get("name"), str) and isinstance(content.get("value"), str):
            yield content["name"], content["value"]
    elif isinstance(content, list | tuple | set | frozenset):
        items = list(content)
        for index, item in enumerate(items):
            after = items[index + 1] if index + 1 < len(items) else None
            if isinstance(item, str) and item.startswith("-") and "=" not in item and isinstance(after, str):
                yield item.lstrip("-"), after
            yield from settings(item)
    elif hasattr(content, "to_dict") and not isinstance(content, type):
        yield from settings(content.to_dict())


def _setting(name: str, text: str, where: str) -> Reading:
    named = BUCKET.search(name)
    if named and named[1] and re.fullmatch(r"[a-z0-9][a-z0-9._-]{2,62}", text):
        scheme = "s3" if named[1].lower() in {"s3", "aws"} else "gs"
        return Reading(addresses=(Address(uri=f"{scheme}://{text}", where=where),))
    if not PLACE.search(name):
        return Reading()
    hosts = [host.strip() for host in text.split(",")]
    return Reading(
        addresses=tuple(
            Address(uri=f"https://{host}", where=f"{where} ({name[:60]})")
            for host in hosts
            if HOST.fullmatch(host) and not OF_THE_CLUSTER.search(host)
        )
    )


def _uris(text: str, where: str) -> Reading:
    addresses = []
    for uri in URI.findall(text):
        scheme = uri.partition(":")[0].lower()
        if scheme in LABEL_SCHEMES:
            continue
        plain = uri.rstrip(".,)]}")
        bucket = re.match(r"(?i)(s3|s3a|s3n|gs|gcs)://([^/]*)", plain)
        addresses.append(Address(uri=f"{bucket[1].lower()}://{bucket[2]}" if bucket else plain, where=where))
    return Reading(addresses=tuple(addresses))
