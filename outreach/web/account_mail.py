"""Flask-Security's mails leave as letters, by the one transport, with a row that says what became of them."""

import re
import uuid
from typing import Any

from flask_security import MailUtil

from outreach import config
from outreach.correspondence import accounts
from outreach.i18n import language
from outreach.web import unit


class AccountMail(MailUtil):
    """Queues what Flask-Security wants to send."""

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
        ours = re.search(rf"{re.escape(config.settings().base_url)}/[^\s<>\"]+", body or "")
        accounts.queue_mail(
            unit.session(),
            address,
            str(subject),
            body or "",
            language(),
            occasion=f"{template}:{uuid.uuid4()}",
            link=ours[0].rstrip(".,") if ours else None,
        )
