"""What a form says about each place: its type, its rules, how it is asked."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from outreach.questionnaires.engine.grammar import Rule
from outreach.questionnaires.engine.nodes import Item

Text = tuple[str | Rule, ...]
"""A text in pieces; a rule among them stands for its result."""


@dataclass(frozen=True)
class Option:
    """One choice that is written in the form itself. `label_id` names its text in the translations."""

    name: str
    label: str = ""
    label_id: str | None = None


@dataclass(frozen=True)
class Itemset:
    """Choices found by a rule; `value` and `label` are read at each node found. `fixed` where the rule depends on nothing."""

    nodes: Rule
    value: Rule
    label: Rule | None
    fixed: bool


@dataclass(frozen=True)
class Control:
    """How a place is asked: one of input, select, select1, rank, trigger, range, upload."""

    kind: str
    options: tuple[Option, ...] = ()
    itemset: Itemset | None = None
    lowest: float | None = None
    highest: float | None = None


@dataclass(frozen=True)
class Action:
    """A value that is set once: when the form or a new instance of a repeat begins, or (`source`) when an answer changes."""

    value: Rule
    source: str | None = None


@dataclass
class Definition:
    """One place of the form. `path` has no root and no positions; a rule is None where the form gives none.

    A repeat `begins_with` so many instances when the form opens, `added_with` so many in a new instance of a repeat around it.
    """

    name: str
    path: str
    leaf: bool
    repeat: bool = False
    children: list["Definition"] = field(default_factory=list)
    kind: str = "string"
    default: str = ""
    begins_with: int = 0
    added_with: int = 0
    count: Rule | None = None
    relevant: Rule | None = None
    calculate: Rule | None = None
    constraint: Rule | None = None
    required: Rule | None = None
    readonly: Rule | None = None
    preload: tuple[str, str] | None = None
    control: Control | None = None
    actions: list[Action] = field(default_factory=list)


@dataclass(frozen=True)
class RuleForm:
    """A whole form as its rules see it. `texts` are those of the default language, by id; `translations` all, by language."""

    root: Definition
    instances: Mapping[str, Item]
    texts: Mapping[str, Text]
    translations: Mapping[str, Mapping[str, Text]] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
