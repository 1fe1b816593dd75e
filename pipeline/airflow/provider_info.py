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


def get_provider_info() -> dict[str, Any]:
    """Give name, description, version and options (entry point `apache_airflow_provider`)."""
    return {
        "package-name": "douane",
        "name": "Douane",
        "description": "Customs for health data: detect, pseudonymize, seal, and stop what may not leave.",
        "versions": [__version__],
        "config": {
            "douane": {
                "description": "Where Douane's rooms stand. An option that is empty is taken from DOUANE_HOME and its kin.",
                "options": {
                    name: {
                        "description": f"{words}.\n",
                        "type": "string",
                        "version_added": __version__,
                        "example": example or None,
                        "default": "",
                    }
                    for name, (words, example) in _FOLDERS.items()
                },
            }
        },
    }
