"""What leaves is one well-formed mail, whatever a recipient's values hold."""

import email
import email.policy
from collections.abc import Sequence
from datetime import UTC, datetime
from email.header import decode_header, make_header
from email.message import EmailMessage
from html.parser import HTMLParser
from typing import Any

import pytest
from flask_mail import BadHeaderError
from hypothesis import given, settings
from hypothesis import strategies as st

from outreach.correspondence.composition import Enclosure, Frame, Mould, Sheet, merge
from outreach.correspondence.editions import Rendered, Rendering, render
from outreach.correspondence.lines import wrapped
from outreach.correspondence.merging import Values, clean, place
from outreach.correspondence.models import LetterKind, Register
from tests.correspondence import letters
from tests.factories import TITLES

AT = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)
HOSTILE = [
    "{{ 7*7 }}",
    "{% raw %}",
    "%(name)s",
    "zqenlinkmissionqz",
    "a\r\nBcc: victim@elsewhere.example",
    "a\r\n\r\n--boundary",
    "=?utf-8?q?Subject?=",
    "=?utf-8?b?DQpCY2M6IHg=?=",
    "\u2028Bcc: x",
    "\u202egnirts",
    "\x00nul",
    "\ud800",
    "<script>alert(1)</script>",
    '" onmouseover="x',
    "&amp;",
    ".\r\nMAIL FROM:<x>",
    "x" * 5000,
    "文" * 3000,
]


def _raw(
    texts: Sheet | Rendered,
    values: Values,
    *,
    sender: str = "Outreach <outreach@secretariat.example>",
    to_address: str = "mission@geneva.example",
    enclosures: Sequence[Enclosure] = (),
) -> bytes:
    frame = Frame(Mould(texts.subject, texts.text, texts.html), sender=sender, language="en+fr", enclosures=enclosures)
    return frame.filled(
        values,
        to_address=to_address,
        reply_to="hub@secretariat.example",
        message_id="<1@outreach.example>",
        at=AT,
    )


def _composed(texts: Sheet | Rendered, values: Values | None = None, **more: Any) -> EmailMessage:
    raw = _raw(texts, values or {}, **more)
    assert raw.replace(b"\r\n", b"").count(b"\n") == raw.replace(b"\r\n", b"").count(b"\r") == 0
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    assert raw.isascii()
    assert b"\n." not in raw  # SMTP would have to double it
    made = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(made, EmailMessage)
    return made


def _part(mail: EmailMessage, subtype: str) -> str:
    found = mail.get_body((subtype,))
    assert found is not None
    return str(found.get_content()).replace("\r\n", "\n")


_HEADERS = {
    "content-type", "mime-version", "subject", "from", "to", "message-id", "reply-to", "date", "auto-submitted",
    "x-auto-response-suppress", "content-language",
}  # fmt: skip
_WAY_OUT = {"list-unsubscribe", "list-unsubscribe-post"}


def test_headers_say_who_writes_and_that_a_machine_does() -> None:
    mail = _composed(Sheet("Hello", "text\n", "<p>text</p>\n"))
    assert {name.lower() for name in mail.keys()} == _HEADERS  # noqa: SIM118 - a mail's keys repeat
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Reply-To"] == "hub@secretariat.example"
    assert mail["Content-Language"] == "en, fr"
    assert mail["Date"].datetime == AT
    assert mail["Message-ID"] == "<1@outreach.example>"
    assert (mail["To"], mail["Cc"]) == ("mission@geneva.example", None)
    assert [part.get_content_type() for part in mail.walk()] == ["multipart/alternative", "text/plain", "text/html"]


@pytest.mark.parametrize("language", sorted(TITLES))
def test_a_long_subject_is_read_as_it_was_written(language: str) -> None:
    subject = " / ".join([TITLES[language]] * 4)
    mail = _composed(Sheet(subject, "t", "h"))
    assert mail["Subject"] == subject
    # Readers that decode each encoded word by itself must not meet half a character.
    old = email.message_from_bytes(_raw(Sheet(subject, "t", "h"), {}), policy=email.policy.compat32)
    for word, charset in decode_header(old["Subject"]):
        if charset:
            word.decode(charset)
    assert str(make_header(decode_header(old["Subject"]))) == subject


@pytest.mark.parametrize("language", sorted(TITLES))
def test_texts_and_attachments_in_every_script_round_trip(language: str) -> None:
    text, html = letters.BODIES[language] + "\n", f"<p>{letters.BODIES[language]}</p>\n"
    file = Enclosure(f"{TITLES[language]}.pdf", "application/pdf", bytes(range(256)) * 20)
    mail = _composed(Sheet("s", text, html), enclosures=[file])
    assert (_part(mail, "plain"), _part(mail, "html")) == (wrapped(text), html)
    (attached,) = mail.iter_attachments()
    assert (attached.get_filename(), attached.get_content()) == (file.filename, file.content)
    assert attached.get_content_type() == "application/pdf"


@pytest.mark.parametrize("subject", ["=?utf-8?q?Subject?=", "a =?utf-8?b?DQpCY2M6IHg=?= b", "", "x"])
def test_what_looks_like_an_encoded_word_is_read_as_it_was_written(subject: str) -> None:
    assert _composed(Sheet(subject, "t", "h"))["Subject"] == subject


def test_a_sender_in_another_script_is_read() -> None:
    mail = _composed(Sheet("s", "t", "h"), sender="الأمانة العامة <outreach@secretariat.example>")
    assert mail["From"].addresses[0].display_name == "الأمانة العامة"


def test_a_line_break_in_an_address_is_refused() -> None:
    with pytest.raises(BadHeaderError):
        _composed(Sheet("s", "t", "h"), to_address="a@b.example\r\nBcc: c@d.example")


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.words = ""
        self.tags: list[str] = []

    def handle_data(self, data: str) -> None:
        self.words += data

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        assert all(name in {"style", "href", "lang", "dir", "charset", "name", "content"} for name, _value in attrs)


def _tags(html: str) -> list[str]:
    reader = _Text()
    reader.feed(html)
    return [tag for tag in reader.tags if tag != "br"]


EDITION = render(Rendering(LetterKind.FORWARDED, Register.LETTER, "en", "direct message"), letters.lines)
RECEIPT = render(Rendering(LetterKind.RECEIPT, Register.LETTER, "en"), letters.lines)
TAGS = _tags(merge(EDITION.subject, EDITION.text, EDITION.html, {"en": letters.values("en")}).html)


@settings(max_examples=50)
@given(st.one_of(st.sampled_from(HOSTILE), st.text(), st.lists(st.sampled_from(HOSTILE)).map("".join)))
def test_a_value_can_add_no_header_part_tag_or_line_of_ours(value: str) -> None:
    values = letters.values("en") | {"message": value, "number": value, "recipient": value}
    for edition in (EDITION, RECEIPT):
        sheet = merge(edition.subject, edition.text, edition.html, {"en": values})
        mail = _composed(edition, {"en": values})
        assert {name.lower() for name in mail.keys()} == _HEADERS | _WAY_OUT  # noqa: SIM118
        assert [part.get_content_type() for part in mail.walk()] == ["multipart/alternative", "text/plain", "text/html"]
        assert "".join(str(mail["Subject"]).split()) == "".join(sheet.subject.split())
        assert _part(mail, "plain").rstrip("\n") == sheet.text.rstrip("\n")
        assert _part(mail, "html").rstrip("\n") == sheet.html.rstrip("\n")
    shown = merge(EDITION.subject, EDITION.text, EDITION.html, {"en": values})
    assert _tags(shown.html) == TAGS
    reader = _Text()
    reader.feed(shown.html)
    assert "".join(clean(value).split()) in "".join(reader.words.split())
    quoted = shown.text.split("in its own words:\n\n")[1].split("\n\nThe message ends here.")[0]
    assert all(line.startswith(">") for line in quoted.split("\n"))
    assert "".join(clean(value).split()) in "".join("".join(line[1:] for line in quoted.split("\n")).split())


def test_a_value_that_looks_like_a_place_is_not_filled() -> None:
    values = letters.values("en") | {"message": "zqenlinkmissionqz"}
    assert "> zqenlinkmissionqz" in merge(EDITION.subject, EDITION.text, EDITION.html, {"en": values}).text


_SCRIPTS = {
    "en": "An office asks all of you. ",
    "ru": "Управление просит. ",
    "zh": "办事处谨请各代表团。",
    "ar": "يتشرف المكتب. ",
}


@settings(max_examples=50)
@given(
    st.sampled_from(sorted(_SCRIPTS)),
    st.lists(
        st.sampled_from(
            ["", "x", "long", "wide", "place", "place between", "> place", ".", "..", ".x", "." * 80, " trailing "]
        ),
        max_size=8,
    ),
    st.sampled_from(["", "é", ".", "ab", "abc", "two\nlines", "100 % {sure}", "=", "y" * 70, "z" * 80, "<&>"]),
)
def test_what_is_encoded_once_reads_like_what_is_encoded_whole(language: str, shapes: list[str], value: str) -> None:
    words, mark = _SCRIPTS[language], place("name", language)
    made = {
        "long": words * 12,
        "wide": "x" * 73 + f" {mark}" * 3,
        "place": mark,
        "place between": words + mark + words * 6,
        "> place": f"> {mark}",
    }
    text = "\n".join([words, *(made.get(shape, shape) for shape in shapes)])
    values = {language: {"name": value}}
    mail = _composed(Sheet("s", text, text), values)
    shown = merge("s", text, text, values)
    bodies = _raw(Sheet("s", text, text), values).partition(b"\r\n\r\n")[2]
    assert max(map(len, bodies.split(b"\r\n"))) <= 76
    assert (_part(mail, "plain"), _part(mail, "html")) == (shown.text, shown.html)


def test_a_letter_never_leaves_with_a_hole() -> None:
    values = letters.values("en")
    del values["deadline"]
    with pytest.raises(KeyError):
        merge(EDITION.subject, EDITION.text, EDITION.html, {"en": values})
