"""Where would a task go whose operator nobody knows? By the words that operators commonly use for their arguments.

An argument named as a destination that holds an address is decided; so is every connection that exists. An address
elsewhere may be a label: it is opened if the guard allows it, and blocks nothing. What is not read is confined.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from pipeline.airflow.doors import connections
from pipeline.airflow.doors.places import read_address
from pipeline.airflow.doors.reading import Address, Reading, joined
from pipeline.airflow.doors.templates import FULL, Filled, literal, texts

if TYPE_CHECKING:
    from pipeline.airflow.doors.look import Look

DESTINATION = re.compile(
    r"(?i)(?:^|_)(?:dest|destination|dst|target|sink|output|upload|export|remote|webhook|url|uri|endpoint|host|hostname|server|bucket|address|to|location|base_url)(?:_|$)"
)
HOST = re.compile(r"(?i)(?:^|_)(?:host|hostname|server|remote_host)$")
HOST_NAME = re.compile(r"(?:[A-Za-z0-9_-]+\.)+[A-Za-z0-9-]+(?::[0-9]+)?")
BUCKET = re.compile(r"(?i)(?:^|_)bucket(?:_name)?$")
CONNECTION = re.compile(r"(?i)(?:^|_)conn(?:ection)?_id$")
SQL = re.compile(r"(?i)^(?:sql|query|hql|statement|select_query)$")
SHELL = re.compile(r"(?i)^(?:bash_command|command|cmd|script)$")


def read_unknown(look: Look) -> Reading:
    """Read an operator by its arguments' names and values."""
    found = Reading()
    for name in look.names:
        content = look.value_of(name)
        if CONNECTION.search(name):
            found += Reading() if look.at_parse else _connection(look, name, content)
        elif SHELL.match(name) or SQL.match(name):
            found += Reading() if look.at_parse else _text(name, content)
        elif DESTINATION.search(name):
            found += joined(_destination(look, name, text) for text in texts(content))
        if not look.at_parse:
            found += _labels(look, name, texts(content, deep=True))
    return found


def _destination(look: Look, name: str, text: str) -> Reading:
    if not literal([text]) or "\n" in text:
        return Reading()
    if FULL.match(text) or text.startswith("jdbc:"):
        return read_address(look, Filled(text, name, _aws_connection(look) if text.lower().startswith("s3") else ""))
    if BUCKET.search(name):
        system = _system(look, name)
        return read_address(look, Filled(f"{system}://{text}/", name, _aws_connection(look))) if system else Reading()
    if HOST.search(name) and HOST_NAME.fullmatch(text):
        return Reading(addresses=(Address(uri=f"https://{text}", where=name),))
    return Reading()


def _system(look: Look, name: str) -> str:
    """Whose bucket: told by its name, else by the connections that stand beside it."""
    around = name.lower()
    if not re.search(r"s3|gcs|gs_", around):
        around = " ".join(look.names).lower()
    if "s3" in around or "aws" in around:
        return "s3"
    return "gs" if "gcs" in around or "gcp" in around or "google" in around else ""


def _aws_connection(look: Look) -> str:
    return next((name for name in look.names if CONNECTION.search(name) and re.search("(?i)aws|s3", name)), "")


def _connection(look: Look, name: str, content: object) -> Reading:
    if not isinstance(content, str) or not content:
        return Reading()
    known = look.connection(content)
    if known is None:
        return Reading(unread=(f"the connection {content} doesn't exist",))
    if connections.system_of(known.conn_type) == "aws":
        return Reading()  # which service it calls is not known: its buckets are read by their names
    return connections.endpoints("any", known, conn_id=content, where=name, value_of=look.value_of)


def _text(name: str, content: object) -> Reading:
    from pipeline.airflow.doors.scripts import read_script
    from pipeline.airflow.doors.sql_text import read_sql

    if SQL.match(name):
        return joined(read_sql(text, dialect="", where=name) for text in texts(content))
    return joined(read_script(text, where=name, variables={}) for text in texts(content))


def _labels(look: Look, name: str, content: list[str]) -> Reading:
    found = joined(
        read_address(look, Filled(text, name, "")) for text in content if FULL.match(text) and "\n" not in text
    )
    return Reading(addresses=tuple(replace(address, optional=True) for address in found.addresses))
