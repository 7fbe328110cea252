"""The mail catcher: keeps what it is sent with its envelope, refuses the addresses that play dead, and shows hostile mail safely."""

import smtplib
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller

from outreach.stack.catcher import _Handler, make_page
from outreach.stack.letterbox import Letterbox
from outreach.stack.maildir import Maildir
from outreach.stack.ports import HOST, free_port


@pytest.fixture
def box(tmp_path: Path) -> Letterbox:
    return Letterbox(tmp_path / "mail")


@pytest.fixture
def relay(box: Letterbox) -> Iterator[smtplib.SMTP]:
    controller = Controller(_Handler(box), hostname=HOST, port=free_port(23025))
    controller.start()
    with smtplib.SMTP(HOST, controller.port) as client:
        yield client
    controller.stop()


def _mail(subject: str, html: str = "<p>Text</p>") -> EmailMessage:
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["To"] = subject, "outreach@secretariat.example", "mission@jor.example"
    mail.set_content("Text")
    mail.add_alternative(html, subtype="html")
    mail.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="مذكرة.pdf")
    return mail


def test_what_is_sent_is_kept_with_its_envelope(relay: smtplib.SMTP, box: Letterbox) -> None:
    relay.send_message(_mail("مذكرة شفوية"), from_addr="bounces+abc@outreach.example", to_addrs=["mission@jor.example"])
    (caught,) = box.all()
    assert caught.sender == "bounces+abc@outreach.example"
    assert caught.recipients == ("mission@jor.example",)
    assert caught.message["Subject"] == "مذكرة شفوية"
    assert caught.body("plain").strip() == "Text"


def test_mail_to_the_service_is_delivered_into_its_mailbox_under_the_envelope(box: Letterbox, tmp_path: Path) -> None:
    inbox = Maildir(tmp_path / "inbox", "outreach.example")
    controller = Controller(_Handler(box, inbox), hostname=HOST, port=free_port(23125))
    controller.start()
    with smtplib.SMTP(HOST, controller.port) as client:
        client.sendmail("", ["reply+abc@Outreach.example", "mission@jor.example"], b"Subject: x\r\n\r\nx\r\n")
    controller.stop()
    (delivered,) = (inbox.folder / "new").iterdir()
    head = b"Return-Path: <>\r\nDelivered-To: reply+abc@Outreach.example\r\n"
    assert delivered.read_bytes() == head + b"Subject: x\r\n\r\nx\r\n"
    assert len(box.numbers()) == 1


@pytest.mark.parametrize(
    ("address", "code"), [("refuse-550-x@a.example", 550), ("full-552@a.example", 552), ("later-451@a.example", 451)]
)
def test_addresses_that_play_dead_are_refused(relay: smtplib.SMTP, box: Letterbox, address: str, code: int) -> None:
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        relay.sendmail("a@outreach.example", [address], b"Subject: x\r\n\r\nx")
    assert refused.value.recipients[address][0] == code
    assert box.numbers() == []


def test_the_page_lists_finds_and_shows_without_running_anything(relay: smtplib.SMTP, box: Letterbox) -> None:
    relay.send_message(_mail("First <script>alert(1)</script>", "<script>alert(1)</script><p>Hello</p>"))
    relay.sendmail("a@outreach.example", ["other@egy.example"], b"Subject: Second\r\n\r\nx")
    page = make_page(box).test_client()
    listed = page.get("/").text
    assert listed.index("Second") < listed.index("First")
    assert "<script>" not in listed
    assert "Second" not in page.get("/?to=jor").text
    shown = page.get("/1/html")
    assert "sandbox" in shown.headers["Content-Security-Policy"]
    assert page.get("/1/files/0").data == b"%PDF-1.7"
    assert page.get("/1/files/7").status_code == 404
    assert page.get("/9").status_code == 404


def test_numbers_go_on_after_a_restart(box: Letterbox) -> None:
    box.keep("a@x.example", ["b@x.example"], b"Subject: 1\r\n\r\n")
    again = Letterbox(box.folder)
    again.keep("a@x.example", ["b@x.example"], b"Subject: 2\r\n\r\n")
    assert again.numbers() == [1, 2]
    assert again.numbers(after=1) == [2]
