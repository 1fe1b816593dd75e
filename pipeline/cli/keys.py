"""`douane keys`: make, rotate and list the keys of this installation."""

from __future__ import annotations

from typing import Annotated

import typer

from pipeline.cli.output import AsJson, print_json, print_table

keys_app = typer.Typer(help="Make, rotate and list keys. Their secrets are never shown.", no_args_is_help=True)
Name = Annotated[str, typer.Argument(help="The key's name: letters, digits, - and _.")]


@keys_app.command()
def new(
    name: Name = "default",
    domain: Annotated[str, typer.Option(help="The pseudonymization domain it is for.")] = "default",
    as_json: AsJson = False,
) -> None:
    """Make a key, and with the first one the key that signs releases."""
    from pipeline.home import Home
    from pipeline.journal import Journal
    from pipeline.keyring import FolderKeyring

    home = Home.from_environment()
    keyring = FolderKeyring(home.keys)
    key = keyring.new(name, domain=domain)
    Journal(home.journal_file).append("key.created", key=key.id, version=key.version, domain=key.domain)
    facts = {
        "name": name,
        "id": key.id,
        "version": key.version,
        "domain": key.domain,
        "public_key": str(keyring.public_key_path),
    }
    if as_json:
        print_json(facts)
        return
    typer.echo(f"Key {name} (id {key.id}, version {key.version}) for domain {key.domain}, in {home.keys}")
    typer.echo(f"Give this to whoever verifies your releases: {keyring.public_key_path}")


@keys_app.command()
def rotate(name: Name = "default", as_json: AsJson = False) -> None:
    """Make the next version of a key. New pseudonyms no longer link to the old ones; old versions stay."""
    from pipeline.home import Home
    from pipeline.journal import Journal
    from pipeline.keyring import FolderKeyring

    home = Home.from_environment()
    key = FolderKeyring(home.keys).rotate(name)
    Journal(home.journal_file).append("key.rotated", key=key.id, version=key.version, domain=key.domain)
    if as_json:
        print_json({"name": name, "id": key.id, "version": key.version, "domain": key.domain})
        return
    typer.echo(f"Key {name} is now version {key.version}")


@keys_app.command("list")
def list_keys(as_json: AsJson = False) -> None:
    """List the keys: name, id, version, domain."""
    from pipeline.home import Home
    from pipeline.keyring import FolderKeyring

    keyring = FolderKeyring(Home.from_environment().keys)
    keys = [(name, keyring.get(name)) for name in keyring.names()]
    if as_json:
        print_json({"keys": [{"name": n, "id": k.id, "version": k.version, "domain": k.domain} for n, k in keys]})
        return
    print_table("keys", ("name", "id", "version", "domain"), [(n, k.id, str(k.version), k.domain) for n, k in keys])
