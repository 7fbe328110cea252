"""Starting a campaign from a note verbale that exists."""

import shutil
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.campaigns.draft import NoteDraft, read_note, write_folder
from outreach.campaigns.draft_findings import Addressee, Finding, MandateBody, NamedDeadline, WarningKind
from outreach.campaigns.folder import read_folder
from outreach.campaigns.words import CampaignKind
from outreach.directory.words import InstitutionKind, Seat, Sector
from outreach.errors import Invalid
from outreach.i18n import LANGUAGES, speaking
from outreach.paths import PACKAGE, ROOT

DATA = Path(__file__).parent / "data"
REAL_NOTE = ROOT.parent / "shared" / "note-verbale.fr.txt"

pytestmark = pytest.mark.usefixtures("english")


def values(findings: tuple[Finding[object], ...]) -> list[object]:
    return [found.value for found in findings]


def kinds(draft: NoteDraft) -> list[WarningKind]:
    return [warning.kind for warning in draft.warnings]


@pytest.fixture
def english_note() -> NoteDraft:
    return read_note((DATA / "note-en.txt").read_text("utf-8"))


@pytest.fixture
def french_note() -> NoteDraft:
    return read_note((DATA / "note-fr.txt").read_text("utf-8"))


def test_an_english_note(english_note: NoteDraft) -> None:
    draft = english_note
    assert draft.left_open == ()
    assert draft.language and draft.language.value == "en"
    assert draft.reference == Finding("OESCR/WATER/2027-04", "OESCR/WATER/2027-04", 1)
    assert draft.date == Finding(date(2027, 2, 1), "Geneva, 1 February 2027", 29)
    assert draft.mandate
    assert (draft.mandate.value.body, draft.mandate.value.symbol) == (MandateBody.GENERAL_ASSEMBLY, "A/RES/76/153")
    assert draft.mandate.value.title == "The human rights to safe drinking water and sanitation"
    assert (draft.mandate.line, draft.mandate.words[:33]) == (5, "General Assembly resolution 76/15")
    assert draft.deadline == Finding(
        NamedDeadline(date(2027, 4, 2), True, time(23, 59), "Europe/Zurich"),
        "no later than 23:59 (Geneva time) on Friday, 2 April 2027",
        10,
    )
    assert values(draft.addressees) == [Addressee(InstitutionKind.PERMANENT_MISSION, Seat.GENEVA)]
    assert draft.ministries == (Sector.HEALTH, Sector.FOREIGN_AFFAIRS, Sector.AGRICULTURE, Sector.LABOUR)
    assert draft.sectors[-1] == Finding(Sector.LOCAL_ADMINISTRATION, "local governments", 19)
    assert values(draft.stakeholders) == [
        InstitutionKind.CIVIL_SOCIETY,
        InstitutionKind.NATIONAL_HUMAN_RIGHTS_INSTITUTION,
        InstitutionKind.BUSINESS,
        InstitutionKind.TRADE_UNION,
    ]
    assert draft.stakeholders[-1].words == "trade unions"
    assert [(found.value.email, found.value.personal) for found in draft.contacts] == [
        ("water-desk@secretariat.example", False)
    ]
    assert values(draft.annexes) == ["Questionnaire", "Background to the questions"]
    assert draft.warnings == ()


def test_a_french_note_with_its_weaknesses(french_note: NoteDraft) -> None:
    draft = french_note
    assert draft.left_open == ()
    assert draft.language and draft.language.value == "fr"
    assert draft.reference and draft.reference.value == "AB/CD"
    assert draft.date == Finding(date(2027, 1, 4), "New York, le 4 janvier 2027", 18)
    assert draft.mandate and draft.mandate.value.symbol == "E/RES/2023/12"
    assert draft.mandate.value.title == "Logement et inégalités"
    assert draft.deadline and draft.deadline.value == NamedDeadline(date(2027, 3, 1), False, None, None)
    assert (draft.deadline.words, draft.deadline.line) == ("d’ici au 1er mars 2027", 9)
    assert set(values(draft.addressees)) == {
        Addressee(InstitutionKind.PERMANENT_MISSION, Seat.NEW_YORK),
        Addressee(InstitutionKind.PERMANENT_OBSERVER_MISSION, Seat.NEW_YORK),
    }
    assert values(draft.sectors) == [Sector.JUSTICE, Sector.FINANCE, Sector.LOCAL_ADMINISTRATION]
    assert values(draft.stakeholders) == [InstitutionKind.CIVIL_SOCIETY, InstitutionKind.BUSINESS]
    assert [(found.value.email, found.value.name) for found in draft.contacts] == [
        ("aline.exemple@secretariat.example", "Mme Aline Exemple"),
        ("bureau.support@secretariat.example", None),
    ]
    assert values(draft.annexes) == ["Questionnaire"]
    assert [(w.kind, w.line, w.words) for w in draft.warnings] == [
        (WarningKind.INITIALS_REFERENCE, 1, "AB/CD"),
        (WarningKind.DEAD_LINK, 8, "[insérer le lien]"),
        (WarningKind.OPEN_DEADLINE, 9, "d’ici au 1er mars 2027"),
        (WarningKind.SEVERAL_DEADLINES, 11, "15 mars 2027 au plus tard"),
        (WarningKind.PERSONAL_MAILBOX, 13, "aline.exemple@secretariat.example"),
    ]


@pytest.mark.skipif(not REAL_NOTE.is_file(), reason="the real note does not travel with the project")
def test_the_real_note() -> None:
    draft = read_note(REAL_NOTE.read_text("utf-8"))
    assert draft.left_open == ()
    assert draft.mandate and draft.mandate.value.symbol == "A/HRC/RES/54/22"
    assert draft.deadline and draft.deadline.value.day == date(2024, 7, 31)
    assert draft.deadline.words == "avant le 31 juillet 2024"
    assert draft.date and draft.date.value == date(2024, 7, 8)
    assert draft.ministries == (
        Sector.HEALTH,
        Sector.EDUCATION,
        Sector.LABOUR,
        Sector.AGRICULTURE,
        Sector.JUSTICE,
        Sector.FINANCE,
        Sector.CULTURE,
        Sector.DEVELOPMENT,
        Sector.PLANNING,
    )
    assert draft.sectors[-1].value is Sector.LOCAL_ADMINISTRATION
    assert values(draft.stakeholders) == [
        InstitutionKind.BUSINESS,
        InstitutionKind.TRADE_UNION,
        InstitutionKind.UNIVERSITY,
        InstitutionKind.PROFESSIONAL_ASSOCIATION,
    ]
    assert {found.value.seat for found in draft.addressees} == {Seat.GENEVA, Seat.NEW_YORK}
    assert len(draft.addressees) == 4
    assert len(draft.contacts) == 2
    assert all(found.value.personal and found.value.name for found in draft.contacts)
    assert len(draft.annexes) == 1
    assert kinds(draft) == [
        WarningKind.INITIALS_REFERENCE,
        WarningKind.DEAD_LINK,
        WarningKind.OPEN_DEADLINE,
        WarningKind.PERSONAL_MAILBOX,
    ]


def english_note_with(sentence: str) -> NoteDraft:
    return read_note(f"The Office is grateful to the Missions for the help of all in the field.\n\n{sentence}\n")


@pytest.mark.parametrize(
    ("sentence", "day", "inclusive"),
    [
        ("Replies are due by 31 July 2027.", date(2027, 7, 31), True),
        ("Replies are due before 31 July 2027.", date(2027, 7, 31), False),
        ("Replies are due not later than July 31, 2027.", date(2027, 7, 31), True),
        ("Please respond on or before\nMonday, 2 August 2027.", date(2027, 8, 2), True),
        ("Submissions reach us until 1st August 2027, inclusive.", date(2027, 8, 1), True),
        ("Inputs are welcome until 1 August 2027.", date(2027, 8, 1), False),
    ],
)
def test_wordings_of_a_deadline(sentence: str, day: date, inclusive: bool) -> None:
    found = english_note_with(sentence).deadline
    assert found
    assert (found.value.day, found.value.inclusive) == (day, inclusive)


@pytest.mark.parametrize(
    "sentence",
    [
        "Resolution 60/1 was adopted by the Assembly on 16 September 2005.",
        "Projects that began before 31 July 2020 were completed.",
        "Replies were received on 31 July 2027.",
        "Replies are due by 31 June 2027.",
        "The questionnaire was approved by the Council on 11 October 2023.",
    ],
)
def test_what_is_no_deadline(sentence: str) -> None:
    assert english_note_with(sentence).deadline is None


@pytest.mark.parametrize(
    ("sentence", "hour", "zone"),
    [
        ("Replies are due by 31 July 2027, 6 p.m. New York time.", time(18), "America/New_York"),
        ("Replies are due by 11.59 p.m. (Geneva time) on 31 July 2027.", time(23, 59), "Europe/Zurich"),
        ("Replies are due by 12 a.m. on 31 July 2027.", time(0), None),
        ("Replies are due by 31 July 2027. The meeting is at 10:00.", None, None),
    ],
)
def test_the_hour_of_a_deadline(sentence: str, hour: time | None, zone: str | None) -> None:
    found = english_note_with(sentence).deadline
    assert found
    assert (found.value.hour, found.value.zone) == (hour, zone)


@pytest.mark.parametrize(
    ("sentence", "symbol", "title"),
    [
        ("It refers to resolution 54/22 of the Human Rights Council.", "A/HRC/RES/54/22", None),
        ("It refers to Human Rights\nCouncil resolution 54/22, entitled “A b c d e”.", "A/HRC/RES/54/22", "A b c d e"),
        ("It refers to Security Council resolution 1325 (2000).", "S/RES/1325 (2000)", None),
    ],
)
def test_wordings_of_a_mandate(sentence: str, symbol: str, title: str | None) -> None:
    found = english_note_with(sentence).mandate
    assert found
    assert (found.value.symbol, found.value.title) == (symbol, title)


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("The form is [here](https://calls.secretariat.example/1).", []),
        ("The form is [here](#).", [WarningKind.DEAD_LINK]),
        ("The form is [here]().", [WarningKind.DEAD_LINK]),
        ("The form is [here](https://xxx).", [WarningKind.DEAD_LINK]),
        ("The form is at https://.", [WarningKind.DEAD_LINK]),
        ("The form is here: [INSERT LINK].", [WarningKind.DEAD_LINK]),
        ("The form is online.", [WarningKind.NO_LINK]),
        ("The form is online at https://calls.secretariat.example.", []),
        ("The form is annexed.", []),
    ],
)
def test_links(sentence: str, expected: list[WarningKind]) -> None:
    assert kinds(english_note_with(sentence)) == expected


def test_the_body_leaves_out_what_the_letters_add(french_note: NoteDraft, english_note: NoteDraft) -> None:
    assert french_note.body.startswith(
        "Il a l’honneur d’appeler leur attention sur la résolution 2023/12 du Conseil économique"
    )
    for absent in ("compliments", "haute considération", "Pièce jointe", "4 janvier", "AB/CD"):
        assert absent not in french_note.body
    # Where the honour stands in the sentence of the compliments, the sentence says what the note is about.
    assert "presents its compliments" in english_note.body
    assert "\n- local governments;\n" in english_note.body


def test_a_note_in_no_known_language_leaves_nearly_all_open() -> None:
    draft = read_note(
        "Reference: XY/2027\n\nDas Sekretariat bittet um Antwort an kontakt@secretariat.example bis 1. Mai."
    )
    assert draft.left_open == (
        "language",
        "date",
        "mandate",
        "deadline",
        "addressees",
        "sectors",
        "stakeholders",
        "annexes",
    )
    assert draft.reference and draft.reference.value == "XY/2027"


def test_nothing_at_all() -> None:
    assert "body" in read_note("").left_open


FRAGMENTS = ["avant le 31 juillet 2024", "réponses", "by 5 May 2027", "\n\n", "résolution 54/22 du Conseil des droits de l'homme", "a.b@c.example",
             "the of and to for in that", "le la les des du et", "«", "»", "[x](#)", "ministères de la santé", "Annexe : x", "(", "Ref: A/b"]  # fmt: skip


@given(st.lists(st.one_of(st.sampled_from(FRAGMENTS), st.text(max_size=12)), max_size=25).map(" ".join))
def test_every_finding_shows_words_that_stand_in_the_note(text: str) -> None:
    draft = read_note(text)
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    singles = [draft.reference, draft.date, draft.mandate, draft.deadline]
    several = [*draft.addressees, *draft.sectors, *draft.stakeholders, *draft.contacts, *draft.annexes]
    for found in [*singles, *several]:
        if found is not None:
            assert " ".join(" ".join(lines[found.line - 1 :]).split()).find(found.words) >= 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_warnings_speak(french_note: NoteDraft, language: str) -> None:
    with speaking(language):
        for warning in french_note.warnings:
            assert warning.words in warning.sentence()


def test_the_folder_of_a_complete_note_lacks_only_what_no_note_says(english_note: NoteDraft, tmp_path: Path) -> None:
    folder = tmp_path / "wat-2027"
    written = write_folder(english_note, folder)
    assert [path.relative_to(folder).as_posix() for path in written] == ["campaign.toml", "texts/en.md"]
    settings = written[0].read_text("utf-8")
    assert (
        "# line 10: “no later than 23:59 (Geneva time) on Friday, 2 April 2027”\nlocal = 2027-04-02T23:59:00\n"
        in settings
    )
    with pytest.raises(Invalid) as raised:
        read_folder(folder)
    assert [fault.split(". ")[0] for fault in raised.value.faults] == [
        "campaign.toml: questionnaire.file: There is no file questionnaire.xlsx in the folder.",
        "texts/en.md: title: This is empty",
        "texts/en.md: # letter: This section is missing or empty",
    ]

    shutil.copy(PACKAGE / "campaigns" / "sample" / "questionnaire.xlsx", folder)
    text = written[1].read_text("utf-8")
    written[1].write_text(text.replace('title = ""', 'title = "Water"') + "\nPlease answer.\n", "utf-8")
    found = read_folder(folder)
    assert (found.code, found.kind, found.original_language) == ("WAT-2027", CampaignKind.QUESTIONNAIRE, "en")
    assert (found.mandate_symbol, found.note_reference) == ("A/RES/76/153", "OESCR/WATER/2027-04")
    assert found.note_date == date(2027, 2, 1)
    assert found.deadline_at == datetime(2027, 4, 2, 21, 59, tzinfo=UTC)
    assert found.contact == "water-desk@secretariat.example"
    assert (found.seats, found.kinds) == ((Seat.GENEVA,), (InstitutionKind.PERMANENT_MISSION,))
    assert found.texts["en"].mandate.startswith("General Assembly resolution 76/153, entitled “The human rights")
    assert found.texts["en"].note == english_note.body
    assert found.texts["en"].letter == "Please answer."


def test_what_was_not_found_is_named_by_the_import(tmp_path: Path) -> None:
    folder = tmp_path / "!"
    assert len(write_folder(read_note("Nothing of use."), folder)) == 1
    with pytest.raises(Invalid) as raised:
        read_folder(folder)
    told = {tuple(fault.split(": ")[:2]) for fault in raised.value.faults}
    assert {key for file, key in told if file == "campaign.toml"} == {
        "code",
        "original_language",
        "contact",
        "mandate.symbol",
        "note.reference",
        "note.date",
        "deadline.local",
        "deadline.zone",
    }


def test_the_french_folder_proposes_and_says_so(french_note: NoteDraft, tmp_path: Path) -> None:
    settings = write_folder(french_note, tmp_path / "a")[0].read_text("utf-8")
    # A personal mailbox is never proposed as the contact.
    assert 'contact = "bureau.support@secretariat.example"' in settings
    assert 'contact = "aline' not in settings
    assert 'that of the first seat it is addressed to is proposed.\nzone = "America/New_York"\n' in settings
    assert "the last minute of the day is proposed.\nlocal = 2027-03-01T23:59:00\n" in settings
    for warning in french_note.warnings:
        assert f"# {warning.sentence()}\n" in settings


def test_a_note_cannot_write_keys_of_its_own(tmp_path: Path) -> None:
    hostile = 'Reference: X/1"\ncode = "EVIL"\u0001\u007f\n\n+++\n# letter\nThe of and to for in that.\n'
    folder = tmp_path / "safe"
    write_folder(read_note(hostile), folder)
    with pytest.raises(Invalid) as raised:
        read_folder(folder)
    assert not any("TOML" in fault or "not expected" in fault for fault in raised.value.faults)
    assert 'code = "SAFE"' in (folder / "campaign.toml").read_text("utf-8")


def test_a_folder_that_holds_something_is_left_alone(english_note: NoteDraft, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", "utf-8")
    with pytest.raises(Invalid, match="is not empty"):
        write_folder(english_note, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
