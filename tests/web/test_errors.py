"""Error pages: in the reader's language and direction, calm, and without a word of ours that helps nobody."""

import logging
import uuid

import pytest
from flask import Flask, flash
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from outreach import errors, i18n
from outreach.errors import OutreachError
from outreach.identity import service as identity
from outreach.identity.audit import Actor, record
from outreach.identity.models import AuditEntry, Staff
from outreach.identity.words import StaffRole
from outreach.web import unit
from outreach.web.access import everyone
from tests.web.desk import member, signed_in
from tests.web.visitor import csrf_token, document, send, text_of

pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture
def app(own_app: Flask) -> Flask:
    """One to which these tests add views that fail."""
    return own_app


@everyone
def breaks() -> str:
    """A view with a fault of ours."""
    raise RuntimeError("secret words of a fault")


@everyone
def breaks_the_session() -> str:
    """A view whose statement fails, so that its transaction takes no other."""
    unit.session().execute(text("SELECT 1 / 0"))
    return "never"


def page_of(client: FlaskClient, status: int, language: str) -> TestResponse:
    """The page of an error in a language."""
    client.get(f"/?lang={language}")  # the choice is remembered
    token = csrf_token(client.get("/staff/login"))
    match status:
        case 400:
            answer = client.post("/staff/login", data={"csrf_token": "stale"})
        case 404:
            answer = client.get("/no/such/page")
        case 405:
            answer = client.get("/staff/logout")
        case 413:
            answer = client.post("/staff/login", data={"csrf_token": token, "email": "x" * 20_000})
        case _:
            answer = client.get("/breaks")
    assert answer.status_code == status
    return answer


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_each_error_has_its_page_in_the_readers_language(
    app: Flask, language: str, caplog: pytest.LogCaptureFixture
) -> None:
    app.add_url_rule("/breaks", view_func=breaks)
    app.config["MAX_CONTENT_LENGTH"] = 10_000
    client, headings = app.test_client(), set()
    for status in (400, 404, 405, 413, 500):
        answer = page_of(client, status, language)
        page = document(answer)
        assert (page.get("lang"), page.get("dir")) == (language, i18n.direction(language)), status
        assert answer.headers["Content-Language"] == language
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert len(page.xpath("//main//h1")) == 1 and page.xpath("string(//main//p)").strip()
        assert "secret words" not in answer.get_data(as_text=True)
        headings.add(page.xpath("string(//main//h1)"))
    assert len(headings) == 5


def test_a_fault_of_ours_is_logged_with_its_route_and_without_its_address(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    app.add_url_rule("/m/<token>/breaks", view_func=everyone(lambda token: breaks()))
    with caplog.at_level(logging.ERROR):
        answer = app.test_client().get("/m/capability/breaks")
    assert answer.status_code == 500
    assert "Nothing was changed by your last step" in text_of(answer)
    assert "/m/<token>/breaks failed" in caplog.text and "secret words" in caplog.text
    assert "capability" not in caplog.text


def test_a_fault_changes_nothing(app: Flask, session: Session) -> None:
    @everyone
    def half_done() -> str:
        identity.wrong_password(unit.session(), account.id)
        unit.session().flush()
        return breaks()

    account: Staff = member(app, session, StaffRole.READER)
    app.add_url_rule("/half", view_func=half_done, methods=["POST"])
    assert send(app.test_client(), "/half", page="/staff/login").status_code == 500
    assert "staff.wrong_password" not in session.scalars(select(AuditEntry.act)).all()


@pytest.mark.parametrize("signed", [True, False])
def test_a_failed_statement_still_gets_its_page(app: Flask, session: Session, signed: bool) -> None:
    app.add_url_rule("/breaks", view_func=breaks_the_session)
    client = signed_in(app, session, StaffRole.READER) if signed else app.test_client()
    answer = client.get("/breaks")
    assert answer.status_code == 500
    assert "Something went wrong on our side" in text_of(answer)


def test_without_its_database_the_service_says_so(app: Flask, session: Session) -> None:
    client = signed_in(app, session, StaffRole.READER)
    database = app.extensions["outreach.database"]
    database.dispose()
    app.extensions["outreach.database"] = type(database)("postgresql+psycopg://outreach@127.0.0.1:9/none")
    answer = client.get("/staff/")
    assert answer.status_code == 500
    assert "Something went wrong on our side" in text_of(answer)


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (errors.Invalid("Please mend this."), 422),
        (errors.Missing("Please mend this."), 404),
        (errors.Refused("Please mend this."), 403),
        (errors.Stale("Please mend this."), 409),
        (errors.TooMany("Please mend this."), 429),
        (OutreachError("Please mend this."), 400),
    ],
)
def test_a_services_sentence_reaches_the_reader(app: Flask, error: OutreachError, status: int) -> None:
    @everyone
    def refuses() -> str:
        raise error

    app.add_url_rule("/refuses", view_func=refuses)
    answer = app.test_client().get("/refuses")
    assert answer.status_code == status
    assert "Please mend this." in text_of(answer)


def test_a_page_for_one_method_says_which(client: FlaskClient) -> None:
    answer = client.get("/staff/logout")
    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]


def test_what_was_flashed_is_escaped(app: Flask) -> None:
    @everyone
    def flashes() -> tuple[str, int]:
        flash("<script>alert(1)</script>")
        raise errors.Missing("<b>not</b> here")

    app.add_url_rule("/flashes", view_func=flashes)
    page = app.test_client().get("/flashes").get_data(as_text=True)
    assert "<script>alert" not in page and "<b>not" not in page


def test_a_commit_that_fails_is_a_fault_of_ours_too(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    @everyone
    def unkept() -> str:
        stranger = Actor("nobody", uuid.uuid4())  # an account that does not exist: the database refuses at the commit
        record(unit.session(), stranger, "test.written", "nothing", uuid.uuid4())
        return "kept"

    app.add_url_rule("/m/<token>/unkept", view_func=lambda token: unkept(), methods=["POST"], endpoint="unkept")
    answer = send(app.test_client(), "/m/capability/unkept", page="/staff/login")
    assert answer.status_code == 500
    assert "Nothing was changed by your last step" in text_of(answer)
    assert "capability" not in caplog.text
