"""Staff accounts: creating them, and the one-time links by which a first administrator enters."""

import secrets
import uuid
from datetime import datetime, timedelta

from flask_security.utils import hash_password
from itsdangerous import BadSignature, SignatureExpired, URLSafeTimedSerializer
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from outreach import clock, config
from outreach.errors import Invalid, Missing
from outreach.i18n import _
from outreach.identity import audit
from outreach.identity.audit import Actor
from outreach.identity.models import Role, Staff, StaffRole

ENTRY_LIFE = timedelta(hours=24)


def add_staff(session: Session, *, email: str, name: str, role: StaffRole, password: str | None, actor: Actor) -> Staff:
    """Add a member of staff; needs an application context when a password is given (it is hashed by Flask-Security).

    Raises Invalid where the address already has an account.
    """
    if session.scalars(select(Staff).where(func.lower(Staff.email) == email.lower())).first() is not None:
        raise Invalid(_("There is already an account with the address %(email)s.", email=email), field="email")
    member = Staff(
        id=uuid.uuid4(),
        email=email,
        name=name,
        password=hash_password(password) if password else None,
        active=True,
        fs_uniquifier=secrets.token_hex(32),
        created_at=clock.now(),
        confirmed_at=clock.now(),
        roles=[_role(session, role)],
    )
    session.add(member)
    session.flush()
    audit.record(session, actor, "staff.added", "staff", member.id, after={"email": email, "role": role.value})
    return member


def set_access(session: Session, staff_id: uuid.UUID, *, role: StaffRole, active: bool, actor: Actor) -> None:
    """Change what a member of staff may do, or end the access. Raises Invalid where no administrator would be left."""
    member = session.get_one(Staff, staff_id)
    before = {"role": role_of(member).value, "active": member.active}
    member.roles, member.active = [_role(session, role)], active
    session.flush()
    if not any(
        role_of(other) is StaffRole.ADMINISTRATOR for other in session.scalars(select(Staff).where(Staff.active))
    ):
        raise Invalid(_("One active administrator must remain."), field="role")
    audit.record(
        session, actor, "staff.access_changed", "staff", staff_id, before, {"role": role.value, "active": active}
    )


def role_of(member: Staff) -> StaffRole:
    """The widest role of a member of staff."""
    names = {role.name for role in member.roles}
    return next((role for role in StaffRole if role.value in names), StaffRole.READER)


def is_empty(session: Session) -> bool:
    """Whether nobody has an account yet."""
    return session.scalars(select(Staff.id).limit(1)).first() is None


def all_staff(session: Session) -> list[Staff]:
    """Everybody with an account, by name."""
    return list(session.scalars(select(Staff).order_by(Staff.name)))


def entry_token(member: Staff) -> str:
    """A sign-in link's token: works once, within ENTRY_LIFE."""
    return _entries().dumps([str(member.id), member.fs_uniquifier[:16], _mark(member.entered_at)])


def enter(session: Session, token: str) -> Staff:
    """The member of staff that a one-time token names, and mark it used. Raises Missing where it is spent, old or not ours."""
    gone = Missing(
        _(
            "This sign-in link was used already, or is too old. Please sign in with your password, or ask for a new link."
        )
    )
    try:
        staff_id, uniquifier, mark = _entries().loads(token, max_age=int(ENTRY_LIFE.total_seconds()))
    except (BadSignature, SignatureExpired, ValueError):
        raise gone from None
    member = session.get(Staff, uuid.UUID(staff_id), with_for_update=True)
    if (
        member is None
        or not member.active
        or member.fs_uniquifier[:16] != uniquifier
        or _mark(member.entered_at) != mark
    ):
        raise gone
    member.entered_at = clock.now()
    audit.record(session, Actor(member.email, member.id), "staff.entered_by_link", "staff", member.id)
    return member


def _mark(entered_at: datetime | None) -> str:
    return entered_at.isoformat() if entered_at else ""


def _entries() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(config.settings().secret_key, salt="outreach.staff.entry")


def _role(session: Session, role: StaffRole) -> Role:
    found = session.scalars(select(Role).where(Role.name == role.value)).one_or_none()
    if found is None:
        found = Role(id=uuid.uuid4(), name=role.value)
        session.add(found)
    return found
