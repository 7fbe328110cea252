"""Editions, letters and what became of each attempt to deliver them. A letter names its invitation by a string foreign key."""

import enum
import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Computed, ForeignKey, Index, String, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from outreach.correspondence.outcomes import Verdict
from outreach.db import Base, fresh_key, text_enum


class LetterKind(enum.StrEnum):
    """One template in `templates/emails/` for each."""

    INVITATION = "invitation"
    FORWARDED = "forwarded"
    REMINDER = "reminder"
    EXTENSION = "extension"
    RECEIPT = "receipt"
    COPY = "copy"
    PART_FOR_MISSION = "part_for_mission"
    RETURNED = "returned"
    CODE = "code"
    ACCOUNT = "account"
    ACKNOWLEDGEMENT = "acknowledgement"
    ANSWER = "answer"
    """What a member of staff writes to whoever wrote a mail; all others are written by the service."""
    TEST = "test"
    """Any of the others, as a member of staff sends it to themselves; it is nobody's invitation."""


class Register(enum.StrEnum):
    """A note verbale to missions and foreign ministries, a letter to all others."""

    NOTE = "note"
    LETTER = "letter"


class LetterState(enum.StrEnum):
    """The life of a letter: queued → sending → sent | refused | failed; queued → cancelled; sending → queued (try later); sent → returned."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    REFUSED = "refused"
    FAILED = "failed"
    CANCELLED = "cancelled"
    RETURNED = "returned"


class HoldKind(enum.StrEnum):
    """Why letters wait: a person paused them; the relay refuses us; the database is older than what has left. UNREACHABLE holds nothing."""

    PERSON = "person"
    RELAY = "relay"
    RESTORED = "restored"
    UNREACHABLE = "unreachable"


class Edition(Base):
    """A letter kind of a campaign, frozen in one language and register, with `merge` places for each recipient's values.

    Kept as long as a letter refers to it: what was sent can be shown again, years later.
    """

    __tablename__ = "edition"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=fresh_key)
    digest: Mapped[str] = mapped_column(String(64), unique=True, doc="SHA-256 of all that follows.")
    kind: Mapped[LetterKind] = mapped_column(text_enum(LetterKind))
    register: Mapped[Register] = mapped_column(text_enum(Register))
    language: Mapped[str] = mapped_column(String(5), doc="One of six, or en+fr where the language is unknown.")
    subject: Mapped[str]
    text: Mapped[str]
    html: Mapped[str]
    attachments: Mapped[list[Any]] = mapped_column(doc="[{filename, media_type, content: SHA-256 in the storage}]")
    created_at: Mapped[datetime]


class Letter(Base):
    """One outgoing message, a row before anything is sent. Kept with its campaign; account mails for 90 days."""

    __tablename__ = "letter"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=fresh_key)
    edition_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("edition.id"),
        doc="Like the contact's, not looked up letter by letter (NOT ENFORCED): both were read for the letter, and neither can be deleted.",
    )
    kind: Mapped[LetterKind] = mapped_column(text_enum(LetterKind))
    language: Mapped[str] = mapped_column(String(5))
    campaign_id: Mapped[uuid.UUID | None] = mapped_column(
        doc="The invitation's, so that a campaign's letters are found; a copy, which is not checked letter by letter."
    )
    invitation_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("invitation.id"))
    contact_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("contact.id"))
    occasion: Mapped[str] = mapped_column(
        doc="The plan step, the extension, the submission version: what the letter is about, once."
    )
    attempt: Mapped[int] = mapped_column(default=1, doc="Raised only by a person who resends.")
    to_address: Mapped[str]
    merge: Mapped[dict[str, Any]] = mapped_column(doc="The recipient's values for the edition's places.")
    message_id: Mapped[str] = mapped_column(doc="Holds the id. Fixed when queued, the same in every try.")
    envelope_token: Mapped[str] = mapped_column(
        doc="The id as it stands in the envelope sender, so that a bounce finds its letter."
    )
    reply_to: Mapped[str | None]
    state: Mapped[LetterState] = mapped_column(text_enum(LetterState), default=LetterState.QUEUED)
    due_at: Mapped[datetime]
    queued_at: Mapped[datetime]
    claimed_by: Mapped[str | None]
    claimed_until: Mapped[datetime | None] = mapped_column(
        doc="The lease; a sender that died loses its letters after it."
    )
    tries: Mapped[int] = mapped_column(default=0)
    settled_at: Mapped[datetime | None] = mapped_column(doc="When it was sent, refused, failed or cancelled.")
    reason: Mapped[str | None] = mapped_column(
        doc="Why it was refused, failed or cancelled: the server's words, or ours."
    )
    urgent: Mapped[bool] = mapped_column(
        Computed("kind NOT IN ('invitation', 'forwarded', 'reminder', 'extension')", persisted=True),
        doc="Whether it answers somebody who has just done something, and does not stand behind the letters that ask.",
    )
    domain: Mapped[str] = mapped_column(
        Computed("lower(split_part(to_address, '@', -1))", persisted=True), doc="Whose limit per minute it counts for."
    )
    held: Mapped[bool] = mapped_column(
        server_default=false(), doc="Kept out of the index of what is due, because of a hold; see `holds`."
    )
    __table_args__ = (
        UniqueConstraint(
            "invitation_id", "contact_id", "kind", "occasion", "attempt", postgresql_nulls_not_distinct=True
        ),
        # No index names the state, and pages have room: PostgreSQL then claims a letter and takes it in hand without touching an index.
        Index("ix_letter_due", "urgent", "due_at", postgresql_where=text("settled_at IS NULL AND NOT held")),
        Index(
            "ix_letter_domain", "urgent", "domain", "due_at", postgresql_where=text("settled_at IS NULL AND NOT held")
        ),
        Index("ix_letter_waiting", "held", "campaign_id", "kind", postgresql_where=text("settled_at IS NULL")),
        Index("ix_letter_reminders", "campaign_id", postgresql_where=text("kind = 'reminder'")),
        Index(
            "ix_letter_acknowledged",
            "campaign_id",
            text("lower(to_address)"),
            postgresql_where=text("kind = 'acknowledgement'"),
        ),
        {"postgresql_with": {"fillfactor": 50}},
    )


class Unaccounted(Base):
    """A letter that came to an end, of which the campaign and the directory are still to be told; the row lives for about a second.

    A queue beside the letters. It has no foreign key, which would be checked letter by letter while they leave.
    """

    __tablename__ = "unaccounted_letter"
    letter_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)


class DeliveryAttempt(Base):
    """One try to hand a letter to the relay, with the server's own words. Kept with the letter."""

    __tablename__ = "delivery_attempt"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=fresh_key)
    letter_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("letter.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime]
    outcome: Mapped[LetterState] = mapped_column(text_enum(LetterState))
    verdict: Mapped[Verdict | None] = mapped_column(
        text_enum(Verdict), doc="What the reply was taken to mean; empty in attempts of earlier releases."
    )
    code: Mapped[int | None] = mapped_column(doc="The SMTP reply code; empty where no reply came.")
    words: Mapped[str]


class SendingPace(Base):
    """How many letters were claimed at an instant for a receiving domain, for a minute; without a domain: in all. Written by `claims` alone."""

    __tablename__ = "sending_pace"
    domain: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(primary_key=True)
    taken: Mapped[int]
    __table_args__ = (Index(None, "at"),)


class Departures(Base):
    """A number that grows while letters leave, in one row; `departures` alone writes it, and a file beside the storage's contents."""

    __tablename__ = "departures"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(BigInteger)
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)


class SendingHold(Base):
    """Why letters of a campaign, or all letters, wait although they are due; written and ended by `holds` alone."""

    __tablename__ = "sending_hold"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=fresh_key)
    campaign_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("campaign.id"), doc="Empty: everything.")
    kind: Mapped[HoldKind] = mapped_column(text_enum(HoldKind))
    since: Mapped[datetime]
    tried_at: Mapped[datetime] = mapped_column(doc="When the relay was tried last, where it can't be reached.")
    reason: Mapped[str] = mapped_column(doc="The relay's words, or what the person gave as the reason; may be empty.")
    refused_in_a_row: Mapped[int | None] = mapped_column(
        doc="How many letters the relay refused one after the other, where we stopped for that; the reason is its words on the last."
    )
    by: Mapped[str | None] = mapped_column(doc="Who paused: the id of a member of staff, or a name at a terminal.")
    __table_args__ = (UniqueConstraint("campaign_id", "kind", postgresql_nulls_not_distinct=True),)


class SendingTally(Base):
    """How many letters of a campaign came to an end in ten seconds; added to when letters are accounted for, so that progress costs a few rows."""

    __tablename__ = "sending_tally"
    campaign_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("campaign.id"), primary_key=True)
    at: Mapped[datetime] = mapped_column(primary_key=True, doc="When the ten seconds began.")
    state: Mapped[LetterState] = mapped_column(text_enum(LetterState), primary_key=True)
    letters: Mapped[int]
