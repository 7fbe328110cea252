"""What an institution says about the note or letter itself: received, nothing to expect, not for us, a new address, more time."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.campaigns import act_codes, invitations
from outreach.campaigns import queries as campaigns
from outreach.campaigns.facts import STANDS
from outreach.campaigns.models import Invitation, InvitationFact
from outreach.campaigns.stages import FactKind
from outreach.directory import queries as directory
from outreach.directory import service as register
from outreach.directory.addresses import checked_address
from outreach.directory.queries import ContactLine
from outreach.directory.service import ContactDetails
from outreach.errors import Invalid
from outreach.forwarding.service import open_campaign
from outreach.i18n import _
from outreach.identity import audit
from outreach.identity.audit import Actor

NO_SUBMISSION_EXPECTED = "no_submission_expected"
CHANGE_OF_ADDRESS = "change_of_address"
TRANSMIT = "transmit"
"""The acts that bind, as `campaigns.act_codes` names them: each asks for a code mailed to the address on file."""


def done(session: Session, invitation_id: uuid.UUID, kind: FactKind) -> InvitationFact | None:
    """The latest fact of this kind that stands, None where there is none."""
    return session.scalars(
        select(InvitationFact)
        .where(InvitationFact.invitation_id == invitation_id, InvitationFact.kind == kind, STANDS)
        .order_by(InvitationFact.at.desc(), InvitationFact.id)
        .limit(1)
    ).one_or_none()


def acknowledge(session: Session, invitation_id: uuid.UUID, actor: Actor) -> bool:
    """Record that the note or letter was received; whether this is news. Said twice, it changes nothing."""
    return _once(session, invitation_id, FactKind.ACKNOWLEDGED, "invitation.acknowledged", actor)


def no_submission_expected(
    session: Session, invitation_id: uuid.UUID, code: str, actor: Actor, words: str = ""
) -> bool:
    """Record that no submission is to be expected; reminders stop. Binds, so it takes the code. Whether this is news.

    Raises Invalid for a wrong code, TooMany for too many tries, Refused where the call is closed.
    """
    open_campaign(session, campaigns.invitation(session, invitation_id))
    if done(session, invitation_id, FactKind.NO_SUBMISSION_EXPECTED) is not None:
        return False
    act_codes.redeem(session, invitation_id, NO_SUBMISSION_EXPECTED, code)
    return _once(
        session, invitation_id, FactKind.NO_SUBMISSION_EXPECTED, "invitation.no_submission_expected", actor, words
    )


def wrong_addressee(session: Session, invitation_id: uuid.UUID, write_to: str, words: str, actor: Actor) -> bool:
    """Propose to the Secretariat whom to write to instead. Changes no address: staff decide. Whether this is news.

    `write_to` may be empty where the reader doesn't know; `words` say who is competent. Raises Invalid with its field.
    """
    address = checked_address(write_to) if write_to.strip() else ""
    if not address and not words.strip():
        raise Invalid(_("Please say who is competent, or give an address."), field="words")
    before = done(session, invitation_id, FactKind.WRONG_ADDRESSEE)
    said = {"write_to": address, "words": words.strip()}
    if before is not None and before.details == said:
        return False
    invitations.record(
        session,
        invitation_id,
        FactKind.WRONG_ADDRESSEE,
        by=actor.name,
        note=" · ".join(part for part in (address, words.strip()) if part),
        details=said,
    )
    audit.record(session, actor, "invitation.wrong_addressee", "invitation", invitation_id, after=said)
    return True


def change_address(session: Session, invitation_id: uuid.UUID, email: str, code: str, actor: Actor) -> bool:
    """Write to the institution at `email` from now on, and no more at its other addresses. Binds, so it takes the code.

    Whether this is news. Raises Invalid, TooMany.
    """
    address = checked_address(email)
    invitation = campaigns.invitation(session, invitation_id)
    former = directory.contacts(session, invitation.institution_id)
    if [contact.email.lower() for contact in former] == [address.lower()]:
        return False
    act_codes.redeem(session, invitation_id, CHANGE_OF_ADDRESS, code)
    _write_to(session, invitation, address, former, actor)
    return True


def told_by_mail(
    session: Session, invitation_id: uuid.UUID, kind: FactKind, words: str, mail_id: uuid.UUID, actor: Actor
) -> None:
    """Record what an institution said in a mail, on the word of the member of staff who read it: that the note or letter was received
    (and what became of it), or that no submission is expected. Said again in another mail, it stands twice in the history.

    Raises Refused where the call is closed.
    """
    assert kind in (FactKind.ACKNOWLEDGED, FactKind.NO_SUBMISSION_EXPECTED)
    open_campaign(session, campaigns.invitation(session, invitation_id))
    invitations.record(
        session, invitation_id, kind, by=actor.name, note=words.strip() or None, details={"mail": str(mail_id)}
    )
    audit.record(
        session, actor, f"invitation.{kind.value}", "invitation", invitation_id, after={"words": words.strip()}
    )


def address_told_by_mail(
    session: Session, invitation_id: uuid.UUID, email: str, mail_id: uuid.UUID, actor: Actor
) -> None:
    """Write to the institution at the address that it named in a mail, and no more at its others. Raises Invalid (field "email")."""
    address = checked_address(email)
    invitation = campaigns.invitation(session, invitation_id)
    former = directory.contacts(session, invitation.institution_id)
    if [contact.email.lower() for contact in former] == [address.lower()]:
        raise Invalid(_("Letters go to this address already."), field="email")
    _write_to(session, invitation, address, former, actor, {"mail": str(mail_id)})


def _write_to(
    session: Session,
    invitation: Invitation,
    address: str,
    former: Sequence[ContactLine],
    actor: Actor,
    details: Mapping[str, str] | None = None,
) -> None:
    kept = register.add_contact(
        session,
        invitation.institution_id,
        ContactDetails(email=address, source=actor.name, language=former[0].language if former else None),
        actor,
    )
    for contact in former:
        if contact.id != kept:
            register.retire_contact(session, contact.id, actor)
    invitations.record(
        session,
        invitation.id,
        FactKind.ADDRESS_CHANGED,
        by=actor.name,
        note=address,
        details={"before": [contact.email for contact in former], "after": address, **(details or {})},
    )


def ask_for_time(session: Session, invitation_id: uuid.UUID, until: date, reason: str, actor: Actor) -> None:
    """Ask the Secretariat for a later deadline, on a day of the deadline's zone. Raises Invalid with its field, Refused."""
    from outreach.campaigns import extensions

    open_campaign(session, campaigns.invitation(session, invitation_id))
    extensions.ask_for_time(session, invitation_id, until, reason, actor)


def _once(session: Session, invitation_id: uuid.UUID, kind: FactKind, act: str, actor: Actor, words: str = "") -> bool:
    open_campaign(session, campaigns.invitation(session, invitation_id))
    if done(session, invitation_id, kind) is not None:
        return False
    invitations.record(session, invitation_id, kind, by=actor.name, note=words.strip() or None)
    audit.record(session, actor, act, "invitation", invitation_id, after={"words": words.strip()} if words else None)
    return True
