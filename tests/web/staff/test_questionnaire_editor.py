"""The editor and the translators' page: a draft that only staff see, published as a version; faults by question, nothing typed lost."""

import io
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from outreach import clock
from outreach.campaigns import contents
from outreach.campaigns.models import Campaign
from outreach.i18n import speaking
from outreach.identity.audit import SERVICE
from outreach.identity.words import StaffRole
from outreach.questionnaires import queries, rows, translation_files, versions
from outreach.questionnaires.form import Form, Group
from outreach.storage import Storage
from tests import factories
from tests.questionnaires.sections import SECTIONS
from tests.web.desk import signed_in
from tests.web.visitor import csrf_token, document, text_of

WORKBOOK = rows.to_workbook(SECTIONS)
EDIT = "/staff/campaigns/KH-2028/questionnaire/edit"
ABOUT = f"{EDIT}/questions"


@pytest.fixture(autouse=True)
def _in_february() -> Iterator[None]:
    with clock.stopped_at(factories.NOW):
        yield


@pytest.fixture
def campaign(session: Session, storage: Storage) -> Campaign:
    """A call in preparation with a questionnaire of three sections."""
    made = factories.campaign(session, "KH-2028", launched=False)
    with speaking("en"):
        contents.set_questionnaire(session, storage, made.id, WORKBOOK, SERVICE)
    session.commit()
    return made


@pytest.fixture
def desk(app: Flask, session: Session, campaign: Campaign) -> FlaskClient:
    """A manager's browser."""
    return signed_in(app, session, StaffRole.MANAGER)


def _press(desk: FlaskClient, page: str, **changed: str) -> TestResponse:
    """Open a page, change some of its fields, and press a button (`do`): all other fields are sent as they stand."""
    opened = desk.get(page)
    assert opened.status_code == 200
    sent: dict[str, str] = {"csrf_token": csrf_token(opened)}
    form = document(opened).xpath("//main//form")[-1]
    for field in form.xpath(".//input[@name][not(@type='file')] | .//textarea | .//select"):
        if field.tag == "select":
            sent[field.get("name")] = next(
                iter(field.xpath("./option[@selected]/@value | .//option[@selected]/@value")), ""
            )
        elif field.get("type") not in ("checkbox", "radio") or field.get("checked") is not None:
            sent[field.get("name")] = field.text or "" if field.tag == "textarea" else field.get("value", "")
    return desk.post(page, data={**sent, **changed})


def _form(session: Session, campaign: Campaign) -> Form:
    session.expire_all()
    session.rollback()
    return queries.form_of(session, campaign.questionnaire_version_id)


def _publish(desk: FlaskClient) -> TestResponse:
    opened = desk.get(EDIT)
    (revision,) = document(opened).xpath('//input[@name="revision"]/@value')
    return desk.post(EDIT, data={"csrf_token": csrf_token(opened), "revision": revision, "do": "publish"})


def test_a_question_is_added_written_and_published(desk: FlaskClient, session: Session, campaign: Campaign) -> None:
    added = _press(desk, f"{EDIT}?below=staff", below="staff", kind="select_one", do="add")
    page = added.headers["Location"]
    assert page.endswith("/questions/q1")
    texts = {f"label-{code}": f"Question in {code}" for code in ("ar", "zh", "en", "fr", "ru", "es")}
    choices = {
        f"choice-{n}-{code}": f"Choice {n} in {code}" for n in (0, 1) for code in ("ar", "zh", "en", "fr", "ru", "es")
    }
    asked = {"if-0": "strategy=yes", "is-0": "not", "required": "yes", "do": "back"}
    assert _press(desk, page, **texts, **choices, **asked).status_code == 302
    # Nothing is asked of anybody before it is published.
    assert _form(session, campaign).question("q1") is None
    shown = desk.get(f"{EDIT}/preview?in=ar")
    assert "Question in ar" in text_of(shown) and "Choice 1 in ar" in text_of(shown)
    assert _publish(desk).status_code == 302
    question = _form(session, campaign).question("q1")
    assert question is not None
    assert (question.code, question.required, question.relevant) == ("2.5", True, "${strategy} != 'yes'")
    assert [choice.label["ru"] for choice in question.choices] == ["Choice 0 in ru", "Choice 1 in ru"]
    history = text_of(desk.get("/staff/campaigns/KH-2028/questionnaire/versions"))
    assert "2.5\u2069 is new." in history
    given = desk.get("/staff/campaigns/KH-2028/questionnaire/workbook.xlsx?version=1").data
    assert given == WORKBOOK


def test_what_can_not_be_published_is_said_by_question(desk: FlaskClient, session: Session, campaign: Campaign) -> None:
    before = _form(session, campaign)
    _press(desk, EDIT, below="staff", kind="text", do="add")
    wrong = _press(desk, f"{ABOUT}/q1", **{"label-en": "See ${nothing}", "do": "save"})
    assert wrong.status_code == 422 and document(wrong).xpath("//p[@id='label-en-fault']")
    # What was right when it was saved: a question that another one names is taken out.
    _press(desk, f"{ABOUT}/q1", **{"label-en": "Of your ${staff} members of staff?", "do": "save"})
    _press(desk, f"{ABOUT}/staff", do="remove")
    refused = _publish(desk)
    assert refused.status_code == 422
    # Nothing is thrown away by one press, and what was taken out can be put back as long as nothing else was changed.
    opened = desk.get(EDIT)
    press = {"csrf_token": csrf_token(opened), "do": "discard"}
    assert "are lost" in text_of(desk.post(EDIT, data=press))
    assert "Put back" in text_of(opened) and desk.post(EDIT, data={**press, "do": "put-back"}).status_code == 302
    assert desk.get(f"{ABOUT}/staff").status_code == 200 and "Put back" not in text_of(desk.get(EDIT))
    assert desk.post(EDIT, data={**press, "sure": "yes"}).status_code == 302
    assert desk.get(f"{ABOUT}/q1").status_code == 404
    assert "2.5\u2069: " in text_of(refused) and "Sheet" not in text_of(refused)
    assert _form(session, campaign) == before


def test_two_who_change_the_same_question_overwrite_nothing(desk: FlaskClient) -> None:
    opened = desk.get(f"{ABOUT}/staff")
    (seen,) = document(opened).xpath('//input[@name="seen"]/@value')
    _press(desk, f"{ABOUT}/staff", **{"label-en": "Theirs", "do": "save"})
    typed = {"csrf_token": csrf_token(opened), "seen": seen, "label-en": "Mine", "do": "save"}
    answer = desk.post(f"{ABOUT}/staff", data=typed)
    assert answer.status_code == 409
    assert document(answer).xpath('//textarea[@name="label-en"]')[0].text == "Mine"
    wrong = _press(desk, f"{ABOUT}/staff", lowest="few", do="save")
    assert wrong.status_code == 422
    assert document(wrong).xpath('//input[@name="lowest"]/@value') == ["few"]


def test_saving_a_question_as_it_stands_changes_nothing(
    desk: FlaskClient, session: Session, storage: Storage, campaign: Campaign
) -> None:
    assert campaign.questionnaire_version_id
    for name in (
        "institution",
        "about",
        "strategy",
        "strategy_explained",
        "staff",
        "budget_share",
        "rights",
        "document",
    ):
        assert _press(desk, f"{ABOUT}/{name}", do="save").status_code == 302
    assert _publish(desk).status_code == 302
    assert [version.number for version in versions.history(session, campaign.questionnaire_version_id, "en")] == [1]


def test_all_that_a_question_can_say_is_asked_for(desk: FlaskClient, session: Session, campaign: Campaign) -> None:
    rules = {
        "rule-constraint": "string-length(.) > 3",
        "rule-required": "${strategy} = 'yes'",
        "rule-trigger": "${staff}",
    }
    texts = {"guidance_hint-ar": "شرح", "constraint_message-en": "Too short.", "required_message-fr": "À remplir."}
    said = {"legal-basis": "Resolution 54/22, para. 3", "publish": "ask", "asked": "national_authority"}
    assert _press(desk, f"{ABOUT}/remarks", **rules, **texts, **said, do="save").status_code == 302
    shown = document(desk.get(f"{ABOUT}/remarks"))
    assert shown.xpath("//input[@name='asked'][@checked]/@value") == ["national_authority"]
    assert "Resolution 54/22" in shown.xpath("string(//section[@aria-labelledby='shown'])")
    assert _press(desk, f"{ABOUT}/remarks", do="save").status_code == 302
    assert _publish(desk).status_code == 302
    made = _form(session, campaign).question("remarks")
    assert made is not None
    assert (made.constraint, made.required_if, made.trigger) == tuple(rules.values())
    assert (made.legal_basis, made.publish, made.stakeholders) == (said["legal-basis"], "ask", {"national_authority"})
    assert (made.guidance["ar"], made.constraint_message["en"], made.required_message["fr"]) == tuple(texts.values())


def test_a_rule_that_an_import_would_refuse_comes_back_at_its_field(desk: FlaskClient) -> None:
    typed = {"rule-calculation": "${nothing} + 1", "more-choices": "Water\nHousing", "label-en": "Which ones?"}
    refused = _press(desk, f"{ABOUT}/rights", **typed, do="choice-add")
    assert refused.status_code == 422
    page = document(refused)
    assert "“${nothing}” is no question" in page.xpath("string(//p[@id='rule-calculation-fault'])")
    assert (
        page.xpath("//details[@id='rules']/@open") and page.xpath("//*[@id='more-choices']")[0].text == "Water\nHousing"
    )
    both = {"rule-constraint": "count-selected(.) > 1", "highest": "3"}
    assert "either here or" in text_of(_press(desk, f"{ABOUT}/rights", **both, do="save"))
    _press(desk, f"{ABOUT}/rights", **{"rule-constraint": "", "highest": "3", "do": "save"})
    rule = document(desk.get(f"{ABOUT}/rights")).xpath("//textarea[@name='rule-constraint']")[0].text
    assert rule == "count-selected(.) <= 3"
    # Lines become choices; one that a condition names is told of when it goes.
    _press(desk, f"{ABOUT}/strategy", **{"more-choices": "Water\n\nHousing", "do": "choice-add"})
    names = document(desk.get(f"{ABOUT}/strategy")).xpath("//fieldset[starts-with(@id, 'choice-')]/legend/code/text()")
    assert names == ["yes", "partly", "no", "c1", "c2"]
    _press(desk, f"{ABOUT}/strategy", do="choice-out-1")
    assert "name a choice that was taken out" in text_of(desk.get(f"{ABOUT}/strategy"))


def test_a_section_says_how_often_it_is_repeated(desk: FlaskClient, session: Session, campaign: Campaign) -> None:
    page = _press(desk, EDIT, below="staff", kind="begin_repeat", do="add").headers["Location"]
    _press(desk, EDIT, below="repeat1", kind="text", do="add")
    assert "not both" in text_of(_press(desk, page, **{"times": "2", "times-of": "staff", "do": "save"}))
    said = {"times-of": "staff", "label-en": "Members", "asked": "state", "if-0": "strategy=yes"}
    assert _press(desk, page, **said, do="back").status_code == 302
    # The question in it has no text yet: that is said, and does not stand against it.
    published = text_of(_publish(desk))
    assert "is published. Please note:" in published and "The label is missing; the name is shown." in published
    (group,) = (one for one in _form(session, campaign).items() if isinstance(one, Group) and one.repeat)
    assert (group.count, group.relevant, group.stakeholders) == ("${staff}", "${strategy} = 'yes'", {"state"})


def test_a_translators_file_makes_a_version_and_says_what_is_missing(
    desk: FlaskClient, session: Session, campaign: Campaign
) -> None:
    page = "/staff/campaigns/KH-2028/questionnaire/translations"
    _language, given = translation_files.read(desk.get(f"{page}/ru.po").data)
    assert len(given) > 20
    content = desk.get(f"{page}/ru.po").data.replace(b"Your institution (ru)", "Учреждение".encode())
    sent = {"csrf_token": csrf_token(desk.get(page)), "translation": (io.BytesIO(content), "KH-2028.ru.po")}
    assert desk.post(page, data=sent).status_code == 302
    assert _form(session, campaign).parts[0].label["ru"] == "Учреждение"
    # The source changes: the other languages are older now, and the page says so by number.
    _press(desk, f"{ABOUT}/staff", **{"label-en": "How many people work on this?", "do": "save"})
    assert "2.3\u2069: the text in English changed after the one in Русский." in text_of(desk.get(page))
    broken = {"csrf_token": csrf_token(desk.get(page)), "translation": (io.BytesIO(b"no file"), "x.po")}
    assert desk.post(page, data=broken).status_code == 422


def test_the_workbook_for_other_tools_has_no_columns_that_stop_them(desk: FlaskClient) -> None:
    content = desk.get("/staff/campaigns/KH-2028/questionnaire/workbook.xlsx?tools=1").data
    assert not [
        heading
        for choice in rows.from_workbook(content).choices
        for heading in choice
        if heading.startswith("outreach")
    ]


def test_a_question_is_copied_and_moved_with_what_was_typed(
    desk: FlaskClient, session: Session, campaign: Campaign
) -> None:
    copied = _press(desk, f"{ABOUT}/strategy", **{"label-en": "Is there a plan?", "other": "yes", "do": "copy"})
    assert copied.headers["Location"].endswith("/questions/strategy_1")
    assert _press(desk, f"{ABOUT}/strategy_1", below="rights", do="move").status_code == 302
    _press(desk, EDIT, below="rights", kind="begin_group", do="add")
    assert _publish(desk).status_code == 302
    form = _form(session, campaign)
    names = [question.name for question in form.parts[2].questions]
    assert names[:3] == ["rights", "strategy_1", "strategy_1_other"]
    made, former = form.question("strategy_1"), form.question("strategy")
    assert made is not None and former is not None
    assert made.label["en"] == former.label["en"] == "Is there a plan?" and made.choices == former.choices
