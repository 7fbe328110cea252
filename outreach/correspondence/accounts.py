"""Mails of staff accounts, as letters without an invitation."""

import uuid

from sqlalchemy.orm import Session

from outreach.correspondence import editions, outbox
from outreach.correspondence.editions import Rendering
from outreach.correspondence.models import LetterKind, Register
from outreach.correspondence.outbox import LetterOrder


def queue_mail(
    session: Session,
    address: str,
    subject: str,
    message: str,
    language: str,
    *,
    occasion: str,
    link: str | None = None,
    warning: bool = False,
) -> uuid.UUID | None:
    """Queue a mail to a member of staff, with a button for `link`; the letter's id, None where this occasion had its mail already.

    A `warning` is not to be disregarded by those who did not expect it, so it does not say so.
    """
    variant = " ".join(word for word, given in (("link", link), ("warning", warning)) if given)
    wanted = Rendering(LetterKind.ACCOUNT, Register.LETTER, language, variant)
    edition_id = editions.freeze(session, wanted, editions.render(wanted, None), ())
    values = {"subject": subject, "message": message.strip()} | ({"link": link} if link else {})
    return outbox.queue(
        session,
        LetterOrder(
            edition_id=edition_id,
            kind=LetterKind.ACCOUNT,
            language=language,
            to_address=address,
            occasion=occasion,
            values={language: values},
        ),
    )
