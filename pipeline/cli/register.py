"""`douane register`: what is on file, what will end, what contradicts itself, and how a certificate gets there."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline.cli.register_add import add

if TYPE_CHECKING:
    from pipeline.guard.register import Register

register_app = typer.Typer(
    help="Providers, certificates and verified destinations that the guard decides by.", no_args_is_help=True
)

Folder = Annotated[Path | None, typer.Option("--register", help="Folder of the register.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
DATE = ["%Y-%m-%d"]


def _load(folder: Path | None, *, may_be_empty: bool = False) -> tuple[Path | None, Register]:
    """Read the register that was named, else the user's own, else the shipped one."""
    from pipeline.cli.register_choice import own_register, register_folder
    from pipeline.errors import InvalidDocument
    from pipeline.guard.register import holds_files, load_register

    chosen = own_register(folder) if may_be_empty else register_folder(folder)
    empty = may_be_empty and chosen is not None and not holds_files(chosen)
    try:
        return chosen, load_register(None if empty else chosen)
    except InvalidDocument as error:
        typer.echo(f"douane: {error}", err=True)
        raise typer.Exit(1) from None


def _print(content: Any, lines: list[str], *, as_json: bool) -> None:  # noqa: ANN401 - any JSON
    typer.echo(json.dumps(content, ensure_ascii=False, default=str) if as_json else "\n".join(lines))


@register_app.command("list")
def list_register(
    register: Folder = None,
    providers: Annotated[bool, typer.Option("--providers", help="List the providers instead.")] = False,
    as_json: Json = False,
) -> None:
    """List the certificates and verified destinations on file (or the providers)."""
    _, found = _load(register)
    if providers:
        rows = [
            {"id": one.id, "legal_entity": one.name, "seat": one.seat, "services": list(one.services)}
            for one in found.providers.values()
        ]
        lines = [f"{row['id']:18} {row['seat'] or '?'}  {row['legal_entity']}" for row in rows]
        _print({"providers": rows}, lines, as_json=as_json)
        return
    certificates = [
        {"id": one.id, "scheme": one.scheme, "provider": provider, "valid_until": one.valid_until}
        for provider, ones in found.certificates.items()
        for one in ones
    ]
    entries = [
        {"id": one.id, "hosting": "self" if one.own else one.provider, "valid_until": one.valid_until}
        for one in found.all_entries()
    ]
    lines = [
        f"{one['id']:24} {one['scheme']:12} {one['provider']:14} until {one['valid_until']}" for one in certificates
    ]
    lines += [f"{one['id']:24} destination  {one['hosting']:14} until {one['valid_until']}" for one in entries]
    _print({"certificates": certificates, "destinations": entries}, lines or ["nothing is on file"], as_json=as_json)


@register_app.command()
def show(
    name: Annotated[str, typer.Argument(help="Id of a certificate, a destination or a provider.")],
    register: Folder = None,
    as_json: Json = False,
) -> None:
    """Show one certificate, destination or provider as its file has it."""
    from pipeline.documents import parse_yaml, read_text
    from pipeline.guard.register import register_files

    chosen, _ = _load(register)
    for file, key in (("certificates", "certificates"), ("destinations", "destinations"), ("providers", "providers")):
        path = register_files(chosen).get(f"{file}.yaml")
        for one in (parse_yaml(read_text(path), path).get(key) or []) if path else []:
            if one.get("id") == name:
                _print(one, [f"{key}: {value}" for key, value in one.items()], as_json=as_json)
                return
    typer.echo(f"Nothing with the id {name} is on file. See `douane register list`.", err=True)
    raise typer.Exit(1)


@register_app.command()
def schema(name: Annotated[str, typer.Argument(help="certificates, destinations, providers...")]) -> None:
    """Print the JSON Schema of a register file, for editors."""
    from pipeline.guard.register_files import FILES, schema_of

    file = f"{name.removesuffix('.yaml')}.yaml"
    if file not in FILES:
        raise typer.BadParameter(f"one of {', '.join(FILES)}", param_hint="NAME")
    typer.echo(json.dumps(schema_of(file), indent=1, ensure_ascii=False))


@register_app.command()
def expiring(
    register: Folder = None,
    days: Annotated[int, typer.Option(help="How far to look ahead.")] = 60,
    on: Annotated[datetime | None, typer.Option(formats=DATE, help="Day to look from; default today.")] = None,
    as_json: Json = False,
) -> None:
    """List the certificates and destinations that end soon, have ended, or name no end."""
    from pipeline.guard.register_review import expiring as find_expiring

    _, found = _load(register)
    endings = find_expiring(found, on=on.date() if on else date.today(), days=days)  # noqa: DTZ011 - local days
    lines = [
        f"{one.id:24} {one.kind:12} "
        + ("has no end, so it proves nothing" if one.days is None else f"{one.last_day} ({one.days} days)")
        for one in endings
    ]
    nothing = [f"nothing ends within {days} days"]
    _print({"expiring": [one._asdict() for one in endings]}, lines or nothing, as_json=as_json)


@register_app.command()
def check(
    register: Folder = None,
    on: Annotated[datetime | None, typer.Option(formats=DATE, help="Day to look from; default today.")] = None,
    as_json: Json = False,
) -> None:
    """Look for contradictions, overlapping hosts, stale facts and typing errors (exit 1 if there are any)."""
    from pipeline.guard.register_review import review

    chosen, found = _load(register)
    findings = review(chosen, found, on=on.date() if on else date.today())  # noqa: DTZ011 - local days
    _print(
        {"findings": [one._asdict() for one in findings]},
        [str(one) for one in findings] or ["the register agrees with itself"],
        as_json=as_json,
    )
    raise typer.Exit(1 if findings else 0)


register_app.command("add")(add)
