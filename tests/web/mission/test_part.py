"""A mission reads the part that waits for it, returns it with a reason, and reads again what it transmitted; the page speaks each language at every step."""

import uuid

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.campaigns import links
from outreach.campaigns.links import LinkKind
from outreach.campaigns.models import Invitation
from outreach.i18n import speaking
from outreach.submissions import respondent, service
from outreach.submissions.models import Submission
from outreach.submissions.respondent import Standing
from tests import factories
from tests.submissions import answering
from tests.web.visitor import document, send, text_of


@pytest.fixture
def part(session: Session) -> tuple[str, uuid.UUID]:
    """The address of the part that the ministry sent, and the ministry's invitation."""
    with speaking("en"), clock.stopped_at(factories.NOW):
        w = answering.world(session)
        submission = answering.sent(session, w.ministry)
    session.commit()
    return f"/m/{links.sign(LinkKind.MISSION, w.geneva.id)}/parts/{submission.id}", w.ministry.id


def test_it_reads_all_answers_as_they_would_go_out(client: FlaskClient, part: tuple[str, uuid.UUID]) -> None:
    text = text_of(client.get(f"{part[0]}?lang=en"))
    assert "1.1 Is there a plan? Yes 1.1.a Please explain The strategy of 2023." in text
    assert "2.3 Since when? No answer" in text
    assert "Publication, as the body chose: not to be published" in text


def test_what_was_transmitted_has_its_number_on_the_missions_page(
    client: FlaskClient, session: Session, part: tuple[str, uuid.UUID]
) -> None:
    overview, _parts, submission_id = part[0].rpartition("/parts/")
    with speaking("en"), clock.stopped_at(factories.NOW):
        mission = session.get_one(Invitation, part[1]).parent_id
        assert mission is not None
        version = service.transmit(session, uuid.UUID(submission_id), mission, answering.ACTOR)
    session.commit()
    (link,) = document(client.get(f"{overview}?lang=en")).xpath("//section[@aria-labelledby='bodies']//td/a[bdi]")
    assert link.text_content() == session.get_one(Submission, version.submission_id).number
    read = text_of(client.get(link.get("href")))
    assert "received it on 15 February 2027, 10:00 (Geneva) under the number KH-2027-KAZ-0001" in read
    assert "Transmitted by Permanent Mission of Kazakhstan" in read and "The strategy of 2023." in read
    # The letter that said it waits leads there too; to whoever was forwarded it, it opens nothing.
    assert client.get(part[0]).headers["Location"] == link.get("href")
    path = link.get("href").removeprefix(overview)
    ministry, new_york = part[1], _other_mission(session, mission)
    for copied in ("", "/1.pdf"):
        assert client.get(f"/m/{links.sign(LinkKind.MISSION, ministry)}{path}{copied}").status_code == 200
        assert client.get(f"/m/{links.sign(LinkKind.MISSION, new_york)}{path}{copied}").status_code == 404


def _other_mission(session: Session, mission: uuid.UUID) -> uuid.UUID:
    (found,) = session.scalars(
        select(Invitation.id).where(Invitation.parent_id.is_(None), Invitation.id != mission)
    ).all()
    return found


def test_a_return_needs_a_reason_and_can_be_read_in_another_language(
    client: FlaskClient, session: Session, part: tuple[str, uuid.UUID]
) -> None:
    page = send(client, f"{part[0]}/return", {"reason": " "}, page=f"{part[0]}?lang=en")
    assert page.status_code == 422
    assert "Please" in document(page).get_element_by_id("reason-fault").text_content()
    again = client.get(f"{part[0]}/return?lang=fr", follow_redirects=True)
    assert (again.status_code, document(again).get("lang")) == (200, "fr")
    done = send(client, f"{part[0]}/return", {"reason": "Please add figures."}, page=part[0])
    assert done.status_code == 302
    session.expire_all()
    own = respondent.own_answer(session, part[1])
    assert own is not None and (own.standing, own.return_reason) == (Standing.RETURNED, "Please add figures.")
