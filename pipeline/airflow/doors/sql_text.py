"""Where would this SQL send rows, besides the database that runs it?

Read by sqlglot's tokenizer of the dialect, so that comments, quotes and dollar quotes are what they are to the server.
What a server does for a statement happens on that server, where no door confines it: an unreadable destination blocks.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from pipeline.airflow.doors.reading import Address, Fault, Reading, joined

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

DIALECTS = {
    "postgres": "postgres",
    "redshift": "redshift",
    "mysql": "mysql",
    "mssql": "tsql",
    "odbc": "tsql",
    "oracle": "oracle",
    "snowflake": "snowflake",
    "databricks": "databricks",
    "bigquery": "bigquery",
    "gcpbigquery": "bigquery",
    "athena": "athena",
    "duckdb": "duckdb",
    "sqlite": "sqlite",
    "spark": "spark",
    "trino": "trino",
    "presto": "presto",
    "hive": "hive",
    "clickhouse": "clickhouse",
    "redshift-data": "redshift",
}
URI = re.compile(r"(?i)^\s*(?:[a-z][a-z0-9+.-]{1,20}://|jdbc:|md:|azure:|gcs:)")
LOCAL_FILE = re.compile(r"(?i)\s*file:(?:///|//$|/?[^/])")
PAIRS = re.compile(r"(?i)\b(?:host|hostaddr|server|data source)\s*=")
HOST_IN_PAIRS = re.compile(r"(?i)\b(?:host|hostaddr|server|data source)\s*=\s*'?([^\s';]+)")

# Statements and functions that move rows out of the server, or bring code to it.
MOVERS = re.compile(
    r"(?i)^(?:COPY|UNLOAD|EXPORT|IMPORT|ATTACH|BACKUP|RESTORE|LOAD|CREATE (?:OR REPLACE )?(?:TEMP(?:ORARY)? )?(?:STAGE|EXTERNAL|SERVER|FOREIGN|"
    r"SUBSCRIPTION|STORAGE|NOTIFICATION|API|CATALOG|PUBLICATION|SHARE|DATABASE LINK|PUBLIC DATABASE LINK|SHARED DATABASE LINK|CONNECTION|SECRET|"
    r"PERSISTENT SECRET|FUNCTION|PROCEDURE|DATASHARE|CREDENTIAL|ICEBERG|VOLUME)|ALTER (?:STAGE|EXTERNAL|SERVER|SUBSCRIPTION|SHARE|DATABASE|DATASHARE|SYSTEM|FOREIGN)"
    r"|PUT|GET|DO|EXEC|EXECUTE|CALL|INSERT (?:INTO|OVERWRITE) (?:TABLE )?(?:FUNCTION|DIRECTORY|LOCAL)|INSTALL|CLONE)\b"
)
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
CODE = re.compile(r"(?i)^(?:plpython[23]?u?|plperlu?|plsh|pltclu?|pljavau?|plv8|c|python|java|javascript|scala|r)$")
LOCAL_FILTERS = frozenset(
    "cat gzip gunzip zcat zstd bzip2 xz lz4 tee sort cut tr sed awk head tail wc iconv dd split true".split()
)
OUTSIDE = "sql.unreadable"


class Token(NamedTuple):
    """A token: its text, and whether it is a string."""

    text: str
    string: bool

    @property
    def word(self) -> str:
        """The text in capitals, empty for a string."""
        return "" if self.string else self.text.upper()


def read_sql(text: str, *, dialect: str, where: str) -> Reading:
    """Read one or more statements.

    Args:
        text: SQL, rendered.
        dialect: The type of the connection that runs it.
        where: The argument that holds it.

    Example:
        >>> [address.uri for address in read_sql("UNLOAD ('select 1') TO 's3://b/x'", dialect="redshift", where="sql").addresses]
        ['s3://b/']
    """
    return joined(_statement(tokens, where) for tokens in _statements(_tokens(text, dialect)))


def _tokens(text: str, dialect: str) -> list[Token]:
    from sqlglot import Dialect
    from sqlglot.errors import SqlglotError

    for name in dict.fromkeys((DIALECTS.get(dialect, ""), "", "postgres")):
        try:
            found = Dialect.get_or_raise(name or None).tokenize(text)
        except SqlglotError:
            continue
        tokens: list[Token] = []
        for before, token in pairwise([None, *found]):
            shown = str(getattr(token, "text", ""))
            # What the dialect doesn't take apart itself (a command) comes as one string, and is taken apart all the same.
            whole = before is not None and _kind(before) == "COMMAND" and _is_string(token)
            tokens += _tokens(shown, dialect) if whole else [Token(shown, _is_string(token))]
        return tokens
    return _words(text)


def _words(text: str) -> list[Token]:
    return [
        Token(word.strip("'\""), word[:1] in "'\"") for word in re.findall(r"'(?:[^']|'')*'|\"[^\"]*\"|\w+|\S", text)
    ]


def _is_string(token: object) -> bool:
    return _kind(token).endswith("STRING")


def _kind(token: object) -> str:
    return str(getattr(token, "token_type", "")).rpartition(".")[2]


def _statements(tokens: list[Token]) -> Iterator[list[Token]]:
    part: list[Token] = []
    for token in tokens:
        if token.text == ";" and not token.string:
            if part:
                yield part
            part = []
        else:
            part.append(token)
    if part:
        yield part


def _statement(tokens: Sequence[Token], where: str) -> Reading:
    words = [token.word for token in tokens]
    head = " ".join(word for word in words[:6] if word)
    if words and words[0] in {"EXPLAIN", "WITH", "BEGIN"} and len(tokens) > 1:
        head = " ".join(word for word in words[1:7] if word)
    found = _program(tokens, words, where) + _code(tokens, words, where) + _elsewhere(words, where)
    strings = [token.text for token in tokens if token.string]
    moves = bool(MOVERS.match(head))
    if moves or _outfile(words):
        found += joined(_place(text, where) for text in strings)
        found += _stages(tokens, words, where) + _pairs(tokens, words, where)
        if words[0] in {"DO", "EXEC", "EXECUTE", "CALL", "CREATE"}:
            found += joined(_nested(text, where) for text in strings)
    found += _functions(tokens, words, where)
    if _from_file(words, tokens):
        found += joined(_place(token.text, where) for token in tokens if token.string or "://" in token.text)
    if words[0] in {"UNLOAD", "EXPLAIN"}:
        found += joined(_nested(text, where) for text in strings)
    return found


def _nested(text: str, where: str) -> Reading:
    """SQL inside a string: a function's body, a prepared statement."""
    if len(text) < 10 or " " not in text.strip():
        return Reading()
    return read_sql(text, dialect="", where=where)


def _outfile(words: Sequence[str]) -> bool:
    return "OUTFILE" in words or "DUMPFILE" in words or "DIRECTORY" in words


def _from_file(words: Sequence[str], tokens: Sequence[Token]) -> bool:
    """`FROM 's3://...'` and `TABLE parquet.`s3://...``: DuckDB's and Spark's way to name a file as a table."""
    return any(
        word in {"FROM", "JOIN", "INTO", "LOCATION", "USING"}
        and index + 1 < len(tokens)
        and URI.match(tokens[index + 1].text)
        for index, word in enumerate(words)
    ) or any(URI.match(token.text) for token in tokens if not token.string and "://" in token.text)


def _place(text: str, where: str) -> Reading:
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


def _pairs(tokens: Sequence[Token], words: Sequence[str], where: str) -> Reading:
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


def _stages(tokens: Sequence[Token], words: Sequence[str], where: str) -> Reading:
    """`COPY INTO @stage FROM table`: a named stage may stand anywhere; the user's own and a table's stand inside."""
    if words[:2] != ["COPY", "INTO"]:
        return Reading()
    rest = "".join(token.text for token in tokens[2:5])
    if rest.startswith("@") and not rest.startswith(("@~", "@%")):
        return _fault(
            f"COPY INTO {rest.split('/')[0][:60]} unloads to a stage whose place the statement doesn't name. Name its URL",
            where,
        )
    return Reading()


def _program(tokens: Sequence[Token], words: Sequence[str], where: str) -> Reading:
    """`COPY ... TO PROGRAM 'curl ...'` and `xp_cmdshell 'curl ...'`: a shell on the database's server."""
    found = Reading()
    for index, word in enumerate(words[:-1]):
        after = tokens[index + 1]
        if (word == "PROGRAM" and "COPY" in words) or word == "XP_CMDSHELL":
            if not after.string:
                found += _fault(
                    "a program on the database's server is started whose command can't be read. Write it out", where
                )
            else:
                found += _command(after.text, where)
    if words[:2] == ["ALTER", "SYSTEM"] and any(word.endswith("_COMMAND") for word in words):
        found += joined(_command(token.text, where) for token in tokens if token.string)
    return found


def _command(command: str, where: str) -> Reading:
    from pipeline.airflow.doors.shell_text import command_names, read_shell

    read = read_shell(command, where=where, variables={}).elsewhere()
    strange = [name for name in command_names(command) if name.rpartition("/")[2] not in LOCAL_FILTERS]
    if strange and not read.addresses and not read.faults:
        return _fault(
            f"the database's server would start {strange[0][:40]}, and no door confines it there. Export with a task instead",
            where,
        )
    return read


def _code(tokens: Sequence[Token], words: Sequence[str], where: str) -> Reading:
    """Functions and blocks in a language that may connect anywhere."""
    if not words or words[0] not in {"CREATE", "DO"}:
        return Reading()
    for index, word in enumerate(words[:-1]):
        if word == "LANGUAGE" and CODE.match(tokens[index + 1].text):
            return _fault(
                f"code in {tokens[index + 1].text} would run on the database's server, where no door confines it. Use plain SQL",
                where,
            )
    return Reading()


def _elsewhere(words: Sequence[str], where: str) -> Reading:
    """What hands data to another account or a replica without naming a place."""
    line = " ".join(words)
    for statement in (
        "ADD ACCOUNTS",
        "ENABLE REPLICATION TO ACCOUNTS",
        "AS REPLICA OF",
        "ENABLE FAILOVER TO ACCOUNTS",
        "SET ACCOUNTS",
    ):
        if statement in line.replace(" =", ""):
            return _fault(f"{statement} hands data to an account whose place the statement doesn't name", where)
    return Reading()


def _functions(tokens: Sequence[Token], words: Sequence[str], where: str) -> Reading:
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
        read = joined(_place(text, where) for text in strings)
        if name.startswith("dblink") and not read.addresses:
            read = _fault("dblink connects to a server that the statement doesn't name. Write its host out", where)
        elif name in {"openrowset", "openquery", "opendatasource", "external_query"} and not read.addresses:
            read = _fault(f"{name} reaches a server that the statement doesn't name", where)
        elif name == "sp_send_dbmail":
            read = _fault("sp_send_dbmail sends mail from the database's server, where no door confines it", where)
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


def _fault(message: str, where: str) -> Reading:
    return Reading(faults=(Fault(rule=OUTSIDE, message=f"{message}.", where=where),))
