"""`douane register`: what is on file, what will end, what contradicts itself, and how a certificate gets there."""

from __future__ import annotations

import json
import sys
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

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


@register_app.command()
def add(
    identifier: Annotated[str, typer.Option("--id", help="Id of the new certificate.")],
    scheme: Annotated[str, typer.Option(help="hds or secnumcloud.")],
    version: Annotated[str, typer.Option(help="hds: 1 or 2; secnumcloud: 3.1 or 3.2.")],
    provider: Annotated[str, typer.Option(help="Id in providers.yaml.")],
    valid_from: Annotated[datetime, typer.Option(formats=DATE, help="First day.")],
    valid_until: Annotated[datetime, typer.Option(formats=DATE, help="Last day.")],
    read_by: Annotated[str, typer.Option(help="Mail address of who read the document.")],
    service: Annotated[list[str], typer.Option(help="Service it names; repeat.")],
    region: Annotated[list[str], typer.Option(help="Region it names; repeat.")],
    activity: Annotated[list[int] | None, typer.Option(help="HDS activity, 1 to 6; repeat.")] = None,
    holder: Annotated[str, typer.Option(help="Legal entity on the document.")] = "",
    document: Annotated[Path | None, typer.Option(help="The certificate's document; asked for if absent.")] = None,
    claimed: Annotated[bool, typer.Option("--claimed", help="On file, not yet verified: authorizes nothing.")] = False,
    register: Folder = None,
) -> None:
    """Put a certificate on file, with the hash of its document."""
    from pydantic import ValidationError

    from pipeline.cli.register_choice import own_register
    from pipeline.errors import InvalidDocument
    from pipeline.guard.register_edit import add_certificate, evidence_of
    from pipeline.guard.register_files import Certificate

    _, found = _load(register, may_be_empty=True)
    stated = {
        "id": identifier,
        "scheme": scheme,
        "version": version,
        "provider": provider,
        "holder": holder,
        "services": service,
        "regions": region,
        "activities": activity or (),
        "valid_from": valid_from.date(),
        "valid_until": valid_until.date(),
        "status": "claimed" if claimed else "verified",
    }
    try:
        evidence = evidence_of(_asked_for(document), read_by=read_by, read_on=date.today())  # noqa: DTZ011 - local day
        certificate = Certificate.model_validate({**stated, "evidence": evidence})
        path = add_certificate(own_register(register), certificate, register=found)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        typer.echo(f"douane: {first['loc'][0]}: {first['msg']}. Correct that option.", err=True)
        raise typer.Exit(1) from None
    except InvalidDocument as error:
        typer.echo(f"douane: {error}", err=True)
        raise typer.Exit(1) from None
    typer.echo(f"{identifier} is on file in {path}.")


def _asked_for(document: Path | None) -> Path:
    from pipeline.errors import InvalidDocument

    if document is not None:
        return document
    if not sys.stdin.isatty():
        raise InvalidDocument("the certificate has no document", hint="Name it with --document.")
    return Path(typer.prompt("Document of the certificate (path)"))
