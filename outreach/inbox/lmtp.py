"""Mail taken from our own mail server by LMTP (RFC 2033): it hands over what is for us, and keeps what we could not keep.

A recipient that no letter of ours carries is refused by name while the sender still listens, so that guessed addresses end there.
Each recipient has its own answer after the data: 250 says that the mail is on disk and committed.
"""

import asyncio
import logging
from collections.abc import Callable
from functools import partial

from aiosmtpd.controller import Controller
from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, Session
from sqlalchemy import exists, func, select

from outreach.campaigns.models import Campaign, Invitation
from outreach.correspondence import addresses, outbox
from outreach.correspondence.models import Letter
from outreach.db import Database
from outreach.inbox import taking_in
from outreach.inbox.keeping import Incoming
from outreach.storage import Storage

log = logging.getLogger(__name__)

MOST_BYTES = 60 * 1024 * 1024
_BEGINNING = 60.0
"""Seconds until it must listen; a busy machine takes its time."""

_UNKNOWN = "550 5.1.1 No letter of ours has this address"
_LATER = "451 4.3.0 It can't be kept just now"
_FULL = "452 4.3.1 There is no room for it just now"
_TAKEN = "250 2.1.5 Kept"
_NO_SPACE = frozenset({28, 122})  # ENOSPC, EDQUOT


class _Handler:
    def __init__(self, database: Database, storage: Storage, kept: Callable[[], None]) -> None:
        self._database, self._storage, self._kept = database, storage, kept

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        try:
            known = await asyncio.to_thread(self._is_known, address)
        except Exception:
            # Whatever is wrong is ours: the server keeps the mail and comes again, where a refusal would lose it.
            log.exception("a recipient could not be looked up")
            return _LATER
        if not known:
            return _UNKNOWN
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 Known"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        content = envelope.original_content
        assert isinstance(content, bytes)
        answers = [await asyncio.to_thread(self._keep, envelope, to, content) for to in envelope.rcpt_tos]
        if _TAKEN in answers:
            self._kept()
        return "\r\n".join(answers)

    def _is_known(self, address: str) -> bool:
        """Whether a letter of ours carries the address: a token of an invitation or a letter that is there, or a mailbox for questions."""
        code, token = addresses.code_in(address), outbox.token_of(address)
        if code is not None:
            found = exists().where(Invitation.code == code)
        elif token is not None:
            found = exists().where(Letter.id == outbox.letter_named(token))
        else:
            found = exists().where(func.lower(Campaign.contact) == address.lower())
        with self._database.read() as session:
            return bool(session.scalar(select(found)))

    def _keep(self, envelope: Envelope, to: str, content: bytes) -> str:
        # The envelope goes with the mail, as with every mail server that delivers: it is what the token is found by.
        # aiosmtpd writes the null sender, that of reports, with its angle brackets.
        sender = (envelope.mail_from or "").strip("<>")
        head = f"Return-Path: <{sender}>\r\nDelivered-To: {to}\r\n"
        raw = head.encode("utf-8", "surrogateescape") + content
        try:
            taking_in.keep(self._database, self._storage, [Incoming(raw, f"LMTP {to}")])
        except OSError as fault:
            log.error("a mail could not be kept: %s", fault)
            return _FULL if fault.errno in _NO_SPACE else _LATER
        except Exception:
            # As above: nothing is refused for a fault of ours.
            log.exception("a mail could not be kept")
            return _LATER
        return _TAKEN


def listener(database: Database, storage: Storage, where: tuple[str, int], *, kept: Callable[[], None]) -> Controller:
    """The listener, to be started and stopped; `kept` is called, and must not wait, after mail was kept that is still to be understood."""
    handler = _Handler(database, storage, kept)
    server = partial(LMTP, handler, data_size_limit=MOST_BYTES, enable_SMTPUTF8=True, ident="Outreach")
    return _Listener(handler, hostname=where[0], port=where[1], server=server)


class _Listener(Controller):
    def __init__(self, handler: _Handler, *, hostname: str, port: int, server: Callable[[], LMTP]) -> None:
        self._server = server
        super().__init__(handler, hostname=hostname, port=port, ready_timeout=_BEGINNING)

    def factory(self) -> LMTP:
        """One connection."""
        return self._server()
