"""A note or letter before it is set: every word of it, in its order, as plain data. Both the PDF and the Word file are made from this."""

from dataclasses import dataclass
from datetime import date
from typing import Literal


@dataclass(frozen=True)
class Run:
    """Words of one look."""

    text: str
    bold: bool = False
    italic: bool = False


@dataclass(frozen=True)
class Block:
    """A paragraph, a heading or an item of a list; an item has its mark ("–", "1.") and how deep it stands, from 1."""

    kind: Literal["paragraph", "heading", "item"]
    runs: tuple[Run, ...]
    mark: str = ""
    depth: int = 0


@dataclass(frozen=True)
class Page:
    """A document in one language. What is empty is left out."""

    language: str
    title: str
    """The document's title as readers and archives show it; it is not printed."""
    author: str
    day: date
    letterhead: str
    reference: str
    date_above: str
    """Place and date above the text, as letters have them."""
    heading: str
    salutation: str
    blocks: tuple[Block, ...]
    valediction: str
    signature: str
    date_below: str
    """Place and date below the text, as notes have them."""
    initials: str
    """What stands small in the box for initials and stamp; empty: there is no box."""
    annex: str
    addressees: tuple[str, ...]
    """At the foot of the first page, as on all correspondence of the United Nations."""
    address: str
    """Where the QR code leads: the call in this language, for everybody; empty: the foot of the first page is as that of the others."""
    address_lines: tuple[str, ...]
    """What is printed beside it."""
    picture_text: str
    """What the QR code says to those who can't see it."""
