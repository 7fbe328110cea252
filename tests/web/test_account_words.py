"""The sign-in pages and account mails speak the reader's language: nothing of Flask-Security is left in English."""

import re
from pathlib import Path
from urllib.parse import urlsplit

import flask_security
import pytest
from babel.messages.pofile import read_po
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import i18n
from outreach.correspondence.models import Letter
from outreach.identity.words import StaffRole
from outreach.paths import translations_dir
from outreach.stack.catalogues import compile_catalogues
from outreach.web import account_words
from tests.web.desk import PASSWORD, member
from tests.web.visitor import document, send

OTHERS = [language for language in i18n.LANGUAGES if language != "en"]
LIBRARY = Path(flask_security.__file__).parent
MAILS = Path(account_words.__file__).parent / "templates" / "security" / "email"
NEW = "another sentence of mine"


@pytest.fixture(autouse=True, scope="module")
def _compiled() -> None:
    compile_catalogues(translations_dir())


pytestmark = pytest.mark.usefixtures("english")  # for the rows that the tests make; each page speaks its own


def ours() -> list[str]:
    """What we make Flask-Security say, in English."""
    mails = [text for file in MAILS.glob("*.txt") for text in re.findall(r'_fsdomain\("(.+?)"', file.read_text())]
    assert len(mails) == 3
    return [*account_words.SENTENCES.values(), *account_words.SUBJECTS.values(), *mails]


def the_librarys() -> list[str]:
    """All sentences that Flask-Security itself can say."""
    with (LIBRARY / "translations" / "flask_security.pot").open("rb") as source:
        return [str(message.id) for message in read_po(source) if message.id and len(str(message.id).split()) > 2]


@pytest.mark.parametrize("language", OTHERS)
def test_every_text_of_ours_is_translated(language: str) -> None:
    with (translations_dir() / language / "LC_MESSAGES" / "flask_security.po").open("rb") as source:
        catalogue = read_po(source, locale=language)
    for text in ours():
        found = catalogue.get(text)
        assert found is not None and found.string and not found.fuzzy, text
    left_over = {str(message.id) for message in catalogue if message.id} - set(ours())
    assert not left_over, "these are said nowhere"


@pytest.mark.parametrize("language", OTHERS)
def test_what_the_library_says_by_itself_is_in_the_readers_language_too(app: Flask, language: str) -> None:
    with app.test_request_context(), i18n.speaking(language):
        said = app.jinja_env.globals["_fsdomain"]("Invalid password")  # a text that we don't translate
    assert said != "Invalid password"


def test_the_messages_that_our_forms_and_views_use_are_ours(app: Flask) -> None:
    """Each message that the enabled parts of the library name stands in our list, or is never seen."""
    named = set()
    for module, parts in {
        "views.py": ["login", "verify", "logout", "forgot_password", "reset_password", "change_password"],
        "forms.py": ["LoginForm", "VerifyForm", "ForgotPasswordForm", "ResetPasswordForm", "ChangePasswordForm"],
    }.items():
        source = (LIBRARY / module).read_text()
        for part in parts:
            body = re.search(rf"^(?:def|class) {part}\b.*?(?=^(?:@|def |class |\Z))", source, re.MULTILINE | re.DOTALL)
            assert body is not None, part
            named |= set(re.findall(r'get_message\(\s*"(\w+)"', body[0]))
    # The first three are answered with the generic sentence; the others belong to what is not enabled or not shown.
    unseen = {"USER_DOES_NOT_EXIST", "DISABLED_ACCOUNT", "CONFIRMATION_REQUIRED", "FORGOT_PASSWORD", "PASSWORD_RESET"}
    assert named - unseen <= set(account_words.SENTENCES)


@pytest.mark.parametrize("language", OTHERS)
def test_no_page_and_no_mail_shows_english(app: Flask, session: Session, language: str) -> None:
    account = member(app, session, StaffRole.MANAGER, password=PASSWORD)
    browser = app.test_client()
    browser.get(f"/staff/login?lang={language}")  # the choice is remembered
    shown: list[str] = []

    def see(address: str, data: dict[str, str] | None = None, **more: str) -> None:
        page = browser.get(address, follow_redirects=True) if data is None else send(browser, address, data, **more)
        if page.status_code == 302:
            page = browser.get(page.headers["Location"], follow_redirects=True)
        assert page.status_code == 200, address
        assert document(page).get("lang") == language
        shown.append(" ".join(page.get_data(as_text=True).split()))

    see("/staff/")
    see("/staff/login", {"email": "", "password": ""})
    see("/staff/login", {"email": account.email, "password": "wrong"})
    see("/staff/login", {"email": account.email, "password": PASSWORD, "next": "//evil.example"})
    see("/staff/reset", {"email": "no address"})
    see("/staff/reset", {"email": account.email})
    see("/staff/reset/nonsense")
    (letter,) = session.scalars(select(Letter)).all()
    choose = urlsplit(next(iter(letter.merge.values()))["link"]).path
    see(choose, {"password": "", "password_confirm": ""})
    see(choose, {"password": "short", "password_confirm": "short"})
    see(choose, {"password": NEW, "password_confirm": "other"})
    see(choose, {"password": NEW, "password_confirm": NEW})
    see("/staff/login", {"email": account.email, "password": NEW})
    see("/staff/verify", {"password": "wrong"})
    see("/staff/verify", {"password": NEW})
    see("/staff/change", {"password": "wrong", "new_password": PASSWORD, "new_password_confirm": PASSWORD})
    see("/staff/change", {"password": NEW, "new_password": NEW, "new_password_confirm": NEW})
    see("/staff/change", {"password": NEW, "new_password": PASSWORD, "new_password_confirm": PASSWORD})
    for sent in session.scalars(select(Letter)).all():
        assert sent.language == language
        shown.extend(" ".join(str(value).split()) for value in next(iter(sent.merge.values())).values())
    assert len(shown) > 20
    english = [re.split(r"%\(\w+\)s", text)[0].strip() for text in {*ours(), *the_librarys()}]
    for text in english:
        if len(text.split()) > 2:
            assert not [page for page in shown if text in page], text
