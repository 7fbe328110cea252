"""The pictures of a questionnaire, from the workbook beside which staff give them to the page on which they are answered."""

import hashlib
import io
import zipfile
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from outreach import clock
from outreach.campaigns import links
from outreach.campaigns.links import LinkKind
from outreach.campaigns.models import Campaign
from outreach.identity.words import StaffRole
from outreach.questionnaires import queries
from outreach.storage import Storage
from tests import factories
from tests.questionnaires.drawings import png
from tests.questionnaires.workbooks import pictured_workbook
from tests.web.answer.conftest import begin, save
from tests.web.desk import signed_in
from tests.web.visitor import document, send, text_of

PAGE = "/staff/campaigns/KH-2028/questionnaire"
PLAN, YES, FRENCH = png(30, 20), png(10, 10, 20), png(20, 20, 30)


@pytest.fixture(autouse=True)
def _in_february() -> Iterator[None]:
    with clock.stopped_at(factories.NOW):
        yield


@pytest.fixture
def campaign(session: Session) -> Campaign:
    made = factories.campaign(session, "KH-2028", launched=False)
    session.commit()
    return made


def give(desk: FlaskClient, workbook: bytes | None, *files: tuple[str, bytes]) -> TestResponse:
    given = {"pictures": [(io.BytesIO(content), name) for name, content in files]}
    if workbook is not None:
        given["workbook"] = [(io.BytesIO(workbook), "questionnaire.xlsx")]
    return send(desk, PAGE, given, content_type="multipart/form-data")


def address(content: bytes) -> str:
    return f"/pictures/{hashlib.sha256(content).hexdigest()}"


def shown(page: TestResponse) -> list[str]:
    assert page.status_code == 200
    return [str(one) for one in document(page).xpath("//main//img/@src")]


def test_pictures_go_from_the_upload_to_all_who_read_the_question(
    app: Flask, session: Session, storage: Storage, campaign: Campaign, client: FlaskClient
) -> None:
    desk = signed_in(app, session, StaffRole.MANAGER)
    workbook = pictured_workbook()
    answer = give(desk, workbook, ("plan.png", PLAN), ("yes.png", b"no picture"), ("spare.png", PLAN))
    said = text_of(answer).replace("\u2068", "").replace("\u2069", "")
    assert answer.status_code == 200
    assert "The file yes.png is no picture." in said and "names no picture spare.png" in said
    assert "Sheet “choices”, row 2: The picture yes.png is missing." in said
    assert "row 4: The picture plan.fr.png is missing." in said and "picture media/plan.png is missing" not in said
    assert "pictures that the questionnaire names are missing." in text_of(desk.get("/staff/campaigns/KH-2028/call"))

    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("media/yes.png", YES)
        archive.writestr("media/plan.fr.png", FRENCH)
    assert give(desk, None, ("media.zip", packed.getvalue())).status_code == 302
    session.expire_all()
    held = queries.form_of(session, campaign.questionnaire_version_id)
    assert sorted(held.pictures) == ["media/plan.png", "plan.fr.png", "yes.png"]
    assert give(desk, None, ("yes.png", YES)).status_code == 302
    session.expire_all()
    # The same again is no new version.
    assert queries.form_of(session, campaign.questionnaire_version_id) is held
    partly = give(desk, None, ("a.png", b"x"), ("yes.png", YES))
    assert "The pictures are saved. Please note: The file a.png" in text_of(partly).replace("\u2068", "").replace(
        "\u2069", ""
    )
    refused = give(desk, None, ("a.png", b"x"))
    assert refused.status_code == 422 and "The pictures were not taken." in text_of(refused)
    with zipfile.ZipFile(io.BytesIO(desk.get(f"{PAGE}/workbook.zip").data)) as given:
        assert given.read("questionnaire.xlsx") == workbook
        assert {name: given.read(name) for name in given.namelist()[1:]} == {
            "media/plan.fr.png": FRENCH,
            "media/plan.png": PLAN,
            "media/yes.png": YES,
        }

    english, french = [address(PLAN), address(YES)], [address(FRENCH), address(YES)]
    assert shown(desk.get(PAGE)) == english
    assert shown(desk.get(f"{PAGE}/edit/preview?in=fr")) == french
    beside = document(desk.get(f"{PAGE}/edit/questions/plan"))
    for language, addresses in (("en", english), ("fr", french), ("ru", english)):
        assert beside.xpath(f'//section[@aria-labelledby="shown"]//div[@lang="{language}"]//img/@src') == addresses
    asked = factories.invitation(session, campaign, factories.institution(session, email="a@ministry.example"))
    campaign.launched_at = factories.NOW
    session.commit()
    assert shown(client.get("/c/KH-2028/questionnaire?lang=fr")) == french
    own = f"/a/{links.sign(LinkKind.ANSWER, asked.id)}"
    begin(client, own)
    assert shown(client.get(f"{own}/parts/1")) == english
    save(client, own, 1, {"q-plan": "yes"})
    french = document(client.get(f"{own}/parts/1?lang=fr")).xpath("//main//img[@alt='Six steps']/@lang")
    assert french == ["en"], "what is not translated is read in its own language"
    review = client.get(f"{own}/review?lang=en")
    assert shown(review) == english
    # Its own words say what it shows; else those beside it do.
    assert document(review).xpath("//main//img/@alt") == ["Six steps", ""]


def test_a_picture_is_open_to_whoever_has_its_address_and_nothing_else_is(
    app: Flask, session: Session, storage: Storage, campaign: Campaign, client: FlaskClient
) -> None:
    kept = storage.put(png(5, 5))
    assert client.get(f"/pictures/{kept}").status_code == 404
    assert client.get("/pictures/plan.png").status_code == 404
    desk = signed_in(app, session, StaffRole.MANAGER)
    give(desk, pictured_workbook(), ("plan.png", PLAN))
    found = client.get(address(PLAN))
    assert (found.status_code, found.data, found.mimetype) == (200, PLAN, "image/png")
    assert found.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert found.headers["X-Content-Type-Options"] == "nosniff" and "Set-Cookie" not in found.headers


def test_a_picture_is_given_in_the_editor(
    app: Flask, session: Session, storage: Storage, campaign: Campaign, client: FlaskClient
) -> None:
    desk = signed_in(app, session, StaffRole.MANAGER)
    give(desk, pictured_workbook(), ("plan.png", PLAN))
    page, other = f"{PAGE}/edit/questions/plan", png(9, 9)

    def press(**given: object) -> TestResponse:
        form = document(desk.get(page)).xpath("//main//form")[-1]
        stands = {one.get("name"): one.get("value") for one in form.xpath(".//input[@type='hidden']")}
        chosen = {one.get("name"): one.xpath("string(./option[@selected]/@value)") for one in form.xpath(".//select")}
        texts = {one.get("name"): one.text or "" for one in form.xpath(".//textarea")}
        return desk.post(page, data={**stands, **chosen, **texts, "do": "save", **given})

    wrong = press(**{"picture-ru": (io.BytesIO(b"no"), "no.png"), "picture-ar": (io.BytesIO(other), "b.png")})
    assert wrong.status_code == 422
    assert "is no picture" in document(wrong).xpath("string(//p[@id='picture-ru-fault'])")
    assert "once more" in document(wrong).xpath("string(//p[@id='picture-ar-fault'])")
    # Another file of a name that is there already takes nobody's place.
    given = {"picture-ar": (io.BytesIO(other), "PLAN.png"), "choice-1-picture": (io.BytesIO(YES), "no.png")}
    assert press(**given, **{"outreach::picture_text-ar": "ست خطوات"}).status_code == 302
    beside = document(desk.get(page))
    assert beside.xpath('//select[@name="picture-ar-of"]/option[@selected]/@value') == ["PLAN-2.png"]
    assert beside.xpath('//section[@aria-labelledby="shown"]//div[@lang="ar"]//img/@src') == [
        address(other),
        address(YES),
    ]
    assert beside.xpath("//section[@aria-labelledby='shown']//div[@lang='ar']//img/@alt")[0] == "ست خطوات"
    assert client.get(address(other)).data == other
    assert client.get(address(FRENCH)).status_code == 404
    assert press(**{"picture-fr-of": ""}).status_code == 302
    assert shown(desk.get(f"{PAGE}/edit/preview?in=ar")) == [address(other), address(YES)]
    opened = desk.get(f"{PAGE}/edit")
    (revision,) = document(opened).xpath('//input[@name="revision"]/@value')
    assert send(desk, f"{PAGE}/edit", {"revision": revision, "do": "publish"}).status_code == 302
    session.expire_all()
    form = queries.form_of(session, campaign.questionnaire_version_id)
    assert sorted(form.pictures) == ["PLAN-2.png", "media/plan.png", "no.png"]
    question = form.question("plan")
    assert question is not None and question.image == {"en": "media/plan.png", "ar": "PLAN-2.png"}
    assert question.image_text == {"en": "Six steps", "ar": "ست خطوات"}
