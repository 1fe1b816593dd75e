"""What may be done with an element of a health document? Eight actions, told by path; what no path names is dropped.

| action | what becomes of the element | options |
| --- | --- | --- |
| `keep` | stays as it is, and is looked at for identifiers; of a shape (`{keep: code}`), if it looks like that | `shape` |
| `pseudonymize` | a keyed pseudonym, equal to that of a table's field with the same link | `link`, `normalize` |
| `token` | a token that the key turns back | `link` |
| `shift` | a date moved by the patient's own shift, the same as in tables | `days`, `to` (then cut to year, month or day) |
| `truncate` | a date cut short | `to` |
| `generalize` | a coarser value | as the transform `generalize` |
| `redact` | a text in which identifiers are replaced by labels | |
| `drop` | nothing | |

An element that is a structure may name a type instead (`use: CodeableConcept`), whose own paths then say what happens.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias, get_args

from transforms.errors import DouaneError
from transforms.kinds import CATEGORY_OF
from transforms.normalization import NORMALIZATION_OF
from transforms.records.shapes import SHAPES

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

Action: TypeAlias = Literal["keep", "pseudonymize", "token", "shift", "truncate", "generalize", "redact", "drop"]
ACTIONS: Final[tuple[Action, ...]] = get_args(Action)

OPTIONS: Final = MappingProxyType(
    {
        "keep": frozenset({"shape"}),
        "pseudonymize": frozenset({"normalize"}),
        "token": frozenset[str](),
        "shift": frozenset({"days", "to"}),
        "truncate": frozenset({"to"}),
        "generalize": frozenset({"to", "level", "width", "edges", "top_code", "bottom_code", "round_to", "prefix"}),
        "redact": frozenset[str](),
        "drop": frozenset[str](),
    }
)
"""The options that each action takes besides `kind` and, where a key is at work, `link`."""

LINKED: Final[frozenset[Action]] = frozenset({"pseudonymize", "token"})
UNITS: Final = ("year", "month", "day")


class InvalidRule(DouaneError, ValueError):
    """A rule that names no action, an option that its action hasn't, or a kind or type that nobody knows."""


@dataclass(frozen=True)
class Rule:
    """What is done with one element.

    Attributes:
        action: One of the eight.
        kind: What the element holds, as in plans of tables: a policy that suppresses the kind drops the element.
        link: The linking label of `pseudonymize` and `token`: the same as a table's field, the same pseudonyms.
        options: The action's options, sorted by name.
        why: One sentence for the reader of the report.
    """

    action: Action
    kind: str = "other"
    link: str | None = None
    options: tuple[tuple[str, Any], ...] = ()
    why: str = ""

    @property
    def shape(self) -> str | None:
        """What a kept value must look like; None: anything."""
        return next((value for name, value in self.options if name == "shape"), None)

    @property
    def step(self) -> tuple[dict[str, Any], ...]:
        """The rule as the steps of a table's field would say it, for manifest and report.

        Example:
            >>> Rule("shift", "birth_date", options=(("to", "month"),)).step
            ({'transform': 'shift_dates'}, {'transform': 'truncate_dates', 'to': 'month'})
        """
        name = _TRANSFORM_OF[self.action]
        options = {name: value for name, value in self.options if name != "shape"}
        if self.action == "shift" and "to" in options:
            to = options.pop("to")
            return {"transform": name, **options}, {"transform": "truncate_dates", "to": to}
        if self.action == "redact":
            options = {"replace": "label"}
        return ({"transform": name, **options},)


@dataclass(frozen=True)
class Use:
    """The element is a structure of this type, whose own paths say what happens to its parts."""

    type: str


Entry: TypeAlias = Rule | Use

KEEP: Final = Rule("keep")
DROP: Final = Rule("drop")

_KIND_OF: Final[Mapping[Action, str]] = MappingProxyType(
    {"shift": "event_date", "truncate": "event_date", "redact": "free_text"}
)
"""What an element holds whose rule names no kind."""

_TRANSFORM_OF: Final[Mapping[Action, str]] = MappingProxyType(
    {
        "keep": "keep",
        "pseudonymize": "pseudonymize",
        "token": "tokenize",
        "shift": "shift_dates",
        "truncate": "truncate_dates",
        "generalize": "generalize",
        "redact": "redact_notes",
        "drop": "suppress",
    }
)


@dataclass(frozen=True)
class Rules:
    """What is done with the documents of one format.

    Attributes:
        name: Their name, such as `fhir-r4`.
        entries: Path to rule or type; a path that isn't here is dropped and counted.
        types: Type to its own paths, relative to the element.
        more: What only the format knows: linking labels by resource type, extensions, systems of identifiers.
        content: All of it as plain content: its digest is what a plan approves.
    """

    name: str
    entries: Mapping[str, Entry]
    types: Mapping[str, Mapping[str, Entry]]
    more: Mapping[str, Any]
    content: Mapping[str, Any]

    def changed(self, changes: Mapping[str, Any]) -> Rules:
        """The rules with a site's own decisions in the place of some of them: path to action, as the plan writes them."""
        if not changes:
            return self
        types = {name: dict(paths) for name, paths in self.types.items()}
        entries = dict(self.entries)
        for path, content in changes.items():
            head, _, rest = path.partition(".")
            (types[head] if head in types and rest else entries)[rest if head in types and rest else path] = read_entry(
                content, path, self.types
            )
        return replace(self, entries=entries, types=types)

    def tightened(self, suppressed: Collection[str]) -> Rules:
        """The rules with every element dropped whose kind a policy suppresses; nothing is loosened."""

        def tight(paths: Mapping[str, Entry]) -> dict[str, Entry]:
            return {
                path: replace(entry, action="drop", link=None, options=())
                if isinstance(entry, Rule) and entry.kind in suppressed
                else entry
                for path, entry in paths.items()
            }

        return replace(
            self, entries=tight(self.entries), types={name: tight(paths) for name, paths in self.types.items()}
        )


_KNOWN: Final = frozenset({"format", "name", "title", "source", "licence", "read_on", "types", "rules"})


def read_rules(content: Mapping[str, Any]) -> Rules:
    """Read the rules of a format from what their YAML file holds.

    Args:
        content: `name`, `types` and `rules`; other sections are the format's own, in `Rules.more`.

    Raises:
        InvalidRule: Names the path and what is wrong.

    Example:
        >>> rules = read_rules({"name": "toy", "rules": {"Patient.gender": "keep", "Patient.id": {"token": "patient_id"}}})
        >>> rules.entries["Patient.id"].action, rules.entries["Patient.id"].link
        ('token', 'patient_id')
    """
    written: Mapping[str, Mapping[str, Any]] = content.get("types", {})
    types = {
        name: {path: read_entry(entry, f"{name}.{path}", written) for path, entry in paths.items()}
        for name, paths in written.items()
    }
    entries = {path: read_entry(entry, path, written) for path, entry in content["rules"].items()}
    more = {name: section for name, section in content.items() if name not in _KNOWN}
    return Rules(str(content["name"]), entries, types, more, content)


def read_entry(content: Any, path: str, types: Collection[str]) -> Entry:  # noqa: ANN401 - whatever YAML holds
    """Read one rule as YAML writes it.

    Args:
        content: `keep`, or a type's name, or a mapping: one action (its value: the link of pseudonymize and token, the
            unit of shift and truncate, else nothing) with `kind`, options and `why` beside it.
        path: The element, for errors.
        types: The types that may be named.

    Example:
        >>> read_entry({"shift": "month", "kind": "birth_date"}, "Patient.birthDate", ())
        Rule(action='shift', kind='birth_date', link=None, options=(('to', 'month'),), why='')
        >>> read_entry("kepp", "Patient.gender", ())
        Traceback (most recent call last):
        ...
        transforms.records.vocabulary.InvalidRule: Patient.gender names no action and no type. Use one of keep, pseudonymize, token, shift, truncate, generalize, redact, drop.
    """
    if isinstance(content, str):
        if content in types:
            return Use(content)
        content = {content: None}
    if not isinstance(content, dict) or (named := _named(content)) is None:
        raise InvalidRule(f"{path} names no action and no type", hint=f"Use one of {', '.join(ACTIONS)}.")
    kind = content.get("kind", _KIND_OF.get(named, "other"))
    if kind not in CATEGORY_OF:
        raise InvalidRule(f"{path} names a kind that Douane doesn't know", hint="docs/reference/kinds.md lists them.")
    options = {name: value for name, value in content.items() if name not in {named, "kind", "link", "why"}}
    link, value = content.get("link"), content[named]
    if named in LINKED:
        link = str(value or link or kind)
        if named == "pseudonymize" and kind in NORMALIZATION_OF:
            options.setdefault("normalize", NORMALIZATION_OF[kind])
    elif value is not None:
        options["shape" if named == "keep" else "to"] = value
    _check_options(named, options, path, link=link)
    return Rule(named, kind, link, tuple(sorted(options.items())), str(content.get("why", "")))


def _named(content: Mapping[str, Any]) -> Action | None:
    """The one action that a rule names."""
    named = [name for name in ACTIONS if name in content]
    return named[0] if len(named) == 1 else None


def _check_options(action: Action, options: Mapping[str, Any], path: str, *, link: object) -> None:
    unknown = sorted(options.keys() - OPTIONS[action]) + (["link"] if link and action not in LINKED else [])
    if unknown:
        takes = ", ".join(sorted(OPTIONS[action])) or "none"
        raise InvalidRule(f"{path}: {action} has no option {unknown[0]}", hint=f"It takes {takes}.")
    if options.get("shape", "code") not in SHAPES:
        raise InvalidRule(f"{path}: no such shape", hint=f"Use one of {', '.join(SHAPES)}.")
    cuts = action == "truncate" or (action == "shift" and "to" in options)
    if cuts and options.get("to") not in UNITS:
        raise InvalidRule(f"{path}: dates are cut to {', '.join(UNITS)}", hint="Name one of them.")
