"""What a filled-in file holds, whichever program wrote it: rows of tables with their anchors, and what stands outside of them."""

from dataclasses import dataclass, field

TICKED = "\u2612"
UNTICKED = "\u2610"


@dataclass(frozen=True)
class Control:
    """A content control: its tag, its words ("" while it asks to be filled in); of a box whether it is ticked, of a date its day."""

    tag: str
    text: str
    ticked: bool | None = None
    day: str = ""


@dataclass
class Cell:
    """A cell: its paragraphs, those of lists with their mark; the controls and bookmarks in it. `asking`: words that only ask to be
    filled in, which stand in `lines` too, as do those that are `struck` out and those `set_off` from others (bold, underlined, in colour).
    `notes` are comments and footnotes."""

    lines: list[str] = field(default_factory=list)
    controls: list[Control] = field(default_factory=list)
    bookmarks: list[str] = field(default_factory=list)
    asking: list[str] = field(default_factory=list)
    struck: list[str] = field(default_factory=list)
    set_off: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All that stands in it."""
        return "\n".join(self.lines).strip()


@dataclass
class Strip:
    """A row of a table; `table` counts the tables."""

    table: int
    cells: list[Cell]


@dataclass
class Loose:
    """A paragraph outside of tables."""

    cell: Cell


@dataclass
class Pieces:
    """A whole file in its order; `identifier` is what it says of itself."""

    parts: list[Strip | Loose] = field(default_factory=list)
    identifier: str = ""


class Numbering:
    """Marks the paragraphs of lists: a dash, or the number that stands before them."""

    def __init__(self) -> None:
        self._counted: dict[tuple[str, int], int] = {}

    def mark(self, name: str, level: int, numbered: bool) -> str:
        """The mark of the next paragraph of the list, indented by its level."""
        if not numbered:
            return f"{'  ' * level}– "
        for deeper in [key for key in self._counted if key[0] == name and key[1] > level]:
            del self._counted[deeper]
        count = self._counted[name, level] = self._counted.get((name, level), 0) + 1
        return f"{'  ' * level}{count}. "
