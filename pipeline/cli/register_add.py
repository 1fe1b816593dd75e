"""`douane register add`: how a certificate, or a destination verified by name, gets on file."""

from __future__ import annotations

import json
import sys
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

if TYPE_CHECKING:
    from pipeline.guard.register import Register

DATE = ["%Y-%m-%d"]
FOR_CERTIFICATE = "Certificate"
FOR_DESTINATION = "Destination"
MATCHES = ("host", "bucket", "account", "cidr", "path", "socket")


class What(StrEnum):
    """What is added."""

    certificate = "certificate"
    destination = "destination"


def _option(help: str, panel: str, *names: str, **more: Any) -> Any:  # noqa: A002, ANN401 - typer's own word, and its marker
    return typer.Option(*names, help=help, rich_help_panel=panel, **more)


def add(
    what: Annotated[What, typer.Argument(help="What to put on file.")] = What.certificate,
    identifier: Annotated[str, typer.Option("--id", help="Id of the new entry.")] = "",
    provider: Annotated[str, typer.Option(help="Id in providers.yaml.")] = "",
    service: Annotated[list[str] | None, typer.Option(help="Service it names; repeat for a certificate.")] = None,
    region: Annotated[list[str] | None, typer.Option(help="Region it names; repeat for a certificate.")] = None,
    valid_until: Annotated[datetime | None, typer.Option(formats=DATE, help="Last day.")] = None,
    document: Annotated[
        Path | None,
        typer.Option(help="The certificate's document, asked for if absent; or the one of a GHT's exemption."),
    ] = None,
    scheme: Annotated[str, _option("hds or secnumcloud.", FOR_CERTIFICATE)] = "",
    version: Annotated[str, _option("hds: 1 or 2; secnumcloud: 3.1 or 3.2.", FOR_CERTIFICATE)] = "",
    valid_from: Annotated[datetime | None, _option("First day.", FOR_CERTIFICATE, formats=DATE)] = None,
    read_by: Annotated[str, _option("Mail address of who read the document.", FOR_CERTIFICATE)] = "",
    activity: Annotated[list[int] | None, _option("HDS activity, 1 to 6; repeat.", FOR_CERTIFICATE)] = None,
    holder: Annotated[str, _option("Legal entity on the document.", FOR_CERTIFICATE)] = "",
    access: Annotated[
        list[str] | None,
        _option(
            "Country outside from which it lets the data be reached; repeat.", FOR_CERTIFICATE, "--third-country-access"
        ),
    ] = None,
    claimed: Annotated[
        bool, _option("On file, not yet verified: authorizes nothing.", FOR_CERTIFICATE, "--claimed")
    ] = False,
    host: Annotated[str, _option("Host it speaks for, exactly.", FOR_DESTINATION)] = "",
    bucket: Annotated[str, _option("Bucket: gs://name or s3://name.", FOR_DESTINATION)] = "",
    account: Annotated[str, _option("Azure storage account.", FOR_DESTINATION)] = "",
    cidr: Annotated[str, _option("Network of literal addresses.", FOR_DESTINATION)] = "",
    path: Annotated[str, _option("Local folder, from / to /.", FOR_DESTINATION)] = "",
    socket: Annotated[str, _option("Local folder of unix sockets.", FOR_DESTINATION)] = "",
    hosting: Annotated[str, _option("self (own premises) or provider.", FOR_DESTINATION)] = "",
    country: Annotated[str, _option("Country it stands in; own premises need it.", FOR_DESTINATION)] = "",
    verified_by: Annotated[str, _option("Mail address of who verified it.", FOR_DESTINATION)] = "",
    verified_on: Annotated[
        datetime | None, _option("Day of that; default today.", FOR_DESTINATION, formats=DATE)
    ] = None,
    register: Annotated[Path | None, typer.Option("--register", help="Folder of the register.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Put a certificate on file, with the hash of its document, or a destination that was verified by name."""
    from pydantic import ValidationError

    from pipeline.cli.register_choice import own_register
    from pipeline.errors import InvalidDocument
    from pipeline.guard.register import holds_files, load_register

    folder = own_register(register)
    _want({"--id": identifier, "--valid-until": valid_until})
    try:
        found: Register = load_register(folder if holds_files(folder) else None)
        if what is What.certificate:
            stated: dict[str, Any] = {
                "id": identifier,
                "scheme": scheme,
                "version": version,
                "provider": provider,
                "holder": holder,
                "services": service or (),
                "regions": region or (),
                "activities": activity or (),
                "valid_from": _day(valid_from),
                "valid_until": _day(valid_until),
                "status": "claimed" if claimed else "verified",
                "third_country_access": access or (),
            }
            _want({"--scheme": scheme, "--provider": provider, "--valid-from": valid_from, "--read-by": read_by})
            written = _add_certificate(folder, found, stated, document, read_by)
        else:
            named = {"host": host, "bucket": bucket, "account": account, "cidr": cidr, "path": path, "socket": socket}
            stated = {
                "id": identifier,
                "match": {kind: value for kind, value in named.items() if value},
                "hosting": hosting,
                "country": country or None,
                "provider": provider or None,
                "service": _only(service, "--service"),
                "region": _only(region, "--region"),
                "verified_by": verified_by,
                "verified_on": _day(verified_on) or date.today(),  # noqa: DTZ011 - a register's days are local days
                "valid_until": _day(valid_until),
            }
            _want({f"one of {', '.join(f'--{kind}' for kind in MATCHES)}": stated["match"], "--hosting": hosting})
            written = _add_destination(folder, found, stated, document)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        _end(f"{'.'.join(map(str, first['loc']))}: {first['msg']}. Correct that option.")
    except InvalidDocument as error:
        _end(str(error))
    if as_json:
        typer.echo(json.dumps({"added": what.value, "id": identifier, "file": str(written)}, ensure_ascii=False))
    else:
        typer.echo(f"{identifier} is on file in {written}.")


def _add_certificate(
    folder: Path, register: Register, stated: dict[str, Any], document: Path | None, read_by: str
) -> Path:
    from pipeline.guard.register_edit import add_certificate, evidence_of
    from pipeline.guard.register_files import Certificate

    evidence = evidence_of(_asked_for(document), read_by=read_by, read_on=date.today())  # noqa: DTZ011 - local day
    return add_certificate(folder, Certificate.model_validate({**stated, "evidence": evidence}), register=register)


def _add_destination(folder: Path, register: Register, stated: dict[str, Any], document: Path | None) -> Path:
    from pipeline.guard.register_edit import add_destination, evidence_of
    from pipeline.guard.register_files import VerifiedDestination

    if document is not None:
        stated["ght_exemption"] = evidence_of(document, read_by=stated["verified_by"], read_on=stated["verified_on"])
    return add_destination(folder, VerifiedDestination.model_validate(stated), register=register)


def _want(options: dict[str, object]) -> None:
    missing = [name for name, value in options.items() if not value]
    if missing:
        raise typer.BadParameter(f"say {', '.join(missing)}", param_hint="douane register add")


def _only(values: list[str] | None, option: str) -> str | None:
    if values and len(values) > 1:
        raise typer.BadParameter("a destination has one", param_hint=option)
    return values[0] if values else None


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


def _end(problem: str) -> NoReturn:
    typer.echo(f"douane: {problem}", err=True)
    raise typer.Exit(1)


def _asked_for(document: Path | None) -> Path:
    from pipeline.errors import InvalidDocument

    if document is not None:
        return document
    if not sys.stdin.isatty():
        raise InvalidDocument("the certificate has no document", hint="Name it with --document.")
    return Path(typer.prompt("Document of the certificate (path)"))
