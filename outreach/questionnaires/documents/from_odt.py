"""An .odt as pieces, as LibreOffice writes it. Older versions drop the tags of content controls; bookmarks and codes stay."""

import io
import zipfile
from collections.abc import Iterator, Set

from outreach import office_files
from outreach.errors import Invalid
from outreach.questionnaires.documents.pieces import TICKED, UNTICKED, Cell, Control, Loose, Numbering, Pieces, Strip
from outreach.questionnaires.documents.strangers_xml import MOST_DEPTH, Element, parse, within

_NAMES = "urn:oasis:names:tc:opendocument:xmlns:"
_TEXT, _TABLE, _OFFICE = f"{{{_NAMES}text:1.0}}", f"{{{_NAMES}table:1.0}}", f"{{{_NAMES}office:1.0}}"
_LOEXT = "{urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0}"
_FIELD = "{urn:openoffice:names:experimental:ooo-ms-interop:xmlns:field:1.0}"
_SVG = f"{{{_NAMES}svg-compatible:1.0}}"
_STYLE, _FO = f"{{{_NAMES}style:1.0}}", f"{{{_NAMES}xsl-fo-compatible:1.0}}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_PARAGRAPHS = {_TEXT + "p", _TEXT + "h"}
_LEFT_OUT = {
    _TEXT + "tracked-changes", _OFFICE + "annotation", _OFFICE + "annotation-end", _TEXT + "note", _OFFICE + "forms", _TEXT + "sequence-decls",
    # What is read aloud for a picture.
    _SVG + "title", _SVG + "desc",
}  # fmt: skip
_MOST_BLANKS = 1000


def pieces(content: bytes) -> Pieces:
    """The pieces of an .odt that was guarded (`office_files.guard`). Raises Invalid where it is damaged."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            names = set(packed.namelist())
            root = parse(packed.read("content.xml"))
            meta = parse(packed.read("meta.xml")) if "meta.xml" in names else None
            styles = parse(packed.read("styles.xml")) if "styles.xml" in names else None
    except (*office_files.UNREADABLE, KeyError):
        raise Invalid(office_files.damaged()) from None
    body = root.find(f"{_OFFICE}body/{_OFFICE}text")
    if body is None:
        raise Invalid(office_files.damaged())
    numbered = _numbered(root) | (_numbered(styles) if styles is not None else set())
    reading = _Reading(numbered, _looks(root))
    reading.blocks(body)
    about = next(meta.iter(_DC + "identifier"), None) if meta is not None else None
    return Pieces(reading.parts, (about.text or "").strip()[:100] if about is not None else "")


def _numbered(root: Element) -> set[tuple[str, int]]:
    """The lists and their levels that are numbered."""
    found = set()
    for style in root.iter(_TEXT + "list-style"):
        for level in style.iter(_TEXT + "list-level-style-number"):
            depth = level.get(_TEXT + "level", "1")
            if level.get(f"{_STYLE}num-format") and depth.isdecimal():
                found.add((style.get(_STYLE + "name", ""), int(depth)))
    return found


def _looks(root: Element) -> dict[str, str]:
    """The styles that strike words out ("struck"), or set them off ("set off")."""
    found = {}
    for style in root.iter(_STYLE + "style"):
        text = style.find(_STYLE + "text-properties")
        if text is None:
            continue
        name = style.get(_STYLE + "name", "")
        if text.get(_STYLE + "text-line-through-style", "none") != "none":
            found[name] = "struck"
        elif (
            text.get(_FO + "font-weight", "normal") != "normal"
            or text.get(_STYLE + "text-underline-style", "none") != "none"
            or text.get(_FO + "background-color", "transparent") not in ("transparent", "#ffffff")
            or text.get(_FO + "color", "#000000") != "#000000"
        ):
            found[name] = "set off"
    return found


class _Reading:
    def __init__(self, numbered: set[tuple[str, int]], looks: dict[str, str]) -> None:
        self.numbered, self.numbering, self.looks = numbered, Numbering(), looks
        self.parts: list[Strip | Loose] = []
        self.tables = 0

    def blocks(self, parent: Element) -> None:
        """Tables row by row, all other paragraphs one by one."""
        for block in _within(parent, _PARAGRAPHS | {_TABLE + "table", _TEXT + "list"}):
            if block.tag == _TABLE + "table":
                self.tables += 1
                table = self.tables
                for row in _within(block, {_TABLE + "table-row"}):
                    cells = [self.cell(one) for one in _within(row, {_TABLE + "table-cell"})]
                    self.parts.append(Strip(table, cells))
            else:
                cell = Cell()
                self.block(block, cell)
                self.parts.append(Loose(cell))

    def cell(self, found: Element) -> Cell:
        """A cell with all that stands in it."""
        cell = Cell()
        for block in _within(found, _PARAGRAPHS | {_TEXT + "list", _TABLE + "table"}):
            if block.tag == _TABLE + "table":
                for row in _within(block, {_TABLE + "table-row"}):
                    texts = (
                        " ".join(_text(p) for p in one.iter(*_PARAGRAPHS))
                        for one in _within(row, {_TABLE + "table-cell"})
                    )
                    cell.lines.append(" | ".join(texts))
            else:
                self.block(block, cell)
        return cell

    def block(self, block: Element, cell: Cell) -> None:
        """Add a paragraph or a list to a cell."""
        if block.tag == _TEXT + "list":
            self.listed(block, cell, block.get(_TEXT + "style-name", ""), 1)
        else:
            self.paragraph(block, cell, "")

    def listed(self, found: Element, cell: Cell, style: str, level: int) -> None:
        """Add a list, and those within it."""
        for item in _within(found, {_TEXT + "list-item", _TEXT + "list-header"}):
            first = True
            for block in _within(item, _PARAGRAPHS | {_TEXT + "list"}):
                if block.tag == _TEXT + "list":
                    if level < 20:
                        self.listed(block, cell, style, level + 1)
                    continue
                marked = first and item.tag == _TEXT + "list-item" and _text(block).strip()
                numbered = (style, level) in self.numbered
                self.paragraph(block, cell, self.numbering.mark(style, level - 1, numbered) if marked else "")
                first = False

    def paragraph(self, paragraph: Element, cell: Cell, mark: str) -> None:
        """Add a paragraph with its controls and bookmarks."""
        for found in paragraph.iter(_TEXT + "bookmark-start", _TEXT + "bookmark"):
            cell.bookmarks.append(found.get(_TEXT + "name", ""))
        for control in paragraph.iter(_LOEXT + "content-control"):
            asks = control.get(_LOEXT + "showing-place-holder") == "true"
            text = _text(control)
            if asks:
                cell.asking += text.split("\n")
            box = control.get(_LOEXT + "checkbox") == "true"
            ticked = control.get(_LOEXT + "checked") == "true" if box else None
            cell.controls.append(Control(control.get(_LOEXT + "tag", ""), "" if asks else text.strip(), ticked))
        for note in paragraph.iter(_OFFICE + "annotation", _TEXT + "note-body"):
            cell.notes.append("\n".join(_text(one).strip() for one in note.iter(_TEXT + "p")))
        text = _text(paragraph)
        lines = (mark + text.strip() if mark else text).split("\n")
        cell.lines += lines
        match self.look(paragraph):
            case "struck":
                cell.struck += lines
            case "set off":
                cell.set_off += lines

    def look(self, paragraph: Element) -> str:
        """What all words of a paragraph are: "struck" out, "set off", or "" for neither."""
        found = set()

        def go(of: Element, look: str, depth: int) -> None:
            look = self.looks.get(of.get(_TEXT + "style-name", ""), look)
            said = [of.text or ""]
            for child in of:
                if child.tag not in _LEFT_OUT and depth < MOST_DEPTH:
                    go(child, look, depth + 1)
                said.append(child.tail or "")
            if any(character.isalnum() for character in "".join(said)):
                found.add(look)

        go(paragraph, "", 0)
        return found.pop() if len(found) == 1 else ""


def _within(parent: Element, wanted: Set[str]) -> Iterator[Element]:
    return within(parent, wanted, lambda child: () if child.tag in _LEFT_OUT else child)


def _text(element: Element) -> str:
    """The words of a paragraph, blanks as they were typed."""
    found: list[str] = []

    def go(of: Element, depth: int) -> None:
        found.append(_blank(of.text))
        for child in of:
            if child.tag == _TEXT + "s":
                count = child.get(_TEXT + "c", "1")
                found.append(" " * min(int(count) if count.isdecimal() else 1, _MOST_BLANKS))
            elif child.tag == _TEXT + "tab":
                found.append("\t")
            elif child.tag == _TEXT + "line-break":
                found.append("\n")
            elif child.tag in (_FIELD + "fieldmark", _FIELD + "fieldmark-start"):
                found.append(_old_box(child))
            elif child.tag not in _LEFT_OUT and depth < MOST_DEPTH:
                if child.tag in _PARAGRAPHS and any(found):
                    found.append("\n")
                go(child, depth + 1)
            found.append(_blank(child.tail))

    go(element, 0)
    return "".join(found)


def _blank(text: str | None) -> str:
    """Line ends and runs of blanks in the file are one blank."""
    if not text:
        return ""
    inner = " ".join(text.split())
    if not inner:
        return " "
    return (" " if text[0].isspace() else "") + inner + (" " if text[-1].isspace() else "")


def _old_box(mark: Element) -> str:
    """A box of Word before 2007."""
    if not mark.get(_FIELD + "type", "").endswith("FORMCHECKBOX"):
        return ""
    states = {one.get(_FIELD + "name"): one.get(_FIELD + "value") for one in mark.iter(_FIELD + "param")}
    return TICKED if states.get("Checkbox_Checked") == "true" else UNTICKED
