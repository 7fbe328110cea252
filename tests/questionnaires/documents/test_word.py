"""A Word file goes out blank or with a draft, is filled in, and comes back in the shapes in which Word saves."""

import copy
import io
from datetime import UTC, datetime
from typing import Any

import pytest
from docx import Document
from lxml import etree

from outreach.i18n import LANGUAGES, speaking
from outreach.questionnaires.documents.read_back import Found, read
from outreach.questionnaires.documents.word import questionnaire_docx
from tests.questionnaires.documents.a_form import ANSWERS, FORM, FRONT
from tests.questionnaires.documents.filling import SHAPES, W, WordFile, fill, plainly, run, w

AT = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)


def made(language: str = "en", answers: Any = None) -> bytes:
    return questionnaire_docx(FORM, language, FRONT, answers or {}, at=AT)


def back(content: bytes) -> Found:
    with speaking("en"):
        return read(content, FORM)


@pytest.fixture(scope="module")
def blank() -> bytes:
    return made()


@pytest.fixture
def file(blank: bytes) -> WordFile:
    return WordFile(blank)


def only(found: Found, name: str) -> Any:
    assert set(found.answers) == {name}
    return found.answers[name]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_draft_comes_back_as_it_went_out_in_each_language(language: str) -> None:
    found = back(made(language, ANSWERS))
    assert found.answers == ANSWERS
    assert (found.doubts, found.strays, found.code) == ({}, (), "KJ4T-92QX")
    assert (found.found, found.asked) == (21, 22)


def test_a_blank_form_has_no_answer_and_all_questions(blank: bytes) -> None:
    found = back(blank)
    assert found.answers == {}
    assert found.strays == ()
    assert found.questions > 20


@pytest.mark.parametrize("shape", SHAPES)
def test_every_answer_typed_in_word_is_read(file: WordFile, shape: str) -> None:
    fill(file, FORM, ANSWERS, SHAPES[shape])
    found = back(file.saved())
    assert found.answers == ANSWERS
    assert (found.doubts, found.strays) == ({}, ())


@pytest.mark.parametrize(
    "gone",
    [
        {"tags": True, "bookmarks": True},
        {"tags": True, "bookmarks": False, "codes": True},
        {"tags": False, "bookmarks": True, "codes": True},
        {"tags": True, "bookmarks": True, "codes": True},
    ],
    ids=["codes are left", "bookmarks are left", "tags are left", "the words are left"],
)
def test_one_anchor_of_the_three_is_enough(file: WordFile, gone: dict[str, bool]) -> None:
    fill(file, FORM, ANSWERS)
    file.without_anchors(**gone)
    assert back(file.saved()).answers == ANSWERS


def test_a_control_around_a_whole_cell(file: WordFile) -> None:
    cell = file.row("1.1").findall(W + "tc")[-1]
    control = next(cell.iter(W + "sdt"))
    file.type(control, "The Ministry", plainly)
    content = control.find(W + "sdtContent")
    paragraph = control.getparent()
    assert content is not None and paragraph is not None
    for one in list(content):
        control.addprevious(one)
    paragraph.remove(control)
    cell.addprevious(control)
    content.append(cell)
    assert only(back(file.saved()), "office") == "The Ministry"


def test_an_x_beside_or_instead_of_a_box_is_a_tick(file: WordFile) -> None:
    no = file.controls("plan=no")[0]
    no.addprevious(run("X "))
    data = file.controls("needs=data")[0]
    data.addprevious(run("(x)"))
    data.getparent().remove(data)  # type: ignore[union-attr]
    assert back(file.saved()).answers == {"plan": "no", "needs": ["data"]}


def test_a_choice_typed_in_words_is_read(file: WordFile) -> None:
    cell = file.row("1.2").findall(W + "tc")[-1]
    for paragraph in cell.findall(W + "p"):
        cell.remove(paragraph)
    cell.append(w("p", run("yes.")))
    assert only(back(file.saved()), "plan") == "yes"


def test_two_ticks_where_one_is_asked_for_are_shown_and_none_is_taken(file: WordFile) -> None:
    for choice in ("yes", "no"):
        file.tick(file.controls(f"plan={choice}")[0])
    found = back(file.saved())
    assert found.answers == {}
    assert "Yes, No" in found.doubts["plan"]


def _looks(control: Any, *looks: Any) -> None:
    """Give the words of a control's paragraph a look."""
    for one in control.getparent().iter(W + "r"):
        one.insert(0, w("rPr", *copy.deepcopy(looks)))


@pytest.mark.parametrize("how", ["taken out", "struck out", "highlighted", "underlined"])
def test_a_choice_that_is_shown_without_a_tick_is_proposed_with_a_doubt(file: WordFile, how: str) -> None:
    training, data, funds = (file.controls(f"needs={name}")[0] for name in ("training", "data", "funds"))
    match how:
        case "taken out":
            for one in (training, funds):
                paragraph = one.getparent()
                assert paragraph is not None
                paragraph.getparent().remove(paragraph)  # type: ignore[union-attr]
        case "struck out":
            for one in (training, funds):
                _looks(one, w("strike"))
        case "highlighted":
            _looks(data, w("highlight", val="yellow"))
        case _:
            _looks(data, w("u", val="single"))
            _looks(funds, w("u", val="none"))
    found = back(file.saved())
    assert only(found, "needs") == ["data"]
    assert found.doubts["needs"].startswith("No box is ticked.")


def test_a_choice_typed_below_the_boxes_is_proposed_with_a_doubt(file: WordFile) -> None:
    file.row("1.2").findall(W + "tc")[-1].append(w("p", run("Yes, since 2020")))
    found = back(file.saved())
    assert only(found, "plan") == "yes"
    assert set(found.doubts) == {"plan"} and [stray.text for stray in found.strays] == ["since 2020"]


def test_comments_and_footnotes_are_told_at_their_question(file: WordFile) -> None:
    for name, code in (("comment", "1.1"), ("footnote", "1.2")):
        note = w(name, w("p", run(f"A {name} of ours")), id="7")
        file.parts[f"word/{name}s.xml"] = etree.tostring(w(f"{name}s", note))
        next(file.row(code).findall(W + "tc")[-1].iter(W + "p")).append(w("r", w(f"{name}Reference", id="7")))
    found = back(file.saved())
    assert not found.answers
    assert [(stray.text, stray.near) for stray in found.strays] == [
        ("A comment of ours", "office"),
        ("A footnote of ours", "plan"),
    ]


def test_a_copied_block_is_a_further_one_and_empty_blocks_leave_no_gap(file: WordFile) -> None:
    file.copy_block("title")
    for place, text in ((0, "First"), (2, "Third"), (3, "Copied")):
        file.type(file.controls("title")[place], text, plainly)
    assert only(back(file.saved()), "practice") == [{"title": "First"}, {"title": "Third"}, {"title": "Copied"}]


def test_lists_and_paragraphs_stay_lines(file: WordFile) -> None:
    file.parts["word/numbering.xml"] = (
        f'<w:numbering xmlns:w="{W[1:-1]}">'
        + "".join(
            f'<w:abstractNum w:abstractNumId="{n}"><w:lvl w:ilvl="0"><w:numFmt w:val="{kind}"/></w:lvl></w:abstractNum>'
            for n, kind in ((1, "bullet"), (2, "decimal"))
        )
        + "".join(f'<w:num w:numId="{n}"><w:abstractNumId w:val="{n}"/></w:num>' for n in (1, 2))
        + "</w:numbering>"
    ).encode()
    cell = file.row("1.2.a").findall(W + "tc")[-1]
    for old in list(cell)[1:]:
        cell.remove(old)
    cell.append(w("p", run("We need:")))
    for number, text in (("1", "books"), ("1", "time"), ("2", "one"), ("2", "two")):
        listed = w("pPr", w("numPr", w("ilvl", val="0"), w("numId", val=number)))
        cell.append(w("p", listed, run(text)))
    assert only(back(file.saved()), "why") == "We need:\n– books\n– time\n1. one\n2. two"


def test_what_stands_elsewhere_is_told_and_not_lost(file: WordFile) -> None:
    question = file.row("1.1").findall(W + "tc")[1]
    question.append(w("p", run("The Ministry of Health answers this.")))
    file.row("1.5").getparent().addnext(w("p", run("Please see our annex.")))  # type: ignore[union-attr]
    for words in file.row("1.4").findall(W + "tc")[1].iter(W + "t"):
        words.text = (words.text or "").replace("Question about staff", "Question about all staff")
    found = back(file.saved())
    assert only(found, "office") == "The Ministry of Health answers this."
    assert set(found.doubts) == {"office"}
    told = {(stray.text, stray.near, stray.edited) for stray in found.strays}
    assert ("The Ministry of Health answers this.", "office", False) in told
    assert ("Question about all staff", "staff", True) in told
    assert ("Please see our annex.", "mark", False) in told


def test_the_file_reads_aloud_well_in_each_direction() -> None:
    arabic = WordFile(made("ar"))
    tables = list(arabic.root.iter(W + "tbl"))
    assert all(table.find(f"{W}tblPr/{W}bidiVisual") is not None for table in tables)
    assert all(table.find(f"{W}tblPr/{W}tblCaption") is not None for table in tables)
    assert all(table.find(f"{W}tr/{W}trPr/{W}tblHeader") is not None for table in tables[1:])
    chinese = Document(io.BytesIO(made("zh")))
    assert chinese.core_properties.language == "zh-CN"
    assert chinese.core_properties.identifier == "KJ4T-92QX"
    assert (
        next(one.text for one in chinese.paragraphs if one.style is not None and one.style.name == "Heading 1")
        == "1 问题 yourselves"
    )
    assert b'w:eastAsia="zh-CN"' in WordFile(made("zh")).parts["word/styles.xml"]
