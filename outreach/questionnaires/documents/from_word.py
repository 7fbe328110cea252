"""A .docx as pieces, whatever Word did to it: runs cut up by spelling and revisions, insertions taken, deletions left out, controls
nested, moved to whole cells or gone, lists, text boxes, tables within a cell."""

import io
import zipfile
from collections.abc import Iterable, Iterator, Set
from itertools import islice

from outreach import office_files
from outreach.errors import Invalid
from outreach.questionnaires.documents.pieces import TICKED, UNTICKED, Cell, Control, Loose, Numbering, Pieces, Strip
from outreach.questionnaires.documents.strangers_xml import MOST_DEPTH, Element, parse, within

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_W_STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
_W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_IDENTIFIER = "{http://purl.org/dc/elements/1.1/}identifier"
_LEFT_OUT = frozenset(
    _W + name
    for name in [
        "del",
        "moveFrom",
        "instrText",
        "delText",
        "rPr",
        "pPr",
        "tcPr",
        "trPr",
        "tblPr",
        "tblPrEx",
        "tblGrid",
        "sdtPr",
        "sdtEndPr",
        "sectPr",
        "commentReference",
        "footnoteReference",
        "endnoteReference",
        "annotationRef",
        "proofErr",
        "numPr",
        "fldData",
    ]
)
_BREAKS = {_W + "br": "\n", _W + "cr": "\n", _W + "tab": "\t", _W + "noBreakHyphen": "-", _W + "ptab": "\t"}
_SYMBOLS = {
    "FE": TICKED,
    "FD": TICKED,
    "FC": "\u2713",
    "FB": TICKED,
    "A8": UNTICKED,
    "6F": UNTICKED,
    "71": UNTICKED,
    "52": TICKED,
    "53": TICKED,
    "54": TICKED,
    "A3": UNTICKED,
    "78": TICKED,
}
"""Boxes and ticks in the fonts Wingdings and Wingdings 2."""
_NOTES = ("comment", "footnote", "endnote")
_MOST_CONTROLS = 300
"""So many controls of a cell are looked at."""


def pieces(content: bytes) -> Pieces:
    """The pieces of a .docx that was guarded (`office_files.guard`). Raises Invalid where it is damaged."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            names = set(packed.namelist())
            body = packed.read("word/document.xml")
            numbering = packed.read("word/numbering.xml") if "word/numbering.xml" in names else None
            core = packed.read("docProps/core.xml") if "docProps/core.xml" in names else None
            apart = {name: packed.read(f"word/{name}s.xml") for name in _NOTES if f"word/{name}s.xml" in names}
    except (*office_files.UNREADABLE, KeyError):
        raise Invalid(office_files.damaged()) from None
    root = _parsed(body)
    notes = {
        (name, note.get(_W + "id", "")): _plain(note).strip()
        for name, content in apart.items()
        for note in _parsed(content).iter(_W + name)
    }
    reading = _Reading(_lists(parse(numbering)) if numbering else {}, notes)
    found = root.find(_W + "body")
    if found is None:
        raise Invalid(office_files.damaged())
    reading.blocks(found)
    about = next(parse(core).iter(_IDENTIFIER), None) if core else None
    return Pieces(reading.parts, (about.text or "").strip()[:100] if about is not None else "")


def _parsed(xml: bytes) -> Element:
    # Files in the "strict" variant differ in the name space alone.
    return parse(xml.replace(_W_STRICT.encode(), _W[1:-1].encode()))


def _lists(root: Element) -> dict[tuple[str, str], bool]:
    """(list, level) → whether its paragraphs are numbered."""
    kinds: dict[str, dict[str, bool]] = {}
    for one in root.iter(_W + "abstractNum"):
        levels = kinds[one.get(_W + "abstractNumId", "")] = {}
        for level in one.iter(_W + "lvl"):
            form = level.find(_W + "numFmt")
            levels[level.get(_W + "ilvl", "0")] = form is not None and form.get(_W + "val") not in ("bullet", "none")
    found: dict[tuple[str, str], bool] = {}
    for one in root.iter(_W + "num"):
        kind = one.find(_W + "abstractNumId")
        for depth, numbered in kinds.get(kind.get(_W + "val", "") if kind is not None else "", {}).items():
            found[one.get(_W + "numId", ""), depth] = numbered
    return found


class _Reading:
    def __init__(self, lists: dict[tuple[str, str], bool], notes: dict[tuple[str, str], str]) -> None:
        self.lists, self.numbering, self.notes = lists, Numbering(), notes
        self.parts: list[Strip | Loose] = []
        self.tables = 0

    def blocks(self, parent: Element) -> None:
        """The body: tables row by row, all other paragraphs one by one. Bookmarks between paragraphs go with the next one."""
        waiting: list[str] = []
        for block in _within(parent, {_W + "p", _W + "tbl", _W + "bookmarkStart"}):
            if block.tag == _W + "bookmarkStart":
                waiting.append(block.get(_W + "name", ""))
            elif block.tag == _W + "tbl":
                self.tables += 1
                table = self.tables
                for row in _within(block, {_W + "tr"}):
                    cells = [self.cell(one) for one in _within(row, {_W + "tc"})]
                    # A control around a whole cell, row or block lies outside of it.
                    around = _around(row, block)
                    if cells:
                        cells[-1].controls += around
                    self.parts.append(Strip(table, cells))
            else:
                cell = Cell(bookmarks=waiting)
                waiting = []
                self.paragraph(block, cell)
                for wrapper in _wrappers(block, parent):
                    cell.controls.append(_control(wrapper, cell.text))
                self.parts.append(Loose(cell))

    def cell(self, tc: Element) -> Cell:
        """A cell with all that stands in it; a table within it is text, a line a row."""
        cell = Cell()
        for wrapper in _wrappers(tc, tc.getparent()):
            cell.controls.append(_control(wrapper, _plain(tc)))
            if _asks(wrapper):
                cell.asking += _plain(tc).split("\n")
        for found in tc.iter(_W + "bookmarkStart"):
            cell.bookmarks.append(found.get(_W + "name", ""))
        for control in islice(tc.iter(_W + "sdt"), _MOST_CONTROLS):
            content = control.find(_W + "sdtContent")
            text = _plain(content) if content is not None else ""
            cell.controls.append(_control(control, text))
            if _asks(control):
                cell.asking += text.split("\n")
        for block in _within(tc, {_W + "p", _W + "tbl"}):
            if block.tag == _W + "p":
                self.paragraph(block, cell)
            else:
                for row in _within(block, {_W + "tr"}):
                    cell.lines.append(" | ".join(_plain(one).replace("\n", " ") for one in _within(row, {_W + "tc"})))
        return cell

    def paragraph(self, paragraph: Element, cell: Cell) -> None:
        """Add a paragraph to a cell."""
        text = _filled_in(paragraph) or _text(paragraph)
        properties = paragraph.find(f"{_W}pPr/{_W}numPr")
        if properties is not None and text.strip():
            number, level = properties.find(_W + "numId"), properties.find(_W + "ilvl")
            name = number.get(_W + "val", "") if number is not None else ""
            depth = level.get(_W + "val", "0") if level is not None else "0"
            if name not in ("", "0"):
                numbered = self.lists.get((name, depth), False)
                text = (
                    self.numbering.mark(name, min(int(depth), 8) if depth.isdecimal() else 0, numbered) + text.strip()
                )
        for found in paragraph.iter(_W + "bookmarkStart"):
            if found.get(_W + "name", "") not in cell.bookmarks:
                cell.bookmarks.append(found.get(_W + "name", ""))
        for name in _NOTES:
            for found in paragraph.iter(f"{_W}{name}Reference"):
                cell.notes.append(self.notes.get((name, found.get(_W + "id", "")), ""))
        lines = text.split("\n")
        cell.lines += lines
        runs = [one for one in paragraph.iter(_W + "r") if any(c.isalnum() for c in _text(one))]
        if runs and all(_is_struck(one) for one in runs):
            cell.struck += lines
        elif runs and all(_is_set_off(one) for one in runs):
            cell.set_off += lines


def _is_struck(run: Element) -> bool:
    return any(_has(run, name) for name in ("strike", "dstrike"))


def _is_set_off(run: Element) -> bool:
    """Whether a run is bold, underlined, highlighted or in another colour."""
    shade = run.find(f"{_W}rPr/{_W}shd")
    filled = shade is not None and shade.get(_W + "fill", "auto").lower() not in ("auto", "ffffff")
    return filled or any(_has(run, name) for name in ("b", "u", "highlight", "color"))


def _has(run: Element, name: str) -> bool:
    found = run.find(f"{_W}rPr/{_W}{name}")
    return found is not None and found.get(_W + "val", "1") not in ("0", "false", "off", "none", "auto", "000000")


def _within(parent: Element, wanted: Set[str]) -> Iterator[Element]:
    return within(parent, wanted, _inside)


def _inside(child: Element) -> Iterable[Element]:
    """What stands within an element that is not itself looked for: of alternatives the first; a table only by itself."""
    if child.tag == _MC + "AlternateContent":
        chosen = child.find(_MC + "Choice")
        return () if chosen is None else (chosen,)
    return () if child.tag in _LEFT_OUT or child.tag == _W + "tbl" else child


def _wrappers(element: Element, until: Element | None) -> Iterator[Element]:
    """The controls around an element, within `until`."""
    around = element.getparent()
    while around is not None and around is not until and around.tag not in (_W + "tc", _W + "body"):
        if around.tag == _W + "sdt":
            yield around
        around = around.getparent()


def _around(row: Element, table: Element) -> list[Control]:
    return [_control(one, "") for one in _wrappers(row, table)]


def _control(sdt: Element, text: str) -> Control:
    tag = sdt.find(f"{_W}sdtPr/{_W}tag")
    checked = sdt.find(f"{_W}sdtPr/{_W14}checkbox/{_W14}checked")
    box = sdt.find(f"{_W}sdtPr/{_W14}checkbox")
    date = sdt.find(f"{_W}sdtPr/{_W}date")
    return Control(
        tag=tag.get(_W + "val", "") if tag is not None else "",
        text="" if _asks(sdt) else text.strip(),
        ticked=None if box is None else checked is not None and checked.get(_W14 + "val", "1") in ("1", "true", "on"),
        day=date.get(_W + "fullDate", "")[:10] if date is not None and not _asks(sdt) else "",
    )


def _asks(sdt: Element) -> bool:
    """Whether the control holds only the words that ask for an answer."""
    shown = sdt.find(f"{_W}sdtPr/{_W}showingPlcHdr")
    return shown is not None and shown.get(_W + "val", "1") not in ("0", "false", "off")


def _plain(element: Element) -> str:
    """All words within, a line a paragraph."""
    if element.tag == _W + "p":
        return _text(element)
    paragraphs = [_text(one) for one in element.iter(_W + "p")]
    return "\n".join(paragraphs) if paragraphs else _text(element)


def _text(element: Element) -> str:
    """The words of a paragraph or a part of one, as they are after all changes were accepted."""
    found: list[str] = []
    echoes = _Echoes()
    stack: list[Iterator[Element]] = [iter(element)]
    while stack:
        child = next(stack[-1], None)
        if child is None:
            stack.pop()
            continue
        tag = child.tag
        if tag == _W + "t":
            found.append(child.text or "")
        elif tag in _BREAKS:
            found.append(_BREAKS[tag])
        elif tag == _W + "sym":
            found.append(_SYMBOLS.get(child.get(_W + "char", "").upper()[-2:], ""))
        elif tag == _W + "fldChar":
            box = child.find(f"{_W}ffData/{_W}checkBox")
            if box is not None:
                found.append(_old_box(box))
        elif tag == _MC + "AlternateContent":
            chosen = child.find(_MC + "Choice")
            if chosen is not None:
                stack.append(iter(chosen))
        elif tag == _W + "p" and found:
            found.append("\n")
            stack.append(iter(child))
        elif tag not in _LEFT_OUT and len(stack) < MOST_DEPTH and not (tag == _W + "sdt" and echoes.holds(child)):
            stack.append(iter(child))
    return "".join(found)


def _filled_in(paragraph: Element) -> str:
    """What fields to fill in say, where all of a paragraph say the same: what `_echoes` speaks of, once LibreOffice saved an .odt as .docx."""
    if sum("FILLIN" in (one.text or "") for one in paragraph.iter(_W + "instrText")) < 2:
        return ""
    said: list[str] = []
    inside = False
    for one in paragraph.iter(_W + "fldChar", _W + "t"):
        if one.tag == _W + "fldChar":
            inside = one.get(_W + "fldCharType") == "separate"
            said += [""] if inside else []
        elif inside:
            said[-1] += one.text or ""
    whole = _text(paragraph)
    return said[0] if len(set(said)) == 1 and whole.startswith(said[0]) and whole.endswith(said[0]) else ""


class _Echoes:
    """Controls that only say again what the one before them says: where the direction of writing changes within a control, LibreOffice
    writes it once more for each part, with the part and then the whole."""

    def __init__(self) -> None:
        self.first: Element | None = None
        self.last: Element | None = None
        self.said = ""

    def holds(self, sdt: Element) -> bool:
        """Whether a control is such an echo; controls are asked about in their order."""
        before, self.last = self.last, sdt
        same = before is not None and sdt.getprevious() is before and self.first is not None
        if (
            same
            and self.first is not None
            and _title(self.first) == _title(sdt)
            and sdt.find(f"{_W}sdtPr/{_W}tag") is None
        ):
            own = sdt.find(_W + "sdtContent")
            if self.said and own is not None and _text(own).endswith(self.said):
                return True
        content = sdt.find(_W + "sdtContent")
        self.first, self.said = sdt, _text(content) if content is not None else ""
        return False


def _title(sdt: Element) -> str:
    title = sdt.find(f"{_W}sdtPr/{_W}alias")
    return title.get(_W + "val", "") if title is not None else ""


def _old_box(box: Element) -> str:
    """A box of Word before 2007."""
    for name in ("checked", "default"):
        state = box.find(_W + name)
        if state is not None:
            return TICKED if state.get(_W + "val", "1") in ("1", "true", "on") else UNTICKED
    return UNTICKED
