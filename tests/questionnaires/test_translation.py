"""Translators' files: out and back, checked against the questionnaire, and what is missing or older is named."""

from dataclasses import replace

import pytest

from outreach.errors import Invalid
from outreach.i18n import LANGUAGES
from outreach.questionnaires import editing, translation, translation_files
from outreach.questionnaires.rows import Rows
from outreach.questionnaires.translation import Translated

pytestmark = pytest.mark.usefixtures("english")

ROWS = Rows(
    survey=(
        {"type": "begin_group", "name": "one", "outreach::code": "1", "label::en": "One", "label::ru": "Один"},
        {
            "type": "select_one yn", "name": "plan", "outreach::code": "1.1", "label::en": "Is there a plan?",
            "label::ru": "Есть ли план?", "hint::en": "Any plan", "label::ar": "هل توجد خطة؟",
        },
        {"type": "text", "name": "why", "label::en": "Why ${plan}?", "label::ru": "Почему ${plan}?"},
        {"type": "end_group"},
    ),
    choices=(
        {"list_name": "yn", "name": "yes", "label::en": "Yes", "label::ru": "Да"},
        {"list_name": "yn", "name": "no", "label::en": "No", "label::ru": "Нет"},
    ),
)  # fmt: skip
MARKS = translation.marks(ROWS, None, {}, {})


def _sentences(rows: Rows, language: str, marks: translation.Marks) -> list[str]:
    found = translation.sentences(rows, language, translation.drift(rows, language, marks))
    return [one.replace("\u2068", "").replace("\u2069", "") for one in found]


@pytest.mark.parametrize("language", [code for code in LANGUAGES if code != "en"])
def test_a_file_comes_back_as_it_went_out(language: str) -> None:
    for content in (translation_files.to_po(ROWS, language, "KH"), translation_files.to_workbook(ROWS, language)):
        spoken, given = translation_files.read(content)
        assert spoken == language
        assert {one.key: one.target for one in given if one.target} == {
            text.key: text.target for text in translation.texts(ROWS, language) if text.target
        }


def test_what_is_missing_and_what_is_older_is_named_by_its_number() -> None:
    assert _sentences(ROWS, "ru", MARKS) == ["1.1: there is no text in Русский."]
    changed = editing.change(ROWS, "plan", {"label::en": "Is there an action plan?"})
    marks = translation.marks(changed, ROWS, MARKS, {})
    assert _sentences(changed, "ru", marks) == [
        "1.1: there is no text in Русский.",
        "1.1: the text in English changed after the one in Русский.",
    ]
    assert "1.1: the text in English changed after the one in العربية." in _sentences(changed, "ar", marks)
    # A translator who says it again has looked at it.
    _language, given = translation_files.read(translation_files.to_po(changed, "ru", "KH"))
    taken = translation.take(changed, "ru", given)
    confirmed = translation.marks(taken.rows, changed, marks, {"ru": taken.marks})
    assert _sentences(taken.rows, "ru", confirmed) == ["1.1: there is no text in Русский."]


def test_a_translation_of_a_text_that_has_changed_since_is_taken_and_said() -> None:
    _language, given = translation_files.read(translation_files.to_workbook(ROWS, "ru"))
    changed = editing.change(ROWS, "why", {"label::en": "Why not ${plan}?"})
    taken = translation.take(changed, "ru", given)
    assert taken.rows == changed
    assert any("why" in note and "changed after" in note for note in taken.notes)


def test_other_questions_numbers_and_placeholders_are_refused_all_at_once() -> None:
    with pytest.raises(Invalid) as refused:
        translation.take(
            ROWS,
            "ru",
            [
                Translated("survey/gone/label", "Gone", "Нет его"),
                Translated("survey/plan/label", "Is there a plan?", "План?", "1.2"),
                Translated("survey/why/label", "Why ${plan}?", "Почему?"),
                Translated("choices/yn/yes/label", "Yes", "Да"),
                Translated("choices/yn/yes/label", "Yes", "Ага"),
            ],
        )
    assert len(refused.value.faults) == 4


def test_an_empty_cell_takes_nothing_away() -> None:
    taken = translation.take(
        ROWS,
        "ar",
        [Translated("survey/plan/label", "Is there a plan?", ""), Translated("survey/one/label", "One", "واحد")],
    )
    assert taken.rows == replace(ROWS, survey=({**ROWS.survey[0], "label::ar": "واحد"}, *ROWS.survey[1:]))


@pytest.mark.parametrize(
    "content", [b"", b"msgid", b"\xff\xfe\x00", b'msgid ""\nmsgstr "Language: xx\\n"\n', b"PK\x03\x04"]
)
def test_a_file_that_is_no_translators_file_gets_a_sentence(content: bytes) -> None:
    with pytest.raises(Invalid):
        translation_files.read(content)


def test_what_a_translator_marked_as_uncertain_is_not_taken() -> None:
    content = translation_files.to_po(ROWS, "ru", "KH").replace(
        b'msgctxt "survey/one/label"', b'#, fuzzy\nmsgctxt "survey/one/label"'
    )
    assert "survey/one/label" not in {one.key for one in translation_files.read(content)[1]}
