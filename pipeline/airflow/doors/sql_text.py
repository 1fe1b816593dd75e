"""Where would this SQL send rows, besides the database that runs it?

Read by sqlglot's tokenizer of the dialect, so that comments, quotes and dollar quotes are what they are to the server.
What a server does for a statement happens on that server, where no door confines it: an unreadable destination blocks.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.airflow.doors.reading import Reading, joined
from pipeline.airflow.doors.sql_places import URI, fault_of, functions_of, pairs_of, place_of, stages_of
from pipeline.airflow.doors.sql_tokens import statements_of, tokens_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.airflow.doors.sql_tokens import Token

# Statements that move rows out of the server, or bring code to it.
MOVERS = re.compile(
    r"(?i)^(?:COPY|UNLOAD|EXPORT|IMPORT|ATTACH|BACKUP|RESTORE|LOAD|CREATE (?:OR REPLACE )?(?:TEMP(?:ORARY)? )?(?:STAGE|EXTERNAL|SERVER|FOREIGN|"
    r"SUBSCRIPTION|STORAGE|NOTIFICATION|API|CATALOG|PUBLICATION|SHARE|DATABASE LINK|PUBLIC DATABASE LINK|SHARED DATABASE LINK|CONNECTION|SECRET|"
    r"PERSISTENT SECRET|FUNCTION|PROCEDURE|DATASHARE|CREDENTIAL|ICEBERG|VOLUME)|ALTER (?:STAGE|EXTERNAL|SERVER|SUBSCRIPTION|SHARE|DATABASE|DATASHARE|SYSTEM|FOREIGN)"
    r"|PUT|GET|DO|EXEC|EXECUTE|CALL|INSERT (?:INTO|OVERWRITE) (?:TABLE )?(?:FUNCTION|DIRECTORY|LOCAL)|INSTALL|CLONE)\b"
)
CODE = re.compile(r"(?i)^(?:plpython[23]?u?|plperlu?|plsh|pltclu?|pljavau?|plv8|c|python|java|javascript|scala|r)$")
LOCAL_FILTERS = frozenset(
    "cat gzip gunzip zcat zstd bzip2 xz lz4 tee sort cut tr sed awk head tail wc iconv dd split true".split()
)


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
    return joined(_statement(tokens, where) for tokens in statements_of(tokens_of(text, dialect)))


def _statement(tokens: Sequence[Token], where: str) -> Reading:
    words = [token.word for token in tokens]
    head = " ".join(word for word in words[:6] if word)
    if words and words[0] in {"EXPLAIN", "WITH", "BEGIN"} and len(tokens) > 1:
        head = " ".join(word for word in words[1:7] if word)
    found = _program(tokens, words, where) + _code(tokens, words, where) + _elsewhere(words, where)
    strings = [token.text for token in tokens if token.string]
    moves = bool(MOVERS.match(head))
    if moves or _outfile(words):
        found += joined(place_of(text, where) for text in strings)
        found += stages_of(tokens, words, where) + pairs_of(tokens, words, where)
        if words[0] in {"DO", "EXEC", "EXECUTE", "CALL", "CREATE"}:
            found += joined(_nested(text, where) for text in strings)
    found += functions_of(tokens, words, where)
    if _from_file(words, tokens):
        found += joined(place_of(token.text, where) for token in tokens if token.string or "://" in token.text)
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


def _program(tokens: Sequence[Token], words: Sequence[str], where: str) -> Reading:
    """`COPY ... TO PROGRAM 'curl ...'` and `xp_cmdshell 'curl ...'`: a shell on the database's server."""
    found = Reading()
    for index, word in enumerate(words[:-1]):
        after = tokens[index + 1]
        if (word == "PROGRAM" and "COPY" in words) or word == "XP_CMDSHELL":
            if not after.string:
                found += fault_of(
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
        return fault_of(
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
            return fault_of(
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
            return fault_of(f"{statement} hands data to an account whose place the statement doesn't name", where)
    return Reading()
