"""Words from bytes and HTML of any kind: whatever comes, a text comes out that a page can show and the database takes."""

import codecs
import re
from email.errors import HeaderParseError
from email.header import decode_header

from lxml import etree
from lxml.html import HTMLParser, document_fromstring

_MOST_HTML = 400_000
_MOST_OF_A_HEADER = 5_000  # the standard library takes minutes to decode a megabyte of one

# Encodings that are none of mail's, or that take a hostile sender's megabytes minutes to decode.
_STRANGE = frozenset({"punycode", "idna", "unicode-escape", "raw-unicode-escape", "undefined", "utf-7"})

_CONTROLS = {code: None for code in (*range(32), *range(127, 160)) if chr(code) not in "\t\n\x85"}
_PARAGRAPHS = frozenset({"blockquote", "dl", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "ol", "p", "pre", "table", "ul"})
_LINES = frozenset(
    {"address", "article", "aside", "center", "dd", "div", "dt", "footer", "form", "header", "li", "main", "section"}
    | {"tr"}
)


def clean(text: str) -> str:
    """The text without control characters and halves of characters; lines end in a line feed."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").translate(_CONTROLS)
    return text.encode("utf-8", "replace").decode("utf-8")


def one_line(text: str, most: int) -> str:
    """The text on one line, at most so many characters."""
    return " ".join(clean(text).split())[:most]


def decoded(content: bytes, charset: str | None) -> str:
    """The bytes as text: in the encoding that they claim, else UTF-8, else the usual one of Western Windows."""
    for encoding in (_known(charset), "utf-8"):
        if encoding is not None:
            try:
                return content.decode(encoding)
            except (LookupError, ValueError):  # "rot13" is a codec, and decodes no bytes
                continue
    return content.decode("cp1252", "replace")


def header(value: str) -> str:
    """A header's value as people read it; what can't be decoded stays as it was written."""
    value = decoded(value[:_MOST_OF_A_HEADER].encode("utf-8", "surrogateescape"), None)
    try:
        parts = decode_header(value)
    except (HeaderParseError, ValueError):
        return clean(value)
    return clean(
        "".join(
            part
            if isinstance(part, str)
            else decoded(part, charset)
            if charset
            else part.decode("raw-unicode-escape", "replace")
            for part, charset in parts
        )
    )


def of_html(html: str) -> str:
    """The words of a page, its blocks on lines of their own, links with their address behind them."""
    try:
        root = document_fromstring(
            html[:_MOST_HTML].encode("utf-8", "replace"), parser=HTMLParser(encoding="utf-8", remove_comments=True)
        )
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return ""
    etree.strip_elements(root, "head", "script", "style", "title", with_tail=False)
    found = [""]
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if not isinstance(element.tag, str):
            continue
        if element.tag in _PARAGRAPHS:
            _put(found, "\n\n")
        elif element.tag in _LINES and not found[-1].endswith("\n"):
            _put(found, "\n")
        if event == "start":
            _put(found, "\n" if element.tag == "br" else _squeezed(element.text))
        else:
            _put(found, " " if element.tag in ("td", "th") else _address(element))
            _put(found, _squeezed(element.tail))
    lines = (" ".join(line.split()) for line in "".join(found).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _put(found: list[str], words: str) -> None:
    """Add words; a blank at the beginning of a line is none."""
    if words and not (words == " " and found[-1].endswith("\n")):
        found.append(words)


def _known(charset: str | None) -> str | None:
    try:
        name = codecs.lookup((charset or "").strip("'\" ")).name
    except (LookupError, ValueError):
        return None
    return None if name.replace("_", "-") in _STRANGE else name


def _squeezed(text: str | None) -> str:
    return re.sub(r"\s+", " ", text or "")


def _address(element: etree._Element) -> str:
    href = (element.get("href") or "").strip() if element.tag == "a" else ""
    written = "".join(str(words) for words in element.itertext()).strip()
    return f" <{href}>" if href.startswith(("http://", "https://")) and href not in written else ""
