"""The outbox: every letter is a row before anything is sent, and the unique key says what has been written already."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from outreach import clock, config, doorbell
from outreach.correspondence.models import Letter, LetterKind, LetterState
from outreach.errors import Invalid, Missing
from outreach.i18n import _


@dataclass(frozen=True)
class LetterOrder:
    """One letter to one contact. `values` are the recipient's, by language and place."""

    edition_id: uuid.UUID
    kind: LetterKind
    language: str
    to_address: str
    occasion: str
    values: Mapping[str, Mapping[str, str]]
    campaign_id: uuid.UUID | None = None
    invitation_id: uuid.UUID | None = None
    contact_id: uuid.UUID | None = None
    reply_to: str | None = None
    due_at: datetime | None = None


def queue(session: Session, order: LetterOrder) -> uuid.UUID | None:
    """Queue a letter; its id, or None where the same was queued before: the unique key decides, not a look beforehand."""
    letter_id = uuid.uuid4()
    now = clock.now()
    made = session.execute(
        insert(Letter)
        .values(
            id=letter_id,
            edition_id=order.edition_id,
            kind=order.kind,
            language=order.language,
            campaign_id=order.campaign_id,
            invitation_id=order.invitation_id,
            contact_id=order.contact_id,
            occasion=order.occasion,
            attempt=1,
            to_address=order.to_address,
            merge={language: dict(values) for language, values in order.values.items()},
            message_id=f"<{letter_id}@{config.settings().mail_domain}>",
            envelope_token=letter_id.hex,
            reply_to=order.reply_to,
            state=LetterState.QUEUED,
            due_at=order.due_at or now,
            queued_at=now,
            tries=0,
        )
        .on_conflict_do_nothing()
        .returning(Letter.id)
    ).scalar_one_or_none()
    if made is not None:
        doorbell.after_commit(session, doorbell.LETTERS)
    return made


def envelope_sender(token: str) -> str:
    """The address to which a letter's bounces go: it carries the letter's token."""
    return f"bounces+{token}@{config.settings().mail_domain}"


def token_of(address: str) -> str | None:
    """The token in an envelope sender of ours, whatever became of its capital letters on the way; None in any other address."""
    local, _at, domain = address.lower().rpartition("@")
    name, _plus, token = local.partition("+")
    return token or None if name == "bounces" and domain == config.settings().mail_domain else None


def letter_named(name: str) -> uuid.UUID | None:
    """The id of the letter that an envelope's token or a Message-ID of ours names; None where none can be meant."""
    try:
        return uuid.UUID(name.strip("<>").partition("@")[0])
    except ValueError:
        return None


def cancel(session: Session, invitation_ids: Iterable[uuid.UUID], kinds: Iterable[LetterKind], reason: str) -> int:
    """Cancel what has not left, so that a sender that claimed it drops it too; how many letters that were.

    A letter that the relay is taking at this instant still arrives, and is recorded as sent.
    """
    now = clock.now()
    done = session.execute(
        update(Letter)
        .where(
            Letter.invitation_id.in_(list(invitation_ids)),
            Letter.kind.in_(list(kinds)),
            Letter.state.in_([LetterState.QUEUED, LetterState.SENDING]),
        )
        .values(state=LetterState.CANCELLED, settled_at=now, accounted_at=now, reason=reason, claimed_by=None)
        .returning(Letter.id)
        .execution_options(synchronize_session=False)
    )
    return len(done.all())


def resend(
    session: Session,
    letter_id: uuid.UUID,
    *,
    contact_id: uuid.UUID,
    to_address: str,
    values: Mapping[str, Mapping[str, str]] | None = None,
) -> uuid.UUID:
    """Queue the same letter once more, to this contact: only a person does so, and it counts as a further attempt.

    `values` replace those that the letter had at the same places. Raises Missing, and Invalid while the letter is still on its way.
    """
    former = session.get(Letter, letter_id, with_for_update=True)
    if former is None:
        raise Missing(_("There is no such letter."))
    if former.state in {LetterState.QUEUED, LetterState.SENDING}:
        raise Invalid(_("This letter is still on its way."))
    # One resend at a time: the key holds for the contact, so the attempt is counted over all contacts.
    session.execute(
        text("SELECT pg_advisory_xact_lock(hashtext(:key))"), {"key": f"{former.invitation_id}{former.kind}"}
    )
    attempt = max(
        session.scalars(
            select(Letter.attempt).where(
                Letter.invitation_id == former.invitation_id,
                Letter.kind == former.kind,
                Letter.occasion == former.occasion,
            )
        )
    )
    fresh = uuid.uuid4()
    now = clock.now()
    session.add(
        Letter(
            id=fresh,
            edition_id=former.edition_id,
            kind=former.kind,
            language=former.language,
            campaign_id=former.campaign_id,
            invitation_id=former.invitation_id,
            contact_id=contact_id,
            occasion=former.occasion,
            attempt=attempt + 1,
            to_address=to_address,
            merge={
                language: {name: (values or {}).get(language, {}).get(name, value) for name, value in kept.items()}
                for language, kept in former.merge.items()
            },
            message_id=f"<{fresh}@{config.settings().mail_domain}>",
            envelope_token=fresh.hex,
            reply_to=former.reply_to,
            state=LetterState.QUEUED,
            due_at=now,
            queued_at=now,
        )
    )
    session.flush()
    doorbell.after_commit(session, doorbell.LETTERS)
    return fresh
