"""While letters leave: the call's page, pausing, cancelling the rest, asking again, and a relay that refuses us."""

import re

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from outreach import clock
from outreach.campaigns import launch, orders, reach
from outreach.campaigns.models import Campaign, Invitation
from outreach.correspondence import holds, ledger, progress
from outreach.correspondence.models import HoldKind, Letter, LetterKind, LetterState
from outreach.correspondence.queries import shown
from outreach.db import Database
from outreach.identity.audit import SERVICE
from outreach.identity.models import AuditEntry
from outreach.identity.words import StaffRole
from outreach.storage import Storage
from outreach.web.staff.preview import SORTS
from tests import factories
from tests.web.desk import signed_in
from tests.web.visitor import document, send, text_of

pytestmark = pytest.mark.usefixtures("at_now")


@pytest.fixture
def campaign(session: Session, storage: Storage, english: None) -> Campaign:
    version = factories.questionnaire(session)
    made = factories.campaign(session, "KH-2027", storage=storage, launched=False, questionnaire_version_id=version.id)
    for state_code in ("FRA", "KAZ"):
        factories.mission(session, state_code)
    launch.launch(session, made.id, SERVICE)
    made.questionnaire_version_id = None
    session.commit()
    return made


CALL = "/staff/campaigns/KH-2027/call"
SENDING = "/staff/campaigns/KH-2027/sending"


def _acts(session: Session) -> list[str]:
    return list(
        session.scalars(
            select(AuditEntry.act).where(AuditEntry.act.like("sending.%")).order_by(AuditEntry.at, AuditEntry.id)
        )
    )


def test_a_manager_pauses_cancels_the_rest_and_asks_again(
    app: Flask, session: Session, database: Database, campaign: Campaign
) -> None:
    manager = signed_in(app, session, StaffRole.MANAGER)
    assert "0 of 2 letters have left" in text_of(manager.get(CALL))
    early = manager.get(f"{SENDING}/cancel")
    assert "Please pause the sending first" in text_of(early) and not document(early).xpath("//main//form")
    assert send(manager, f"{SENDING}/pause", {"reason": "the annex\n is wrong"}, page=CALL).status_code == 302
    shown = text_of(manager.get(CALL))
    assert "0 of 2 letters have left" in text_of(manager.get("/staff/campaigns/KH-2027"))
    assert "Sending is paused since" in shown and "A. Person" in shown and "the annex is wrong" in shown
    asks = manager.get(f"{SENDING}/cancel")
    assert "2 letters would be cancelled" in text_of(asks)
    assert session.scalars(select(Letter.state)).all() == [LetterState.QUEUED] * 2

    done = send(manager, f"{SENDING}/cancel", page=f"{SENDING}/cancel", follow_redirects=True)
    assert "2 letters are cancelled." in text_of(done)
    ledger.account(database, reach.letters_settled)
    again = text_of(manager.get(CALL))
    assert "2 institutions were not asked: their letters were cancelled" in again and "paused" not in again
    board = text_of(manager.get("/staff/campaigns/KH-2027"))
    assert "not asked: cancelled" in board and "Ask" in board
    assert "2 institutions were not asked" in text_of(manager.get("/staff/"))

    page = "/staff/campaigns/KH-2027/states/FRA"
    asked = session.scalars(select(Invitation.id).where(Invitation.state_code == "FRA")).one()
    one = f"/staff/campaigns/KH-2027/invitations/{asked}/ask-again"
    assert "1 letter is on its way." in text_of(send(manager, one, page=page, follow_redirects=True))
    assert send(manager, one, page=page).status_code == 422
    assert "0 of 1 letter is written" in text_of(
        send(manager, f"{SENDING}/ask-again", page=CALL, follow_redirects=True)
    )
    orders.carry_out(database)
    assert "0 of 2 letters have left" in text_of(manager.get(CALL))
    assert session.execute(text("SELECT count(*) FROM letter WHERE state = 'queued' AND attempt = 2")).scalar() == 2


def test_a_relay_that_refuses_us_is_shown_in_its_own_words_and_an_administrator_tries_again(
    app: Flask, session: Session, campaign: Campaign
) -> None:
    holds.stop(session, None, "535 5.7.8 authentication failed", kind=HoldKind.RELAY)
    holds.unreachable(session, "connection refused")
    session.commit()
    manager = signed_in(app, session, StaffRole.MANAGER)
    for page in ("/staff/", CALL, "/staff/campaigns/KH-2027"):
        shown = text_of(manager.get(page))
        assert "the mail relay refuses us" in shown and "535 5.7.8 authentication failed" in shown
        assert "cannot be reached" in shown and "connection refused" in shown
        assert "An administrator can try again here." in shown
    assert send(manager, "/staff/sending/try-again", page=CALL).status_code == 403

    administrator = signed_in(app, session, StaffRole.ADMINISTRATOR)
    assert "The relay is tried again now." in text_of(
        send(administrator, "/staff/sending/try-again", page="/staff/", follow_redirects=True)
    )
    assert holds.current(session, None) is None
    assert _acts(session) == ["sending.tried_again"]

    holds.stop(session, None, "550 5.1.1 unknown", kind=HoldKind.RELAY, refused_in_a_row=50)
    session.commit()
    assert "50 letters in a row were refused, the last one in these words: 550 5.1.1 unknown" in text_of(
        manager.get("/staff/")
    )


def test_letters_that_no_worker_takes_are_said_to_wait_for_one_and_since_when(
    app: Flask, session: Session, campaign: Campaign
) -> None:
    reader = signed_in(app, session, StaffRole.READER)
    waits = "Nothing has moved since 15 February 2027, 10:00 (Geneva): no worker of this service has taken this up."
    pages = ("/staff/", CALL, "/staff/campaigns/KH-2027")
    assert not any("no worker" in text_of(reader.get(page)) for page in pages)
    later = factories.NOW + 2 * progress.QUIET
    with clock.stopped_at(later):
        assert all(waits in text_of(reader.get(page)) for page in pages)
        assert document(reader.get(SENDING)).xpath("//@data-state") == ["idle"]
    with clock.stopped_at(later):
        claim = text("UPDATE letter SET claimed_until = :until WHERE due_at = (SELECT min(due_at) FROM letter)")
        session.execute(claim, {"until": later + progress.QUIET})
        session.commit()
        assert not any("no worker" in text_of(reader.get(page)) for page in pages)


def test_a_restored_database_is_told_in_the_readers_language_and_each_call_offers_what_to_do(
    app: Flask, session: Session, campaign: Campaign
) -> None:
    holds.stop(session, None, "Held before a backup was restored.", kind=HoldKind.RESTORED)
    session.commit()
    administrator = signed_in(app, session, StaffRole.ADMINISTRATOR)
    for page in ("/staff/", CALL):
        shown = text_of(administrator.get(page))
        assert "a backup was restored, or is about to be" in shown and "Held before" not in shown
        assert "Go on sending" in shown and "Try again" not in shown
    assert document(administrator.get(CALL)).xpath(f"//main//a[@href='{SENDING}/cancel']")
    assert "2 letters are cancelled." in text_of(
        send(administrator, f"{SENDING}/cancel", page=f"{SENDING}/cancel", follow_redirects=True)
    )
    assert holds.current(session, None) is not None
    gone_on = send(administrator, "/staff/sending/try-again", page="/staff/", follow_redirects=True)
    assert "The letters go on leaving." in text_of(gone_on)
    assert sorted(_acts(session)) == ["sending.cancelled", "sending.tried_again"]


def test_the_figures_come_alone_for_the_page_that_looks_again(app: Flask, session: Session, campaign: Campaign) -> None:
    reader = signed_in(app, session, StaffRole.READER)
    (section,) = document(reader.get(CALL)).xpath("//*[@data-figures]")
    figures = document(reader.get(section.get("data-figures")))
    assert [one.get("data-state") for one in figures.xpath("//*[@data-state]")] == ["leaving"]
    assert not document(reader.get(CALL)).xpath("//form[contains(@action, 'sending')]")


def test_a_test_comes_to_oneself_marked_as_one_with_links_that_act_for_nobody(
    app: Flask, session: Session, campaign: Campaign
) -> None:
    manager = signed_in(app, session, StaffRole.MANAGER)
    mission = session.scalars(select(Invitation).where(Invitation.state_code == "FRA")).one().institution_id
    page = "/staff/campaigns/KH-2027/test"
    for sort in SORTS:
        for chosen, language, register in ((str(mission), "fr", "note"), ("", "en+fr", "letter")):
            given = {"sort": sort, "language": language, "register": register, "mission": chosen}
            done = send(manager, page, given, page=page, follow_redirects=True)
            assert "The test is on its way to manager@secretariat.example." in text_of(done)
    session.expire_all()
    letters = session.scalars(select(Letter).where(Letter.kind == LetterKind.TEST)).all()
    assert len(letters) == 2 * len(SORTS)
    for one in letters:
        read = shown(session, one.id)
        assert read.line.to_address == "manager@secretariat.example" and one.invitation_id is None
        assert read.subject.startswith("[")
        assert set(re.findall(r"http://127[^ \n)>\"]*", read.text)) <= {
            f"http://127.0.0.1:8000/test-letter?lang={language}" for language in one.language.split("+")
        }
        if one.language == "fr" and "Mission" in read.text:
            assert "de la France" in read.text
    assert "act for nobody" in text_of(manager.get("/test-letter"))
