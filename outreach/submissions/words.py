"""The enumerations of submissions, for pages and commands."""

from outreach.submissions.models import Behalf, Channel, Publication

__all__ = ["Behalf", "Channel", "Publication"]
