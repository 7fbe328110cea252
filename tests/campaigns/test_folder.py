"""A campaign kept as a folder: the sample that ships, and folders with every kind of fault."""

import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from outreach.campaigns.folder import USUAL_KINDS, USUAL_REMINDERS, USUAL_SEATS, read_folder
from outreach.campaigns.words import CampaignKind, FileKind, Sensitivity
from outreach.directory.words import InstitutionKind, Seat
from outreach.errors import Invalid
from outreach.i18n import LANGUAGES
from outreach.paths import PACKAGE

SAMPLE = PACKAGE / "campaigns" / "sample"


pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the sample to spoil."""
    return Path(shutil.copytree(SAMPLE, tmp_path / "copy"))


def spoil(folder: Path, old: str, new: str, file: str = "campaign.toml") -> None:
    path = folder / file
    content = path.read_text("utf-8")
    assert old in content
    path.write_text(content.replace(old, new, 1), "utf-8")


def faults(folder: Path) -> tuple[str, ...]:
    with pytest.raises(Invalid) as raised:
        read_folder(folder)
    assert raised.value.faults
    return raised.value.faults


def test_the_sample_holds_everything() -> None:
    sample = read_folder(SAMPLE)
    assert (sample.code, sample.kind, sample.original_language) == ("KH-2027", CampaignKind.QUESTIONNAIRE, "en")
    assert (sample.mandate_symbol, sample.note_reference) == ("A/HRC/RES/54/22", "OESCR/KH/2027-17")
    assert sample.note_date == date(2027, 1, 12)
    assert sample.deadline_at == datetime(2027, 2, 26, 22, 59, tzinfo=UTC)
    assert sample.deadline_zone == "Europe/Zurich"
    assert sample.reminder_days == (-14, -5, 3)
    assert sample.seats == (Seat.GENEVA, Seat.NEW_YORK)
    assert sample.kinds == (InstitutionKind.PERMANENT_MISSION, InstitutionKind.PERMANENT_OBSERVER_MISSION)
    assert sample.contact == "knowledge-hub@secretariat.example"
    assert sample.sensitivity is Sensitivity.ORDINARY
    assert tuple(sample.texts) == LANGUAGES
    assert set(sample.files) == {(language, kind) for language in LANGUAGES for kind in FileKind}
    assert sample.questionnaire is not None
    assert sample.questionnaire.read()[:2] == b"PK"


def test_a_deadline_in_an_hour_that_comes_twice_is_the_second(folder: Path) -> None:
    spoil(folder, "2027-02-26T23:59:00", "2027-10-28T23:59:00")
    spoil(folder, "Europe/Zurich", "Africa/Cairo")
    assert read_folder(folder).deadline_at == datetime(2027, 10, 28, 21, 59, tzinfo=UTC)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sample_speaks_each_language(language: str) -> None:
    sample = read_folder(SAMPLE)
    text = sample.texts[language]
    # Both bodies carry a list; templates add reference, date and mandate to the note, and the links.
    assert "54/22" in text.letter
    for body in (text.note, text.letter):
        assert "\n- " in body
        assert "http" not in body
        assert "](" not in body
        assert "@" not in body
    assert "54/22" in text.mandate
    assert (text.translated_by is None) == (language == "en")
    for kind in FileKind:
        file = sample.files[language, kind]
        assert file.media_type == "application/pdf"
        assert file.read().startswith(b"%PDF-")
        assert file.size == len(file.read()) < 250_000


def test_what_may_be_left_out(folder: Path) -> None:
    spoil(folder, 'sensitivity = "ordinary"\n', "")
    spoil(folder, "days = [-14, -5, 3]\n", "")
    spoil(
        folder,
        '[audience]\nseats = ["geneva", "new_york"]\nkinds = ["permanent_mission", "permanent_observer_mission"]\n',
        "",
    )
    spoil(folder, '[files.ar]\nnote = "files/note.ar.pdf"\n', "[files.ar]\n")
    spoil(folder, '[texts.zh]\ntranslated_by = "Secretariat, Chinese Translation Section"\n', "[texts.zh]\n")
    spoil(folder, '[texts.zh]\nreviewed_by = "Secretariat, Editing Section"\n', "")
    (folder / "texts" / "zh.md").unlink()
    found = read_folder(folder)
    assert (found.reminder_days, found.seats, found.kinds) == (USUAL_REMINDERS, USUAL_SEATS, USUAL_KINDS)
    assert found.sensitivity is Sensitivity.ORDINARY
    assert ("ar", FileKind.NOTE) not in found.files
    assert "zh" not in found.texts


@pytest.mark.parametrize("seats", ["", "seats = []\n"])
def test_a_call_without_missions_names_no_seat(folder: Path, seats: str) -> None:
    spoil(folder, 'seats = ["geneva", "new_york"]\n', seats)
    spoil(folder, '["permanent_mission", "permanent_observer_mission"]', '["university"]')
    found = read_folder(folder)
    assert (found.kinds, found.seats) == ((InstitutionKind.UNIVERSITY,), ())


def test_no_reminders_is_a_plan_too(folder: Path) -> None:
    spoil(folder, "[-14, -5, 3]", "[]")
    assert read_folder(folder).reminder_days == ()


def test_a_call_for_contributions_needs_no_questionnaire(folder: Path) -> None:
    spoil(folder, 'kind = "questionnaire"', 'kind = "call_for_contributions"')
    spoil(folder, '[questionnaire]\nfile = "questionnaire.xlsx"\n', "")
    found = read_folder(folder)
    assert found.kind is CampaignKind.CALL_FOR_CONTRIBUTIONS
    assert found.questionnaire is None


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('code = "KH-2027"', 'code = "kh 2027"', "campaign.toml: code: It takes capital letters"),
        ('code = "KH-2027"\n', "", "campaign.toml: code: This is missing. It takes capital"),
        (
            'kind = "questionnaire"',
            'kind = "survey"',
            "campaign.toml: kind: This takes one of: questionnaire, call_for",
        ),
        ('kind = "questionnaire"\n', "", "campaign.toml: kind: This is missing."),
        ('"en"', '"de"', "campaign.toml: original_language: This takes one of: ar, zh, en, fr, ru, es."),
        (
            "knowledge-hub@secretariat.example",
            "the Office",
            "campaign.toml: contact: “the Office” is not an e-mail address.",
        ),
        ('"ordinary"', '"secret"', "campaign.toml: sensitivity: This takes one of: ordinary, sensitive."),
        ('symbol = "A/HRC/RES/54/22"', "symbol = 54", "campaign.toml: mandate.symbol: It takes the symbol"),
        (
            '"OESCR/KH/2027-17"',
            '"OESCR\\r\\nBcc: a@b.example"',
            "campaign.toml: note.reference: It takes the reference",
        ),
        ('"OESCR/KH/2027-17"', '" "', "campaign.toml: note.reference: This is empty."),
        ("date = 2027-01-12", 'date = "12 January 2027"', "campaign.toml: note.date: It takes the date of the note"),
        ("2027-02-26T23:59:00", "2027-02-26T23:59:00Z", "campaign.toml: deadline.local: It takes the last minute"),
        ("2027-02-26T23:59:00", "2027-02-26", "campaign.toml: deadline.local: It takes the last minute"),
        ("2027-02-26T23:59:00", "2027-03-28T02:30:00", "campaign.toml: deadline.local: This hour does not exist"),
        ("2027-02-26T23:59:00", "2027-02-26T23:59", "campaign.toml: A time of day needs its seconds"),
        ("Europe/Zurich", "Geneva", "campaign.toml: deadline.zone: It takes the name of a time zone"),
        ("Europe/Zurich", "../etc/localtime", "campaign.toml: deadline.zone: It takes the name of a time zone"),
        ("[-14, -5, 3]", "[-14, -14]", "campaign.toml: reminders.days: It takes days from the deadline"),
        ("[-14, -5, 3]", "[true]", "campaign.toml: reminders.days: It takes days from the deadline"),
        ("[-14, -5, 3]", '"-14"', "campaign.toml: reminders.days: It takes days from the deadline"),
        (
            '["geneva", "new_york"]',
            '["vienna"]',
            "campaign.toml: audience.seats: This takes a list with at least one of",
        ),
        ('["geneva", "new_york"]', '"geneva"', "campaign.toml: audience.seats: This takes a list with at least one of"),
        ('["geneva", "new_york"]', "[]", "campaign.toml: audience.seats: This takes a list with at least one of"),
        (
            '"questionnaire.xlsx"',
            '"questionnaire.ods"',
            "campaign.toml: questionnaire.file: It takes the path of a file",
        ),
        ('"questionnaire.xlsx"', '"other.xlsx"', "campaign.toml: questionnaire.file: There is no file other.xlsx"),
        ('file = "questionnaire.xlsx"\n', "", "campaign.toml: questionnaire.file: This is missing."),
        ('"files/note.ar.pdf"', '"campaign.toml"', "campaign.toml: files.ar.note: It takes the path of a file"),
        ("[files.ar]", "[files.de]", "campaign.toml: files.de: Nothing of this name is known here."),
        (
            "[texts.fr]",
            "[texts.fr]\noriginal = true",
            "campaign.toml: texts.fr.original: Only the text in the original",
        ),
        (
            "[texts.en]\noriginal = true",
            "[texts.en]\ntranslated_by = 'A'",
            "campaign.toml: texts.en.translated_by: The original",
        ),
        ("[texts.fr]\ntranslated_by", "[texts.fr]\nby", "campaign.toml: texts.fr.translated_by: This is missing."),
        ("original = true", "original = 'yes'", "campaign.toml: texts.en.original: This takes true or false"),
        ("[reminders]", "[reminder]", "campaign.toml: reminder: Nothing of this name is known here."),
        ("[note]\n", "note = 1\n[notes]\n", "campaign.toml: mandate.note: Nothing of this name is known here."),
        ('contact = "', 'note = "x"\ncontact = "', "campaign.toml: This is not TOML:"),
        ("[mandate]", "[mandate", "campaign.toml: This is not TOML:"),
    ],
)
def test_a_fault_names_file_and_key_and_what_it_takes(folder: Path, old: str, new: str, fault: str) -> None:
    spoil(folder, old, new)
    found = faults(folder)
    assert any(line.startswith(fault) for line in found), found


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("+++\ntitle", "title", "texts/fr.md: The file must begin with a line +++"),
        ("title = ", "titre = ", "texts/fr.md: title: This is missing."),
        ("title = ", "titre = ", "texts/fr.md: titre: Nothing of this name is known here."),
        ('title = "Besoins', 'title = "Be\\nsoins', "texts/fr.md: title: It takes the title of the call"),
        ('title = "', "title = ", "texts/fr.md: What stands between the +++ lines is not TOML:"),
        ("# letter", "# lettre", "texts/fr.md: The heading “# lettre” is not expected"),
        ("# letter", "# lettre", "texts/fr.md: # letter: This section is missing or empty."),
        ("# letter", "# note", "texts/fr.md: The heading “# note” is not expected"),
        ("# note", "Madame, Monsieur,\n\n# note", "texts/fr.md: Text stands before the first heading"),
    ],
)
def test_a_fault_in_a_text(folder: Path, old: str, new: str, fault: str) -> None:
    spoil(folder, old, new, "texts/fr.md")
    found = faults(folder)
    assert any(line.startswith(fault) for line in found), found
    assert all(line.startswith("texts/fr.md: ") for line in found), found


def test_a_text_keeps_its_own_lower_headings_and_lists(folder: Path) -> None:
    spoil(folder, "# letter\n", "# letter\n\n## Ce qui est demandé\n\n#sans espace\n", "texts/fr.md")
    assert read_folder(folder).texts["fr"].letter.startswith("## Ce qui est demandé\n\n#sans espace\n")


def test_a_title_may_hold_what_its_script_needs(folder: Path) -> None:
    spoil(folder, 'title = "', 'title = "\u00ab\u00a0A\u00a0\u00bb\u200f ', "texts/fr.md")
    assert read_folder(folder).texts["fr"].title.startswith("\u00ab\u00a0A\u00a0\u00bb\u200f Besoins")


def test_a_text_with_a_byte_order_mark_and_windows_line_ends(folder: Path) -> None:
    path = folder / "texts" / "fr.md"
    before = read_folder(folder).texts["fr"]
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert read_folder(folder).texts["fr"] == before


def test_all_faults_are_told_at_once(folder: Path) -> None:
    spoil(folder, "KH-2027", "kh")
    spoil(folder, "Europe/Zurich", "Mars")
    (folder / "texts" / "ru.md").unlink()
    (folder / "texts" / "es.md").write_bytes(b"\xff\xfe")
    (folder / "texts" / "de.md").write_text("Hallo", "utf-8")
    (folder / "files" / "note.fr.pdf").write_bytes(b"")
    with pytest.raises(Invalid) as raised:
        read_folder(folder)
    assert [line.split(": ")[:2] for line in raised.value.faults] == [
        ["campaign.toml", "code"],
        ["campaign.toml", "deadline.zone"],
        ["texts/ru.md", "This file is missing; campaign.toml says who wrote it."],
        ["texts/es.md", "This file is not UTF-8"],
        ["texts/de.md", "The name of the file must be its language. This takes one of"],
        ["campaign.toml", "files.fr.note"],
    ]
    assert raised.value.message.endswith("cannot be imported: it has 6 faults.")


def test_the_original_text_must_be_there(folder: Path) -> None:
    spoil(folder, "[texts.en]\noriginal = true\n", "")
    (folder / "texts" / "en.md").unlink()
    assert faults(folder) == ("texts/en.md: This file is missing; it takes the texts in the original language.",)


def _by_dots(folder: Path) -> str:
    return "../outside.pdf"


def _by_root(folder: Path) -> str:
    return str(folder.parent / "outside.pdf")


def _by_link(folder: Path) -> str:
    (folder / "files" / "link.pdf").symlink_to(folder.parent / "outside.pdf")
    return "files/link.pdf"


def _by_linked_folder(folder: Path) -> str:
    (folder / "up").symlink_to(folder.parent)
    return "up/outside.pdf"


@pytest.mark.parametrize("way", [_by_dots, _by_root, _by_link, _by_linked_folder])
def test_no_path_leads_out_of_the_folder(folder: Path, way: Callable[[Path], str]) -> None:
    (folder.parent / "outside.pdf").write_bytes(b"%PDF-1.7 secret")
    spoil(folder, "files/note.ar.pdf", way(folder))
    assert len(faults(folder)) == 1
    assert faults(folder)[0].startswith("campaign.toml: files.ar.note: It takes the path of a file inside the folder")


def test_a_text_that_is_a_link_out_is_not_read(folder: Path) -> None:
    outside = folder.parent / "outside.md"
    (folder / "texts" / "fr.md").rename(outside)
    (folder / "texts" / "fr.md").symlink_to(outside)
    assert faults(folder) == ("texts/fr.md: This leads out of the folder.",)


def test_the_settings_that_are_a_link_out_are_not_read(folder: Path) -> None:
    outside = folder.parent / "outside.toml"
    (folder / "campaign.toml").rename(outside)
    (folder / "campaign.toml").symlink_to(outside)
    assert faults(folder) == ("campaign.toml: This leads out of the folder.",)


def test_a_folder_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="There is no folder"):
        read_folder(tmp_path / "nothing")
    assert faults(tmp_path) == ("campaign.toml: This file is missing.",)
