"""Where do the clients of object stores go: aws, gsutil, bq, az, azcopy, rclone?"""

from __future__ import annotations

import re

from pipeline.airflow.doors.reading import Reading, joined
from pipeline.airflow.doors.shell_words import (
    FULL,
    UNKNOWN,
    Command,
    Reader,
    Surroundings,
    addresses_of,
    free_words,
    option,
    unread,
)


def _aws(command: Command, around: Surroundings) -> Reading:
    words = command.words
    endpoint = (option(words, "--endpoint-url", "--endpoint") or [around.variables.get("AWS_ENDPOINT_URL", "")])[0]
    region = (
        option(words, "--region")
        or [around.variables.get("AWS_DEFAULT_REGION", "") or around.variables.get("AWS_REGION", "")]
    )[0]
    taking = frozenset(
        "--endpoint-url --endpoint --region --profile --bucket --key --body --exclude --include --acl --sse --sse-kms-key-id --storage-class --output --query --metadata --content-type --cli-input-json --source-region --copy-source".split()
    )
    free = free_words(words, taking)
    declared = {name: text for name, text in (("endpoint_url", endpoint), ("region", region)) if text}
    if UNKNOWN in endpoint or UNKNOWN in region:
        return unread(around, "aws goes to an endpoint that only the shell knows")
    service = free[0] if free else ""
    if service in {"s3", "s3api"}:
        uris = [word for word in free if word.lower().startswith("s3://")]
        uris += [f"s3://{bucket}/" for bucket in option(words, "--bucket")]
        if not uris:
            uris = [endpoint or (f"https://s3.{region}.amazonaws.com/" if region else "https://s3.amazonaws.com/")]
            declared = {}
        return addresses_of(uris, around.where, "aws", declared or None)
    if not service or service in {"configure", "help"}:
        return Reading()
    host = f"https://{service}.{region}.amazonaws.com" if region else f"https://{service}.amazonaws.com"
    return addresses_of(
        [endpoint or host, *(word for word in words if word.lower().startswith("s3://"))], around.where, "aws"
    )


def _gsutil(command: Command, around: Surroundings) -> Reading:
    uris = [word for word in command.words if re.match(r"(?i)^(?:gs|s3)://", word)]
    if command.name.endswith("gcloud") and not uris:
        free = free_words(command.words, frozenset(("--project", "--account", "--format", "--region", "--zone")))
        service = free[0] if free else ""
        if service in {"", "config", "version", "help", "info", "auth"}:
            return Reading()
        if service == "compute" and len(free) > 1 and free[1] in {"scp", "ssh"}:
            return addresses_of(["https://compute.googleapis.com"], around.where, "gcloud")
        hosts = {
            "sql": "sqladmin",
            "functions": "cloudfunctions",
            "builds": "cloudbuild",
            "projects": "cloudresourcemanager",
        }
        return addresses_of([f"https://{hosts.get(service, service)}.googleapis.com"], around.where, "gcloud")
    if not uris and command.words and command.words[0] in {"cp", "mv", "rsync"}:
        return unread(around, f"{command.name} goes to a place that only the shell knows")
    return addresses_of(uris, around.where, command.name)


def _bq(command: Command, around: Surroundings) -> Reading:
    uris = [part for word in command.words for part in word.split(",") if part.lower().startswith("gs://")]
    found = addresses_of(["https://bigquery.googleapis.com", *uris], around.where, "bq")
    return found + joined(around.sql(word, "bigquery", around.where) for word in command.words if " " in word)


def _azure(command: Command, around: Surroundings) -> Reading:
    words = command.words
    uris = [word for word in words if FULL.match(word)]
    uris += [f"https://{name}.blob.core.windows.net/" for name in option(words, "--account-name")]
    for text in option(words, "--connection-string"):
        account = re.search(r"(?i)AccountName=([^;]+)", text)
        endpoint = re.search(r"(?i)BlobEndpoint=([^;]+)", text)
        uris.append(endpoint[1] if endpoint else f"https://{account[1]}.blob.core.windows.net/" if account else UNKNOWN)
    if not uris and command.name.endswith("az") and words and words[0] not in {"config", "version", "login", "account"}:
        uris = ["https://management.azure.com"]
    if not uris and command.name.endswith("azcopy") and words and words[0] in {"copy", "cp", "sync", "c"}:
        return unread(around, "azcopy goes to a place that only the shell knows")
    return addresses_of(uris, around.where, command.name)


def _rclone(command: Command, around: Surroundings) -> Reading:
    words = command.words
    endpoints = option(words, "--s3-endpoint", "--webdav-url", "--sftp-host", "--ftp-host", "--http-url")
    remotes = [word for word in free_words(words, frozenset())[1:] if ":" in word and not word.startswith("/")]
    found = Reading()
    for remote in remotes:
        settings = dict(
            re.findall(r"[,:](endpoint|host|url|account)=\"?'?([^,:\"']+(?:://[^,:\"']+)?(?::[0-9]+)?)", remote)
        )
        named = [settings[name] for name in ("endpoint", "host", "url") if name in settings]
        if "account" in settings:
            named.append(f"https://{settings['account']}.blob.core.windows.net/")
        if not named and not endpoints:
            found += unread(
                around,
                f"rclone's remote {remote.partition(':')[0][:40] or remote[:20]} stands in its own configuration",
            )
        found += addresses_of(
            [name if FULL.match(name) else f"https://{name}" for name in named], around.where, "rclone"
        )
    return found + addresses_of(
        [one if FULL.match(one) else f"https://{one}" for one in endpoints], around.where, "rclone"
    )


READERS: dict[str, Reader] = {
    **dict.fromkeys(("aws", "s5cmd"), _aws),
    **dict.fromkeys(("gsutil", "gcloud"), _gsutil),
    "bq": _bq,
    **dict.fromkeys(("azcopy", "az"), _azure),
    "rclone": _rclone,
}
