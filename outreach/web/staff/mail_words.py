"""What a received mail is and why it belongs where it does, in words; and how staff answer it from their own mailbox."""

from typing import Any
from urllib.parse import quote

from outreach.directory.addresses import checked_address
from outreach.errors import Invalid
from outreach.i18n import lazy
from outreach.inbox.queries import ShownMail
from outreach.inbox.words import MailKind, MatchedBy

WHY: dict[MatchedBy, Any] = {
    MatchedBy.ADDRESS_TOKEN: lazy("It was sent to the return address of a letter of ours."),
    MatchedBy.REPLY_ADDRESS: lazy("It was sent to the reply address that stands in our letters to this institution."),
    MatchedBy.LETTER_WITHIN: lazy("A letter of ours is in it, returned or quoted."),
    MatchedBy.CODE_IN_FILE: lazy("A file in it carries the code of this institution."),
    MatchedBy.REPLY_TO_OUR_LETTER: lazy("It answers a letter of ours."),
    MatchedBy.CODE_IN_TEXT: lazy("It names the code that stands in our letters to this institution."),
    MatchedBy.STAFF: lazy("A colleague said so."),
    MatchedBy.NONE: "",
}
"""By what a mail was found to belong to an institution."""

KINDS: dict[MailKind, Any] = {
    MailKind.BOUNCE: lazy("a letter that came back"),
    MailKind.DELAY: lazy("a notice of delay"),
    MailKind.DELIVERY_RECEIPT: lazy("a receipt of a mail server"),
    MailKind.READ_RECEIPT: lazy("a receipt of reading"),
    MailKind.AUTO_REPLY: lazy("an automatic reply"),
    MailKind.COMPLAINT: lazy("an objection to our mail"),
    MailKind.CHALLENGE: lazy("a question whether we are a person"),
    MailKind.REPLY: lazy("a mail of a person"),
    MailKind.FORWARDED: lazy("a mail that a person passed on"),
    MailKind.LIST: lazy("a mail to many"),
    MailKind.SPAM_LIKE: lazy("probably unsolicited"),
    MailKind.OTHER: lazy("another mail"),
}
"""What a mail is, as its page says it."""

_ANSWERED = frozenset({MailKind.REPLY, MailKind.FORWARDED, MailKind.OTHER, MailKind.COMPLAINT, MailKind.CHALLENGE})


def answer_link(found: ShownMail) -> str | None:
    """A link that begins an answer in the mail program of whoever reads; None where a machine wrote, or no address can be answered."""
    try:
        address = checked_address(found.line.from_address)
    except Invalid:
        return None
    if found.line.kind not in _ANSWERED:
        return None
    subject = found.line.subject
    subject = subject if subject.lower().startswith("re:") else f"Re: {subject}"
    return f"mailto:{quote(address, safe='@')}?subject={quote(subject)}&in-reply-to={quote(found.message_id)}"
