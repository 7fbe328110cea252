"""What a received mail is: a bounce, a reply, an absence, … with the evidence in words. Pure: bytes in, a value out, never an exception."""

from outreach.inbox.understanding.classifying import classify
from outreach.inbox.understanding.quoting import own_words
from outreach.inbox.understanding.words import Failure, MailKind, Understanding

__all__ = ["Failure", "MailKind", "Understanding", "classify", "own_words"]
