"""Who may use a route. Every view carries exactly one rule; a test walks the URL map and finds those without."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar, cast

from flask import abort, current_app, g
from flask_login import current_user

from outreach.campaigns import links, queries
from outreach.campaigns.links import LinkKind
from outreach.directory import queries as directory
from outreach.identity import service as identity
from outreach.identity.audit import Actor
from outreach.identity.words import StaffRole
from outreach.web import unit

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class Holder:
    """The institution behind a link: who reads this page."""

    invitation_id: uuid.UUID
    campaign_id: uuid.UUID
    institution_id: uuid.UUID
    state_code: str | None
    link: LinkKind
    token: str
    contact_id: uuid.UUID | None = None
    """The address of the directory, where the link is one address's."""

    @property
    def actor(self) -> Actor:
        """The holder as the audit trail names it: the institution's English name."""
        return Actor(directory.institution_name(unit.session(), self.institution_id, "en"))


def everyone(view: View) -> View:
    """The route is open to all."""
    view.access_rule = "everyone"  # type: ignore[attr-defined]
    return view


def staff(least: StaffRole) -> Callable[[View], View]:
    """The route is for staff with this role or a wider one; others sign in first, or get a refusal."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            if not current_user.is_authenticated:
                return current_app.login_manager.unauthorized()  # type: ignore[attr-defined]
            order = tuple(StaffRole)
            if order.index(identity.role_of(current_user)) > order.index(least):
                abort(403)
            return view(*args, **kwargs)

        guarded.access_rule = f"staff:{least.value}"  # type: ignore[attr-defined]
        return cast(View, guarded)

    return decorate


def holder(kind: LinkKind) -> Callable[[View], View]:
    """The route is for whoever holds a link of this kind; the address has `<token>`, and `g.holder` says who it is."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, token: str, **kwargs: Any) -> Any:
            session = unit.session()
            invitation = queries.invitation(session, links.read(kind, token))
            # A session forgets what nobody names any more: a page would read both again for each of its parts.
            g.named = invitation, queries.campaign(session, invitation.campaign_id)
            g.holder = Holder(
                invitation_id=invitation.id,
                campaign_id=invitation.campaign_id,
                institution_id=invitation.institution_id,
                state_code=invitation.state_code,
                link=kind,
                token=token,
                contact_id=links.contact_of(token) if kind is LinkKind.STOP else None,
            )
            return view(*args, **kwargs)

        guarded.access_rule = f"holder:{kind.name.lower()}"  # type: ignore[attr-defined]
        return cast(View, guarded)

    return decorate


def here() -> Holder:
    """Who holds the link of this request."""
    found: Holder = g.holder
    return found


def staff_actor() -> Actor:
    """The member of staff who signed in, as the audit trail names them."""
    return Actor(current_user.email, current_user.id)
