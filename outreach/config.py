"""The settings, read from the environment; `docs/settings.md` has the same table, and a test holds the two together."""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import urlsplit

from outreach.errors import SettingsError

_SELECTOR = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*")


def _url(*schemes: str) -> Callable[[str], str]:
    def read(value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in schemes or not (parts.netloc or parts.path):
            raise ValueError
        _ = parts.port  # a port that is no number raises here
        return value.rstrip("/") if parts.scheme.startswith("http") else value

    return read


def _secret(value: str) -> str:
    if len(value) < 32:
        raise ValueError
    return value


def _domain(value: str) -> str:
    if not value or "@" in value or "/" in value or " " in value:
        raise ValueError
    return value.lower()


def _sender(value: str) -> str:
    if "@" not in parseaddr(value)[1]:
        raise ValueError
    return value


def _keys(value: str) -> tuple[tuple[str, Path], ...]:
    pairs = [pair.partition("=") for pair in re.split(r"[,\s]+", value) if pair]
    if not all(_SELECTOR.fullmatch(selector) and path for selector, _equals, path in pairs):
        raise ValueError
    if len({selector for selector, *_rest in pairs}) != len(pairs):
        raise ValueError
    return tuple((selector, Path(path)) for selector, _equals, path in pairs)


def _folder(value: str) -> Path:
    parts = urlsplit(value)
    if parts.scheme != "file" or parts.netloc or not parts.path.startswith("/"):
        raise ValueError
    return Path(parts.path)


def _between(least: int, most: int) -> Callable[[str], int]:
    def read(value: str) -> int:
        if not least <= int(value) <= most:
            raise ValueError
        return int(value)

    return read


def _token_source(value: str) -> str:
    if value and not value.startswith(("file:///", "command:")):
        raise ValueError
    return value


def _listening(value: str) -> tuple[str, int] | None:
    if not value:
        return None
    host, _colon, port = value.rpartition(":")
    if not host or not 0 < int(port) < 65536:
        raise ValueError
    return host.strip("[]"), int(port)


def _file(value: str) -> Path:
    path = Path(value)
    if not path.is_absolute() or not path.is_file():
        raise ValueError
    return path


def _scanner(value: str) -> str:
    parts = urlsplit(_url("unix", "tcp")(value))
    if bool(parts.netloc) == (parts.scheme == "unix"):
        raise ValueError  # a socket is a path of this machine, a host has a name
    return value


def _switch(value: str) -> bool:
    if value not in {"0", "1"}:
        raise ValueError
    return value == "1"


@dataclass(frozen=True)
class Setting:
    """One row of the table: the variable, the attribute of `Settings`, what it takes, its default (None: required)."""

    name: str
    attribute: str
    takes: str
    read: Callable[[str], object]
    default: str | None


TABLE = (
    Setting(
        "OUTREACH_DATABASE_URL",
        "database_url",
        "postgresql+psycopg://USER@HOST/DATABASE",
        _url("postgresql+psycopg"),
        None,
    ),
    Setting(
        "OUTREACH_BROKER_URL",
        "broker_url",
        "redis://HOST:PORT/0, rediss://… or redis+socket:///PATH",
        _url("redis", "rediss", "redis+socket"),
        None,
    ),
    Setting(
        "OUTREACH_SMTP_URL",
        "smtp_url",
        "smtp://, smtp+starttls:// or smtps://USER:PASSWORD@HOST:PORT",
        _url("smtp", "smtp+starttls", "smtps"),
        None,
    ),
    Setting(
        "OUTREACH_SMTP_CONNECTIONS",
        "smtp_connections",
        "how many connections a process keeps to the relay, from 1 to 64",
        _between(1, 64),
        "4",
    ),
    Setting(
        "OUTREACH_SMTP_PER_MINUTE",
        "smtp_per_minute",
        "how many letters leave in a minute at most, up to 1000000; 0: as many as there are",
        _between(0, 1_000_000),
        "0",
    ),
    Setting(
        "OUTREACH_SMTP_PER_DOMAIN",
        "smtp_per_domain",
        "how many letters leave to one receiving domain in a minute at most, up to 1000000; 0: as many as there are",
        _between(0, 1_000_000),
        "0",
    ),
    Setting(
        "OUTREACH_SMTP_BATCH",
        "smtp_batch",
        "how many letters a process claims at a time, from 1 to 1000",
        _between(1, 1000),
        "100",
    ),
    Setting(
        "OUTREACH_INBOX_URL",
        "inbox_url",
        "imaps://, imap+starttls:// or imap://USER:PASSWORD@HOST:PORT/FOLDER,FOLDER, or maildir:///FOLDER; empty: no mailbox is read",
        lambda v: _url("imap", "imaps", "imap+starttls", "maildir")(v) if v else "",
        "",
    ),
    Setting(
        "OUTREACH_INBOX_TOKEN",
        "inbox_token",
        "file:///PATH or command:PROGRAM ARGUMENT… that gives an OAuth2 access token; empty: the password signs in",
        _token_source,
        "",
    ),
    Setting(
        "OUTREACH_INBOX_MOVE_TO",
        "inbox_move_to",
        "a folder of the mailbox to which mail is moved once it is kept; empty: it is marked as seen",
        str.strip,
        "",
    ),
    Setting("OUTREACH_LMTP_LISTEN", "lmtp_listen", "HOST:PORT; empty: no mail is taken by LMTP", _listening, ""),
    Setting(
        "OUTREACH_AUTHSERV_ID",
        "authserv_id",
        "the name under which our own mail server writes Authentication-Results; empty: no sender is checked",
        lambda v: v.strip().lower(),
        "",
    ),
    Setting(
        "OUTREACH_CLAMD_URL",
        "clamd_url",
        "unix:///SOCKET or tcp://HOST:PORT; empty: files are not scanned",
        lambda v: _scanner(v) if v else "",
        "",
    ),
    Setting("OUTREACH_STORAGE_URL", "storage", "file:///ABSOLUTE/FOLDER", _folder, None),
    Setting(
        "OUTREACH_BASE_URL", "base_url", "http://HOST or https://HOST, as visitors type it", _url("http", "https"), None
    ),
    Setting("OUTREACH_SECRET_KEY", "secret_key", "at least 32 characters that nobody else knows", _secret, None),
    Setting("OUTREACH_MAIL_DOMAIN", "mail_domain", "the domain of Message-IDs and envelope senders", _domain, None),
    Setting("OUTREACH_SENDER", "sender", "Name <address>, the From of letters", _sender, None),
    Setting(
        "OUTREACH_SECRETARIAT",
        "secretariat",
        "/PATH of a TOML file with the secretariat's names and formulas; empty: “The Secretariat” and the usual ones",
        lambda v: _file(v) if v else None,
        "",
    ),
    Setting(
        "OUTREACH_DKIM_KEYS",
        "dkim_keys",
        "SELECTOR=FILE, with commas between several: private keys in PEM; empty: letters are not signed",
        _keys,
        "",
    ),
    Setting(
        "OUTREACH_DKIM_DOMAIN",
        "dkim_domain",
        "the domain that signs; empty: the domain of the sender",
        lambda v: _domain(v) if v else "",
        "",
    ),
    Setting(
        "OUTREACH_LARGEST_LETTER",
        "largest_letter",
        "bytes from 20000 to 100000000; a larger letter leaves with links in place of its files",
        _between(20_000, 100_000_000),
        "10000000",
    ),
    Setting("OUTREACH_DEMO", "demo", "1 or 0; 1 refuses every mail relay that is not on loopback", _switch, "0"),
    Setting(
        "OUTREACH_CLOCK_FILE",
        "clock_file",
        "a file with an offset in seconds, for demos; empty: true time",
        lambda v: Path(v) if v else None,
        "",
    ),
)


@dataclass(frozen=True)
class Settings:
    """The settings of this process, checked."""

    database_url: str
    broker_url: str
    smtp_url: str
    smtp_connections: int
    smtp_per_minute: int
    smtp_per_domain: int
    smtp_batch: int
    inbox_url: str
    inbox_token: str
    inbox_move_to: str
    lmtp_listen: tuple[str, int] | None
    authserv_id: str
    clamd_url: str
    storage: Path
    base_url: str
    secret_key: str
    mail_domain: str
    sender: str
    secretariat: Path | None
    dkim_keys: tuple[tuple[str, Path], ...]
    dkim_domain: str
    largest_letter: int
    demo: bool
    clock_file: Path | None

    @property
    def reads_mail(self) -> bool:
        """Whether replies by mail reach the service."""
        return bool(self.inbox_url or self.lmtp_listen)


def load(environ: Mapping[str, str]) -> Settings:
    """Read and check all settings.

    Raises SettingsError with the name of the first wrong setting and what it takes.
    """
    values: dict[str, object] = {}
    for setting in TABLE:
        given = environ.get(setting.name, setting.default)
        if given is None:
            raise SettingsError(f"{setting.name} is not set. It takes {setting.takes}.")
        try:
            values[setting.attribute] = setting.read(given)
        except ValueError:
            raise SettingsError(f"{setting.name} has a value that can't be taken. It takes {setting.takes}.") from None
    return Settings(**values)  # type: ignore[arg-type]


_current: Settings | None = None


def settings() -> Settings:
    """The settings of this process, read from the environment at the first call."""
    global _current
    if _current is None:
        _current = load(os.environ)
    return _current


def use(chosen: Settings | None) -> None:
    """Take these settings for this process (tests, embedded stack); None: read the environment again at the next call."""
    global _current
    _current = chosen
