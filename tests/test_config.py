"""Settings: each wrong value is refused with its name and what it takes, and the documents hold the same table."""

import re

import pytest

from outreach import config
from outreach.config import Settings
from outreach.errors import SettingsError
from outreach.paths import ROOT

GOOD = {
    "OUTREACH_DATABASE_URL": "postgresql+psycopg://outreach@db/outreach",
    "OUTREACH_BROKER_URL": "redis://broker:6379/0",
    "OUTREACH_SMTP_URL": "smtp+starttls://relay.example:587",
    "OUTREACH_STORAGE_URL": "file:///srv/outreach",
    "OUTREACH_BASE_URL": "https://outreach.example/",
    "OUTREACH_SECRET_KEY": "x" * 32,
    "OUTREACH_MAIL_DOMAIN": "Outreach.example",
    "OUTREACH_SENDER": "The Secretariat <outreach@secretariat.example>",
}


def test_good_settings_are_read() -> None:
    found = config.load(GOOD)
    assert found.base_url == "https://outreach.example"
    assert found.mail_domain == "outreach.example"
    assert found.demo is False
    assert found.clock_file is None


@pytest.mark.parametrize("name", sorted(GOOD))
def test_a_missing_setting_is_named(name: str) -> None:
    with pytest.raises(SettingsError, match=f"{name} is not set. It takes"):
        config.load({key: value for key, value in GOOD.items() if key != name})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("OUTREACH_DATABASE_URL", "sqlite:///x"),
        ("OUTREACH_BROKER_URL", "amqp://x"),
        ("OUTREACH_SMTP_URL", "relay.example:25"),
        ("OUTREACH_SMTP_URL", "smtp://relay.example:port"),
        ("OUTREACH_STORAGE_URL", "file://relative/folder"),
        ("OUTREACH_STORAGE_URL", "s3://bucket"),
        ("OUTREACH_BASE_URL", "outreach.example"),
        ("OUTREACH_SECRET_KEY", "short"),
        ("OUTREACH_MAIL_DOMAIN", "a@b"),
        ("OUTREACH_SENDER", "nobody"),
        ("OUTREACH_SECRETARIAT", "/nowhere/secretariat.toml"),
        ("OUTREACH_DEMO", "yes"),
        ("OUTREACH_INBOX_URL", "pop3://x"),
    ],
)
def test_a_wrong_value_is_refused_with_what_it_takes(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=f"{name} has a value that can't be taken. It takes"):
        config.load({**GOOD, name: value})


def test_the_value_of_a_secret_is_never_in_the_sentence() -> None:
    with pytest.raises(SettingsError) as caught:
        config.load({**GOOD, "OUTREACH_SECRET_KEY": "hunter2"})
    assert "hunter2" not in caught.value.message


def test_the_documented_table_is_the_table_of_the_code() -> None:
    text = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(OUTREACH_\w+)` \| (.*?) \| (.*?) \|", text, re.MULTILINE)
    assert [(name, takes, default) for name, takes, default in rows] == [
        (
            s.name,
            s.takes.replace("|", "\\|"),
            "required" if s.default is None else (f"`{s.default}`" if s.default else "empty"),
        )
        for s in config.TABLE
    ]
    assert set(Settings.__dataclass_fields__) == {s.attribute for s in config.TABLE}
