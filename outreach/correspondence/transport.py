"""The one way out: SMTP to the relay over several connections, with verified certificates; in a demo to loopback alone."""

import ipaddress
import logging
import smtplib
import socket
import ssl
import threading
from contextlib import suppress
from urllib.parse import unquote, urlsplit

from outreach.config import Settings
from outreach.correspondence.channel import Channel, RelayAtFault, RelayRefusesUs
from outreach.correspondence.outcomes import Stage, Verdict, judge
from outreach.errors import Refused

log = logging.getLogger(__name__)

TIMEOUT = 30.0
"""Seconds that the relay may take until a connection is greeted, secured and signed in, however slowly its bytes come."""

_PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}


class Relay:
    """Connections to the relay, opened when they are needed and kept open. To be closed."""

    def __init__(self, settings: Settings) -> None:
        """Raises Refused in a demo whose relay is not on loopback."""
        parts = urlsplit(settings.smtp_url)
        self._scheme = parts.scheme
        self._host, self._port = parts.hostname or "", parts.port or _PORTS[parts.scheme]
        self._user, self._password = unquote(parts.username or ""), unquote(parts.password or "")
        self._most = settings.smtp_connections
        self._channels: list[Channel] = []
        self.largest: int | None = None
        """The bytes of the largest letter that the relay takes; None until it was asked, or where it does not say."""
        if settings.demo and not _on_loopback(self._host):
            raise Refused(
                f"This is a demonstration: no mail leaves this machine, so OUTREACH_SMTP_URL can't lead to {self._host}."
            )

    def channels(self, wanted: int) -> list[Channel]:
        """The open channels, busy or not; new ones are opened while fewer than `wanted`, as far as the setting goes and the relay lets us.

        Raises RelayAtFault where there is none at all, open or to be had, and RelayRefusesUs where there will be none.
        """
        self._channels = [channel for channel in self._channels if channel.lost is None]
        while len(self._channels) < min(wanted, self._most):
            try:
                channel = Channel(self._opened())
            except (OSError, smtplib.SMTPException) as fault:
                if not self._channels:
                    kind = RelayRefusesUs if _lasting(fault) else RelayAtFault
                    raise kind(f"{self._host}:{self._port}: {_words(fault)}") from fault
                # It takes so many connections of ours, and no more.
                self._most = len(self._channels)
                log.info("the relay takes %s connections: %s", self._most, _words(fault))
            else:
                self._channels.append(channel)
                self.largest = channel.largest
        return self._channels[: self._most]

    def spare(self, channel: Channel) -> bool:
        """Whether a channel is one too many, since the relay was found to have too much of us."""
        return channel not in self._channels[: self._most]

    def fewer(self) -> None:
        """From now on use half as many connections."""
        self._most = max(1, min(self._most, len(self._channels)) // 2)

    def open(self) -> None:
        """Connect, greet and sign in, unless that is done. Raises RelayAtFault, RelayRefusesUs."""
        self.channels(1)

    def look(self) -> smtplib.SMTP:
        """A connection of its own, greeted, secured and signed in, to see what the relay offers. Raises OSError, SMTPException."""
        return self._opened()

    def close(self) -> None:
        """Take leave."""
        for channel in self._channels:
            channel.close()
        self._channels = []

    def _opened(self) -> smtplib.SMTP:
        relay: smtplib.SMTP
        if self._scheme == "smtps":
            relay = smtplib.SMTP_SSL(timeout=TIMEOUT, context=ssl.create_default_context())
        else:
            relay = smtplib.SMTP(timeout=TIMEOUT)
        # smtplib notes it only where it connects at once, and starttls verifies it.
        relay._host = self._host  # type: ignore[attr-defined]
        # The time-out of a socket begins anew with each byte; whoever drips must be ready in time, too.
        watch = threading.Timer(TIMEOUT, _hang_up, [relay])
        watch.daemon = True
        watch.start()
        try:
            code, greeting = relay.connect(self._host, self._port)
            if code != 220:
                raise smtplib.SMTPConnectError(code, greeting)
            _hurry(relay)
            if self._scheme == "smtp+starttls":
                relay.starttls(context=ssl.create_default_context())
            relay.ehlo_or_helo_if_needed()
            if self._user:
                relay.login(self._user, self._password)
        except BaseException:
            relay.close()
            raise
        finally:
            watch.cancel()
        return relay


def _hang_up(relay: smtplib.SMTP) -> None:
    if relay.sock is not None:
        with suppress(OSError):
            relay.sock.shutdown(socket.SHUT_RDWR)


def _hurry(relay: smtplib.SMTP) -> None:
    # Small writes must not wait for one another: 23 letters a second without it, 872 with it. TLS keeps the socket underneath.
    assert relay.sock is not None
    relay.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def _lasting(fault: OSError | smtplib.SMTPException) -> bool:
    """Whether what kept us from a connection stays until a person mends it."""
    if isinstance(fault, smtplib.SMTPResponseException):
        return judge(Stage.HELLO, fault.smtp_code, _words(fault)) is Verdict.OURS
    if isinstance(fault, ssl.SSLError):
        return isinstance(fault, ssl.SSLCertVerificationError) or fault.reason == "WRONG_VERSION_NUMBER"
    # What is left of smtplib's faults: no TLS or no way to sign in is offered.
    return isinstance(fault, smtplib.SMTPException) and not isinstance(fault, smtplib.SMTPServerDisconnected)


def _words(fault: OSError | smtplib.SMTPException) -> str:
    if not isinstance(fault, smtplib.SMTPResponseException):
        return str(fault) or type(fault).__name__
    said = fault.smtp_error
    return f"{fault.smtp_code} {said.decode('utf-8', 'replace') if isinstance(said, bytes) else said}"


def _on_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
