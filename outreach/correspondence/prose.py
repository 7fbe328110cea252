"""One Markdown text, two faces: the HTML part and the plain-text part of a letter say the same."""

import html
import re

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

from outreach.correspondence.merging import PLACE, one_line, places_of
from outreach.i18n import colon

# Code is switched off along with images and HTML: an indented paragraph of a staff text is a paragraph.
_MARKDOWN = MarkdownIt("commonmark", {"html": False}).disable(["image", "code", "fence", "backticks"])
_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+\-.!<>|~&])")
_WHOLE_ADDRESS = re.compile(r"https?://|mailto:", re.IGNORECASE)
_TEXT = re.compile(r"(?<=>)[^<>]+(?=<)")
_LATIN = re.compile(r"[A-Za-z0-9][!-~]*(?: [!-~]+)*")

# Mail programs drop style sheets, so each element carries its own style.
_SANS = "font-family:'Noto Sans','Noto Sans Arabic','Noto Sans CJK SC',Arial,sans-serif"
_STYLES = {
    "p": "margin:0 0 16px",
    "h1": "margin:24px 0 8px;font-size:19px;line-height:1.35",
    "h2": "margin:24px 0 8px;font-size:18px;line-height:1.35",
    "h3": "margin:24px 0 8px;font-size:16px;line-height:1.35",
    "h4": "margin:16px 0 8px;font-size:16px;line-height:1.35",
    "ul": "margin:0 0 16px",
    "ol": "margin:0 0 16px",
    "li": "margin:0 0 6px",
    "blockquote": "margin:0 0 16px;padding:12px 16px 1px;background:#f2f5f7;border:1px solid #d9e0e6;border-radius:4px",
    "hr": "border:0;border-top:1px solid #d9e0e6;margin:24px 0",
    "a": "color:#005b8f",
}
_SMALL_STYLE = f"margin:0 0 16px;font-size:12px;line-height:1.5;color:#52606d;word-break:break-word;{_SANS}"
_BUTTON_STYLE = (
    "display:inline-block;padding:10px 20px;background:#005b8f;color:#ffffff;text-decoration:none;border-radius:4px;"
    f"font-weight:600;line-height:1.4;{_SANS}"
)
_SECOND_BUTTON_STYLE = _BUTTON_STYLE.replace(
    "background:#005b8f;color:#ffffff", "background:#ffffff;color:#005b8f"
).replace("padding:10px 20px", "border:2px solid #005b8f;padding:8px 18px")
_SECOND = frozenset({"linkpasson"})
"""The places of links that stand beside the main one, and must not be taken for it."""
_SMALL = frozenset({"linkstop"})
"""The places of links in small print."""
_ADDRESS_STYLE = f"font-size:12px;line-height:1.5;color:#52606d;word-break:break-all;{_SANS}"
_OPENING = re.compile(rf"<({'|'.join(_STYLES)})(?=[ >])")
_OUR_LINK = re.compile(rf'<p style="[^"]*"><a style="[^"]*" href="(?P<to>{PLACE.pattern})">(?P<words>.*?)</a></p>')


def plain(value: str) -> str:
    """A value as Markdown that means just these characters, on one line."""
    return _SPECIAL.sub(r"\\\1", one_line(value))


def as_html(markdown: str, direction: str = "ltr") -> str:
    """Safe HTML of the Markdown, each element with its style; a heading of the sixth level is small print.

    A paragraph that is only one of our links becomes a button with its address beneath. Within right-to-left text, words in Latin
    letters are isolated; everywhere, a recipient's values are.
    """
    clean = nh3.clean(
        _MARKDOWN.render(markdown),
        tags={*_STYLES, "h6", "br", "strong", "em"},
        attributes={"a": {"href"}},
        attribute_filter=_only_whole_addresses,
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
    )
    clean = _TEXT.sub(lambda text: _isolated(text[0], direction), clean)
    clean = clean.replace("<h6>", f'<p style="{_SMALL_STYLE}">').replace("</h6>", "</p>")
    clean = _OPENING.sub(lambda found: found[0] if _has_style(clean, found) else _styled(found[1]), clean)
    return _OUR_LINK.sub(_button, clean)


def _only_whole_addresses(_tag: str, _attribute: str, value: str) -> str | None:
    return value if _is_whole(value) else None


def _is_whole(address: str) -> bool:
    return bool(_WHOLE_ADDRESS.match(address) or PLACE.fullmatch(address))


def _isolated(text: str, direction: str) -> str:
    raw, done, made = html.unescape(text), 0, []
    for found in PLACE.finditer(raw):
        made += [_with_latin_isolated(raw[done : found.start()], direction), "<bdi>", found[0], "</bdi>"]
        done = found.end()
    return "".join([*made, _with_latin_isolated(raw[done:], direction)])


def _with_latin_isolated(raw: str, direction: str) -> str:
    done, made = 0, []
    for found in _LATIN.finditer(raw) if direction == "rtl" else ():
        run = _without_its_stop(found[0])
        if any(character.isalpha() for character in run):
            made += [html.escape(raw[done : found.start()]), "<bdi>", html.escape(run), "</bdi>"]
            done = found.start() + len(run)
    return "".join([*made, html.escape(raw[done:])])


def _without_its_stop(run: str) -> str:
    """Latin words without the stop behind them, which belongs to the sentence, and without a bracket that was opened before them."""
    while run[-1] in " .,;:!?" or (run[-1] in ")]" and run.count(run[-1]) > run.count({")": "(", "]": "["}[run[-1]])):
        run = run[:-1]
    return run


def _has_style(text: str, found: re.Match[str]) -> bool:
    return text.startswith(" style=", found.end())


def _styled(tag: str) -> str:
    return f'<{tag} style="{_STYLES[tag]}"'


def _button(found: re.Match[str]) -> str:
    to, words = found["to"], found["words"]
    if any(name in _SMALL for _language, name in places_of(to)):
        return f'<p style="{_SMALL_STYLE}"><a style="{_STYLES["a"]}" href="{to}">{words}</a></p>'
    second = any(name in _SECOND for _language, name in places_of(to))
    return (
        f'<p style="{_STYLES["p"]}"><a style="{_SECOND_BUTTON_STYLE if second else _BUTTON_STYLE}" href="{to}">{words}</a><br>\n'
        f'<bdi dir="ltr"><a style="{_ADDRESS_STYLE}" href="{to}">{to}</a></bdi></p>'
    )


def as_text(markdown: str) -> str:
    """The same as plain text: one logical line a paragraph, lists with their marks, addresses written out."""
    return _Plain().render(_MARKDOWN.parse(markdown))


class _Plain:
    """Walks the tokens of a text and writes it without markup."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._quotes = 0
        self._lists: list[int | None] = []
        self._mark = ""

    def render(self, tokens: list[Token]) -> str:
        for token in tokens:
            getattr(self, f"_{token.type}", self._other)(token)
        return re.sub("\n{3,}", "\n\n", "\n".join(self._lines)).strip() + "\n"

    def _other(self, token: Token) -> None:
        if token.type in {"paragraph_close", "heading_close"} and not self._lists:
            self._add("")

    def _add(self, line: str) -> None:
        self._lines.append("> " * self._quotes + line if line else "")

    def _blockquote_open(self, token: Token) -> None:
        self._quotes += 1

    def _blockquote_close(self, token: Token) -> None:
        self._quotes -= 1
        self._add("")

    def _bullet_list_open(self, token: Token) -> None:
        self._lists.append(None)

    def _ordered_list_open(self, token: Token) -> None:
        self._lists.append(int(token.attrGet("start") or 1))

    def _list_close(self) -> None:
        self._lists.pop()
        if not self._lists:
            self._add("")

    def _bullet_list_close(self, token: Token) -> None:
        self._list_close()

    def _ordered_list_close(self, token: Token) -> None:
        self._list_close()

    def _list_item_open(self, token: Token) -> None:
        number = self._lists[-1]
        self._mark = "- " if number is None else f"{number}. "
        if number is not None:
            self._lists[-1] = number + 1

    def _hr(self, token: Token) -> None:
        self._add("-" * 20)
        self._add("")

    def _inline(self, token: Token) -> None:
        text, address, opened = "", "", 0
        for child in token.children or []:
            if child.type == "text":
                text += child.content
            elif child.type == "softbreak":
                text += " "
            elif child.type == "hardbreak":
                text += "\n"
            elif child.type == "link_open":
                address = str(child.attrGet("href") or "")
                opened = len(text)
            elif child.type == "link_close" and _is_whole(address):
                shown = address.removeprefix("mailto:")
                # Our own links stand alone in a paragraph: their address gets a line of its own.
                if text[opened:] != shown and opened == 0 and PLACE.fullmatch(shown):
                    text = colon(text) + f"\n{shown}"
                elif text[opened:] != shown:
                    text += f" ({shown})"
        for line in text.split("\n"):
            self._add(self._mark + line)
            self._mark = ""
