"""What does OpenLineage learn of an export: which field became which, and which release it was? No value of a person.

Airflow's provider asks an operator when its task has ended; it is looked for only then, so that Douane doesn't need it.
Facets: ColumnLineageDatasetFacet 1-2-0 with `masking`, and one of our own that names release, class and manifest.
"""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pipeline.export import Export
    from pipeline.release import Release

_SCHEMA = "https://douane.readthedocs.io/facets/1-0-0/DouaneReleaseDatasetFacet.json"


def sealed(export: Export, export_file: Path, release: Release, home: Path) -> Any:
    """The lineage of a sealed release, from its manifest: the source's tables in, the release's tables out.

    Args:
        export: Names the source.
        export_file: Where it stands: a source's folder is told from here.
        release: As it was sealed.
        home: What `{home}` stands for.

    Returns:
        The provider's `OperatorLineage`, or None where the provider isn't installed.
    """
    if not installed():
        return None
    tables = [entry["name"] for entry in release.manifest["files"] if "rows" in entry]
    sources = {name: _source(export, export_file, _stem(name), home) for name in tables}
    return _part("airflow.providers.openlineage.extractors").OperatorLineage(
        inputs=[_dataset(*place) for place in sources.values()],
        outputs=[
            _dataset(
                "file",
                str(release.folder / name),
                {"columnLineage": _columns(release, _stem(name), sources[name]), "douane_release": _release(release)},
            )
            for name in tables
        ],
    )


def delivered(release: Release, address: str) -> Any:
    """The lineage of a delivery: the release in, its copy at the destination out; None without the provider.

    Args:
        release: What was delivered.
        address: The destination's canonical address, without a password.
    """
    if not installed():
        return None
    told = {"douane_release": _release(release)}
    namespace, name = _place(address)
    return _part("airflow.providers.openlineage.extractors").OperatorLineage(
        inputs=[_dataset("file", str(release.folder), told)],
        outputs=[_dataset(namespace, f"{name.rstrip('/')}/{release.id}", told)],
    )


def _source(export: Export, export_file: Path, table: str, home: Path) -> tuple[str, str]:
    if export.source.path is not None:
        folder = export.source.path.replace("{home}", str(home))
        return "file", str((export_file.parent / folder).resolve() / table)
    namespace, name = _place(str(export.source.uri))
    return namespace, f"{name.strip('/')}.{table}"


def _place(address: str) -> tuple[str, str]:
    """OpenLineage's naming: `scheme://host:port` and the path; a path of this machine is of the namespace `file`."""
    parts = urlsplit(address)
    if not parts.scheme or parts.scheme == "file":
        return "file", parts.path or address
    scheme = {"postgresql": "postgres"}.get(parts.scheme, parts.scheme)
    return f"{scheme}://{parts.netloc.rpartition('@')[2]}", parts.path or "/"


def _stem(file: str) -> str:
    return file.rpartition(".")[0]


def _dataset(namespace: str, name: str, facets: Mapping[str, Any] | None = None) -> Any:
    return _part("openlineage.client.event_v2").Dataset(namespace=namespace, name=name, facets=dict(facets or {}))


def _columns(release: Release, table: str, source: tuple[str, str]) -> Any:
    lineage = _part("openlineage.client.generated.column_lineage_dataset")

    def one(field: Mapping[str, Any]) -> Any:
        names = [str(step["transform"]) for step in field["steps"]]
        kept = set(names) <= {"keep"}
        told = lineage.Transformation(
            type="DIRECT",
            subtype="IDENTITY" if kept else "TRANSFORMATION",
            description=", ".join(names),
            masking=not kept,
        )
        origin = lineage.InputField(
            namespace=source[0], name=source[1], field=str(field["field"]), transformations=[told]
        )
        return lineage.Fields(inputFields=[origin])

    left = [field for field in release.manifest["fields"] if field["table"] == table]
    fields = {str(field["field"]): one(field) for field in left if {"transform": "suppress"} not in field["steps"]}
    return lineage.ColumnLineageDatasetFacet(fields=fields)


def _release(release: Release) -> Any:
    manifest = release.manifest
    return _release_facet()(
        releaseId=release.id,
        manifestSha256=release.manifest_sha256,
        dataClass=manifest["data_class"],
        domain=manifest["domain"],
        planSha256=manifest["plan_sha256"],
        policySha256=manifest["policy_sha256"],
    )


@lru_cache(maxsize=1)
def _release_facet() -> type:
    """The facet's class, made once the client is there: its base checks and redacts as the standard ones do."""
    import attr

    names = ("releaseId", "manifestSha256", "dataClass", "domain", "planSha256", "policySha256")
    body = {"_get_schema": staticmethod(lambda: _SCHEMA), "_skip_redact": list(names)}
    return attr.make_class(
        "DouaneReleaseDatasetFacet",
        {name: attr.field(type=str, kw_only=True) for name in names},
        bases=(_part("openlineage.client.generated.base").DatasetFacet,),
        class_body=body,
    )


def _part(name: str) -> Any:
    """A module of the provider or its client, by name: neither is needed to check or to load this one."""
    return import_module(name)


@lru_cache(maxsize=1)
def installed() -> bool:
    """Whether apache-airflow-providers-openlineage is there."""
    from importlib.util import find_spec

    try:
        return find_spec("airflow.providers.openlineage.extractors") is not None
    except ModuleNotFoundError:
        return False
