"""Staff accounts: creating them, the one-time links by which their holders first enter, and the pause after many wrong passwords."""

import secrets
import uuid
from datetime import UTC, datetime, timedelta

from flask_security.utils import hash_password
from itsdangerous import BadSignature, SignatureExpired, URLSafeTimedSerializer
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from outreach import clock, config
from outreach.db import fresh_key
from outreach.errors import Invalid, Missing, Refused
from outreach.i18n import _
from outreach.identity import audit
from outreach.identity.audit import SERVICE, Actor
from outreach.identity.models import AuditEntry, Role, Staff, StaffRole

ENTRY_LIFE = timedelta(hours=24)
MOST_WRONG_PASSWORDS = 10
PAUSE = timedelta(minutes=15)
"""An account that met so many wrong passwords within this time takes none, until the first of them is older."""
_WRONG, _CHANGED, _RESET = "staff.wrong_password", "staff.password_changed", "staff.password_reset"


def add_staff(session: Session, *, email: str, name: str, role: StaffRole, password: str | None, actor: Actor) -> Staff:
    """Add a member of staff; needs an application context when a password is given (it is hashed by Flask-Security).

    Raises Invalid where the address already has an account.
    """
    if session.scalars(select(Staff).where(func.lower(Staff.email) == email.lower())).first() is not None:
        raise Invalid(_("There is already an account with the address %(email)s.", email=email), field="email")
    member = Staff(
        id=fresh_key(),
        email=email,
        name=name,
        password=hash_password(password) if password else None,
        active=True,
        fs_uniquifier=secrets.token_hex(32),
        created_at=clock.now(),
        roles=[_role(session, role)],
    )
    session.add(member)
    session.flush()
    audit.record(session, actor, "staff.added", "staff", member.id, after={"email": email, "role": role.value})
    return member


def set_access(session: Session, staff_id: uuid.UUID, *, role: StaffRole, active: bool, actor: Actor) -> None:
    """Change what a member of staff may do, or end the access. Raises Missing, and Invalid where no administrator would be left."""
    # Two administrators who end each other's access at one moment would leave none: one waits for the other.
    session.execute(select(Staff.id).where(Staff.active).order_by(Staff.id).with_for_update())
    member = _member(session, staff_id)
    before = {"role": role_of(member).value, "active": member.active}
    member.roles, member.active = [_role(session, role)], active
    session.flush()
    others = session.scalars(select(Staff).where(Staff.active).execution_options(populate_existing=True))
    if not any(role_of(other) is StaffRole.ADMINISTRATOR for other in others):
        raise Invalid(_("One active administrator must remain."), field="role")
    audit.record(
        session, actor, "staff.access_changed", "staff", staff_id, before, {"role": role.value, "active": active}
    )


def _member(session: Session, staff_id: uuid.UUID) -> Staff:
    """The account. Raises Missing."""
    member = session.get(Staff, staff_id, populate_existing=True)  # as the database has it now, roles too
    if member is None:
        raise Missing(_("There is no such account."))
    return member


def role_of(member: Staff) -> StaffRole:
    """The widest role of a member of staff."""
    names = {role.name for role in member.roles}
    return next((role for role in StaffRole if role.value in names), StaffRole.READER)


def is_empty(session: Session) -> bool:
    """Whether nobody has an account yet."""
    return session.scalars(select(Staff.id).limit(1)).first() is None


def all_staff(session: Session) -> list[Staff]:
    """Everybody with an account, by name."""
    return list(session.scalars(select(Staff).order_by(Staff.name, Staff.email)))


def entry_token(member: Staff) -> str:
    """A sign-in link's token: works once, within ENTRY_LIFE."""
    return _entries().dumps([str(member.id), member.fs_uniquifier[:16], _mark(member.entered_at)])


def new_entry_link(session: Session, staff_id: uuid.UUID, actor: Actor) -> str:
    """The token of a sign-in link that `actor` has mailed to a member of staff. Raises Missing, and Refused where the access has ended."""
    member = _member(session, staff_id)
    if not member.active:
        raise Refused(_("The access of this account has ended."))
    audit.record(session, actor, "staff.link_mailed", "staff", staff_id)
    return entry_token(member)


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


def signed_in(member: Staff) -> None:
    """A member of staff has signed in, by whatever way."""
    member.signed_in_at = clock.now()


def takes_passwords(session: Session, staff_id: uuid.UUID) -> bool:
    """Whether the account takes a password now: not after MOST_WRONG_PASSWORDS wrong ones within PAUSE. Holds the account's row."""
    session.execute(
        select(Staff.id).where(Staff.id == staff_id).with_for_update()
    )  # tries at one moment are counted one by one
    own = select(func.max(AuditEntry.at)).where(
        AuditEntry.subject_id == staff_id, AuditEntry.act.in_([_CHANGED, _RESET])
    )
    since = max(clock.now() - PAUSE, session.scalar(own) or datetime.min.replace(tzinfo=UTC))
    wrong = select(func.count()).where(
        AuditEntry.subject_id == staff_id, AuditEntry.act == _WRONG, AuditEntry.at > since
    )
    return (session.scalar(wrong) or 0) < MOST_WRONG_PASSWORDS


def wrong_password(session: Session, staff_id: uuid.UUID) -> None:
    """Somebody tried a wrong password of this account; who, is not known."""
    audit.record(session, SERVICE, _WRONG, "staff", staff_id)


def password_set(session: Session, member: Staff, *, by_mail: bool) -> None:
    """A member of staff chose a new password, by the link of a mail or on the page: an entry of the trail, and any pause is over."""
    audit.record(session, Actor(member.email, member.id), _RESET if by_mail else _CHANGED, "staff", member.id)


def _mark(entered_at: datetime | None) -> str:
    return entered_at.isoformat() if entered_at else ""


def _entries() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(config.settings().secret_key, salt="outreach.staff.entry")


def _role(session: Session, role: StaffRole) -> Role:
    found = session.scalars(select(Role).where(Role.name == role.value)).one_or_none()
    if found is None:
        found = Role(id=fresh_key(), name=role.value)
        session.add(found)
    return found
