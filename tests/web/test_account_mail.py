"""Mails of staff accounts are letters: in the outbox, in the language of the page, with a button for their link."""

import pytest
from flask import Flask
from sqlalchemy import select

from outreach.correspondence import queries
from outreach.correspondence.models import Letter, LetterKind
from outreach.db import Database, commit
from outreach.i18n import speaking
from outreach.web import unit
from outreach.web.account_mail import AccountMail

pytestmark = pytest.mark.usefixtures("english")


@pytest.mark.parametrize("link", ["http://127.0.0.1:8000/staff/reset/abc.DEF-1", None])
def test_an_account_mail_is_queued_as_a_letter(app: Flask, database: Database, link: str | None) -> None:
    body = f"Please follow {link}." if link else "Your password was changed.\nIf it was not you, write to us."
    with app.test_request_context(method="POST"), speaking("fr"):
        AccountMail(app).send_mail("reset", "Réinitialisation", "staff@secretariat.example", "x@y.example", body, None)
        commit(unit.session())
    with database.read() as session:
        letter = session.scalars(select(Letter)).one()
        assert (letter.kind, letter.to_address, letter.language) == (
            LetterKind.ACCOUNT,
            "staff@secretariat.example",
            "fr",
        )
        shown = queries.shown(session, letter.id)
    assert shown.subject == "Réinitialisation"
    assert body.split("\n")[0].split("http")[0].strip() in shown.text
    assert (link is not None) == ("inline-block" in shown.html)
    if link:
        assert f'href="{link}"' in shown.html


@pytest.mark.parametrize(("mail", "disregarded"), [("change_notice", False), ("reset_instructions", True)])
def test_a_warning_does_not_say_that_it_may_be_disregarded(
    app: Flask, database: Database, mail: str, disregarded: bool
) -> None:
    with app.test_request_context(method="POST"), speaking("en"):
        AccountMail(app).send_mail(mail, "A subject", "staff@secretariat.example", "x@y.example", "Words", None)
        commit(unit.session())
    with database.read() as session:
        shown = queries.shown(session, session.scalars(select(Letter)).one().id)
    assert ("disregarded" in shown.text) == disregarded
