"""A real SMTP server that keeps what it is given and answers as a test tells it to; letters to send to it."""

import email
import email.policy
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from outreach import config
from outreach.config import Settings
from outreach.correspondence.transport import Relay
from outreach.db import Database


@dataclass(frozen=True)
class Got:
    """One mail as it came."""

    mail_from: str
    rcpt_tos: tuple[str, ...]
    content: bytes

    @property
    def parsed(self) -> EmailMessage:
        """As a mail program reads it."""
        made = email.message_from_bytes(self.content, policy=email.policy.default)
        assert isinstance(made, EmailMessage)
        return made


@dataclass
class Sink:
    """What came, and what is to be answered next: to MAIL, to RCPT of an address, to DATA. Without a word it is taken."""

    port: int = 0
    got: list[Got] = field(default_factory=list)
    connections: int = 0
    to_mail: list[str] = field(default_factory=list)
    to_rcpt: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    to_data: list[str] = field(default_factory=list)
    hang_up_at_mail: int = 0
    hang_up_at_data: int = 0
    at_data: Callable[[], None] | None = None
    letters_a_connection: int | None = None
    largest: int | None = None

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        session.letters = 0
        if self.largest:
            responses = [line for line in responses if "SIZE" not in line]
            responses.insert(1, f"250-SIZE {self.largest}")
        return responses

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.hang_up_at_mail:
            self.hang_up_at_mail -= 1
            server.transport.abort()
            return "421 never heard"
        if session.letters == self.letters_a_connection:
            server.transport.write(b"421 4.7.0 too many letters on this connection\r\n")
            server.transport.close()
            return "421 never heard"
        session.letters += 1
        if self.to_mail:
            return self.to_mail.pop(0)
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.to_rcpt[address]:
            return self.to_rcpt[address].pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.at_data is not None:
            self.at_data()
        if self.to_data:
            return self.to_data.pop(0)
        content = envelope.original_content
        assert isinstance(content, bytes)
        self.got.append(Got(envelope.mail_from or "", tuple(envelope.rcpt_tos), content))
        if self.hang_up_at_data:
            self.hang_up_at_data -= 1
            server.transport.abort()
        return "250 2.0.0 taken"


class SinkController(Controller):
    """Runs a sink on a port that the system chooses."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@pytest.fixture
def smtp_sink() -> Iterator[Sink]:
    """A running server on loopback."""
    sink = Sink()
    controller = SinkController(sink, hostname="127.0.0.1", port=0)
    controller.start()
    sink.connections = 0
    sink.port = controller.port
    yield sink
    controller.stop()


@pytest.fixture
def letter_settings(database: Database, smtp_sink: Sink) -> Settings:
    """The settings in force lead to the sink, over one connection unless the test says otherwise."""
    chosen = replace(config.settings(), smtp_url=f"smtp://127.0.0.1:{smtp_sink.port}", smtp_connections=1)
    config.use(chosen)
    return chosen


@pytest.fixture
def relay(letter_settings: Settings) -> Iterator[Relay]:
    """The way to the sink."""
    made = Relay(letter_settings)
    yield made
    made.close()
