"""What a received mail is, why it belongs where it does, and why it can't be answered, in words."""

from typing import Any

from outreach.i18n import lazy
from outreach.inbox.answering import Obstacle
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

OBSTACLES: dict[Obstacle, Any] = {
    Obstacle.MACHINE: "",
    Obstacle.NO_ADDRESS: lazy("It can’t be answered: it names no address to write to."),
    Obstacle.NOBODY_READS: lazy("It can’t be answered: nobody reads what is written to its sender."),
    Obstacle.LIST: lazy(
        "It can’t be answered from here: it came by a mailing list, and an answer may go to all its members."
    ),
    Obstacle.OURS: lazy("It can’t be answered: it comes from an address of our own."),
}
"""Why a mail can't be answered; what a machine wrote needs no answer, and no words about that."""
