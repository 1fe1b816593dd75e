"""Where would these shell commands send bytes? Read by tree-sitter's bash grammar; what can't be read is said, not guessed."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pipeline.airflow.doors.reading import Reading
from pipeline.airflow.doors.shell_commands import read_command
from pipeline.airflow.doors.shell_remote import SSH_TAKES
from pipeline.airflow.doors.shell_words import UNKNOWN, Command, Surroundings, free_words, socket_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    ReadSql = Callable[[str, str, str], Reading]
    """SQL, its dialect, where it stands."""

DEV = re.compile(r"/dev/(tcp|udp)/([^/\s]+)/([^/\s]+)")
DEEPEST = 6
_SQL_CLIENTS = {"psql": "-c", "mysql": "-e", "mariadb": "-e", "clickhouse-client": "-q"}
_NO_WORDS = frozenset(("file_redirect", "herestring_redirect", "heredoc_redirect", "variable_assignment", "comment"))
# Programs that run another: what follows their options is a command again.
WRAPPERS = frozenset(
    "sudo env nohup time timeout nice ionice stdbuf setsid command exec xargs watch doas unshare chroot flock strace parallel busybox builtin tsocks proxychains proxychains4 torsocks".split()
)
SHELLS = frozenset("bash sh dash zsh ksh ash".split())
TAKES_VALUE = re.compile(
    r"-[unCgIiPdLsk]|--(?:user|group|signal|kill-after|adjustment|class|max-args|max-procs|replace|delimiter)"
)


def read_shell(
    text: str, *, where: str, variables: Mapping[str, Any], sql: ReadSql | None = None, depth: int = 0
) -> Reading:
    """Read a script.

    Args:
        text: The script, rendered.
        where: The argument that holds it.
        variables: What the task sets in its environment.
        sql: Who reads the SQL in it (`psql -c '...'`); without, it is said to be unread.
        depth: How many shells this one is inside of.

    Example:
        >>> [address.uri for address in read_shell("curl -T x https://e.example/", where="bash_command", variables={}).addresses]
        ['https://e.example/']
    """
    known = {str(name): str(value) for name, value in variables.items()}
    read_sql = sql or _no_sql

    def script_of(inner: str, at: str, inherited: Mapping[str, Any]) -> Reading:
        if UNKNOWN in inner or depth >= DEEPEST:
            return Reading(unread=(f"{at} runs a script that only the shell knows",))
        return read_shell(inner, where=at, variables=inherited, sql=sql, depth=depth + 1)

    found = Reading()
    for match in DEV.finditer(text):
        found += socket_of(match[2], match[3], f"/dev/{match[1]}", where)
    for command in commands(text, known):
        if UNKNOWN in command.name:
            found += Reading(unread=(f"{where} starts a program that only the shell knows",))
            continue
        inner = _inner_script(command)
        if inner is not None:
            found += script_of(inner, where, known)
        else:
            found += read_command(command, Surroundings(where, known, lambda one, at: script_of(one, at, {}), read_sql))
    return found


def _no_sql(_text: str, _dialect: str, where: str) -> Reading:
    return Reading(unread=(f"{where} runs SQL that isn't read",))


def _inner_script(command: Command) -> str | None:  # noqa: C901, PLR0911 - a case each
    """The script that a command runs: `bash -c '...'`, `eval '...'`, `sudo curl ...`."""
    name = command.name.rpartition("/")[2]
    if name in SHELLS:
        for index, word in enumerate(command.words[:-1]):
            if re.fullmatch(r"-[a-z]*c", word):
                return command.words[index + 1]
        return UNKNOWN if not command.words or command.words[0] in {"-s", "-"} else None
    if name == "trap":
        return command.words[0] if command.words and not command.words[0].startswith("-") else ""
    if name in {"eval", "source", "."}:
        return " ".join(command.words) if name == "eval" else None
    if name == "find":
        at = next(
            (index for index, word in enumerate(command.words) if re.fullmatch(r"-(?:exec|ok)(?:dir)?", word)), None
        )
        return None if at is None else _script_of([word for word in command.words[at + 1 :] if word not in {";", "+"}])
    if name in WRAPPERS:
        words = list(command.words)
        while words and (words[0].startswith("-") or "=" in words[0] or re.fullmatch(r"[0-9.]+[smhd]?", words[0])):
            if TAKES_VALUE.fullmatch(words.pop(0)) and words:
                words.pop(0)
        if name in {"flock", "chroot"} and words:
            words.pop(0)
        if name in {"xargs", "parallel"}:
            words.append(UNKNOWN)
        return _script_of(words)
    return None


def _script_of(words: list[str]) -> str | None:
    return " ".join(_quoted(UNKNOWN if word == "{}" else word) for word in words) or None


def _quoted(word: str) -> str:
    return f'"${{douane_unknown_{len(word)}}}"' if UNKNOWN in word else "'" + word.replace("'", "'\\''") + "'"


def command_names(text: str) -> list[str]:
    """The programs that a script starts."""
    return [command.name for command in commands(text, {})]


def commands(text: str, known: dict[str, str]) -> Iterator[Command]:
    """Every command of a script, in order, also inside substitutions, pipes and functions; `known` learns assignments."""
    source = text.encode()
    tree = _parser().parse(source)
    yield from _walk(tree.root_node, source, known)


def _walk(node: Any, source: bytes, known: dict[str, str], fed: str = "") -> Iterator[Command]:
    """Every command below a node. `fed`: what a here-document hands to the commands of its statement."""
    if node.type == "variable_assignment":
        _learn(node, source, known)
    elif node.type == "redirected_statement":
        fed = _here_document(node, source, known) or fed
    elif node.type == "pipeline":
        yield from _piped(node, source, known, fed)
        return
    elif node.type == "command":
        yield from _started(node, source, known, fed)
    for child in node.children:
        if node.type == "command" and child.type == "variable_assignment":
            continue
        yield from _walk(child, source, known, fed)


def _started(node: Any, source: bytes, known: dict[str, str], fed: str) -> Iterator[Command]:
    for child in node.children:
        if child.type == "variable_assignment":
            _learn(child, source, known)
        elif child.type == "herestring_redirect":
            fed = _text(child.children[-1], source, known)
    texts = [_text(word, source, known) for word in node.children if word.type not in _NO_WORDS]
    if texts:
        yield _with_input(Command(texts[0], tuple(texts[1:])), fed)


def _piped(node: Any, source: bytes, known: dict[str, str], fed: str) -> Iterator[Command]:
    """What `echo` says is handed to the next: `echo 'curl ...' | sh`."""
    for child in node.children:
        after = ""
        for command in _walk(child, source, known, fed):
            yield command
            if command.name in {"echo", "printf"}:
                after = " ".join(word for word in command.words if not re.fullmatch(r"-[neE]+", word))
            elif command.name == "cat" and not command.words:
                after = fed
        if child.is_named:
            fed = after


def _here_document(node: Any, source: bytes, known: dict[str, str]) -> str:
    for redirect in node.children:
        for child in redirect.children if redirect.type == "heredoc_redirect" else ():
            if child.type == "heredoc_body":
                return _text(child, source, known)
    return ""


def _with_input(command: Command, fed: str) -> Command:
    """A shell that reads a here-document runs it: `bash <<EOF`, `ssh host <<EOF`."""
    if not fed:
        return command
    name = command.name.rpartition("/")[2]
    if name in SHELLS and all(word.startswith("-") and not re.fullmatch(r"-[a-z]*c", word) for word in command.words):
        return Command(command.name, ("-c", fed))
    if name in _SQL_CLIENTS:
        return Command(command.name, (*command.words, _SQL_CLIENTS[name], fed))
    if name == "ssh" and len(free_words(command.words, SSH_TAKES)) == 1:
        return Command(command.name, (*command.words, fed))
    return command


def _learn(node: Any, source: bytes, known: dict[str, str]) -> None:
    name, value = node.child_by_field_name("name"), node.child_by_field_name("value")
    if name is not None and name.type == "variable_name":
        key = source[name.start_byte : name.end_byte].decode("utf-8", "replace")
        # A second assignment makes it uncertain which of the two holds.
        new = _text(value, source, known) if value is not None else ""
        known[key] = new if known.get(key, new) == new else UNKNOWN


def _text(node: Any, source: bytes, known: dict[str, str]) -> str:  # noqa: PLR0911 - a case each
    """What a word is to the program, with UNKNOWN for what only the shell knows."""
    raw = source[node.start_byte : node.end_byte].decode("utf-8", "replace")
    if node.type in {"word", "number", "variable_name", "file_descriptor"}:
        return re.sub(r"\\(.)", r"\1", raw)
    if node.type == "raw_string":
        return raw[1:-1]
    if node.type == "ansi_c_string":
        return raw[2:-1].encode("latin-1", "replace").decode("unicode_escape", "replace")
    if node.type == "simple_expansion":
        return known.get(raw[1:], UNKNOWN)
    if node.type == "expansion":
        return known.get(raw[2:-1], UNKNOWN)
    if node.type in {"command_substitution", "process_substitution", "arithmetic_expansion", "brace_expression"}:
        return UNKNOWN
    if node.type == "string":
        return _pieces(node, source, known, node.start_byte + 1, node.end_byte - 1)
    if node.type in {"command_name", "concatenation"}:
        return _pieces(node, source, known, node.start_byte, node.end_byte)
    return raw if not node.children else _pieces(node, source, known, node.start_byte, node.end_byte)


def _pieces(node: Any, source: bytes, known: dict[str, str], start: int, end: int) -> str:
    """A word's parts in order; what the grammar gives no node of its own stands as it is."""
    parts, at = [], start
    for child in node.children:
        if child.type == '"' or child.end_byte > end or child.start_byte < start:
            continue
        parts.append(source[at : child.start_byte].decode("utf-8", "replace"))
        parts.append(
            _text(child, source, known)
            if child.type != "string_content"
            else re.sub(r'\\(["$`\\])', r"\1", source[child.start_byte : child.end_byte].decode("utf-8", "replace"))
        )
        at = child.end_byte
    parts.append(source[at:end].decode("utf-8", "replace"))
    return "".join(parts)


@lru_cache(maxsize=1)
def _parser() -> Any:
    import tree_sitter_bash
    from tree_sitter import Language, Parser

    return Parser(Language(tree_sitter_bash.language()))
