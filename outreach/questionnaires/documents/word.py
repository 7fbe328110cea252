"""The questionnaire as a Word file: headings, tables that are read aloud well, and a content control around each answer."""

import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from docx import Document
from docx.document import Document as WordDocument
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from outreach.i18n import _, speaking
from outreach.questionnaires.documents import anchors, wording
from outreach.questionnaires.documents.outline import Block, Heading, Remark, Row, answerable_here, outline
from outreach.questionnaires.documents.word_parts import ARABIC, HAN, LATIN, LOCALES, Element, Pen, cell, element, table
from outreach.questionnaires.documents.word_pictures import drawing
from outreach.questionnaires.documents.wording import Front
from outreach.questionnaires.form import Form, Picture, QuestionType, Said
from outreach.questionnaires.picture_files import shown

_WIDTHS = (900, 3700, 5038)
_MATRIX_WIDTHS = (900, 2700)
_FACT_WIDTHS = (3300, 6338)
_PAGE, _CELL, _CHOICE = (440, 300), (170, 220), (110, 80)
"""How wide and high pictures are at most, in points: on the page, in the cell of a question, beside a choice."""
_NO_PICTURES: Mapping[str, bytes] = {}


def questionnaire_docx(
    form: Form,
    language: str,
    front: Front,
    answers: Mapping[str, Any],
    *,
    at: datetime,
    pictures: Mapping[str, bytes] = _NO_PICTURES,
) -> bytes:
    """The questionnaire in `language` as a .docx, with the answers of a draft; `at` is the instant that its properties name,
    `pictures` the contents of those that stand with its labels, by SHA-256."""
    with speaking(language):
        writer = _Writer(form, language, front, pictures)
        writer.write(outline(form, answers, language))
        return writer.saved(at)


class _Writer:
    def __init__(self, form: Form, language: str, front: Front, pictures: Mapping[str, bytes]) -> None:
        self.form, self.language, self.front, self.pictures = form, language, front, pictures
        self.pen = Pen(language)
        self.document = Document()
        _dress(self.document, language)
        self.body: Element = self.document.element.body
        self.end: Element = self.body.sectPr
        self.rows: list[Row] = []
        self.heading = Heading(1, Said(front.title, language))

    def put(self, made: Element) -> None:
        """Add to the end of the document."""
        self.end.addprevious(made)

    def write(self, blocks: Sequence[Block]) -> None:
        """The first page, then all blocks in their order."""
        pen = self.pen
        self.put(pen.paragraph(pen.run(self.front.title), style="Title"))
        pairs = wording.facts(self.front)
        if pairs:
            rows = [
                element(
                    "tr",
                    cell(_FACT_WIDTHS[0], pen.paragraph(pen.run(word, bold=True)), shaded=True),
                    cell(_FACT_WIDTHS[1], pen.paragraph(pen.run(text))),
                )
                for word, text in pairs
            ]
            title = _("Who answers, what, and until when")
            self.put(table(_FACT_WIDTHS, None, rows, rtl=pen.rtl, title=title, alt=title))
            self.put(pen.paragraph())
        for sentence in (*wording.how_in_word(), wording.how_to_return(self.front.return_to)):
            self.put(pen.paragraph(pen.run(sentence)))
        for block in blocks:
            if isinstance(block, Row):
                if self.rows and self.rows[-1].matrix != block.matrix:
                    self.close_table()
                self.rows.append(block)
                continue
            self.close_table()
            if isinstance(block, Heading):
                self.head(block)
            else:
                self.remark(block)
        self.close_table()

    def head(self, block: Heading) -> None:
        """A heading, with what is to be said below it."""
        pen = self.pen
        number = f" ({block.number})" if block.number is not None else ""
        runs = [pen.run(f"{wording.left_to_right(block.code)} ")] if block.code else []
        runs.append(pen.run(block.label.text + number, language=block.label.language))
        self.put(pen.paragraph(*runs, style=f"Heading{min(block.level, 4)}", language=block.label.language))
        self.heading = block
        for made in self.pictured(block.picture, block.label.text, _PAGE, keep=True):
            self.put(made)
        under = list(wording.under_heading(self.form, block))
        if block.repeats:
            under.append(Said(wording.more_blocks(), self.language))
        for said in under:
            self.put(
                pen.paragraph(
                    pen.run(said.text, language=said.language), style="Hint", language=said.language, keep=True
                )
            )

    def remark(self, block: Remark) -> None:
        """A note to read."""
        for line in block.text.text.split("\n"):
            if line.strip():
                self.put(
                    self.pen.paragraph(self.pen.run(line, language=block.text.language), language=block.text.language)
                )
        for made in self.pictured(block.picture, block.text.text, _PAGE):
            self.put(made)

    def pictured(
        self, picture: Picture | None, about: str, most: tuple[int, int], *, keep: bool = False
    ) -> list[Element]:
        """A paragraph with a picture, read aloud as what it is about; with its name where it can't be placed."""
        if picture is None:
            return []
        inner = self.drawn(picture, about, most)
        return [self.pen.paragraph(inner, style="" if inner.find(qn("w:drawing")) is not None else "Hint", keep=keep)]

    def drawn(self, picture: Picture, about: str, most: tuple[int, int]) -> Element:
        """A run with a picture, or with its name."""
        content, said = self.pictures.get(picture.content, b""), picture.text or about or shown(picture.name)
        made = drawing(self.document, self.pen.number(), content, said, most)
        return self.pen.run(wording.not_placed(shown(picture.name))) if made is None else element("r", made)

    def close_table(self) -> None:
        """The table of the questions that were gathered."""
        if not self.rows:
            return
        pen = self.pen
        words: list[str] = list(wording.headings())
        widths: list[int] = list(_WIDTHS)
        if self.rows[0].matrix:
            words[2:] = [words for _name, words in wording.choices(self.form, self.rows[0].question, self.language)]
            count = len(words) - 2
            widths = [*_MATRIX_WIDTHS, *(((sum(_WIDTHS) - sum(_MATRIX_WIDTHS)) // count,) * count)]
        heads = [
            pen.paragraph(pen.run(word, bold=True), style="Hint" if self.rows[0].matrix and number > 1 else "")
            for number, word in enumerate(words)
        ]
        above = [self.above(number) for number in range(len(words))]
        head = element(
            "tr",
            *(cell(width, one, *more, shaded=True) for width, one, more in zip(widths, heads, above, strict=True)),
        )
        rows = [self.row(one, widths) for one in self.rows]
        title = f"{self.heading.code} {self.heading.label.text}".strip()
        alt = _("Questions with their numbers at the left, and room for the answers at the right")
        self.put(table(widths, head, rows, rtl=pen.rtl, title=title, alt=alt))
        self.put(pen.paragraph())
        self.rows = []

    def above(self, column: int) -> list[Element]:
        """The picture of the choice that a column of a matrix is for."""
        first = self.rows[0]
        if not first.matrix or column < 2:
            return []
        choice = first.question.choices[column - 2]
        return self.pictured(first.pictures.get(choice.name), self.form.say(choice.label, self.language).text, (55, 55))

    def row(self, row: Row, widths: Sequence[int]) -> Element:
        """A question: its code, its words, the room for its answer; in a matrix a cell for each choice."""
        pen = self.pen
        mark = pen.bookmarked(
            anchors.bookmark(row.question.name, row.place),
            pen.run(row.label.text, language=row.label.language, bold=True),
        )
        asked = [pen.paragraph(*mark, language=row.label.language)]
        asked += self.pictured(row.picture, row.label.text, (125, 200) if row.matrix else _CELL)
        for picture in row.pictures.values():
            # Said here, since it would be read as an answer in the cell for answers.
            if picture.content not in self.pictures:
                asked += self.pictured(picture, "", _CHOICE)
        for said in wording.under_question(self.form, row):
            asked += [
                pen.paragraph(pen.run(line, language=said.language), style="Hint", language=said.language)
                for line in said.text.split("\n")
                if line.strip()
            ]
        code = pen.paragraph(pen.run(row.code, language="en"), language="en", end=pen.rtl)
        rooms = [[box] for box in self.boxes(row)] if row.matrix else [self.answer(row)]
        answers = (cell(width, *room) for width, room in zip(widths[2:], rooms, strict=True))
        made = element("tr", cell(widths[0], code), cell(widths[1], *asked), *answers)
        if wording.is_long(row.question):
            # Room for those who print it and write by hand.
            made.insert(0, element("trPr", element("trHeight", val=1900, hRule="atLeast")))
        else:
            made.insert(0, element("trPr", element("cantSplit")))
        return made

    def answer(self, row: Row) -> list[Element]:
        """The content of the answer's cell."""
        pen, question = self.pen, row.question
        title = f"{row.code} {row.label.text}"
        if not answerable_here(question):
            return [pen.paragraph()]
        boxes = wording.choices(self.form, question, self.language)
        if wording.is_listed(question):
            return [self.listed(row, boxes, title)]
        if question.type is QuestionType.RANK:
            return [one for name, words in boxes for one in self.ranked(row, name, words)]
        if boxes:
            chosen = row.value if isinstance(row.value, list) else [row.value]
            made: list[Element] = []
            for name, words in boxes:
                box = pen.box(anchors.tag(question.name, name), f"{row.code} {words}", name in chosen)
                made += [pen.paragraph(box, pen.run(f" {words}")), *self.below(row, name, words)]
            return made
        value = row.value if isinstance(row.value, str) else ""
        style = "" if value else "PlaceholderText"
        if wording.is_long(question) or "\n" in value:
            lines = [pen.paragraph(pen.run(line, style=style)) for line in (value or wording.placeholder()).split("\n")]
            return [pen.control(anchors.tag(question.name), title, [], lines, not value)]
        kind = self.date(value) if question.type is QuestionType.DATE else element("text")
        inner = pen.run(value or wording.placeholder(), style=style)
        return [pen.paragraph(pen.control(anchors.tag(question.name), title, [kind], [inner], not value))]

    def boxes(self, row: Row) -> list[Element]:
        """The boxes of a line of a matrix, whose choices stand at the top."""
        chosen = row.value if isinstance(row.value, list) else [row.value]
        return [
            self.pen.paragraph(
                self.pen.box(anchors.tag(row.question.name, name), f"{row.code} {words}", name in chosen)
            )
            for name, words in wording.choices(self.form, row.question, self.language)
        ]

    def date(self, value: str) -> Element:
        """What makes a control one for dates."""
        kind = element(
            "date",
            element("dateFormat", val="yyyy-MM-dd"),
            element("lid", val=LOCALES[self.language]),
            element("storeMappedDataAs", val="dateTime"),
            element("calendar", val="gregorian"),
        )
        if value[:4].isdecimal() and len(value) == 10:
            kind.set(qn("w:fullDate"), f"{value}T00:00:00Z")
        return kind

    def listed(self, row: Row, boxes: Sequence[tuple[str, str]], title: str) -> Element:
        """A list that opens, for more choices than a page holds."""
        pen = self.pen
        kind = element("dropDownList", *(element("listItem", displayText=words, value=name) for name, words in boxes))
        chosen = dict(boxes).get(row.value) if isinstance(row.value, str) else None
        run = pen.run(chosen or wording.placeholder_of_list(), style="" if chosen else "PlaceholderText")
        return pen.paragraph(pen.control(anchors.tag(row.question.name), title, [kind], [run], not chosen))

    def ranked(self, row: Row, name: str, words: str) -> list[Element]:
        """A choice with room for its place before it."""
        pen = self.pen
        places = row.value if isinstance(row.value, list) else str(row.value or "").split()
        text = str(places.index(name) + 1) if name in places else "…"
        run = pen.run(text, style="" if name in places else "PlaceholderText")
        control = pen.control(
            anchors.tag(row.question.name, name), f"{row.code} {words}", [element("text")], [run], name not in places
        )
        return [pen.paragraph(pen.run("["), control, pen.run(f"] {words}")), *self.below(row, name, words)]

    def below(self, row: Row, name: str, words: str) -> list[Element]:
        """The picture of a choice, below its words; one that is lost is named beside the question."""
        picture = row.pictures.get(name)
        return self.pictured(picture, words, _CHOICE) if picture and picture.content in self.pictures else []

    def saved(self, at: datetime) -> bytes:
        """The file."""
        about = self.document.core_properties
        about.title = self.front.title
        about.identifier = self.front.code
        about.subject = self.front.reference
        about.language = LOCALES[self.language]
        about.author = about.last_modified_by = about.comments = about.keywords = ""
        about.created = about.modified = at.replace(tzinfo=None, microsecond=0)
        held = io.BytesIO()
        self.document.save(held)
        return held.getvalue()


def _dress(document: WordDocument, language: str) -> None:
    """Page, fonts and language of the whole document."""
    page = document.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Cm(2)
    if language == "ar":
        page._sectPr.append(element("bidi"))
    locale = LOCALES[language]
    styles = document.styles
    defaults = styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
    for old in list(defaults):
        defaults.remove(old)
    defaults.append(element("rFonts", ascii=LATIN, hAnsi=LATIN, eastAsia=HAN, cs=ARABIC))
    defaults.append(element("sz", val=21))
    defaults.append(element("szCs", val=21 if language != "ar" else 24))
    defaults.append(
        element(
            "lang",
            val=LOCALES["en"] if language in ("ar", "zh") else locale,
            eastAsia=LOCALES["zh"],
            bidi=LOCALES["ar"],
        )
    )
    hint = styles.add_style("Hint", 1)
    hint.base_style = styles["Normal"]
    hint.font.size, hint.font.color.rgb = Pt(9), RGBColor(0x52, 0x60, 0x6D)
    typed = styles.add_style("Placeholder Text", 2)
    typed.font.color.rgb = RGBColor(0x59, 0x59, 0x59)
    typed.element.set(qn("w:styleId"), "PlaceholderText")
    for name, size in (
        ("Title", 18),
        ("Heading 1", 14),
        ("Heading 2", 12),
        ("Heading 3", 11),
        ("Heading 4", 11),
        ("Normal", 10.5),
    ):
        style = styles[name]
        style.font.size = Pt(size)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for attribute in list(fonts.attrib):
            del fonts.attrib[attribute]
        for attribute, font in (("ascii", LATIN), ("hAnsi", LATIN), ("eastAsia", HAN), ("cs", ARABIC)):
            fonts.set(qn(f"w:{attribute}"), font)
        if name != "Normal":
            style.font.color.rgb = RGBColor(0x1C, 0x27, 0x33)
            _complex(style.element.get_or_add_rPr(), size)
    normal = styles["Normal"]
    normal.paragraph_format.space_after = Pt(4)
    if language == "ar":
        normal.element.get_or_add_pPr().append(element("bidi"))
    border = styles["Title"].element.pPr.find(qn("w:pBdr"))
    if border is not None:
        styles["Title"].element.pPr.remove(border)


def _complex(properties: Element, size: float) -> None:
    """Sizes and weight that Arabic takes are set beside the Latin ones."""
    for name in ("szCs", "bCs"):
        found = properties.find(qn(f"w:{name}"))
        if found is not None:
            properties.remove(found)
    size_of_latin = properties.find(qn("w:sz"))
    if size_of_latin is not None:
        size_of_latin.addnext(element("szCs", val=round(size * 2)))
    bold = properties.find(qn("w:b"))
    if bold is not None:
        bold.addnext(element("bCs"))
