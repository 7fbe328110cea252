"""The base of all forms: their sentences are in the language of the reader, and what was typed is shown again."""

from collections.abc import Sequence
from typing import Any

from babel.support import NullTranslations
from flask_wtf import FlaskForm
from wtforms import Field, ValidationError
from wtforms.validators import DataRequired, Email, InputRequired, Length

from outreach import i18n
from outreach.i18n import lazy


class _Catalogue:
    """WTForms' own sentences, from our catalogue."""

    def gettext(self, message: str) -> str:
        found: NullTranslations = i18n.catalogue()
        return str(found.ugettext(message))

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        return str(i18n.catalogue().ungettext(singular, plural, n))


class Form(FlaskForm):  # type: ignore[misc]
    """A form with CSRF protection whose validators speak the reader's language."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        def get_translations(self, form: Any) -> _Catalogue:
            """Our catalogue for the fields' own sentences."""
            return _Catalogue()


def required() -> InputRequired:
    """The field must be filled in."""
    return InputRequired(lazy("Please fill in this field."))


def filled() -> DataRequired:
    """The field must hold a text of more than blanks."""
    return DataRequired(lazy("Please fill in this field."))


def email() -> Email:
    """The field must hold one e-mail address; it is not looked up in DNS."""
    return Email(lazy("Please write one e-mail address, such as office@ministry.example."))


def at_most(characters: int) -> Length:
    """The field may hold so many characters."""
    return Length(max=characters, message=lazy("Please write at most %(max)d characters."))


class OneLine:
    """The field must hold one line: no line breaks or control characters, which could forge a header."""

    def __call__(self, form: Any, field: Field) -> None:
        """Raise ValidationError where the field holds control characters."""
        if any(ord(character) < 32 or character in "\x7f\u2028\u2029\u0085" for character in field.data or ""):
            raise ValidationError(i18n._("Please write this on one line, without control characters."))


def choices(pairs: Sequence[tuple[str, str]], *, empty: str | None = None) -> list[tuple[str, str]]:
    """Choices for a SelectField, with an empty first one where `empty` says so."""
    return [*([("", empty)] if empty is not None else []), *pairs]
