"""The respondent has seen what changed in the questionnaire since the answer was begun."""

from flask import redirect, request
from werkzeug.wrappers import Response

from outreach.campaigns.links import LinkKind
from outreach.submissions import drafts
from outreach.web import unit
from outreach.web.access import here, holder
from outreach.web.answer import blueprint
from outreach.web.answer.frame import frame, lead_to


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
