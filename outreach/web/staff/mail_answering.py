"""Answering a mail: staff write, see the answer as it will be sent, and send it once."""

import uuid
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import BooleanField, HiddenField, SelectField, StringField, TextAreaField

from outreach.errors import Invalid, Missing, Stale
from outreach.i18n import LANGUAGES, NATIVE_NAMES, _, lazy
from outreach.identity.words import StaffRole
from outreach.inbox import answering, answers
from outreach.inbox.answering import Preview, Words
from outreach.inbox.queries import ShownMail
from outreach.web import unit
from outreach.web.access import staff, staff_actor
from outreach.web.faults import blame
from outreach.web.forms import Form, OneLine, at_most, filled, required
from outreach.web.staff import blueprint
from outreach.web.staff.mail import readable, tell_dealt_with
from outreach.web.staff.mail_words import OBSTACLES

Answer = Response | tuple[str, int]


class AnswerForm(Form):
    """What is written; `known` is how many answers there were when the page was made."""

    language = SelectField(lazy("Language"), [required()])
    salutation = StringField(lazy("Salutation"), [at_most(200), OneLine()])
    message = TextAreaField(lazy("Your answer"), [filled(), at_most(answering.MOST_WORDS)])
    known = HiddenField()
    settles = BooleanField(lazy("With that the mail is dealt with, and waits no more"))

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.language.choices = [(code, NATIVE_NAMES[code]) for code in LANGUAGES]

    @property
    def words(self) -> Words:
        """As the service takes them."""
        return Words(self.language.data, self.salutation.data or "", self.message.data or "")


@blueprint.get("/mail/<uuid:mail_id>/answer")
@staff(StaffRole.MANAGER)
def mail_answer(mail_id: uuid.UUID) -> str:
    """Write an answer: in the language of correspondence, or, `again`, as one that did not arrive was written."""
    session = unit.session()
    found, written = readable(mail_id), answers.answers_to(session, mail_id)
    lost = next((one for one in written if str(one.letter_id) == request.args.get("again")), None)
    begun = answering.prospect(session, unit.storage(), mail_id)
    words = answering.words_of(session, lost.letter_id) if lost else Words(begun.language, begun.salutation, "")
    form = AnswerForm(
        formdata=None,
        language=words.language,
        salutation=words.salutation,
        message=words.message,
        known=str(len(written)),
        settles=True,
    )
    return _page(found, form)


@blueprint.post("/mail/<uuid:mail_id>/answer")
@staff(StaffRole.MANAGER)
def mail_answered(mail_id: uuid.UUID) -> Answer:
    """Show the answer as it will be sent, go back to change it, or send it."""
    session, found, form = unit.session(), readable(mail_id), AnswerForm()
    if not form.validate():
        return _page(found, form), 422
    act = request.form.get("act")
    try:
        if act != "send":
            shown = answering.preview(session, unit.storage(), mail_id, form.words) if act == "look" else None
            return _page(found, form, shown), 200
        answering.send(
            session,
            unit.storage(),
            mail_id,
            form.words,
            staff_actor(),
            known=_number(form.known.data),
            settles=form.settles.data and found.line.outcome is None,
        )
    except Invalid as fault:
        return _page(found, form, fault=blame(form, fault)), 422
    except Stale as quicker:
        session.rollback()
        form.known.data = str(len(answers.answers_to(session, mail_id)))
        return _page(readable(mail_id), form, fault=quicker.message), 422
    flash(_("The answer is on its way to %(email)s.", email=_to(mail_id)), "done")
    if not form.settles.data or found.line.outcome is not None:
        return redirect(url_for("staff.mail_shown", mail_id=mail_id, _anchor="answers"))
    tell_dealt_with(found)
    return redirect(url_for("staff.mail"))


def _page(found: ShownMail, form: AnswerForm, shown: Preview | None = None, fault: str | None = None) -> str:
    """The page with the form, or with the answer as it will be sent."""
    begun = answering.prospect(unit.session(), unit.storage(), found.line.id)
    if begun.obstacle is not None:
        raise Missing(str(OBSTACLES[begun.obstacle]) or _("This mail can’t be answered from here."))
    return render_template("staff/mail_answer.html", mail=found, form=form, to=begun, shown=shown, fault=fault)


def _to(mail_id: uuid.UUID) -> str:
    return answers.answers_to(unit.session(), mail_id)[-1].to_address


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdecimal() else 0
