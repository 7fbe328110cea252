"""Form fields laid over the rooms of a PDF: texts, boxes, lists, each named by its question's key and read aloud with its words."""

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    BooleanObject,
    DecodedStreamObject,
    DictionaryObject,
    FloatObject,
    IndirectObject,
    NameObject,
    NumberObject,
    TextStringObject,
)

from outreach.questionnaires.documents import anchors, wording
from outreach.questionnaires.documents.outline import Row, answerable_here
from outreach.questionnaires.documents.word_parts import LOCALES
from outreach.questionnaires.documents.wording import Front
from outreach.questionnaires.form import Form, QuestionType

_SEVERAL_LINES, _RADIO, _LIST = 1 << 12, (1 << 15) | (1 << 14), 1 << 17
_HIGHEST_OF_ONE_LINE = 30

Drawing = Callable[[Sequence[Mapping[str, Any]]], bytes]


@dataclass(frozen=True)
class Room:
    """Where an answer is written: its page from 1, its place in points from the page's upper left corner."""

    name: str
    page: int
    x: float
    y: float
    w: float
    h: float


def with_fields(
    laid: bytes, rooms: Sequence[Room], rows: Sequence[Row], form: Form, language: str, front: Front, draw: Drawing
) -> bytes:
    """The PDF with its fields, which hold the rows' values. `draw` makes pages of texts, for what viewers show before anybody types."""
    making = _Making(laid, {room.name: room for room in rooms}, language)
    for row in rows:
        making.row(row, form)
    making.show(draw)
    return making.saved(front)


class _Making:
    def __init__(self, laid: bytes, rooms: Mapping[str, Room], language: str) -> None:
        self.writer = PdfWriter(clone_from=io.BytesIO(laid))
        self.rooms, self.language = rooms, language
        self.fields = ArrayObject()
        self.shown: list[tuple[DictionaryObject, Room, str]] = []

    def row(self, row: Row, form: Form) -> None:
        """The fields of a question."""
        question = row.question
        if not answerable_here(question):
            return
        name = anchors.field(row.key)
        about = f"{row.code} {row.label.text}"
        options = wording.choices(form, question, self.language)
        if options and wording.is_listed(question):
            chosen = dict(options).get(row.value, "") if isinstance(row.value, str) else ""
            self.text(name, about, chosen, [words for _name, words in options])
        elif question.type is QuestionType.RANK:
            places = row.value if isinstance(row.value, list) else []
            for choice, words in options:
                place = str(places.index(choice) + 1) if choice in places else ""
                self.text(anchors.field(row.key, choice), f"{about}: {words}", place)
        elif question.type is QuestionType.SELECT_ONE:
            self.radio(row, about, options)
        elif options:
            chosen_ones = row.value if isinstance(row.value, list) else [row.value]
            for choice, words in options:
                self.box(anchors.field(row.key, choice), f"{about}: {words}", choice in chosen_ones)
        else:
            self.text(name, about, row.value if isinstance(row.value, str) else "")

    def text(self, name: str, about: str, value: str, offered: Sequence[str] = ()) -> None:
        """A field to type into, or a list that opens."""
        room = self.rooms[name]
        field = self.widget(room, name, about)
        field[NameObject("/FT")] = NameObject("/Ch" if offered else "/Tx")
        flags = _LIST if offered else _SEVERAL_LINES if room.h > _HIGHEST_OF_ONE_LINE else 0
        field[NameObject("/Ff")] = NumberObject(flags)
        field[NameObject("/DA")] = TextStringObject("/Helv 10 Tf 0 g")
        if self.language == "ar":
            field[NameObject("/Q")] = NumberObject(2)
        if offered:
            field[NameObject("/Opt")] = ArrayObject(TextStringObject(one) for one in offered)
        field[NameObject("/V")] = TextStringObject(value)
        self.shown.append((field, room, value))
        self.fields.append(self.add(field, room))

    def box(self, name: str, about: str, ticked: bool) -> None:
        """A box to tick."""
        room = self.rooms[name]
        field = self.widget(room, name, about)
        field[NameObject("/FT")] = NameObject("/Btn")
        state = NameObject("/Yes" if ticked else "/Off")
        field[NameObject("/V")] = state
        field[NameObject("/AS")] = state
        field[NameObject("/AP")] = self.ticks("/Yes", room)
        self.fields.append(self.add(field, room))

    def radio(self, row: Row, about: str, options: Sequence[tuple[str, str]]) -> None:
        """Boxes of which one can be ticked."""
        group = DictionaryObject(
            {
                NameObject("/FT"): NameObject("/Btn"),
                NameObject("/Ff"): NumberObject(_RADIO),
                NameObject("/T"): TextStringObject(anchors.field(row.key)),
                NameObject("/TU"): TextStringObject(about),
            }
        )
        reference = self.writer._add_object(group)
        kids = ArrayObject()
        chosen = NameObject("/Off")
        for number, (choice, words) in enumerate(options):
            room = self.rooms[anchors.field(row.key, choice)]
            state = NameObject(f"/c{number}")
            if row.value == choice:
                chosen = state
            kid = self.widget(room, "", f"{about}: {words}")
            kid[NameObject("/Parent")] = reference
            kid[NameObject("/AS")] = state if row.value == choice else NameObject("/Off")
            kid[NameObject("/AP")] = self.ticks(state, room)
            kids.append(self.add(kid, room))
        group[NameObject("/Kids")] = kids
        group[NameObject("/V")] = chosen
        self.fields.append(reference)

    def widget(self, room: Room, name: str, about: str) -> DictionaryObject:
        """A field's place on its page, and its words for those who hear it."""
        high = float(self.writer.pages[room.page - 1].mediabox.height)
        corners = (room.x, high - room.y - room.h, room.x + room.w, high - room.y)
        made = DictionaryObject(
            {
                NameObject("/Type"): NameObject("/Annot"),
                NameObject("/Subtype"): NameObject("/Widget"),
                NameObject("/F"): NumberObject(4),
                NameObject("/Rect"): ArrayObject(FloatObject(round(one, 2)) for one in corners),
                NameObject("/TU"): TextStringObject(about),
                NameObject("/P"): self.writer.pages[room.page - 1].indirect_reference,
            }
        )
        if name:
            made[NameObject("/T")] = TextStringObject(name)
        return made

    def add(self, field: DictionaryObject, room: Room) -> IndirectObject:
        """The field on its page."""
        reference = self.writer._add_object(field)
        page = self.writer.pages[room.page - 1]
        listed = page.get("/Annots")
        if listed is None:
            page[NameObject("/Annots")] = ArrayObject([reference])
            page[NameObject("/Tabs")] = NameObject("/R")
        else:
            listed.get_object().append(reference)
        return reference

    def ticks(self, state: str, room: Room) -> DictionaryObject:
        """How a box looks, ticked and not."""
        w, h = room.w, room.h
        cross = f"1.2 w 0.1 G {0.2 * w:.2f} {0.2 * h:.2f} m {0.8 * w:.2f} {0.8 * h:.2f} l S {0.2 * w:.2f} {0.8 * h:.2f} m {0.8 * w:.2f} {0.2 * h:.2f} l S"
        looks = {NameObject(state): self.look(cross, room), NameObject("/Off"): self.look("", room)}
        return DictionaryObject({NameObject("/N"): DictionaryObject(looks)})

    def look(self, drawn: str | bytes, room: Room, resources: Any = None) -> IndirectObject:
        """A picture as large as a room."""
        made = DecodedStreamObject()
        made.set_data(drawn.encode() if isinstance(drawn, str) else drawn)
        made[NameObject("/Type")] = NameObject("/XObject")
        made[NameObject("/Subtype")] = NameObject("/Form")
        made[NameObject("/BBox")] = ArrayObject(FloatObject(round(one, 2)) for one in (0, 0, room.w, room.h))
        made[NameObject("/Resources")] = resources if resources is not None else DictionaryObject()
        return self.writer._add_object(made)

    def show(self, draw: Drawing) -> None:
        """Give each text field the look of what it holds, in fonts that have its letters."""
        filled = [(field, room, value) for field, room, value in self.shown if value]
        wanted = [
            {
                "text": value,
                "w": room.w,
                "h": room.h,
                "several": room.h > _HIGHEST_OF_ONE_LINE,
                "rtl": _is_arabic(value, self.language),
            }
            for _field, room, value in filled
        ]
        pages = PdfReader(io.BytesIO(draw(wanted))).pages if wanted else []
        looks: dict[int, IndirectObject] = {}
        for (field, room, _value), page in zip(filled, pages, strict=True):
            contents = page.get_contents()
            resources = page["/Resources"].clone(self.writer) if "/Resources" in page else None
            looks[id(field)] = self.look(contents.get_data() if contents is not None else b"", room, resources)
        for field, room, _value in self.shown:
            look = looks.get(id(field)) or self.look("/Tx BMC EMC", room)
            field[NameObject("/AP")] = DictionaryObject({NameObject("/N"): look})

    def saved(self, front: Front) -> bytes:
        """The file."""
        helvetica = DictionaryObject(
            {
                NameObject("/Type"): NameObject("/Font"),
                NameObject("/Subtype"): NameObject("/Type1"),
                NameObject("/BaseFont"): NameObject("/Helvetica"),
                NameObject("/Encoding"): NameObject("/WinAnsiEncoding"),
            }
        )
        fonts = DictionaryObject({NameObject("/Helv"): self.writer._add_object(helvetica)})
        self.writer.root_object[NameObject("/AcroForm")] = self.writer._add_object(
            DictionaryObject(
                {
                    NameObject("/Fields"): self.fields,
                    NameObject("/DA"): TextStringObject("/Helv 10 Tf 0 g"),
                    NameObject("/DR"): DictionaryObject({NameObject("/Font"): fonts}),
                    NameObject("/NeedAppearances"): BooleanObject(False),
                }
            )
        )
        self.writer.pdf_header = "%PDF-1.7"
        self.writer.root_object[NameObject("/Lang")] = TextStringObject(LOCALES[self.language])
        if front.code:
            self.writer.add_metadata({"/Identifier": front.code})
        held = io.BytesIO()
        self.writer.write(held)
        return held.getvalue()


def _is_arabic(text: str, language: str) -> bool:
    """Whether a text begins with letters that run from right to left; one without letters follows the language of the document."""
    first = next(_strong(text), "")
    if not first:
        return language == "ar"
    return "\u0590" <= first <= "\u08ff" or "\ufb1d" <= first <= "\ufefc"


def _strong(text: str) -> Iterator[str]:
    yield from (character for character in text if character.isalpha())
