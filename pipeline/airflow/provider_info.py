"""What does Airflow learn of Douane as a provider: its name, and the options of `[douane]` in airflow.cfg?"""

from __future__ import annotations

from typing import Any

from transforms._version import __version__

_FOLDERS = {
    "home": ("The folder of keys, staging, releases, journal, register and policies", "~/.douane"),
    "keys": ("The keyring, where it stands apart from the home", ""),
    "private": ("Wrapped staging keys and approved plans, where they stand apart from the home", ""),
    "staging": ("Ciphertext between tasks; with several workers, a folder that they share", ""),
    "releases": ("Sealed releases; with several workers, a folder that they share", ""),
    "journal": ("The journal's folder; with several workers, a folder that they share", ""),
    "register": ("What the DPO added to the register", ""),
    "policies": ("The DPO's policies", ""),
    "exports": ("The folder of exports for `export_dags()` where no folder is given", ""),
}

_DOORS = {
    "policy": ("The policy that every task is held to: a name in the policies' folder, or a file", "default"),
    "door_parse": ("The door at parse: enforce, warn or off", "enforce"),
    "door_execute": ("The door before execute: enforce, warn or off", "enforce"),
    "door_run": ("The kernel's door while a task runs: enforce, warn or off", "enforce"),
    "door_run_missing": ("What to do where the kernel's door can't stand: refuse or warn", "refuse"),
    "door_open": ("What every task may reach besides, as host:port or a socket's path", "git.chu.example:443"),
    "door_vet": ("Whether the notifier looks at the register itself before it opens more: no, or register", "register"),
    "door_listen": ("Whether tasks may listen: never, or on the loopback", "loopback"),
}


def get_provider_info() -> dict[str, Any]:
    """Give name, description, version and options (entry point `apache_airflow_provider`)."""
    return {
        "package-name": "douane",
        "name": "Douane",
        "description": "Customs for health data: detect, pseudonymize, seal, and stop what may not leave.",
        "versions": [__version__],
        "config": {
            "douane": {
                "description": "Where Douane's rooms stand, and how its doors do. A folder that is empty is taken from DOUANE_HOME and its kin.",
                "options": {
                    name: {
                        "description": f"{words}.\n",
                        "type": "string",
                        "version_added": __version__,
                        "example": example or None,
                        "default": "",
                    }
                    for name, (words, example) in {**_FOLDERS, **_DOORS}.items()
                },
            }
        },
    }
