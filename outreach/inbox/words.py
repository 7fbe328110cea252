"""The enumerations of received mail, for pages and commands."""

from outreach.inbox.models import MailOutcome, MatchedBy
from outreach.inbox.understanding.words import MailKind

__all__ = ["MailKind", "MailOutcome", "MatchedBy"]
