"""Any bytes are parsed without an exception, into words that a page and the database take."""

import binascii
import struct
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.inbox import documents, matching, mime, parsing, plain_text, tnef
from outreach.inbox.parsing import ParsedMail, parse
from outreach.office_files import OLE
from tests.factories import PDF
from tests.inbox.mails import mail

pytestmark = pytest.mark.usefixtures("settings")

WHOLE = mail(
    "Réponse du Kazakhstan, KJ4T-92QX", "Texte…", files=(("réponse.pdf", PDF),), To="bounces+ab@outreach.example"
)


def taken_by_all(read: ParsedMail) -> None:
    """What the database and the pages need: no NUL, no half characters; and all that comes after works."""
    texts = [read.subject, read.text, read.from_name, read.from_address, read.message_id, read.in_reply_to]
    for text in (*texts, *read.recipients, *(file.filename for file in read.files)):
        assert "\x00" not in text
        text.encode()
    assert not any(character in read.subject for character in "\r\n")
    matching.clues(read)
    assert len(documents.contents(read)) <= len(documents.candidates(read))


@given(st.binary(max_size=400))
def test_random_bytes_are_survived(raw: bytes) -> None:
    taken_by_all(parse(raw))
    plain_text.clean(parsing.beginning(raw)).encode()


@given(
    st.lists(
        st.tuples(st.integers(0, len(WHOLE) - 1), st.binary(min_size=1, max_size=6), st.integers(0, 60)), max_size=8
    )
)
def test_a_mangled_mail_is_survived(wounds: list[tuple[int, bytes, int]]) -> None:
    raw = WHOLE
    for at, put, cut in wounds:
        raw = raw[:at] + put + raw[at + cut :]
    taken_by_all(parse(raw))


@given(
    st.text(max_size=60), st.sampled_from(["utf-8", "punycode", "unicode_escape", "nonsense", "hex", "utf-7", "x\x00y"])
)
def test_headers_and_encodings_of_any_kind_are_survived(words: str, charset: str) -> None:
    written = words.encode("utf-8", "replace")
    raw = (
        b"From: " + written + b"\nSubject: =?" + charset.encode() + b"?q?=41" + written.replace(b"\n", b"") + b"?=\n"
        b"Content-Type: text/plain; charset=" + charset.encode() + b"\n\n" + written
    )
    taken_by_all(parse(raw))


@given(st.text(alphabet="<>/abp divhref=\"' &;!-\n", max_size=200))
def test_html_of_any_kind_is_survived(html: str) -> None:
    plain_text.of_html(html).encode()


def test_a_deeply_nested_mail_is_kept_as_what_cannot_be_read() -> None:
    nested = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(3000))
    taken_by_all(parse(b"From: a@b.example\n" + nested + b"\nwords"))


def test_a_megabyte_of_a_header_is_not_decoded_but_cut() -> None:
    words = b"=?utf-8?q?a?= "
    read = parse(b"Subject: " + words * 80_000 + b"\nFrom: " + words * 80_000 + b"\n\nx")
    assert read.subject.startswith("a" * 300) and len(read.subject) < 400
    assert parse(b"Content-Type: text/plain; " + b"a=b; " * 2_000_000 + b"\n\nwords").text == "words"


def test_an_ordinary_mail_is_read() -> None:
    read = parse(WHOLE)
    assert (read.readable, read.subject, read.text.strip()) == (True, "Réponse du Kazakhstan, KJ4T-92QX", "Texte…")
    assert (read.from_name, read.from_address) == ("Someone", "someone@mission.example")
    assert [(file.filename, file.content) for file in read.files] == [("réponse.pdf", PDF)]
    assert read.arrived_at == datetime(2027, 2, 15, 9, tzinfo=UTC)
    assert (read.is_report, read.from_nobody) == (False, False)


@pytest.mark.parametrize(
    ("written", "name", "address"),
    [
        ("=?utf-8?b?0JzQuNC90LfQtNGA0LDQsg==?= <a@b.example>", "Минздрав", "a@b.example"),
        ("Mission, Permanent <a@b.example>", "Mission, Permanent", "a@b.example"),
        ('"A \\"B\\" C" <a@b.example>', 'A "B" C', "a@b.example"),
        ("a@b.example", "", "a@b.example"),
        ("MAILER-DAEMON", "MAILER-DAEMON", ""),
        ("Mission d\xe9l\xe9gu\xe9e <a@b.example>", "Mission déléguée", "a@b.example"),
        ("", "", ""),
    ],
)
def test_senders_are_read_as_they_are_written(written: str, name: str, address: str) -> None:
    read = parse(b"X: y\nFrom: " + written.encode("latin-1") + b"\n\nwords")
    assert (read.from_name, read.from_address) == (name, address)


def test_of_two_twins_the_plain_one_is_shown_and_of_html_alone_its_words() -> None:
    html = "<style>p {}</style><p>Our answer is <b>here</b>:<br><a href='https://mission.example/a'>answer</a></p>"
    twins = EmailMessage()
    twins.set_content("Our answer.")
    twins.add_alternative(html, subtype="html")
    assert parse(twins.as_bytes()).text.strip() == "Our answer."
    alone = EmailMessage()
    alone.set_content(html, subtype="html")
    assert parse(alone.as_bytes()).text == "Our answer is here:\nanswer <https://mission.example/a>"


def test_pictures_of_the_layout_are_told_from_files_and_a_mail_in_a_mail_is_a_file() -> None:
    made = EmailMessage()
    made.set_content("<p>Words</p><img src='cid:logo@x'>", subtype="html")
    made.add_related(b"\x89PNG\r\n\x1a\n", "image", "png", cid="<logo@x>", filename="logo.png")
    made.add_attachment(b"\xff\xd8\xff scan", maintype="image", subtype="jpeg", filename="scan.jpg")
    inner = EmailMessage()
    inner["Subject"] = "Inner"
    inner.set_content("Inner words")
    made.add_attachment(inner)
    read = parse(made.as_bytes())
    assert [(file.filename, file.part_of_the_look) for file in read.files] == [
        ("logo.png", True),
        ("scan.jpg", False),
        ("attachment-3.eml", False),
    ]
    assert b"Inner words" in read.files[2].content
    assert "Inner words" not in read.text


def test_what_is_recorded_without_a_choice_are_the_files_else_the_words() -> None:
    with_file = parse(mail(files=(("answer.pdf", PDF), ("macro.exe", b"MZ\x00"))))
    assert documents.contents(with_file) == (("answer.pdf", PDF),)
    assert [(one.key, one.usual) for one in documents.candidates(with_file)] == [("0", True), (documents.WORDS, False)]
    old = OLE + bytes(500) + "WordDocument".encode("utf-16-le")
    assert documents.contents(parse(mail(files=(("answer.doc", old),)))) == (("answer.doc", old),)
    words = parse(mail("Our answer", "We have no plan."))
    assert documents.contents(words) == (("Our answer.txt", b"We have no plan."),)
    assert documents.contents(with_file, ["0", documents.WORDS])[1][0] == "Re: Knowledge hub.txt"
    assert documents.contents(with_file, []) == ()


def test_what_cannot_be_read_is_shown_as_it_was_written() -> None:
    raw = b"From  : nobody\r\nSubject  : odd\r\n\r\nwords"
    assert not parse(raw).readable
    assert parsing.beginning(raw) == "From  : nobody\nSubject  : odd\n\nwords"


@pytest.mark.parametrize(
    "charset", ["gb18030", "windows-1256", "koi8-r", "big5", "iso-2022-jp", "shift_jis", "iso-8859-6", "utf-16"]
)
def test_encodings_of_the_world_are_read(charset: str) -> None:
    words = {
        "gb18030": "征求意见",
        "big5": "徵求意見",
        "koi8-r": "Ответ",
        "iso-2022-jp": "回答",
        "shift_jis": "回答",
        "utf-16": "回答",
    }
    text = words.get(charset, "رد البعثة")
    raw = (
        b"From: a@b.example\nContent-Type: text/plain; charset="
        + charset.encode()
        + b"\nContent-Transfer-Encoding: base64\n\n"
    )
    assert parse(raw + binascii.b2a_base64(text.encode(charset))).text.strip() == text


def test_what_claims_a_wrong_encoding_is_read_as_what_it_is() -> None:
    for claimed in (b"x-unknown", b"us-ascii", b"gb2312-nonsense", b"rot13", b"zlib", b""):
        raw = b"From: a@b.example\nContent-Type: text/plain; charset=" + claimed + b"\n\n" + "Réponse, ответ".encode()
        assert parse(raw).text == "Réponse, ответ"


def test_names_of_files_are_read_in_all_ways_of_writing_them() -> None:
    written = {
        b'attachment; filename="answer.pdf"': "answer.pdf",
        b"attachment; filename=our answer.pdf": "our answer.pdf",
        b"attachment; filename*=UTF-8''r%C3%A9ponse.pdf": "réponse.pdf",
        b"attachment; filename*0*=UTF-8''%D0%9E%D1%82; filename*1*=%D0%B2%D0%B5%D1%82; filename*2=.pdf": "Ответ.pdf",
        b'attachment; filename="=?utf-8?b?5Zue562ULnBkZg==?="': "回答.pdf",
        b'attachment; filename="C:\\\\temp\\\\a \\"b\\".pdf"': 'C:\\temp\\a "b".pdf',
    }
    for disposition, name in written.items():
        raw = (
            b"From: a@b.example\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nwords\n--b\nContent-Disposition: "
        )
        raw += disposition + b"\nContent-Type: application/pdf\n\n%PDF\n--b--\n"
        assert [file.filename for file in parse(raw).files] == [name]


def test_broken_mime_gives_what_can_be_read() -> None:
    head = b"From: a@b.example\nContent-Type: multipart/mixed; boundary=b\n\n"
    assert parse(head + b"--b\n\nwords").text == "words", "an end that is missing"
    assert parse(head + b"words without a boundary").text == "words without a boundary"
    assert parse(head + b"--b\nContent-Transfer-Encoding: base64\n\nd29yZHM=!!cut").text.startswith("words")
    inner = b"--b\nContent-Type: multipart/alternative; boundary=c\n\n--c\n\nwords\n--b\nContent-Type: application/pdf\n\n%PDF\n--b--\n"
    read = parse(head + inner)
    assert (read.text, [file.content for file in read.files]) == ("words", [b"%PDF"]), "an inner end that is missing"
    longer = parse(head + b"--b\n\none\n--b2\ntwo\n--b--\n")
    assert longer.text == "one\n--b2\ntwo", "a line that only begins like the boundary"


def test_a_mail_in_a_mail_is_kept_byte_by_byte() -> None:
    inner = b"Subject: Inner\r\nX-Odd:   kept  \r\n\r\nwords\r\n"
    raw = b"From: a@b.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n"
    assert parse(raw + inner + b"\r\n--b--\r\n").files[0].content == inner


def _winmail(name: str, content: bytes) -> bytes:
    """An envelope of Outlook's with one file, whose short name is another than its long one."""

    def attribute(number: int, value: bytes) -> bytes:
        return struct.pack("<BII", 2, number, len(value)) + value + struct.pack("<H", sum(value) & 0xFFFF)

    long_name = name.encode("utf-16-le") + b"\0\0"
    padded = long_name + b"\0" * (-len(long_name) % 4)
    properties = struct.pack("<IHHIHHII", 2, 0x0003, 0x3705, 1, 0x001F, 0x3707, 1, len(long_name)) + padded
    return (
        struct.pack("<IH", 0x223E9F78, 1)
        + attribute(0x00069002, b"\0" * 14)
        + attribute(0x00018010, b"ANSWER~1.PDF\0")
        + attribute(0x0006800F, content)
        + attribute(0x00069005, properties)
    )


def test_the_files_in_an_envelope_of_outlook_are_offered() -> None:
    read = parse(mail(files=(("winmail.dat", _winmail("Réponse.pdf", PDF)),)))
    assert [(file.filename, file.part_of_the_look) for file in read.files] == [
        ("winmail.dat", True),
        ("Réponse.pdf", False),
    ]
    assert documents.contents(read) == (("Réponse.pdf", PDF),)


@given(st.integers(0, 200), st.binary(min_size=1, max_size=8))
def test_a_broken_envelope_is_survived(at: int, put: bytes) -> None:
    whole = _winmail("Answer.pdf", PDF)
    for broken in (whole[:at], whole[:at] + put + whole[at + len(put) :], put + whole):
        assert len(tnef.files(broken)) <= 2


def test_a_large_mail_is_read_without_a_copy_of_each_of_its_lines() -> None:
    head = b"From: a@b.example\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nwords\n--b\nContent-Transfer-Encoding: base64\n"
    read = parse(head + b"Content-Type: application/pdf\n\n" + b"QUFBQUFB\n" * 1_000_000 + b"--b--\n")
    assert (read.text, len(read.files[0].content)) == ("words", 6_000_000)
    assert len(list(mime.opened(head).leaves())) == 2


def test_of_words_without_end_as_many_are_read_as_anybody_reads() -> None:
    plain = b"--b\n\n" + b"words " * 300_000 + b"\n"
    html = b"--b\nContent-Type: text/html\n\n" + b"<p>words<br>" * 100_000 + b"\n"
    read = parse(b"From: a@b.example\nContent-Type: multipart/mixed; boundary=b\n\n" + (plain + html) * 4)
    assert 3_900_000 < len(read.text) < 4_100_000
