"""The text to pass on by one's own mail, in six languages, to copy or download."""

from flask import Response, abort, render_template

from outreach.campaigns.links import LinkKind
from outreach.forwarding.passing import passing_text
from outreach.i18n import LANGUAGES, language
from outreach.web import unit
from outreach.web.access import here, holder
from outreach.web.downloads import attachment
from outreach.web.mission import blueprint
from outreach.web.mission.overview import frame


@blueprint.get("/m/<token>/text")
@holder(LinkKind.MISSION)
def passing() -> str:
    """The six texts, the reader's own language first."""
    order = (language(), *(of for of in LANGUAGES if of != language()))
    texts = [passing_text(unit.session(), here().invitation_id, of) for of in order]
    return render_template("mission/passing.html", texts=texts, **frame())


@blueprint.get("/m/<token>/text/<of>.txt")
@holder(LinkKind.MISSION)
def passing_file(of: str) -> Response:
    """One of the texts as a file."""
    if of not in LANGUAGES:
        abort(404)
    text = passing_text(unit.session(), here().invitation_id, of)
    # The mark at the start tells every editor on Windows that this is UTF-8.
    content = f"\ufeff{text.subject}\n\n{text.body}".replace("\n", "\r\n").encode()
    return attachment(content, f"call-for-input.{of}.txt", "text/plain; charset=utf-8")
