"""One mail with the replies of two institutions, or to two calls: the second is recorded from it, too, with files of its own."""

import uuid

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from outreach.errors import Invalid, Refused
from outreach.i18n import _
from outreach.identity.words import StaffRole
from outreach.inbox import service
from outreach.submissions.words import Behalf
from outreach.web import unit
from outreach.web.access import staff, staff_actor
from outreach.web.faults import blame
from outreach.web.staff import blueprint
from outreach.web.staff.mail import another_form, page_of_another, readable


@blueprint.post("/mail/<uuid:mail_id>/record-another")
@staff(StaffRole.MANAGER)
def mail_recorded_again(mail_id: uuid.UUID) -> Response | tuple[str, int]:
    """Record a further reply of the mail: it gets its own number and receipt."""
    found = readable(mail_id)
    form = another_form(found)
    if form is None:
        raise Refused(_("Please choose the State, or the institution that replied."))
    if not form.validate():
        return page_of_another(found, form)
    try:
        done = service.record_another(
            unit.session(),
            unit.storage(),
            mail_id,
            uuid.UUID(form.invitation.data),
            Behalf(form.behalf.data),
            (form.reason.data or "").strip(),
            staff_actor(),
            chosen=form.documents.data or [],
        )
    except Invalid as fault:
        return page_of_another(found, form, blame(form, fault))
    flash(_("The reply was recorded under the number %(number)s.", number=done.number), "done")
    return redirect(url_for("staff.mail_shown", mail_id=mail_id))
