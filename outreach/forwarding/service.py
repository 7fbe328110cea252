"""Forwarding: bodies are asked below a mission, level by level; a refused address is corrected; a link that was passed on is taken up."""

import uuid
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy.orm import Session

from outreach import clock, config, doorbell
from outreach.campaigns import invitations, letters
from outreach.campaigns import queries as campaigns
from outreach.campaigns.letters import Recipient, language_of
from outreach.campaigns.models import Campaign, Invitation, Origin, ReplyRoute
from outreach.campaigns.stages import FactKind
from outreach.correspondence.models import LetterKind
from outreach.dates import un_date
from outreach.directory import queries as directory
from outreach.directory import service as register
from outreach.directory.addresses import checked_address
from outreach.directory.models import MISSION_KINDS, Institution, InstitutionKind, Sector
from outreach.directory.service import ContactDetails, InstitutionDetails
from outreach.errors import Invalid, Refused, TooMany
from outreach.forwarding import bodies
from outreach.forwarding.bodies import AT_ONCE, PER_MISSION, AskedBefore
from outreach.i18n import LANGUAGES, _, language, ngettext
from outreach.identity import audit
from outreach.identity.audit import Actor

LETTERS = "forwarded"
"""The occasion of the letter to a body; a corrected address is another contact, so it is a letter of its own."""
BEGUN_AN_HOUR = 20
BEGUN_IN_ALL = 300
"""How many bodies may begin by one link that was passed on: it may travel far, and each of them is sent a mail."""


@dataclass(frozen=True)
class BodyDetails:
    """A body as somebody names it: what it is, where it can be written to, and in which of the six languages."""

    name: str
    kind: InstitutionKind
    email: str
    language: str
    sector: Sector | None = None


@dataclass(frozen=True)
class BodyToAsk(BodyDetails):
    """A body that a mission forwards to; `message` is the mission's own words, `route` how the body replies."""

    message: str | None = None
    route: ReplyRoute = ReplyRoute.THROUGH_MISSION


@dataclass(frozen=True)
class ForwardRequest:
    """The bodies of one form, in its order."""

    bodies: tuple[BodyToAsk, ...] = field(default=())


@dataclass(frozen=True)
class Forwarded:
    """What became of one body: its invitation, and `before` where it had been asked already."""

    invitation_id: uuid.UUID
    name: str
    before: AskedBefore | None = None

    @property
    def sentence(self) -> str:
        """What happened, in the language spoken now."""
        if self.before is None:
            return _("Forwarded to %(name)s. The letter leaves within minutes.", name=self.name)
        return _(
            "%(name)s has already been asked, by %(by)s, on %(date)s. It was not written to again.",
            name=self.before.name,
            by=self.before.by,
            date=un_date(self.before.day),
        )


@dataclass(frozen=True)
class Begun:
    """A body that takes up a link: its invitation. `led`: it may go on at once; else only the link mailed to it opens."""

    invitation_id: uuid.UUID
    led: bool


def forward(session: Session, invitation_id: uuid.UUID, request: ForwardRequest, actor: Actor) -> list[Forwarded]:
    """Ask the bodies at the request of the institution behind `invitation_id`, and write to them with a copy to it.

    A body that was asked before in this campaign is left as it is. Below an institution that is no mission the route is that
    institution's own. Raises Invalid with the field ("bodies-2-email") of the first fault, TooMany, Missing, Refused; then
    nothing is to be committed.
    """
    parent = campaigns.invitation(session, invitation_id)
    campaign = open_campaign(session, parent)
    if not request.bodies:
        raise Invalid(_("Please name at least one ministry or body."), field="bodies-0-name")
    if len(request.bodies) > AT_ONCE:
        raise TooMany(_("Please forward to at most %(most)d bodies at once.", most=AT_ONCE))
    bodies.hold_line(session, parent)
    root = bodies.chain(session, parent.id)[-1]
    room = PER_MISSION - sum(1 for below in bodies.below(session, root.id) if below.origin is Origin.FORWARDED)
    done: list[Forwarded] = []
    for place, body in enumerate(request.bodies):
        outcome = _ask(session, campaign, parent, body, place, actor)
        done.append(outcome)
        room -= outcome.before is None
        if room < 0:
            raise TooMany(
                _(
                    "At most %(most)d bodies can be forwarded to from here. For more, please use the text to pass on.",
                    most=PER_MISSION,
                )
            )
    doorbell.after_commit(session, doorbell.LETTERS)
    return done


def _ask(
    session: Session, campaign: Campaign, parent: Invitation, body: BodyToAsk, place: int, actor: Actor
) -> Forwarded:
    email = _address(body.email, f"bodies-{place}-email")
    _check(body, f"bodies-{place}-")
    known = bodies.at_address(session, campaign.id, parent.state_code, email, body.name)
    if known is not None and known.id == parent.institution_id:
        raise Invalid(
            _("This is your own address. Please write the address of the body that you forward to."),
            field=f"bodies-{place}-email",
        )
    if known is not None:
        before = bodies.asked_before(session, campaign.id, known.id)
        if before is not None:
            return Forwarded(before.invitation_id, before.name, before)
        if known.kind in MISSION_KINDS:
            raise Invalid(
                _("This is the address of a mission. The Secretariat writes to missions itself."),
                field=f"bodies-{place}-email",
            )
    institution_id = known.id if known is not None else _recorded(session, parent.state_code, body, email, actor)
    child = invitations.invite(
        session,
        campaign_id=campaign.id,
        institution_id=institution_id,
        state_code=parent.state_code,
        origin=Origin.FORWARDED,
        reply_route=route_below(session, parent, body.route),
        parent_id=parent.id,
        message=(body.message or "").strip() or None,
    )
    _write_to(session, child, field=f"bodies-{place}-email")
    name = directory.institution_name(session, institution_id, "en")
    invitations.record(
        session, parent.id, FactKind.FORWARDED, by=actor.name, note=name, details={"invitation": str(child.id)}
    )
    audit.record(
        session, actor, "invitation.forwarded", "invitation", child.id,
        after={"name": name, "email": email, "route": child.reply_route.value, "parent": str(parent.id)},
    )  # fmt: skip
    return Forwarded(child.id, directory.institution_name(session, institution_id, language()))


def correct_address(session: Session, child_invitation_id: uuid.UUID, email: str, actor: Actor) -> None:
    """Write to a forwarded body at another address, because its own was refused; the refused one is written to no more.

    Raises Refused where no address of the body was refused, Invalid for an address that can't be taken.
    """
    child = campaigns.invitation(session, child_invitation_id)
    open_campaign(session, child)
    address = _address(email, "email")
    refused = [contact for contact in directory.contacts(session, child.institution_id) if contact.refused_at]
    if child.parent_id is None or child.origin is not Origin.FORWARDED or not refused:
        raise Refused(_("The address of this body was not refused, so it can't be corrected here."))
    bodies.hold_line(session, child)
    if address.lower() in {contact.email.lower() for contact in refused}:
        raise Invalid(_("This is the address that was refused. Please write another one."), field="email")
    known = bodies.at_address(session, child.campaign_id, child.state_code, address)
    if known is not None and known.id != child.institution_id:
        before = bodies.asked_before(session, child.campaign_id, known.id)
        if before is not None or known.kind in MISSION_KINDS:
            raise Invalid(
                _("This is the address of %(name)s.", name=directory.institution_name(session, known.id, language())),
                field="email",
            )
    for contact in refused:
        register.retire_contact(session, contact.id, actor)
    register.add_contact(
        session,
        child.institution_id,
        ContactDetails(email=address, source=actor.name, language=refused[0].language),
        actor,
    )
    _write_to(session, child)
    invitations.record(
        session,
        child.id,
        FactKind.ADDRESS_CHANGED,
        by=actor.name,
        note=address,
        details={"before": [contact.email for contact in refused], "after": address},
    )
    doorbell.after_commit(session, doorbell.LETTERS)


def begin_own(session: Session, invitation_id: uuid.UUID, body: BodyDetails) -> Begun:
    """A body takes up the link that an institution passed on, and gets a link of its own, by mail and (if new) at once.

    An address that the directory knows is only written to: whoever types it has not shown that it is theirs. Nothing here acts for
    the institution that passed the link on. Raises Invalid, TooMany, Refused.
    """
    parent = campaigns.invitation(session, invitation_id)
    campaign = open_campaign(session, parent)
    email = _address(body.email, "email")
    _check(body, "")
    bodies.hold_line(session, parent)
    _hold_begun(session, parent)
    known = bodies.at_address(session, campaign.id, parent.state_code, email, body.name)
    if known is not None and known.kind in MISSION_KINDS:
        raise Invalid(
            _("This is the address of a mission. A mission answers by the link in the note that it received."),
            field="email",
        )
    before = bodies.asked_before(session, campaign.id, known.id) if known is not None else None
    if before is not None:
        # Once a day at most: the letter's occasion carries the date.
        _write_to(session, campaigns.invitation(session, before.invitation_id), f"again {clock.today('UTC')}")
        doorbell.after_commit(session, doorbell.LETTERS)
        return Begun(before.invitation_id, led=False)
    actor = Actor(body.name.strip())
    institution_id = known.id if known is not None else _recorded(session, parent.state_code, body, email, actor)
    child = invitations.invite(
        session,
        campaign_id=campaign.id,
        institution_id=institution_id,
        state_code=parent.state_code,
        origin=Origin.PASSED_ON,
        reply_route=ReplyRoute.DIRECT,
        parent_id=parent.id,
    )
    _write_to(session, child)
    invitations.record(
        session, parent.id, FactKind.PASSED_ON, by=actor.name, note=actor.name, details={"invitation": str(child.id)}
    )
    audit.record(
        session, actor, "invitation.begun", "invitation", child.id,
        after={"name": actor.name, "email": email, "parent": str(parent.id)},
    )  # fmt: skip
    doorbell.after_commit(session, doorbell.LETTERS)
    return Begun(child.id, led=known is None)


def route_below(session: Session, parent: Invitation, wished: ReplyRoute) -> ReplyRoute:
    """How a body below `parent` replies: a mission chooses, everybody else hands on the route that was given to it."""
    institution = session.get(Institution, parent.institution_id)
    if institution is not None and institution.kind in MISSION_KINDS:
        return wished
    return parent.reply_route


def open_campaign(session: Session, invitation: Invitation) -> Campaign:
    """The campaign, as long as staff have not closed it. Raises Refused."""
    campaign = campaigns.campaign(session, invitation.campaign_id)
    if campaign.closed_at is not None:
        raise Refused(
            _(
                "This call for input was closed on %(date)s. Please write to %(contact)s.",
                date=un_date(campaign.closed_at.date()),
                contact=campaign.contact,
            )
        )
    return campaign


def _hold_begun(session: Session, parent: Invitation) -> None:
    begun = [child for child in campaigns.children(session, parent.id) if child.origin is Origin.PASSED_ON]
    lately = [child for child in begun if child.created_at > clock.now() - timedelta(hours=1)]
    if len(lately) >= BEGUN_AN_HOUR:
        raise TooMany(
            ngettext(
                "%(num)d institution began an answer by this link within the last hour. Please try again in an hour.",
                "%(num)d institutions began an answer by this link within the last hour. Please try again in an hour.",
                len(lately),
            )
        )
    if len(begun) >= BEGUN_IN_ALL:
        raise TooMany(
            _("No more answers can be begun by this link. Please write to the address for questions on this page.")
        )


def _recorded(session: Session, state_code: str | None, body: BodyDetails, email: str, actor: Actor) -> uuid.UUID:
    institution_id = register.add_institution(
        session,
        InstitutionDetails(
            kind=body.kind,
            name=body.name,
            state_code=state_code,
            sector=body.sector,
            language=body.language,
            language_source=actor.name,
            language_as_of=clock.today("UTC"),
        ),
        actor,
    )
    register.add_contact(
        session, institution_id, ContactDetails(email=email, source=actor.name, language=body.language), actor
    )
    return institution_id


def _write_to(session: Session, child: Invitation, occasion: str = LETTERS, *, field: str = "email") -> None:
    """Raises Invalid where the body wants no more letters."""
    assert child.parent_id is not None
    parent = campaigns.invitation(session, child.parent_id)
    queued = letters.queue_for(session, child, LetterKind.FORWARDED, occasion)
    if not queued and letters.wants_none(session, child.institution_id):
        raise Invalid(_("No more letters are wanted at this address. Please give another one."), field=field)
    if child.origin is Origin.FORWARDED and occasion == LETTERS:
        spoken = directory.institution(session, child.institution_id, "en").language
        copies = [
            Recipient(contact.email, language_of(spoken, None), contact_id=contact.id)
            for contact in letters.contacts_of(session, parent.institution_id)
        ]
        # A letter of its own: whoever has the links of the first acts for the body that it went to.
        letters.queue_for(session, child, LetterKind.COPY, occasion, recipients=copies)


def _check(body: BodyDetails, prefix: str) -> None:
    if body.kind in MISSION_KINDS:
        raise Invalid(_("The Secretariat writes to missions itself."), field=f"{prefix}kind")
    if not body.name.strip():
        raise Invalid(_("Please give the name of the institution."), field=f"{prefix}name")
    if len(body.name) > 300 or any(ord(character) < 32 for character in body.name):
        raise Invalid(_("Please write the name on one line, in at most 300 characters."), field=f"{prefix}name")
    if body.language not in LANGUAGES:
        raise Invalid(_("Please choose one of the six languages."), field=f"{prefix}language")


def _address(text: str, name: str) -> str:
    try:
        address = checked_address(text)
    except Invalid as fault:
        raise Invalid(fault.message, field=name) from None
    if config.settings().demo and address.rsplit(".", 1)[-1] not in {"example", "test", "invalid"}:
        raise Invalid(
            _("In this demonstration only addresses that end in .example, .test or .invalid can be used."), field=name
        )
    return address
