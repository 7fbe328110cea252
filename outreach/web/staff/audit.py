"""The audit trail: who changed what, when, from what to what."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from flask import render_template, request, url_for
from sqlalchemy.orm import Session

from outreach import i18n
from outreach.campaigns import queries as campaigns
from outreach.directory import queries as directory
from outreach.errors import Missing
from outreach.i18n import _
from outreach.identity import queries
from outreach.identity.audit import SERVICE
from outreach.identity.queries import AuditLine
from outreach.identity.words import StaffRole
from outreach.web import unit
from outreach.web.access import staff
from outreach.web.staff import ZONE, audit_words, blueprint
from outreach.web.staff.audit_words import Change
from outreach.web.staff.paging import place, place_after

_A_PAGE = 50


@dataclass(frozen=True)
class _About:
    """What an entry speaks of, in words; `address` is its page, where it has one."""

    words: str
    address: str | None = None


@dataclass(frozen=True)
class _Row:
    """An entry as the page shows it; `act` None: an act that has no words, shown by its name."""

    line: AuditLine
    at: datetime
    who: str
    act: str | None
    about: _About | None
    changes: list[Change]


@blueprint.get("/audit")
@staff(StaffRole.ADMINISTRATOR)
def audit() -> str:
    """The entries, the newest first; those of one person or of one thing where the address says so."""
    session = unit.session()
    actor = request.args.get("actor", "").strip()[:200]
    subject = _key(request.args.get("subject", ""))
    found = queries.trail(
        session, _A_PAGE + 1, actor=actor, subject_id=subject, after=place_after(request.args.get("after", ""))
    )
    lines = found[:_A_PAGE]
    states = {state.code: state.short for state in directory.states(session, i18n.language())}
    return render_template(
        "staff/audit.html",
        rows=[_row(session, line, states) for line in lines],
        actor=actor,
        subject=subject,
        after=place(lines[-1].at, lines[-1].id) if len(found) > _A_PAGE else None,
        zone=ZONE,
    )


def _row(session: Session, line: AuditLine, states: dict[str, str]) -> _Row:
    who = _("the service") if line.actor == SERVICE.name else line.actor
    try:
        about = _about(session, line, states)
    except Missing:
        about = None  # it is gone; the entry stays
    changes = audit_words.changes(line.before, line.after, states)
    return _Row(line, line.at, who, audit_words.act(line.act), about, changes)


def _about(session: Session, line: AuditLine, states: dict[str, str]) -> _About | None:
    language = i18n.language()
    match line.subject:
        case "staff":
            return _About(
                queries.account(session, line.subject_id).name, url_for("staff.account", staff_id=line.subject_id)
            )
        case "campaign":
            code = campaigns.campaign(session, line.subject_id).code
            return _About(code, url_for("staff.board", code=code))
        case "invitation":
            asked = campaigns.invitation(session, line.subject_id)
            name = directory.institution_name(session, asked.institution_id, language)
            code = campaigns.campaign(session, asked.campaign_id).code
            if asked.state_code is None:
                return _About(name)
            return _About(name, url_for("staff.state", code=code, state_code=asked.state_code))
        case "institution":
            return _About(directory.institution_name(session, line.subject_id, language))
        case "contact":
            return _About(directory.contact(session, line.subject_id).email)
        case "received_mail":
            return _About(_("Mail"), url_for("staff.mail_shown", mail_id=line.subject_id))
        case "submission":
            return _About(_("submission"), url_for("staff.submission", submission_id=line.subject_id))
        case _:
            state = line.after.get("state") or line.before.get("state")
            return _About(states[state]) if state in states else None


def _key(written: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(written)
    except ValueError:
        return None
