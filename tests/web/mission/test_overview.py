"""The mission's page says who reads it, what is asked, until when in each place, and what became of each body."""

from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from outreach import clock, i18n
from outreach.campaigns import extensions, invitations, links
from outreach.campaigns.links import LinkKind
from outreach.campaigns.models import Campaign
from outreach.campaigns.stages import FactKind
from outreach.identity.audit import SERVICE
from outreach.submissions import drafts
from tests import factories
from tests.web.mission.conftest import World
from tests.web.visitor import document, send, text_of


@pytest.fixture(autouse=True)
def _in_february() -> object:
    with clock.stopped_at(factories.NOW):
        yield


def test_a_mission_reads_who_it_is_and_until_when(client: FlaskClient, world: World) -> None:
    text = text_of(client.get(f"{world.geneva}?lang=en"))
    assert "Permanent Mission of Kazakhstan to the United Nations Office at Geneva" in text
    assert "Knowledge hub: needs and expectations" in text
    assert "Note verbale OESCR/KH/2027-17 of 12 January 2027" in text
    assert "Please reply no later than 26 February 2027, 23:59 (Geneva) 11 days are left." in text
    assert "At your post: 26 February 2027, 23:59 (Geneva)" in text
    assert "In the capital: 27 February 2027, 03:59" in text
    # The zone's city is not the capital.
    assert "Almaty" not in text


def test_the_post_in_new_york_has_its_own_hour(client: FlaskClient, world: World) -> None:
    address = f"/m/{links.sign(LinkKind.MISSION, world.new_york_id)}?lang=en"
    assert "At your post: 26 February 2027, 17:59 (New York)" in text_of(client.get(address))


def test_an_extension_is_shown(client: FlaskClient, session: Session, world: World) -> None:
    campaign = session.get_one(Campaign, world.campaign_id)
    factories.extension(session, campaign, factories.DEADLINE.replace(month=3, day=12), state_code="KAZ")
    session.commit()
    text = text_of(client.get(f"{world.geneva}?lang=en"))
    assert "no later than 12 March 2027, 23:59 (Geneva)" in text
    assert "The deadline was extended. It was first 26 February 2027, 23:59 (Geneva)." in text


def test_what_became_of_a_body_and_of_the_other_mission(client: FlaskClient, session: Session, world: World) -> None:
    invitations.record(session, world.ministry_id, FactKind.DRAFT_BEGUN, by="the ministry")
    invitations.record(session, world.new_york_id, FactKind.ACKNOWLEDGED, by="the mission")
    session.commit()
    page = client.get(f"{world.geneva}?lang=en")
    text = text_of(page)
    assert (
        "Ministry of Labour office@labour.example Français It replies: through the mission draft begun 15 February 2027"
        in text
    )
    assert "Permanent Mission of Kazakhstan to the United Nations received the same note. receipt acknowledged" in text
    (address,) = document(page).xpath("//td//bdi")
    assert address.text == "office@labour.example"


def test_a_ministry_reads_the_page_in_its_own_words(client: FlaskClient, world: World) -> None:
    text = text_of(client.get(f"{world.ministry}?lang=en"))
    assert "Sent to you at the request of: Permanent Mission of Kazakhstan" in text
    assert "Answer the questionnaire" in text
    assert "on behalf of the State" not in text
    assert "received the same note" not in text


def test_a_mail_that_waits_is_said_until_somebody_has_looked_at_it(
    client: FlaskClient, session: Session, world: World
) -> None:
    said = "A mail in answer to the note or letter arrived on 15 February 2027, 10:00 (Geneva)."
    answer = f"/a/{links.sign(LinkKind.ANSWER, world.geneva_id)}"
    for kind, shown in ((FactKind.MAIL_RECEIVED, True), (FactKind.MAIL_LOOKED_AT, False)):
        invitations.record(session, world.geneva_id, kind, by="the mission")
        session.commit()
        assert [said in text_of(client.get(f"{page}?lang=en")) for page in (world.geneva, answer)] == [shown] * 2
        assert said not in text_of(client.get(f"{world.ministry}?lang=en"))


def test_receipt_is_acknowledged_by_one_press_of_a_button(client: FlaskClient, session: Session, world: World) -> None:
    page = send(client, f"{world.geneva}/acknowledge", page=f"{world.geneva}?lang=en", follow_redirects=True)
    assert "Receipt acknowledged on 15 February 2027" in text_of(page)
    assert b'action="' + f"{world.geneva}/acknowledge".encode() not in page.data


def test_a_closed_call_offers_no_acts(client: FlaskClient, session: Session, world: World) -> None:
    session.get_one(Campaign, world.campaign_id).closed_at = factories.NOW
    session.commit()
    text = text_of(client.get(f"{world.geneva}?lang=en"))
    assert "This call for input is closed." in text
    assert "What would you like to do?" not in text


@pytest.mark.parametrize("language", ["ar", "zh", "fr", "ru", "es"])
def test_the_title_is_in_the_readers_language(client: FlaskClient, world: World, language: str) -> None:
    page = client.get(f"{world.geneva}?lang={language}")
    assert document(page).get("lang") == language
    assert factories.TITLES[language] in text_of(page)


def test_texts_that_nobody_reviewed_are_marked(client: FlaskClient, session: Session, world: World) -> None:
    other = factories.campaign(session, reviewed=False)
    mission = factories.invitation(session, other, factories.mission(session, "TGO"))
    session.commit()
    address = f"/m/{links.sign(LinkKind.MISSION, mission.id)}"
    assert "not reviewed" not in text_of(client.get(f"{address}/note?lang=en"))
    noted = client.get(f"{address}/note?lang=en&text=ar")
    assert "Translation not reviewed" in text_of(noted)
    (article,) = document(noted).xpath("//article")
    assert (article.get("lang"), article.get("dir")) == ("ar", "rtl")


def test_documents_come_as_downloads(client: FlaskClient, world: World) -> None:
    file = client.get(f"{world.geneva}/files/fr/note")
    assert file.headers["Content-Disposition"] == "attachment; filename=note.fr.pdf"
    assert file.headers["X-Content-Type-Options"] == "nosniff"
    assert file.mimetype == "application/pdf"
    assert client.get(f"{world.geneva}/files/fr/other").status_code == 404
    assert client.get(f"{world.geneva}/files/xx/note").status_code == 404


def test_what_was_answered_and_what_waits_stands_at_the_top(
    client: FlaskClient, session: Session, world: World
) -> None:
    address = f"{world.geneva}?lang=en"
    first = client.get(address)
    assert "Answer on behalf of the State" in text_of(first)
    # Whoever took the Word file from here finds here where it goes.
    (upload,) = document(first).xpath("//a[contains(., 'Upload the filled-in file')]/@href")
    assert client.get(upload).status_code == 200
    with i18n.speaking("en"):
        begun = drafts.begin(session, world.geneva_id, SERVICE)
        session.commit()
        assert "Go on with the answer" in text_of(client.get(address))
        begun.number = "KH-2027-KAZ-0001"
        part = drafts.begin(session, world.ministry_id, SERVICE)
        part.sent_to_mission_at = factories.NOW
        session.commit()
    page = client.get(address)
    assert "was received under the number KH-2027-KAZ-0001" in text_of(page)
    assert "1 answer waits for you to read and transmit it." in text_of(page)
    assert "Answer on behalf" not in text_of(page)
    assert "Upload the filled-in file" not in text_of(page)
    assert document(page).xpath(f"//p[contains(@class, 'note')]/a[contains(@href, '/parts/{part.id}')]")


def test_a_request_for_more_time_stands_there_until_it_is_decided(
    client: FlaskClient, session: Session, world: World
) -> None:
    request = extensions.ask_for_time(session, world.geneva_id, date(2027, 3, 31), "Consultations", SERVICE)
    session.commit()
    page = f"{world.geneva}?lang=en"
    assert "On 15 February 2027 you asked for more time." in text_of(client.get(page))
    with i18n.speaking("en"):
        extensions.decline(session, request, "The report goes to print.", SERVICE)
    session.commit()
    text = text_of(client.get(page))
    assert "you asked for more time" not in text
    assert "On 15 February 2027 the Secretariat declined your request for more time" in text
    with clock.stopped_at(factories.NOW + timedelta(hours=1)), i18n.speaking("en"):
        extensions.ask_for_time(session, world.geneva_id, date(2027, 3, 31), "Please", SERVICE)
        extensions.extend(
            session, world.campaign_id, "KAZ", extensions.end_of(date(2027, 4, 1), "Europe/Zurich"), "Yes", SERVICE
        )
    session.commit()
    text = text_of(client.get(page))
    assert "more time" not in text.replace("Ask for more time", "")
    assert "no later than 1 April 2027, 23:59 (Geneva)" in text


def test_a_wrong_addressee_is_looked_at_until_somebody_decided(
    client: FlaskClient, session: Session, world: World
) -> None:
    said, decided = factories.NOW, factories.NOW + timedelta(minutes=1)
    invitations.record(session, world.geneva_id, FactKind.WRONG_ADDRESSEE, by="the mission", at=said)
    session.commit()
    assert "The Secretariat looks at this." in text_of(client.get(f"{world.geneva}?lang=en"))
    invitations.record(session, world.geneva_id, FactKind.ADDRESSEE_KEPT, by="staff", at=decided)
    session.commit()
    assert "The Secretariat looks at this." not in text_of(client.get(f"{world.geneva}?lang=en"))
