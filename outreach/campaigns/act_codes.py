"""Codes for acts that bind the State: mailed to the institution's addresses on file, typed on its page, good for one act.

A try is counted in a transaction of its own, before the code is compared: the page that refuses a wrong code rolls its request back,
and a counter that went with it would allow endless guessing. So a code must be committed before it can be redeemed, which it is,
since it comes by mail.
"""

import hashlib
import hmac
import secrets
import uuid
from datetime import timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from outreach import clock, config
from outreach.campaigns import invitations, letters, queries
from outreach.campaigns.models import ActCode
from outreach.correspondence.models import LetterKind
from outreach.db import fresh_key
from outreach.directory import queries as directory
from outreach.errors import Invalid, Refused, TooMany
from outreach.i18n import _

LIFE = timedelta(minutes=15)
MOST_SENT = 5
"""So many codes an hour for one invitation."""
MOST_TRIES = 5


def send_code(session: Session, invitation_id: uuid.UUID, act: str) -> None:
    """Mail a new code for `act` to every address on file of the institution; an older code for the act is void.

    Raises TooMany after MOST_SENT codes within an hour, Refused where no address is on file.
    """
    invitation = queries.invitation(session, invitation_id)
    moment = clock.now()
    # One at a time for one institution, or all that are asked for at once would be counted as the first.
    invitations.hold(session, [invitation_id])
    sent = session.scalar(
        select(func.count())
        .select_from(ActCode)
        .where(ActCode.invitation_id == invitation_id, ActCode.created_at > moment - timedelta(hours=1))
    )
    if (sent or 0) >= MOST_SENT:
        raise TooMany(
            _(
                "%(number)s codes were sent within an hour. Please wait before you ask for another one.",
                number=MOST_SENT,
            )
        )
    if not directory.contacts(session, invitation.institution_id):
        raise Refused(
            _(
                "No address of your institution is on file, so no code can be sent. Please write to the contact for questions."
            )
        )
    session.execute(
        update(ActCode)
        .where(ActCode.invitation_id == invitation_id, ActCode.act == act, ActCode.expires_at > moment)
        .values(expires_at=moment)
    )
    code_id, code = fresh_key(), f"{secrets.randbelow(1_000_000):06d}"
    session.add(
        ActCode(
            id=code_id,
            invitation_id=invitation_id,
            act=act,
            digest=_digest(code_id, code),
            created_at=moment,
            expires_at=moment + LIFE,
        )
    )
    session.flush()
    letters.queue_for(session, invitation, LetterKind.CODE, f"code-{code_id}", values={"code": code}, variant=act)


def redeem(session: Session, invitation_id: uuid.UUID, act: str, code: str) -> None:
    """Use up the code of `act`, in the caller's transaction: where the act fails afterwards, the code still holds.

    Raises Invalid (field "code") for a code that is wrong, used or too old, TooMany after MOST_TRIES tries of it.
    """
    found = _count_try(session, invitation_id, act)
    if found is None:
        raise Invalid(_("This code is no longer valid. Please ask for a new one."), field="code")
    code_id, tries, digest = found
    if tries > MOST_TRIES:
        raise TooMany(_("This code was typed wrongly too often and is void. Please ask for a new one."))
    if not hmac.compare_digest(digest, _digest(code_id, "".join(code.split()))):
        raise Invalid(_("This is not the code that was mailed last. Please check it and type it again."), field="code")
    used = session.execute(
        update(ActCode)
        .where(ActCode.id == code_id, ActCode.used_at.is_(None))
        .values(used_at=clock.now())
        .returning(ActCode.id)
    ).one_or_none()
    if used is None:
        raise Invalid(_("This code is no longer valid. Please ask for a new one."), field="code")


def _count_try(session: Session, invitation_id: uuid.UUID, act: str) -> tuple[uuid.UUID, int, str] | None:
    """Count a try of the code in force, for good; its id, its tries so far with this one, its digest. None: no code is in force."""
    in_force = (
        select(ActCode.id)
        .where(
            ActCode.invitation_id == invitation_id,
            ActCode.act == act,
            ActCode.used_at.is_(None),
            ActCode.expires_at > clock.now(),
        )
        .order_by(ActCode.created_at.desc(), ActCode.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    with Session(session.get_bind()) as own:
        counted = own.execute(
            update(ActCode)
            .where(ActCode.id == in_force)
            .values(tries=ActCode.tries + 1)
            .returning(ActCode.id, ActCode.tries, ActCode.digest)
        ).one_or_none()
        own.commit()
    return None if counted is None else (counted.id, counted.tries, counted.digest)


def _digest(code_id: uuid.UUID, code: str) -> str:
    # Keyed: a million codes are soon tried against a stolen table.
    key = config.settings().secret_key.encode()
    return hmac.new(key, code_id.bytes + code.encode(), hashlib.sha256).hexdigest()
