"""What changed in the questionnaire since the answer was begun: seen, and what has no place any more, or is not asked, taken out."""

from flask import flash, redirect, render_template, request
from werkzeug.wrappers import Response

from outreach.campaigns.links import LinkKind
from outreach.i18n import _
from outreach.submissions import drafts, forgetting
from outreach.submissions.reading import AnswerLine
from outreach.web import unit
from outreach.web.access import here, holder
from outreach.web.answer import blueprint
from outreach.web.answer.frame import Frame, frame, lead_to


@blueprint.post("/a/<token>/corrected")
@holder(LinkKind.ANSWER)
def changes_seen() -> Response:
    """Go on with the corrected questionnaire, on the page where the button was pressed."""
    answer = frame().answer
    if answer is not None and answer.editable:
        drafts.changes_seen(unit.session(), answer.id)
    back = request.form.get("back", "")
    # Only a page of this answer: anything else would lead strangers elsewhere.
    return redirect(back) if back.startswith(f"/a/{here().token}/") else lead_to("start")


@blueprint.get("/a/<token>/set-aside/<mark>")
@holder(LinkKind.ANSWER)
def removal(mark: str) -> str | Response:
    """A text that has no place any more, before it is removed."""
    framed = frame()
    aside = framed.answer.set_aside if framed.answer is not None and framed.open else ()
    found = next((one for one in aside if one.mark == mark), None)
    if found is None:
        return lead_to("start")
    return render_template("answer/removal.html", found=found, **framed.page())


@blueprint.post("/a/<token>/set-aside/<mark>")
@holder(LinkKind.ANSWER)
def removed(mark: str) -> Response:
    """Remove it."""
    answer = frame().answer
    if answer is not None:
        forgetting.forget(unit.session(), answer.id, mark)
        flash(_("The text was removed."), "done")
    return lead_to("start")


@blueprint.get("/a/<token>/not-asked/<key>")
@holder(LinkKind.ANSWER)
def clearing(key: str) -> str | Response:
    """An answer to a question that is not asked any more, before it is removed."""
    framed = frame()
    line = _not_asked(framed, key)
    return render_template("answer/removal.html", line=line, **framed.page()) if line else lead_to("review")


@blueprint.post("/a/<token>/not-asked/<key>")
@holder(LinkKind.ANSWER)
def cleared(key: str) -> Response:
    """Remove it."""
    framed = frame()
    if framed.answer is not None and _not_asked(framed, key) is not None:
        forgetting.clear(unit.session(), framed.answer.id, key)
        flash(_("The answer was removed."), "done")
    return lead_to("review")


def _not_asked(framed: Frame, key: str) -> AnswerLine | None:
    lines = (line for part in framed.parts for line in part.lines) if framed.open else ()
    return next((line for line in lines if line.name == key and line.answered and not line.asked), None)
