"""Signing in: by password, by mail, by link; what a wrong password does; where one may be led afterwards."""

from datetime import timedelta
from urllib.parse import quote, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.correspondence.models import Letter, LetterKind
from outreach.identity import service as identity
from outreach.identity.models import AuditEntry, Staff
from outreach.identity.words import StaffRole
from tests import factories
from tests.web.desk import PASSWORD, member, signed_in
from tests.web.visitor import csrf_token, document, send, text_of

ADDRESS = "manager@secretariat.example"
GENERIC = "The e-mail address or the password is not right."

pytestmark = pytest.mark.usefixtures("at_now", "english")


@pytest.fixture(autouse=True)
def _few_tries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(identity, "MOST_WRONG_PASSWORDS", 3)  # each try costs a hash


@pytest.fixture
def account(app: Flask, session: Session) -> Staff:
    return member(app, session, StaffRole.MANAGER, password=PASSWORD)


def sign_in(client: FlaskClient, password: str = PASSWORD, email: str = ADDRESS, **more: str) -> int:
    return send(client, "/staff/login", {"email": email, "password": password, **more}).status_code


def is_in(client: FlaskClient) -> bool:
    return client.get("/staff/").status_code == 200


def link_of_mail(session: Session) -> str:
    """The link of the account mail that was queued last, as its recipient reads it."""
    letter = session.scalars(
        select(Letter).where(Letter.kind == LetterKind.ACCOUNT).order_by(Letter.queued_at, Letter.id)
    ).all()[-1]
    (values,) = letter.merge.values()
    return str(values["link"])


def test_the_password_signs_in_and_a_post_signs_out(client: FlaskClient, session: Session, account: Staff) -> None:
    assert sign_in(client) == 302
    assert is_in(client)
    session.refresh(account)
    assert account.signed_in_at == clock.now()
    assert client.get("/staff/logout").status_code == 405
    assert send(client, "/staff/logout", page="/staff/").status_code == 302
    assert not is_in(client)


def test_an_address_is_not_told_by_its_case(client: FlaskClient, account: Staff) -> None:
    assert sign_in(client, email="Manager@Secretariat.Example") == 302


@pytest.mark.parametrize("email", [ADDRESS, "nobody@secretariat.example"])
def test_a_wrong_password_and_an_unknown_address_are_answered_alike(
    client: FlaskClient, account: Staff, email: str
) -> None:
    answer = send(client, "/staff/login", {"email": email, "password": "wrong"})
    assert GENERIC in text_of(answer)
    assert document(answer).xpath('//input[@name="email"]/@value') == [email]
    assert not is_in(client)


def test_after_many_wrong_passwords_the_account_pauses(app: Flask, session: Session, account: Staff) -> None:
    for _ in range(identity.MOST_WRONG_PASSWORDS + 5):
        assert sign_in(app.test_client(), "wrong") == 200
    noted = select(func.count()).where(AuditEntry.act == "staff.wrong_password", AuditEntry.subject_id == account.id)
    assert session.scalar(noted) == identity.MOST_WRONG_PASSWORDS, "a flood of tries must not flood the trail"
    paused = app.test_client()
    answer = send(paused, "/staff/login", {"email": ADDRESS, "password": PASSWORD})
    assert GENERIC in text_of(answer), "the right password must not be told from a wrong one"
    assert not is_in(paused)
    with clock.stopped_at(factories.NOW + identity.PAUSE + timedelta(seconds=1)):
        assert sign_in(app.test_client()) == 302


def test_another_account_does_not_pause_with_it(app: Flask, session: Session, account: Staff) -> None:
    member(app, session, StaffRole.READER, password=PASSWORD)
    for _ in range(identity.MOST_WRONG_PASSWORDS):
        sign_in(app.test_client(), "wrong")
    assert sign_in(app.test_client(), email="reader@secretariat.example") == 302


def test_the_pause_holds_for_whoever_found_an_open_session(
    client: FlaskClient, session: Session, account: Staff
) -> None:
    assert sign_in(client) == 302
    for _ in range(identity.MOST_WRONG_PASSWORDS):
        send(client, "/staff/verify", {"password": "wrong"})
    change = {"password": PASSWORD, "new_password": "short", "new_password_confirm": "short"}
    answer = text_of(send(client, "/staff/change", change))
    assert "Please wait a few minutes" in answer
    assert "at least 12" not in answer.replace("At least 12", ""), "that would say that the present password is right"


def test_a_new_password_by_mail(app: Flask, session: Session, account: Staff) -> None:
    client = app.test_client()
    for _ in range(identity.MOST_WRONG_PASSWORDS):
        sign_in(client, "wrong")
    elsewhere = {"base_url": "http://evil.example"}
    token = csrf_token(client.get("/staff/reset", **elsewhere))
    asked = client.post("/staff/reset", data={"csrf_token": token, "email": ADDRESS}, **elsewhere)
    assert "a mail with a link" in asked.get_data(as_text=True)
    link = link_of_mail(session)
    assert link.startswith("http://127.0.0.1:8000/staff/reset/"), "the host of the request must not reach the mail"
    page = urlsplit(link).path
    short = send(client, page, {"password": "short", "password_confirm": "short"})
    assert "at least 12 characters" in text_of(short)
    unlike = send(client, page, {"password": "another sentence of mine", "password_confirm": "another"})
    assert "The two new passwords are not the same." in text_of(unlike)
    done = {"password": "another sentence of mine", "password_confirm": "another sentence of mine"}
    assert send(client, page, done).status_code == 302
    assert "this link was used already" in client.get(page, follow_redirects=True).get_data(as_text=True).lower()
    assert sign_in(app.test_client()) == 200
    assert sign_in(app.test_client(), "another sentence of mine") == 302, "a new password ends the pause"
    acts = session.scalars(select(AuditEntry.act).where(AuditEntry.staff_id == account.id)).all()
    assert acts == ["staff.password_reset"]


def test_asking_for_a_mail_again_and_again_sends_one(app: Flask, session: Session, account: Staff) -> None:
    for _ in range(3):
        send(app.test_client(), "/staff/reset", {"email": ADDRESS})
    assert session.scalar(select(func.count()).select_from(Letter)) == 1
    with clock.stopped_at(factories.NOW + timedelta(minutes=11)):
        send(app.test_client(), "/staff/reset", {"email": ADDRESS})
    assert session.scalar(select(func.count()).select_from(Letter)) == 2


def test_a_mail_for_an_unknown_address_is_answered_alike_and_not_sent(
    app: Flask, session: Session, account: Staff
) -> None:
    answers = {
        text_of(send(app.test_client(), "/staff/reset", {"email": address}))
        for address in (ADDRESS, "nobody@secretariat.example", "no address")
    }
    assert len(answers) == 1
    assert session.scalar(select(func.count()).select_from(Letter)) == 1


def test_a_password_is_changed_and_the_change_is_told(client: FlaskClient, session: Session, account: Staff) -> None:
    sign_in(client)
    new = "another sentence of mine"
    wrong = send(client, "/staff/change", {"password": "wrong", "new_password": new, "new_password_confirm": new})
    assert "This is not the password of your account." in text_of(wrong)
    changed = send(client, "/staff/change", {"password": PASSWORD, "new_password": new, "new_password_confirm": new})
    assert changed.status_code == 302
    assert is_in(client)
    (letter,) = session.scalars(select(Letter)).all()
    assert letter.to_address == ADDRESS
    acts = session.scalars(select(AuditEntry.act).where(AuditEntry.staff_id == account.id)).all()
    assert acts == ["staff.password_changed"]


def test_whoever_came_by_a_link_chooses_a_first_password(app: Flask, session: Session) -> None:
    client = signed_in(app, session, StaffRole.MANAGER)
    assert 'name="password"' not in client.get("/staff/change").get_data(as_text=True)
    assert (
        send(client, "/staff/change", {"new_password": PASSWORD, "new_password_confirm": PASSWORD}).status_code == 302
    )
    assert sign_in(app.test_client()) == 302


def test_ended_access_ends_the_session_at_hand(client: FlaskClient, session: Session, account: Staff) -> None:
    sign_in(client)
    account.active = False
    session.commit()
    assert not is_in(client)
    assert sign_in(client) == 200


@pytest.mark.parametrize(
    "elsewhere",
    [
        "//evil.example",
        "https://evil.example/",
        "/\\evil.example",
        "\\\\evil.example",
        "/////evil.example",
        " //evil.example",
        "%20//evil.example",
        "javascript:alert(1)",
        "http:evil.example",
        "\x19//evil.example",
    ],
)
def test_nobody_is_led_to_another_site(app: Flask, account: Staff, elsewhere: str) -> None:
    data = {"email": ADDRESS, "password": PASSWORD, "next": elsewhere}
    answer = send(app.test_client(), f"/staff/login?next={quote(elsewhere)}", data)
    led = answer.headers.get("Location", "")
    # Browsers read a backslash as a slash, and drop blanks and control characters at the beginning.
    read = led.replace("\\", "/").lstrip("".join(map(chr, range(33))))
    assert not read.startswith("//") and not urlsplit(read).scheme, led


def test_one_is_led_back_to_the_page_that_asked(client: FlaskClient, account: Staff) -> None:
    asked = client.get("/staff/change")
    assert "/staff/login?next=" in asked.headers["Location"]
    answer = send(client, asked.headers["Location"], {"email": ADDRESS, "password": PASSWORD})
    assert answer.headers["Location"] == "/staff/change"


def test_programs_get_no_tokens(client: FlaskClient, account: Staff) -> None:
    sign_in(client)
    answer = client.get("/staff/change", headers={"Accept": "application/json"})
    assert answer.mimetype == "text/html"
