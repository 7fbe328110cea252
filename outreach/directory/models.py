"""States, institutions, contacts, and what is known of missions. The facts on States ship as `data/states.csv`."""

import enum
import uuid
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from outreach.db import Base, fresh_key, text_enum


class StateStatus(enum.StrEnum):
    """193 Member States and two non-member observer States."""

    MEMBER = "member"
    OBSERVER = "observer"


class RegionalGroup(enum.StrEnum):
    """The regional groups of Member States, 54, 54, 23, 33, 29; Türkiye, Israel and the United States with WEOG."""

    AFRICAN = "african"
    ASIA_PACIFIC = "asia_pacific"
    EASTERN_EUROPEAN = "eastern_european"
    LATIN_AMERICAN_CARIBBEAN = "latin_american_caribbean"
    WEOG = "weog"


class Seat(enum.StrEnum):
    """Where an institution sits, as far as letters go; visitors read "post"."""

    GENEVA = "geneva"
    NEW_YORK = "new_york"
    CAPITAL = "capital"


class InstitutionKind(enum.StrEnum):
    """What an institution is."""

    PERMANENT_MISSION = "permanent_mission"
    PERMANENT_OBSERVER_MISSION = "permanent_observer_mission"
    FOREIGN_MINISTRY = "foreign_ministry"
    MINISTRY = "ministry"
    LOCAL_AUTHORITY = "local_authority"
    NATIONAL_HUMAN_RIGHTS_INSTITUTION = "national_human_rights_institution"
    CIVIL_SOCIETY = "civil_society"
    TRADE_UNION = "trade_union"
    UNIVERSITY = "university"
    PROFESSIONAL_ASSOCIATION = "professional_association"
    BUSINESS = "business"
    INTERGOVERNMENTAL = "intergovernmental"


MISSION_KINDS = frozenset({InstitutionKind.PERMANENT_MISSION, InstitutionKind.PERMANENT_OBSERVER_MISSION})
"""Those that transmit the reply of a State."""

NATIONAL_AUTHORITY_KINDS = frozenset(
    {InstitutionKind.FOREIGN_MINISTRY, InstitutionKind.MINISTRY, InstitutionKind.LOCAL_AUTHORITY}
)
"""Those whose submission is on behalf of a national authority."""


class Sector(enum.StrEnum):
    """The field of work of a ministry or body."""

    FOREIGN_AFFAIRS = "foreign_affairs"
    HEALTH = "health"
    EDUCATION = "education"
    LABOUR = "labour"
    AGRICULTURE = "agriculture"
    JUSTICE = "justice"
    FINANCE = "finance"
    CULTURE = "culture"
    DEVELOPMENT = "development"
    PLANNING = "planning"
    LOCAL_ADMINISTRATION = "local_administration"
    HUMAN_RIGHTS = "human_rights"
    OTHER = "other"


class Presence(enum.StrEnum):
    """Whether a State has a mission at a seat, as far as a source says."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class State(Base):
    """One of the 195. Kept for ever."""

    __tablename__ = "state"
    code: Mapped[str] = mapped_column(String(3), primary_key=True, doc="ISO 3166-1 alpha-3.")
    iso2: Mapped[str] = mapped_column(String(2), unique=True)
    m49: Mapped[str] = mapped_column(String(3), unique=True)
    status: Mapped[StateStatus] = mapped_column(text_enum(StateStatus))
    regional_group: Mapped[RegionalGroup | None] = mapped_column(
        text_enum(RegionalGroup), doc="Empty for observer States."
    )
    capital_zone: Mapped[str | None] = mapped_column(doc="The IANA zone of the seat of government, where known.")
    language: Mapped[str | None] = mapped_column(
        doc="The State's language of correspondence; empty: English and French."
    )
    language_source: Mapped[str | None]
    language_as_of: Mapped[date | None]


class StateName(Base):
    """The names of a State in one language, and its place in a list of that language."""

    __tablename__ = "state_name"
    state_code: Mapped[str] = mapped_column(ForeignKey("state.code"), primary_key=True)
    language: Mapped[str] = mapped_column(String(2), primary_key=True)
    short: Mapped[str]
    formal: Mapped[str]
    of_form: Mapped[str] = mapped_column(doc='As it stands after "the Permanent Mission": of Jordan, du Togo, للأردن.')
    list_order: Mapped[int]
    __table_args__ = (UniqueConstraint("language", "list_order"),)


class MissionPresence(Base):
    """Whether a State has a mission at a seat; no row means unknown. Never guessed: each row has its source and date."""

    __tablename__ = "mission_presence"
    state_code: Mapped[str] = mapped_column(ForeignKey("state.code"), primary_key=True)
    seat: Mapped[Seat] = mapped_column(text_enum(Seat), primary_key=True)
    presence: Mapped[Presence] = mapped_column(text_enum(Presence))
    source: Mapped[str]
    as_of: Mapped[date]


class Institution(Base):
    """A body that can be asked. Missions are named by formula in each language; all others by their recorded name."""

    __tablename__ = "institution"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=fresh_key)
    kind: Mapped[InstitutionKind] = mapped_column(text_enum(InstitutionKind))
    state_code: Mapped[str | None] = mapped_column(ForeignKey("state.code"), doc="Empty for bodies without a State.")
    seat: Mapped[Seat | None] = mapped_column(text_enum(Seat))
    sector: Mapped[Sector | None] = mapped_column(text_enum(Sector))
    name: Mapped[str] = mapped_column(doc="As recorded; for missions a note for staff, never printed.")
    language: Mapped[str | None] = mapped_column(doc="The language of correspondence, where a source says it.")
    language_source: Mapped[str | None]
    language_as_of: Mapped[date | None]
    created_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]
    __table_args__ = (
        Index(
            "uq_institution_mission",
            "state_code",
            "seat",
            "kind",
            unique=True,
            postgresql_where=text("kind IN ('permanent_mission', 'permanent_observer_mission') AND retired_at IS NULL"),
        ),
        Index(None, "state_code", "kind"),
    )


class Contact(Base):
    """A mailbox or person of an institution. Retired, not deleted, while a letter names it."""

    __tablename__ = "contact"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=fresh_key)
    institution_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("institution.id"), index=True)
    email: Mapped[str] = mapped_column(index=True, doc="As recorded; compared without case.")
    name: Mapped[str | None]
    salutation: Mapped[str | None] = mapped_column(doc='As recorded ("Mme la Directrice"); empty: "Sir/Madam".')
    language: Mapped[str | None]
    source: Mapped[str] = mapped_column(doc="An import file, staff, or the institution that gave it.")
    created_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]
    refused_at: Mapped[datetime | None] = mapped_column(
        doc="When a relay last refused the address for good; cleared by a delivery."
    )
    refused_words: Mapped[str | None] = mapped_column(doc="The server's own words.")
    no_letters_at: Mapped[datetime | None] = mapped_column(
        doc="When its reader asked for no more letters; receipts and codes still go there. Staff end it on that person's word."
    )


class UnmatchedRow(Base):
    """A row of an import that names no State of the 195: staff decide. Deleted when decided."""

    __tablename__ = "unmatched_row"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=fresh_key)
    source: Mapped[str]
    line: Mapped[int]
    content: Mapped[str]
    reason: Mapped[str]
    imported_at: Mapped[datetime]
    __table_args__ = (UniqueConstraint("source", "line", "content"),)
