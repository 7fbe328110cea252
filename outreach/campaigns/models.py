"""Campaigns, their texts, files and plan; invitations and the facts about them."""

import enum
import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from outreach.campaigns.stages import FactKind, Stage
from outreach.db import Base, fresh_key, text_enum


class CampaignKind(enum.StrEnum):
    """What is asked for; visitors read "call for input" for both."""

    QUESTIONNAIRE = "questionnaire"
    CALL_FOR_CONTRIBUTIONS = "call_for_contributions"


class Sensitivity(enum.StrEnum):
    """Whether staff other than its managers may read the answers before publication."""

    ORDINARY = "ordinary"
    SENSITIVE = "sensitive"


class FileKind(enum.StrEnum):
    """The initialled and stamped note, and the questionnaire annexed to it."""

    NOTE = "note"
    ANNEX = "annex"


class ReplyRoute(enum.StrEnum):
    """Whether a body that was forwarded to replies through its mission, or directly."""

    THROUGH_MISSION = "through_mission"
    DIRECT = "direct"


class Origin(enum.StrEnum):
    """How an institution came to be asked."""

    LAUNCH = "launch"
    FORWARDED = "forwarded"
    PASSED_ON = "passed_on"
    STAFF = "staff"


class OrderedAct(enum.StrEnum):
    """What a worker does for all institutions of a campaign because somebody asked for it on a page."""

    LAUNCH = "launch"
    EXTEND = "extend"
    ASK_AGAIN = "ask_again"
    ASK_REFUSED = "ask_refused"


class Campaign(Base):
    """A questionnaire or call for contributions behind a note verbale. Kept for ever; answers as their publication says."""

    __tablename__ = "campaign"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=fresh_key)
    code: Mapped[str] = mapped_column(unique=True, doc="KH-2027: in numbers, subjects and addresses.")
    kind: Mapped[CampaignKind] = mapped_column(text_enum(CampaignKind))
    mandate_symbol: Mapped[str] = mapped_column(doc="The symbol of the resolution: A/HRC/RES/54/22.")
    note_reference: Mapped[str]
    note_date: Mapped[date]
    original_language: Mapped[str] = mapped_column(String(2))
    contact: Mapped[str] = mapped_column(doc="The functional mailbox for questions, and the Reply-To.")
    deadline_at: Mapped[datetime]
    deadline_zone: Mapped[str] = mapped_column(
        doc='The IANA zone that the deadline is written in; "no later than" includes the instant.'
    )
    sensitivity: Mapped[Sensitivity] = mapped_column(text_enum(Sensitivity), default=Sensitivity.ORDINARY)
    audience: Mapped[dict[str, Any]] = mapped_column(doc="{seats: [...], kinds: [...]} of the institutions to invite.")
    questionnaire_version_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("questionnaire_version.id"))
    created_at: Mapped[datetime]
    launched_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None] = mapped_column(
        doc="When staff closed the form; until then it stays open, late replies marked."
    )


class CampaignOrder(Base):
    """An act for all that somebody asked for on a page: deleted by the worker that carries it out, or with the next one if it was given up."""

    __tablename__ = "campaign_order"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=fresh_key)
    campaign_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"), unique=True)
    act: Mapped[OrderedAct] = mapped_column(text_enum(OrderedAct))
    details: Mapped[dict[str, Any]] = mapped_column(
        default=dict, doc="What the act needs to know: of an extension {deadline, reason}."
    )
    asked_at: Mapped[datetime]
    asked_by: Mapped[str] = mapped_column(doc="Who, as in the audit trail.")
    staff_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff.id"))
    language: Mapped[str] = mapped_column(String(2), doc="In which whoever asked for it reads what stands against it.")
    done: Mapped[int] = mapped_column(doc="How many it has come to, written while the act is not committed.")
    of: Mapped[int]
    tries: Mapped[int] = mapped_column(default=0, doc="How often a worker began.")
    told_at: Mapped[datetime | None] = mapped_column(doc="When a worker last wrote how far it is.")
    given_up_at: Mapped[datetime | None]
    against: Mapped[list[str]] = mapped_column(
        default=list, doc="The sentences that stood against it, where it was given up; none: a fault of ours."
    )


class CampaignText(Base):
    """The texts of a campaign in one language, Markdown written by staff."""

    __tablename__ = "campaign_text"
    campaign_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"), primary_key=True)
    language: Mapped[str] = mapped_column(String(2), primary_key=True)
    title: Mapped[str]
    mandate: Mapped[str] = mapped_column(
        doc="The resolution named in a sentence: Human Rights Council resolution 54/22, entitled …"
    )
    note: Mapped[str] = mapped_column(doc="The body for missions and foreign ministries, third person.")
    letter: Mapped[str] = mapped_column(doc="The body for all others.")
    translated_by: Mapped[str | None]
    reviewed_by: Mapped[str | None] = mapped_column(doc='Empty: "not reviewed", said on every page that shows it.')


class CampaignFile(Base):
    """A file of a campaign in one language."""

    __tablename__ = "campaign_file"
    campaign_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"), primary_key=True)
    language: Mapped[str] = mapped_column(String(2), primary_key=True)
    kind: Mapped[FileKind] = mapped_column(text_enum(FileKind), primary_key=True)
    filename: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int] = mapped_column(doc="Bytes.")
    content: Mapped[str] = mapped_column(String(64), doc="SHA-256 in the storage.")


class ReminderStep(Base):
    """One step of the reminder plan, relative to the deadline that holds for each State."""

    __tablename__ = "reminder_step"
    campaign_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    days: Mapped[int] = mapped_column(doc="Days from the deadline's date: negative before it, positive after it.")


class ReminderWalk(Base):
    """How far a step has come among the institutions of one State, or among those without a State. Deleted with its step's campaign."""

    __tablename__ = "reminder_walk"
    campaign_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"), primary_key=True)
    occasion: Mapped[str] = mapped_column(primary_key=True, doc="The step, as its letters have it.")
    state_code: Mapped[str] = mapped_column(primary_key=True, doc="Empty text: those without a State.")
    after: Mapped[uuid.UUID | None] = mapped_column(
        doc="The institution that was looked at last, of those without a State."
    )
    passed_over: Mapped[bool] = mapped_column(doc="Whether somebody's row was held meanwhile.")
    ended: Mapped[bool] = mapped_column(doc="Whether everybody was looked at.")


class Extension(Base):
    """A later deadline, for all States or one. The latest instant that holds for a State is its deadline."""

    __tablename__ = "extension"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=fresh_key)
    campaign_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"), index=True)
    state_code: Mapped[str | None] = mapped_column(ForeignKey("state.code"), doc="Empty: all.")
    deadline_at: Mapped[datetime]
    reason: Mapped[str]
    granted_at: Mapped[datetime]
    granted_by: Mapped[str]
    letters: Mapped[int | None] = mapped_column(
        doc="How many letters announced it when it was granted; empty in extensions of earlier releases."
    )


class Invitation(Base):
    """One institution asked in one campaign; below it those it forwarded to. Kept with the campaign."""

    __tablename__ = "invitation"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=fresh_key)
    campaign_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("campaign.id"))
    institution_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("institution.id"))
    parent_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("invitation.id"))
    state_code: Mapped[str | None] = mapped_column(
        String(3), doc="The institution's, as it was when it was asked; a copy, which is not checked row by row."
    )
    code: Mapped[str] = mapped_column(
        String(12), doc="Printed: KJ4T-92QX; names the invitation, opens nothing by itself."
    )
    origin: Mapped[Origin] = mapped_column(text_enum(Origin))
    reply_route: Mapped[ReplyRoute] = mapped_column(text_enum(ReplyRoute))
    message: Mapped[str | None] = mapped_column(doc="The mission's own words to a body it forwarded to.")
    created_at: Mapped[datetime]
    stage: Mapped[Stage] = mapped_column(
        text_enum(Stage), default=Stage.QUEUED, doc="A projection of the facts: `stages.stage`."
    )
    stage_at: Mapped[datetime]
    __table_args__ = (
        # Few indexes: a launch writes each of them a hundred thousand times. This one finds an institution's invitations too.
        UniqueConstraint("institution_id", "campaign_id"),
        UniqueConstraint("code"),
        Index(None, "parent_id", postgresql_where=sql("parent_id IS NOT NULL")),
        Index(None, "campaign_id", "state_code", "stage"),
    )


class InvitationFact(Base):
    """Something that happened to an invitation, with its instant. Only added, never changed: a later one may take it back. Kept with the invitation."""

    __tablename__ = "invitation_fact"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=fresh_key)
    invitation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("invitation.id", ondelete="CASCADE"))
    kind: Mapped[FactKind] = mapped_column(text_enum(FactKind))
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(doc="Who, as in the audit trail.")
    note: Mapped[str | None] = mapped_column(doc="Their words, or ours, for the history.")
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
    takes_back_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("invitation_fact.id", ondelete="CASCADE"), doc="The earlier fact that this one takes back."
    )
    __table_args__ = (
        Index(None, "invitation_id", "at"),
        Index(
            "ix_invitation_fact_takes_back_id",
            "takes_back_id",
            unique=True,
            postgresql_where=sql("takes_back_id IS NOT NULL"),
        ),
    )


class ActCode(Base):
    """A code mailed to the address on file, for an act that binds the State. Deleted 24 hours after it ended."""

    __tablename__ = "act_code"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=fresh_key)
    invitation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("invitation.id", ondelete="CASCADE"), index=True)
    act: Mapped[str] = mapped_column(doc="What it is for: transmit, no_submission_expected, change_of_address.")
    digest: Mapped[str] = mapped_column(String(64), doc="Of the code; the code itself is only in the mail.")
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    used_at: Mapped[datetime | None]


class ExtensionRequest(Base):
    """A request for more time, until staff decide. Kept with the campaign."""

    __tablename__ = "extension_request"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=fresh_key)
    invitation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("invitation.id", ondelete="CASCADE"), index=True)
    until: Mapped[date]
    reason: Mapped[str]
    asked_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    granted: Mapped[bool | None]
    decided_by: Mapped[str | None]
