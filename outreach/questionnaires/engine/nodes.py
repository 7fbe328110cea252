"""The nodes that rules walk through: the places of answers, the items of lists, and the context of one evaluation.

They are elementpath's own kinds of nodes, made without XML: a rule that asks a place for its text makes the session
work it out at that moment, so every rule sees every other's result, in whatever order they are asked.
"""

import itertools
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from elementpath.xpath_context import XPathContext
from elementpath.xpath_nodes import DocumentNode, ElementNode

from outreach.questionnaires.engine.faults import Endless

if TYPE_CHECKING:
    from outreach.questionnaires.engine.definitions import Definition
    from outreach.questionnaires.engine.session import Session

MOST_STEPS = 3_000_000
MOST_SECONDS = 40.0
_LOOK_AT_THE_CLOCK = 4096
_positions = itertools.count(1)


class Item(ElementNode):
    """A node of a list of choices or of another instance that never changes."""

    __slots__ = ("said",)

    def __init__(self, name: str, said: str = "", parent: "Item | None" = None) -> None:
        self.name = name
        self.said = said
        self.value = self
        self.parent = parent
        self.children = []
        self.position = next(_positions)
        if parent is not None:
            parent.children.append(self)

    @property
    def string_value(self) -> str:
        """Its text and that of all below."""
        return self.said + "".join(child.string_value for child in self.children)


class Place(ElementNode):
    """Where an answer, a group or an instance of a repeat stands. `where` leaves out the form's root."""

    __slots__ = ("definition", "open", "session", "shown", "text", "where")

    def __init__(self, definition: "Definition", session: "Session", where: str, parent: "Place | Root") -> None:
        self.definition = definition
        self.session = session
        self.where = where
        self.name = definition.name
        self.value = self
        self.parent = parent
        self.children = []
        self.position = session.next_position()
        self.shown: bool | None = None
        self.text: str | None = None
        self.open = False

    @property
    def string_value(self) -> str:
        """Its value now; of a group, those of all below."""
        if self.definition.leaf:
            return self.session.value(self)
        return "".join(child.string_value for child in self.children)

    @property
    def number(self) -> int | None:
        """Which instance of its repeat this is; None for all else."""
        if not self.definition.repeat or not self.where.endswith("]"):
            return None
        return int(self.where[self.where.rindex("[") + 1 : -1])


class Root(DocumentNode):
    """What stands above the form's root."""

    __slots__ = ()

    def __init__(self) -> None:
        self.name = None
        self.value = self
        self.parent = None
        self.children = []
        self.position = 0

    @property
    def string_value(self) -> str:
        """The text of all below."""
        return "".join(child.string_value for child in self.children)


class Steps:
    """How much one set of answers has asked for so far; it ends what would never end. Seconds are those of the processor: on a busy
    machine rules take no longer than elsewhere."""

    def __init__(self, seconds: float = MOST_SECONDS) -> None:
        self.taken = 0
        self.until = time.thread_time() + seconds

    def step(self) -> None:
        """Count a step. Raises Endless."""
        self.taken += 1
        if self.taken > MOST_STEPS or (self.taken % _LOOK_AT_THE_CLOCK == 0 and time.thread_time() > self.until):
            raise Endless


class Context(XPathContext):
    """Where a rule is worked out: the node it stands at, and the session it belongs to."""

    __slots__ = ("origin", "session", "steps")

    origin: ElementNode

    def __init__(self, session: "Session", item: ElementNode) -> None:
        self.session = session
        self.steps = session.steps
        self.origin = item
        self.document = session.root
        self.root = session.root
        self.item = item
        self.position = 1
        self.size = 1
        self.axis = None
        self.namespaces = {}
        self.variables = {}

    def __copy__(self) -> "Context":
        made: Context = object.__new__(Context)
        made.session = self.session
        made.steps = self.steps
        made.origin = self.origin
        made.document = self.document
        made.root = self.root
        made.item = self.item
        made.position = self.position
        made.size = self.size
        made.axis = None
        made.namespaces = self.namespaces
        made.variables = self.variables
        return made

    def iter_matching_nodes(self, name: str, default_namespace: str | None = None) -> Iterator[Any]:
        """The children of this name, or the item itself on another axis."""
        for node in super().iter_matching_nodes(name, default_namespace):
            self.steps.step()
            yield node

    def iter_descendants(self, axis: str | None = None) -> Iterator[Any]:
        """All below."""
        for node in super().iter_descendants(axis):
            self.steps.step()
            yield node
