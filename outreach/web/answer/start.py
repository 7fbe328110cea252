"""The first page behind an answering link: who am I, what is asked, until when, how does my answer stand; and its beginning."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response
from wtforms import StringField
from wtforms.validators import Optional

from outreach.campaigns.links import LinkKind
from outreach.forwarding import queries as forwarding
from outreach.i18n import _, lazy
from outreach.submissions import drafts, service
from outreach.web import unit
from outreach.web.access import here, holder
from outreach.web.answer import blueprint
from outreach.web.answer.frame import Frame, frame, lead_to, own_address
from outreach.web.forms import Form, OneLine, at_most, email
from outreach.web.language import keeping_query

_PAGE_OF = {"begin": "start", "respondent": "start", "submit": "review", "publication": "receipt", "correct": "receipt"}


class RespondentForm(Form):
    """Who answers, where the person wishes to say so."""

    name = StringField(lazy("Your name"), [OneLine(), at_most(200)])
    email = StringField(lazy("Your e-mail address"), [Optional(), OneLine(), at_most(254), email()])


def _page(framed: Frame, form: RespondentForm | None = None, status: int = 200) -> tuple[str, int]:
    answer = framed.answer
    if form is None:
        form = RespondentForm(
            formdata=None,
            name=answer.respondent_name if answer else "",
            email=answer.respondent_email if answer else "",
        )
    waits = forwarding.acts_done(unit.session(), here().invitation_id).mail_waits
    shown = render_template("answer/start.html", form=form, waits=waits, own_address=own_address(), **framed.page())
    return shown, status


@blueprint.get("/a/<token>")
@holder(LinkKind.ANSWER)
def start() -> tuple[str, int]:
    """Everything on one page, one main act: begin, continue, rework, wait, or open the receipt."""
    return _page(frame())


@blueprint.post("/a/<token>/begin")
@holder(LinkKind.ANSWER)
def begun() -> Response | tuple[str, int]:
    """Begin the draft, or go on with the one that is there."""
    own, form = here(), RespondentForm()
    if not form.validate():
        return _page(frame(), form, 422)
    service.begin(
        unit.session(), own.invitation_id, own.actor, name=form.name.data or "", email=(form.email.data or "").strip()
    )
    return lead_to("part", number=1)


@blueprint.post("/a/<token>/respondent")
@holder(LinkKind.ANSWER)
def respondent_named() -> Response | tuple[str, int]:
    """Change who answers and where the receipt goes, or take it back."""
    form, framed = RespondentForm(), frame()
    if framed.answer is None:
        return lead_to("start")
    if not form.validate():
        return _page(framed, form, 422)
    drafts.name_respondent(unit.session(), framed.answer.id, form.name.data or "", form.email.data or "")
    flash(_("Saved."), "done")
    return lead_to("start")


@blueprint.get("/a/<token>/<any(begin, respondent, submit, publication, correct):act>")
@holder(LinkKind.ANSWER)
def page_of(act: str) -> Response:
    """The page that an act belongs to: a page that came back with a fault can be opened again, or in another language."""
    return redirect(keeping_query(url_for(f"answer.{_PAGE_OF[act]}", token=here().token)))
