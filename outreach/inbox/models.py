"""Received mail: the storage keeps the message as it came; here is what was read from it, and what staff did with it."""

import enum
import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, false, true
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from outreach.db import Base, fresh_key, text_enum
from outreach.inbox.understanding.words import MailKind


class MatchedBy(enum.StrEnum):
    """Why a mail is held to belong to an invitation. Who it says it is from is never a reason."""

    ADDRESS_TOKEN = "address_token"  # noqa: S105 - a kind of match
    REPLY_ADDRESS = "reply_address"
    REPLY_TO_OUR_LETTER = "reply_to_our_letter"
    LETTER_WITHIN = "letter_within"
    """A letter of ours is in it, returned or quoted."""
    CODE_IN_TEXT = "code_in_text"
    CODE_IN_FILE = "code_in_file"
    STAFF = "staff"
    NONE = "none"


class MailOutcome(enum.StrEnum):
    """What became of a mail; one without an outcome waits for a person."""

    RECORDED = "recorded"
    NO_ACTION = "no_action"
    DELIVERY_REPORT = "delivery_report"
    AUTO_REPLY = "auto_reply"


class ReceivedMail(Base):
    """One mail that came, never deleted by the service. Kept with the campaign of its invitation, and without one all the same."""

    __tablename__ = "received_mail"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=fresh_key)
    content: Mapped[str] = mapped_column(
        String(64), unique=True, doc="SHA-256 in the storage: the whole mail, byte by byte."
    )
    size: Mapped[int] = mapped_column(doc="Bytes.")
    received_at: Mapped[datetime] = mapped_column(doc="When it reached the mailbox, as the mail server says.")
    source: Mapped[str] = mapped_column(doc="Where it was read: user/folder/uid of the mailbox, or the name of a file.")
    found_for: Mapped[str | None] = mapped_column(doc="The recipient's address: the one with a token, else the first.")
    from_name: Mapped[str] = mapped_column(doc="As the mail says; it may be forged, like the address.")
    from_address: Mapped[str]
    subject: Mapped[str]
    message_id: Mapped[str]
    in_reply_to: Mapped[str] = mapped_column(doc="The Message-ID that it answers, empty where it names none.")
    text: Mapped[str] = mapped_column(doc="Its words as plain text, up to `parsing.MOST_TEXT` characters.")
    attachments: Mapped[list[Any]] = mapped_column(default=list, doc="[{filename, media_type, size: bytes}] in order.")
    readable: Mapped[bool] = mapped_column(doc="False: it could not be parsed, and is shown as it was written.")
    invitation_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("invitation.id"))
    matched_by: Mapped[MatchedBy] = mapped_column(text_enum(MatchedBy))
    outcome: Mapped[MailOutcome | None] = mapped_column(text_enum(MailOutcome), doc="Empty while it waits for staff.")
    looked_at_at: Mapped[datetime | None]
    looked_at_by: Mapped[str | None] = mapped_column(doc="Who, as in the audit trail.")
    submission_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("submission.id"), doc="What it was recorded as, where it was a reply."
    )
    submission_version_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("submission_version.id"), doc="The version that it was recorded as."
    )
    silent: Mapped[bool] = mapped_column(
        server_default=false(), doc="Taken in from files: nobody is written to because of it."
    )
    dated: Mapped[bool] = mapped_column(
        server_default=true(), doc="Whether its mailbox said when it came; else the mail itself is asked."
    )
    tries: Mapped[int] = mapped_column(
        server_default="0",
        doc="How often it was begun to be understood; one that ends the process each time is set aside.",
    )
    begun_at: Mapped[datetime | None] = mapped_column(doc="When somebody last began to understand it.")
    understood_at: Mapped[datetime | None] = mapped_column(doc="Empty: it is kept, and nothing was read from it yet.")
    kind: Mapped[MailKind | None] = mapped_column(text_enum(MailKind), doc="What it is.")
    kind_by: Mapped[str | None] = mapped_column(doc="The member of staff who said what it is; empty: the service.")
    evidence: Mapped[list[Any]] = mapped_column(server_default="[]", doc="Why it is held to be that, in sentences.")
    permanent: Mapped[bool | None] = mapped_column(doc="Of a bounce: whether the address will never take a letter.")
    failed_addresses: Mapped[list[Any]] = mapped_column(server_default="[]", doc="Whom a letter did not reach.")
    status: Mapped[str] = mapped_column(server_default="", doc="The enhanced status of the first failure (RFC 3463).")
    diagnostic: Mapped[str] = mapped_column(server_default="", doc="What the server said of it.")
    until: Mapped[date | None] = mapped_column(doc="When somebody who is absent is back, as an automatic reply says.")
    substitute: Mapped[str] = mapped_column(server_default="", doc="Whom it names for the meantime.")
    own_words: Mapped[str] = mapped_column(
        server_default="", doc="`text` without what it quotes; empty where it is the same."
    )
    sender_verified: Mapped[bool | None] = mapped_column(
        doc="What our own mail server found about the domain of the sender; empty where it did not say."
    )
    letter_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("letter.id"), doc="The letter that it returns.")
    failing_contact_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("contact.id"),
        doc="Whose address failed for a while: some days of that, and it gets no more letters.",
    )
    same_id_as: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("received_mail.id"), doc="An earlier mail with the same Message-ID and another content."
    )
    former: Mapped[dict[str, Any] | None] = mapped_column(doc="How it stood before the last act of staff, to undo it.")
    __table_args__ = (
        Index(None, "received_at", "id"),
        Index("ix_received_mail_waiting", "received_at", "id", postgresql_where=sql("outcome IS NULL")),
        Index("ix_received_mail_waiting_from", "from_address", postgresql_where=sql("outcome IS NULL")),
        Index("ix_received_mail_kept", "received_at", "id", postgresql_where=sql("understood_at IS NULL")),
        Index(
            "ix_received_mail_failing",
            "failing_contact_id",
            "received_at",
            postgresql_where=sql("failing_contact_id IS NOT NULL"),
        ),
        Index(None, "invitation_id"),
        Index("ix_received_mail_message_id", "message_id", postgresql_where=sql("message_id <> ''")),
    )


class MailAnswer(Base):
    """An answer that staff wrote to a mail. What it says, and whether it left, its letter knows. Kept with the mail."""

    __tablename__ = "mail_answer"
    letter_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("letter.id"), primary_key=True)
    mail_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("received_mail.id"))
    number: Mapped[int] = mapped_column(doc="1 for the first answer to the mail.")
    by: Mapped[str] = mapped_column(doc="Who wrote it, as in the audit trail.")
    at: Mapped[datetime]
    __table_args__ = (UniqueConstraint("mail_id", "number"),)
