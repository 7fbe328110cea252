"""The settings, read from the environment; `docs/settings.md` has the same table, and a test holds the two together."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import urlsplit

from outreach.errors import SettingsError


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
        "OUTREACH_INBOX_URL",
        "inbox_url",
        "imaps:// or imap://USER:PASSWORD@HOST:PORT/FOLDER; empty: no mail is read",
        lambda v: _url("imap", "imaps")(v) if v else "",
        "",
    ),
    Setting("OUTREACH_STORAGE_URL", "storage", "file:///ABSOLUTE/FOLDER", _folder, None),
    Setting(
        "OUTREACH_BASE_URL", "base_url", "http://HOST or https://HOST, as visitors type it", _url("http", "https"), None
    ),
    Setting("OUTREACH_SECRET_KEY", "secret_key", "at least 32 characters that nobody else knows", _secret, None),
    Setting("OUTREACH_MAIL_DOMAIN", "mail_domain", "the domain of Message-IDs and envelope senders", _domain, None),
    Setting("OUTREACH_SENDER", "sender", "Name <address>, the From of letters", _sender, None),
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
    inbox_url: str
    storage: Path
    base_url: str
    secret_key: str
    mail_domain: str
    sender: str
    demo: bool
    clock_file: Path | None


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
