"""Where does a task run that another machine runs: which Kubernetes, which Spark?"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any

from pipeline.airflow.doors.reading import Address, Fault, Reading

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipeline.airflow.doors.known import Known

SERVER = re.compile(r"""(?m)["']?server["']?\s*:\s*["']?(https?://[^\s"',}]+)""")
IN_ONE_PROCESS = re.compile(r"local(?:\[.*\])?")


def kubernetes_servers(connection: Known, *, where: str, value_of: Callable[[str], Any]) -> Reading:
    """The API servers that a kubeconfig names; in the cluster itself, the one that the environment names."""
    extra = connection.extra
    told = value_of("in_cluster") if value_of("in_cluster") is not None else extra.get("in_cluster")
    path = value_of("config_file") or extra.get("kube_config_path")
    inline = extra.get("kube_config")
    named = f"{where} ({connection.conn_id})"
    if not told and (inline or path):
        text = inline if isinstance(inline, str) else str(inline) if inline else _text_of(str(path))
        servers = dict.fromkeys(SERVER.findall(text))
        if servers:
            return Reading(addresses=tuple(Address(uri=uri, where=named, settled=False) for uri in servers))
    host, port = os.environ.get("KUBERNETES_SERVICE_HOST"), os.environ.get("KUBERNETES_SERVICE_PORT", "443")
    if host and (told or not (inline or path)):
        address = f"[{host}]" if ":" in host else host
        return Reading(addresses=(Address(uri=f"https://{address}:{port}", where=named, settled=False),))
    default = os.environ.get("KUBECONFIG") or os.path.expanduser("~/.kube/config")  # noqa: PTH111 - as the client does
    servers = dict.fromkeys(SERVER.findall("".join(map(_text_of, default.split(os.pathsep)))))
    if servers:
        return Reading(addresses=tuple(Address(uri=uri, where=named, settled=False) for uri in servers))
    message = (
        "nobody can tell which Kubernetes the pod would run in. Give the connection a kube_config, or run in_cluster."
    )
    return Reading(faults=(Fault(rule="location.unknown", message=message, where=named),))


def _text_of(path: str) -> str:
    from pathlib import Path

    try:
        return Path(path).read_text(encoding="utf-8")
    except (OSError, ValueError):
        return ""


def spark_masters(connection: Known, *, where: str, value_of: Callable[[str], Any]) -> Reading:
    """Spark's masters, by the guard as hosts; `local[*]` is this machine."""
    master = value_of("master")
    text = master if isinstance(master, str) and master else connection.host
    if text and connection.port and "://" in text and text != master:
        text = f"{text}:{connection.port}"
    if not text:
        text = "yarn" if connection.conn_type == "spark" and not connection.host else "local"
    named = f"{where} ({connection.conn_id})"
    if IN_ONE_PROCESS.fullmatch(text):
        return Reading()
    if text.startswith("k8s://"):
        inner = text.removeprefix("k8s://")
        return Reading(
            addresses=(Address(uri=inner if "://" in inner else f"https://{inner}", where=named, settled=False),)
        )
    scheme, mark, rest = text.partition("://")
    if mark and scheme in {"spark", "mesos", "sc"}:
        hosts = rest.split("/")[0].split(";")[0]
        return Reading(addresses=tuple(Address(uri=host, where=named, settled=False) for host in hosts.split(",")))
    if mark:
        return Reading(addresses=(Address(uri=text, where=named, settled=False),))
    message = f"the Spark master {text} names no host, so nobody can tell where it runs. Name spark://HOST:PORT or k8s://https://HOST."
    return Reading(faults=(Fault(rule="location.unknown", message=message, where=named),))
