"""What does each `douane` command take and answer? Read from the Typer app itself; examples from commands.yaml."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer.main
from ruamel.yaml import YAML

from pipeline.cli.app import app

if TYPE_CHECKING:
    from collections.abc import Iterator

TOLD = Path(__file__).with_name("commands.yaml")
_WORDS = {"datetime": "day", "Path": "path", "str": "text", "int": "number", "float": "number", "bool": ""}


def told() -> dict[str, Any]:
    """The words and examples beside this file: intro, files, and command to example."""
    content: dict[str, Any] = YAML(typ="safe", pure=True).load(TOLD.read_text(encoding="utf-8"))
    return content


def content_of(name: str) -> str:
    """The file that an example reads."""
    files: dict[str, str] = told()["files"]
    return files[name]


def commands() -> dict[str, Any]:
    """Every command of the app by its words, such as `journal verify`."""
    return dict(_walk(typer.main.get_command(app), ()))


def _walk(command: Any, words: tuple[str, ...]) -> Iterator[tuple[str, Any]]:  # noqa: ANN401 - Typer's own click
    for name, child in getattr(command, "commands", {}).items():
        yield from _walk(child, (*words, name))
    if words and not hasattr(command, "commands"):
        yield " ".join(words), command


def commands_page() -> str:
    """Write docs/reference/cli.md."""
    content = told()
    missing = sorted(commands().keys() ^ content["commands"].keys())
    if missing:
        raise SystemExit(f"{TOLD}: {', '.join(missing)}: each command wants an example there, and nothing else does")
    sections = [_section(name, commands()[name], example) for name, example in content["commands"].items()]
    return "\n".join([content["intro"], *sections])


def _section(name: str, command: Any, example: dict[str, Any]) -> str:  # noqa: ANN401 - as above
    arguments = [p for p in command.params if p.param_type_name == "argument"]
    options = [p for p in command.params if p.param_type_name == "option" and p.name != "help"]
    needed = [_option(p).strip("`") for p in options if p.required]
    usage = " ".join(["douane", name, *map(_usage, arguments), *needed, *("[OPTIONS]" for _ in options[:1])])
    parts = [f"## `douane {name}`", command.help.strip(), _fence("text", usage)]
    if arguments or options:
        rows = [_row(f"`{_usage(p).strip('[]')}`", p) for p in arguments]
        rows += [_row(_option(p), p) for p in options]
        parts.append("\n".join(["| it takes | |", "| --- | --- |", *rows]))
    parts.append(f"Exit codes: {example['exits']}")
    parts.append(f"Example{_ends(example)}:\n\n{_fence('sh', example['run'])}")
    if "shows" in example:
        parts.append(_fence("text", example["shows"]))
    for key, lead in (("json", "As JSON"), ("lines", "One JSON document a line")):
        if key in example:
            answer = example[key]
            question = _fence("json", content_of(answer["file"])) + "\n\n" if "file" in answer else ""
            asked = f"From `{answer['file']}`, a line each:\n\n{question}" if question else ""
            parts.append(f"{asked}{lead}{_ends(answer)}:\n\n{_fence('sh', answer['run'])}")
            parts.append(_fence("json", answer["shape"]))
    return "\n\n".join(parts) + "\n"


def _ends(example: dict[str, Any]) -> str:
    code = example.get("exit", 0)
    return f" (exit {code})" if code else ""


def _usage(argument: Any) -> str:  # noqa: ANN401 - as above
    many = argument.nargs == -1
    shown = f"{argument.name.upper()}{'...' if many else ''}"
    return shown if argument.required else f"[{shown}]"


def _option(option: Any) -> str:  # noqa: ANN401 - as above
    annotation = str(option.type_descriptor.annotation)
    word = next((word for name, word in _WORDS.items() if name in annotation), "text")
    return f"`{', '.join(option.opts)}{f' {word.upper()}' if word else ''}`"


def _row(shown: str, param: Any) -> str:  # noqa: ANN401 - as above
    notes = []
    if param.required:
        notes.append("Required.")
    if param.default not in (None, False, (), "") and not callable(param.default):
        notes.append(f"Default: `{param.default}`.")
    words = " ".join([f"{(param.help or '').rstrip('.')}.", *notes]).replace("|", "\\|")
    return f"| {shown} | {words} |"


def _fence(language: str, text: str) -> str:
    return f"```{language}\n{text.rstrip()}\n```"
