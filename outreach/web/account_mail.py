"""Flask-Security's mails leave as letters, by the one transport, with a row that says what became of them."""

import re
import uuid
from datetime import timedelta
from typing import Any

from flask_security import MailUtil
from sqlalchemy.orm import Session

from outreach import clock, config
from outreach.correspondence import accounts
from outreach.directory.addresses import checked_address
from outreach.errors import Invalid
from outreach.i18n import _, language
from outreach.web import unit

_ANYBODY_ASKS = "reset_instructions"
_WARNINGS = ("change_notice", "reset_notice")
"""Mails that an account's holder must not disregard where somebody else chose the password."""
_REPEATED_AFTER = timedelta(minutes=10)


class AccountMail(MailUtil):
    """Queues what Flask-Security wants to send, and reads addresses as they were recorded."""

    def normalize(self, email: str) -> str:
        """The address in its normal form. Raises ValueError, as Flask-Security wants it."""
        try:
            return checked_address(email)
        except Invalid as fault:
            raise ValueError(fault.message) from None

    validate = normalize

    def send_mail(
        self,
        template: str,
        subject: str,
        recipient: str | tuple[str, str],
        sender: str | tuple[str, str],
        body: str | None,
        html: str | None,
        **context: Any,
    ) -> None:
        """Queue the text of an account mail; its HTML is made from the text, as that of every letter. A link of ours becomes a button."""
        address = recipient if isinstance(recipient, str) else recipient[1]
        text = body or ""
        ours = re.search(rf"{re.escape(config.settings().base_url)}/[^\s<>\"]+", text)
        link = ours[0].rstrip(".,") if ours else None
        accounts.queue_mail(
            unit.session(),
            address,
            str(subject),
            "\n".join(line for line in text.splitlines() if line.strip() != link),  # the button says it
            language(),
            occasion=f"{template}:{_once(address) if template.endswith(_ANYBODY_ASKS) else uuid.uuid4()}",
            link=link,
            warning=template.endswith(_WARNINGS),
        )


def mail_entry_link(session: Session, address: str, token: str) -> None:
    """Queue the mail with a sign-in link; nobody but its recipient reads it."""
    accounts.queue_mail(
        session,
        address,
        _("Your account on Outreach"),
        _(
            "You have an account on Outreach, where the Secretariat sends calls for input and follows the replies. "
            "The link signs you in once, within 24 hours; please choose a password then."
        ),
        language(),
        occasion=f"entry:{uuid.uuid4()}",
        link=f"{config.settings().base_url}/staff/enter/{token}",
    )


def _once(address: str) -> str:
    # The former mail's link still serves: whoever asks again and again fills nobody's mailbox.
    return f"{address.lower()}:{int(clock.now().timestamp() // _REPEATED_AFTER.total_seconds())}"
