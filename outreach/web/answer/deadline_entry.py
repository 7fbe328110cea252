"""The deadline as an entry for a calendar."""

from flask import Response

from outreach.campaigns.links import LinkKind
from outreach.web import unit
from outreach.web.access import here, holder
from outreach.web.answer import blueprint
from outreach.web.downloads import deadline_file


@blueprint.get("/a/<token>/deadline.ics")
@holder(LinkKind.ANSWER)
def deadline_entry() -> Response:
    """The deadline that holds for the reader's State."""
    return deadline_file(unit.session(), here().campaign_id, here().state_code)
