"""Who wrote to us is told that it was received: at most once a day, and once for each reply that is recorded.

Never a machine, a list or an address that nobody reads (RFC 3834), never a sender that our mail server doubts, and never again while a
mail that was answered so still waits for a person: two machines that answer each other come to an end after one round.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from email.utils import parseaddr

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from outreach import clock, config
from outreach.campaigns import queries as campaigns
from outreach.campaigns.letters import Asked, Desk, Recipient, contacts_of, language_of
from outreach.campaigns.models import Campaign, Invitation
from outreach.correspondence import addresses
from outreach.correspondence import queries as written
from outreach.correspondence.models import LetterKind
from outreach.correspondence.returns import SentLetter
from outreach.db import any_of
from outreach.directory import queries as directory
from outreach.directory.addresses import checked_address
from outreach.errors import Invalid
from outreach.inbox import opening, senders
from outreach.inbox.gist import Gist
from outreach.inbox.models import ReceivedMail
from outreach.storage import Storage

_AT_MOST_EACH = timedelta(days=1)
_LOCK = text("SELECT pg_advisory_xact_lock(hashtext(key)) FROM unnest(CAST(:keys AS text[])) AS key")


@dataclass(frozen=True)
class _Answer:
    """A mail whose sender may be answered, and all that the answer needs."""

    mail: ReceivedMail
    asked: Asked
    campaign: Campaign
    to: Recipient

    @property
    def key(self) -> tuple[uuid.UUID, str]:
        """Whoever wrote to the campaign: once a day."""
        return self.campaign.id, self.to.email.lower()


def arrivals(session: Session, mails: Sequence[tuple[ReceivedMail, Gist]], letters: Mapping[str, SentLetter]) -> None:
    """Tell the senders of mails that wait for a person that they were received; `letters` are ours by the names that the mails hold."""
    may_be = [
        mail
        for mail, says in mails
        if says.takes_answers and not any(_is_one(letters.get(name)) for name in says.mail.answers)
    ]
    answers = _answers(session, may_be)
    keys = {one.key for one in answers}
    if not keys:
        return
    # Two mails of one sender that come at once are answered once. In one order: nobody waits in a circle.
    session.execute(_LOCK, {"keys": sorted(f"acknowledge {campaign_id} {address}" for campaign_id, address in keys)})
    told = written.acknowledged(session, {key[0] for key in keys}, {key[1] for key in keys})
    waiting = _waiting(session, [one.mail for one in answers])
    since = clock.now() - _AT_MOST_EACH
    chosen: dict[tuple[uuid.UUID, str], _Answer] = {}
    for one in answers:
        last = told.get(one.key)
        waits_already = (one.campaign.id, one.mail.from_address) in waiting
        if last is None or (last < since and not waits_already):
            chosen.setdefault(one.key, one)
    for campaign in {one.campaign.id: one.campaign for one in chosen.values()}.values():
        Desk(session, campaign).queue_each(
            LetterKind.ACKNOWLEDGEMENT,
            [(one.asked, one.to, f"mail {one.mail.id}") for one in chosen.values() if one.campaign is campaign],
        )


def recorded(session: Session, storage: Storage, mail: ReceivedMail, number: str) -> None:
    """Tell the sender that its mail is recorded as a reply. Whoever gets the receipt itself is not told twice."""
    if not senders.takes_answers(opening.opened(session, storage, mail.content).part.headers, mail.from_address):
        return
    for one in _answers(session, [mail]):
        contacts = contacts_of(session, one.asked.institution_id)
        if one.to.email.lower() not in {contact.email.lower() for contact in contacts}:
            Desk(session, one.campaign).queue(
                LetterKind.ACKNOWLEDGEMENT,
                [one.asked],
                f"recorded {mail.id} {number}",
                values={"number": number},
                variant="recorded",
                recipients=[one.to],
            )


def _answers(session: Session, mails: Sequence[ReceivedMail]) -> list[_Answer]:
    """Those of the mails whose senders an answer may go to, in the language of correspondence of the institutions they wrote for."""
    may_be = [one for one in mails if not one.silent and one.sender_verified is not False]
    ids = {one.invitation_id for one in may_be if one.invitation_id is not None}
    if not ids:
        return []
    asked = {one.id: one for one in campaigns.asked(session, ids)}
    places = dict(
        session.execute(select(Invitation.id, Invitation.campaign_id).where(Invitation.id == any_of(ids))).all()
    )
    calls = {key: campaigns.campaign(session, key) for key in set(places.values())}
    institution_ids = {one.institution_id for one in asked.values()}
    lines = directory.institutions(session, institution_ids, "en")
    contacts = directory.contacts_of(session, institution_ids)
    found = []
    for mail in may_be:
        if mail.invitation_id is None:
            continue
        one, campaign = asked[mail.invitation_id], calls[places[mail.invitation_id]]
        address = _address(mail, campaign)
        if address is None:
            continue
        its_contacts = contacts.get(one.institution_id, [])
        contact = next((each for each in its_contacts if each.email.lower() == address.lower()), None)
        first = contact or next((each for each in its_contacts if each.language), None)
        language = language_of(first.language if first else None, lines[one.institution_id].language)
        found.append(
            _Answer(mail, one, campaign, Recipient(address, language, contact.salutation if contact else None))
        )
    return found


def _address(mail: ReceivedMail, campaign: Campaign) -> str | None:
    """The sender's address, where it is one, and not our own."""
    try:
        address = checked_address(mail.from_address)
    except Invalid:
        return None
    own = {campaign.contact.lower(), parseaddr(config.settings().sender)[1].lower()}
    return None if addresses.is_own(address) or address.lower() in own else address


def _is_one(letter: SentLetter | None) -> bool:
    return letter is not None and letter.kind is LetterKind.ACKNOWLEDGEMENT


def _waiting(session: Session, mails: Sequence[ReceivedMail]) -> set[tuple[uuid.UUID, str]]:
    """The campaigns and senders of whom other mail than this waits for a person."""
    return set(
        session.execute(
            select(Invitation.campaign_id, ReceivedMail.from_address)
            .join(Invitation, Invitation.id == ReceivedMail.invitation_id)
            .where(
                ReceivedMail.from_address.in_({mail.from_address for mail in mails}),
                ReceivedMail.outcome.is_(None),
                ReceivedMail.understood_at.is_not(None),
                ReceivedMail.id.not_in([mail.id for mail in mails]),
            )
            .distinct()
        ).all()
    )
