"""Where does a path lead once `.`, `..`, `//` and percent-encoding are resolved?"""

from __future__ import annotations

from urllib.parse import unquote

DEEPEST = 6  # a client may decode again what was decoded; six times is more than any does


def decodings(text: str) -> list[str]:
    """List the text and each further percent-decoding of it, until nothing changes.

    Example:
        >>> decodings("a%252Fb")
        ['a%252Fb', 'a%2Fb', 'a/b']
    """
    found = [text]
    while "%" in found[-1] and len(found) < DEEPEST:
        decoded = unquote(found[-1])
        if decoded == found[-1]:
            break
        found.append(decoded)
    return found


def resolve(path: str) -> str:
    """Resolve an absolute path's dots and double slashes, without asking the disk; a trailing slash goes.

    Example:
        >>> resolve("/srv//eds/./x/../y/")
        '/srv/eds/y'
    """
    parts: list[str] = []
    for part in path.split("/"):
        if part == "..":
            if parts:
                parts.pop()
        elif part not in {"", "."}:
            parts.append(part)
    return "/" + "/".join(parts)


def climbs(path: str, *, depth: int = 0) -> bool:
    """Tell whether a path, at any decoding, steps above its first `depth` segments.

    Example:
        >>> climbs("a/../../b"), climbs("a/%2e%2e/b"), climbs("bucket/../other", depth=1)
        (True, False, True)
    """
    return any(_climbs_as_written(text, depth) for text in decodings(path))


def _climbs_as_written(path: str, depth: int) -> bool:
    level = 0
    for part in path.split("/"):
        if part == "..":
            level -= 1
            if level < depth:
                return True
        elif part not in {"", "."}:
            level += 1
    return False
