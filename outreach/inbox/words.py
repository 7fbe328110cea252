"""The enumerations of received mail, for pages and commands."""

from outreach.inbox.models import MailOutcome, MatchedBy

__all__ = ["MailOutcome", "MatchedBy"]
