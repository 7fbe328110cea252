"""Browsers in which members of staff have signed in by a one-time link."""

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from outreach.identity import service as identity
from outreach.identity.audit import SERVICE
from outreach.identity.models import Staff
from outreach.identity.words import StaffRole
from tests.web.visitor import send

PASSWORD = "a sentence that only I know"


def member(
    app: Flask, session: Session, role: StaffRole, *, password: str | None = None, name: str = "A. Person"
) -> Staff:
    """An account with this role, at the address ROLE@secretariat.example; committed."""
    # Hashes as slow as production's are not what these tests look at.
    app.extensions["security"].pwd_context.update(argon2__rounds=1, argon2__memory_cost=64, argon2__parallelism=1)
    with app.app_context():
        made = identity.add_staff(
            session,
            email=f"{role.value}@secretariat.example",
            name=name,
            role=role,
            password=password,
            actor=SERVICE,
        )
        session.commit()
    return made


def signed_in(app: Flask, session: Session, role: StaffRole) -> FlaskClient:
    """A browser at which a member of staff with this role sits."""
    made = member(app, session, role)
    client = app.test_client()
    assert send(client, f"/staff/enter/{identity.entry_token(made)}").status_code == 302
    return client
