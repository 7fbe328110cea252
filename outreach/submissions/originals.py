"""A document that somebody sent, as it can be looked at beside the fields: the pictures of its pages, or its words."""

import base64
from dataclasses import dataclass

from outreach import file_types, reading_apart
from outreach.errors import Invalid, Missing
from outreach.i18n import _
from outreach.questionnaires.documents.read_back import words

_READER = "outreach.submissions.page_pictures"
_SECONDS = 15
"""Somebody waits for the page."""


@dataclass(frozen=True)
class Original:
    """Width and height of each of its `pages`, or its `text`; neither: it can't be shown."""

    pages: tuple[tuple[int, int], ...] = ()
    text: str = ""


def original(content: bytes) -> Original:
    """What can be shown of a document. Never raises: one that can't be read can still be downloaded."""
    try:
        match file_types.media_type(content):
            case file_types.PDF | file_types.PNG | file_types.JPEG:
                sizes = reading_apart.read(f"{_READER}:sizes", content, seconds=_SECONDS)
                return Original(pages=tuple((wide, high) for wide, high in sizes))
            case file_types.DOCX | file_types.ODT | file_types.TEXT:
                return Original(text=words(content))
    except Invalid:
        pass
    return Original()


def page(content: bytes, number: int) -> bytes:
    """A page (1, 2, …) of a PDF or a picture as JPEG, made anew from what is drawn. Raises Missing where it can't be."""
    try:
        drawn: str = reading_apart.read(f"{_READER}:page", number.to_bytes(4, "big") + content, seconds=_SECONDS)
    except Invalid:
        raise Missing(_("There is no such file.")) from None
    return base64.b64decode(drawn)
