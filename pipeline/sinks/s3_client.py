"""Which client speaks to the one S3 endpoint that was decided, and what does its refusal mean in one line?"""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pipeline.errors import InvalidDocument
from pipeline.optional import load_library
from pipeline.sinks import DeliveryFailed, DeliveryRefused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.connections import S3Connection

THREADS = 8
_PATIENCE_SECONDS = 30
_REFUSED = {"AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken", "403", "401"}
_MISSING = {"NoSuchBucket", "404", "NotFound", "NoSuchKey"}


def make_client(endpoint: str | None, connection: S3Connection | None, address: str) -> Any:  # noqa: ANN401 - boto3's
    """Make a client that sends to `endpoint` (None: AWS in the connection's region) and nowhere else.

    Raises:
        MissingLibrary: boto3 is not installed.
        InvalidDocument: No keys, or neither endpoint nor region.
    """
    boto3 = load_library("boto3", extra="s3", what=f"delivering to {address}")
    config = load_library("botocore.config", extra="s3", what=f"delivering to {address}").Config
    region = connection.region if connection else None
    url = endpoint or (f"https://s3.{region}.amazonaws.com" if region else None)
    if url is None:
        raise InvalidDocument(
            f"{address} has neither endpoint nor region", hint="Give one of them in private/connections.yaml."
        )
    login = _login(connection)
    if not login:
        raise InvalidDocument(
            f"no access key is on file for {address}",
            hint="Add it to private/connections.yaml, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.",
        )
    return boto3.session.Session().client(
        "s3",
        endpoint_url=url,
        region_name=region or "us-east-1",
        verify=str(connection.ca) if connection and connection.ca else None,
        config=config(
            # The guard decided on this very host: no bucket before it, no proxy between, no faster twin.
            s3={"addressing_style": "path", "use_accelerate_endpoint": False, "use_dualstack_endpoint": False},
            proxies={},
            retries={"mode": "standard", "max_attempts": 3},
            connect_timeout=_PATIENCE_SECONDS,
            read_timeout=_PATIENCE_SECONDS,
            max_pool_connections=THREADS,
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        ),
        **login,
    )


def _login(connection: S3Connection | None) -> dict[str, str]:
    if connection and connection.access_key_id and connection.secret_access_key:
        token = connection.session_token.get_secret_value() if connection.session_token else None
        return _keys(connection.access_key_id, connection.secret_access_key.get_secret_value(), token)
    given = [os.environ.get(f"AWS_{name}") for name in ("ACCESS_KEY_ID", "SECRET_ACCESS_KEY", "SESSION_TOKEN")]
    return _keys(given[0], given[1], given[2]) if given[0] and given[1] else {}


def _keys(key_id: str, secret: str, token: str | None) -> dict[str, str]:
    login = {"aws_access_key_id": key_id, "aws_secret_access_key": secret}
    return {**login, "aws_session_token": token} if token else login


def code_of(error: Exception) -> str:
    """The code that the server gave (`PreconditionFailed`); the error's class where no server answered."""
    response = getattr(error, "response", None)
    return str(response["Error"].get("Code", "")) if isinstance(response, dict) else type(error).__name__


@contextmanager
def told_in_one_line(address: str) -> Iterator[None]:
    """Turn what boto3 raises into one line that names the address; its own text may quote keys and headers."""
    botocore = load_library("botocore.exceptions", extra="s3", what=f"delivering to {address}")
    try:
        yield
    except (botocore.BotoCoreError, botocore.ClientError) as error:
        code = code_of(error)
        host = urlsplit(address).netloc
        if code in _REFUSED:
            raise DeliveryRefused(
                f"{address}: the store refuses the access key ({code})",
                hint="Correct the key in private/connections.yaml, or its rights.",
            ) from None
        if code in _MISSING:
            raise DeliveryFailed(
                f"{address}: there is no bucket {host}", hint="Make it, or correct the name."
            ) from None
        if code in {"PermanentRedirect", "AuthorizationHeaderMalformed", "301"}:
            raise DeliveryFailed(
                f"{address}: the bucket is in another region", hint="Correct `region` in private/connections.yaml."
            ) from None
        raise DeliveryFailed(
            f"{address}: the store did not take it ({code})",
            hint="Run again when it answers: what is there already is not sent again.",
        ) from None
