"""Every letter as it is read, in each kind, register and language, compared with what was read and found right.

After a change of a template or a translation: `OUTREACH_REMAKE_RENDERINGS=1 python3 -m outreach test tests/correspondence/test_renderings.py`,
then read the differences before they are committed.
"""

import os
import re
from dataclasses import replace
from pathlib import Path

import pytest

from outreach.correspondence.composition import merge
from outreach.correspondence.editions import BOTH, Rendering, parts_of, render
from outreach.correspondence.models import LetterKind, Register
from outreach.i18n import LANGUAGES, speaking
from tests.correspondence import letters

KEPT = Path(__file__).parent / "renderings"
REMAKE = os.environ.get("OUTREACH_REMAKE_RENDERINGS") == "1"

# Kind, register, the variants that a template knows, the addressee. Not every kind has both registers.
FORMS = [
    (LetterKind.INVITATION, Register.NOTE, "", "mission"),
    (LetterKind.INVITATION, Register.NOTE, "", "observer"),
    (LetterKind.INVITATION, Register.NOTE, "", "ministry"),
    (LetterKind.INVITATION, Register.LETTER, "", "mission"),
    (LetterKind.INVITATION, Register.LETTER, "", "stakeholder"),
    (LetterKind.FORWARDED, Register.NOTE, "direct", "ministry"),
    (LetterKind.FORWARDED, Register.LETTER, "through_mission message", "mission"),
    (LetterKind.FORWARDED, Register.LETTER, "direct", "mission"),
    (LetterKind.FORWARDED, Register.NOTE, "passed_on", "ministry"),
    (LetterKind.FORWARDED, Register.LETTER, "passed_on", "mission"),
    (LetterKind.COPY, Register.NOTE, "direct", "ministry"),
    (LetterKind.COPY, Register.LETTER, "through_mission message", "mission"),
    (LetterKind.REMINDER, Register.NOTE, "", "mission"),
    (LetterKind.REMINDER, Register.NOTE, "after", "mission"),
    (LetterKind.REMINDER, Register.LETTER, "", "mission"),
    (LetterKind.REMINDER, Register.LETTER, "after", "mission"),
    (LetterKind.EXTENSION, Register.NOTE, "", "mission"),
    (LetterKind.EXTENSION, Register.LETTER, "", "mission"),
    (LetterKind.EXTENSION, Register.NOTE, "declined", "mission"),
    (LetterKind.EXTENSION, Register.LETTER, "declined", "mission"),
    (LetterKind.RECEIPT, Register.NOTE, "", "mission"),
    (LetterKind.RECEIPT, Register.LETTER, "late", "mission"),
    (LetterKind.PART_FOR_MISSION, Register.NOTE, "", "mission"),
    (LetterKind.RETURNED, Register.NOTE, "", "ministry"),
    (LetterKind.RETURNED, Register.LETTER, "", "mission"),
    (LetterKind.CODE, Register.NOTE, "transmit", "mission"),
    (LetterKind.CODE, Register.NOTE, "no_submission_expected", "mission"),
    (LetterKind.CODE, Register.LETTER, "change_of_address", "mission"),
    (LetterKind.CODE, Register.LETTER, "", "mission"),
    (LetterKind.ACKNOWLEDGEMENT, Register.NOTE, "", "mission"),
    (LetterKind.ACKNOWLEDGEMENT, Register.LETTER, "recorded", "mission"),
    (LetterKind.ANSWER, Register.LETTER, "quoting", "mission"),
    (LetterKind.ACCOUNT, Register.LETTER, "link", "mission"),
    (LetterKind.ACCOUNT, Register.LETTER, "link warning", "mission"),
    (LetterKind.ACCOUNT, Register.LETTER, "", "mission"),
]
SPOKEN = [*LANGUAGES, BOTH]
WITH_HTML = {LetterKind.INVITATION, LetterKind.FORWARDED, LetterKind.RECEIPT, LetterKind.ANSWER}


def _name(kind: LetterKind, register: Register, variant: str, addressee: str, language: str) -> str:
    words = [kind.value, register.value, *variant.split(), *([addressee] if addressee != "mission" else []), language]
    return "-".join(words)


@pytest.mark.parametrize("language", SPOKEN)
@pytest.mark.parametrize(("kind", "register", "variant", "addressee"), FORMS)
def test_a_letter_reads_as_it_was_found_right(
    kind: LetterKind, register: Register, variant: str, addressee: str, language: str
) -> None:
    edition = render(Rendering(kind, register, language, variant, addressee), letters.lines)
    sheet = merge(edition.subject, edition.text, edition.html, {one: letters.values(one) for one in parts_of(language)})
    name = _name(kind, register, variant, addressee, language)
    made = {f"{name}.txt": f"Subject: {sheet.subject}\n\n{sheet.text}"}
    if kind in WITH_HTML:
        made[f"{name}.html"] = sheet.html
    for filename, content in made.items():
        assert not re.search("zq[a-z]+qz", content)
        if REMAKE:
            KEPT.mkdir(exist_ok=True)
            (KEPT / filename).write_text(content)
        assert (KEPT / filename).read_text() == content


def test_no_rendering_is_kept_that_no_letter_has() -> None:
    known = {_name(*form, language) for form in FORMS for language in SPOKEN}
    assert {path.stem for path in KEPT.iterdir()} == known


def test_every_kind_has_its_one_template_and_its_renderings() -> None:
    # A test is a letter of another kind, with a mark.
    assert {form[0] for form in FORMS} == set(LetterKind) - {LetterKind.TEST}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_part_is_marked_with_its_language_and_direction(language: str) -> None:
    html = render(Rendering(LetterKind.INVITATION, Register.NOTE, language), letters.lines).html
    direction = "rtl" if language == "ar" else "ltr"
    assert f'<html lang="{language}" dir="{direction}">' in html
    assert f'<div lang="{language}" dir="{direction}">' in html


def test_english_and_french_stand_in_one_letter_with_one_rule_between() -> None:
    edition = render(Rendering(LetterKind.INVITATION, Register.NOTE, BOTH), letters.lines)
    english, rule, french = edition.text.partition("\n--------------------\n")
    assert rule
    assert letters.BODIES["en"][:30] in english
    assert letters.BODIES["fr"][:30] in french
    assert edition.html.count('<hr style="border:0;border-top:2px') == 1
    assert {language for language, _name in edition.places} == {"en", "fr"}
    one = render(Rendering(LetterKind.INVITATION, Register.NOTE, "en"), letters.lines)
    other = render(Rendering(LetterKind.INVITATION, Register.NOTE, "fr"), letters.lines)
    assert edition.subject == f"{one.subject} / {other.subject}"


def test_a_letter_is_in_its_own_language_whatever_is_spoken_outside() -> None:
    wanted = Rendering(LetterKind.RECEIPT, Register.LETTER, "fr")
    outside = render(wanted, letters.lines)
    with speaking("ar"):
        assert render(wanted, letters.lines) == outside


@pytest.mark.parametrize("kind", [LetterKind.INVITATION, LetterKind.REMINDER])
@pytest.mark.parametrize("register", Register)
@pytest.mark.parametrize("read", [True, False])
def test_an_answer_by_mail_is_offered_where_it_is_read(kind: LetterKind, register: Register, read: bool) -> None:
    edition = render(Rendering(kind, register, "en"), lambda language: replace(letters.lines(language), by_mail=read))
    assert ("Replies may also be sent by answering this message" in edition.text) is read


def test_the_texts_of_templates_are_not_rendered_where_nobody_speaks() -> None:
    from outreach.correspondence.editions import _environment

    template = _environment().get_template("receipt.md")
    context = template.new_context({"campaign": letters.lines("en"), "place": lambda name: name, "variant": ""})
    with pytest.raises(LookupError):
        "".join(template.blocks["subject"](context))


def test_a_note_tells_its_two_links_apart_and_a_letter_has_one() -> None:
    note = render(Rendering(LetterKind.INVITATION, Register.NOTE, "en"), letters.lines)
    assert {name for _language, name in note.places if name.startswith("link")} == {"linkmission", "linkpasson"}
    assert note.text.index("For the Mission") < note.text.index("zqenlinkmissionqz") < note.text.index("To pass on")
    letter = render(Rendering(LetterKind.INVITATION, Register.LETTER, "en"), letters.lines)
    assert {name for _language, name in letter.places if name.startswith("link")} == {"linkanswer"}
