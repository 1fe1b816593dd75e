"""Does any mutated destination that the guard allows lead other readers to another host?

Run: python benchmarks/fuzz_guard.py [SECONDS] [SEED]. Takes the corpus of tests/pipeline/guard, mutates it, and compares
every allowed web URL with urllib's and (where node is installed) a browser's reading, and every database URL with the
login that SQLAlchemy's documented form would take. Prints a report; exits 1 if anything differs or breaks.
"""

from __future__ import annotations

import json
import random
import re
import shutil
import subprocess
import sys
import time
from datetime import date
from ipaddress import ip_address
from pathlib import Path
from runpy import run_path
from urllib.parse import urlsplit

from pipeline.guard import Guard

TESTS = Path(__file__).parents[1] / "tests" / "pipeline" / "guard"
DAY = date(2026, 11, 24)
PIECES = [
    *"@:/\\?#[]%.;,&=-_~!$'()*+ \t\n0x",
    *("//", "%2f", "%40", "%5c", "..", "@evil.example", "evil.example", "\u3002", "\uff0f", "\u200b", "é", "аx"),
    *("https://", "::", "..%2f", "%00", "?host=evil.example", "#@", ":5432", "/x@", "u:p@", "evil.example:5432/"),
]
# RFC 1738 logins as SQLAlchemy's make_url documents them: a password may hold everything but @.
DATABASE = re.compile(r"[\w+]+://(?:[^:/]*(?::[^@]*)?@)?(?:\[([^/?]+)\]|([^/:?]+))?")
DATABASES = ("postgres", "mysql", "mariadb", "mssql", "redis", "trino", "hive", "clickhouse", "mongodb")
BROWSER = """let b='';process.stdin.on('data',d=>b+=d).on('end',()=>console.log(JSON.stringify(
JSON.parse(b).map(u=>{try{return new URL(u).hostname}catch(e){return null}}))))"""


def mutate(text: str, others: list[str], random_: random.Random) -> str:
    """Insert, delete, replace or splice, one to three times."""
    for _ in range(random_.randint(1, 3)):
        at, kind = random_.randint(0, len(text)), random_.random()
        if kind < 0.5:
            text = text[:at] + random_.choice(PIECES) + text[at:]
        elif kind < 0.7:
            text = text[:at] + text[at + 1 :]
        elif kind < 0.85:
            text = text[:at] + random_.choice(PIECES) + text[at + 1 :]
        else:
            other = random_.choice(others)
            text = text[:at] + other[random_.randint(0, len(other)) :]
    return text


def plain(host: str | None) -> str:
    """Spell a host as the guard does, to compare."""
    name = (host or "").lower().removesuffix(".").strip("[]")
    try:
        return str(ip_address(name))
    except ValueError:
        return name if name.isascii() else name.encode("idna").decode()


def readings(allowed: dict[str, str]) -> list[str]:
    """Compare what was allowed with other readers; list what differs."""
    differing = []
    web = {text: host for text, host in allowed.items() if text.lower().startswith(("http:", "https:"))}
    for text, host in web.items():
        if plain(urlsplit(text).hostname) != plain(host):
            differing.append(f"urllib: {text!r}")
    node = shutil.which("node")
    if node:
        answer = subprocess.run(
            [node, "-e", BROWSER], input=json.dumps(list(web)), capture_output=True, text=True, check=True
        )
        pairs = zip(web.items(), json.loads(answer.stdout), strict=True)
        differing += [f"browser: {text!r}" for (text, host), seen in pairs if plain(seen) != plain(host)]
    for text, host in allowed.items():
        if text.lower().startswith(DATABASES) and "," not in text:
            match = DATABASE.match(text)
            seen = (match[1] or match[2]) if match else None
            if seen and plain(seen) != plain(host):
                differing.append(f"SQLAlchemy: {text!r}")
    return differing


def main() -> int:
    """Fuzz and report."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 60
    random_ = random.Random(int(sys.argv[2]) if len(sys.argv) > 2 else 1)
    guard = Guard.load(TESTS / "register")
    cases = [case.values for case in run_path(str(TESTS / "test_corpus.py"))["CASES"]]
    everything = [destination for _, _, destination, _ in cases]
    good = [text for (verdict, _), _, text, declared in cases if verdict == "allow" and declared is None]
    allowed: dict[str, str] = {}
    broken: list[str] = []
    count, end = 0, time.monotonic() + seconds
    while time.monotonic() < end:
        text = mutate(random_.choice(good), everything, random_)
        count += 1
        try:
            decision = guard.decide(text, data_class="identified-health", on=DAY)
        except Exception as error:  # noqa: BLE001 - any exception is a finding
            broken.append(f"{text!r}: {error!r}")
            continue
        if decision.allowed and decision.destination.host:
            allowed[text] = decision.destination.host
    differing = readings(allowed)
    print(
        f"{count:,} mutated destinations, {len(allowed):,} allowed, {len(broken)} broke the reader, {len(differing)} differ"
    )
    for line in [*broken, *differing][:20]:
        print(" ", line)
    return 1 if broken or differing else 0


if __name__ == "__main__":
    sys.exit(main())
