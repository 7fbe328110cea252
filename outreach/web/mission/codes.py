"""The step that acts which bind have in common: a code is mailed to the address on file, and typed here."""

from collections.abc import Callable

from flask import request
from wtforms import StringField

from outreach.campaigns import act_codes
from outreach.errors import Invalid, TooMany
from outreach.i18n import _, lazy
from outreach.web import unit
from outreach.web.access import here
from outreach.web.faults import blame
from outreach.web.forms import Form, OneLine, at_most


class CodedForm(Form):
    """A form whose act takes a code. `step` says what the page shows: ask for the code, or type it."""

    code = StringField(lazy("Code from the mail"), [OneLine(), at_most(40)])
    notice: str | None = None
    fault: str | None = None

    @property
    def sent(self) -> bool:
        """Whether a code has been mailed, so that the page has a field for it; not where the form came back before that."""
        asked = bool(self.notice or self.fault)
        return asked or request.args.get("code") == "sent" or request.form.get("do") == "confirm"


def step(form: CodedForm, act: str, bind: Callable[[], None]) -> int:
    """One POST of a coded form: mail the code, or bind. The HTTP status to show the page with again; 0: the act is done.

    `bind` redeems the code and acts; what it raises comes to the field of the form that it speaks of.
    """
    if not form.validate():
        return 422
    if request.form.get("do") != "confirm":
        try:
            act_codes.send_code(unit.session(), here().invitation_id, act)
        except TooMany as fault:
            form.fault = fault.message
            return 429
        form.notice = _("A code has been mailed to the address on file. Please type it below.")
        return 200
    if not (form.code.data or "").strip():
        form.code.errors = [_("Please type the code from the mail.")]
        return 422
    try:
        bind()
    except Invalid as fault:
        form.fault = blame(form, fault)
        return 422
    except TooMany as fault:
        form.fault = fault.message
        return 429
    return 0
