"""Where do curl, wget and their kin go?"""

from __future__ import annotations

import re

from pipeline.airflow.doors.reading import Reading
from pipeline.airflow.doors.shell_words import (
    FULL,
    Command,
    Reader,
    Surroundings,
    addresses_of,
    free_words,
    option,
    unread,
)

CURL_TAKES = frozenset(
    "-d --data --data-binary --data-raw --data-urlencode -H --header -X --request -o --output -u --user -T --upload-file -F --form -A --user-agent -b --cookie -c --cookie-jar -e --referer -E --cert --key --cacert -m --max-time --retry --connect-timeout -w --write-out -x --proxy -K --config --resolve --connect-to --interface -r --range -Y -y -C -D --dump-header -U --proxy-user --retry-delay --limit-rate --url -t -z --json --form-string --socks5 --socks4 --socks5-hostname --preproxy --doh-url --dns-servers --unix-socket --mail-from --mail-rcpt --variable --aws-sigv4 -O --output-document --post-file --post-data --body-file --body-data -P --directory-prefix -i --input-file --method --timeout --tries".split()
) - {"-O", "-i"}


def _curl(command: Command, around: Surroundings) -> Reading:
    words = command.words
    found = Reading()
    taking = CURL_TAKES if command.name.endswith("curl") else CURL_TAKES | {"-O", "-i"}
    urls = [*free_words(words, taking), *option(words, "--url")]
    proxies = (
        option(words, "-x", "--proxy", "--preproxy", "--socks5", "--socks4", "--socks5-hostname", "--doh-url")
        if command.name.endswith("curl")
        else []
    )
    for value in option(words, "--resolve", "--connect-to"):
        parts = [part for part in value.split(":") if part]
        urls += parts[-1:] if "--resolve" in words else [":".join(parts[-2:])]
    sockets = option(words, "--unix-socket", "--abstract-unix-socket")
    found += addresses_of([f"unix:{path}" for path in sockets], around.where, command.name)
    if option(words, "-K", "--config") or (command.name.endswith("wget") and option(words, "-i", "--input-file")):
        found += unread(around, f"{command.name} takes its addresses from a file")
    for name in ("http_proxy", "https_proxy", "HTTPS_PROXY", "ALL_PROXY", "all_proxy"):
        if around.variables.get(name):
            proxies.append(around.variables[name])
    proxies = [proxy if FULL.match(proxy) else f"http://{proxy}" for proxy in proxies]
    globbed = [
        url for url in urls if not re.search(r"^[^/]*://[^/]*[{\[][^/]*[,-]", url) or ":" in url.partition("[")[2]
    ]
    if len(globbed) < len(urls):
        found += unread(around, f"{command.name} makes several addresses of one pattern")
    return found + addresses_of([*map(_web, globbed), *proxies], around.where, command.name)


def _web(url: str) -> str:
    # As of an HTTP connection: the query is content, and the host is where it goes.
    url = re.split(r"[?#]", url, maxsplit=1)[0]
    if FULL.match(url):
        return url
    guessed = "ftp" if url.lower().startswith("ftp.") else "http"
    return f"{guessed}://{url}"


READERS: dict[str, Reader] = dict.fromkeys(
    "curl wget wget2 http https httpie xh aria2c axel lynx w3m links ab hey".split(), _curl
)
