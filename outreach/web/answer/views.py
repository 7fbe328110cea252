"""What the page of a part shows, ready for its template."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from outreach.questionnaires.form import Picture, Publish, Said
from outreach.submissions.files import FileLine


@dataclass(frozen=True)
class FieldView:
    """One question on the page of its part. `kind` is one of note, choice, choices, rank, scale, text, lines, number, date, time,
    moment, file, agreed, worked_out. What `waits` depends on the same page, and stands there also while it is not `asked`.
    `live` is whether its texts or choices follow other answers. `picture` stands with its label, `pictures` with choices, by name.
    """

    kind: str
    key: str
    name: str
    code: str
    label: Said
    hint: Said
    guidance: Said
    conditions: tuple[str, ...]
    asked: bool
    waits: bool
    live: bool
    filtered: bool
    required: bool
    choices: tuple[tuple[str, Said], ...]
    chosen: tuple[str, ...]
    value: str
    whole: bool
    lowest: str
    highest: str
    word_limit: int | None
    words: int
    files: tuple[FileLine, ...]
    accepted: str
    fault: str | None
    publish: Publish
    legal_basis: str
    picture: Picture | None = None
    pictures: Mapping[str, Picture] = field(default_factory=dict)


@dataclass(frozen=True)
class InstanceView:
    """One instance of a repeat; `shown` names what of it stands on the page."""

    number: int
    key: str
    name: str
    label: Said
    items: "tuple[FieldView | GroupView, ...]"
    shown: str
    removable: bool


@dataclass(frozen=True)
class GroupView:
    """A group: `kind` is one of group, matrix, repeat; a repeat has `instances`, a matrix the `choices` of all its rows."""

    kind: str
    key: str
    name: str
    code: str
    label: Said
    hint: Said
    conditions: tuple[str, ...]
    asked: bool
    waits: bool
    live: bool
    items: "tuple[FieldView | GroupView, ...]" = ()
    instances: tuple[InstanceView, ...] = ()
    extensible: bool = False
    choices: tuple[tuple[str, Said], ...] = ()
    picture: Picture | None = None
    pictures: Mapping[str, Picture] = field(default_factory=dict)


View = FieldView | GroupView


@dataclass(frozen=True)
class Page:
    """What a part shows: `views` as they stand, `names` of the answers that it shows (with what stands for none of each)."""

    views: tuple[View, ...]
    names: Mapping[str, Any] = field(default_factory=dict)

    def fields(self) -> Iterator[FieldView]:
        """All questions, however deep."""
        yield from _fields(self.views)

    def groups(self) -> Iterator[GroupView]:
        """All groups, however deep."""
        yield from _groups(self.views)


def _fields(views: Iterable[View]) -> Iterator[FieldView]:
    for view in views:
        if isinstance(view, FieldView):
            yield view
        else:
            yield from _fields(view.items)
            for instance in view.instances:
                yield from _fields(instance.items)


def _groups(views: Iterable[View]) -> Iterator[GroupView]:
    for view in views:
        if isinstance(view, GroupView):
            yield view
            yield from _groups(view.items)
            for instance in view.instances:
                yield from _groups(instance.items)
