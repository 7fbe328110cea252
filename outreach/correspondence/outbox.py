"""The outbox: every letter is a row before anything is sent, and the unique key says what has been written already."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, bindparam, func, insert, select, text, update
from sqlalchemy.dialects.postgresql import JSON
from sqlalchemy.orm import Session

from outreach import clock, config, doorbell
from outreach.correspondence.models import Letter, LetterKind, LetterState, Unaccounted
from outreach.db import Keys, any_of, fresh_key, fresh_keys
from outreach.errors import Invalid, Missing
from outreach.i18n import _

_QUEUE = text(
    """
    INSERT INTO letter (id, edition_id, kind, language, campaign_id, invitation_id, contact_id, occasion, attempt, to_address, merge,
        message_id, envelope_token, reply_to, state, due_at, queued_at, tries)
    SELECT id, edition_id, kind, language, campaign_id, invitation_id, contact_id, occasion, 1, to_address, merge,
        '<' || id || '@' || :domain || '>', replace(id::text, '-', ''), reply_to, 'queued', due_at, :now, 0
    FROM json_to_recordset(:letters) AS told (id uuid, edition_id uuid, kind text, language text, campaign_id uuid, invitation_id uuid,
        contact_id uuid, occasion text, to_address text, merge jsonb, reply_to text, due_at timestamptz)
    ON CONFLICT DO NOTHING
    RETURNING id
    """
).bindparams(bindparam("letters", type_=JSON()))

_AGAIN = text(
    """
    WITH former AS MATERIALIZED (
        SELECT uuidv7() AS fresh, letter.* FROM letter WHERE id = ANY(:keys) AND settled_at IS NOT NULL
    )
    INSERT INTO letter (id, edition_id, kind, language, campaign_id, invitation_id, contact_id, occasion, attempt, to_address, merge,
        message_id, envelope_token, reply_to, state, due_at, queued_at, tries)
    SELECT fresh, edition_id, kind, language, campaign_id, invitation_id, contact_id, occasion,
        (SELECT max(other.attempt) + 1 FROM letter AS other
            WHERE other.invitation_id = former.invitation_id AND other.kind = former.kind AND other.occasion = former.occasion),
        to_address,
        (SELECT jsonb_object_agg(part.language, COALESCE(
                jsonb_set(part.said, '{deadline}', CAST(:deadlines AS jsonb) -> part.language, FALSE), part.said
            )) FROM jsonb_each(merge) AS part (language, said)),
        '<' || fresh || '@' || :domain || '>', replace(fresh::text, '-', ''), reply_to, 'queued', :now, :now, 0
    FROM former
    ON CONFLICT DO NOTHING
    RETURNING id
    """
).bindparams(bindparam("keys", type_=Keys()), bindparam("deadlines", type_=JSON()))


class LetterOrder(NamedTuple):
    """One letter to one contact. `values` are the recipient's, by language and place; `occasion` says what it is about, once for ever."""

    edition_id: uuid.UUID
    kind: LetterKind
    language: str
    to_address: str
    occasion: str
    values: dict[str, dict[str, str]]
    campaign_id: uuid.UUID | None = None
    invitation_id: uuid.UUID | None = None
    contact_id: uuid.UUID | None = None
    reply_to: str | None = None
    due_at: datetime | None = None


def queue(session: Session, order: LetterOrder) -> uuid.UUID | None:
    """Queue a letter; its id, or None where the same was queued before."""
    return next(iter(queue_all(session, [order])), None)


def queue_all(session: Session, orders: Sequence[LetterOrder]) -> list[uuid.UUID]:
    """Queue letters in one statement; the ids of the new ones, in the order given. Nothing is looked up beforehand: the unique key decides.

    The key is invitation, contact, kind, occasion and attempt, and what is empty in two letters counts as the same. Several contacts of
    one institution are kept apart by the contact. A letter without one (a receipt to a respondent, a mail to staff, which has no invitation
    either) goes to an address that only it knows: its occasion is followed by that address. A code, a request or a mail to staff can come
    again and again: its occasion names the one that it is about.
    """
    session.flush()
    now = clock.now()
    told = list(zip(fresh_keys(len(orders)), orders, strict=True))
    letters = [
        {
            "id": letter_id.hex,
            "edition_id": order.edition_id.hex,
            "kind": order.kind.value,
            "language": order.language,
            "campaign_id": order.campaign_id and order.campaign_id.hex,
            "invitation_id": order.invitation_id and order.invitation_id.hex,
            "contact_id": order.contact_id and order.contact_id.hex,
            "occasion": order.occasion if order.contact_id else f"{order.occasion} {order.to_address}",
            "to_address": order.to_address,
            "merge": order.values,
            "reply_to": order.reply_to,
            "due_at": (order.due_at or now).isoformat(),
        }
        for letter_id, order in told
    ]
    values = {"letters": letters, "domain": config.settings().mail_domain, "now": now}
    made = set(session.scalars(_QUEUE, values)) if letters else set()
    if made:
        doorbell.after_commit(session, doorbell.LETTERS)
    return [letter_id for letter_id, _order in told if letter_id in made]


def cancel_waiting(session: Session, campaign_id: uuid.UUID, kinds: Iterable[LetterKind], reason: str) -> int:
    """Cancel the letters of a campaign that no sender has in its hands; how many. They are accounted for like those that left.

    To be called while the campaign is held: then no sender takes further ones, and none comes back.
    """
    cancelled = (
        update(Letter)
        .where(
            Letter.settled_at.is_(None),
            Letter.held.in_([True, False]),
            Letter.campaign_id == campaign_id,
            Letter.kind.in_(list(kinds)),
            _in_no_hands(),
        )
        .values(state=LetterState.CANCELLED, settled_at=clock.now(), reason=reason, claimed_by=None, claimed_until=None)
        .returning(Letter.id)
        .cte("cancelled")
    )
    untold = (
        insert(Unaccounted).from_select(["letter_id"], select(cancelled.c.id)).returning(Unaccounted.letter_id).cte()
    )
    number = session.scalars(select(func.count()).select_from(untold)).one()
    doorbell.after_commit(session, doorbell.LETTERS)
    return number


def _in_no_hands() -> ColumnElement[bool]:
    return (Letter.state == LetterState.QUEUED) | (Letter.claimed_until < clock.now())


def waiting_letters(session: Session, campaign_id: uuid.UUID) -> tuple[dict[LetterKind, int], int]:
    """The letters of a campaign that no sender has in its hands, by kind; and how many a sender has."""
    free = func.count().filter(_in_no_hands())
    rows = session.execute(
        select(Letter.kind, free, func.count())
        .where(Letter.settled_at.is_(None), Letter.held.in_([True, False]), Letter.campaign_id == campaign_id)
        .group_by(Letter.kind)
    ).all()
    return (
        {kind: number for kind, number, _all in rows if number},
        sum(everything - number for _kind, number, everything in rows),
    )


def send_again(session: Session, letter_ids: Iterable[uuid.UUID], deadlines: Mapping[str, str]) -> int:
    """Queue letters once more as they were, to the same addresses, but for the `deadlines` by language; how many.

    Only a person does so. What still waits is left out, and so is what somebody else queues again at this moment: letters of one
    institution on one occasion get the same attempt, and the unique key takes each once.
    """
    made = session.execute(
        _AGAIN,
        {
            "keys": letter_ids,
            "deadlines": dict(deadlines),
            "domain": config.settings().mail_domain,
            "now": clock.now(),
        },
    ).all()
    if made:
        doorbell.after_commit(session, doorbell.LETTERS)
    return len(made)


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


def cancel(
    session: Session,
    invitation_ids: Iterable[uuid.UUID],
    kinds: Iterable[LetterKind],
    reason: str,
    *,
    contact_id: uuid.UUID | None = None,
    occasion: str | None = None,
) -> int:
    """Cancel what has not left (to one contact or of one occasion alone, where one is given), so that a sender that claimed it drops
    it too; how many letters that were.

    A letter that the relay is taking at this instant still arrives, and is recorded as sent.
    """
    now = clock.now()
    done = session.execute(
        update(Letter)
        .where(
            Letter.invitation_id == any_of(invitation_ids),
            Letter.kind.in_(list(kinds)),
            Letter.state.in_([LetterState.QUEUED, LetterState.SENDING]),
            *([Letter.contact_id == contact_id] if contact_id else []),
            *([Letter.occasion.in_([occasion, func.concat(occasion, " ", Letter.to_address)])] if occasion else []),
        )
        .values(state=LetterState.CANCELLED, settled_at=now, reason=reason, claimed_by=None)
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
    fresh = fresh_key()
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
