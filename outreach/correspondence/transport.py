"""The one way out: SMTP to the relay, with verified certificates; in a demo to loopback alone."""

import ipaddress
import logging
import smtplib
import socket
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from outreach.config import Settings
from outreach.correspondence.models import LetterState
from outreach.errors import Refused

log = logging.getLogger(__name__)

TIMEOUT = 30.0
"""Seconds to wait for the relay, at each step."""

_PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
_SIGN_IN = frozenset({530, 534, 535, 538})
"""The relay wants to know us, whatever it was asked: nothing is wrong with the letter."""
_TOO_LARGE = 552


class RelayAtFault(Exception):
    """The relay can't be used at all, or not by us: nothing is wrong with the letters, and nothing more is tried now."""


class _Gone(Exception):
    """The connection was lost before the relay had taken the letter."""


@dataclass(frozen=True)
class Reply:
    """What became of one letter: SENT, REFUSED (the address), FAILED (the letter), or QUEUED: to be tried again later."""

    state: LetterState
    code: int | None
    words: str


class Relay:
    """A connection to the relay, opened when it is needed and kept open. To be closed."""

    def __init__(self, settings: Settings) -> None:
        """Raises Refused in a demo whose relay is not on loopback."""
        parts = urlsplit(settings.smtp_url)
        self._scheme = parts.scheme
        self._host, self._port = parts.hostname or "", parts.port or _PORTS[parts.scheme]
        self._user, self._password = unquote(parts.username or ""), unquote(parts.password or "")
        self._smtp: smtplib.SMTP | None = None
        if settings.demo and not _on_loopback(self._host):
            raise Refused(
                f"This is a demonstration: no mail leaves this machine, so OUTREACH_SMTP_URL can't lead to {self._host}."
            )

    def open(self) -> None:
        """Connect, greet and sign in, unless that is done. Raises RelayAtFault."""
        if self._smtp is not None:
            return
        try:
            self._smtp = self._opened()
        except (OSError, smtplib.SMTPException) as fault:
            raise RelayAtFault(f"{self._host}:{self._port}: {fault}") from fault

    def close(self) -> None:
        """Take leave."""
        relay, self._smtp = self._smtp, None
        if relay is not None:
            try:
                relay.quit()
            except (OSError, smtplib.SMTPException) as fault:
                log.info("the relay closed before we did: %s", fault)

    def hand_over(self, envelope_from: str, to_address: str, copies: Sequence[str], content: bytes) -> Reply:
        """Hand one letter to the relay, over a new connection where the kept one is lost.

        A letter whose recipient is refused goes to nobody; a copy that is refused is only noted. Raises RelayAtFault.
        """
        kept = self._smtp is not None
        try:
            return self._tried(envelope_from, to_address, copies, content)
        except _Gone as gone:
            if not kept:
                return Reply(LetterState.QUEUED, None, str(gone))
        try:
            return self._tried(envelope_from, to_address, copies, content)
        except _Gone as gone:
            return Reply(LetterState.QUEUED, None, str(gone))

    def _tried(self, envelope_from: str, to_address: str, copies: Sequence[str], content: bytes) -> Reply:
        self.open()
        assert self._smtp is not None
        relay = self._smtp
        try:
            options = [f"size={len(content)}"] if relay.has_extn("size") else []
            code, words = relay.mail(envelope_from, options)
            if code != 250:
                return self._not_begun(code, words)
            code, words = relay.rcpt(to_address)
            if code not in {250, 251}:
                self._leave(code, words)
                return _reply(code, words, LetterState.REFUSED)
            refused = []
            for copy in copies:
                code, words = relay.rcpt(copy)
                if code not in {250, 251}:
                    refused.append(f"{copy}: {code} {_text(words)}")
        except (OSError, smtplib.SMTPServerDisconnected) as fault:
            self._lose()
            raise _Gone(f"{type(fault).__name__}: {fault}") from fault
        return self._with_content(relay, content, refused)

    def _with_content(self, relay: smtplib.SMTP, content: bytes, refused: Sequence[str]) -> Reply:
        # From here on the relay may have taken the letter although we never hear of it: it is tried later, not at once.
        words: bytes | str
        try:
            code, words = relay.data(content)
        except smtplib.SMTPDataError as refusal:
            code, words = refusal.smtp_code, refusal.smtp_error
        except (OSError, smtplib.SMTPServerDisconnected) as fault:
            self._lose()
            return Reply(LetterState.QUEUED, None, f"{type(fault).__name__}: {fault}")
        if code != 250:
            self._leave(code, words)
            return _reply(code, words, LetterState.FAILED)
        note = f"; a copy was refused: {'; '.join(refused)}" if refused else ""
        return Reply(LetterState.SENT, code, f"{_text(words)}{note}")

    def _not_begun(self, code: int, words: bytes) -> Reply:
        """The relay doesn't take our envelope sender: a letter that is too large is that letter's fault, anything lasting is ours."""
        self._leave(code, words)
        if code == _TOO_LARGE:
            return _reply(code, words, LetterState.FAILED)
        if code >= 500:
            raise RelayAtFault(f"{self._host}:{self._port} does not take our letters: {code} {_text(words)}")
        return _reply(code, words, LetterState.FAILED)

    def _leave(self, code: int, words: bytes | str) -> None:
        """Make the connection ready for the next letter. Raises RelayAtFault where the relay asks who we are."""
        if code == 421:
            self._lose()
        elif self._smtp is not None:
            try:
                self._smtp.rset()
            except (OSError, smtplib.SMTPServerDisconnected):
                self._lose()
        if code in _SIGN_IN:
            raise RelayAtFault(f"{self._host}:{self._port} wants us to sign in: {code} {_text(words)}")

    def _lose(self) -> None:
        if self._smtp is not None:
            self._smtp.close()
            self._smtp = None

    def _opened(self) -> smtplib.SMTP:
        relay: smtplib.SMTP
        if self._scheme == "smtps":
            relay = smtplib.SMTP_SSL(self._host, self._port, timeout=TIMEOUT, context=ssl.create_default_context())
        else:
            relay = smtplib.SMTP(self._host, self._port, timeout=TIMEOUT)
        try:
            _hurry(relay)
            if self._scheme == "smtp+starttls":
                relay.starttls(context=ssl.create_default_context())
            relay.ehlo_or_helo_if_needed()
            if self._user:
                relay.login(self._user, self._password)
        except BaseException:
            relay.close()
            raise
        return relay


def open_relay(settings: Settings) -> Relay:
    """An open connection to the relay. Raises Refused, RelayAtFault."""
    relay = Relay(settings)
    relay.open()
    return relay


def _hurry(relay: smtplib.SMTP) -> None:
    # Small writes must not wait for one another: 23 letters a second without it, 872 with it. TLS keeps the socket underneath.
    assert relay.sock is not None
    relay.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def _on_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _reply(code: int, words: bytes | str, lasting: LetterState) -> Reply:
    return Reply(lasting if code >= 500 else LetterState.QUEUED, code, _text(words))


def _text(words: bytes | str) -> str:
    return words.decode("utf-8", "replace") if isinstance(words, bytes) else words
