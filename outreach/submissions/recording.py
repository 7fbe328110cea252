"""Staff record a reply that came by mail or on paper: it gets the same number, receipt and stop of reminders as one from the web."""

import hashlib
import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.campaigns import invitations
from outreach.campaigns import queries as campaigns
from outreach.campaigns.models import Campaign, Invitation, Origin
from outreach.campaigns.stages import FactKind
from outreach.db import fresh_key
from outreach.directory import service as directory
from outreach.directory.models import MISSION_KINDS, Institution, InstitutionKind
from outreach.directory.service import ContactDetails, InstitutionDetails
from outreach.errors import Invalid, Refused
from outreach.i18n import _, language
from outreach.identity.audit import Actor
from outreach.storage import Storage
from outreach.submissions import drafts, files, receipts, versions
from outreach.submissions.files import FileLine
from outreach.submissions.models import Behalf, Channel, Submission, SubmissionVersion

_KINDS = {
    Behalf.NATIONAL_AUTHORITY: InstitutionKind.MINISTRY,
    Behalf.NATIONAL_HUMAN_RIGHTS_INSTITUTION: InstitutionKind.NATIONAL_HUMAN_RIGHTS_INSTITUTION,
    Behalf.STAKEHOLDER: InstitutionKind.CIVIL_SOCIETY,
}


@dataclass(frozen=True)
class RecordedReply:
    """A reply as it came. It is of the institution asked (`invitation_id`), or of a State, or of a body that was not asked (`body`,
    with its State where it has one, and the address that its receipt goes to, where it is known). `received_on` is a day at the
    Secretariat; `reason` says why staff accept it as the reply of the State, where it is one.
    """

    campaign_id: uuid.UUID
    behalf: Behalf
    channel: Channel
    received_on: date
    documents: tuple[tuple[str, bytes], ...]
    invitation_id: uuid.UUID | None = None
    state_code: str | None = None
    body: str = ""
    email: str = ""
    note: str = ""
    reason: str = ""


def record_by_staff(session: Session, storage: Storage, reply: RecordedReply, actor: Actor) -> SubmissionVersion:
    """Add the reply as the next version of its institution's submission. The same reply twice is one version.

    Raises Invalid with its field, Refused.
    """
    # Before the campaign is held: a scanner may take its time.
    documents = _inspected(reply)
    # One at a time in a campaign: two who record the same find one institution, and one version.
    campaign = campaigns.held(session, reply.campaign_id)
    _check(campaign, reply)
    invitation = _invitation(session, campaign, reply, actor)
    if reply.behalf is Behalf.STATE and invitation.state_code is None:
        raise Invalid(_("This institution has no State, so it can't reply on behalf of one."), field="behalf")
    submission = _submission(session, invitation, reply)
    last = drafts.last_version(session, submission.id)
    if last is not None and _is_said_again(last, campaign, reply, documents):
        return last
    given: list[FileLine] = []
    for name, media, content in documents:
        kept = files.keep(session, storage, submission, name, content, None, recorded=True)
        # The document belongs to this version, not to what the respondent may be drafting on the web.
        kept.removed_at = clock.now()
        given.append(FileLine(kept.id, None, kept.filename, media, kept.size, kept.content))
    if reply.behalf is Behalf.STATE and submission.accepted_at is None:
        submission.accepted_at, submission.accepted_by = clock.now(), actor.name
        submission.accepted_reason = reply.reason.strip()
    session.flush()
    version = versions.freeze(
        session,
        submission,
        answers={},
        given=given,
        channel=reply.channel,
        received_at=received_at(campaign, reply.received_on),
        actor=actor,
        note=reply.note.strip() or None,
    )
    if reply.behalf is Behalf.STATE:
        invitations.record(
            session, invitation.id, FactKind.ACCEPTED, by=actor.name, note=reply.reason.strip(), at=version.received_at
        )
    receipts.received(session, submission, version)
    return version


def received_at(campaign: Campaign, day: date) -> datetime:
    """The instant that stands for a day of receipt at the Secretariat: now if it is today, else noon, or the campaign's deadline on
    its own day where that lies before noon, so that a reply of that day is not late.
    """
    zone = ZoneInfo(campaign.deadline_zone)
    noon = datetime.combine(day, time(12, 0), zone).astimezone(UTC)
    if campaign.deadline_at.astimezone(zone).date() == day:
        noon = min(noon, campaign.deadline_at)
    return min(noon, clock.now())


def _check(campaign: Campaign, reply: RecordedReply) -> None:
    if campaign.launched_at is None:
        raise Refused(_("This call for input is not open yet."))
    if reply.channel is Channel.WEB:
        raise Invalid(_("Please say whether it came by mail or on paper."), field="channel")
    if reply.received_on > clock.today(campaign.deadline_zone):
        raise Invalid(_("The date of receipt lies in the future."), field="received_on")
    if reply.received_on < campaign.note_date:
        raise Invalid(
            _("The date of receipt lies before the date of the note. Please check the year."), field="received_on"
        )
    if not reply.documents:
        raise Invalid(_("Please add the reply as a document; paper can be scanned."), field="documents")
    if len(reply.documents) > files.MOST_FILES:
        raise Invalid(
            _("At most %(most)d documents can be recorded at once.", most=files.MOST_FILES), field="documents"
        )
    if reply.behalf is Behalf.STATE and reply.body.strip():
        raise Invalid(
            _("A reply of the State is recorded for the State as a whole, or for an institution that was asked."),
            field="behalf",
        )
    if reply.behalf is Behalf.STATE and not reply.reason.strip():
        raise Invalid(_("Please say why this is accepted as the reply of the State."), field="reason")


def _inspected(reply: RecordedReply) -> list[tuple[str, str, bytes]]:
    """The safe name, type and content of each document. Raises Invalid."""
    try:
        return [(*files.inspected(name, content, recorded=True), content) for name, content in reply.documents]
    except Invalid as fault:
        raise Invalid(fault.message, field="documents") from None


def _is_said_again(
    last: SubmissionVersion, campaign: Campaign, reply: RecordedReply, documents: list[tuple[str, str, bytes]]
) -> bool:
    manifest = [
        {"question": None, "filename": name, "content": hashlib.sha256(content).hexdigest()}
        for name, _media, content in documents
    ]
    day = last.received_at.astimezone(ZoneInfo(campaign.deadline_zone)).date()
    before = (last.channel, last.behalf, day, last.note or "", last.digest)
    return before == (
        reply.channel, reply.behalf, reply.received_on, reply.note.strip(), versions.digest({}, manifest)
    )  # fmt: skip


def _invitation(session: Session, campaign: Campaign, reply: RecordedReply, actor: Actor) -> Invitation:
    """The invitation that the reply answers; one is added for an institution that was not asked."""
    if reply.invitation_id is not None:
        found = campaigns.invitation(session, reply.invitation_id)
        if found.campaign_id != campaign.id:
            raise Invalid(_("This institution was not asked in this call for input."), field="invitation")
        return found
    if reply.behalf is not Behalf.STATE:
        if not reply.body.strip():
            raise Invalid(_("Please choose the institution, or give its name if it was not asked."), field="body")
        return _of_body(session, campaign, reply, actor)
    if reply.state_code is None:
        raise Invalid(_("Please choose the State, or the institution that replied."), field="state")
    missions = session.scalars(
        select(Institution)
        .where(
            Institution.state_code == reply.state_code,
            Institution.kind.in_(MISSION_KINDS),
            Institution.retired_at.is_(None),
        )
        .order_by(Institution.seat, Institution.created_at, Institution.id)
    ).all()
    asked = {one.institution_id: one for one in campaigns.missions_of_state(session, campaign.id, reply.state_code)}
    for mission in missions:
        if mission.id in asked:
            return asked[mission.id]
    if not missions:
        raise Invalid(_("The directory has no mission of this State. Please add it there first."), field="state")
    return _invite(session, campaign, missions[0].id, reply.state_code)


def _of_body(session: Session, campaign: Campaign, reply: RecordedReply, actor: Actor) -> Invitation:
    """The invitation of a body that was not asked: of the institution of this name that the directory has, else of a new one."""
    kind, name = _KINDS[reply.behalf], reply.body.strip()
    institution_id = session.scalars(
        select(Institution.id)
        .where(
            Institution.state_code.is_not_distinct_from(reply.state_code),
            Institution.kind == kind,
            func.lower(Institution.name) == name.lower(),
            Institution.retired_at.is_(None),
        )
        .order_by(Institution.created_at, Institution.id)
    ).first()
    if institution_id is None:
        details = InstitutionDetails(kind=kind, name=name, state_code=reply.state_code)
        institution_id = directory.add_institution(session, details, actor)
    if reply.email.strip():
        directory.add_contact(session, institution_id, ContactDetails(email=reply.email, source=actor.name), actor)
    asked = session.scalars(
        select(Invitation).where(Invitation.campaign_id == campaign.id, Invitation.institution_id == institution_id)
    ).one_or_none()
    return asked or _invite(session, campaign, institution_id, reply.state_code)


def _invite(session: Session, campaign: Campaign, institution_id: uuid.UUID, state_code: str | None) -> Invitation:
    return invitations.invite(
        session, campaign_id=campaign.id, institution_id=institution_id, state_code=state_code, origin=Origin.STAFF
    )


def _submission(session: Session, invitation: Invitation, reply: RecordedReply) -> Submission:
    """The institution's submission, held; what it may be drafting on the web stays as it is."""
    found = drafts.of_invitation(session, invitation.id)
    if found is not None:
        submission = drafts.held(session, found.id)
        submission.behalf = reply.behalf
        return submission
    institution = session.get_one(Institution, invitation.institution_id)
    moment = clock.now()
    submission = Submission(
        id=fresh_key(),
        campaign_id=invitation.campaign_id,
        invitation_id=invitation.id,
        behalf=reply.behalf,
        language=institution.language or language(),
        answers={},
        revision=0,
        begun_at=moment,
        saved_at=moment,
    )
    session.add(submission)
    session.flush()
    return submission
