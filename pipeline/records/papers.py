"""What do the papers of a release of documents say: manifest, dictionary and report, a line a path?"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from pipeline.digests import document_digest
from pipeline.guard.release_facts import RANK
from pipeline.making.dictionary import DICTIONARY, DictionaryEntry, render_dictionary
from pipeline.making.release_papers import Papers
from pipeline.making.steps import LEAVES_READABLE, Step
from pipeline.report import REPORT, ReportFacts, ReportField, ReportScan, ReportTable, render_report
from pipeline.report.wording import count_in_words
from transforms._version import __version__
from transforms.kinds import CATEGORY_OF
from transforms.records.vocabulary import DROP, Rule

if TYPE_CHECKING:
    from pipeline.order import Order
    from pipeline.records import RecordWork
    from pipeline.records.making import Account
    from pipeline.records.source import RecordSource

_LEAST: Final = "pseudonymized-health"
"""What documents on persons' health are at least, whatever a policy promises: nobody measured that they are anonymous."""
_UNKNOWN: Final = "no rule names it, so it was dropped"


def papers_of_records(
    order: Order, release_id: str, work: RecordWork, account: Account, source: RecordSource
) -> Papers:
    """Write the papers of a release whose documents are complete. No wall clock and no person's value enters them."""
    lines = _lines(work, account)
    data_class = _data_class(order, [(rule, counts) for _, rule, counts in lines])
    steps = {path: _steps(rule) for path, rule, _ in lines}
    dictionary = render_dictionary(
        DictionaryEntry(
            table=_split(path)[0],
            column=_split(path)[1],
            type="",
            kind=rule.kind,
            category=CATEGORY_OF[rule.kind],
            steps=tuple(step.words for step in steps[path]),
            why=rule.why,
            decided_by=_decided_by(order, path),
        )
        for path, rule, _ in lines
    )
    report = render_report(_report(order, release_id, account, lines, data_class))
    manifest = {
        "export": order.export,
        "interval": order.interval,
        "domain": order.plan.domain,
        "data_class": data_class,
        "plan_sha256": document_digest(order.plan),
        "policy_sha256": document_digest(order.policy),
        "keys": [{"id": order.key.id, "version": order.key.version, "domain": order.key.domain}],
        "fields": [
            {
                "table": _split(path)[0],
                "field": _split(path)[1],
                "kind": rule.kind,
                "steps": [step.model_dump(mode="json") for step in steps[path]],
            }
            for path, rule, _ in lines
        ],
        "risk": [],
        "residual_scan": {"rows": account.texts, "fields": sorted(account.paths), "found": len(account.found)},
        "records": {
            "format": source.form.name,
            "rules": order.plan.records.rules if order.plan.records else "",
            "documents": account.documents,
            "sorts": dict(sorted(account.tally.records.items())),
            "left_out": dict(sorted(account.tally.left_out.items())),
            "other_files": source.left,
            "paths": {path: {outcome: shown(outcome, n) for outcome, n in counts.items()} for path, _, counts in lines},
        },
    }
    return Papers({DICTIONARY: dictionary, REPORT: report.encode()}, manifest)


def shown(outcome: str, count: int) -> int | str:
    """A count as the release tells it: what left it is not told exactly where it is small."""
    return count if outcome in {"kept", "changed"} else count_in_words(count).replace(",", "")


def _lines(work: RecordWork, account: Account) -> list[tuple[str, Rule, dict[str, int]]]:
    """A line a path; what no rule names is told by where it stood, since its name came from the documents."""
    lines: list[tuple[str, Rule, dict[str, int]]] = []
    unknown: Counter[str] = Counter()
    for path, counts in account.tally.paths():
        if "unknown" in counts:
            unknown[_where_unknown(path, work)] += counts["unknown"]
        known = {outcome: count for outcome, count in counts.items() if outcome != "unknown"}
        if known:
            lines.append((path, work.rule_of(path) or DROP, known))
    lines += [(path, Rule("drop", why=_UNKNOWN), {"unknown": count}) for path, count in unknown.items()]
    return sorted(lines, key=lambda line: line[0])


def _where_unknown(path: str, work: RecordWork) -> str:
    """The path of an unknown element without its name, unless rules know it (and its content was of another sort)."""
    if work.rule_of(path) is not None:
        return path
    bare = re.sub(r"\[.*", "", path)
    parent = bare if bare != path else path.rpartition(".")[0]
    return (
        f"{parent}.(unknown)" if parent and work.rule_of(parent) is not None else f"{path.partition('.')[0]}.(unknown)"
    )


def _split(path: str) -> tuple[str, str]:
    head, dot, rest = path.partition(".")
    return (head, rest) if dot else ("", path)


def _steps(rule: Rule) -> tuple[Step, ...]:
    return tuple(Step.model_validate(step) for step in rule.step)


def _decided_by(order: Order, path: str) -> str:
    planned = order.plan.records
    return planned.decided_by if planned and path in planned.changes else "policy"


def _data_class(order: Order, lines: list[tuple[Rule, dict[str, int]]]) -> str:
    """Never under the truth: a direct identifier that stays readable names its person, whatever the policy promises."""
    names_someone = any(
        CATEGORY_OF[rule.kind] == "direct"
        and (counts.get("kept", 0) or counts.get("changed", 0))
        and all(step["transform"] in LEAVES_READABLE for step in rule.step)
        for rule, counts in lines
    )
    classes = (order.policy.data_class, _LEAST, "identified-health" if names_someone else _LEAST)
    return max(classes, key=lambda name: RANK[name])


def _report(
    order: Order, release_id: str, account: Account, lines: list[tuple[str, Rule, dict[str, int]]], data_class: str
) -> ReportFacts:
    heads = dict.fromkeys(_split(path)[0] for path, _, _ in lines)
    return ReportFacts(
        title=order.export,
        release_id=release_id,
        domain=order.plan.domain,
        data_class=data_class,
        tables=tuple(ReportTable(name=head, rows=account.tally.records.get(head, 0)) for head in heads),
        fields=tuple(
            ReportField(
                table=_split(path)[0],
                name=_split(path)[1],
                kind=rule.kind,
                category=CATEGORY_OF[rule.kind],
                steps=tuple(step.sentence for step in _steps(rule) if step.transform != "keep") + _lost(counts),
                why=rule.why,
                decided_by=_decided_by(order, path),
            )
            for path, rule, counts in lines
        ),
        risk=(),
        scan=ReportScan(fields=len(account.paths), rows=account.texts, found=len(account.found)),
        k_warn=order.policy.risk.k_warn,
        plan_sha256=document_digest(order.plan),
        policy_sha256=document_digest(order.policy),
        keys=(f"{order.key.id} version {order.key.version}",),
        software=f"douane {__version__}",
    )


def _lost(counts: dict[str, int]) -> tuple[str, ...]:
    lost = counts.get("lost", 0)
    return (f"what the rule can't take is emptied ({count_in_words(lost)})",) if lost else ()
