"""The tray and a mail's page: who may read what, what is shown of what strangers wrote, and each act of staff."""

import re
import uuid
from datetime import timedelta
from email.message import EmailMessage
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.campaigns import links, reminders
from outreach.campaigns.links import LinkKind
from outreach.campaigns.models import Sensitivity
from outreach.directory import queries as directory
from outreach.identity.models import AuditEntry
from outreach.identity.words import StaffRole
from outreach.inbox import service
from outreach.inbox.models import MailOutcome, ReceivedMail
from outreach.questionnaires.documents.word import questionnaire_docx
from outreach.questionnaires.documents.wording import Front
from outreach.questionnaires.form import QuestionType
from outreach.storage import Storage
from outreach.submissions import respondent
from outreach.web.staff import mail_found
from tests.factories import NOW, PDF
from tests.inbox.mails import World, bounce, mail, world
from tests.web.desk import signed_in
from tests.web.visitor import document, send, text_of

pytestmark = pytest.mark.usefixtures("at_now", "english")
CAME = NOW - timedelta(days=2)


@pytest.fixture
def w(session: Session) -> World:
    return world(session)


@pytest.fixture
def manager(app: Flask, session: Session) -> FlaskClient:
    return signed_in(app, session, StaffRole.MANAGER)


@pytest.fixture
def reader(app: Flask, session: Session) -> FlaskClient:
    return signed_in(app, session, StaffRole.READER)


def came(session: Session, storage: Storage, raw: bytes) -> uuid.UUID:
    with clock.stopped_at(CAME):
        mail_id = service.take_in(session, storage, raw, "test", arrived_at=CAME).mail_id
    session.commit()
    return mail_id


def kept(session: Session, mail_id: uuid.UUID) -> ReceivedMail:
    session.rollback()
    session.expire_all()
    return session.get_one(ReceivedMail, mail_id)


def test_the_tray_lists_what_waits_and_leads_to_it(
    manager: FlaskClient, session: Session, storage: Storage, w: World
) -> None:
    mail_id = came(session, storage, mail(In_Reply_To=w.letter.message_id, files=(("a.pdf", PDF),)))
    came(session, storage, bounce(w, failed="somebody@elsewhere.example"))
    came(session, storage, mail("A stranger"))
    page = manager.get("/staff/mail")
    shown = text_of(page)
    assert re.search(r"Re: Knowledge hub\s*Someone\s*someone@mission\.example\s*·\s*1 attachment", shown)
    assert "Permanent Mission of Kazakhstan" in shown and "Undelivered Mail" not in shown
    assert f"/staff/mail/{mail_id}" in document(page).xpath("//table//a/@href")
    assert "A stranger" in text_of(manager.get("/staff/mail?show=unmatched"))
    assert "Re: Knowledge hub" not in text_of(manager.get("/staff/mail?show=unmatched"))
    assert "Undelivered Mail" in text_of(manager.get("/staff/mail?show=reports"))
    assert "delivery report" in text_of(manager.get("/staff/mail?show=all"))


def test_an_empty_tray_says_why(manager: FlaskClient) -> None:
    assert "Nothing waits for you here. No mailbox is read" in text_of(manager.get("/staff/mail"))


def test_mail_is_found_by_its_subject_its_sender_or_its_state(
    manager: FlaskClient, session: Session, storage: Storage, w: World
) -> None:
    came(session, storage, mail(In_Reply_To=w.letter.message_id))
    came(session, storage, mail("A" * 400, From="Desk <desk@elsewhere.example>"))
    for wanted, found in (("hub", "Re:"), ("DESK@", "AAA"), ("哈萨克斯坦", "Re:"), ("kaz", "Re:"), ("100%", None)):
        shown = document(manager.get(f"/staff/mail?show=all&q={quote(wanted)}")).xpath("//tbody//a/bdi/text()")
        assert [subject[:3] for subject in shown] == ([found] if found else []), wanted
        # A subject without a space must not push the other columns out of sight.
        assert all(len(subject) <= 150 for subject in shown)


def test_a_long_tray_goes_on_behind_its_last_line(manager: FlaskClient, session: Session, storage: Storage) -> None:
    for number in range(53):
        with clock.stopped_at(CAME):
            service.take_in(session, storage, mail(f"Mail {number:02d}"), "test", arrived_at=CAME)
    session.commit()
    first = document(manager.get("/staff/mail"))
    (onward,) = first.xpath("//p[@class='after']/a/@href")
    second = document(manager.get(onward))
    seen = [*first.xpath("//table//a//text()"), *second.xpath("//table//a//text()")]
    assert (len(first.xpath("//tbody/tr")), len(second.xpath("//tbody/tr")), len(set(seen))) == (50, 3, 53)
    assert not second.xpath("//p[@class='after']/a")


def test_a_mail_is_shown_as_plain_text_and_never_as_its_html(
    manager: FlaskClient, session: Session, storage: Storage, w: World
) -> None:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = "x@y.example", "z@outreach.example", "<b>Bold</b>"
    made["In-Reply-To"] = w.letter.message_id
    made.set_content(
        "<p>Our <b>answer</b></p><script>alert(1)</script><img src='http://spy.example/1.png'>", subtype="html"
    )
    page = manager.get(f"/staff/mail/{came(session, storage, made.as_bytes())}")
    shown = page.get_data(as_text=True)
    assert "Our answer" in text_of(page) and "It answers a letter of ours." in text_of(page)
    assert "alert(1)" not in shown and "spy.example" not in shown and "<b>" not in shown
    assert "&lt;b&gt;Bold&lt;/b&gt;" in shown


def test_attachments_and_the_mail_itself_are_only_ever_downloaded(
    manager: FlaskClient, session: Session, storage: Storage, w: World
) -> None:
    raw = mail(files=(("../<x>.html", b"<script>alert(1)</script>"),), In_Reply_To=w.letter.message_id)
    page = f"/staff/mail/{came(session, storage, raw)}"
    for address, content in ((f"{page}/attachments/0", b"<script>alert(1)</script>"), (f"{page}/mail.eml", raw)):
        got = manager.get(address)
        assert (got.status_code, got.data) == (200, content)
        assert got.headers["Content-Disposition"].startswith("attachment;")
        assert got.headers["Content-Type"] == "application/octet-stream"
        assert "sandbox" in got.headers["Content-Security-Policy"]
    assert manager.get(f"{page}/attachments/1").status_code == 404


def test_links_of_ours_that_a_mail_quotes_act_for_nobody_who_reads_it(
    reader: FlaskClient, session: Session, storage: Storage, w: World
) -> None:
    address = links.address(LinkKind.MISSION, w.mission.id)
    made = EmailMessage()
    made["From"], made["To"], made["In-Reply-To"] = "x@y.example", "z@outreach.example", w.letter.message_id
    made.set_content(f"Received.\n\n> Please open {address}")
    made.add_alternative(f"<p>Received.</p><blockquote><a href='{address}'>Open</a> {address}</blockquote>", "html")
    page = f"/staff/mail/{came(session, storage, made.as_bytes())}"
    for shown in (reader.get(page), reader.get(f"{page}/look")):
        assert shown.status_code == 200
        assert "/m/…" in shown.get_data(as_text=True) and address[-20:] not in shown.get_data(as_text=True)
    assert reader.get(f"{page}/mail.eml").status_code == 403


def test_a_mail_against_the_rules_is_shown_as_it_was_written(
    manager: FlaskClient, session: Session, storage: Storage
) -> None:
    mail_id = came(session, storage, b"From  : nobody\r\n\r\nwords")
    assert "It begins like this: From : nobody words" in text_of(manager.get(f"/staff/mail/{mail_id}"))


def test_a_reply_is_recorded_with_its_documents(
    manager: FlaskClient, session: Session, storage: Storage, w: World
) -> None:
    mail_id = came(
        session, storage, mail(In_Reply_To=w.letter.message_id, files=(("a.pdf", PDF), ("b.exe", b"MZ\x00")))
    )
    page = f"/staff/mail/{mail_id}"
    form = document(manager.get(page))
    assert form.xpath("//input[@name='behalf'][@checked]/@value") == ["state"]
    assert form.xpath("//input[@name='documents']/@value") == ["0", "words"]
    assert form.xpath("//input[@name='documents'][@checked]/@value") == ["0"]
    assert form.xpath("string(//p[@id='documents-hint'])") == "Files of other kinds stay with the mail."
    data = {"behalf": "state", "reason": "Signed note 17/2027", "documents": "0"}
    done = send(manager, f"{page}/record", data, page=page, follow_redirects=True)
    number = f"{w.campaign.code}-KAZ-0001"
    assert f"recorded under the number {number}" in text_of(done)
    assert kept(session, mail_id).outcome is MailOutcome.RECORDED
    shown = manager.get(page)
    assert number in text_of(shown)
    assert document(shown).xpath("//aside//form[@method='post']/@action") == [f"{page}/take-back"]
    assert w.mission.id in reminders.stopped(session, w.campaign.id)
    acts = session.scalars(select(AuditEntry.act).where(AuditEntry.subject_id == mail_id)).all()
    assert acts == ["mail.recorded"]


def test_a_filled_in_questionnaire_says_how_much_was_found_before_it_is_recorded(
    manager: FlaskClient, session: Session, storage: Storage, w: World
) -> None:
    form = respondent.form_for(session, w.mission.id)
    question = next(one for one in form.questions() if one.type is QuestionType.TEXT)
    filled = questionnaire_docx(form, "en", Front("Hub"), {question.name: "Our reply."}, at=clock.now())
    files = (("reply.docx", filled), ("scan.pdf", PDF), ("other.docx", b"PK\x03\x04 broken"))
    mail_id = came(session, storage, mail(In_Reply_To=w.letter.message_id, files=files))
    # The second time what was read the first time is said again.
    for _time in range(2):
        page = document(manager.get(f"/staff/mail/{mail_id}"))
        shown = page.xpath("//section[@aria-labelledby='attachments']//li")
        found = [re.search(r"1 of \d+ answers? (was|were) found", line.text_content()) is not None for line in shown]
        assert found == [True, False, False]
    kept = {key[1]: counts for key, counts in mail_found._kept.items() if key[0] == mail_id}
    assert kept[0][0] == 1 and kept[1] == kept[2] == (0, 0)


def test_a_second_reply_in_the_same_mail_is_recorded_with_its_own_files(
    manager: FlaskClient, session: Session, storage: Storage, w: World
) -> None:
    files = (("kazakhstan.pdf", PDF), ("jordan.pdf", PDF + b"%"))
    page = f"/staff/mail/{came(session, storage, mail(In_Reply_To=w.letter.message_id, files=files))}"
    send(manager, f"{page}/record", {"behalf": "state", "reason": "Signed", "documents": "0"}, page=page)
    chosen = f"{page}?state=JOR"
    assert document(manager.get(chosen)).xpath("//input[@name='another-invitation']/@value") == [str(w.other.id)]
    assert not document(manager.get(f"{page}?state=KAZ")).xpath("//input[@name='another-invitation']")
    data = {"another-invitation": str(w.other.id), "another-behalf": "state", "another-documents": "1"}
    faulty = send(manager, f"{page}/record-another?state=JOR", data, page=chosen)
    assert faulty.status_code == 422 and "Please say why this is accepted" in text_of(faulty)
    assert send(manager, f"{page}/record-another", data, page=chosen).status_code == 403
    done = send(manager, f"{page}/record-another?state=JOR", data | {"another-reason": "Signed too"}, page=chosen)
    assert done.location == page
    shown = text_of(manager.get(page))
    assert f"{w.campaign.code}-KAZ-0001, {w.campaign.code}-JOR-0002" in shown
    assert {w.mission.id, w.other.id} <= set(reminders.stopped(session, w.campaign.id))


def test_a_faulty_recording_comes_back_with_what_was_typed(
    manager: FlaskClient, session: Session, storage: Storage, w: World
) -> None:
    mail_id = came(
        session, storage, mail(In_Reply_To=w.letter.message_id, files=(("a.pdf", PDF), ("b.pdf", PDF + b"%")))
    )
    page = f"/staff/mail/{mail_id}"
    faulty = send(manager, f"{page}/record", {"behalf": "state", "documents": ["1"]}, page=page)
    assert faulty.status_code == 422
    form = document(faulty)
    assert "say why" in form.xpath("string(//p[@id='reason-fault'])")
    assert form.xpath("//input[@name='documents'][@checked]/@value") == ["1"]
    none = send(manager, f"{page}/record", {"behalf": "stakeholder", "reason": "A note"}, page=page)
    assert none.status_code == 422
    assert "add the reply as a document" in document(none).xpath("string(//p[@id='documents-fault'])")
    assert document(none).xpath("string(//textarea[@name='reason'])").strip() == "A note"
    assert send(manager, f"{page}/record", {"behalf": "emperor"}, page=page).status_code == 422
    assert kept(session, mail_id).outcome is None


def test_mail_of_nobody_is_given_to_an_institution_of_the_chosen_state(
    manager: FlaskClient, session: Session, storage: Storage, w: World
) -> None:
    mail_id = came(session, storage, mail(From="mission.kaz@geneva.example"))
    page = f"/staff/mail/{mail_id}"
    suggested = document(manager.get(page))
    assert suggested.xpath("//input[@name='invitation']/@value") == [str(w.mission.id)]
    assert not suggested.xpath("//input[@name='invitation'][@checked]")
    assert not suggested.xpath("//input[@name='behalf']")
    chosen = document(manager.get(f"{page}?state=JOR"))
    assert chosen.xpath("//input[@name='invitation']/@value") == [str(w.other.id)]
    nothing = send(manager, f"{page}/belongs-to?state=JOR", page=page)
    assert nothing.status_code == 422 and "Please fill in this field." in text_of(nothing)
    strange = send(manager, f"{page}/belongs-to?state=JOR", {"invitation": str(w.mission.id)}, page=page)
    assert strange.status_code == 422
    done = send(manager, f"{page}/belongs-to?state=JOR", {"invitation": str(w.other.id)}, page=page)
    assert done.location == page
    assert "A colleague said so." in text_of(manager.get(page))
    assert kept(session, mail_id).invitation_id == w.other.id


def test_mail_with_nothing_to_record_is_marked_as_looked_at(
    manager: FlaskClient, session: Session, storage: Storage, w: World
) -> None:
    mail_id = came(session, storage, mail("Thank you", In_Reply_To=w.letter.message_id))
    page = f"/staff/mail/{mail_id}"
    assert w.mission.id in reminders.stopped(session, w.campaign.id)
    assert send(manager, f"{page}/looked-at", page=page).location == "/staff/mail"
    assert kept(session, mail_id).looked_at_by == "manager@secretariat.example"
    assert w.mission.id not in reminders.stopped(session, w.campaign.id)
    shown = text_of(manager.get(page))
    assert "there was nothing to record" in shown and "Record it as a reply after all" in shown


def test_readers_read_and_change_nothing(reader: FlaskClient, session: Session, storage: Storage, w: World) -> None:
    page = f"/staff/mail/{came(session, storage, mail(In_Reply_To=w.letter.message_id))}"
    shown = reader.get(page)
    assert shown.status_code == 200 and not document(shown).xpath("//main//form")
    for act in ("looked-at", "belongs-to", "record"):
        assert send(reader, f"{page}/{act}", page="/staff/mail").status_code == 403


def test_mail_of_a_sensitive_call_or_of_nobody_is_not_for_all(
    app: Flask, reader: FlaskClient, manager: FlaskClient, session: Session, storage: Storage, w: World
) -> None:
    raw = mail(In_Reply_To=w.letter.message_id, files=(("a.pdf", PDF),))
    pages = [f"/staff/mail/{came(session, storage, one)}" for one in (raw, mail(files=(("a.pdf", PDF),)))]
    assert reader.get(f"{pages[0]}/attachments/0").status_code == 200
    w.campaign.sensitivity = Sensitivity.SENSITIVE
    session.commit()
    for page in pages:
        for address in (page, f"{page}/attachments/0", f"{page}/mail.eml"):
            assert reader.get(address).status_code == 403, address
            assert manager.get(address).status_code == 200, address


def test_today_and_the_states_page_lead_to_what_waits(
    manager: FlaskClient, session: Session, storage: Storage, w: World
) -> None:
    mail_id = came(session, storage, mail(In_Reply_To=w.letter.message_id))
    came(session, storage, mail("A stranger"))
    today = document(manager.get("/staff/"))
    assert today.xpath("//section[@aria-labelledby='needs']//a/@href") == ["/staff/mail", "/staff/mail?show=unmatched"]
    state = manager.get(f"/staff/campaigns/{w.campaign.code}/states/KAZ")
    assert document(state).xpath("//*[@id='next']//a/@href") == [f"/staff/mail/{mail_id}"]


def test_the_audit_trail_leads_to_the_mail(app: Flask, session: Session, storage: Storage, w: World) -> None:
    mail_id = came(session, storage, mail(In_Reply_To=w.letter.message_id))
    service.mark_looked_at(session, mail_id, service.SERVICE)
    session.commit()
    trail = signed_in(app, session, StaffRole.ADMINISTRATOR).get("/staff/audit")
    assert f"/staff/mail/{mail_id}" in document(trail).xpath("//table//a/@href")
    assert "mail looked at" in text_of(trail)


def test_a_page_says_what_a_mail_is_and_why_and_staff_correct_and_undo_it(
    manager: FlaskClient, session: Session, storage: Storage, w: World
) -> None:
    mail_id = came(session, storage, bounce(w))
    here = f"/staff/mail/{mail_id}"
    page = manager.get(here)
    assert "a letter that came back" in text_of(page) and "RFC 3464" in text_of(page)
    letter = f"/staff/letters/{w.letter.id}"
    assert letter in document(page).xpath("//main//a/@href")
    back = manager.get(letter)
    assert {here, f"/staff/campaigns/{w.campaign.code}/states/KAZ#i-{w.mission.id}"} <= set(
        document(back).xpath("//main//a/@href")
    )
    assert "came back · 13 February 2027" in text_of(back) and "550 5.1.1 No such mailbox" in text_of(back)
    assert send(manager, f"{here}/is-a", {"kind": "reply"}, page=here).status_code == 302
    assert "has left" in text_of(manager.get(letter))
    assert kept(session, mail_id).outcome is None
    assert "said so." in text_of(manager.get(here))
    assert send(manager, f"{here}/undo", page=here).status_code == 302
    assert kept(session, mail_id).outcome is MailOutcome.DELIVERY_REPORT
    # What the report had changed is so again: the letter came back, and its address is not written to.
    again = text_of(manager.get(letter))
    assert "came back · 13 February 2027" in again and "550 5.1.1 No such mailbox" in again
    assert directory.contacts(session, w.mission.institution_id)[0].refused_words == "550 5.1.1 No such mailbox"
    assert send(manager, f"{here}/undo", page=here).status_code == 403


def test_a_record_is_taken_back_with_a_reason_and_whoever_has_its_receipt_reads_so(
    manager: FlaskClient, app: Flask, session: Session, storage: Storage, w: World
) -> None:
    mail_id = came(session, storage, mail(In_Reply_To=w.letter.message_id, files=(("a.pdf", PDF),)))
    page, number = f"/staff/mail/{mail_id}", f"{w.campaign.code}-KAZ-0001"
    send(manager, f"{page}/record", {"behalf": "state", "reason": "Signed", "documents": "0"}, page=page)
    (record,) = document(manager.get(page)).xpath("//p[@class='note green']/a/@href")
    (action,) = document(manager.get(record)).xpath("//section[@id='take-back']//form/@action")
    without = send(manager, action, {"reason": " "}, page=record)
    assert without.status_code == 422
    assert document(without).xpath("//section[@id='take-back']/details[@open]//p[@id='reason-fault']")
    done = send(manager, f"{page}/take-back", {"reason": "It is Jordan’s"}, page=page, follow_redirects=True)
    assert f"The record {number} was taken back. The mail waits again." in text_of(done)
    assert document(done).xpath("//form[@action=$record]", record=f"{page}/record")
    read = manager.get(record)
    assert "It is Jordan’s" in text_of(read) and not document(read).xpath("//section[@id='take-back']")
    history = text_of(manager.get(f"/staff/campaigns/{w.campaign.code}/states/KAZ"))
    assert "taken back: submission received" in history and f"{number} · version 1" in history
    receipt = app.test_client().get(
        links.address(LinkKind.ANSWER, w.mission.id, "en", "/receipt"), follow_redirects=True
    )
    assert f"took back its record {number} of your reply" in text_of(receipt)
    mission = app.test_client()
    overview = document(mission.get(links.address(LinkKind.MISSION, w.mission.id, "en")))
    (again,) = overview.xpath("//section[@aria-labelledby='received']//a/@href")
    assert f"took back its record {number} of your reply" in text_of(mission.get(again))


def test_an_answer_is_written_seen_as_it_will_be_sent_and_sent_once(
    manager: FlaskClient, reader: FlaskClient, session: Session, storage: Storage, w: World
) -> None:
    mail_id = came(session, storage, mail("A question", "May a scan follow?", In_Reply_To=w.letter.message_id))
    page = f"/staff/mail/{mail_id}"
    (way,) = document(manager.get(page)).xpath("//aside//a[contains(@href, 'answer')]/@href")
    assert way == f"{page}/answer"
    begun = document(manager.get(way))
    (known,) = begun.xpath("//input[@name='known']/@value")
    data = {"known": known, "language": "ru", "salutation": "", "message": "Yes,\n\nit may.", "settles": "y"}
    faulty = send(manager, way, data | {"message": " ", "act": "send"})
    assert faulty.status_code == 422 and "Please fill in this field." in text_of(faulty)
    seen = send(manager, way, data | {"act": "look"})
    assert "someone@mission.example Subject Re: A question" in text_of(seen)
    assert "Уважаемые дамы и господа! Yes, it may. С уважением," in text_of(seen)
    assert "Someone пишет: > May a scan follow?" in text_of(seen)
    # It goes back as it was shown, or to be changed.
    (kept,) = document(seen).xpath("//textarea[@name='message']")
    assert kept.text_content().strip() == data["message"]
    changed = document(send(manager, way, data | {"act": "change"}))
    assert changed.xpath("string(//textarea[@name='message'])").strip() == data["message"]
    for _click in range(2):
        done = send(manager, way, data | {"act": "send"})
        assert done.status_code == 302
    shown = manager.get(page)
    assert "Answer to a mail waits to be sent manager@secretariat.example ·" in text_of(shown)
    (letter,) = document(shown).xpath("//section[@aria-labelledby='answers']//li//a/@href")
    send(manager, f"{page}/undo", page=page)
    assert "This mail was answered, and waits on" in text_of(manager.get(page))
    # What a colleague wrote is read before another answer is sent; nothing that was typed is lost.
    late = send(manager, way, data | {"message": "Another", "act": "send"})
    assert late.status_code == 422 and "has answered this mail meanwhile" in text_of(late)
    assert document(late).xpath("string(//textarea[@name='message'])").strip() == "Another"
    assert "answered" in text_of(manager.get("/staff/mail?show=all"))
    assert reader.get(letter).status_code == 200 and reader.get(way).status_code == 403
    w.campaign.sensitivity = Sensitivity.SENSITIVE
    session.commit()
    assert [reader.get(one).status_code for one in (letter, f"{letter}/body")] == [403, 403]


def test_a_mail_that_nobody_may_answer_says_so(
    manager: FlaskClient, session: Session, storage: Storage, w: World
) -> None:
    raw = mail(In_Reply_To=w.letter.message_id, List_Id="<missions.list.example>")
    page = f"/staff/mail/{came(session, storage, raw)}"
    shown = manager.get(page)
    assert "it came by a mailing list" in text_of(shown)
    assert not document(shown).xpath("//a[contains(@href, 'answer')]")
    assert manager.get(f"{page}/answer").status_code == 404


def test_a_mail_leads_to_the_next_that_waits(
    manager: FlaskClient, session: Session, storage: Storage, w: World
) -> None:
    first = came(session, storage, mail("First", In_Reply_To=w.letter.message_id))
    last = came(session, storage, mail("Of nobody", to="desk@outreach.example"))
    second = came(session, storage, mail("Second", In_Reply_To=w.letter.message_id))
    ways = [
        document(manager.get(f"/staff/mail/{one}")).xpath("//p[@class='crumbs']/a[2]/@href")
        for one in (first, second, last)
    ]
    assert ways == [[f"/staff/mail/{second}"], [f"/staff/mail/{last}"], []]
