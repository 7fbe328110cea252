"""Staff sign-in with Flask-Security, on our models, in our language and clothes; its mails leave as letters."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any, cast

from flask import Flask
from flask_security import Security, SQLAlchemySessionUserDatastore
from sqlalchemy.orm import Session

from outreach import clock
from outreach.identity.models import Role, Staff
from outreach.web import unit
from outreach.web.access import everyone
from outreach.web.account_mail import AccountMail


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


def install(app: Flask) -> None:
    """Add the sign-in pages under /staff."""
    app.config.update(
        SECURITY_URL_PREFIX="/staff",
        SECURITY_PASSWORD_SALT=app.config["SECRET_KEY"],
        SECURITY_PASSWORD_LENGTH_MIN=12,
        SECURITY_PASSWORD_COMPLEXITY_CHECKER=None,
        SECURITY_RECOVERABLE=True,
        SECURITY_CHANGEABLE=True,
        SECURITY_TRACKABLE=True,
        SECURITY_LOGOUT_METHODS=["POST"],
        SECURITY_RETURN_GENERIC_RESPONSES=True,
        SECURITY_SEND_REGISTER_EMAIL=False,
        SECURITY_POST_LOGIN_VIEW="/staff/",
        SECURITY_POST_LOGOUT_VIEW="/",
        SECURITY_POST_RESET_VIEW="/staff/",
        SECURITY_POST_CHANGE_VIEW="/staff/",
        SECURITY_RESET_PASSWORD_WITHIN=timedelta(hours=1),
        SECURITY_EMAIL_VALIDATOR_ARGS={"check_deliverability": False, "test_environment": True},
        SECURITY_DATETIME_FACTORY=clock.now,
        SECURITY_FRESHNESS=timedelta(minutes=60),
    )
    # The library asks for a scoped session, and uses nothing of it that a session of ours lacks.
    datastore = SQLAlchemySessionUserDatastore(cast(Any, _RequestSession()), Staff, Role)
    Security(app, datastore, mail_util_cls=AccountMail)
    for endpoint, view in list(app.view_functions.items()):
        if endpoint.startswith("security."):
            app.view_functions[endpoint] = everyone(_as_function(view))
