"""To read before and while answering: the note or letter, the whole questionnaire, the documents, one's own files."""

import uuid

from flask import Response, render_template, url_for

from outreach.campaigns.links import LinkKind
from outreach.errors import Missing
from outreach.i18n import _
from outreach.submissions import files
from outreach.web import unit
from outreach.web.access import here, holder
from outreach.web.answer import blueprint
from outreach.web.answer.frame import frame
from outreach.web.call import text_view
from outreach.web.downloads import attachment, campaign_file
from outreach.web.mission.reading import chosen_text
from outreach.web.prose import prose


@blueprint.get("/a/<token>/letter")
@holder(LinkKind.ANSWER)
def letter() -> str:
    """The note or letter in any of six languages."""
    framed = frame()
    text = text_view(unit.session(), here().campaign_id, chosen_text())
    shown = framed.page()
    body = prose(text.note if shown["is_note"] else text.letter)
    return render_template("answer/letter.html", text=text, body=body, **shown)


@blueprint.get("/a/<token>/questionnaire")
@holder(LinkKind.ANSWER)
def questionnaire() -> str:
    """All questions on one page, to read and to print."""
    framed = frame()
    back = url_for("answer.start", token=framed.token)
    return render_template("answer/questionnaire.html", form=framed.questionnaire, back=back, **framed.page())


@blueprint.get("/a/<token>/documents/<of>/<kind>")
@holder(LinkKind.ANSWER)
def document(of: str, kind: str) -> Response:
    """The note or the annexed questionnaire, as a download."""
    return campaign_file(unit.session(), unit.storage(), here().campaign_id, of, kind)


@blueprint.get("/a/<token>/files/<uuid:file_id>")
@holder(LinkKind.ANSWER)
def file(file_id: uuid.UUID) -> Response:
    """A file of this answer, in its draft or in any version, as a download."""
    answer = frame().answer
    if answer is None:
        raise Missing(_("There is no such file."))
    line, content = files.content(unit.session(), unit.storage(), answer.id, file_id)
    return attachment(content, line.filename, line.media_type)
