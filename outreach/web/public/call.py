"""The public page of a call, by its code: what is asked, until when, the documents. It opens nothing and acts for nobody."""

import uuid

from flask import Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Redirect

from outreach.campaigns import queries
from outreach.errors import Missing
from outreach.i18n import LANGUAGES, _, language
from outreach.questionnaires import queries as questionnaires
from outreach.web import names, unit
from outreach.web.access import everyone
from outreach.web.call import call_view, text_view
from outreach.web.downloads import campaign_file, deadline_file
from outreach.web.prose import prose
from outreach.web.public import blueprint
from outreach.web.questionnaire_files import questionnaire_file


def _launched(code: str) -> uuid.UUID:
    """The campaign with this code, once it is launched; before, the code says nothing. Raises Missing."""
    missing = Missing(_("There is no call for input with the code %(code)s.", code=code[:40]))
    try:
        campaign = queries.campaign_by_code(unit.session(), code)
    except Missing:
        raise missing from None
    if campaign.launched_at is None:
        raise missing
    return campaign.id


@blueprint.get("/c")
@everyone
def find_call() -> Redirect | tuple[str, int]:
    """Lead to the call whose code was typed; an unknown code comes back to the form with a sentence."""
    code = request.args.get("code", "").strip()
    if not code:
        return redirect(url_for("public.home"))
    try:
        _launched(code)
    except Missing as fault:
        return render_template("public/home.html", code=code, fault=fault.message), 404
    return redirect(url_for("public.call", code=code.upper()))


@blueprint.get("/c/<code>")
@everyone
def call(code: str) -> str:
    """The call in the reader's language, its letter in any of six."""
    campaign_id = _launched(code)
    asked = request.args.get("text", "")
    text = text_view(unit.session(), campaign_id, asked if asked in LANGUAGES else language())
    return render_template(
        "public/call.html",
        call=call_view(unit.session(), campaign_id),
        text=text,
        body=prose(text.letter),
        file_names=names.files(),
    )


@blueprint.get("/c/<code>/questionnaire")
@everyone
def call_questionnaire(code: str) -> str:
    """All questions, to read."""
    shown = call_view(unit.session(), _launched(code))
    form = questionnaires.form_of(unit.session(), shown.questionnaire_version_id)
    return render_template(
        "public/questionnaire.html", form=form, call=shown, back=url_for("public.call", code=shown.code)
    )


@blueprint.get("/c/<code>/questionnaire/<of>/<kind>")
@everyone
def call_questionnaire_file(code: str, of: str, kind: str) -> Response:
    """The blank questionnaire as a file."""
    shown = call_view(unit.session(), _launched(code))
    form = questionnaires.form_of(unit.session(), shown.questionnaire_version_id)
    return questionnaire_file(shown, form, of, kind)


@blueprint.get("/c/<code>/deadline.ics")
@everyone
def call_deadline(code: str) -> Response:
    """The deadline for everybody, for a calendar."""
    return deadline_file(unit.session(), _launched(code), None)


@blueprint.get("/c/<code>/files/<of>/<kind>")
@everyone
def call_file(code: str, of: str, kind: str) -> Response:
    """The note or the annexed questionnaire, as a download."""
    return campaign_file(unit.session(), unit.storage(), _launched(code), of, kind)
