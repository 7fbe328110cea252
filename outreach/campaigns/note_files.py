"""The text of a note from its file: plain text, Word, or a PDF with a text layer. Word and PDF are read apart, since they come from anywhere."""

import io
import unicodedata
from collections.abc import Iterator
from typing import Any

from outreach import file_types, office_files, reading_apart
from outreach.errors import Invalid
from outreach.i18n import _
from outreach.office_files import Limits

MOST_MEGABYTES = 20
MOST_PAGES = 40
LONGEST = 200_000
"""Characters of a note that are read."""
_LIMITS = Limits(megabytes=MOST_MEGABYTES, unpacked=100, xml=15, parts=1000, elements=300_000)
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_FEWEST_LETTERS = 40
_SECONDS = 10
"""Somebody waits for the page."""


def text_of(content: bytes, *, field: str | None = None) -> str:
    """The text of a note that was given as a file; what a .docx links to stands behind the linked words. Raises Invalid with a sentence."""
    if len(content) > MOST_MEGABYTES * 1024**2:
        raise Invalid(_("This file is larger than %(most)d MB.", most=MOST_MEGABYTES), field=field)
    if content.startswith((b"PK", office_files.OLE)):
        office_files.guard(content, _LIMITS, field=field)
    media = file_types.media_type(content)
    if media == file_types.PDF:
        text = _of_pdf(content, field)
    elif media == file_types.DOCX:
        text = str(reading_apart.read(f"{__name__}:read_docx", content, seconds=_SECONDS, field=field))
    elif media == file_types.TEXT:
        text = content.decode("utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    else:
        raise Invalid(
            _("A note is taken as plain text (UTF-8), as Word (.docx) or as PDF. This file is none of them."),
            field=field,
        )
    return cleaned(text, field=field)


def cleaned(text: str, *, field: str | None = None) -> str:
    """The text without control signs, accents joined to their letters. Raises Invalid where nothing is left, or too much."""
    text = unicodedata.normalize("NFC", "".join(sign for sign in text if sign >= " " or sign in "\r\n\t"))
    if not text.strip():
        raise Invalid(_("Please choose the file of a note, or put its text into the field."), field=field)
    if len(text) > LONGEST:
        raise Invalid(_("This is too long for the text of a note."), field=field)
    return text


def is_uncertain(content: bytes, text: str) -> bool:
    """Whether letters of the text may stand in the wrong order: a PDF holds Arabic as it is seen, and joins two letters to one sign."""
    return content.startswith(b"%PDF-") and 3 * sum("\u0600" <= sign <= "\u06ff" for sign in text) > len(text)


def _of_pdf(content: bytes, field: str | None) -> str:
    found: dict[str, Any] = reading_apart.read(f"{__name__}:read_pdf", content, seconds=_SECONDS, field=field)
    if found["locked"]:
        raise Invalid(office_files.locked(), field=field)
    if found["pages"] > MOST_PAGES:
        raise Invalid(
            _("This PDF has %(pages)d pages. Please choose the note alone.", pages=found["pages"]), field=field
        )
    text = str(found["text"])
    if sum(sign.isalpha() for sign in text) < _FEWEST_LETTERS:
        raise Invalid(
            _(
                "This PDF is a scan: it holds pictures of pages and no text. Please choose the Word file, or put in the text."
            ),
            field=field,
        )
    return text


def read_docx(content: bytes) -> str:
    """The text of a Word document: the header of its first page, then paragraphs, tables and boxes as they stand. For `reading_apart`."""
    from docx import Document

    document = Document(io.BytesIO(content))
    heads = document.sections[0].header if document.sections else None
    parts: list[tuple[Any, Any]] = (
        [(heads._element, heads.part)] if heads is not None and not heads.is_linked_to_previous else []
    )
    parts.append((document.element.body, document.part))
    return "\n\n".join(text for element, part in parts for text in _paragraphs(element, part.rels))


def _paragraphs(element: Any, links: Any) -> Iterator[str]:
    """Each paragraph that holds text, without what was deleted; items of a list have a mark."""
    for paragraph in element.iter(f"{_WORD}p"):
        if any(above.tag == _FALLBACK for above in paragraph.iterancestors()):
            continue
        text = "".join(_pieces(paragraph, links)).strip()
        if text:
            style = paragraph.find(f"{_WORD}pPr/{_WORD}pStyle")
            named = style.get(f"{_WORD}val", "") if style is not None else ""
            listed = paragraph.find(f"{_WORD}pPr/{_WORD}numPr") is not None or named.startswith(("ListB", "ListN"))
            yield f"- {text}" if listed else text


def _pieces(element: Any, links: Any) -> Iterator[str]:
    for child in element:
        match child.tag.removeprefix(_WORD) if isinstance(child.tag, str) else "":
            case "t":
                yield child.text or ""
            case "tab":
                yield "\t"
            case "br" | "cr":
                yield "\n"
            case "noBreakHyphen":
                yield "\u2011"
            case "hyperlink":
                yield _linked("".join(_pieces(child, links)), child.get(_RELATION), links)
            # What was deleted, what only old programs read, and the paragraphs of boxes, which stand for themselves.
            case "del" | "moveFrom" | "pPr" | "rPr" | "p" | "txbxContent" | "instrText":
                pass
            case _:
                if child.tag != _FALLBACK:
                    yield from _pieces(child, links)


def _linked(words: str, relation: str | None, links: Any) -> str:
    target = links[relation].target_ref if relation in links and links[relation].is_external else ""
    shown = target.removeprefix("mailto:")
    # An address that is written out, or that leads to a place in the document, says all there is to say.
    return words if not target or shown.rstrip("/") in words or target == words else f"[{words}]({target})"


def read_pdf(content: bytes) -> dict[str, Any]:
    """The text of a PDF, its pages, and whether it asks for a password. For `reading_apart`."""
    from pypdf import PasswordType, PdfReader

    from outreach.campaigns import pdf_lines

    reader = PdfReader(io.BytesIO(content), strict=False)
    # Many that may not be changed can be read without a password.
    if reader.is_encrypted and reader.decrypt("") == PasswordType.NOT_DECRYPTED:
        return {"locked": True, "pages": 0, "text": ""}
    pages = len(reader.pages)
    text = pdf_lines.text(reader) if pages <= MOST_PAGES else ""
    return {"locked": False, "pages": pages, "text": text}
