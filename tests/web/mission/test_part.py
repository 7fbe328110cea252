"""A mission reads the part that waits for it, and returns it with a reason; the page speaks each language at every step."""

import uuid

import pytest
from flask.testing import FlaskClient
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
    (number,) = document(client.get(overview)).xpath("//section[@aria-labelledby='bodies']//td/bdi/text()")
    assert number == session.get_one(Submission, version.submission_id).number


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
