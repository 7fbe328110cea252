"""A page as a Word file, for staff who want to change it before it is printed. It names fonts that every Word has."""

import io
import zipfile
from datetime import UTC, datetime, time
from typing import Any

import segno
from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

from outreach.correspondence.documents.page import Block, Page, Run

_FONT = "Times New Roman"
_CHINESE_FONT = "SimSun"
_TAGS = {"ar": "ar-SA", "zh": "zh-CN", "en": "en-GB", "fr": "fr-FR", "ru": "ru-RU", "es": "es-ES"}
_WIDTH = Cm(15.8)
_GREY = RGBColor(0x60, 0x60, 0x60)


def to_docx(page: Page) -> bytes:
    """The Word file. The same page has the same bytes."""
    out = io.BytesIO()
    _Writer(page).document.save(out)
    return _dated(out.getvalue())


class _Writer:
    """Writes one document; everything that differs between right-to-left and left-to-right is here."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._rtl = page.language == "ar"
        self._size = 13.0 if self._rtl else 11.0
        self.document = Document()
        self._properties()
        self._styles()
        section = self.document.sections[0]
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin = section.right_margin = Cm(2.6)
        section.top_margin, section.bottom_margin = Cm(2), Cm(2)
        self._body()
        self._feet(section)

    def _properties(self) -> None:
        said, page = self.document.core_properties, self._page
        said.title, said.author, said.language, said.comments = page.title, page.author, _TAGS[page.language], ""
        said.last_modified_by = page.author
        said.created = said.modified = datetime.combine(page.day, time())

    def _styles(self) -> None:
        for name in ("Normal", "Heading 1", "Heading 2"):
            style = self.document.styles[name]
            style.font.name, style.font.size = _FONT, Pt(self._size)
            style.font.color.rgb = RGBColor(0, 0, 0)
            properties = style.element.get_or_add_rPr()
            fonts = properties.get_or_add_rFonts()
            for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
                fonts.attrib.pop(qn(f"w:{theme}"), None)
            fonts.set(qn("w:eastAsia"), _CHINESE_FONT)
            fonts.set(qn("w:cs"), _FONT)
            _add(properties, "w:szCs", val=str(int(self._size * 2)))
            tag = _TAGS[self._page.language]
            _add(properties, "w:lang", val=tag, eastAsia=tag if self._page.language == "zh" else "zh-CN", bidi="ar-SA")
        self.document.styles["Normal"].paragraph_format.space_after = Pt(7)

    def _body(self) -> None:
        page, document = self._page, self.document
        letterhead = self._say(document.add_paragraph(), page.letterhead, bold=True)
        letterhead.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _line_below(letterhead)
        head = self._table(2, widths=(Cm(7.9), Cm(7.9)))
        self._say(head.cell(0, 0).paragraphs[0], page.reference)
        self._say(head.cell(0, 1).paragraphs[0], page.date_above).alignment = WD_ALIGN_PARAGRAPH.RIGHT
        heading = self._say(document.add_heading(level=1), page.heading)
        heading.paragraph_format.space_before = heading.paragraph_format.space_after = Pt(12)
        if page.initials:
            heading.alignment = WD_ALIGN_PARAGRAPH.CENTER
        if page.salutation:
            self._say(document.add_paragraph(), page.salutation)
        for block, following in zip(page.blocks, (*page.blocks[1:], None), strict=True):
            self._block(block, ends=following is None or following.kind != block.kind)
        if page.valediction:
            self._plain((Run(page.valediction),)).paragraph_format.keep_with_next = True
        if page.signature:
            signature = self._say(document.add_paragraph(), page.signature)
            signature.paragraph_format.space_before = Pt(48)
        self._end()

    def _block(self, block: Block, *, ends: bool) -> None:
        if block.kind == "heading":
            self._runs(self.document.add_heading(level=2), block.runs)
        elif block.kind == "item":
            item = self.document.add_paragraph()
            indent = Cm(0.7)
            item.paragraph_format.first_line_indent = -indent
            item.paragraph_format.left_indent = indent * block.depth
            item.paragraph_format.space_after = Pt(7 if ends else 3)
            self._runs(item, (Run(f"{block.mark}\t"), *block.runs))
            item.paragraph_format.tab_stops.add_tab_stop(indent * block.depth)
        else:
            self._plain(block.runs)

    def _plain(self, runs: tuple[Run, ...]) -> Paragraph:
        paragraph = self.document.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
        if self._page.language == "zh":
            paragraph.paragraph_format.first_line_indent = Pt(self._size * 2)
        return self._runs(paragraph, runs)

    def _end(self) -> None:
        """Date and annex beside the box for initials and stamp."""
        page = self._page
        if not (page.date_below or page.annex or page.initials):
            return
        end = self._table(2)
        first = [text for text in (page.date_below, page.annex) if text]
        self._lines(end.cell(0, 0), first)
        if page.initials:
            box = end.cell(0, 1)
            _framed(box)
            paragraph = self._say(box.paragraphs[0], page.initials, size=8, grey=True)
            paragraph.paragraph_format.space_before = Pt(64)
            _keep_row_whole(end)

    def _feet(self, section: Any) -> None:
        """The addressees and the public address at the foot of the first page; a number on the others."""
        page = self._page
        number = self._say(section.footer.paragraphs[0], "")
        number.alignment = WD_ALIGN_PARAGRAPH.CENTER
        field = OxmlElement("w:fldSimple")
        field.set(qn("w:instr"), "PAGE")
        number._p.append(field)
        if not page.address:
            return
        section.different_first_page_header_footer = True
        first = section.first_page_footer
        _line_below(first.paragraphs[0])
        foot = self._table(3, first.add_table(1, 3, _WIDTH), (Cm(7.6), Cm(2.3), Cm(5.9)))
        self._lines(foot.cell(0, 0), page.addressees, size=9)
        picture = io.BytesIO()
        segno.make(page.address, error="m", micro=False).save(picture, kind="png", scale=8, border=0)
        picture.seek(0)
        shown = foot.cell(0, 1).paragraphs[0].add_run().add_picture(picture, width=Cm(1.9))
        named = shown._inline.docPr
        named.set("descr", page.picture_text)
        self._lines(foot.cell(0, 2), page.address_lines, size=8)
        first.add_paragraph().paragraph_format.space_after = Pt(0)

    def _table(self, columns: int, table: Table | None = None, widths: tuple[int, ...] = ()) -> Table:
        made = table if table is not None else self.document.add_table(1, columns)
        made.autofit = False
        made.alignment = WD_TABLE_ALIGNMENT.CENTER
        if self._rtl:
            made._tbl.tblPr.insert_element_before(
                _element("w:bidiVisual"), "w:tblStyleRowBandSize", "w:tblStyleColBandSize", "w:tblW", "w:jc",
                "w:tblCellSpacing", "w:tblInd", "w:tblBorders", "w:shd", "w:tblLayout", "w:tblCellMar", "w:tblLook",
            )  # fmt: skip
        for index, width in enumerate(widths or (Cm(9.8), Cm(6))):
            made.columns[index].width = width
            made.cell(0, index).width = width
        return made

    def _lines(self, cell: _Cell, texts: tuple[str, ...] | list[str], size: float | None = None) -> None:
        paragraph = cell.paragraphs[0]
        for index, text in enumerate(texts):
            if index:
                paragraph = cell.add_paragraph()
            self._say(paragraph, text, size=size).paragraph_format.space_after = Pt(3)

    def _say(
        self, paragraph: Paragraph, text: str, *, bold: bool = False, size: float | None = None, grey: bool = False
    ) -> Paragraph:
        return self._runs(paragraph, (Run(text, bold),), size, grey)

    def _runs(
        self, paragraph: Paragraph, runs: tuple[Run, ...], size: float | None = None, grey: bool = False
    ) -> Paragraph:
        if self._rtl:
            paragraph._p.get_or_add_pPr().insert_element_before(
                _element("w:bidi"), "w:adjustRightInd", "w:snapToGrid", "w:spacing", "w:ind", "w:contextualSpacing",
                "w:mirrorIndents", "w:suppressOverlap", "w:jc", "w:textDirection", "w:textAlignment", "w:outlineLvl",
                "w:rPr", "w:sectPr", "w:pPrChange",
            )  # fmt: skip
        for run in runs:
            made = paragraph.add_run(run.text)
            font = made.font
            # Arabic has a bold and an italic of its own.
            font.bold, font.cs_bold = run.bold or None, run.bold or None
            font.italic, font.cs_italic = run.italic or None, run.italic or None
            if size:
                font.size = Pt(size)
                _add(made._r.get_or_add_rPr(), "w:szCs", val=str(int(size * 2)))
            if grey:
                font.color.rgb = _GREY
            if self._rtl:
                font.complex_script = font.rtl = True
        return paragraph


def _element(tag: str) -> Any:
    return OxmlElement(tag)


def _add(parent: Any, tag: str, **attributes: str) -> None:
    """An element of run properties in its place: `szCs` and `lang` stand behind all that python-docx writes but these."""
    for old in parent.findall(qn(tag)):
        parent.remove(old)
    element = _element(tag)
    for name, value in attributes.items():
        element.set(qn(f"w:{name}"), value)
    later = {"w:szCs": ("w:highlight", "w:u", "w:effect", "w:vertAlign", "w:rtl", "w:cs", "w:lang"), "w:lang": ()}[tag]
    parent.insert_element_before(element, *later)


def _line_below(paragraph: Paragraph) -> None:
    properties = paragraph._p.get_or_add_pPr()
    borders = _element("w:pBdr")
    line = OxmlElement("w:bottom")
    for name, value in {"val": "single", "sz": "4", "space": "6", "color": "808080"}.items():
        line.set(qn(f"w:{name}"), value)
    borders.append(line)
    properties.insert_element_before(
        borders, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:bidi", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


def _framed(cell: _Cell) -> None:
    properties = cell._tc.get_or_add_tcPr()
    borders = OxmlElement("w:tcBorders")
    for side in ("top", "left", "bottom", "right"):
        line = OxmlElement(f"w:{side}")
        for name, value in {"val": "single", "sz": "4", "color": "808080"}.items():
            line.set(qn(f"w:{name}"), value)
        borders.append(line)
    properties.append(borders)


def _keep_row_whole(table: Table) -> None:
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _dated(docx: bytes) -> bytes:
    """The same package without the hour at which it was written."""
    out = io.BytesIO()
    moment = datetime(1980, 1, 1, tzinfo=UTC).timetuple()[:6]
    with zipfile.ZipFile(io.BytesIO(docx)) as given, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name in given.namelist():
            made.writestr(zipfile.ZipInfo(name, moment), given.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()
