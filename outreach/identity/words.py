"""The enumerations of identity, for pages and commands."""

from outreach.identity.models import StaffRole

__all__ = ["StaffRole"]
