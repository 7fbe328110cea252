"""Pictures of labels: which are taken, which are named and missing, which one a reader of a language sees. Nothing here needs a database."""

import io
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from pyxform.xls2xform import convert

from outreach import file_types, scanning
from outreach.i18n import speaking
from outreach.questionnaires import pictures, xlsform, xlsform_out
from outreach.questionnaires.differences import differences, sentence
from outreach.questionnaires.form import Form, from_json, to_json
from outreach.questionnaires.picture_files import MOST_BYTES, Given, looked_at
from outreach.questionnaires.picture_sizes import room, size_of
from outreach.storage import Storage
from tests import clamd
from tests.questionnaires.drawings import GIF, JPEG, WEBP, claiming, png
from tests.questionnaires.workbooks import PICTURED, pictured_workbook

pytestmark = pytest.mark.usefixtures("english", "settings")


@pytest.fixture(scope="module")
def form() -> Form:
    with speaking("en"):
        return xlsform.read(pictured_workbook())


def packed(*files: tuple[str, bytes], method: int = zipfile.ZIP_STORED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return made.getvalue()


@pytest.mark.parametrize(
    ("content", "media", "size"),
    [
        (png(8, 6), file_types.PNG, (8, 6)),
        (JPEG, file_types.JPEG, (1, 1)),
        (GIF, file_types.GIF, (1, 1)),
        (WEBP, file_types.WEBP, (1, 1)),
    ],
    ids=["png", "jpeg", "gif", "webp"],
)
def test_each_kind_of_picture_is_taken_by_its_content(content: bytes, media: str, size: tuple[int, int]) -> None:
    assert (file_types.picture_type(content), size_of(content)) == (media, size)
    looked = looked_at([Given("C:\\scans\\\u202eone.dat", content)])
    assert (looked.kept, looked.refused) == ({"one.dat": content}, ())


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "is empty"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", "is no picture"),
        (png()[:40], "may be damaged"),
        (b"RIFF\x1a\x00\x00\x00WEBPVP8X", "may be damaged"),
        (b"\xff\xd8\xff" + b"\xff" * 500, "may be damaged"),
        (claiming(60_000, 60_000), "60000 by 60000 pixels"),
        (png() + bytes(MOST_BYTES), "is larger than 2 MB"),
        (b"PK\x03\x04 nothing", "can't be read as a .zip"),
        (packed(("a.png", bytes(90 * 1024**2)), method=zipfile.ZIP_DEFLATED), "unpacks to far more"),
    ],
    ids=["empty", "svg", "cut off", "no frame", "no size", "huge", "heavy", "no zip", "bomb"],
)
def test_what_can_not_be_taken_gets_a_sentence_and_takes_nothing_else_along(content: bytes, why: str) -> None:
    looked = looked_at([Given("bad.png", content), Given("good.png", png())])
    assert list(looked.kept) == ["good.png"]
    (refused,) = looked.refused
    assert why in refused


def test_a_zip_gives_its_pictures_and_what_lies_beside_them_is_passed_over() -> None:
    files = [
        ("call/media/Tree.PNG", png()),
        ("questionnaire.xlsx", b"PK"),
        ("__MACOSX/._Tree.png", b"x"),
        ("b.gif", b"no"),
    ]
    looked = looked_at([Given("media.zip", packed(*files))])
    assert looked.kept == {"Tree.PNG": png()}
    assert [sentence.replace("\u2068", "").replace("\u2069", "") for sentence in looked.refused] == [
        "The file b.gif is no picture. Please give PNG, JPEG, GIF or WebP."
    ]


def test_the_scanner_is_asked_about_each_picture() -> None:
    scanning._clean.clear()
    with clamd.running():
        looked = looked_at([Given("a.png", png()), Given("b.png", png() + clamd.EICAR)])
    assert list(looked.kept) == ["a.png"] and "virus scanner found" in looked.refused[0]


def test_a_form_keeps_the_names_wherever_a_label_has_one(form: Form) -> None:
    assert form.picture_names() == PICTURED
    assert form.parts[0].image and form.parts[0].questions[0].label == {}
    assert from_json(to_json(form)) == form
    plan = form.question("plan")
    assert plan is not None and plan.image_text == {"en": "Six steps"}
    assert xlsform.read(xlsform_out.workbook(form)) == form
    # Other tools read a picture's own words over.
    convert(io.BytesIO(xlsform_out.workbook(form)), file_type=".xlsx", form_name="data")


def test_what_is_missing_is_told_by_sheet_and_row_and_the_form_still_imports(form: Form, tmp_path: Path) -> None:
    read = xlsform.read_with_remarks(pictured_workbook())
    assert not any("icture" in remark for remark in read.remarks)
    given = {"PLAN.png": png(), "other.png": png()}
    held = replace(
        form, pictures=pictures.chosen(form, Storage(tmp_path), given, {"yes.png": "0" * 64, "old.png": "1" * 64})
    )
    assert sorted(held.pictures) == ["media/plan.png", "yes.png"]
    plainly = [one.replace("\u2068", "").replace("\u2069", "") for one in pictures.missing(held, pictured_workbook())]
    assert plainly == [
        "Sheet “survey”, row 2: The picture part.png is missing.",
        "Sheet “survey”, row 3: The picture only.png is missing.",
        "Sheet “survey”, row 4: The picture plan.fr.png is missing.",
        "Sheet “choices”, row 3: The picture no.png is missing.",
    ]
    assert [one.replace("\u2068", "").replace("\u2069", "") for one in pictures.unneeded(form, given)] == [
        "The questionnaire names no picture other.png. It was not kept."
    ]


def test_each_language_has_its_own_picture_else_that_of_the_forms_own(form: Form) -> None:
    plan = form.question("plan")
    assert plan is not None
    both = replace(form, pictures={"media/plan.png": "a" * 64, "plan.fr.png": "b" * 64})
    shown = {language: both.picture(plan.image, language) for language in ("fr", "en", "ar")}
    assert {language: one.name for language, one in shown.items() if one} == {
        "fr": "plan.fr.png",
        "en": "media/plan.png",
        "ar": "media/plan.png",
    }
    alone = replace(form, pictures={"plan.fr.png": "b" * 64}).picture(plan.image, "ar")
    assert alone is not None and alone.content == "b" * 64
    assert form.picture(plan.image, "fr") is None


def test_respondents_are_told_that_a_picture_was_changed(form: Form) -> None:
    old = replace(form, pictures={"media/plan.png": "a" * 64, "yes.png": "c" * 64})
    for new in ({"media/plan.png": "b" * 64, "yes.png": "c" * 64}, {"media/plan.png": "a" * 64, "yes.png": "d" * 64}):
        (changed,) = differences(old, replace(form, pictures=new), "en")
        assert sentence(changed) == "The picture of \u20681.1\u2069 was changed."
    assert differences(old, old, "en") == []


def test_on_paper_a_picture_is_as_large_as_it_is_or_as_there_is_room() -> None:
    assert room(png(40, 20), 400, 200) == (30, 15)
    assert room(png(800, 400), 300, 300) == (300, 150)
