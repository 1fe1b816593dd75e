"""Is a local path on this machine, or does it lie on another one that is mounted here?

What stands on the worker's own disk has not left it. What lies on a network mount has: the guard decides on it, by the
path that the DPO verified or by the server that the mount names.
"""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

from pipeline.airflow.doors.reading import Address, Reading

REMOTE = frozenset(
    ("nfs", "nfs4", "cifs", "smb3", "smbfs", "ceph", "glusterfs", "lustre", "afs", "davfs", "beegfs", "gpfs", "9p")
)
OWN_FUSE = frozenset(("fuse.fuse-overlayfs", "fuse.portal", "fuse.gvfsd-fuse", "fuse.lxcfs"))


def read_local(path: str, where: str, *, mounts: str = "/proc/self/mountinfo") -> Reading:
    """Read a path that is written to; nothing where it lies on this machine's own disk."""
    resolved = os.path.realpath(path)
    if is_remote(resolved, mounts):
        return Reading(addresses=(Address(uri=resolved, where=where, settled=False),))
    return Reading()


def is_remote(path: str, mounts: str) -> bool:
    """Whether the mount that holds a path is a network's."""
    found = ("", "")
    for point, kind in _mounts(mounts):
        inside = path == point or path.startswith(point.rstrip("/") + "/")
        if inside and len(point) >= len(found[0]):
            found = (point, kind)
    kind = found[1]
    return found[0] != "/" and (kind in REMOTE or (kind.startswith("fuse.") and kind not in OWN_FUSE))


@lru_cache(maxsize=4)
def _mounts(mounts: str) -> tuple[tuple[str, str], ...]:
    try:
        lines = Path(mounts).read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ()
    found = []
    for line in lines:
        before, _, after = line.partition(" - ")
        fields, kind = before.split(" "), after.split(" ")[0]
        if len(fields) > 4:
            found.append((fields[4].replace("\\040", " "), kind))
    return tuple(found)
