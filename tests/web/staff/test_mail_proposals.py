"""What a mail proposes on its page, what accepting it does; its files and its HTML once they were looked at."""

import uuid
from datetime import date, timedelta
from email.message import EmailMessage

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock, scanning
from outreach.campaigns import extensions
from outreach.campaigns.models import Invitation, InvitationFact
from outreach.campaigns.stages import FactKind, Stage
from outreach.directory import queries as directory
from outreach.identity.audit import Actor
from outreach.identity.models import AuditEntry
from outreach.identity.words import StaffRole
from outreach.inbox import service
from outreach.storage import Storage
from tests import clamd
from tests.factories import NOW, PDF
from tests.inbox.mails import World, mail, world
from tests.web.desk import signed_in
from tests.web.visitor import document, send, text_of

pytestmark = pytest.mark.usefixtures("at_now", "english")
CAME = NOW - timedelta(days=2)


@pytest.fixture(autouse=True)
def _forgetful() -> None:
    scanning._clean.clear()


@pytest.fixture
def w(session: Session) -> World:
    return world(session)


@pytest.fixture
def manager(app: Flask, session: Session) -> FlaskClient:
    return signed_in(app, session, StaffRole.MANAGER)


def came(session: Session, storage: Storage, w: World, text: str, **more: object) -> str:
    raw = mail(text=text, **({"In_Reply_To": w.letter.message_id} | more))  # type: ignore[arg-type]
    with clock.stopped_at(CAME):
        mail_id = service.take_in(session, storage, raw, "test", arrived_at=CAME).mail_id
    session.commit()
    return f"/staff/mail/{mail_id}"


def history(session: Session, asked: uuid.UUID) -> dict[FactKind, InvitationFact]:
    session.rollback()
    session.expire_all()
    return {
        one.kind: one for one in session.scalars(select(InvitationFact).where(InvitationFact.invitation_id == asked))
    }


def test_what_was_forwarded_is_noted_once_with_its_sentence(
    manager: FlaskClient, session: Session, storage: Storage, w: World
) -> None:
    sentence = "The note was forwarded to the competent authorities."
    page = came(session, storage, w, f"Dear colleagues,\n\n{sentence}\n\nBest regards")
    assert FactKind.ACKNOWLEDGED not in history(session, w.mission.id)
    assert sentence in text_of(manager.get(page))
    # The list of what waits says it, too.
    tags = document(manager.get("/staff/mail")).xpath("//tbody//span[@class='tag blue']/text()")
    assert tags == ["It was sent on to the capital or to those who are competent"]
    assert document(manager.get(page)).xpath("//main//a[@class='btn quiet']/@href") == [f"{page}/answer"]
    (main,) = document(manager.get(page)).xpath("//main//button[@class='btn']")
    assert main.text_content() == "Note it in the history"
    done = send(manager, f"{page}/accept/forwarded", page=page, follow_redirects=True)
    # It says nothing else, so it is dealt with: back to what waits, with the way to it.
    assert done.request.path == "/staff/mail" and "The mail was marked as looked at." in text_of(done)
    assert document(done).xpath(f"//main/p/a[@href='{page}']")
    fact = history(session, w.mission.id)[FactKind.ACKNOWLEDGED]
    assert (fact.note, fact.by) == (sentence, "manager@secretariat.example")
    shown = manager.get(page)
    assert "accepted manager@secretariat.example" in text_of(shown)
    assert not document(shown).xpath("//form[contains(@action, '/accept/')]")
    again = send(manager, f"{page}/accept/forwarded", page=page, follow_redirects=True)
    assert "This was accepted already" in text_of(again)
    acts = session.scalars(
        select(AuditEntry.act).where(AuditEntry.subject_id.in_([w.mission.id, uuid.UUID(page.rpartition("/")[2])]))
    )
    assert sorted(acts) == ["invitation.acknowledged", "mail.looked_at", "mail.proposal_accepted"]
    assert send(manager, f"{page}/accept/nothing", page=page, follow_redirects=True).status_code == 200
    assert FactKind.NO_SUBMISSION_EXPECTED not in history(session, w.mission.id)


def test_more_time_becomes_a_request_that_waits_with_the_day_filled_in(
    manager: FlaskClient, session: Session, storage: Storage, w: World
) -> None:
    sentence = "We kindly request an extension of the deadline until 20 March 2027."
    page = came(session, storage, w, sentence)
    form = document(manager.get(page))
    ids = form.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert form.xpath("//input[@name='time-until']/@value") == ["2027-03-20"]
    assert form.xpath("string(//textarea[@id='time-reason'])").strip() == sentence
    early = send(
        manager, f"{page}/accept/more_time", {"time-until": "2027-02-01", "time-reason": "As typed"}, page=page
    )
    assert early.status_code == 422 and "Please give a later day." in text_of(early)
    assert "As typed" in early.get_data(as_text=True)
    assert extensions.requests(session, w.campaign.id) == []
    done = send(manager, f"{page}/accept/more_time", {"time-until": "2027-03-20", "time-reason": sentence}, page=page)
    assert done.location.endswith(f"/campaigns/{w.campaign.code}/deadline#requests")
    (request,) = extensions.requests(session, w.campaign.id)
    assert (request.until, request.reason, request.decided_at) == (date(2027, 3, 20), sentence, None)
    assert "accepted" in text_of(manager.get(page))


def test_a_new_address_and_nothing_to_report_are_taken_over(
    manager: FlaskClient, session: Session, storage: Storage, w: World
) -> None:
    text = "Please use the following address: new@mission.example\n\nWe have nothing to report."
    page = came(session, storage, w, text)
    assert document(manager.get(page)).xpath("//input[@name='address-email']/@value") == ["new@mission.example"]
    wrong = send(manager, f"{page}/accept/new_address", {"address-email": "no address"}, page=page)
    assert wrong.status_code == 422 and "no address" in wrong.get_data(as_text=True)
    send(manager, f"{page}/accept/new_address", {"address-email": "new@mission.example"}, page=page)
    assert [one.email for one in directory.contacts(session, w.mission.institution_id)] == ["new@mission.example"]
    send(manager, f"{page}/accept/nothing", page=page)
    assert history(session, w.mission.id)[FactKind.NO_SUBMISSION_EXPECTED].note == "We have nothing to report."
    assert session.get_one(Invitation, w.mission.id).stage is Stage.NO_SUBMISSION_EXPECTED


def test_what_was_accepted_is_undone_and_can_be_accepted_again(
    manager: FlaskClient, session: Session, storage: Storage, w: World
) -> None:
    page = came(
        session,
        storage,
        w,
        "We kindly request an extension of the deadline until 20 March 2027.\n\nWe have nothing to report.",
    )
    before = session.get_one(Invitation, w.mission.id).stage
    typed = {"time-until": "2027-03-20", "time-reason": "Holidays"}
    send(manager, f"{page}/accept/nothing", page=page)
    send(manager, f"{page}/accept/more_time", typed, page=page)
    assert "Looked at by" in text_of(manager.get(page))
    for saying in ("nothing", "more_time"):
        (action,) = document(manager.get(page)).xpath(f"//form[contains(@action, '/accepted/{saying}/')]/@action")
        assert "It was undone." in text_of(send(manager, action, page=page, follow_redirects=True))
        again = send(manager, action, page=page, follow_redirects=True)
        assert "There is nothing to undo with this mail." in text_of(again)
    assert "Nobody has looked at this mail yet" in text_of(manager.get(page))
    told = history(session, w.mission.id)
    assert session.get_one(Invitation, w.mission.id).stage is before
    assert {FactKind.NO_SUBMISSION_EXPECTED, FactKind.MORE_TIME_ASKED, FactKind.TAKEN_BACK} <= set(told)
    (request,) = extensions.requests(session, w.campaign.id)
    assert (request.granted, request.decided_by) == (None, "manager@secretariat.example")
    assert "taken back" in text_of(manager.get(f"/staff/campaigns/{w.campaign.code}/deadline"))
    send(manager, f"{page}/accept/nothing", page=page)
    assert (
        history(session, w.mission.id)
        and session.get_one(Invitation, w.mission.id).stage is Stage.NO_SUBMISSION_EXPECTED
    )
    with clock.stopped_at(NOW + timedelta(minutes=1)):
        send(manager, f"{page}/accept/more_time", typed, page=page)
    waiting = next(one for one in extensions.requests(session, w.campaign.id) if one.decided_at is None)
    extensions.decline(session, waiting.id, "The report is due", Actor("a colleague"))
    session.commit()
    late = send(manager, f"{page}/accepted/more_time/undo", page=page, follow_redirects=True)
    assert "a colleague decided on this request" in text_of(late)


def test_a_reply_fills_in_its_reason_and_readers_accept_nothing(
    app: Flask, manager: FlaskClient, session: Session, storage: Storage, w: World
) -> None:
    sentence = "Please find attached the reply of the Government."
    page = came(session, storage, w, sentence, files=(("a.pdf", PDF),))
    assert document(manager.get(page)).xpath("string(//textarea[@id='reason'])").strip() == sentence
    reader = signed_in(app, session, StaffRole.READER)
    assert reader.get(page).status_code == 200
    assert send(reader, f"{page}/accept/nothing", page="/staff/mail").status_code == 403


def test_a_file_is_given_out_only_once_the_scanner_let_it_pass(
    manager: FlaskClient, session: Session, storage: Storage, w: World
) -> None:
    page = came(
        session,
        storage,
        w,
        "Our reply.",
        files=(("reply.pdf", PDF), ("note.txt", clamd.EICAR), ("a\u202efdp.txt", b"words")),
    )
    with clamd.running():
        shown = document(manager.get(page))
        assert "Eicar-Test-Signature" in shown.text_content() and "a[U+202E]fdp.txt" in shown.text_content()
        links = shown.xpath("//section[@aria-labelledby='attachments']//a/@href")
        assert [link.rpartition("/")[2] for link in links] == ["0", "2"]
        assert shown.xpath("//input[@name='documents']/@value") == ["0", "2", "words"]
        assert manager.get(f"{page}/attachments/0").data == PDF
        for refused in ("attachments/1", "mail.eml"):
            assert manager.get(f"{page}/{refused}").status_code == 403
    scanning._clean.clear()
    with clamd.set_to("unix:///nowhere/clamd.sock"):
        shown = document(manager.get(page))
        assert not shown.xpath("//section[@aria-labelledby='attachments']//a")
        assert "could not be checked for viruses just now" in shown.text_content()
        # Not "of another kind": whoever reads that would record the words alone.
        (left_out,) = shown.xpath("//p[@id='documents-hint']/text()")
        assert left_out == "Files that are held or not given out can’t be recorded now."
        assert shown.xpath("//input[@name='documents']/@value") == ["words"]
        assert manager.get(f"{page}/attachments/0").status_code == 403
        held = {"behalf": "state", "reason": "Signed", "documents": ["words"]}
        faulty = send(manager, f"{page}/record", held, page=page)
        assert faulty.status_code == 422 and "Signed" in faulty.get_data(as_text=True)


def test_the_html_of_a_mail_is_shown_in_a_frame_of_its_own(
    app: Flask, manager: FlaskClient, session: Session, storage: Storage, w: World
) -> None:
    made = EmailMessage()
    made["From"], made["Subject"], made["In-Reply-To"] = "x@y.example", "Our\u200b reply", w.letter.message_id
    made.set_content(
        "<p>Our <b>answer</b></p><script>alert(1)</script><img src='http://spy.example/1.png'>", subtype="html"
    )
    with clock.stopped_at(CAME):
        mail_id = service.take_in(session, storage, made.as_bytes(), "test", arrived_at=CAME).mail_id
    session.commit()
    page = manager.get(f"/staff/mail/{mail_id}")
    (frame,) = document(page).xpath("//iframe")
    assert (frame.get("sandbox"), frame.get("src")) == ("", f"/staff/mail/{mail_id}/look")
    assert "Our[U+200B] reply" in text_of(page) and "Our[U+200B] reply" in text_of(manager.get("/staff/mail"))
    look = manager.get(frame.get("src"))
    policy = look.headers["Content-Security-Policy"]
    assert "<b>answer</b>" in look.text and "alert" not in look.text and "spy.example" not in look.text
    assert policy.startswith("default-src 'none';") and policy.endswith("sandbox") and "unsafe" not in policy
    assert app.test_client().get(frame.get("src")).status_code == 302
