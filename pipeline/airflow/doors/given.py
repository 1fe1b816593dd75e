"""What is given to a program that runs on another machine: which addresses stand in its arguments and settings?"""

from __future__ import annotations

import re

from pipeline.airflow.doors.reading import Address, Reading, joined
from pipeline.airflow.doors.scripts import read_script

URI = re.compile(r"(?i)\b(?:[a-z][a-z0-9+.-]{1,20}://|jdbc:[a-z]+:)[^\s'\"<>|;]+")
LABEL_SCHEMES = frozenset(("local", "file", "dbfs", "docker", "k8s", "spark", "urn", "oci", "arn", "x-douane", "unix"))
SCRIPT = re.compile(
    r"(?:^|\s)(?:curl|wget|aws|gsutil|gcloud|azcopy|rclone|scp|rsync|sftp|ssh|nc|ncat|psql|mongodump|az|ftp|lftp)\s"
)


def read_given(content: list[str], *, where: str) -> Reading:
    """Read texts: every URI in them, and what reads as a shell command."""
    found = joined(_uris(text, where) for text in content)
    scripts = [text for text in content if SCRIPT.search(text) and " " in text.strip()]
    words = " ".join(text for text in content if text)
    if SCRIPT.match(words):
        scripts.append(words)
    return found + joined(read_script(text, where=where, variables={}).elsewhere() for text in scripts)


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
