"""Staff sign-in with Flask-Security, on our models, in our language and clothes; its mails leave as letters."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any, cast

from flask import Flask
from flask_login import user_logged_in
from flask_security import Security, SQLAlchemySessionUserDatastore
from flask_security.signals import password_changed, password_reset
from sqlalchemy.orm import Session

from outreach import clock, config, i18n
from outreach.identity import service as identity
from outreach.identity.models import Role, Staff
from outreach.paths import translations_dir
from outreach.web import account_forms, unit
from outreach.web.access import everyone
from outreach.web.account_mail import AccountMail
from outreach.web.account_words import LOCALES, SENTENCES, SUBJECTS

_GOOD_NEWS = {"PASSWORD_CHANGE", "PASSWORD_RESET_NO_LOGIN", "REAUTHENTICATION_SUCCESSFUL"}


class _RequestSession:
    """Stands for the session of the request at hand; Flask-Security asks for one object for all requests."""

    def __getattr__(self, name: str) -> Any:
        return getattr(self._session(), name)

    def commit(self) -> None:
        """Flask-Security commits by itself; our request does it once, at its end."""
        self._session().flush()

    @staticmethod
    def _session() -> Session:
        return unit.session()


def _as_function(view: Callable[..., Any]) -> Callable[..., Any]:
    """The view as a function: the library's static files are served by a bound method, which takes no access rule."""

    @wraps(view)
    def called(*args: Any, **kwargs: Any) -> Any:
        return view(*args, **kwargs)

    return called


def locale() -> str:
    """The language spoken now, by the name under which Flask-Security keeps its catalogue of it."""
    spoken = i18n.language() if i18n.is_spoken() else "en"
    return LOCALES.get(spoken, spoken)


def _signed_in(sender: Flask, user: Staff, **_more: Any) -> None:
    identity.signed_in(user)


def _password_changed(sender: Flask, user: Staff, **_more: Any) -> None:
    identity.password_set(unit.session(), user, by_mail=False)


def _password_reset(sender: Flask, user: Staff, **_more: Any) -> None:
    identity.password_set(unit.session(), user, by_mail=True)


def install(app: Flask) -> None:
    """Add the sign-in pages under /staff."""
    app.config.update(
        {
            f"SECURITY_MSG_{name}": (sentence, "done" if name in _GOOD_NEWS else "info")
            for name, sentence in SENTENCES.items()
        }
        | {f"SECURITY_EMAIL_SUBJECT_{name}": subject for name, subject in SUBJECTS.items()}
    )
    app.config.update(
        SECURITY_URL_PREFIX="/staff",
        SECURITY_PASSWORD_SALT=app.config["SECRET_KEY"],
        SECURITY_PASSWORD_LENGTH_MIN=12,
        SECURITY_PASSWORD_COMPLEXITY_CHECKER=None,
        SECURITY_RECOVERABLE=True,
        SECURITY_CHANGEABLE=True,
        SECURITY_LOGOUT_METHODS=["POST"],
        SECURITY_RETURN_GENERIC_RESPONSES=True,
        SECURITY_SEND_REGISTER_EMAIL=False,
        SECURITY_POST_LOGIN_VIEW="/staff/",
        SECURITY_POST_LOGOUT_VIEW="/",
        SECURITY_POST_RESET_VIEW="/staff/login",
        SECURITY_POST_CHANGE_VIEW="/staff/",
        SECURITY_RESET_PASSWORD_WITHIN=timedelta(hours=1),
        SECURITY_EMAIL_HTML=False,  # a letter's HTML is made from its text
        SECURITY_I18N_DIRNAME=["builtin", str(translations_dir())],  # what ours says goes before what the library says
        SECURITY_CACHE_CONTROL=None,  # what it says ("no-store=True") is no word of HTTP; our own follows
        SECURITY_API_ENABLED_METHODS=["session"],
        SECURITY_DATETIME_FACTORY=clock.now,
        SECURITY_FRESHNESS=timedelta(minutes=60),
    )
    # The library asks for a scoped session, and uses nothing of it that a session of ours lacks.
    datastore = SQLAlchemySessionUserDatastore(cast(Any, _RequestSession()), Staff, Role)
    security = Security(
        app,
        datastore,
        mail_util_cls=AccountMail,
        login_form=account_forms.SignInForm,
        verify_form=account_forms.ConfirmForm,
        change_password_form=account_forms.NewPasswordForm,
        forgot_password_form=account_forms.AskByMailForm,
        reset_password_form=account_forms.ChooseForm,
    )
    security.want_json(lambda _request: False)  # pages only: no tokens, no answers for programs
    # Links in mails begin as the settings say; what a request calls our host is its sender's to choose.
    security.mail_context_processor(lambda: {"base_url": config.settings().base_url})
    user_logged_in.connect(_signed_in, app)
    password_changed.connect(_password_changed, app)
    password_reset.connect(_password_reset, app)
    for endpoint, view in list(app.view_functions.items()):
        if endpoint.startswith("security."):
            app.view_functions[endpoint] = everyone(_as_function(view))
