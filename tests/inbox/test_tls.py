"""The mailbox over TLS, by real servers: only where the certificate is of that host and of somebody who is trusted."""

import socket
import ssl
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import quote

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from outreach.db import Database
from outreach.inbox import fetching
from outreach.inbox.fetching import Fetched, MailboxAtFault
from outreach.stack.child import Child
from outreach.stack.ports import HOST, answers, free_port
from outreach.storage import Storage
from tests.inbox.conftest import PASSWORD, USER, Folder, carry
from tests.inbox.mails import mail


def certificate(folder: Path, host: str) -> Path:
    """A certificate for a host that vouches for itself, with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "a mail server of tests")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(host))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / f"{host}.pem"
    file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return file


class _Wrapped:
    """TLS before a server that speaks none, as with `imaps`; keeps what came to it in the clear."""

    def __init__(self, port: int, certificate: Path) -> None:
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(certificate)
        self._server_port = port
        self._door = socket.create_server((HOST, 0))
        self.port: int = self._door.getsockname()[1]
        self.opened = 0
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        self._door.close()

    def _serve(self) -> None:
        while True:
            try:
                plain, _address = self._door.accept()
            except OSError:
                return
            with suppress(OSError):
                client = self._context.wrap_socket(plain, server_side=True)
                self.opened += 1
                server = socket.create_connection((HOST, self._server_port))
                for one, other in ((server, client), (client, server)):
                    threading.Thread(target=carry, args=(one, other, None), daemon=True).start()


@pytest.fixture
def trusted(tmp_path: Path) -> Path:
    return certificate(tmp_path, HOST)


@pytest.fixture
def other_host(tmp_path: Path) -> Path:
    return certificate(tmp_path, "127.0.0.9")


@pytest.fixture
def starttls_port(trusted: Path, tmp_path: Path) -> Iterator[int]:
    port = free_port(18143)
    server = Child(
        "the IMAP server with TLS",
        [
            sys.executable, "-c", "from pymap.main import main; main()", "--host", HOST, "--port", str(port),
            "--cert", str(trusted), "--key", str(trusted), "--no-service", "admin", "--no-service", "managesieve",
            "dict", "--demo-user", USER, "--demo-password", PASSWORD,
        ],
        log=tmp_path / "imap.log",
    )  # fmt: skip
    server.wait_until(lambda: answers(port))
    yield port
    server.stop()


def test_a_mailbox_by_imaps_is_read_where_its_certificate_is_good_and_told_nothing_else(
    folder: Folder,
    database: Database,
    storage: Storage,
    trusted: Path,
    other_host: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder.deliver(mail("By TLS"))
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)

    def fetched(with_certificate: Path, trusting: Path | None) -> tuple[Fetched | str, int]:
        if trusting is not None:
            monkeypatch.setenv("SSL_CERT_FILE", str(trusting))
        way = _Wrapped(folder.port, with_certificate)
        url = folder.settings(way.port).inbox_url.replace("imap://", "imaps://")
        try:
            return fetching.fetch(database, storage, replace(folder.settings(), inbox_url=url)), way.opened
        except MailboxAtFault as fault:
            return str(fault), way.opened
        finally:
            way.close()

    said, opened = fetched(trusted, None)
    assert "certificate verify failed" in str(said) and opened == 0
    said, opened = fetched(other_host, other_host)
    assert "certificate verify failed" in str(said) and opened == 0
    assert fetched(trusted, trusted) == (Fetched(new=1, known=0, failed=0), 1)


def test_a_mailbox_by_starttls_gets_the_password_only_where_its_certificate_is_good(
    database: Database,
    storage: Storage,
    folder: Folder,
    starttls_port: int,
    trusted: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    url = f"imap+starttls://{quote(USER)}:{quote(PASSWORD, safe='')}@{HOST}:{starttls_port}/INBOX"
    settings = replace(folder.settings(), inbox_url=url)
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    with pytest.raises(MailboxAtFault, match="certificate verify failed"):
        fetching.look(settings)
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    fetching.look(settings)
    assert fetching.fetch(database, storage, settings).failed == 0
    # A server that offers no TLS, or somebody between who takes the offer away, gets no password either.
    plain = replace(settings, inbox_url=url.replace(str(starttls_port), str(folder.port)))
    with pytest.raises(MailboxAtFault):
        fetching.look(plain)
