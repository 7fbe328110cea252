"""Lines and paragraphs of a PDF, which knows neither. Arabic stands in it as it is seen, from the left: it is put in the order of reading."""

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pypdf import PdfReader

_ARABIC = re.compile("[\u0600-\u06ff\ufb50-\ufdff\ufe70-\ufefc]")
# Ligatures of Latin and the drawn forms of Arabic letters.
_DRAWN = re.compile("[\ufb00-\ufb06\ufb50-\ufdff\ufe70-\ufefc]")
_FROM_THE_LEFT = re.compile(
    r"[A-Za-z0-9\u0660-\u0669](?:[\w@./:%?=&+#~\\-]*[A-Za-z0-9\u0660-\u0669/])?(?: +[A-Za-z]+(?:[\w@./:%?=&+#~-]*[A-Za-z0-9/])?)*",
    re.A,
)
_LAM_ALEF = (
    # A ligature holds its two letters in the order of reading, whatever stands around it: turned over, they are the wrong way round.
    (re.compile(r"ا([اأإآ])ل"), r"ال\1"),
    (re.compile(r"ل([أإآ])ل"), r"لل\1"),
    (re.compile(r"(?<!\w)([وفب]?)لال"), r"\1للا"),
    (re.compile(r"(?<=[تثجحخسشصضطظعغقمنهي])([أإآ])ل(?=\w)"), r"ل\1"),
    (re.compile(r"(?<!\w)ال(?!\w)"), "لا"),
)
_BROKEN_ADDRESS = re.compile(r"(https?://\S*[/_=&?.#-]|(?<!\S)[\w.+]*-(?=\n[\w.-]+@))\n-?(?=\S)", re.I)
"""A line that ends within an address."""
_SHORT = 0.85
"""A line that ends with a sentence before this much of the longest line's width ends a paragraph."""


def text(reader: "PdfReader") -> str:
    """The text of all pages, an empty line between paragraphs."""
    pages = []
    for page in reader.pages:
        try:
            pages.append(page.extract_text(extraction_mode="layout"))
        # The layout of odd pages defeats the library in many ways; their words can still be had.
        except (ValueError, KeyError, TypeError, IndexError, AttributeError, ZeroDivisionError):
            pages.append(page.extract_text())
    return "\n\n".join(_page(page) for page in pages).strip()


def _page(page: str) -> str:
    lines = [line.rstrip() for line in page.split("\n")]
    widest = max((len(line) for line in lines), default=0)
    if len(_ARABIC.findall(page)) > len(page) / 5:
        lines = [in_reading_order(line) for line in lines]
    made: list[str] = []
    for line in lines:
        line = " ".join(_DRAWN.sub(lambda sign: unicodedata.normalize("NFKC", sign[0]), line).split())
        made.append(line)
        if line.endswith((".", "。", ":", ";", "؟")) and len(line) < _SHORT * widest:
            made.append("")
    return _BROKEN_ADDRESS.sub(r"\1", re.sub(r"\n{3,}", "\n\n", "\n".join(made)))


def in_reading_order(line: str) -> str:
    """A line as it is read: turned over, but for numbers and Latin, which run from the left."""
    if not _ARABIC.search(line):
        return line
    pieces, at = [], 0
    for run in _FROM_THE_LEFT.finditer(line):
        pieces += [line[at : run.start()][::-1], run[0]]
        at = run.end()
    pieces.append(line[at:][::-1])
    turned = "".join(reversed(pieces))
    for wrong, right in _LAM_ALEF:
        turned = wrong.sub(right, turned)
    return turned
