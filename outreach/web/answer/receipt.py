"""The receipt: number, instant, version, and a copy of what was received; the choice about publication, and the correction."""

from datetime import datetime
from typing import Any

from flask import Response as Download
from flask import flash, render_template, request
from werkzeug.wrappers import Response
from wtforms import RadioField

from outreach.campaigns.links import LinkKind
from outreach.i18n import _, language, lazy
from outreach.reports.reading import reading
from outreach.reports.words import BEHALVES, CHANNELS, PUBLICATIONS
from outreach.submissions import service, taking_back, transmitted
from outreach.submissions.words import Publication
from outreach.web import unit
from outreach.web.access import here, holder
from outreach.web.answer import blueprint
from outreach.web.answer.frame import Frame, frame, lead_to
from outreach.web.answer.review import publications
from outreach.web.call import elsewhere
from outreach.web.downloads import copy_file
from outreach.web.forms import Form, required
from outreach.web.names import record_taken_back

Answer = Response | tuple[str, int]


class PublicationForm(Form):
    """Another choice about publication; the page shows the one that holds."""

    publication = RadioField(lazy("What may the Secretariat do with this answer?"), [required()])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.publication.choices = publications()


def _page(framed: Frame, form: PublicationForm | None = None, status: int = 200) -> Answer:
    session = unit.session()
    if framed.answer is None or framed.answer.number is None:
        gone = taking_back.last_of(session, here().invitation_id)
        if gone is not None:
            flash(_taken_back(framed, gone.number_given, gone.taken_back_at), "note")
        return lead_to("start")
    read = reading(session, framed.answer.id, language(), request.args.get("version", type=int))
    if form is None:
        chosen = read.line.publication
        form = PublicationForm(formdata=None, publication=chosen.value if chosen else None)
    return (
        render_template(
            "answer/receipt.html",
            read=read,
            copy=transmitted.copy(session, here().invitation_id, framed.answer.id, read.line.version),
            gone=_taken_back(framed, read.line.number, read.line.taken_back_at) if read.line.taken_back_at else None,
            elsewhere=elsewhere(session, read.line.received_at, framed.institution),
            form=form,
            behalves=BEHALVES,
            channels=CHANNELS,
            publications=PUBLICATIONS,
            **framed.page(),
        ),
        status,
    )


def _taken_back(framed: Frame, number: str | None, instant: datetime | None) -> str:
    assert instant is not None
    return record_taken_back(number or "", framed.at(instant), framed.call.contact)


@blueprint.get("/a/<token>/receipt")
@holder(LinkKind.ANSWER)
def receipt() -> Answer:
    """The receipt of the version in force, or of a former one (?version=); before anything was submitted, the first page."""
    return _page(frame())


@blueprint.get("/a/<token>/receipt/<int:version>.pdf")
@holder(LinkKind.ANSWER)
def receipt_copy(version: int) -> Download | Response:
    """A version of the answer as a PDF to keep and to send on; before anything was submitted, the first page."""
    session, answer = unit.session(), frame().answer
    if answer is None or answer.number is None:
        return lead_to("start")
    return copy_file(session, transmitted.copy(session, here().invitation_id, answer.id, version))


@blueprint.post("/a/<token>/publication")
@holder(LinkKind.ANSWER)
def publication_changed() -> Answer:
    """Change the choice about publication, at any time."""
    form, framed = PublicationForm(), frame()
    if framed.answer is None or framed.answer.number is None:
        return lead_to("start")
    if not form.validate():
        return _page(framed, form, 422)
    service.change_publication(unit.session(), framed.answer.id, Publication(form.publication.data), here().actor)
    flash(_("Saved."), "done")
    return lead_to("receipt")


@blueprint.post("/a/<token>/correct")
@holder(LinkKind.ANSWER)
def correction_begun() -> Answer:
    """Open the answer for a correction; the version that was received stays in force until the next one."""
    framed = frame()
    if framed.answer is None:
        return lead_to("start")
    service.reopen(unit.session(), framed.answer.id, here().actor)
    return lead_to("part", number=1)
