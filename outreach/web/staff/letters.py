"""What was sent: a letter as its recipient reads it, and sending it again to a corrected address."""

import uuid

from flask import Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from outreach import i18n
from outreach.campaigns import asking
from outreach.campaigns import queries as campaigns
from outreach.campaigns.words import Stage
from outreach.correspondence import queries as letters
from outreach.correspondence.queries import ShownLetter
from outreach.correspondence.words import LetterKind, LetterState
from outreach.directory import queries as directory
from outreach.errors import Invalid, Missing
from outreach.i18n import _
from outreach.identity.words import StaffRole
from outreach.inbox import answers
from outreach.inbox import queries as inbox
from outreach.inbox.queries import ShownMail
from outreach.reports import words
from outreach.web import unit
from outreach.web.access import staff, staff_actor
from outreach.web.staff import blueprint
from outreach.web.staff.mail import readable
from outreach.web.staff.state import may_change, state_shown
from outreach.web.staff.without_links import without_links

_SECRET = frozenset({LetterKind.CODE, LetterKind.ACCOUNT})

# The letter's own styles may apply; nothing runs, nothing is loaded, and nothing leaves the frame.
FRAME_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; base-uri 'none'; form-action 'none'; sandbox"


@blueprint.get("/letters/<uuid:letter_id>")
@staff(StaffRole.READER)
def letter(letter_id: uuid.UUID) -> str:
    """A letter as it was sent, and what became of each try to deliver it."""
    session = unit.session()
    found, answered = _readable(letter_id)
    asked = campaigns.invitation(session, found.line.invitation_id) if found.line.invitation_id else None
    campaign = campaigns.campaign(session, asked.campaign_id) if asked else None
    report = inbox.report_about(session, letter_id) if found.line.state is LetterState.RETURNED else None
    return render_template(
        "staff/letter.html",
        letter=found,
        report=report,
        answered=answered,
        # Which of an institution's letters is sent again is said where its address is corrected.
        to_correct=asked
        if asked and campaign and asked.stage is Stage.UNDELIVERABLE and not campaign.closed_at and may_change()
        else None,
        text=without_links(found.text),
        secret=found.line.kind in _SECRET,
        campaign=campaign,
        state=directory.state(session, asked.state_code, i18n.language()) if asked and asked.state_code else None,
        words=words,
    )


@blueprint.get("/letters/<uuid:letter_id>/body")
@staff(StaffRole.READER)
def letter_body(letter_id: uuid.UUID) -> Response:
    """The letter's HTML alone, for a frame in which nothing runs."""
    found, _answered = _readable(letter_id)
    if found.line.kind in _SECRET:
        raise Missing(_("The words of this letter are only for its recipient."))
    answer = Response(without_links(found.html), mimetype="text/html")
    answer.headers["Content-Security-Policy"] = FRAME_POLICY
    return answer


@blueprint.post("/letters/<uuid:letter_id>/correct-address")
@staff(StaffRole.MANAGER)
def correct_address(letter_id: uuid.UUID) -> Answer | tuple[str, int]:
    """Write to the institution at another address, and send the letter again."""
    session = unit.session()
    line = letters.letter(session, letter_id)
    if line.invitation_id is None:
        raise Missing(_("There is no such letter."))
    asked = campaigns.invitation(session, line.invitation_id)
    campaign = campaigns.campaign(session, asked.campaign_id)
    email = request.form.get("email", "").strip()
    try:
        asking.correct_address(session, letter_id, email, staff_actor())
    except Invalid as fault:
        if asked.state_code is None:
            raise
        return state_shown(campaign.code, asked.state_code, fault.message, {str(letter_id): email}), 422
    flash(_("The letter is on its way to %(email)s.", email=email), "done")
    if asked.state_code is None:
        return redirect(url_for("staff.board", code=campaign.code))
    return redirect(url_for("staff.state", code=campaign.code, state_code=asked.state_code))


def _readable(letter_id: uuid.UUID) -> tuple[ShownLetter, ShownMail | None]:
    """The letter, and the mail that it answers, where it answers one. Raises Missing, and Refused where that mail is not for this
    reader: the letter quotes it."""
    found = letters.shown(unit.session(), letter_id)
    mail_id = answers.mail_of(unit.session(), letter_id) if found.line.kind is LetterKind.ANSWER else None
    return found, readable(mail_id) if mail_id is not None else None
