"""One Markdown, two faces: what staff write can't bring markup, pictures or strange links into a letter; both parts say the same."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.correspondence.lines import WIDTH, wrapped
from outreach.correspondence.merging import one_line
from outreach.correspondence.prose import as_html, as_text, plain

pytestmark = pytest.mark.usefixtures("english")


@pytest.mark.parametrize(
    ("markdown", "never"),
    [
        ("<script>alert(1)</script>", "<script"),
        ("<img src=https://a.example/x.png>", "<img"),
        ("![a picture](https://a.example/x.png)", "<img"),
        ("[a](javascript:alert(1))", "<a style"),
        ("[a](data:text/html,x)", "<a style"),
        ("[a](/staff)", "href"),
        ("[a](//a.example)", "href"),
        ('[a](https://a.example "onmouseover=1")', "onmouseover"),
        ("<p style='position:fixed'>", "fixed'>"),
    ],
)
def test_staff_texts_bring_no_markup(markdown: str, never: str) -> None:
    assert never not in as_html(markdown)


def test_links_of_staff_texts_lead_out_by_http_and_mail_only() -> None:
    made = as_html("[a](https://a.example/?x=1&y=2) and [b](mailto:b@a.example)")
    assert 'href="https://a.example/?x=1&amp;y=2"' in made
    assert 'href="mailto:b@a.example"' in made
    assert as_text("[a](https://a.example) and [b@a.example](mailto:b@a.example)") == (
        "a (https://a.example) and b@a.example\n"
    )


def test_only_our_own_links_look_like_buttons() -> None:
    assert "inline-block" in as_html("[Open](zqenlinkmissionqz)")
    assert "inline-block" not in as_html("[Open](https://elsewhere.example)")
    assert as_text("[Open](zqenlinkmissionqz)") == "Open:\nzqenlinkmissionqz\n"


def test_lists_quotations_and_headings_are_kept_in_text() -> None:
    text = as_text("### For you\n\n- one\n- two\n\n3. three\n4. four\n\n> said\n\nend")
    assert text == "For you\n\n- one\n- two\n\n3. three\n4. four\n\n> said\n\nend\n"


def test_an_indented_paragraph_is_a_paragraph_and_nothing_is_lost() -> None:
    assert as_text("a `word`\n\n    indented") == "a `word`\n\nindented\n"
    assert "<code" not in as_html("a `word`\n\n    indented")


def test_latin_words_are_isolated_within_arabic() -> None:
    made = as_html("القرار A/HRC/RES/54/22، ورقم R&D. (SHA-256): The sum (SHA-256): 26", "rtl")
    assert "<bdi>A/HRC/RES/54/22</bdi>" in made
    assert "<bdi>R&amp;D. (SHA-256): The sum (SHA-256): 26</bdi>" in made
    made = as_html("المجموع (SHA-256): نعم، R&D. 26 شباط", "rtl")
    assert "(<bdi>SHA-256</bdi>): نعم" in made
    assert "<bdi>R&amp;D. 26</bdi> شباط" in made
    made = as_html("A/54/22 zqarcodeqz 26 شباط", "rtl")
    assert "<bdi>A/54/22</bdi> <bdi>zqarcodeqz</bdi> 26 شباط" in made
    assert "bdi" not in as_html("26 شباط 2027، 23", "rtl")


def test_the_link_to_pass_on_does_not_look_like_the_main_one() -> None:
    assert "border:2px" in as_html("[Read](zqenlinkpassonqz)")
    assert "border:2px" not in as_html("[Open](zqenlinkmissionqz)")


def test_values_are_isolated_in_every_language() -> None:
    assert "<bdi>zqenbodyqz</bdi>" in as_html("Sent by: zqenbodyqz")


@given(st.text())
def test_a_value_as_markdown_means_just_its_characters(value: str) -> None:
    shown = one_line(value.replace("\x00", "�"))
    assert as_text(f"x{plain(value)}x").replace("\n", " ").strip() == f"x{shown}x"


@given(st.lists(st.text("abc 秘书处，。（）", min_size=1, max_size=40), max_size=12).map(" ".join))
def test_wrapping_moves_nothing_but_line_ends_and_spaces(text: str) -> None:
    made = wrapped(text)
    assert "".join(made.split()) == "".join(text.split())
    for line in made.split("\n"):
        width = sum(1 + (unicodedata.east_asian_width(character) in "WF") for character in line)
        assert width <= WIDTH or " " not in line.strip()


def test_lines_are_short_in_latin_and_chinese_and_addresses_stay_whole() -> None:
    address = "https://outreach.example/m/" + "x" * 120
    assert address in wrapped(f"word {address} word").split("\n")
    chinese = wrapped("秘书处向约旦常驻联合国日内瓦办事处代表团致意，" * 8).split("\n")
    assert len(chinese) > 4
    assert not any(line.startswith(("，", "。")) for line in chinese)


def test_a_long_quotation_keeps_its_mark_and_a_long_item_its_indent() -> None:
    quoted = wrapped("> " + "word " * 40).split("\n")
    assert len(quoted) > 2
    assert all(line.startswith("> ") for line in quoted)
    item = wrapped("- " + "word " * 40).split("\n")
    assert all(line.startswith("  ") for line in item[1:])


def test_no_break_spaces_bind_and_stay() -> None:
    words = "a" * 68 + " «\u00a0titre\u00a0» fin"
    assert wrapped(words).split("\n") == ["a" * 68, "«\u00a0titre\u00a0» fin"]
    assert as_text("Objet\u00a0: «\u00a0titre\u00a0»") == "Objet\u00a0: «\u00a0titre\u00a0»\n"


def test_a_mark_that_closes_a_quotation_in_arabic_stays_with_its_word() -> None:
    text = "ب" * 70 + " ”العنوان“."
    assert "”العنوان“." in wrapped(text).split("\n")
