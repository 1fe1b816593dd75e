"""How may an address be shown, when its path could hold a secret?

Logins, passwords, queries and fragments never reach an address. What is left is the path: webhooks and bots carry
their token there.
"""

from __future__ import annotations

import re

TOKEN = re.compile(
    r"(?<![A-Za-z0-9_\-])(?=[A-Za-z0-9_\-]{20,}(?![A-Za-z0-9_\-]))(?=[^/]*[0-9])(?=[^/]*[A-Za-z])[A-Za-z0-9_\-]+"
)
SIGNATURE = re.compile(r"(?i)((?:sig|signature|token|secret|password|pwd|key)=)[^/&;]+")
BOT = re.compile(r"/bot[0-9]+:[^/]+")


SUSPICIOUS = re.compile(r"[A-Za-z0-9_\-]{20}|=|/bot")


def masked(address: str) -> str:
    """Show an address with what looks like a token in its path masked.

    Example:
        >>> masked("https://hooks.example/services/T0AB/B0CD/a1B2c3D4e5F6g7H8i9J0k1L2")
        'https://hooks.example/services/T0AB/B0CD/***'
    """
    if not SUSPICIOUS.search(address):
        return address
    head, separator, rest = address.partition("://")
    if not separator:
        return address
    host, slash, path = rest.partition("/")
    if not slash:
        return address
    path = SIGNATURE.sub(r"\1***", BOT.sub("/bot***", f"/{path}"))
    return f"{head}://{host}{TOKEN.sub('***', path)}"
