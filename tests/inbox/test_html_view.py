"""The HTML of a mail as staff see it: nothing runs, nothing is loaded, links say where they lead, what hides is written out."""

import re
import time
from email.message import EmailMessage

import pytest

from outreach import scanning
from outreach.inbox.html_view import POLICY, STYLE, has_html, html_view
from outreach.inbox.mime import Part, opened
from outreach.inbox.visible import visible
from tests import clamd

pytestmark = pytest.mark.usefixtures("database")
PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)

HOSTILE = """<html><head><title>t</title><style>p{color:red}</style><meta http-equiv=refresh content="0;url=http://e.example"></head>
<body onload=x()><p style="position:fixed" class=x id=y>Our <b>answer</b></p>
<a href="https://evil.example/x?a=1" target=_top>https://un.example/</a> <a href="javascript:alert(1)">press</a>
<a href="https://same.example">https://same.example</a> <a href="http://раураl.example/">pay</a>
<img src="http://spy.example/1.png" alt="logo"><img src="cid:pic@x"><img src="cid:none@x"><img src="data:text/html,x">
<svg><script>alert(2)</script></svg><script>alert(3)</script><object data="http://e.example"></object>
<form action="http://e.example/"><input name=password></form><iframe src="http://e.example"></iframe>
<table background="http://spy.example/2.png"><tr><td>gpj\u202eexe</td></tr></table>
<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></table></mtext></math></body></html>"""


def html_mail(html: str, picture: bytes = PNG) -> Part:
    made = EmailMessage()
    made["From"], made["Subject"] = "a@mission.example", "Our answer"
    made.set_content("plain words")
    made.add_alternative(html, subtype="html")
    made.get_payload()[1].add_related(picture, "image", "png", cid="<pic@x>")  # type: ignore[union-attr,index]
    return opened(made.as_bytes())


def test_nothing_runs_or_is_loaded_and_links_say_where_they_lead() -> None:
    view = html_view(html_mail(HOSTILE))
    assert view is not None
    body = view.document.partition("<body")[2]
    assert "<b>answer</b>" in body
    assert "https://un.example/<code" in body and "[https://evil.example/x?a=1]" in body and "xn--" in body
    assert "<u>https://same.example</u>" in body and "<span>press</span>" in body
    assert re.findall(r'src="([^"]{0,22})', body) == ["data:image/png;base64,"] and "<small>[logo]</small>" in body
    assert "gpj[U+202E]exe" in body
    for harm in (
        "script",
        "onload",
        "onerror",
        "href",
        "style=",
        "spy.example",
        "iframe",
        "<form",
        "<input",
        "<svg",
        "http-equiv",
    ):
        assert harm not in body, harm
    assert view.pictures_left_out == 2
    assert "script-src" not in POLICY and POLICY.startswith("default-src 'none'") and POLICY.endswith("sandbox")
    assert view.document.count("<style>") == 1 and STYLE in view.document


def test_a_picture_that_the_scanner_objects_to_is_left_out() -> None:
    scanning._clean.clear()
    with clamd.running():
        for content, shown in ((PNG, 1), (PNG + clamd.EICAR, 0)):
            view = html_view(html_mail('<p>x</p><img src="cid:pic@x">', content))
            assert view is not None and view.document.count("<img src=") == shown
            assert view.pictures_left_out == 1 - shown


def test_a_mail_without_html_or_with_too_much_of_it_has_no_view() -> None:
    words = opened(b"Subject: x\r\n\r\nwords")
    assert html_view(words) is None and not has_html(words)
    head = b"Content-Type: text/html\r\n\r\n"
    assert has_html(opened(head + b"<p>x"))
    begin = time.process_time()
    assert html_view(opened(head + b"<div>" * 100_000)) is None
    for piece in (b"<a href='x'>", b"<p><![endif]-->", b"&", b"<"):
        html_view(opened(head + piece * 20_000))
    assert time.process_time() - begin < 5


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("reply_\u202egpj.exe", "reply_[U+202E]gpj.exe"),
        ("no\u200bte\u00ad \ufeff\u2066x\u2069", "no[U+200B]te[U+00AD] [U+FEFF][U+2066]x[U+2069]"),
        ("pay\u200dpal", "pay[U+200D]pal"),
        ("نامه\u200cها", "نامه\u200cها"),
        ("Ответ 答复 رد é", "Ответ 答复 رد é"),
    ],
)
def test_what_nobody_sees_is_written_out(text: str, shown: str) -> None:
    assert visible(text) == shown
