"""The pictures of questionnaires, by the SHA-256 of their content: whoever can read a label has its address, and nobody can guess one."""

from flask import Response

from outreach import file_types
from outreach.errors import Missing
from outreach.i18n import _
from outreach.questionnaires import queries as questionnaires
from outreach.web import unit
from outreach.web.access import everyone
from outreach.web.public import blueprint


@blueprint.get("/pictures/<content>")
@everyone
def picture(content: str) -> Response:
    """A picture. An address always has the same content, so a browser asks once."""
    if not questionnaires.is_picture(unit.session(), content):
        raise Missing(_("There is no such picture."))
    held = unit.storage().get(content)
    answer = Response(held, mimetype=file_types.picture_type(held) or "application/octet-stream")
    answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
