"""What does each kind of field mean, and what does the default policy do with it?"""

from __future__ import annotations

from pathlib import Path

from ruamel.yaml import YAML

from pipeline.data_files import data_folder
from pipeline.policy import Policy, read_policy
from transforms.kinds import CATEGORIES, CATEGORY_OF

TOLD = Path(__file__).with_name("kinds.yaml")


def kinds_page() -> str:
    """Write docs/reference/kinds.md."""
    told = YAML(typ="safe", pure=True).load(TOLD.read_text(encoding="utf-8"))
    wrong = sorted(told["kinds"].keys() ^ CATEGORY_OF.keys())
    if wrong:
        raise SystemExit(f"{TOLD}: {', '.join(wrong)}: each kind wants its meaning there, and nothing else does")
    policy = read_policy(data_folder() / "policies" / "default.yaml")
    parts = [told["intro"].strip()]
    for category in CATEGORIES:
        rows = [
            f"| `{kind}` | {told['kinds'][kind]} | {_policy_words(policy, kind)} |"
            for kind, its_category in CATEGORY_OF.items()
            if its_category == category
        ]
        table = "\n".join(["| kind | what it is | default policy |", "| --- | --- | --- |", *rows])
        parts.append(f"## {category}\n\n{told['categories'][category]}\n\n{table}")
    return "\n\n".join(parts) + "\n"


def _policy_words(policy: Policy, kind: str) -> str:
    steps = policy.decide(kind)
    if steps is None:
        return "**a person decides**"
    return ", then ".join(f"`{step.words}`" for step in steps)
