"""The note or letter in any of six languages, the questionnaire to read first, and the documents."""

from flask import Response, render_template, request

from outreach.campaigns.links import LinkKind
from outreach.directory.words import MISSION_KINDS, InstitutionKind
from outreach.forwarding import queries
from outreach.i18n import LANGUAGES, language
from outreach.questionnaires import queries as questionnaires
from outreach.submissions import respondent
from outreach.web import unit
from outreach.web.access import here, holder
from outreach.web.call import text_view
from outreach.web.downloads import campaign_file
from outreach.web.mission import blueprint
from outreach.web.mission.overview import frame
from outreach.web.prose import prose
from outreach.web.questionnaire_files import code_of, questionnaire_file


def chosen_text() -> str:
    """The language of the text that is shown, which may be another than the page's: ?text=, else the page's."""
    asked = request.args.get("text", "")
    return asked if asked in LANGUAGES else language()


@blueprint.get("/m/<token>/note")
@holder(LinkKind.MISSION)
def note() -> str:
    """The text of the note (missions and foreign ministries) or of the letter (all others)."""
    own = here()
    text = text_view(unit.session(), own.campaign_id, chosen_text())
    institution = queries.who(unit.session(), own.invitation_id, language())
    is_note = institution.kind in MISSION_KINDS or institution.kind is InstitutionKind.FOREIGN_MINISTRY
    return render_template(
        "mission/note.html", text=text, body=prose(text.note if is_note else text.letter), is_note=is_note, **frame()
    )


@blueprint.get("/m/<token>/questionnaire")
@holder(LinkKind.MISSION)
def questionnaire() -> str:
    """All questions, to read; nothing can be filled in here."""
    framed = frame()
    form = questionnaires.form_of(unit.session(), framed["call"].questionnaire_version_id)
    return render_template("mission/questionnaire.html", form=form, **framed)


@blueprint.get("/m/<token>/questionnaire/<of>/<kind>")
@holder(LinkKind.MISSION)
def questionnaire_download(of: str, kind: str) -> Response:
    """The questionnaire as a file to take along, with the institution and its code; what a draft holds is not in it."""
    framed = frame()
    form = respondent.form_for(unit.session(), here().invitation_id)
    code = code_of(here().invitation_id)
    return questionnaire_file(framed["call"], form, of, kind, reader=framed["institution"], code=code)


@blueprint.get("/m/<token>/files/<of>/<kind>")
@holder(LinkKind.MISSION)
def file(of: str, kind: str) -> Response:
    """The note or the annexed questionnaire, as a download."""
    return campaign_file(unit.session(), unit.storage(), here().campaign_id, of, kind)
