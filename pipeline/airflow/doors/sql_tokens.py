"""What are a text's SQL tokens and statements to the server? By sqlglot's tokenizer of the dialect."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator


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


class Token(NamedTuple):
    """A token: its text, and whether it is a string."""

    text: str
    string: bool

    @property
    def word(self) -> str:
        """The text in capitals, empty for a string."""
        return "" if self.string else self.text.upper()


def tokens_of(text: str, dialect: str) -> list[Token]:
    """Take a text apart as the dialect does; as words, where no dialect can."""
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
            tokens += tokens_of(shown, dialect) if whole else [Token(shown, _is_string(token))]
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


def statements_of(tokens: list[Token]) -> Iterator[list[Token]]:
    """The tokens of each statement."""
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
