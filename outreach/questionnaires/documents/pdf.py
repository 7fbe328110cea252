"""The questionnaire as a PDF: laid out by typst, to read as it is, or with form fields laid over the rooms for answers."""

import json
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import typst

from outreach.i18n import speaking
from outreach.paths import fonts_dir
from outreach.questionnaires.documents import anchors, wording
from outreach.questionnaires.documents.outline import Block, Heading, Remark, Row, answerable_here, outline
from outreach.questionnaires.documents.pdf_fields import Room, with_fields
from outreach.questionnaires.documents.wording import Front
from outreach.questionnaires.form import Form, Picture, QuestionType, Said
from outreach.questionnaires.picture_files import shown
from outreach.questionnaires.picture_sizes import can_be_drawn, file_name, room

_HERE = Path(__file__).parent
_LAYOUT = "form.typ"
_FAMILIES = ("Noto Serif", "Noto Naskh Arabic", "Noto Serif CJK SC", "Noto Sans Symbols2")
_ONE_LINE, _SEVERAL, _MANY = 20, 110, 190
_LONG = 85
"""How high a room is, in points."""
_PAGE, _CHOICE = (420, 260), (130, 90)
"""How wide and high pictures are at most: with a question, with a choice."""
_NO_PICTURES: Mapping[str, bytes] = {}


def questionnaire_pdf(
    form: Form,
    language: str,
    front: Front,
    answers: Mapping[str, Any],
    *,
    at: datetime,
    fields: bool = True,
    pictures: Mapping[str, bytes] = _NO_PICTURES,
) -> bytes:
    """The questionnaire in `language` as a PDF with form fields that hold the answers of a draft; without `fields` to read and print.

    `at` is the instant that its properties name; `pictures` are the contents of those that stand with labels, by SHA-256.
    """
    with ExitStack() as stack:
        root = Path(stack.enter_context(TemporaryDirectory())) if pictures else _HERE
        drawings = _Drawings(pictures, root)
        with speaking(language):
            blocks = outline(form, answers, language)
            data = _data(form, language, front, blocks, fields, drawings)
        layout = _compiler(_LAYOUT, data, root)
        laid = _bytes(layout.compile(format="pdf", timestamp=int(at.timestamp())))
        if not fields:
            return laid
        rooms = [Room(**one) for one in json.loads(layout.query("<field>", field="value"))]
    rows = [block for block in blocks if isinstance(block, Row)]
    with speaking(language):
        return with_fields(laid, rooms, rows, form, language, front, values_pdf)


class _Drawings:
    """The pictures of one file, written into the folder that typst reads."""

    def __init__(self, contents: Mapping[str, bytes], folder: Path) -> None:
        if folder != _HERE:
            # typst reads nothing outside of its root.
            (folder / _LAYOUT).write_bytes((_HERE / _LAYOUT).read_bytes())
        self.contents, self.folder = contents, folder
        self._written: dict[str, str] = {}

    def of(self, picture: Picture | None, about: str, most: tuple[int, int]) -> dict[str, Any]:
        """What the layout needs of a picture: file, width, what is read aloud; or the sentence for one that can't be placed."""
        if picture is None:
            return {}
        name = self._file(picture.content)
        if not name:
            return {"unplaced": wording.not_placed(shown(picture.name))}
        wide, _high = room(self.contents[picture.content], *most)
        return {"picture": {"file": name, "width": wide, "about": picture.text or about or shown(picture.name)}}

    def _file(self, content: str) -> str:
        if content not in self._written:
            held = self.contents.get(content, b"")
            name = file_name(held, content) if held and can_be_drawn(held) else ""
            if name:
                (self.folder / name).write_bytes(held)
            self._written[content] = name
        return self._written[content]


def values_pdf(values: Sequence[Mapping[str, Any]]) -> bytes:
    """Answers as a viewer shows them, each on a page of its own: {text, w, h, several, rtl}."""
    drawing = _compiler("values.typ", {"fonts": _FAMILIES, "values": values}, _HERE)
    return _bytes(drawing.compile(format="pdf", pdf_tags=False))


def _bytes(compiled: bytes | list[bytes] | None) -> bytes:
    assert isinstance(compiled, bytes)
    return compiled


def _compiler(name: str, data: Mapping[str, Any], root: Path) -> typst.Compiler:
    return typst.Compiler(
        str(root / name),
        root=str(root),
        font_paths=[str(fonts_dir())],
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data)},
    )


def _data(
    form: Form, language: str, front: Front, blocks: Sequence[Block], fields: bool, drawings: _Drawings
) -> dict[str, Any]:
    """What the layout needs, as JSON."""
    how = (*wording.how_in_pdf(), wording.how_to_return(front.return_to)) if fields else ()
    return {
        "language": language,
        "fonts": _FAMILIES,
        "title": front.title,
        "running": " · ".join(one for one in (front.reference, front.code) if one),
        "facts": wording.facts(front),
        "how": how,
        "blocks": [_block(form, language, block, drawings) for block in blocks],
    }


def _said(said: Said) -> dict[str, str]:
    return {"text": said.text, "language": said.language}


def _block(form: Form, language: str, block: Block, drawings: _Drawings) -> dict[str, Any]:
    if isinstance(block, Remark):
        drawn = drawings.of(block.picture, block.text.text, _PAGE)
        return {"what": "remark", "label": _said(block.text), **drawn}
    drawn = drawings.of(block.picture, block.label.text, _PAGE)
    if isinstance(block, Heading):
        number = f" ({block.number})" if block.number is not None else ""
        label = Said(block.label.text + number, block.label.language)
        hints = [_said(said) for said in wording.under_heading(form, block)]
        about = {"level": block.level, "code": block.code, "label": _said(label), "hints": hints}
        return {"what": "heading", **about, **drawn}
    hints = [_said(said) for said in wording.under_question(form, block)]
    room_for_it = _room_for(form, language, block, drawings)
    return {"what": "row", "code": block.code, "label": _said(block.label), "hints": hints, **drawn, **room_for_it}


def _room_for(form: Form, language: str, row: Row, drawings: _Drawings) -> dict[str, Any]:
    question = row.question
    if not answerable_here(question):
        return {"kind": "none"}
    options = wording.choices(form, question, language)
    if options and not wording.is_listed(question):
        kind = "ranks" if question.type is QuestionType.RANK else "boxes"
        listed = [
            {
                "name": anchors.field(row.key, name),
                "words": words,
                **drawings.of(row.pictures.get(name), words, _CHOICE),
            }
            for name, words in options
        ]
        return {"kind": kind, "options": listed}
    height = _ONE_LINE
    if wording.is_long(question):
        height = _MANY if (question.word_limit or 0) > 200 else _SEVERAL
    elif isinstance(row.value, str) and ("\n" in row.value or len(row.value) > _LONG):
        height = _SEVERAL
    return {"kind": "text", "name": anchors.field(row.key), "height": height}
