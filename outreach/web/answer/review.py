"""The last look at an answer, the choice about publication, and the one act: to the Secretariat, or to the Permanent Mission."""

from collections.abc import Callable
from typing import Any

from flask import render_template, request
from werkzeug.wrappers import Response
from wtforms import RadioField
from wtforms.validators import InputRequired

from outreach.campaigns.links import LinkKind
from outreach.errors import Invalid, Stale
from outreach.i18n import _, lazy
from outreach.submissions import respondent, service
from outreach.submissions.respondent import Standing
from outreach.submissions.words import Publication
from outreach.web import unit
from outreach.web.access import here, holder
from outreach.web.answer import blueprint
from outreach.web.answer.frame import Frame, frame, lead_to
from outreach.web.faults import blame
from outreach.web.mission.codes import CodedForm, step

Answer = Response | tuple[str, int]


def publications() -> list[tuple[str, Any]]:
    """The three choices about publication."""
    return [
        (Publication.PUBLISH.value, _("Publish it")),
        (Publication.WITHOUT_NAMES.value, _("Publish it without names and contacts")),
        (Publication.DO_NOT_PUBLISH.value, _("Do not publish it")),
    ]


class SubmitForm(CodedForm):
    """The choice about publication, never made beforehand; the code is for a mission only."""

    publication = RadioField(
        lazy("What may the Secretariat do with this answer?"),
        [InputRequired(lazy("Please choose how your answer may be published."))],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.publication.choices = publications()


def _page(framed: Frame, form: SubmitForm, status: int = 200, changed: str | None = None) -> tuple[str, int]:
    assert framed.answer is not None
    faults = respondent.faults(unit.session(), framed.answer, framed.questionnaire)
    return render_template("answer/review.html", form=form, faults=faults, changed=changed, **framed.page()), status


@blueprint.get("/a/<token>/review")
@holder(LinkKind.ANSWER)
def review() -> Answer:
    """All answers; what is missing; the choice and the act. What is with the mission, or was left at the close, can be read."""
    framed = frame()
    if framed.answer is None:
        return lead_to("start")
    if framed.answer.standing is Standing.SUBMITTED:
        return lead_to("receipt")
    return _page(framed, SubmitForm(formdata=None))


@blueprint.post("/a/<token>/submit")
@holder(LinkKind.ANSWER)
def submitted() -> Answer:
    """Submit, or hand to the mission; a mission's own reply takes a code. The same click twice leads where the first one did."""
    own, session, framed = here(), unit.session(), frame()
    answer = framed.answer
    if answer is None or not answer.editable:
        return _sent(framed)
    form = SubmitForm()
    revision = request.form.get("revision", -1, type=int)

    def bind() -> None:
        chosen = Publication(form.publication.data)
        if framed.mission:
            service.send_to_mission(session, answer.id, revision=revision, publication=chosen, actor=own.actor)
        else:
            service.submit(
                session,
                answer.id,
                revision=revision,
                publication=chosen,
                actor=own.actor,
                code=form.code.data or "",
            )

    try:
        # No code is mailed for what can't go out.
        coded = framed.is_mission and not respondent.faults(session, answer, framed.questionnaire)
        status = step(form, service.TRANSMIT, bind) if coded else _at_once(form, bind)
    except Stale as changed:
        return _page(frame(), form, 409, changed.message)
    return _page(frame(), form, status) if status else _sent(frame())


def _at_once(form: SubmitForm, bind: Callable[[], None]) -> int:
    """An act without a code: the HTTP status to show the page with again; 0: it is done."""
    if not form.validate():
        return 422
    try:
        bind()
    except Invalid as fault:
        form.fault = blame(form, fault)
        return 422
    return 0


def _sent(framed: Frame) -> Response:
    done = framed.answer is not None and framed.answer.standing is Standing.SUBMITTED
    return lead_to("receipt") if done else lead_to("start")
