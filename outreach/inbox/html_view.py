"""The HTML of a mail as it may be shown: cleaned, nothing from elsewhere, links as text with their true address, no colours of its own.

It is for a frame in which nothing runs (`POLICY`); the plain words beside it stay what is read first.
"""

import base64
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

import nh3
from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring, tostring

from outreach import scanning
from outreach.inbox import plain_text
from outreach.inbox.mime import Part
from outreach.inbox.visible import visible

STYLE = (
    "body{font:16px/1.5 sans-serif;margin:1rem;color:#1b1b1b;background:#fff;overflow-wrap:anywhere}"
    "img{max-width:100%;height:auto}table{border-collapse:collapse}td,th{vertical-align:top;padding:0 .4em 0 0}"
    "blockquote{margin-inline:0;padding-inline-start:1em;border-inline-start:3px solid #bbb}code{color:#5a4100;background:#fdf3d6}"
)
POLICY = (
    f"default-src 'none'; style-src 'sha256-{base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()}'; img-src data:; "
    "frame-ancestors 'self'; base-uri 'none'; form-action 'none'; sandbox"
)
"""What the frame may do: show these styles and the pictures that stand in it."""

_MOST_HTML = 600_000
_DEEPEST = 2_000
_MOST_OF_A_PICTURE = 2_000_000
_MOST_OF_PICTURES = 6_000_000
_PICTURES = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg", b"GIF8": "image/gif"}
_TAGS = set(nh3.ALLOWED_TAGS) - {"area", "map"}
_ATTRIBUTES = {
    "*": {"dir", "lang"},
    "a": {"href"},
    "img": {"src", "alt"},
    "ol": {"start", "type"},
    "td": {"colspan", "rowspan", "align"},
    "th": {"colspan", "rowspan", "align"},
    "p": {"align"},
    "div": {"align"},
}
_GONE = {
    "script",
    "style",
    "head",
    "title",
    "object",
    "embed",
    "iframe",
    "svg",
    "math",
    "template",
    "noscript",
    "form",
    "select",
}
_SCHEMES = {"http", "https", "mailto", "tel", "ftp", "cid"}


@dataclass(frozen=True)
class HtmlView:
    """A whole document. `pictures_left_out`: so many were not shown, most of them because they lie elsewhere."""

    document: str
    pictures_left_out: int


def has_html(mail: Part) -> bool:
    """Whether a mail has words in HTML."""
    return any(part.kind == "text/html" and part.disposition != "attachment" for part in mail.leaves())


def html_view(mail: Part) -> HtmlView | None:
    """The HTML of a mail as it may be shown; None where it has none, or none that can be cleaned."""
    leaves = list(mail.leaves())
    written = "\n".join(
        plain_text.decoded(part.content(_MOST_HTML), part.charset)
        for part in leaves[:200]
        if part.kind == "text/html" and part.disposition != "attachment"
    )[:_MOST_HTML]
    if not written.strip():
        return None
    pictures = _Pictures(leaves)
    cleaned = _clean(plain_text.clean(written), pictures)
    if cleaned is None:
        return None
    return HtmlView(
        f'<!doctype html><html><head><meta charset="utf-8"><title>-</title><style>{STYLE}</style></head>'
        f'<body dir="auto">{cleaned}</body></html>',
        pictures.left_out,
    )


class _Pictures:
    """The pictures within a mail, by the name that its HTML has for them."""

    def __init__(self, leaves: list[Part]) -> None:
        self._parts: Mapping[str, Part] = {
            part.first("content-id").strip().strip("<>"): part for part in leaves if part.kind.startswith("image/")
        }
        self._room = _MOST_OF_PICTURES
        self._known: dict[str, str | None] = {}
        self.left_out = 0

    def source(self, tag: str, name: str, value: str) -> str | None:
        """What stands for an attribute: for the source of a picture the picture itself, or nothing."""
        if (tag, name) != ("img", "src"):
            return None if value.lower().startswith("cid:") else value
        found = self._of(value[4:]) if value.lower().startswith("cid:") else None
        self.left_out += found is None
        return found

    def _of(self, name: str) -> str | None:
        if name not in self._known:
            self._known[name] = self._read(name)
        found = self._known[name]
        self._room -= len(found or "")
        return found if self._room >= 0 else None

    def _read(self, name: str) -> str | None:
        part = self._parts.get(name)
        content = part.content(_MOST_OF_A_PICTURE * 2) if part else b""
        kind = next((kind for begin, kind in _PICTURES.items() if content.startswith(begin)), None)
        if kind is None or len(content) > _MOST_OF_A_PICTURE or not scanning.scan(content).passes:
            return None
        return f"data:{kind};base64,{base64.b64encode(content).decode()}"


def _clean(written: str, pictures: _Pictures) -> str | None:
    """Clean HTML with links as text; None where it can't be read."""
    try:
        # Both libraries go down into what is nested; a mail of ten thousand tables is not worth it.
        if _too_deep(written):
            return None
        cleaned = nh3.clean(
            written,
            tags=_TAGS,
            attributes=_ATTRIBUTES,
            attribute_filter=pictures.source,
            clean_content_tags=_GONE,
            url_schemes=_SCHEMES,
            url_relative="deny",
            link_rel=None,
        )
        root = document_fromstring(
            f"<div>{cleaned}</div>".encode(), parser=HTMLParser(encoding="utf-8", huge_tree=True)
        )
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, RecursionError):
        return None
    for element in root.iter():
        element.text, element.tail = _shown(element.text), _shown(element.tail)
    for picture in [one for one in root.iter("img") if not one.get("src")]:
        picture.tag, picture.text = "small", f"[{visible(str(picture.attrib.pop('alt', '')))[:200] or '…'}]"
    for link in list(root.iter("a")):
        _as_text(link)
    body = root.find("body")
    inner = root if body is None else body
    return "".join(tostring(child, encoding="unicode") for child in inner)


def _too_deep(written: str) -> bool:
    depth = 0
    for match in re.finditer(
        r"<(/?)(?:div|span|table|ul|ol|blockquote|font|center|b|i|u|em|strong)\b", written, re.IGNORECASE
    ):
        depth += -1 if match[1] else 1
        if depth > _DEEPEST:
            return True
    return False


def _shown(text: str | None) -> str | None:
    return visible(text) if text else text


def _as_text(link: HtmlElement) -> None:
    """A link becomes its words, with the address to which it leads behind them."""
    address = link.attrib.pop("href", None)
    link.tag = "span"
    if address is None:
        return
    true = _true_address(str(address))
    written = "".join(str(words) for words in link.itertext()).strip()
    if written in (true, true.removeprefix("mailto:"), true.rstrip("/")):
        link.tag = "u"
        return
    shown = etree.SubElement(link, "code", dir="ltr")
    shown.text = f" [{true}]"


def _true_address(address: str) -> str:
    """The address as it is asked for: a name in letters that look like others stands in ASCII."""
    address = "".join(visible(address).split())
    if address.isascii():
        return address
    try:
        host = urlsplit(address).hostname or ""
        return address.replace(urlsplit(address).netloc, host.encode("idna").decode(), 1) if host else address
    except ValueError:
        return address
