"""After a mail was recorded: a further reply in it, of another institution or to another call; or the record is taken back."""

import uuid

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from outreach.errors import Invalid, Refused
from outreach.i18n import _
from outreach.identity.words import StaffRole
from outreach.inbox import service, undoing
from outreach.submissions.words import Behalf
from outreach.web import unit
from outreach.web.access import staff, staff_actor
from outreach.web.faults import blame
from outreach.web.staff import blueprint
from outreach.web.staff.mail import another_form, page_of_another, page_of_record, readable
from outreach.web.staff.reading import TakeBackForm


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


@blueprint.post("/mail/<uuid:mail_id>/take-back")
@staff(StaffRole.MANAGER)
def mail_record_taken_back(mail_id: uuid.UUID) -> Response | tuple[str, int]:
    """Take back what the mail was recorded as: it waits in the tray again."""
    found, form = readable(mail_id), TakeBackForm()
    if not form.validate():
        return page_of_record(found, form)
    try:
        done = undoing.take_back_mail(unit.session(), mail_id, form.reason.data or "", staff_actor())
    except Invalid as fault:
        blame(form, fault)
        return page_of_record(found, form)
    flash(_("The record %(number)s was taken back. The mail waits again.", number=done.number), "done")
    return redirect(url_for("staff.mail_shown", mail_id=mail_id))
