"""Does any text break the guard's parser or decision, or make a client connect elsewhere than an allow says?

Run: python benchmarks/fuzz_guard.py [SECONDS] [SEED] [REPORT.md]. Needs atheris (coverage-guided: libFuzzer); starts
from the corpus of tests/pipeline/guard, `destination | declared` an input. Of every input it asks:

- does reading or deciding raise anything, or is a decision neither an allow without blocks nor a block with some;
- is the canonical address of an allow decided alike, and does an allow for state-sensitive data hold for less;
- do urllib, libcurl, libpq, SQLAlchemy and (afterwards, by node) a browser read only hosts that the allow names.

Exits 1 if anything was found. The last run's report: benchmarks/fuzz_guard_report.md.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from datetime import date
from pathlib import Path
from runpy import run_path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pipeline.guard import Decision, Guard

ROOT = Path(__file__).parents[1]
TESTS = ROOT / "tests" / "pipeline" / "guard"
DAY = date(2026, 11, 24)
MOST_KEPT = 200_000
MOST_OF_A_KIND = 5
STATUS = re.compile(r"cov: (\d+) ft: (\d+) corp: (\d+)/\S+ .*?exec/s: (\d+)")
DONE = re.compile(r"Done (\d+) runs in (\d+) second")
WORDS = (
    *("https://", "s3://", "postgresql://", "jdbc:", "abfss://", "file:///", "kafka://", "?host=", "&hostaddr=", "@"),
    *(
        "%2f",
        "%40",
        "%5c",
        "::",
        "//",
        "[::1]",
        "0x7f.1",
        "evil.example",
        ".core.windows.net",
        ".amazonaws.com",
        "xn--",
    ),
    *('"endpoint_url"', '"extra"', '"proxy"', '"host"', '"region"', " | {", "unix_socket=", "odbc_connect=", "(HOST="),
)


def main() -> int:
    """Fuzz in a process of its own, compare with a browser, report."""
    seconds, seed = (int(given or usual) for given, usual in zip((*sys.argv[1:3], "", ""), ("600", "8"), strict=False))
    report = Path(sys.argv[3]) if len(sys.argv) > 3 else None
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        seeds = write_seeds(folder)
        answer = subprocess.run(
            [
                *(sys.executable, __file__, "--worker", str(folder / "found"), str(folder / "corpus")),
                *(f"-max_total_time={seconds}", f"-seed={seed}", "-max_len=400", f"-dict={folder / 'words'}"),
            ],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
        found = [json.loads(line) for line in (folder / "found").read_text().splitlines()]
    allowed = {line["allowed"]: line["hosts"] for line in found if "allowed" in line}
    findings = [*(line for line in found if "kind" in line), *by_a_browser(allowed)]
    text = told(answer.stderr, seeds=seeds, seed=seed, allowed=len(allowed), findings=findings)
    if report is not None:
        report.write_text(text, encoding="utf-8")
    print(text)
    if not DONE.search(answer.stderr):
        print(answer.stderr[-2000:], file=sys.stderr)
    return 1 if findings or not DONE.search(answer.stderr) else 0


def write_seeds(folder: Path) -> int:
    """Write one file a case of the tests' corpus, and the words that a fuzzer would not guess."""
    cases = [case.values for case in run_path(str(TESTS / "test_corpus.py"))["CASES"]]
    (folder / "corpus").mkdir()
    for number, (_, _, destination, declared) in enumerate(cases):
        text = destination if declared is None else f"{destination} | {json.dumps(declared)}"
        (folder / "corpus" / str(number)).write_text(text, encoding="utf-8")
    escaped = [word.replace("\\", "\\\\").replace('"', '\\"') for word in WORDS]
    (folder / "words").write_text("".join(f'"{word}"\n' for word in escaped), encoding="utf-8")
    return len(cases)


def work(found: Path) -> None:
    """Run libFuzzer over one input after another; it ends the process itself."""
    import atheris  # noqa: PLC0415 - only this process needs it

    with atheris.instrument_imports(include=["pipeline.guard"]):
        from pipeline.guard import Guard  # noqa: PLC0415 - instrumented as it is imported

        guard = Guard.load(TESTS / "register")
        guard.decide("s3://x", data_class="technical", declared={"extra": {"host": "hôpital.example"}})
    clients = run_path(str(TESTS / "clients.py"))
    notes = Notes(found)

    def one(data: bytes) -> None:
        text = data.decode("utf-8", "surrogateescape" if data[-1:] == b"\xff" else "replace")
        try:
            judge(guard, clients, text, notes)
        except Exception as error:  # noqa: BLE001 - any exception is a finding
            notes.found(f"exception {type(error).__name__}", text, str(error)[:200])

    atheris.Setup([sys.argv[0], *sys.argv[3:]], one)
    atheris.Fuzz()


class Notes:
    """What a run found and allowed, written at once: libFuzzer ends the process without a farewell."""

    def __init__(self, path: Path) -> None:
        """Write beside `path`."""
        path.touch()
        self._path = path
        self._kinds: Counter[str] = Counter()
        self._allowed: set[str] = set()

    def found(self, kind: str, text: str, more: str = "") -> None:
        """Note a finding; of each kind the first five."""
        self._kinds[kind] += 1
        if self._kinds[kind] <= MOST_OF_A_KIND:
            self._write({"kind": kind, "input": text, "more": more})

    def allowed(self, text: str, hosts: list[str]) -> None:
        """Note a web address that was allowed, for the browser."""
        if text not in self._allowed and len(self._allowed) < MOST_KEPT:
            self._allowed.add(text)
            self._write({"allowed": text, "hosts": hosts})

    def _write(self, line: dict[str, Any]) -> None:
        with self._path.open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(line) + "\n")


def parted(text: str) -> tuple[str, dict[str, Any] | None]:
    """Part an input into a destination and what is declared of it."""
    destination, separator, declared = text.partition(" | ")
    if not separator:
        return text, None
    try:
        content = json.loads(declared)
    except (ValueError, RecursionError):
        content = None
    return destination, content if isinstance(content, dict) else {"extra": declared}


def judge(guard: Guard, clients: dict[str, Any], text: str, notes: Notes) -> None:
    """Ask of one input what the first lines of this file say."""
    destination, declared = parted(text)

    def decide(data_class: str) -> Decision:
        decision = guard.decide(destination, data_class=data_class, on=DAY, declared=declared)
        json.dumps(decision.to_dict())
        if decision.allowed == bool(decision.blocks):
            notes.found("verdict and reasons differ", text)
        return decision

    technical, health, sensitive = map(decide, ("technical", "identified-health", "state-sensitive-health"))
    if (sensitive.allowed and not health.allowed) or (health.allowed and not technical.allowed):
        notes.found("allowed for more, blocked for less", text)
    if declared is None and health.allowed:
        judge_again(guard, health, text, notes)
    if declared is None and technical.allowed:
        compare(technical, clients, text, notes)


def judge_again(guard: Guard, decision: Decision, text: str, notes: Notes) -> None:
    """Decide the canonical address, which is what a client gets."""
    if "://" in decision.address and "(socket)" not in decision.address:  # a socket's file stands in a parameter
        again = guard.decide(decision.address, data_class="identified-health", on=DAY)
        if (again.allowed, again.destination[1:]) != (True, decision.destination[1:]):
            notes.found("the canonical address is decided otherwise", text, decision.address)


def compare(decision: Decision, clients: dict[str, Any], text: str, notes: Notes) -> None:
    """Compare an allow with what other readers take from the text."""
    ours = clients["by_guard"](decision)
    for name, reader in clients["READERS"].items():
        hosts = reader(text)
        if hosts is not None and not (ours and hosts <= ours):
            notes.found(f"{name} reads another host", text, f"{sorted(hosts)}, the guard {sorted(ours or ())}")
    if ours and text.lower().startswith(clients["WEB"]):
        notes.allowed(text, sorted(ours))


def by_a_browser(allowed: dict[str, list[str]]) -> list[dict[str, str]]:
    """Compare what was allowed with a browser's reading, all at once."""
    clients = run_path(str(TESTS / "clients.py"))
    return [
        {"kind": "a browser reads another host", "input": text, "more": str(sorted(hosts))}
        for text, hosts in zip(allowed, clients["by_browser"](list(allowed)), strict=True)
        if hosts is not None and not hosts <= set(allowed[text])
    ]


def told(log: str, *, seeds: int, seed: int, allowed: int, findings: list[dict[str, str]]) -> str:
    """Write the report."""
    states = STATUS.findall(log)
    coverage, features, corpus, speed = states[-1] if states else ("?", "?", "?", "?")
    first = states[0][0] if states else "?"
    ran = DONE.search(log)
    version = subprocess.run(
        ["/usr/bin/env", "git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    lines = [
        "# The guard under atheris",
        "",
        "Written by `make fuzz-guard` (benchmarks/fuzz_guard.py says what is asked of every input).",
        "",
        "| | |",
        "| --- | --- |",
        f"| day, commit | {date.today()}, {version.stdout.strip() or '?'} |",  # noqa: DTZ011 - a report's local day
        f"| ran | {int(ran[1]) if ran else 0:,} inputs in {ran[2] if ran else '?'} s ({speed}/s), seed {seed} |",
        f"| started from | {seeds} destinations of tests/pipeline/guard/corpus, and {len(WORDS)} words |",
        f"| coverage of pipeline.guard | {first} edges by the first inputs, {coverage} at the end ({features} features) |",
        f"| corpus at the end | {corpus} inputs |",
        f"| allowed web addresses compared with a browser | {allowed:,} |",
        f"| found | {len(findings)} |",
        "",
    ]
    lines += [f"- {one['kind']}: `{one['input']!r}` {one['more']}" for one in findings[:40]]
    return "\n".join(lines).rstrip() + "\n"


if __name__ == "__main__":
    if "--worker" in sys.argv:
        work(Path(sys.argv[2]))
    sys.exit(main())
