"""Received mail: the storage keeps the message as it came; here is what was read from it, and what staff did with it."""

import enum
import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from outreach.db import Base, text_enum


class MatchedBy(enum.StrEnum):
    """Why a mail is held to belong to an invitation. Who it says it is from is never a reason."""

    ADDRESS_TOKEN = "address_token"  # noqa: S105 - a kind of match
    REPLY_TO_OUR_LETTER = "reply_to_our_letter"
    CODE_IN_TEXT = "code_in_text"
    STAFF = "staff"
    NONE = "none"


class MailOutcome(enum.StrEnum):
    """What became of a mail; one without an outcome waits for a person."""

    RECORDED = "recorded"
    NO_ACTION = "no_action"
    DELIVERY_REPORT = "delivery_report"


class ReceivedMail(Base):
    """One mail that came, never deleted by the service. Kept with the campaign of its invitation, and without one all the same."""

    __tablename__ = "received_mail"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
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
    __table_args__ = (
        Index(None, "received_at", "id"),
        Index("ix_received_mail_waiting", "received_at", "id", postgresql_where=sql("outcome IS NULL")),
        Index(None, "invitation_id"),
    )
