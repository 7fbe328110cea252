"""Staff accounts, their roles, and the audit trail."""

import enum
import uuid
from datetime import datetime
from typing import Any

from flask_security import RoleMixin, UserMixin
from sqlalchemy import Column, ForeignKey, Index, String, Table
from sqlalchemy.orm import Mapped, mapped_column, relationship

from outreach.db import Base, fresh_key


class StaffRole(enum.StrEnum):
    """What staff may do; each role may do what those after it may."""

    ADMINISTRATOR = "administrator"
    MANAGER = "manager"
    READER = "reader"


staff_roles = Table(
    "staff_roles",
    Base.metadata,
    Column("staff_id", ForeignKey("staff.id", ondelete="CASCADE"), primary_key=True),
    Column("role_id", ForeignKey("role.id", ondelete="CASCADE"), primary_key=True),
)


class Role(Base, RoleMixin):
    """One of `StaffRole`, as Flask-Security wants it."""

    __tablename__ = "role"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=fresh_key)  # type: ignore[assignment]
    name: Mapped[str] = mapped_column(String(80), unique=True)


class Staff(Base, UserMixin):
    """A member of the secretariat who signs in. Kept while the audit trail names it; `active` ends the access."""

    __tablename__ = "staff"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=fresh_key)  # type: ignore[assignment]
    email: Mapped[str] = mapped_column(String(255), unique=True)
    name: Mapped[str]
    password: Mapped[str | None]
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    signed_in_at: Mapped[datetime | None] = mapped_column(doc="When they last did, by password or link.")
    entered_at: Mapped[datetime | None] = mapped_column(
        doc="When a one-time sign-in link was last used; older links are dead."
    )
    roles: Mapped[list[Role]] = relationship(secondary=staff_roles, lazy="selectin")  # type: ignore[assignment]


class AuditEntry(Base):
    """One change that a person made. Kept for as long as what it speaks of."""

    __tablename__ = "audit_entry"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=fresh_key)
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(doc="Who: staff e-mail, or the name of the institution that acted by its link.")
    staff_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff.id"))
    act: Mapped[str] = mapped_column(doc="What, as domain.verb: campaign.launched.")
    subject: Mapped[str] = mapped_column(doc="The table of what changed.")
    subject_id: Mapped[uuid.UUID]
    before: Mapped[dict[str, Any] | None]
    after: Mapped[dict[str, Any] | None]
    __table_args__ = (Index(None, "subject_id", "at"), Index(None, "at", "id"))
