"""The one way out: in a demo nothing but loopback; certificates are verified."""

import shutil
import socket
import ssl
import subprocess
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from outreach.config import Settings
from outreach.correspondence.channel import RelayAtFault, RelayRefusesUs
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
    with pytest.raises(RelayRefusesUs):
        _opened(replace(letter_settings, smtp_url=f"smtp://user:wrong@127.0.0.1:{smtp_sink.port}"))


def test_a_relay_without_tls_is_not_spoken_to_where_tls_is_asked_for(
    letter_settings: Settings, smtp_sink: Sink
) -> None:
    with pytest.raises(RelayRefusesUs):
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
        with pytest.raises(RelayRefusesUs, match="CERTIFICATE_VERIFY_FAILED"):
            _opened(replace(settings, smtp_url=f"{scheme}://localhost:{server.port}"))
    finally:
        server.stop()


@pytest.mark.parametrize(
    ("greeting", "lasting"),
    [("421 4.3.2 too busy", False), ("554 5.7.1 we do not want you", True), ("", False), ("999 what", False)],
)
def test_a_greeting_says_whether_to_come_again(settings: Settings, greeting: str, lasting: bool) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def greet() -> None:
            opened, _address = server.accept()
            opened.sendall(greeting.encode() + b"\r\n" if greeting else b"")
            opened.close()

        greeting_thread = threading.Thread(target=greet)
        greeting_thread.start()
        with pytest.raises(RelayAtFault) as raised:
            _opened(replace(settings, smtp_url=f"smtp://127.0.0.1:{server.getsockname()[1]}"))
        greeting_thread.join()
    assert isinstance(raised.value, RelayRefusesUs) == lasting
    assert greeting in str(raised.value)


def test_a_relay_that_has_too_much_gets_half_as_many_connections(letter_settings: Settings, smtp_sink: Sink) -> None:
    relay = Relay(replace(letter_settings, smtp_connections=8))
    smtp_sink.largest = 1_000_000
    assert relay.largest is None
    channels = relay.channels(4)
    assert (len(channels), relay.largest) == (4, 1_000_000)
    for left in (2, 1, 1):
        relay.fewer()
        assert relay.channels(8) == channels[:left]
        assert [relay.spare(channel) for channel in channels] == [False] * left + [True] * (4 - left)
    relay.close()


def test_closing_twice_or_unopened_is_nothing(letter_settings: Settings) -> None:
    relay = Relay(letter_settings)
    relay.close()
    relay.open()
    relay.open()
    relay.close()
    relay.close()
