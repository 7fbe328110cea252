"""A part while it is being filled in, for browsers with scripts: what is typed is saved, and what follows from it is shown at once."""

from flask import render_template, request
from werkzeug.wrappers import Response

from outreach.campaigns.links import LinkKind
from outreach.errors import Refused
from outreach.i18n import _
from outreach.submissions import service
from outreach.submissions.drafts import Changed
from outreach.web import unit
from outreach.web.access import holder
from outreach.web.answer import blueprint
from outreach.web.answer.frame import frame
from outreach.web.answer.parts import emptied, part_of, shown, typed_in


@blueprint.post("/a/<token>/parts/<int:number>/live")
@holder(LinkKind.ANSWER)
def live(number: int) -> str | Response:
    """Save what was typed so far, and say what is asked now; where it can't be saved, say so, and save nothing."""
    framed = frame()
    part, answer = part_of(framed, number), framed.answer
    if answer is None:
        return Response(status=204)
    typed = typed_in(framed, part, whole=False).values
    said, saved = "", True
    try:
        seen = request.form.get("seen", "")
        service.save(unit.session(), answer.id, typed, seen, emptied=emptied(framed.questionnaire))
    except Changed:
        said = _("Somebody else answered the same question meanwhile. Please press “Save” to see both versions.")
        saved = False
    except Refused as fault:
        said, saved = fault.message, False
    framed = frame()
    made = shown(framed, part, typed, {})
    assert framed.answer is not None
    return render_template(
        "answer/_live.html",
        fields=list(made.page.fields()),
        groups=list(made.page.groups()),
        seen=made.seen if saved else None,
        said=said or _("Saved on %(instant)s.", instant=framed.at(framed.answer.saved_at)),
        saved=saved,
        part=framed.parts[number - 1],
        **framed.page(),
    )
