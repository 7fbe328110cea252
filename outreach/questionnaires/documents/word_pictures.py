"""Pictures in a Word file, with the words that are read aloud for them."""

import io

from docx.document import Document
from docx.image.exceptions import InvalidImageStreamError, UnexpectedEndOfFileError, UnrecognizedImageError
from docx.oxml import OxmlElement
from docx.oxml.shape import CT_Inline
from docx.shared import Pt

from outreach.questionnaires.documents.word_parts import Element
from outreach.questionnaires.picture_sizes import as_png, room

_UNKNOWN = (InvalidImageStreamError, UnexpectedEndOfFileError, UnrecognizedImageError, KeyError, ValueError)
"""What python-docx raises for pictures that it can't read: WebP, and JPEG of rarer makes."""


def drawing(document: Document, number: int, content: bytes, about: str, most: tuple[int, int]) -> Element | None:
    """The picture as it stands within a run, at most so many points wide and high; None where it can't be placed. `number` is its own."""
    if not content:
        return None
    size = room(content, *most)
    inline = _inline(document, content, size)
    if inline is None:
        png = as_png(content)
        inline = _inline(document, png, size) if png else None
    if inline is None:
        return None
    # python-docx counts those that stand in the document already.
    inline.docPr.set("id", str(number))
    inline.docPr.set("name", f"Picture {number}")
    inline.docPr.set("descr", about)
    for side in ("distT", "distB", "distL", "distR"):
        # Without these LibreOffice leaves room around it.
        inline.set(side, "0")
    made: Element = OxmlElement("w:drawing")
    made.append(inline)
    return made


def _inline(document: Document, content: bytes, size: tuple[float, float]) -> CT_Inline | None:
    try:
        return document.part.new_pic_inline(io.BytesIO(content), Pt(size[0]), Pt(size[1]))
    except _UNKNOWN:
        return None
