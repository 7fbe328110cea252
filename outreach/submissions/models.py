"""What institutions answer: the draft, the frozen versions, the files. Numbers are given once and never again."""

import enum
import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from outreach.db import Base, fresh_key, text_enum


class Behalf(enum.StrEnum):
    """On whose behalf a submission is."""

    STATE = "state"
    NATIONAL_AUTHORITY = "national_authority"
    NATIONAL_HUMAN_RIGHTS_INSTITUTION = "national_human_rights_institution"
    STAKEHOLDER = "stakeholder"


class Channel(enum.StrEnum):
    """How it came."""

    WEB = "web"
    MAIL = "mail"
    PAPER = "paper"


class Publication(enum.StrEnum):
    """The respondent's choice; nothing is pre-ticked and nothing depends on it."""

    PUBLISH = "publish"
    WITHOUT_NAMES = "without_names"
    DO_NOT_PUBLISH = "do_not_publish"


class Submission(Base):
    """What one institution answers in one campaign: a draft, then versions. Kept as the campaign's retention notice says."""

    __tablename__ = "submission"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=fresh_key)
    campaign_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("campaign.id"))
    invitation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("invitation.id"), unique=True)
    behalf: Mapped[Behalf] = mapped_column(text_enum(Behalf))
    language: Mapped[str] = mapped_column(String(2), doc="The language the respondent reads and gets the receipt in.")
    respondent_name: Mapped[str | None]
    respondent_email: Mapped[str | None]
    answers: Mapped[dict[str, Any]] = mapped_column(default=dict, doc="The draft: question name → value.")
    revision: Mapped[int] = mapped_column(default=0, doc="Counts saves; a submission of an older revision is refused.")
    publication: Mapped[Publication | None] = mapped_column(text_enum(Publication))
    begun_at: Mapped[datetime | None] = mapped_column(
        doc="Empty: nobody began a draft; it holds only what was recorded and taken back."
    )
    saved_at: Mapped[datetime]
    sent_to_mission_at: Mapped[datetime | None] = mapped_column(
        doc="Set while it waits for the mission; the facts keep the history."
    )
    returned_at: Mapped[datetime | None] = mapped_column(doc="Set while what the mission returned is being reworked.")
    return_reason: Mapped[str | None]
    correcting_since: Mapped[datetime | None] = mapped_column(
        doc="Set while a submitted answer is open for correction."
    )
    number: Mapped[str | None] = mapped_column(unique=True, doc="KH-2027-KAZ-0007, given with the first version.")
    accepted_at: Mapped[datetime | None] = mapped_column(doc="When staff accepted it as the reply of the State.")
    accepted_by: Mapped[str | None]
    accepted_reason: Mapped[str | None]
    questionnaire_version_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("questionnaire_version.id"), doc="The version that the draft was last written on."
    )
    corrected_from_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("questionnaire_version.id"),
        doc="An older version, while the respondent has not seen what changed since.",
    )
    set_aside: Mapped[list[Any]] = mapped_column(
        default=list,
        doc="[{code, label: by language, text}] of answers that a corrected questionnaire has no place for.",
    )
    __table_args__ = (Index(None, "campaign_id", "behalf"),)


class SubmissionVersion(Base):
    """One version as it was submitted; a corrected one supersedes the former and keeps it."""

    __tablename__ = "submission_version"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=fresh_key)
    submission_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("submission.id", ondelete="CASCADE"))
    number: Mapped[int] = mapped_column(doc="1, 2, …; the highest that was not taken back is in force.")
    behalf: Mapped[Behalf] = mapped_column(text_enum(Behalf))
    channel: Mapped[Channel] = mapped_column(text_enum(Channel))
    questionnaire_version_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("questionnaire_version.id"))
    answers: Mapped[dict[str, Any]]
    files: Mapped[list[Any]] = mapped_column(
        default=list,
        doc="[{id, question, filename, media_type, size: bytes, content: SHA-256 in the storage}] of this version.",
    )
    publication: Mapped[Publication | None] = mapped_column(
        text_enum(Publication), doc="Empty: staff recorded it and did not ask yet."
    )
    note: Mapped[str | None] = mapped_column(doc="What staff noted when they recorded it.")
    received_at: Mapped[datetime] = mapped_column(
        doc="When it reached the Secretariat: now by web, the date staff record otherwise."
    )
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[str]
    transmitted_by_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("invitation.id"), doc="The mission's invitation."
    )
    late: Mapped[bool] = mapped_column(doc="Received after the deadline that held for its State at that instant.")
    digest: Mapped[str] = mapped_column(String(64), doc="SHA-256 of the canonical JSON of answers and files.")
    taken_back_at: Mapped[datetime | None] = mapped_column(
        doc="Staff took back what they had recorded: it is kept, and counts no more."
    )
    taken_back_by: Mapped[str | None]
    taken_back_reason: Mapped[str | None]
    number_given: Mapped[str | None] = mapped_column(doc="Of a version taken back: the number that its receipt named.")
    __table_args__ = (UniqueConstraint("submission_id", "number"),)


class SubmissionFile(Base):
    """A file given with an answer, or a document that staff recorded."""

    __tablename__ = "submission_file"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=fresh_key)
    submission_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("submission.id", ondelete="CASCADE"), index=True)
    question: Mapped[str | None] = mapped_column(doc="The question's key; empty for a whole reply as a document.")
    filename: Mapped[str]
    media_type: Mapped[str] = mapped_column(doc="Found from the content, not from the name.")
    size: Mapped[int] = mapped_column(doc="Bytes.")
    content: Mapped[str] = mapped_column(String(64), doc="SHA-256 in the storage.")
    language: Mapped[str | None] = mapped_column(String(2), doc="The official language it is written in, where said.")
    uploaded_at: Mapped[datetime]
    removed_at: Mapped[datetime | None] = mapped_column(doc="Taken out of the draft; versions that had it keep it.")


class SubmissionCounter(Base):
    """The last number given in a campaign to a State (or, without State, to all others)."""

    __tablename__ = "submission_counter"
    campaign_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"), primary_key=True)
    last: Mapped[int]
