"""`outreach check mail`: a relay with TLS and without, a DNS that knows us or not, letters that are well-formed or spoilt."""

import shutil
import ssl
import subprocess
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import config, i18n
from outreach.cli.production import check
from outreach.config import Settings
from outreach.correspondence import signing
from outreach.correspondence.acceptance import Finding, Level
from outreach.correspondence.acceptance.at_relay import look_at_relay
from outreach.correspondence.acceptance.in_dns import NoDns, look_into_dns
from outreach.correspondence.acceptance.in_letters import look_at_letter, look_at_letters, sample
from outreach.correspondence.acceptance.wiring import look_at_settings
from outreach.correspondence.models import Letter, LetterKind, Register
from outreach.db import Database
from tests.correspondence.conftest import Sink, SinkController

SENDER = "Outreach <outreach@secretariat.example>"


@dataclass
class Names:
    """A DNS as a test has it; one that is `silent` gives no answer."""

    records: dict[str, list[str]] = field(default_factory=dict)
    silent: bool = False
    public: tuple[str, str | None] | None = None

    def texts(self, name: str) -> list[str]:
        if self.silent:
            raise NoDns("The DNS operation timed out.\nmore")
        return self.records.get(name, [])

    def exchangers(self, name: str) -> list[str]:
        return self.texts(f"mx {name}")

    def name_of(self, host: str) -> tuple[str, str | None] | None:
        return self.public if self.texts("") == [] else None


@pytest.fixture(scope="module")
def key_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A private key on disk."""
    path = tmp_path_factory.mktemp("keys") / "2027a.pem"
    made = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    path.write_bytes(made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return path


@pytest.fixture
def signed(settings: Settings, key_file: Path) -> Settings:
    """The settings of a service that does all as it should."""
    return replace(
        settings,
        dkim_keys=(("2027a", key_file),),
        mail_domain="mail.secretariat.example",
        base_url="https://outreach.secretariat.example",
    )


def _levels(found: list[Finding]) -> set[Level]:
    return {one.level for one in found}


def _said(found: list[Finding], level: Level) -> str:
    return "\n".join(one.words for one in found if one.level is level)


def test_settings_that_fit_together_are_fine(signed: Settings) -> None:
    assert _levels(list(look_at_settings(signed))) == {Level.OK}


def test_settings_that_do_not_fit_together_are_named(signed: Settings, tmp_path: Path) -> None:
    astray = replace(
        signed,
        mail_domain="elsewhere.example",
        dkim_domain="another.example",
        base_url="http://outreach.example",
        smtp_url="smtp://relay.example",
    )
    said = _said(list(look_at_settings(astray)), Level.WARN)
    for part in ("the envelope of elsewhere.example", "the signature of another.example", "http://", "unencrypted"):
        assert part in said
    unsigned = _said(list(look_at_settings(replace(signed, dkim_keys=()))), Level.WARN)
    assert "not signed" in unsigned
    broken = replace(signed, dkim_keys=(("2027a", tmp_path / "none"),))
    assert "can't be read" in _said(list(look_at_settings(broken)), Level.FAIL)


def test_a_relay_says_what_it_offers(letter_settings: Settings, smtp_sink: Sink) -> None:
    smtp_sink.largest = 50_000
    found = list(look_at_relay(letter_settings))
    assert Level.FAIL not in _levels(found)
    assert "letters of up to 50000 bytes are taken: larger ones leave with links" in _said(found, Level.OK)
    assert "PIPELINING is not offered" in _said(found, Level.WARN)
    assert smtp_sink.got == []


def test_a_relay_that_is_not_there_or_asks_for_more_fails(letter_settings: Settings, smtp_sink: Sink) -> None:
    for url in ("smtp://127.0.0.1:9", f"smtp+starttls://127.0.0.1:{smtp_sink.port}", "smtp://relay.example"):
        assert "OUTREACH_SMTP_URL" in _said(list(look_at_relay(replace(letter_settings, smtp_url=url))), Level.FAIL)


def test_the_certificate_of_a_relay_is_shown(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made_by = shutil.which("openssl")
    if made_by is None:
        pytest.skip("openssl, which makes the certificate of this test, is not installed")
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subprocess.run(
        [made_by, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/O=Invented/CN=localhost",
         "-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out", certificate],
        check=True, capture_output=True,
    )  # fmt: skip
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    server = SinkController(Sink(), hostname="127.0.0.1", port=0, tls_context=context)
    server.start()
    try:
        at = replace(settings, smtp_url=f"smtp+starttls://localhost:{server.port}")
        assert "can't be trusted" in _said(list(look_at_relay(at)), Level.FAIL)
        assert "STARTTLS is offered and not used" in _said(
            list(look_at_relay(replace(at, smtp_url=f"smtp://localhost:{server.port}"))), Level.WARN
        )
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        found = list(look_at_relay(at))
        assert Level.FAIL not in _levels(found)
        assert "the certificate for localhost by Invented is valid until" in _said(found, Level.WARN)
    finally:
        server.stop()


def test_a_dns_that_knows_us_is_fine(signed: Settings) -> None:
    keys = signing.signer(signed)
    assert keys is not None
    names = Names(
        {
            "2027a._domainkey.secretariat.example": [keys.keys[0].record],
            "mail.secretariat.example": ["an owner's token", "v=spf1 mx -all"],
            "_dmarc.secretariat.example": ["v=DMARC1; p=reject"],
            "mx mail.secretariat.example": ["mx.secretariat.example"],
        },
        public=("192.0.2.1", "relay.secretariat.example"),
    )
    assert _levels(list(look_into_dns(signed, names))) == {Level.OK}


def test_what_is_missing_or_wrong_in_dns_is_named_with_the_record_to_publish(signed: Settings) -> None:
    keys = signing.signer(signed)
    assert keys is not None
    where, record = "2027a._domainkey.secretariat.example", keys.keys[0].record
    bare = list(look_into_dns(signed, Names()))
    assert signing.zone_lines("secretariat.example", keys.keys[0]) in _said(bare, Level.FAIL)
    assert "takes no mail" in _said(bare, Level.FAIL)
    for part in ("no SPF record", "no DMARC record"):
        assert part in _said(bare, Level.WARN)
    other = Names({where: [record.replace("p=M", "p=N")], "mail.secretariat.example": ["v=spf1 +all", "v=spf1 -all"]})
    said = _said(list(look_into_dns(signed, other)), Level.FAIL)
    assert "is another one than ours" in said and "2 SPF records" in said
    tested = Names({where: [f"{record}; t=y"]}, public=("192.0.2.1", None))
    said = _said(list(look_into_dns(signed, tested)), Level.WARN)
    assert "being tested" in said and "has no name in DNS" in said


def test_without_dns_the_record_is_printed_and_nothing_fails(signed: Settings) -> None:
    found = list(look_into_dns(signed, Names(silent=True)))
    assert _levels(found) == {Level.WARN}
    assert "v=DKIM1; k=rsa; p=" in _said(found, Level.WARN)


def test_our_letters_are_well_formed(signed: Settings) -> None:
    (one,) = look_at_letters(signed)
    assert one.level is Level.OK


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (b"\r\nDate: ", b"\r\nX-Date: ", "headers Date"),
        (b"\r\nMessage-ID: <", b"\r\nMessage-ID: <a b", "Message-ID"),
        (b"@secretariat.example>\r\n", b"@elsewhere.example>\r\n", "its From"),
        (b"\r\n\r\n--", b"\r\n\r\n\n--", "stands alone"),
        (b"\r\nSubject: ", b"\r\nSubject: " + b"x" * 1000, "998 are allowed"),
        (b"\r\nSubject: ", "\r\nSubject: é".encode(), "7-bit"),
        (b"List-Unsubscribe-Post: ", b"X-Post: ", "offer to get no more"),
        (b":List-Unsubscribe:", b":List-Id:", "leaves out List-Unsubscribe"),
        (b"text/html", b"text/plain", "lacks its plain text or its HTML"),
    ],
)
def test_a_spoilt_letter_is_found(signed: Settings, before: bytes, after: bytes, said: str) -> None:
    raw = sample(signed, Register.LETTER, "en")
    assert list(look_at_letter(raw, sender=SENDER, signed=True, offered=True)) == []
    assert before in raw
    found = list(look_at_letter(raw.replace(before, after, 1), sender=SENDER, signed=True, offered=True))
    assert said in _said(found, Level.FAIL)


def test_a_note_offers_no_way_out(signed: Settings) -> None:
    raw = sample(signed, Register.NOTE, "fr")
    assert list(look_at_letter(raw, sender=SENDER, signed=True, offered=False)) == []


def test_the_command_says_all_and_sends_a_test_letter_by_the_outbox(
    letter_settings: Settings, database: Database, session: Session, key_file: Path
) -> None:
    config.use(replace(config.settings(), dkim_keys=(("2027a", key_file),)))

    def run(*arguments: str) -> tuple[int, str]:
        with i18n.speaking("en"):
            done = CliRunner().invoke(check, ["mail", *arguments])
        return done.exit_code, done.output + str(done.exception or "")

    assert run("--dkim-record")[1].startswith("2027a._domainkey.secretariat.example. IN TXT (")
    status, output = run("tester@secretariat.example", "--wait", "0")
    assert status == 0, output
    for line in ("OK    relay: 127.0.0.1:", "WARN  settings: links begin with http://", "OK    letters: 12 letters"):
        assert line in output
    letter = session.scalars(select(Letter)).one()
    assert (letter.kind, letter.to_address) == (LetterKind.ACCOUNT, "tester@secretariat.example")
    assert "demonstration" in run("somebody@office.internal", "--wait", "0")[1]
    config.use(replace(config.settings(), smtp_url="smtp://127.0.0.1:9"))
    status, output = run("tester@secretariat.example", "--wait", "0")
    assert status == 1 and "FAIL  relay:" in output and "test letter" not in output
