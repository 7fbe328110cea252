"""Later deadlines: for all or for one State, announced by a letter; and requests for more time, until staff decide."""

import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from outreach import clock, doorbell
from outreach.campaigns import invitations, letters, queries, walks
from outreach.campaigns.deadlines import instant_of
from outreach.campaigns.models import Campaign, Extension, ExtensionRequest, Invitation
from outreach.campaigns.stages import FactKind
from outreach.campaigns.standing import CHUNK, Standing, alike, clockwork, groups, is_told, standings
from outreach.correspondence import outbox
from outreach.correspondence.models import LetterKind
from outreach.dates import un_date, un_instant
from outreach.db import any_of, fresh_key
from outreach.directory import queries as directory
from outreach.errors import Invalid, Missing, Refused, Stale
from outreach.i18n import _
from outreach.identity import audit
from outreach.identity.audit import Actor

LONGEST = timedelta(days=730)
"""A deadline further away than this is taken for a slip of the pen."""


@dataclass(frozen=True)
class Extended:
    """What an extension did."""

    letters: int
    requests_granted: int


@dataclass(frozen=True)
class Announcement:
    """How many letters, to how many institutions, would tell of a later deadline."""

    letters: int
    institutions: int


@dataclass(frozen=True)
class RequestLine:
    """A request for more time as staff see it. `state_code` is None for an institution without a State."""

    id: uuid.UUID
    invitation_id: uuid.UUID
    institution_id: uuid.UUID
    state_code: str | None
    until: date
    reason: str
    asked_at: datetime
    decided_at: datetime | None
    granted: bool | None
    decided_by: str | None


@dataclass(frozen=True)
class ExtensionLine:
    """A later deadline that was granted."""

    state_code: str | None
    deadline_at: datetime
    reason: str
    granted_at: datetime
    granted_by: str
    letters: int | None
    """How many announced it; None: granted by an earlier release."""


def extend(
    session: Session,
    campaign_id: uuid.UUID,
    state_code: str | None,
    deadline_at: datetime,
    reason: str,
    actor: Actor,
    *,
    ordered: Callable[[int, int], None] | None = None,
) -> Extended:
    """Grant a later deadline (an instant) to one State, or to all where `state_code` is None, and announce it.

    Only later than the present one; letters go to those whom it concerns and who have not answered; open requests that it meets are
    granted with it; reminders follow the new deadline by themselves, and one that waits to leave makes room for the letter. To all it
    takes long, so pages have it done by `orders.ask_extension`: `ordered` is told how many have been looked at, and of how many.
    Raises Invalid with its field, Refused, Missing, Busy while letters to all are written on somebody else's word.
    """
    # The order itself stands in nobody's way but others'.
    campaign = queries.held(session, campaign_id, patience="0") if ordered else queries.at_rest(session, campaign_id)
    present = check(session, campaign, state_code, deadline_at, reason)
    everybody = select(func.count()).select_from(Invitation).where(Invitation.campaign_id == campaign_id)
    all_of_them = (session.scalar(everybody) or 0) if ordered else 0
    extension = Extension(
        id=fresh_key(),
        campaign_id=campaign_id,
        state_code=state_code,
        deadline_at=deadline_at,
        reason=reason.strip(),
        granted_at=clock.now(),
        granted_by=actor.name,
    )
    concerned = _concerned(session, campaign, state_code, deadline_at)
    session.add(extension)
    session.flush()
    queued = met = done = 0
    desk = letters.Desk(session, campaign)
    for looked_at, some in concerned:
        ids = [one.invitation_id for one in some]
        outbox.cancel(session, ids, [LetterKind.REMINDER], "the deadline was extended meanwhile")
        told = [one.invitation_id for one in some if is_told(one)]
        for start in range(0, len(told), CHUNK):
            asked = queries.asked(session, told[start : start + CHUNK])
            queued += len(desk.queue(LetterKind.EXTENSION, asked, f"extension-{extension.id}"))
            if ordered:
                ordered(done + start, max(done + start, all_of_them))
        met += _meet_requests(session, ids, deadline_at, campaign.deadline_zone, actor)
        done += looked_at
        if ordered:
            ordered(done, max(done, all_of_them))
    extension.letters = queued
    audit.record(
        session, actor, "campaign.extended", "campaign", campaign_id,
        before={"state": state_code, "deadline": present.isoformat()},
        after={"deadline": deadline_at.isoformat(), "reason": reason.strip(), "letters": queued},
    )  # fmt: skip
    doorbell.after_commit(session, doorbell.LETTERS)
    return Extended(queued, met)


def check(session: Session, campaign: Campaign, state_code: str | None, deadline_at: datetime, reason: str) -> datetime:
    """The deadline that `deadline_at` would follow. Raises what `extend` raises where it can't be granted."""
    _running(campaign)
    if not reason.strip():
        raise Invalid(_("Please give the reason; it is kept with the extension."), field="reason")
    return _present(session, campaign, state_code, deadline_at)


def announcement(
    session: Session, campaign_id: uuid.UUID, state_code: str | None, deadline_at: datetime
) -> Announcement:
    """What `extend` would send as things stand; nothing is changed. Raises what `extend` raises, but for a missing reason."""
    campaign = _running(queries.campaign(session, campaign_id))
    _present(session, campaign, state_code, deadline_at)
    deadlines = clockwork(session, campaign.id, campaign.deadline_at, campaign.deadline_zone)
    among = [Invitation.state_code == state_code] if state_code is not None else []
    told = [
        some
        for some in alike(session, campaign.id, *among)
        if deadlines.for_state(some.standing.state_code)[0] < deadline_at and is_told(some.standing)
    ]
    return Announcement(letters=sum(some.mailboxes for some in told), institutions=sum(some.number for some in told))


def ask_for_time(
    session: Session,
    invitation_id: uuid.UUID,
    until: date,
    reason: str,
    actor: Actor,
    *,
    mail_id: uuid.UUID | None = None,
) -> uuid.UUID:
    """Lay a request for more time before staff: until a day in the deadline's zone. A second one replaces the first while it waits.

    `mail_id` names the mail that asks, where it came in one.

    Raises Invalid (fields "until", "reason"), Refused where the call is closed.
    """
    invitation = queries.invitation(session, invitation_id)
    campaign = _running(queries.held(session, invitation.campaign_id))
    zone = campaign.deadline_zone
    present = clockwork(session, campaign.id, campaign.deadline_at, zone).for_state(invitation.state_code)[0]
    if until <= present.astimezone(ZoneInfo(zone)).date() or until < clock.today(zone):
        raise Invalid(
            _("The deadline is %(instant)s at present. Please give a later day.", instant=un_instant(present, zone)), field="until"
        )  # fmt: skip
    if until > clock.today(zone) + LONGEST:
        raise Invalid(_("This is more than two years away. Please check the year."), field="until")
    if not reason.strip():
        raise Invalid(_("Please say why more time is needed."), field="reason")
    waiting = session.scalars(
        select(ExtensionRequest)
        .where(ExtensionRequest.invitation_id == invitation_id, ExtensionRequest.decided_at.is_(None))
        .with_for_update()
    ).first()
    if waiting is None:
        waiting = ExtensionRequest(id=fresh_key(), invitation_id=invitation_id)
        session.add(waiting)
    waiting.until, waiting.reason, waiting.asked_at = until, reason.strip(), clock.now()
    session.flush()
    invitations.record(
        session,
        invitation_id,
        FactKind.MORE_TIME_ASKED,
        by=actor.name,
        note=reason.strip(),
        details={"until": until.isoformat(), **({"mail": str(mail_id)} if mail_id else {})},
    )
    audit.record(
        session, actor, "extension_request.made", "extension_request", waiting.id, after={"until": until.isoformat()}
    )
    return waiting.id


def grant(session: Session, request_id: uuid.UUID, deadline_at: datetime, reason: str, actor: Actor) -> Extended:
    """Grant a request, until the instant that staff choose: its State's deadline moves. Raises Stale where it was decided meanwhile,
    Refused for an institution without a State (its deadline is everybody's), and what `extend` raises."""
    request, invitation = _waiting(session, request_id)
    if invitation.state_code is None:
        raise Refused(
            _("An institution without a State has the deadline of all. Please extend the deadline for all, or decline.")
        )
    extended = extend(session, invitation.campaign_id, invitation.state_code, deadline_at, reason, actor)
    if request.decided_at is None:
        _decide(session, request, granted=True, actor=actor)
    return extended


def decline(session: Session, request_id: uuid.UUID, reason: str, actor: Actor) -> None:
    """Decline a request; the deadline stays, and a letter tells the institution why.

    Raises Invalid (field "reason"), Missing, Stale where it was decided meanwhile.
    """
    if not reason.strip():
        raise Invalid(_("Please give the reason; the institution reads it in a letter."), field="reason")
    request, invitation = _waiting(session, request_id)
    _decide(session, request, granted=False, actor=actor, reason=reason.strip())
    letters.queue_for(
        session,
        invitation,
        LetterKind.EXTENSION,
        f"request-{request.id}",
        values=lambda language: {"reason": reason.strip(), "until": un_date(request.until, language)},
        variant="declined",
    )


def withdraw_request(session: Session, invitation_id: uuid.UUID, noted_at: datetime, actor: Actor) -> None:
    """Staff take back a request that they had noted: it waits no longer, unless a later one took its place. Raises Stale where it was
    decided meanwhile."""
    latest = latest_request(session, invitation_id)
    if latest is None or latest.asked_at > noted_at:
        return
    request, _invitation = _waiting(session, latest.id)
    request.decided_at, request.decided_by = clock.now(), actor.name
    session.flush()
    audit.record(session, actor, "extension_request.withdrawn", "extension_request", request.id)


def latest_request(session: Session, invitation_id: uuid.UUID) -> RequestLine | None:
    """The last request for more time of an institution; None where it made none."""
    row = session.execute(
        select(ExtensionRequest, Invitation)
        .join(Invitation, Invitation.id == ExtensionRequest.invitation_id)
        .where(ExtensionRequest.invitation_id == invitation_id)
        .order_by(ExtensionRequest.asked_at.desc(), ExtensionRequest.id)
        .limit(1)
    ).one_or_none()
    return None if row is None else _line(row[0], row[1])


def requests(session: Session, campaign_id: uuid.UUID) -> list[RequestLine]:
    """The requests for more time in a campaign: those that wait first, the oldest first among them; then the decided ones."""
    rows = session.execute(
        select(ExtensionRequest, Invitation)
        .join(Invitation, Invitation.id == ExtensionRequest.invitation_id)
        .where(Invitation.campaign_id == campaign_id)
        .order_by(ExtensionRequest.decided_at.desc().nulls_first(), ExtensionRequest.asked_at, ExtensionRequest.id)
    )
    return [_line(one, invitation) for one, invitation in rows]


def granted(session: Session, campaign_id: uuid.UUID) -> list[ExtensionLine]:
    """The extensions of a campaign, the newest first."""
    rows = session.scalars(
        select(Extension)
        .where(Extension.campaign_id == campaign_id)
        .order_by(Extension.granted_at.desc(), Extension.id)
    )
    return [
        ExtensionLine(row.state_code, row.deadline_at, row.reason, row.granted_at, row.granted_by, row.letters)
        for row in rows
    ]


def end_of(day: date, zone: str) -> datetime:
    """The last minute of a day in a zone, as an instant: what a deadline "no later than" that day means."""
    return instant_of(day, time(23, 59), zone)


def _line(one: ExtensionRequest, invitation: Invitation) -> RequestLine:
    return RequestLine(
        id=one.id,
        invitation_id=invitation.id,
        institution_id=invitation.institution_id,
        state_code=invitation.state_code,
        until=one.until,
        reason=one.reason,
        asked_at=one.asked_at,
        decided_at=one.decided_at,
        granted=one.granted,
        decided_by=one.decided_by,
    )


def _running(campaign: Campaign) -> Campaign:
    if campaign.launched_at is None:
        raise Refused(_("This call for input is not launched yet. Its deadline is changed in its settings."))
    if campaign.closed_at is not None:
        raise Refused(_("This call for input is closed."))
    return campaign


def _present(session: Session, campaign: Campaign, state_code: str | None, deadline_at: datetime) -> datetime:
    """The deadline that `deadline_at` is to follow. Raises Invalid where it can't."""
    if state_code is not None:
        directory.state(session, state_code, "en")
    deadlines = clockwork(session, campaign.id, campaign.deadline_at, campaign.deadline_zone)
    present = deadlines.for_state(state_code)[0]
    if deadline_at <= present:
        raise Invalid(
            _("The deadline is %(instant)s at present. An extension must be later.", instant=un_instant(present, campaign.deadline_zone)),
            field="day",
        )  # fmt: skip
    if deadline_at <= clock.now():
        raise Invalid(_("This instant has passed already."), field="day")
    if deadline_at > clock.now() + LONGEST:
        raise Invalid(_("This is more than two years away. Please check the year."), field="day")
    return present


def _concerned(
    session: Session, campaign: Campaign, state_code: str | None, deadline_at: datetime
) -> Iterator[tuple[int, list[Standing]]]:
    """Those whose deadline, as it stands now, is earlier, whole States together and those without a State in chunks; with each, how many
    were looked at."""
    deadlines = clockwork(session, campaign.id, campaign.deadline_at, campaign.deadline_zone)
    of_state: list[ColumnElement[bool]] = [Invitation.state_code == state_code]
    asked = groups(session, campaign.id) if state_code is None else iter(of_state)
    found = (standings(session, campaign.id, some) for some in asked)
    return (
        (len(some), [one for one in some if deadlines.for_state(one.state_code)[0] < deadline_at]) for some in found
    )


def _meet_requests(session: Session, of: Iterable[uuid.UUID], deadline_at: datetime, zone: str, actor: Actor) -> int:
    until = deadline_at.astimezone(ZoneInfo(zone)).date()
    met = session.scalars(
        select(ExtensionRequest).where(
            ExtensionRequest.invitation_id == any_of(list(of)),
            ExtensionRequest.decided_at.is_(None),
            ExtensionRequest.until <= until,
        )
    ).all()
    for request in met:
        _decide(session, request, granted=True, actor=actor)
    return len(met)


def _waiting(session: Session, request_id: uuid.UUID) -> tuple[ExtensionRequest, Invitation]:
    """The request, locked, and the invitation it is of."""
    request = session.get(ExtensionRequest, request_id)
    if request is None:
        raise Missing(_("There is no such request."))
    invitation = queries.invitation(session, request.invitation_id)
    # The campaign first, as in an extension: it locks the requests that it meets, and two orders would wait in a circle.
    queries.held(session, invitation.campaign_id)
    session.refresh(request, with_for_update=True)
    if request.decided_at is not None:
        raise Stale(
            _(
                "%(person)s decided on this request on %(day)s.",
                person=request.decided_by or "",
                day=un_date(request.decided_at.date()),
            )
        )
    return request, invitation


def _decide(
    session: Session, request: ExtensionRequest, *, granted: bool, actor: Actor, reason: str | None = None
) -> None:
    request.decided_at, request.granted, request.decided_by = clock.now(), granted, actor.name
    invitations.hold(session, [request.invitation_id])
    walks.again(session, [request.invitation_id])
    after = {"granted": granted} if reason is None else {"granted": granted, "reason": reason}
    audit.record(
        session, actor, "extension_request.decided", "extension_request", request.id,
        before={"until": request.until.isoformat()}, after=after,
    )  # fmt: skip
    session.flush()
