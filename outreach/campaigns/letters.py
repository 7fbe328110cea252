"""What the campaign writes to whom: every letter about an invitation goes through `Desk.queue`, or `queue_for` where it is one."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from outreach.campaigns import wording
from outreach.campaigns.models import Campaign, Invitation
from outreach.campaigns.wording import (
    NOTE_KINDS,
    Asked,
    Draft,
    Recipient,
    Values,
    Wording,
    Writer,
    language_of,
    of_whom,
    register_of,
)
from outreach.correspondence import addresses, editions, outbox
from outreach.correspondence.editions import Attachment, Rendered, Rendering
from outreach.correspondence.models import LetterKind, Register
from outreach.correspondence.outbox import LetterOrder
from outreach.directory import queries as directory
from outreach.directory.queries import ContactLine
from outreach.directory.recipients import NamedInstitution

__all__ = [
    "NOTE_KINDS",
    "Asked",
    "Desk",
    "Recipient",
    "Values",
    "contacts_of",
    "language_of",
    "of_whom",
    "preview",
    "queue_for",
    "register_of",
    "wants_none",
]


def contacts_of(session: Session, institution_id: uuid.UUID) -> list[ContactLine]:
    """The contacts of an institution that can be written to: those whose address no relay has refused."""
    return [contact for contact in directory.contacts(session, institution_id) if contact.refused_at is None]


def wants_none(session: Session, institution_id: uuid.UUID) -> bool:
    """Whether an institution can be written to, and at each of these addresses somebody asked for no more letters."""
    found = contacts_of(session, institution_id)
    return bool(found) and all(contact.no_letters_at is not None for contact in found)


class Desk:
    """Queues letters of one campaign within one transaction: what is the same for all is read, rendered and frozen once."""

    def __init__(
        self, session: Session, campaign: Campaign, known: dict[uuid.UUID, dict[Rendering, Wording]] | None = None
    ) -> None:
        """`known` is what was rendered in former transactions, for a campaign whose texts stay as they are; it is added to."""
        self._session, self._campaign = session, campaign
        wordings, self._frozen = _of_this_transaction(session)
        wordings = wordings if known is None else known
        self._writer = Writer(session, campaign, wordings.setdefault(campaign.id, {}))

    def queue(
        self,
        kind: LetterKind,
        asked: Sequence[Asked],
        occasion: str,
        *,
        values: Values | None = None,
        variant: str = "",
        recipients: Sequence[Recipient] | None = None,
        due_at: datetime | None = None,
    ) -> list[uuid.UUID]:
        """Queue a letter about each of these invitations, as `queue_for` does about one; the ids of the new ones.

        As many statements for a thousand as for one; whoever has more gives them in chunks.
        """
        drafts = self._writer.drafts(kind, asked, values=values, variant=variant, recipients=recipients)
        return outbox.queue_all(self._session, [self._order(kind, draft, occasion, due_at) for draft in drafts])

    def queue_each(self, kind: LetterKind, each: Sequence[tuple[Asked, Recipient, str]]) -> list[uuid.UUID]:
        """Queue a letter about each of these invitations to the recipient and on the occasion beside it; the ids of the new ones."""
        drafts = self._writer.drafts_to(kind, [(asked, recipient) for asked, recipient, _occasion in each])
        orders = [
            self._order(kind, draft, occasion, None)
            for draft, (_asked, _recipient, occasion) in zip(drafts, each, strict=True)
        ]
        return outbox.queue_all(self._session, orders)

    def orders(
        self,
        kind: LetterKind,
        asked: Sequence[Asked],
        occasion: str,
        institutions: Mapping[uuid.UUID, NamedInstitution],
    ) -> Iterator[LetterOrder]:
        """The letters that `queue` would queue to these institutions; they are composed as they are taken."""
        drafts = self._writer.drafts(kind, asked, institutions=institutions)
        return (self._order(kind, draft, occasion, None) for draft in drafts)

    def _order(self, kind: LetterKind, draft: Draft, occasion: str, due_at: datetime | None) -> LetterOrder:
        return LetterOrder(
            edition_id=self._edition(draft.wording),
            kind=kind,
            language=draft.recipient.language,
            to_address=draft.recipient.email,
            occasion=occasion,
            values=draft.values,
            campaign_id=self._campaign.id,
            invitation_id=draft.asked.id,
            contact_id=draft.recipient.contact_id,
            reply_to=addresses.reply_to(self._campaign.contact, draft.asked.code),
            due_at=due_at,
        )

    def _edition(self, of: Wording) -> uuid.UUID:
        if of not in self._frozen:
            self._frozen[of] = editions.freeze(self._session, of.rendering, of.rendered, of.attachments)
        return self._frozen[of]


def queue_for(
    session: Session,
    invitation: Invitation,
    kind: LetterKind,
    occasion: str,
    *,
    values: Values | None = None,
    variant: str = "",
    recipients: Sequence[Recipient] | None = None,
    due_at: datetime | None = None,
) -> list[uuid.UUID]:
    """Queue a letter to each contact of the invited institution (or to `recipients`), in each one's language; the ids of the new ones.

    `occasion` says what it is about: the same kind on the same occasion is queued once for ever. `values` are those that only this
    kind has; `variant` is a word that its template knows. Both registers, the deadline of the State, the links and names are known here.
    A receipt takes number, received, behalf, version, linkreceipt and digest (variant "late"), a part for the mission body and
    linkpart, a return reason (and ofsender, see `of_whom`), a code the code (variant: the act), an extension that is not granted (variant
    "declined") reason and until. Raises KeyError where one is missing.
    """
    session.flush()
    desk = Desk(session, session.get_one(Campaign, invitation.campaign_id))
    return desk.queue(
        kind, [Asked.of(invitation)], occasion, values=values, variant=variant, recipients=recipients, due_at=due_at
    )


def preview(
    session: Session, campaign: Campaign, kind: LetterKind, register: Register, language: str, variant: str = ""
) -> Rendered:
    """A letter as it would be rendered now (to a stakeholder, where it is no note), with its places unfilled; nothing is kept."""
    to = "stakeholder" if register is Register.LETTER and wording.may_end(kind, variant) else "mission"
    return wording.worded(session, campaign, Rendering(kind, register, language, variant, to)).rendered


def enclosed(
    session: Session, campaign: Campaign, kind: LetterKind, register: Register, language: str, variant: str = ""
) -> Sequence[Attachment]:
    """The documents that such a letter would carry now."""
    return wording.attachments(session, campaign, Rendering(kind, register, language, variant))


Known = tuple[dict[uuid.UUID, dict[Rendering, Wording]], dict[Wording, uuid.UUID]]
"""What was rendered for each campaign, and the editions that were frozen of it."""


def _of_this_transaction(session: Session) -> Known:
    # Of this transaction only: a rollback takes the editions that it froze along.
    transaction, known = session.info.get("editions", (None, None))
    if known is None or transaction is not session.get_transaction():
        known = {}, {}
        session.info["editions"] = session.get_transaction(), known
    found: Known = known
    return found
