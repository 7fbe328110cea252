"""Notes verbales in the six languages, as translators write them: each begins with what it says, and what was read must be just that."""

from pathlib import Path

import pytest

from outreach.campaigns.draft import read_note
from outreach.campaigns.draft_findings import NoteDraft, WarningKind
from outreach.directory.words import InstitutionKind, Seat

NOTES = Path(__file__).parent / "data" / "notes"
IN_ANY_ORDER = {"addressees", "sectors", "stakeholders", "warnings"}


def said(draft: NoteDraft) -> dict[str, str]:
    """What was read, as the head of a note writes it."""
    mandate, deadline = draft.mandate, draft.deadline
    named = deadline.value if deadline else None
    last = [named.day.isoformat(), f"{named.hour:%H:%M}" if named.hour else "", named.zone or ""] if named else []
    return {
        "language": draft.language.value if draft.language else "",
        "reference": draft.reference.value if draft.reference else "",
        "date": draft.date.value.isoformat() if draft.date else "",
        "mandate": mandate.value.symbol if mandate else "",
        "title": (mandate.value.title or "") if mandate else "",
        "deadline": " ".join(part for part in last if part),
        "addressees": " ".join(f"{found.value.kind}@{found.value.seat}" for found in draft.addressees),
        "sectors": " ".join(found.value for found in draft.sectors),
        "stakeholders": " ".join(found.value for found in draft.stakeholders),
        "contacts": " ".join(found.value.email for found in draft.contacts),
        "links": " ".join(found.value for found in draft.links),
        "annexes": "; ".join(found.value for found in draft.annexes),
        "warnings": " ".join(warning.kind for warning in draft.warnings),
    }


@pytest.mark.parametrize("file", sorted(NOTES.glob("*.txt")), ids=lambda file: str(file.stem))
def test_a_note_says_what_its_head_says(file: Path) -> None:
    head, _line, text = file.read_text("utf-8").partition("\n=====\n")
    expected = {key: value.strip() for key, _colon, value in (line.partition(":") for line in head.splitlines())}
    found = said(read_note(text))
    for key in IN_ANY_ORDER:
        expected[key], found[key] = (" ".join(sorted(values[key].split())) for values in (expected, found))
    assert found == expected


def test_a_subject_line_and_a_body_without_the_courtesies() -> None:
    text = (NOTES / "fr-1.txt").read_text("utf-8").partition("\n=====\n")[2]
    draft = read_note(text)
    assert draft.subject and draft.subject.value == "Appel à contributions sur l’eau et l’assainissement"
    # The sentence of the compliments says here what the note is about.
    assert draft.body.startswith("Le Secrétariat présente ses compliments")
    assert "très haute considération" not in draft.body


@pytest.mark.parametrize(
    ("name", "begins", "absent"),
    [
        ("zh-2", "为此，请各国政府于2027年4月30日前在网上填写问卷", "敬意"),
        ("ru-2", "Секретариат имеет честь обратить их внимание", "пользуется"),
        ("ar-2", "وتتشرف الأمانة العامة بأن توجّه", "أسمى"),
    ],
)
def test_the_body_in_other_scripts(name: str, begins: str, absent: str) -> None:
    body = read_note((NOTES / f"{name}.txt").read_text("utf-8").partition("\n=====\n")[2]).body
    assert begins in body
    assert absent not in body


def test_lines_that_a_pdf_breaks_within_chinese_words_are_read_as_one() -> None:
    draft = read_note((NOTES / "zh-6.txt").read_text("utf-8").partition("\n=====\n")[2])
    # 人权理|事会 is broken after "理".
    assert draft.mandate and draft.mandate.value.symbol == "A/HRC/RES/55/5"


@pytest.mark.parametrize(
    ("name", "named", "unnamed"),
    [
        ("en-3", " in New York and", " and"),
        ("fr-1", "Nations Unies à New York et", "Nations Unies et"),
        ("es-2", " en Nueva York", ""),
        ("ru-2", " в Нью-Йорке", ""),
        ("ar-2", " في نيويورك.", "."),
    ],
)
def test_missions_to_the_united_nations_itself_are_those_in_new_york(name: str, named: str, unnamed: str) -> None:
    text = (NOTES / f"{name}.txt").read_text("utf-8").partition("\n=====\n")[2]
    assert named in text
    found = read_note(text.replace(named, unnamed, 1)).addressees
    assert [(one.value.kind, one.value.seat) for one in found] == [(InstitutionKind.PERMANENT_MISSION, Seat.NEW_YORK)]


def test_a_day_that_can_be_read_in_two_ways_is_left_open() -> None:
    english = "The Office is grateful to the Missions for the help of all in the field.\n\n"
    unclear = read_note(english + "Replies are due by 03/04/2027.")
    assert unclear.deadline is None
    assert [(one.kind, one.words) for one in unclear.warnings] == [(WarningKind.UNCLEAR_DAY, "by 03/04/2027")]
    sure = read_note(english + "Replies are due by 23/04/2027.").deadline
    assert sure and sure.value.day.isoformat() == "2027-04-23"
