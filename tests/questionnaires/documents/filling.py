"""Filled in as people do it: a blank Word file typed into, and saved in the shapes in which Word saves.

Word itself is not at hand. What is built here is what its files hold: runs cut by revision marks and spelling, smart tags, controls around
cells and within controls, tracked changes, content for older programs beside that for newer ones.
"""

import copy
import io
import zipfile
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from lxml import etree

from outreach.questionnaires.documents import anchors
from outreach.questionnaires.form import Form, QuestionType

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
Element = etree._Element
Typing = Callable[[str], list[Element]]
"""Words as the runs that hold them."""


def w(kind: str, *children: Element, **attributes: str) -> Element:
    """An element of Word's."""
    made = etree.Element(W + kind)
    for name, value in attributes.items():
        made.set(W + name, value)
    made.extend(children)
    return made


def run(text: str, **attributes: str) -> Element:
    """A run with its words."""
    words = w("t")
    words.text = text
    words.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    return w("r", words, **attributes)


def plainly(text: str) -> list[Element]:
    """One run."""
    return [run(text)]


def cut_up(text: str) -> list[Element]:
    """Runs of two characters, each with its revision, spelling marks between them."""
    found: list[Element] = []
    for at in range(0, len(text), 2):
        found += [
            w("proofErr", type="spellStart"),
            run(text[at : at + 2], rsidR=f"00{at:06d}"),
            w("proofErr", type="spellEnd"),
        ]
    return found


def tagged(text: str) -> list[Element]:
    """Within a smart tag and a link."""
    return [w("smartTag", run(text[:3]), w("hyperlink", run(text[3:])))]


def tracked(text: str) -> list[Element]:
    """Inserted over something deleted."""
    gone = w("delText")
    gone.text = "deleted words"
    return [w("del", w("r", gone), id="1"), w("ins", *plainly(text), id="2"), w("moveFrom", run("moved away"), id="3")]


def alternative(text: str) -> list[Element]:
    """Once for newer programs and once for older ones."""
    both = etree.Element(MC + "AlternateContent")
    for name in ("Choice", "Fallback"):
        etree.SubElement(both, MC + name).append(run(text))
    return [w("r", both)]


def nested(text: str) -> list[Element]:
    """Within a further control, of somebody's add-in."""
    return [w("sdt", w("sdtPr", w("tag", val="of-an-add-in")), w("sdtContent", *plainly(text)))]


SHAPES: Mapping[str, Typing] = {
    "plain": plainly,
    "cut up": cut_up,
    "smart tag": tagged,
    "tracked changes": tracked,
    "alternate content": alternative,
    "nested control": nested,
}


class WordFile:
    """A .docx that is being changed."""

    def __init__(self, content: bytes) -> None:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            self.parts = {name: packed.read(name) for name in packed.namelist()}
        self.root = etree.fromstring(self.parts["word/document.xml"])

    @property
    def body(self) -> Element:
        """The body."""
        found = self.root.find(W + "body")
        assert found is not None
        return found

    def saved(self) -> bytes:
        """The file."""
        self.parts["word/document.xml"] = etree.tostring(
            self.root, xml_declaration=True, encoding="UTF-8", standalone=True
        )
        held = io.BytesIO()
        with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as packed:
            for name, content in self.parts.items():
                packed.writestr(name, content)
        return held.getvalue()

    def controls(self, tag: str) -> list[Element]:
        """The controls with a tag, in their order."""
        return [one for one in self.root.iter(W + "sdt") if _tag(one) == tag]

    def type(self, control: Element, text: str, typing: Typing) -> None:
        """Type a text into a control, as Word does."""
        for shown in control.findall(f"{W}sdtPr/{W}showingPlcHdr"):
            shown.getparent().remove(shown)  # type: ignore[union-attr]
        content = control.find(W + "sdtContent")
        assert content is not None
        block = content.find(W + "p") is not None
        for old in list(content):
            content.remove(old)
        if block:
            content.extend(w("p", *typing(line)) for line in text.split("\n"))
        else:
            content.extend(typing(text))

    def tick(self, control: Element) -> None:
        """Click on a box."""
        state = control.find(f"{W}sdtPr/{W14}checkbox/{W14}checked")
        assert state is not None
        state.set(W14 + "val", "1")
        for words in control.iter(W + "t"):
            words.text = "\u2612"

    def row(self, code: str) -> Element:
        """The first row with a code in its left cell."""
        return next(row for row in self.root.iter(W + "tr") if words(row.find(W + "tc")) == code)

    def without_anchors(self, *, tags: bool = True, bookmarks: bool = True, codes: bool = False) -> None:
        """Take anchors away: controls give way to their content."""
        if tags:
            for control in list(self.root.iter(W + "sdt")):
                parent, content = control.getparent(), control.find(W + "sdtContent")
                assert parent is not None and content is not None
                for child in list(content):
                    control.addprevious(child)
                parent.remove(control)
        if bookmarks:
            for mark in list(self.root.iter(W + "bookmarkStart", W + "bookmarkEnd")):
                mark.getparent().remove(mark)  # type: ignore[union-attr]
        if codes:
            for row in self.root.iter(W + "tr"):
                for one in row.find(W + "tc").iter(W + "t"):  # type: ignore[union-attr]
                    one.text = ""

    def copy_block(self, control_tag: str) -> None:
        """Copy the last table with this control, and its heading, to below itself."""
        tables = [
            table
            for table in self.body.findall(W + "tbl")
            if any(_tag(one) == control_tag for one in table.iter(W + "sdt"))
        ]
        last, heading = tables[-1], tables[-1].getprevious()
        assert heading is not None
        after = last.getnext()
        assert after is not None
        for one in (copy.deepcopy(last), copy.deepcopy(heading)):
            for mark in list(one.iter(W + "bookmarkStart", W + "bookmarkEnd")):
                mark.getparent().remove(mark)  # type: ignore[union-attr]
            after.addnext(one)


def words(element: Element | None) -> str:
    """All words within."""
    return "" if element is None else "".join(one.text or "" for one in element.iter(W + "t"))


def _tag(control: Element) -> str:
    tag = control.find(f"{W}sdtPr/{W}tag")
    return tag.get(W + "val", "") if tag is not None else ""


def fill(
    file: WordFile, form: Form, answers: Mapping[str, Any], typing: Typing = plainly, language: str = "en"
) -> None:
    """Type all answers into a blank file."""
    for name, place, value in _flat(answers, {}):
        question = form.question(name)
        assert question is not None
        if question.type is QuestionType.RANK:
            for number, choice in enumerate(value, start=1):
                file.type(file.controls(anchors.tag(name, choice))[place], str(number), typing)
        elif question.type in (QuestionType.SELECT_MULTIPLE, QuestionType.ACKNOWLEDGE) or (
            question.type is QuestionType.SELECT_ONE and len(question.choices) < 10
        ):
            for choice in value if isinstance(value, list) else [value]:
                file.tick(file.controls(anchors.tag(name, choice))[place])
        else:
            labels = {choice.name: choice.label[language] for choice in question.choices}
            file.type(file.controls(anchors.tag(name))[place], labels.get(value, value), typing)


def _flat(answers: Mapping[str, Any], counted: dict[str, int]) -> Iterator[tuple[str, int, Any]]:
    for name, value in answers.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            for one in value:
                yield from _flat(one, counted)
        else:
            place = counted.get(name, 0)
            counted[name] = place + 1
            yield name, place, value
