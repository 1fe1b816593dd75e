"""Where does each element of a resource lead: to a rule, to a structure of its own, or nowhere?

The rules name elements by path and structures by type; here they become a tree for each type of resource, made when a
resource of that type first comes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from transforms.records.vocabulary import DROP, Rule, Use

if TYPE_CHECKING:
    from collections.abc import Mapping

    from transforms.records.tally import Outcome
    from transforms.records.vocabulary import Entry, Rules

Sort: TypeAlias = Literal["keep", "rule", "drop", "structure", "Reference", "Identifier", "Coding", "CodeableConcept"]

_OF_THEIR_OWN: Final = frozenset({"Reference", "Identifier", "Coding", "CodeableConcept"})
"""Types of which more is said than their elements' rules."""


@dataclass(slots=True)
class Leaf:
    """What is done with one element.

    Attributes:
        sort: keep, rule, drop, or what sort of structure it is.
        path: Its path, as it is counted.
        rule: The rule, if it has one.
        kept: What is counted when it is kept.
        dropped: What is counted when it is dropped.
        within: The elements of the structure, if it is one.
        shape: What a kept value must look like, if the rule says so.
    """

    sort: Sort
    path: str
    rule: Rule | None
    kept: tuple[str, Outcome]
    dropped: tuple[str, Outcome]
    within: Node | None = None
    shape: str | None = None


@dataclass(slots=True)
class Node:
    """A structure: its path, and its elements by name."""

    path: str
    leaves: dict[str, Leaf] = field(default_factory=dict)


class Paths:
    """The trees of all types of resources, by some rules.

    Attributes:
        types: The types of resources that the rules know.
    """

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._by_type: dict[str, list[tuple[str, Entry]]] = {}
        for path, entry in rules.entries.items():
            head, dot, rest = path.partition(".")
            if dot and head.isalpha():
                self._by_type.setdefault(head, []).append((rest, entry))
        self.types = frozenset(self._by_type)
        self._again: Mapping[str, str] = rules.more.get("again", {})
        self._nodes: dict[str, Node] = {}
        self._rule_at: dict[str, Rule] = {}

    def resource(self, name: str) -> Node | None:
        """The tree of a type of resource; None for a type that no rule names."""
        node = self._nodes.get(name)
        if node is None and name in self._by_type:
            node = self._nodes[name] = self._tree(name, self._by_type[name])
            for path, target in self._again.items():
                if path.startswith(f"{name}."):
                    self._repeat(node, path, target)
        return node

    def extension(self, path: str) -> Node:
        """The tree of an extension's value at this path."""
        node = self._nodes.get(path)
        if node is None:
            node = self._nodes[path] = self._tree(path, list(self._rules.types.get("Extension", {}).items()))
        return node

    def rule_of(self, path: str) -> Rule | None:
        """The rule of a path that was counted."""
        return self._rule_at.get(path)

    def note(self, path: str, rule: Rule) -> None:
        """Remember by which rule a path was changed that no tree has, such as an extension's."""
        self._rule_at.setdefault(path, rule)

    def _tree(self, path: str, entries: list[tuple[str, Entry]]) -> Node:
        node = Node(path)
        for name, entry in entries:
            self._add(node, name, entry)
        return node

    def _add(self, node: Node, name: str, entry: Entry) -> None:
        head, dot, rest = name.partition(".")
        path = f"{node.path}.{head}"
        if dot:
            leaf = node.leaves.get(head)
            within = leaf.within if leaf else None
            if within is None:
                within = Node(path)
                node.leaves[head] = self._leaf("structure", path, None)
                node.leaves[head].within = within
            self._add(within, rest, entry)
        elif isinstance(entry, Use):
            sort: Sort = entry.type if entry.type in _OF_THEIR_OWN else "structure"  # type: ignore[assignment]
            leaf = node.leaves[head] = self._leaf(sort, path, None)
            leaf.within = self._tree(path, list(self._rules.types[entry.type].items()))
        else:
            action = entry.action
            sort = action if action == "keep" or action == "drop" else "rule"  # noqa: PLR1714 - mypy narrows by ==
            node.leaves[head] = self._leaf(sort, path, entry)

    def _leaf(self, sort: Sort, path: str, rule: Rule | None) -> Leaf:
        self._rule_at[path] = rule or DROP
        return Leaf(sort, path, rule, (path, "kept"), (path, "dropped"), shape=rule.shape if rule else None)

    def _repeat(self, root: Node, path: str, target: str) -> None:
        """Let an element lead to a structure above it."""
        *above, name = path.split(".")[1:]
        holder = _below(root, above)
        within = _below(root, target.split(".")[1:])
        if holder is not None and within is not None:
            leaf = holder.leaves[name] = self._leaf("structure", path, None)
            leaf.within = within


def _below(node: Node | None, names: list[str]) -> Node | None:
    for name in names:
        leaf = node.leaves.get(name) if node else None
        node = leaf.within if leaf else None
    return node
