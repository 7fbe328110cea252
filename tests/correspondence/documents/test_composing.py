"""The words of notes and letters: the same facts in six languages, agreement and elision, formulas of a secretariat."""

import pytest

from outreach import i18n
from outreach.correspondence.documents import secretariat
from outreach.correspondence.documents.addressing import Post, Who, circular
from outreach.correspondence.documents.body import blocks
from outreach.correspondence.documents.grammar import referring_to
from outreach.correspondence.documents.page import Page
from outreach.dates import un_date, un_instant
from outreach.errors import Invalid
from outreach.i18n import LANGUAGES
from tests.correspondence.documents import calls


def words_of(page: Page) -> str:
    """All that is printed."""
    text = ["".join(run.text for run in block.runs) for block in page.blocks]
    said = (page.letterhead, page.reference, page.date_above, page.heading, page.salutation, *text, page.valediction)
    return "\n".join((*said, page.signature, page.date_below, page.annex, *page.addressees, *page.address_lines))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("make", [calls.note, calls.letter])
def test_each_language_says_the_same_facts(language: str, make: object) -> None:
    assert callable(make)
    said = words_of(make(language))
    one = calls.call(language)
    for fact in (one.title, one.reference, one.code, one.contact, one.public):
        assert fact in said
    assert un_date(one.day, language) in said
    assert un_instant(one.deadline_at, one.deadline_zone, language) in said
    assert one.mandate in said
    assert "{" not in said


def test_an_invitation_code_stands_on_no_circular_and_only_notes_have_a_box_and_addressees() -> None:
    note, letter = calls.note("en"), calls.letter("en")
    assert note.initials and len(note.addressees) == 1 and note.date_below == "Geneva, 12 January 2027"
    assert not letter.initials and not letter.addressees and letter.signature.startswith("The Office")
    assert note.address == "https://outreach.example/c/KH-2027?lang=en"


def test_arabic_verbs_agree_with_the_secretariat() -> None:
    feminine = secretariat.usual()
    he, she = words_of(calls.note("ar")), words_of(calls.note("ar", feminine))
    assert "يهدي مكتب" in he and "تحياته إلى" in he and "ويتشرف" in he and "عن فائق تقديره." in he
    assert "تهدي الأمانة العامة تحياتها" in she and "وتتشرف" in she and "عن فائق تقديرها." in she


@pytest.mark.parametrize(
    ("language", "mandate", "said"),
    [
        ("fr", "résolution 54/22", "à la résolution 54/22"),
        ("fr", "Accord de Paris", "à l’Accord de Paris"),
        ("fr", "article 5", "à l’article 5"),
        ("fr", "paragraphe 3", "au paragraphe 3"),
        ("fr", "résolutions 54/22 et 55/1", "aux résolutions 54/22 et 55/1"),
        ("fr", "la décision 3/115", "à la décision 3/115"),
        ("fr", "le Pacte mondial", "au Pacte mondial"),
        ("es", "resolución 54/22", "a la resolución 54/22"),
        ("es", "resoluciones 54/22 y 55/1", "a las resoluciones 54/22 y 55/1"),
        ("es", "artículo 5", "al artículo 5"),
        ("es", "los artículos 5 y 6", "a los artículos 5 y 6"),
        ("en", "resolution 54/22", "resolution 54/22"),
    ],
)
def test_a_mandate_takes_its_article(language: str, mandate: str, said: str) -> None:
    assert referring_to(mandate, language) == said


@pytest.mark.parametrize(
    ("who", "posts", "said", "feet"),
    [
        ({"missions"}, {"geneva"}, "to the Permanent Missions to the United Nations Office", 1),
        ({"observers"}, {"new_york"}, "to the Permanent Observer Missions to the United Nations in New York", 1),
        ({"missions", "ministries"}, {"geneva"}, "in Geneva and to the Ministries of Foreign Affairs", 2),
        ({"ministries"}, set(), "to the Ministries of Foreign Affairs", 1),
    ],
)
def test_a_circular_names_those_who_are_asked(who: set[Who], posts: set[Post], said: str, feet: int) -> None:
    made = circular(calls.OFFICE.wordings["en"], who, posts)
    assert said in made.to and said in made.renew
    assert len(made.foot) == feet


def test_the_manual_closes_without_assurances() -> None:
    by = secretariat.read('formulas = "manual"')
    note = calls.note("en", by)
    assert (note.valediction, note.date_below, note.annex) == ("", "12 January 2027", "Enclosure: questionnaire")
    assert "highest consideration" in calls.note("en", secretariat.usual()).valediction


def test_a_secretariat_writes_sentences_of_its_own() -> None:
    by = secretariat.read('[sentences.fr]\ncontact = "Écrivez à {contact}."')
    assert f"Écrivez à {calls.CONTACT}." in words_of(calls.note("fr", by))


def test_a_faulty_file_of_a_secretariat_is_refused_with_all_its_faults() -> None:
    with i18n.speaking("en"):
        with pytest.raises(Invalid) as refused:
            secretariat.read(
                'formulas = "own"\nmotto = "x"\n[fr]\nname = "Le Bureau"\n[ar]\nname = "x"\nwithin = "x"\nletterhead = "x"\n'
                'gender = "n"\n[sentences.en]\ncontact = "Write to {mailbox}."\nhello = "x"\n'
            )
        said = "\n".join(refused.value.faults)
        with pytest.raises(Invalid, match="TOML"):
            secretariat.read("name = The Office")
    for named in ("formulas", "motto", "fr.within", "fr.letterhead", "ar.gender", "mailbox", "sentences.en.hello"):
        assert named in said


def test_bodies_keep_their_lists_weight_and_addresses() -> None:
    read = blocks("One **two**\nthree [page](https://a.example) <b>x</b>\n\n1. a\n2. b\n   - c\n\n## H", "en")
    assert ["".join(run.text for run in one.runs) for one in read] == [
        "One two three page (https://a.example) <b>x</b>", "a", "b", "c", "H",
    ]  # fmt: skip
    assert [(one.kind, one.mark, one.depth) for one in read[1:]] == [
        ("item", "1.", 1), ("item", "2.", 1), ("item", "–", 2), ("heading", "", 0),
    ]  # fmt: skip
    assert [run.text for run in read[0].runs if run.bold] == ["two"]
