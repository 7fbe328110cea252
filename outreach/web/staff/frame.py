"""What the frame of staff pages asks for: which entries the reader may open, and the day of a demonstration."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import current_app
from flask_login import current_user

from outreach import clock
from outreach.config import Settings
from outreach.dates import un_date
from outreach.identity import service as identity
from outreach.identity.words import StaffRole
from outreach.web.staff import ZONE, blueprint


def _may(role: str) -> bool:
    """Whether whoever signed in has this role or a wider one."""
    order = tuple(StaffRole)
    return order.index(identity.role_of(current_user)) <= order.index(StaffRole(role))


def demo_clock() -> Path | None:
    """The file by which a demonstration moves its clock; None in production, where time is time."""
    settings: Settings = current_app.extensions["outreach.settings"]
    return settings.clock_file if settings.demo else None


def _demo_day() -> str | None:
    return un_date(clock.today(ZONE)) if demo_clock() is not None else None


@blueprint.app_context_processor
def _frame() -> dict[str, Callable[..., Any]]:
    return {"staff_may": _may, "demo_day": _demo_day}
