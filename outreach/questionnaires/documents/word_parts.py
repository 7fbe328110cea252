"""The XML of a Word file that python-docx has no words for: content controls, bookmarks, direction, tables that read aloud well."""

from collections.abc import Iterator, Sequence
from itertools import count

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from lxml import etree

Element = etree._Element

LOCALES = {"ar": "ar-SA", "zh": "zh-CN", "en": "en-GB", "fr": "fr-FR", "ru": "ru-RU", "es": "es-ES"}
LATIN, ARABIC, HAN = "Arial", "Arial", "SimSun"
W14 = "http://schemas.microsoft.com/office/word/2010/wordml"
UNTICKED, TICKED = "\u2610", "\u2612"


def element(kind: str, /, *children: Element, **attributes: str | int) -> Element:
    """An element `w:…` with attributes of the same name space."""
    made: Element = OxmlElement(f"w:{kind}")
    for attribute, value in attributes.items():
        made.set(qn(f"w:{attribute}"), str(value))
    for child in children:
        made.append(child)
    return made


class Pen:
    """Writes paragraphs, runs and controls in one language; ids are counted, so that the same form gives the same XML."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.rtl = language == "ar"
        self._ids: Iterator[int] = count(1)

    def number(self) -> int:
        """A number that nothing else of the file has."""
        return next(self._ids)

    def run(self, text: str, *, style: str = "", language: str = "", bold: bool = False, font: str = "") -> Element:
        """A run; line breaks within it stay."""
        spoken = language or self.language
        properties = element("rPr")
        if style:
            properties.append(element("rStyle", val=style))
        if font:
            properties.append(element("rFonts", ascii=font, hAnsi=font, eastAsia=font, cs=font))
        if bold:
            properties.append(element("b"))
            properties.append(element("bCs"))
        if spoken == "ar":
            properties.append(element("rtl"))
        if spoken != self.language:
            locale = LOCALES[spoken]
            properties.append(element("lang", val=locale, eastAsia=locale, bidi=locale))
        made = element("r", properties)
        for number, line in enumerate(text.split("\n")):
            if number:
                made.append(element("br"))
            written = element("t")
            written.text = line
            written.set(qn("xml:space"), "preserve")
            made.append(written)
        return made

    def paragraph(
        self, *inner: Element, style: str = "", language: str = "", end: bool = False, keep: bool = False
    ) -> Element:
        """A paragraph in its language's direction; `inner` are runs, controls and bookmarks.

        `end`: it stands at its line's other end; `keep`: on the page of the next one.
        """
        properties = element("pPr")
        if style:
            properties.append(element("pStyle", val=style))
        if keep:
            properties.append(element("keepNext"))
        spoken = language or self.language
        if (spoken == "ar") != self.rtl:
            properties.append(element("bidi", val=1 if spoken == "ar" else 0))
        if end:
            properties.append(element("jc", val="right"))
        return element("p", properties, *inner)

    def bookmarked(self, name: str, *inner: Element) -> list[Element]:
        """The elements between the marks of a bookmark."""
        number = next(self._ids)
        return [element("bookmarkStart", id=number, name=name), *inner, element("bookmarkEnd", id=number)]

    def control(
        self, tag: str, title: str, kind: Sequence[Element], content: Sequence[Element], empty: bool
    ) -> Element:
        """A content control. `kind` says what it takes; `empty`: the content is only the words that ask for an answer."""
        properties = element("sdtPr", element("alias", val=title[:60]), element("tag", val=tag))
        properties.append(element("id", val=100_000 + next(self._ids)))
        if empty:
            properties.append(element("showingPlcHdr"))
        for part in kind:
            properties.append(part)
        return element("sdt", properties, element("sdtContent", *content))

    def box(self, tag: str, title: str, ticked: bool) -> Element:
        """A box to tick."""
        kind = OxmlElement("w14:checkbox", nsdecls={"w14": W14})
        for name, value, font in (
            ("checked", "1" if ticked else "0", ""),
            ("checkedState", "2612", "MS Gothic"),
            ("uncheckedState", "2610", "MS Gothic"),
        ):
            state = OxmlElement(f"w14:{name}", nsdecls={"w14": W14})
            state.set(f"{{{W14}}}val", value)
            if font:
                state.set(f"{{{W14}}}font", font)
            kind.append(state)
        return self.control(tag, title, [kind], [self.run(TICKED if ticked else UNTICKED, font="MS Gothic")], False)


def cell(width: int, *content: Element, shaded: bool = False) -> Element:
    """A cell of a table, so many twentieths of a point wide."""
    properties = element("tcPr", element("tcW", w=width, type="dxa"))
    if shaded:
        properties.append(element("shd", val="clear", color="auto", fill="F0F3F6"))
    return element("tc", properties, *content)


def table(
    widths: Sequence[int], head: Element | None, rows: Sequence[Element], *, rtl: bool, title: str, alt: str
) -> Element:
    """A table whose first row is repeated on each page; `title` and `alt` are read aloud."""
    properties = element("tblPr", element("tblStyle", val="TableGrid"))
    if rtl:
        properties.append(element("bidiVisual"))
    properties.append(element("tblW", w=sum(widths), type="dxa"))
    properties.append(element("tblLayout", type="fixed"))
    properties.append(
        element("tblCellMar", *(element(side, w=90, type="dxa") for side in ("top", "left", "bottom", "right")))
    )
    properties.append(
        element(
            "tblLook",
            val="0620",
            firstRow=1 if head is not None else 0,
            lastRow=0,
            firstColumn=0,
            lastColumn=0,
            noHBand=1,
            noVBand=1,
        )
    )
    properties.append(element("tblCaption", val=title))
    properties.append(element("tblDescription", val=alt))
    grid = element("tblGrid", *(element("gridCol", w=width) for width in widths))
    made = element("tbl", properties, grid)
    if head is not None:
        head.insert(0, element("trPr", element("cantSplit"), element("tblHeader")))
        made.append(head)
    for row in rows:
        made.append(row)
    return made
