"""Which hosts do the clients of Amazon, Google and Azure reach, told from connection, region and service?"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any

from pipeline.airflow.doors.reading import Address, Reading

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipeline.airflow.doors.known import Known

# Where the host bears another name than botocore's client.
AWS_HOSTS = {
    "cloud_formation": "cloudformation",
    "redshift_cluster": "redshift",
    "redshift_data": "redshift-data",
    "sagemaker_unified_studio": "datazone",
    "step_function": "states",
    "stepfunctions": "states",
    "emr": "elasticmapreduce",
    "eventbridge": "events",
    "quicksight": "quicksight",
    "kinesis_analytics": "kinesisanalytics",
    "cloudwatch": "logs",
    "bedrock": "bedrock-runtime",
    "opensearch_serverless": "aoss",
    "mwaa": "airflow",
}
AWS_EXTRA = frozenset(("endpoint_url", "region_name", "service_config", "config_kwargs", "proxies", "proxy"))
AZURE_HOSTS = {
    "blob": "blob.core.windows.net",
    "dfs": "dfs.core.windows.net",
    "file": "file.core.windows.net",
    "lake": "azuredatalakestore.net",
    "servicebus": "servicebus.windows.net",
    "cosmos": "documents.azure.com",
}
CONNECTION_STRING = re.compile(
    r"(?i)(?:^|;)\s*(BlobEndpoint|FileEndpoint|Endpoint|AccountName|EndpointSuffix|AccountEndpoint)\s*=\s*([^;]+)"
)
CREDENTIALS = "technical"
"""A server that only hands out credentials takes no patient's data: it has to pass for this class."""
CREDENTIAL_HOSTS = re.compile(
    r"sts(?:\.[a-z0-9-]+)?\.amazonaws\.(?:com|eu)|oauth2\.googleapis\.com|login\.microsoftonline\.com"
)


def amazon(service: str, connection: Known | None, *, where: str, value_of: Callable[[str], Any]) -> Reading:
    """An AWS client's endpoint; a connection that doesn't exist means boto's own defaults, not that nothing is reached."""
    region = aws_region(connection, value_of)
    endpoint = aws_endpoint(service, connection)
    host = AWS_HOSTS.get(service, service.replace("_", "-"))
    suffix = (
        "amazonaws.com.cn"
        if region.startswith("cn-")
        else "amazonaws.eu"
        if region.startswith("eusc-")
        else "amazonaws.com"
    )
    uri = endpoint or (f"https://{host}.{region}.{suffix}" if region else f"https://{host}.{suffix}")
    address = Address(uri=uri, where=_named(where, connection), declared=aws_proxies(connection), settled=False)
    return Reading(addresses=(address, *aws_credentials(connection, region)))


def aws_region(connection: Known | None, value_of: Callable[[str], Any]) -> str:
    """The region as the client finds it: the operator's, the connection's, the environment's."""
    asked = value_of("region_name") or value_of("region")
    told = connection.extra.get("region_name") if connection else None
    found = asked or told or os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION") or ""
    return str(found) if isinstance(found, str) else ""


def aws_endpoint(service: str, connection: Known | None) -> str:
    """The endpoint that is set instead of AWS's own, by the connection or the environment."""
    extra = connection.extra if connection else {}
    own = extra.get("service_config")
    settings = own.get(service) if isinstance(own, dict) else None
    if isinstance(settings, dict) and settings.get("endpoint_url"):
        return str(settings["endpoint_url"])
    if extra.get("endpoint_url"):
        return str(extra["endpoint_url"])
    named = os.environ.get(f"AWS_ENDPOINT_URL_{service.upper()}")
    return named or os.environ.get("AWS_ENDPOINT_URL") or ""


def aws_declared(connection: Known | None, value_of: Callable[[str], Any]) -> dict[str, Any]:
    """What is declared beside a bucket: endpoint, region, proxies. The client ignores the connection's host."""
    found: dict[str, Any] = {}
    if connection is not None:
        found["conn_id"] = connection.conn_id
        extra = {name: value for name, value in connection.extra.items() if name in AWS_EXTRA}
        if extra:
            found["extra"] = extra
    region = aws_region(connection, value_of)
    if region:
        found["region"] = region
    if not (connection and aws_endpoint("s3", connection._replace(extra=connection.extra))):
        endpoint = aws_endpoint("s3", connection)
        if endpoint:
            found["endpoint_url"] = endpoint
    return found


def aws_proxies(connection: Known | None) -> dict[str, Any] | None:
    """Only what leads on: the endpoint is the address already."""
    extra = connection.extra if connection else {}
    found = {name: extra[name] for name in ("proxies", "proxy", "config_kwargs") if extra.get(name)}
    return {"extra": found} if found else None


def aws_credentials(connection: Known | None, region: str) -> tuple[Address, ...]:
    """Where credentials come from: a role that is assumed."""
    if connection is None or not connection.extra.get("role_arn"):
        return ()
    host = f"sts.{region}.amazonaws.com" if region else "sts.amazonaws.com"
    return (Address(uri=f"https://{host}", where=_named("role_arn", connection), needs=CREDENTIALS, settled=False),)


def google(service: str, connection: Known, *, where: str, value_of: Callable[[str], Any]) -> Reading:
    """A Google client's host. The connection can't move it, so that the place is settled at parse."""
    credentials = Address(
        uri="https://oauth2.googleapis.com", where=_named(where, connection), needs=CREDENTIALS, settled=False
    )
    if service in {"", "storage"}:
        return Reading(addresses=(credentials,))
    endpoint = value_of("api_endpoint")
    host = endpoint if isinstance(endpoint, str) and endpoint else f"{service}.googleapis.com"
    region = value_of("region") or value_of("location")
    if service in {"aiplatform", "dataproc"} and isinstance(region, str) and region not in {"", "global"}:
        host = f"{region}-{service}.googleapis.com"
    uri = host if "://" in host else f"https://{host}"
    return Reading(addresses=(Address(uri=uri, where=_named(where, connection), settled=False), credentials))


def azure(service: str, connection: Known, *, where: str, value_of: Callable[[str], Any]) -> Reading:
    """An Azure client's host: the account is the connection's."""
    uris = [uri for uri in _azure_uris(service, connection, value_of) if uri]
    leads = {name: connection.extra[name] for name in ("proxies", "proxy") if connection.extra.get(name)}
    told = {"extra": leads} if leads else None
    found = [Address(uri=uri, where=_named(where, connection), declared=told, settled=False) for uri in uris]
    found.append(
        Address(
            uri="https://login.microsoftonline.com", where=_named(where, connection), needs=CREDENTIALS, settled=False
        )
    )
    return Reading(addresses=tuple(found))


def _azure_uris(  # noqa: PLR0911 - a case each
    service: str, connection: Known, value_of: Callable[[str], Any]
) -> list[str]:
    extra = connection.extra
    text = extra.get("connection_string") or (connection.schema if service in {"servicebus", "iot"} else "")
    if isinstance(text, str) and "=" in text:
        return _of_connection_string(text, AZURE_HOSTS.get(service, "blob.core.windows.net"))
    sas = extra.get("sas_token")
    if isinstance(sas, str) and sas.startswith("https"):
        return [sas.partition("?")[0]]
    if extra.get("account_url"):
        return [str(extra["account_url"])]
    endpoint = (
        value_of("endpoint")
        or value_of("azure_synapse_workspace_dev_endpoint")
        or extra.get("fully_qualified_namespace")
    )
    if isinstance(endpoint, str) and endpoint:
        return [endpoint if "://" in endpoint else f"https://{endpoint}"]
    suffix = AZURE_HOSTS.get(service)
    if suffix is None:  # a service of the management plane, or one whose host is the connection's
        host = connection.host or str(extra.get("host") or "")
        plane = "https://graph.microsoft.com" if service == "graph" else "https://management.azure.com"
        return [host if "://" in host else f"https://{host}"] if "." in host else [plane]
    account = _account(service, connection)
    if "." in account:
        return [account if "://" in account else f"https://{account}"]
    return [f"https://{account}.{suffix}"] if account else [f"https://unknown-account.{suffix}"]


def _account(service: str, connection: Known) -> str:
    if service == "blob":
        host = connection.host.removesuffix("/")
        return host if "." in host else connection.login
    if service == "lake":
        return str(connection.extra.get("account_name") or connection.host)
    if service == "file":
        return connection.login
    return connection.host or connection.login


def _of_connection_string(text: str, suffix: str) -> list[str]:
    parts = {name.lower(): value.strip() for name, value in CONNECTION_STRING.findall(text)}
    named = [parts[name] for name in ("blobendpoint", "fileendpoint", "accountendpoint", "endpoint") if name in parts]
    if named:
        return [uri.replace("sb://", "https://") for uri in named]
    tail = parts.get("endpointsuffix")
    host = f"{suffix.partition('.')[0]}.{tail}" if tail else suffix
    return [f"https://{parts.get('accountname', 'unknown-account')}.{host}"]


def _named(where: str, connection: Known | None) -> str:
    return f"{where} ({connection.conn_id})" if connection else where
