"""The forms of the sign-in pages: Flask-Security's, with labels in our words, and deaf for a while after many wrong passwords."""

from collections.abc import Mapping
from typing import Any, ClassVar, cast

from flask_login import current_user
from flask_security import ChangePasswordForm, ForgotPasswordForm, LoginForm, ResetPasswordForm, VerifyForm
from flask_security.utils import get_message
from wtforms import Field, Form

from outreach.i18n import _, lazy
from outreach.identity import service as identity
from outreach.web import unit

_PASSWORD = lazy("Password")
_EMAIL = lazy("E-mail address")
_NEW = lazy("New password")
_AGAIN = lazy("The new password once more")


class _Labelled:
    """Makes the fields of a form bear the labels of `labels`, in the language of the reader."""

    labels: ClassVar[Mapping[str, Any]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in self.labels.items():
            self.part(name).label.text = str(label)

    def part(self, name: str) -> Field:
        """The field of this name."""
        return cast(Form, self)[name]


class _Patient(_Labelled):
    """For a form that asks for the present password in its field `password`."""

    def validate(self, **kwargs: Any) -> bool:
        """Whether the form may be followed; after many wrong passwords the right one is not taken either, nor told from a wrong one."""
        valid = bool(super().validate(**kwargs))  # type: ignore[misc]
        # The form of the sign-in page finds its account by the address, the others belong to whoever is signed in.
        member = getattr(self, "user", None) or (current_user if current_user.is_authenticated else None)
        if member is None:
            return valid
        password = self.part("password")
        if not identity.takes_passwords(unit.session(), member.id):
            for field in cast(Form, self):
                field.errors = []
            password.errors = [_("Please wait a few minutes and try again.")]
            return False
        if get_message("INVALID_PASSWORD")[0] in password.errors:
            identity.wrong_password(unit.session(), member.id)
        return valid


class SignInForm(_Patient, LoginForm):
    """Address and password. Nobody is remembered beyond the session: offices share computers."""

    labels: ClassVar[Mapping[str, Any]] = {"email": _EMAIL, "password": _PASSWORD}
    remember = None  # type: ignore[assignment]


class ConfirmForm(_Patient, VerifyForm):
    """The password once more, before an act that asks for it."""

    labels: ClassVar[Mapping[str, Any]] = {"password": _PASSWORD}


class NewPasswordForm(_Patient, ChangePasswordForm):
    """The present password and a new one; without the first for an account that has none yet."""

    labels: ClassVar[Mapping[str, Any]] = {
        "password": lazy("Present password"),
        "new_password": _NEW,
        "new_password_confirm": _AGAIN,
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.part("password").flags.required = True  # shown only where there is one


class AskByMailForm(_Labelled, ForgotPasswordForm):
    """The address to which a link to choose a new password is mailed."""

    labels: ClassVar[Mapping[str, Any]] = {"email": _EMAIL}


class ChooseForm(_Labelled, ResetPasswordForm):
    """A new password, by the link of a mail."""

    labels: ClassVar[Mapping[str, Any]] = {"password": _NEW, "password_confirm": _AGAIN}
