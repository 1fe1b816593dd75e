"""Where do programs go that open a socket by themselves: netcat, socat, ftp, DNS clients, mail?"""

from __future__ import annotations

import re

from pipeline.airflow.doors.reading import Reading
from pipeline.airflow.doors.shell_words import (
    FULL,
    UNKNOWN,
    Command,
    Reader,
    Surroundings,
    addresses_of,
    bracketed,
    free_words,
    option,
    socket_of,
    unread,
)


def _sockets(command: Command, around: Surroundings) -> Reading:
    """Netcat, telnet and their kin: HOST PORT."""
    taking = frozenset(
        "-w -i -p -s -q -x -X -e -c -O -I -T -V -P -m -o -g -G --proxy --proxy-type --send-only-".split()
    )
    free = free_words(command.words, taking)
    proxies = [f"socks5://{value}" for value in option(command.words, "-x", "--proxy")]
    found = addresses_of(proxies, around.where, command.name)
    if re.search(r"^-[a-zA-Z]*l", " ".join(word for word in command.words if word.startswith("-"))):
        return found + unread(around, f"{command.name} waits for callers")
    if not free:
        return found
    port = free[1] if len(free) > 1 else "23" if command.name.endswith("telnet") else ""
    return found + (
        socket_of(free[0], port, command.name, around.where)
        if port
        else addresses_of([free[0]], around.where, command.name)
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
            found += unread(around, "socat starts another program or socket")
    return found


def _openssl(command: Command, around: Surroundings) -> Reading:
    places = option(command.words, "-connect", "-host", "-proxy")
    return addresses_of(places, around.where, "openssl") if "s_client" in command.words else Reading()


def _hosts(command: Command, around: Surroundings) -> Reading:
    """A client whose first word is its host or its URL."""
    taking = frozenset("-u -p -P -e -c -s -U -A -l -W -I -i -m -D -o --user --password --port -b -t -w".split())
    free = [word for word in free_words(command.words, taking) if "/" not in word[:1]]
    uris = [word if FULL.match(word) else f"ftp://{word}" for word in free[:1]]
    return (
        addresses_of(uris, around.where, command.name)
        if uris
        else unread(around, f"{command.name} takes its server from its input")
    )


def _smb(command: Command, around: Surroundings) -> Reading:
    shares = [word.replace("\\", "/") for word in command.words if re.match(r"^(?://|\\\\)[^/\\]", word)]
    return addresses_of([f"smb:{share}" for share in shares], around.where, command.name)


def _names(command: Command, around: Surroundings) -> Reading:
    """DNS clients: a question can carry data to whoever answers it."""
    servers = [word[1:] for word in command.words if word.startswith("@") and len(word) > 1]
    free = [
        word
        for word in free_words(command.words, frozenset(("-t", "-p", "-c", "-y")))
        if not word.startswith(("@", "+"))
    ]
    servers += free[1:2] if command.name.endswith(("nslookup", "host")) else []
    if servers:
        return addresses_of([f"{bracketed(server)}:53" for server in servers], around.where, command.name)
    return unread(around, f"{command.name} asks the name servers a question that may carry data")


def _mail(command: Command, around: Surroundings) -> Reading:
    from pipeline.airflow.doors.mail import read_recipients

    relays = [
        value
        for value in option(command.words, "--server", "-S", "-h", "--host")
        if not FULL.match(value) and "=" not in value
    ]
    uris = [uri for value in option(command.words, "-S") for uri in re.findall(r"(?:smtps?://[^\s]+)", value)]
    people = [
        word
        for word in (
            *free_words(command.words, frozenset("-s -r -a -A -S -c -b -q -F -f -e -E".split())),
            *option(command.words, "-c", "-b", "--to", "-t"),
        )
        if "@" in word
    ]
    found = addresses_of([*(f"smtp://{relay}" for relay in relays), *uris], around.where, command.name)
    if any(UNKNOWN in word for word in people) or not people:
        return found + unread(around, f"{command.name} sends mail to people that only the shell knows")
    return found + read_recipients(people, where=around.where, relays=tuple(relays))


READERS: dict[str, Reader] = {
    **dict.fromkeys("nc ncat netcat telnet nc.openbsd nc.traditional".split(), _sockets),
    "socat": _socat,
    "openssl": _openssl,
    **dict.fromkeys("ftp lftp tftp ncftpput ncftpget ncftp curlftpfs".split(), _hosts),
    **dict.fromkeys(("smbclient", "mount.cifs"), _smb),
    **dict.fromkeys("nslookup dig host drill kdig ping traceroute".split(), _names),
    **dict.fromkeys("mail mailx mutt sendmail swaks msmtp s-nail ssmtp neomutt".split(), _mail),
}
