"""Which places do the strings, options and functions of a SQL statement name?"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.airflow.doors.reading import Address, Fault, Reading, joined

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.airflow.doors.sql_tokens import Token


URI = re.compile(r"(?i)^\s*(?:[a-z][a-z0-9+.-]{1,20}://|jdbc:|md:|azure:|gcs:)")
LOCAL_FILE = re.compile(r"(?i)\s*file:(?:///|//$|/?[^/])")
PAIRS = re.compile(r"(?i)\b(?:host|hostaddr|server|data source)\s*=")
HOST_IN_PAIRS = re.compile(r"(?i)\b(?:host|hostaddr|server|data source)\s*=\s*'?([^\s';]+)")
OUTSIDE = "sql.unreadable"
REACHING = frozenset(
    (
        *(
            "dblink",
            "dblink_connect",
            "dblink_connect_u",
            "dblink_exec",
            "dblink_send_query",
            "postgres_query",
            "postgres_scan",
        ),
        *("mysql_scan", "mysql_query", "postgres_attach", "sqlite_attach", "read_parquet", "read_csv", "read_csv_auto"),
        *(
            "read_json",
            "read_json_auto",
            "read_text",
            "read_blob",
            "parquet_scan",
            "delta_scan",
            "iceberg_scan",
            "read_files",
        ),
        *("openrowset", "opendatasource", "openquery", "query_export_to_s3", "table_import_from_s3", "create_s3_uri"),
        *("s3", "s3cluster", "url", "urlcluster", "remote", "remotesecure", "hdfs", "azureblobstorage", "gcs", "mysql"),
        *("postgresql", "mongodb", "jdbc", "odbc", "deltalake", "iceberg", "http_get", "http_post", "http_put", "http"),
        *(
            "request",
            "request_pieces",
            "begin_request",
            "open_connection",
            "sp_send_dbmail",
            "xp_cmdshell",
            "sp_oamethod",
        ),
        *(
            "sp_invoke_external_rest_endpoint",
            "external_query",
            "ai_query",
            "http_request",
            "invoke_command",
            "lo_export",
        ),
        *("pg_notify_http", "external_access", "getvariable_url"),
    )
)


def place_of(text: str, where: str) -> Reading:
    """A string that is a URI, or holds `host=`; nothing where it is none."""
    if LOCAL_FILE.match(text):
        return Reading()  # PUT and GET: the client's own disk
    if URI.match(text):
        return Reading(addresses=(_address(text.strip(), where),))
    if PAIRS.search(text):
        hosts = HOST_IN_PAIRS.findall(text)
        return Reading(addresses=tuple(Address(uri=_host(host), where=where) for host in hosts))
    return Reading()


def _host(host: str) -> str:
    return host if "://" in host or host.startswith("/") else f"postgresql://{host.removeprefix('tcp:')}"


def _address(uri: str, where: str) -> Address:
    if uri.lower().startswith(("azure:", "gcs:")):
        scheme, _, rest = uri.partition(":")
        uri = f"https:{rest}" if scheme.lower() == "azure" else f"gs:{rest}"
    bucket = re.match(r"(?i)(s3|s3a|s3n|s3gov|s3china|gs|gcs)://([^/]*)", uri)
    if bucket:
        return Address(uri=f"{bucket[1].lower().replace('gov', '').replace('china', '')}://{bucket[2]}/", where=where)
    return Address(uri=uri.replace("*", "x").replace("{", "x").replace("}", "x"), where=where)


def pairs_of(tokens: Sequence[Token], words: Sequence[str], where: str) -> Reading:
    """`OPTIONS (host 'x')` of a foreign server, `CONNECTION 'host=x'` of a subscription, `USING '(DESCRIPTION=...'`."""
    found = []
    for index, word in enumerate(words[:-1]):
        after = tokens[index + 1]
        if after.text == "=" and index + 2 < len(tokens):
            after = tokens[index + 2]
        if not after.string or URI.match(after.text):
            continue
        if word in {"HOST", "HOSTADDR", "SERVER", "DATA_SOURCE", "ENDPOINT", "S3_ENDPOINT"}:
            found.append(Address(uri=_host(after.text), where=where))
        elif word == "USING" and "LINK" in words:
            found.append(
                Address(uri=f"oracle://@{after.text}" if "(" in after.text else _host(after.text), where=where)
            )
    return Reading(addresses=tuple(found))


def stages_of(tokens: Sequence[Token], words: Sequence[str], where: str) -> Reading:
    """`COPY INTO @stage FROM table`: a named stage may stand anywhere; the user's own and a table's stand inside."""
    if words[:2] != ["COPY", "INTO"]:
        return Reading()
    rest = "".join(token.text for token in tokens[2:5])
    if rest.startswith("@") and not rest.startswith(("@~", "@%")):
        return fault_of(
            f"COPY INTO {rest.split('/')[0][:60]} unloads to a stage whose place the statement doesn't name. Name its URL",
            where,
        )
    return Reading()


def functions_of(tokens: Sequence[Token], words: Sequence[str], where: str) -> Reading:
    """Calls of functions that connect: the strings in their parentheses are places."""
    found = Reading()
    for index, token in enumerate(tokens):
        name = token.text.lower()
        if token.string or name not in REACHING:
            continue
        called = index + 1 < len(tokens) and tokens[index + 1].text == "("
        if not called and words[0] not in {"EXEC", "EXECUTE", "CALL"}:
            continue
        inside = _inside(tokens, index + 1) if called else list(tokens[index + 1 :])
        strings = [one.text for one in inside if one.string]
        if name == "create_s3_uri" and strings:
            found += Reading(addresses=(_address(f"s3://{strings[0]}/", where),))
            continue
        read = joined(place_of(text, where) for text in strings)
        if name.startswith("dblink") and not read.addresses:
            read = fault_of("dblink connects to a server that the statement doesn't name. Write its host out", where)
        elif name in {"openrowset", "openquery", "opendatasource", "external_query"} and not read.addresses:
            read = fault_of(f"{name} reaches a server that the statement doesn't name", where)
        elif name == "sp_send_dbmail":
            read = fault_of("sp_send_dbmail sends mail from the database's server, where no door confines it", where)
        elif name in {"sp_oamethod", "remote", "remotesecure", "open_connection"} and not read.addresses:
            read = Reading(addresses=tuple(Address(uri=text, where=where) for text in strings[:1]))
        found += read
    return found


def _inside(tokens: Sequence[Token], start: int) -> list[Token]:
    depth = 0
    inside = []
    for token in tokens[start:]:
        if token.text == "(" and not token.string:
            depth += 1
        elif token.text == ")" and not token.string:
            depth -= 1
            if depth == 0:
                break
        inside.append(token)
    return inside


def fault_of(message: str, where: str) -> Reading:
    """What blocks by itself: the server would reach a place that can't be read."""
    return Reading(faults=(Fault(rule=OUTSIDE, message=f"{message}.", where=where),))
