"""Who wrote to us is told that it was received: at most once a day, and once for each reply that is recorded.

Never a machine, a list or an address that nobody reads (RFC 3834), never a sender that our mail server doubts, and never again while a
mail that was answered so still waits for a person: two machines that answer each other come to an end after one round.
"""

import uuid
from datetime import timedelta
from email.utils import parseaddr

from sqlalchemy import exists, select, text
from sqlalchemy.orm import Session

from outreach import clock, config
from outreach.campaigns import letters
from outreach.campaigns import queries as campaigns
from outreach.campaigns.letters import Recipient, language_of
from outreach.campaigns.models import Campaign, Invitation
from outreach.correspondence import addresses, outbox
from outreach.correspondence import queries as written
from outreach.correspondence.models import Letter, LetterKind
from outreach.directory import queries as directory
from outreach.directory.addresses import checked_address
from outreach.errors import Invalid
from outreach.inbox import mime, senders
from outreach.inbox.mime import Headers
from outreach.inbox.models import ReceivedMail
from outreach.inbox.parsing import ParsedMail
from outreach.storage import Storage

_AT_MOST_EACH = timedelta(days=1)


def arrival(session: Session, mail: ReceivedMail, headers: Headers, read: ParsedMail) -> None:
    """Tell the sender of a mail that waits for a person that it was received."""
    found = _addressee(session, mail, headers)
    if found is None or _answers_one(session, read):
        return
    invitation, campaign, to = found
    # Two mails of one sender that come at once are answered once.
    session.execute(
        text("SELECT pg_advisory_xact_lock(hashtext(:key))"), {"key": f"acknowledge {campaign.id} {to.email.lower()}"}
    )
    since = clock.now() - _AT_MOST_EACH
    if written.acknowledged_to(session, campaign.id, to.email, since):
        return
    if _waits_already(session, mail, campaign.id) and written.acknowledged_to(session, campaign.id, to.email):
        return
    letters.queue_for(session, invitation, LetterKind.ACKNOWLEDGEMENT, f"mail {mail.id}", recipients=[to])


def recorded(session: Session, storage: Storage, mail: ReceivedMail, number: str) -> None:
    """Tell the sender that its mail is recorded as a reply. Whoever gets the receipt itself is not told twice."""
    found = _addressee(session, mail, mime.opened(storage.get(mail.content)).headers)
    if found is None:
        return
    invitation, _campaign, to = found
    contacts = letters.contacts_of(session, invitation.institution_id)
    if to.email.lower() in {contact.email.lower() for contact in contacts}:
        return
    letters.queue_for(
        session,
        invitation,
        LetterKind.ACKNOWLEDGEMENT,
        f"recorded {mail.id}",
        values={"number": number},
        variant="recorded",
        recipients=[to],
    )


def _addressee(session: Session, mail: ReceivedMail, headers: Headers) -> tuple[Invitation, Campaign, Recipient] | None:
    """To whom an answer may go, in the language of correspondence of the institution it wrote for."""
    if mail.silent or mail.invitation_id is None or mail.sender_verified is False:
        return None
    from_nobody = any(one.strip() in ("", "<>") for one in headers.get("return-path", ())[:1])
    if not senders.takes_answers(headers, mail.from_address, from_nobody):
        return None
    try:
        address = checked_address(mail.from_address)
    except Invalid:
        return None
    invitation = campaigns.invitation(session, mail.invitation_id)
    campaign = campaigns.campaign(session, invitation.campaign_id)
    own = {campaign.contact.lower(), parseaddr(config.settings().sender)[1].lower()}
    if addresses.is_own(address) or address.lower() in own:
        return None
    contacts = directory.contacts(session, invitation.institution_id)
    line = directory.institution(session, invitation.institution_id, "en")
    contact = next((one for one in contacts if one.email.lower() == address.lower()), None)
    first = contact or next((one for one in contacts if one.language), None)
    language = language_of(first.language if first else None, line.language)
    return invitation, campaign, Recipient(address, language, contact.salutation if contact else None)


def _answers_one(session: Session, read: ParsedMail) -> bool:
    """Whether a mail answers an acknowledgement of ours."""
    named = {found for name in read.answers if (found := outbox.letter_named(name)) is not None}
    if not named:
        return False
    return bool(session.scalar(select(exists().where(Letter.id.in_(named), Letter.kind == LetterKind.ACKNOWLEDGEMENT))))


def _waits_already(session: Session, mail: ReceivedMail, campaign_id: uuid.UUID) -> bool:
    """Whether another mail of this sender waits for a person in the campaign."""
    return bool(
        session.scalar(
            select(
                exists().where(
                    ReceivedMail.invitation_id == Invitation.id,
                    Invitation.campaign_id == campaign_id,
                    ReceivedMail.from_address == mail.from_address,
                    ReceivedMail.outcome.is_(None),
                    ReceivedMail.understood_at.is_not(None),
                    ReceivedMail.id != mail.id,
                )
            )
        )
    )
