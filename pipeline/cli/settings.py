"""What does a command use where the caller names nothing: policy, register, journal, key, and who is asking?"""

from __future__ import annotations

import getpass
from typing import TYPE_CHECKING

from pipeline.data_files import data_folder
from pipeline.keyring import UnknownKey
from pipeline.policy import Policy, read_policy

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.keyring import FolderKeyring
    from pipeline.plan import Plan
    from transforms import Key


def policy_or_default(path: Path | None) -> Policy:
    """The policy at `path`, or the shipped one."""
    return read_policy(path or data_folder() / "policies" / "default.yaml")


def who() -> str:
    """The login of the person at the terminal."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"


def key_for(plan: Plan, name: str | None, keyring: FolderKeyring, *, version: int | None = None) -> Key:
    """The named key; without a name, the one key of the plan's domain. Its newest version unless one is named."""
    if name:
        return keyring.get(name, domain=plan.domain, version=version)
    held = [name for name in keyring.names() if keyring.get(name).domain == plan.domain]
    if len(held) == 1:
        return keyring.get(held[0], version=version)
    if held:
        raise UnknownKey(f"{len(held)} keys are of the domain {plan.domain}", hint=f"Name one: --key {held[0]}")
    raise UnknownKey(
        f"no key of the domain {plan.domain} in {keyring.folder}",
        hint=f"Make one: douane keys new NAME --domain {plan.domain}",
    )
