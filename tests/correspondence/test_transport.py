"""The one way out: in a demo nothing but loopback; certificates are verified."""

import shutil
import ssl
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from outreach.config import Settings
from outreach.correspondence.channel import RelayAtFault
from outreach.correspondence.transport import Relay
from outreach.errors import Refused
from tests.correspondence.conftest import Sink, SinkController


def _opened(settings: Settings) -> None:
    Relay(settings).open()


@pytest.mark.parametrize(
    "host", ["relay.secretariat.example", "10.0.0.1", "[2001:db8::1]", "127.0.0.1.elsewhere.example"]
)
def test_a_demo_refuses_every_host_that_is_not_this_machine(settings: Settings, host: str) -> None:
    with pytest.raises(Refused):
        Relay(replace(settings, smtp_url=f"smtp://{host}:25"))


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "127.8.8.8"])
def test_a_demo_takes_loopback(settings: Settings, host: str) -> None:
    Relay(replace(settings, smtp_url=f"smtp://{host}:25"))


def test_production_takes_any_host(settings: Settings) -> None:
    Relay(replace(settings, demo=False, smtp_url="smtps://user:p%40ss@relay.secretariat.example"))


def test_a_wrong_password_is_the_relays_fault_and_says_so(letter_settings: Settings, smtp_sink: Sink) -> None:
    with pytest.raises(RelayAtFault):
        _opened(replace(letter_settings, smtp_url=f"smtp://user:wrong@127.0.0.1:{smtp_sink.port}"))


def test_a_relay_without_tls_is_not_spoken_to_where_tls_is_asked_for(
    letter_settings: Settings, smtp_sink: Sink
) -> None:
    with pytest.raises(RelayAtFault):
        _opened(replace(letter_settings, smtp_url=f"smtp+starttls://127.0.0.1:{smtp_sink.port}"))


@pytest.mark.parametrize("scheme", ["smtps", "smtp+starttls"])
def test_a_certificate_that_nobody_vouches_for_is_not_trusted(settings: Settings, tmp_path: Path, scheme: str) -> None:
    made_by = shutil.which("openssl")
    if made_by is None:
        pytest.skip("openssl, which makes the certificate of this test, is not installed")
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subprocess.run(
        [made_by, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out", certificate],
        check=True, capture_output=True,
    )  # fmt: skip
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    sink = Sink()
    server = SinkController(
        sink,
        hostname="127.0.0.1",
        port=0,
        **({"ssl_context": context} if scheme == "smtps" else {"tls_context": context}),
    )
    server.start()
    try:
        with pytest.raises(RelayAtFault, match="CERTIFICATE_VERIFY_FAILED"):
            _opened(replace(settings, smtp_url=f"{scheme}://localhost:{server.port}"))
    finally:
        server.stop()


def test_closing_twice_or_unopened_is_nothing(letter_settings: Settings) -> None:
    relay = Relay(letter_settings)
    relay.close()
    relay.open()
    relay.open()
    relay.close()
    relay.close()
