"""Where does this one command send or fetch bytes: curl, aws, rsync, psql, and their kin?

Each client names hosts in its own way; what a client would take from a configuration or from standard input is not
readable, and is said to be so. A program that nobody knows names nothing but the URIs in its arguments.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

from pipeline.airflow.doors.reading import Address, Reading, joined
from pipeline.airflow.doors.shell_text import UNKNOWN, Command

FULL = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]*://")
STORES = re.compile(
    r"(?i)^(?:s3|s3a|s3n|gs|gcs|abfss?|wasbs?|sftp|ftps?|scp|rsync|hf|postgres(?:ql)?|mysql|mongodb(?:\+srv)?|rediss?|amqps?|kafka|smb|davs?|snowflake)://"
)
REMOTE_PATH = re.compile(
    r"^(?:(?P<login>[^@/\s:]+)@)?(?P<host>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9][A-Za-z0-9._-]*):(?P<path>(?!//).*)$"
)
HOSTLIKE = re.compile(
    r"^(?:[^@/\s]+@)?(?:[A-Za-z0-9_-]+\.)+[A-Za-z0-9-]+(?::[0-9]+)?(?:/.*)?$|^localhost(?::[0-9]+)?(?:/.*)?$"
)
PORT = re.compile(r"^[0-9]{1,5}$")


class Surroundings(NamedTuple):
    """Where a command stands: the argument that holds it, and the variables that are known there."""

    where: str
    variables: Mapping[str, str]


Reader = Callable[[Command, Surroundings], Reading]


def read_command(command: Command, around: Surroundings) -> Reading:
    """Read one command."""
    name = command.name.rpartition("/")[2].lower()
    if name in HARMLESS:
        return Reading()
    name = re.sub(r"^(python|pip|perl|ruby|node|php)[0-9.]*$", r"\1", name)
    reader = READERS.get(name)
    return reader(command, around) if reader else _unknown(command, around)


def socket_of(host: str, port: str, kind: str, where: str) -> Reading:
    """A socket by host and port, as bash's /dev/tcp and netcat name it."""
    if "$" in host or UNKNOWN in host or "$" in port or UNKNOWN in port:
        return Reading(unread=(f"{where}: {kind} goes to a host that only the shell knows",))
    return _addresses([f"{_bracketed(host)}:{port}"], where, kind)


def _bracketed(host: str) -> str:
    return f"[{host}]" if host.count(":") > 1 and not host.startswith("[") else host


def _addresses(uris: list[str], where: str, name: str, declared: Mapping[str, str] | None = None) -> Reading:
    known = [uri for uri in uris if UNKNOWN not in _place_of(uri)]
    unread = (f"{where}: {name} goes to a place that only the shell knows",) if len(known) < len(uris) else ()
    return Reading(
        addresses=tuple(
            Address(uri=_cut(uri.replace(UNKNOWN, "x")), where=f"{where} ({name})", declared=declared, settled=False)
            for uri in dict.fromkeys(known)
        ),
        unread=unread,
    )


def _place_of(uri: str) -> str:
    """The part of a URI that decides its place: all before the path."""
    scheme, mark, rest = uri.partition("://")
    return scheme + mark + rest.partition("/")[0] if mark else uri


def _cut(uri: str) -> str:
    bucket = re.match(r"(?i)(s3|s3a|s3n|gs|gcs)://([^/]*)", uri)
    return f"{bucket[1].lower()}://{bucket[2]}/" if bucket else uri


def _unread(around: Surroundings, words: str) -> Reading:
    return Reading(unread=(f"{around.where}: {words}",))


def _option(words: tuple[str, ...], *names: str) -> list[str]:
    """Values of an option, as `--name value`, `--name=value`, `-nvalue`."""
    found = []
    for index, word in enumerate(words):
        for name in names:
            if word == name and index + 1 < len(words):
                found.append(words[index + 1])
            elif name.startswith("--") and word.startswith(f"{name}="):
                found.append(word.partition("=")[2])
            elif (
                not name.startswith("--")
                and len(name) == 2
                and word.startswith(name)
                and len(word) > 2
                and not word.startswith("--")
            ):
                found.append(word[2:])
    return found


def _free(words: tuple[str, ...], taking: frozenset[str]) -> list[str]:
    """Words that are neither options nor options' values."""
    found, skip = [], False
    for word in words:
        if skip:
            skip = False
        elif word.startswith("-") and len(word) > 1:
            skip = word in taking
        else:
            found.append(word)
    return found


CURL_TAKES = frozenset(
    "-d --data --data-binary --data-raw --data-urlencode -H --header -X --request -o --output -u --user -T --upload-file -F --form -A --user-agent -b --cookie -c --cookie-jar -e --referer -E --cert --key --cacert -m --max-time --retry --connect-timeout -w --write-out -x --proxy -K --config --resolve --connect-to --interface -r --range -Y -y -C -D --dump-header -U --proxy-user --retry-delay --limit-rate --url -t -z --json --form-string --socks5 --socks4 --socks5-hostname --preproxy --doh-url --dns-servers --unix-socket --mail-from --mail-rcpt --variable --aws-sigv4 -O --output-document --post-file --post-data --body-file --body-data -P --directory-prefix -i --input-file --method --timeout --tries".split()
) - {"-O", "-i"}


def _curl(command: Command, around: Surroundings) -> Reading:
    words = command.words
    found = Reading()
    taking = CURL_TAKES if command.name.endswith("curl") else CURL_TAKES | {"-O", "-i"}
    urls = [*_free(words, taking), *_option(words, "--url")]
    proxies = (
        _option(words, "-x", "--proxy", "--preproxy", "--socks5", "--socks4", "--socks5-hostname", "--doh-url")
        if command.name.endswith("curl")
        else []
    )
    for value in _option(words, "--resolve", "--connect-to"):
        parts = [part for part in value.split(":") if part]
        urls += parts[-1:] if "--resolve" in words else [":".join(parts[-2:])]
    sockets = _option(words, "--unix-socket", "--abstract-unix-socket")
    found += _addresses([f"unix:{path}" for path in sockets], around.where, command.name)
    if _option(words, "-K", "--config") or (command.name.endswith("wget") and _option(words, "-i", "--input-file")):
        found += _unread(around, f"{command.name} takes its addresses from a file")
    for name in ("http_proxy", "https_proxy", "HTTPS_PROXY", "ALL_PROXY", "all_proxy"):
        if around.variables.get(name):
            proxies.append(around.variables[name])
    proxies = [proxy if FULL.match(proxy) else f"http://{proxy}" for proxy in proxies]
    globbed = [
        url for url in urls if not re.search(r"^[^/]*://[^/]*[{\[][^/]*[,-]", url) or ":" in url.partition("[")[2]
    ]
    if len(globbed) < len(urls):
        found += _unread(around, f"{command.name} makes several addresses of one pattern")
    return found + _addresses([*map(_web, globbed), *proxies], around.where, command.name)


def _web(url: str) -> str:
    if FULL.match(url):
        return url
    guessed = "ftp" if url.lower().startswith("ftp.") else "http"
    return f"{guessed}://{url}"


def _aws(command: Command, around: Surroundings) -> Reading:
    words = command.words
    endpoint = (_option(words, "--endpoint-url", "--endpoint") or [around.variables.get("AWS_ENDPOINT_URL", "")])[0]
    region = (
        _option(words, "--region")
        or [around.variables.get("AWS_DEFAULT_REGION", "") or around.variables.get("AWS_REGION", "")]
    )[0]
    taking = frozenset(
        "--endpoint-url --endpoint --region --profile --bucket --key --body --exclude --include --acl --sse --sse-kms-key-id --storage-class --output --query --metadata --content-type --cli-input-json --source-region --copy-source".split()
    )
    free = _free(words, taking)
    declared = {name: text for name, text in (("endpoint_url", endpoint), ("region", region)) if text}
    if UNKNOWN in endpoint or UNKNOWN in region:
        return _unread(around, "aws goes to an endpoint that only the shell knows")
    service = free[0] if free else ""
    if service in {"s3", "s3api"}:
        uris = [word for word in free if word.lower().startswith("s3://")]
        uris += [f"s3://{bucket}/" for bucket in _option(words, "--bucket")]
        if not uris:
            uris = [endpoint or (f"https://s3.{region}.amazonaws.com/" if region else "https://s3.amazonaws.com/")]
            declared = {}
        return _addresses(uris, around.where, "aws", declared or None)
    if not service or service in {"configure", "help"}:
        return Reading()
    host = f"https://{service}.{region}.amazonaws.com" if region else f"https://{service}.amazonaws.com"
    return _addresses(
        [endpoint or host, *(word for word in words if word.lower().startswith("s3://"))], around.where, "aws"
    )


def _gsutil(command: Command, around: Surroundings) -> Reading:
    uris = [word for word in command.words if re.match(r"(?i)^(?:gs|s3)://", word)]
    if command.name.endswith("gcloud") and not uris:
        free = _free(command.words, frozenset(("--project", "--account", "--format", "--region", "--zone")))
        service = free[0] if free else ""
        if service in {"", "config", "version", "help", "info", "auth"}:
            return Reading()
        if service == "compute" and len(free) > 1 and free[1] in {"scp", "ssh"}:
            return _addresses(["https://compute.googleapis.com"], around.where, "gcloud")
        hosts = {
            "sql": "sqladmin",
            "functions": "cloudfunctions",
            "builds": "cloudbuild",
            "projects": "cloudresourcemanager",
        }
        return _addresses([f"https://{hosts.get(service, service)}.googleapis.com"], around.where, "gcloud")
    if not uris and command.words and command.words[0] in {"cp", "mv", "rsync"}:
        return _unread(around, f"{command.name} goes to a place that only the shell knows")
    return _addresses(uris, around.where, command.name)


def _bq(command: Command, around: Surroundings) -> Reading:
    uris = [part for word in command.words for part in word.split(",") if part.lower().startswith("gs://")]
    found = _addresses(["https://bigquery.googleapis.com", *uris], around.where, "bq")
    from pipeline.airflow.doors.sql_text import read_sql

    return found + joined(
        read_sql(word, dialect="bigquery", where=around.where) for word in command.words if " " in word
    )


def _azure(command: Command, around: Surroundings) -> Reading:
    words = command.words
    uris = [word for word in words if FULL.match(word)]
    uris += [f"https://{name}.blob.core.windows.net/" for name in _option(words, "--account-name")]
    for text in _option(words, "--connection-string"):
        account = re.search(r"(?i)AccountName=([^;]+)", text)
        endpoint = re.search(r"(?i)BlobEndpoint=([^;]+)", text)
        uris.append(endpoint[1] if endpoint else f"https://{account[1]}.blob.core.windows.net/" if account else UNKNOWN)
    if not uris and command.name.endswith("az") and words and words[0] not in {"config", "version", "login", "account"}:
        uris = ["https://management.azure.com"]
    if not uris and command.name.endswith("azcopy") and words and words[0] in {"copy", "cp", "sync", "c"}:
        return _unread(around, "azcopy goes to a place that only the shell knows")
    return _addresses(uris, around.where, command.name)


def _rclone(command: Command, around: Surroundings) -> Reading:
    words = command.words
    endpoints = _option(words, "--s3-endpoint", "--webdav-url", "--sftp-host", "--ftp-host", "--http-url")
    remotes = [word for word in _free(words, frozenset())[1:] if ":" in word and not word.startswith("/")]
    found = Reading()
    for remote in remotes:
        settings = dict(
            re.findall(r"[,:](endpoint|host|url|account)=\"?'?([^,:\"']+(?:://[^,:\"']+)?(?::[0-9]+)?)", remote)
        )
        named = [settings[name] for name in ("endpoint", "host", "url") if name in settings]
        if "account" in settings:
            named.append(f"https://{settings['account']}.blob.core.windows.net/")
        if not named and not endpoints:
            found += _unread(
                around,
                f"rclone's remote {remote.partition(':')[0][:40] or remote[:20]} stands in its own configuration",
            )
        found += _addresses([name if FULL.match(name) else f"https://{name}" for name in named], around.where, "rclone")
    return found + _addresses(
        [one if FULL.match(one) else f"https://{one}" for one in endpoints], around.where, "rclone"
    )


SSH_TAKES = frozenset("-i -p -P -o -l -F -c -m -S -b -B -D -L -R -W -w -J -E -e -I -O -Q -a -s -l -X".split()) - {
    "-a",
    "-X",
    "-s",
}


def _ssh(command: Command, around: Surroundings) -> Reading:
    words = command.words
    free = _free(words, SSH_TAKES)
    found = _jumps(words, around)
    port = (
        (_option(words, "-p") or _option(words, "-P") or [""])[0]
        if PORT.match((_option(words, "-p") or _option(words, "-P") or [""])[0])
        else ""
    )
    if not free:
        return found
    found += _addresses([_ssh_uri(free[0], port)], around.where, command.name)
    if command.name.endswith("ssh") and len(free) > 1:
        from pipeline.airflow.doors.shell_text import read_shell

        script = " ".join(words[words.index(free[0]) + 1 :])
        found += (
            Reading(unread=(f"{around.where}: ssh runs what only the shell knows",))
            if UNKNOWN in script
            else read_shell(
                script, where=f"{around.where} (on {free[0].rpartition('@')[2][:60]})", variables={}
            ).elsewhere()
        )
    return found


def _ssh_uri(target: str, port: str) -> str:
    host = target.partition("://")[2] if FULL.match(target) else target
    bare = host.rpartition("@")[2]
    named = _bracketed(
        bare.split("/")[0] if FULL.match(target) else bare.partition(":")[0] if bare.count(":") == 1 else bare
    )
    return f"sftp://{named}:{port}" if port and not re.search(r":[0-9]+$", named) else f"sftp://{named}"


def _jumps(words: tuple[str, ...], around: Surroundings) -> Reading:
    found = Reading()
    jumps = [host for value in _option(words, "-J") for host in value.split(",")]
    for option in _option(words, "-o"):
        name, _, value = re.sub(r"\s*=\s*|\s+", "=", option, count=1).partition("=")
        if name.lower() == "proxyjump":
            jumps += value.split(",")
        elif name.lower() == "hostname":
            jumps.append(value)
        elif name.lower() in {"proxycommand", "localcommand"}:
            found += _unread(around, "ssh goes through a proxy command")
    if _option(words, "-F"):
        found += _unread(around, "ssh takes its hosts from a file")
    return found + _addresses([_ssh_uri(jump, "") for jump in jumps], around.where, "ssh")


def _copy(command: Command, around: Surroundings) -> Reading:
    """Scp and rsync: login@host:path, host::module, scp://, rsync://."""
    words = command.words
    rsync = command.name.endswith("rsync")
    taking = (
        frozenset(
            "-e --rsh --exclude --include --exclude-from --include-from --files-from --filter -f --port --password-file --bwlimit --log-file --partial-dir --temp-dir -T --rsync-path --chmod --chown -B -M".split()
        )
        if rsync
        else SSH_TAKES
    )
    found = _jumps(words, around) if not rsync else Reading()
    port = next((value for value in _option(words, "-P", "--port") if PORT.match(value)), "")
    for shell in _option(words, "-e", "--rsh") if rsync else ():
        port = port or next(iter(re.findall(r"-p\s*([0-9]+)", shell)), "")
        if re.search(r"(?i)proxy|-J|-F", shell) or not re.match(r"^\s*(?:\S*/)?ssh\b", shell):
            found += _unread(around, "rsync goes through another program")
    uris = []
    for word in _free(words, taking):
        remote = REMOTE_PATH.match(word)
        if FULL.match(word):
            uris.append(word if word.lower().startswith("rsync") else _ssh_uri(word, port))
        elif "::" in word and rsync and not word.startswith("/"):
            host = word.partition("::")[0].rpartition("@")[2]
            uris.append(f"rsync://{host}" + (f":{port}" if port else ""))
        elif remote:
            uris.append(f"sftp://{remote['host']}" + (f":{port}" if port else ""))
        elif UNKNOWN in word and not word.startswith(("/", "./", "~")):
            uris.append(word)
    return found + _addresses(uris, around.where, command.name)


def _database(scheme: str, host_options: tuple[str, ...], port_options: tuple[str, ...], variable: str = "") -> Reader:
    def read(command: Command, around: Surroundings) -> Reading:
        words = command.words
        uris = [
            word
            for word in words
            if re.match(r"(?i)^(?:postgres(?:ql)?|mysql|mongodb(?:\+srv)?|rediss?|clickhouse)://", word)
        ]
        uris += [value for value in _option(words, "--uri", "--dbname", "-d", "-u") if FULL.match(value)]
        pairs = [
            word
            for word in (*words, *_option(words, "-d", "--dbname"))
            if re.search(r"(?i)\bhost(?:addr)?\s*=", word) and not word.startswith("-")
        ]
        hosts = _option(words, *host_options) or (
            [around.variables[variable]] if around.variables.get(variable) else []
        )
        ports = [port for port in _option(words, *port_options) if PORT.match(port)]
        for host in hosts:
            if host.startswith("/"):
                uris.append(f"{scheme}:///?host={host}")
            else:
                uris += [
                    f"{scheme}://{_bracketed(one)}" + (f":{ports[0]}" if ports and ":" not in one else "")
                    for one in host.split(",")
                ]
        found = _addresses([*uris, *pairs], around.where, command.name)
        scripts = _option(words, "-c", "--command", "-e", "--execute", "--query", "-q", "--eval")
        if scheme in {"postgresql", "mysql", "mssql", "clickhouse", "snowflake"}:
            from pipeline.airflow.doors.sql_text import read_sql

            for script in scripts:
                found += (
                    _unread(around, f"{command.name} runs SQL that only the shell knows")
                    if script == UNKNOWN
                    else read_sql(
                        script.replace(UNKNOWN, "x"),
                        dialect={"postgresql": "postgres"}.get(scheme, scheme),
                        where=around.where,
                    )
                )
        if not uris and not pairs:
            found += _unread(around, f"{command.name} takes its server from its own settings")
        return found

    return read


def _sockets(command: Command, around: Surroundings) -> Reading:
    """Netcat, telnet and their kin: HOST PORT."""
    taking = frozenset(
        "-w -i -p -s -q -x -X -e -c -O -I -T -V -P -m -o -g -G --proxy --proxy-type --send-only-".split()
    )
    free = _free(command.words, taking)
    proxies = [f"socks5://{value}" for value in _option(command.words, "-x", "--proxy")]
    found = _addresses(proxies, around.where, command.name)
    if re.search(r"^-[a-zA-Z]*l", " ".join(word for word in command.words if word.startswith("-"))):
        return found + _unread(around, f"{command.name} waits for callers")
    if not free:
        return found
    port = free[1] if len(free) > 1 else "23" if command.name.endswith("telnet") else ""
    return found + (
        socket_of(free[0], port, command.name, around.where)
        if port
        else _addresses([free[0]], around.where, command.name)
    )


def _socat(command: Command, around: Surroundings) -> Reading:
    found = Reading()
    for word in command.words:
        place = re.match(
            r"(?i)^(tcp[46]?|udp[46]?|openssl|ssl|sctp|socks4a?|proxy|tcp-connect|openssl-connect|udp-sendto|udp-datagram)(?:-connect)?:([^:,]+|\[[^\]]+\]):([^:,]+)",
            word,
        )
        if place:
            found += socket_of(place[2], place[3], "socat", around.where)
        elif re.match(r"(?i)^(?:exec|system|unix)", word):
            found += _unread(around, "socat starts another program or socket")
    return found


def _openssl(command: Command, around: Surroundings) -> Reading:
    places = _option(command.words, "-connect", "-host", "-proxy")
    return _addresses(places, around.where, "openssl") if "s_client" in command.words else Reading()


def _hosts(command: Command, around: Surroundings) -> Reading:
    """A client whose first word is its host or its URL."""
    taking = frozenset("-u -p -P -e -c -s -U -A -l -W -I -i -m -D -o --user --password --port -b -t -w".split())
    free = [word for word in _free(command.words, taking) if "/" not in word[:1]]
    uris = [word if FULL.match(word) else f"ftp://{word}" for word in free[:1]]
    return (
        _addresses(uris, around.where, command.name)
        if uris
        else _unread(around, f"{command.name} takes its server from its input")
    )


def _smb(command: Command, around: Surroundings) -> Reading:
    shares = [word.replace("\\", "/") for word in command.words if re.match(r"^(?://|\\\\)[^/\\]", word)]
    return _addresses([f"smb:{share}" for share in shares], around.where, command.name)


def _names(command: Command, around: Surroundings) -> Reading:
    """DNS clients: a question can carry data to whoever answers it."""
    servers = [word[1:] for word in command.words if word.startswith("@") and len(word) > 1]
    free = [
        word for word in _free(command.words, frozenset(("-t", "-p", "-c", "-y"))) if not word.startswith(("@", "+"))
    ]
    servers += free[1:2] if command.name.endswith(("nslookup", "host")) else []
    if servers:
        return _addresses([f"{_bracketed(server)}:53" for server in servers], around.where, command.name)
    return _unread(around, f"{command.name} asks the name servers a question that may carry data")


def _mail(command: Command, around: Surroundings) -> Reading:
    from pipeline.airflow.doors.mail import read_recipients

    relays = [
        value
        for value in _option(command.words, "--server", "-S", "-h", "--host")
        if not FULL.match(value) and "=" not in value
    ]
    uris = [uri for value in _option(command.words, "-S") for uri in re.findall(r"(?:smtps?://[^\s]+)", value)]
    people = [
        word
        for word in (
            *_free(command.words, frozenset("-s -r -a -A -S -c -b -q -F -f -e -E".split())),
            *_option(command.words, "-c", "-b", "--to", "-t"),
        )
        if "@" in word
    ]
    found = _addresses([*(f"smtp://{relay}" for relay in relays), *uris], around.where, command.name)
    if any(UNKNOWN in word for word in people) or not people:
        return found + _unread(around, f"{command.name} sends mail to people that only the shell knows")
    return found + read_recipients(people, where=around.where, relays=tuple(relays))


def _git(command: Command, around: Surroundings) -> Reading:
    uris = []
    for word in command.words:
        remote = REMOTE_PATH.match(word)
        if FULL.match(word):
            uris.append(word)
        elif remote and remote["login"]:
            uris.append(f"sftp://{remote['host']}")
    if (
        not uris
        and command.words
        and command.words[0] in {"push", "fetch", "pull", "remote", "ls-remote", "send-email"}
    ):
        return _unread(around, "git goes to the remotes of its own configuration")
    return _addresses(uris, around.where, "git")


def _packages(command: Command, around: Surroundings) -> Reading:
    """Installers: they fetch, and nothing that they are given is a patient's data; their index is a place all the same."""
    uris = _option(
        command.words,
        "-i",
        "--index-url",
        "--extra-index-url",
        "--registry",
        "--repository-url",
        "--find-links",
        "-f",
        "-c",
        "--channel",
    )
    uris = [uri for uri in (*uris, *command.words) if FULL.match(uri)]
    return (
        _addresses(uris, around.where, command.name)
        if uris
        else _unread(around, f"{command.name} goes to the index of its own settings")
    )


def _containers(command: Command, around: Surroundings) -> Reading:
    words = command.words
    free = _free(
        words,
        frozenset(
            "-e --env -v --volume --name --network -p -w -u --mount --context -H --host -t --tag -f --file".split()
        ),
    )
    hosts = _option(words, "-H", "--host")
    found = _addresses(hosts, around.where, command.name)
    if free[:1] == ["push"] or free[:2] == ["image", "push"]:
        image = free[-1]
        return found + _addresses(
            [image if re.match(r"^[^/]+[.:][^/]*/", image) else f"docker.io/{image}"], around.where, command.name
        )
    return found + _unread(around, f"{command.name} runs something where no door confines it")


def _cluster(command: Command, around: Surroundings) -> Reading:
    servers = _option(command.words, "-s", "--server", "--kube-apiserver")
    return _addresses(servers, around.where, command.name) + _unread(
        around, f"{command.name} runs something where no door confines it"
    )


def _code(command: Command, around: Surroundings) -> Reading:
    """`python -c '...'`: what a program text connects to can't be read; the URIs in it are opened if they may be."""
    found = Reading()
    for text in _option(command.words, "-c", "-e", "-E", "-r"):
        uris = re.findall(r"[a-z][a-z0-9+.-]+://[^\s'\"\\)]+", text)
        found += Reading(
            addresses=tuple(
                Address(uri=_cut(uri), where=around.where, optional=True) for uri in uris if UNKNOWN not in uri
            )
        )
        if re.search(
            r"socket|urllib|requests|http|boto|connect|fetch|net|smtp|ftp|subprocess|system|exec|eval|import", text
        ):
            found += _unread(around, f"{command.name} runs a program text")
    return found + _uris_in(command, around)


def _unknown(command: Command, around: Surroundings) -> Reading:
    return _uris_in(command, around)


def _uris_in(command: Command, around: Surroundings) -> Reading:
    """Any program's arguments: a store's URI is a place; a web address may be a mere label."""
    found = Reading()
    for word in command.words:
        value = word.partition("=")[2] if word.startswith("-") and "=" in word else word
        if not FULL.match(value):
            continue
        if STORES.match(value):
            found += _addresses([value], around.where, command.name[:40])
        elif UNKNOWN not in value and not value.lower().startswith("file:"):
            found += Reading(addresses=(Address(uri=value, where=around.where, optional=True, settled=False),))
    return found


_PG = _database("postgresql", ("-h", "--host"), ("-p", "--port"), "PGHOST")
_MYSQL = _database("mysql", ("-h", "--host"), ("-P", "--port"))
_MONGO = _database("mongodb", ("-h", "--host"), ("--port",))
_REDIS = _database("redis", ("-h", "--host"), ("-p", "--port"))

READERS: dict[str, Reader] = {
    **dict.fromkeys(
        (
            "curl",
            "wget",
            "wget2",
            "http",
            "https",
            "httpie",
            "xh",
            "aria2c",
            "axel",
            "lynx",
            "w3m",
            "links",
            "ab",
            "hey",
        ),
        _curl,
    ),
    "aws": _aws,
    "s5cmd": _aws,
    **dict.fromkeys(("gsutil", "gcloud"), _gsutil),
    "bq": _bq,
    **dict.fromkeys(("azcopy", "az"), _azure),
    "rclone": _rclone,
    **dict.fromkeys(("ssh", "sftp", "ssh-copy-id", "autossh", "mosh"), _ssh),
    **dict.fromkeys(("scp", "rsync", "sshfs"), _copy),
    **dict.fromkeys(
        ("psql", "pg_dump", "pg_dumpall", "pg_restore", "pg_basebackup", "createdb", "pg_isready", "pgloader"), _PG
    ),
    **dict.fromkeys(("mysql", "mysqldump", "mysqlimport", "mysqladmin", "mariadb", "mariadb-dump", "mydumper"), _MYSQL),
    **dict.fromkeys(("mongo", "mongosh", "mongodump", "mongoexport", "mongoimport", "mongorestore"), _MONGO),
    "redis-cli": _REDIS,
    "clickhouse-client": _database("clickhouse", ("-h", "--host"), ("--port",)),
    **dict.fromkeys(("sqlcmd", "bcp", "osql"), _database("mssql", ("-S", "--server"), ())),
    **dict.fromkeys(("snowsql", "snow"), _database("snowflake", ("-a", "--accountname", "--account"), ())),
    **dict.fromkeys(("nc", "ncat", "netcat", "telnet", "nc.openbsd", "nc.traditional"), _sockets),
    "socat": _socat,
    "openssl": _openssl,
    **dict.fromkeys(("ftp", "lftp", "tftp", "ncftpput", "ncftpget", "ncftp", "curlftpfs"), _hosts),
    **dict.fromkeys(("smbclient", "mount.cifs"), _smb),
    **dict.fromkeys(("nslookup", "dig", "host", "drill", "kdig", "ping", "traceroute"), _names),
    **dict.fromkeys(("mail", "mailx", "mutt", "sendmail", "swaks", "msmtp", "s-nail", "ssmtp", "neomutt"), _mail),
    "git": _git,
    **dict.fromkeys(
        ("pip", "uv", "npm", "yarn", "apt", "apt-get", "conda", "mamba", "yum", "dnf", "twine", "gem", "cargo"),
        _packages,
    ),
    **dict.fromkeys(("docker", "podman", "nerdctl", "buildah", "skopeo"), _containers),
    **dict.fromkeys(("kubectl", "helm", "oc"), _cluster),
    **dict.fromkeys(("python", "perl", "ruby", "node", "php"), _code),
}

HARMLESS = frozenset(
    "echo printf true false test [ [[ cd pwd ls cat grep egrep fgrep sed awk cut sort uniq head tail wc tr tee date sleep exit return set export unset local readonly declare mkdir rm mv cp ln touch chmod chown stat find diff cmp gzip gunzip zcat zstd bzip2 xz tar zip unzip sha256sum md5sum base64 basename dirname realpath seq jq yq read shift trap wait kill ps df du id whoami hostname uname : let break continue mktemp split paste join column fold nl rev tac od hexdump xxd iconv file which type hash ulimit umask".split()
)
