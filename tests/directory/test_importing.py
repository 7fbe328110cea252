"""Imports: every row is taken, found unchanged, or named with its reason; twice is once."""

import re
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.directory import queries, service, unmatched
from outreach.directory.import_rows import COLUMNS, checked_row, read_rows
from outreach.directory.importing import BATCH, ImportReport, import_file, take_unmatched
from outreach.directory.models import Contact, Institution, InstitutionKind, Presence, Seat, UnmatchedRow
from outreach.errors import Invalid, Missing
from outreach.identity.audit import Actor
from outreach.identity.models import AuditEntry
from outreach.paths import ROOT

CLERK = Actor("clerk@secretariat.example")
HEADING = "state,kind,seat,name,sector,email,contact_name,salutation,language,source,as_of,presence\n"
MISSION = "Jordan,permanent_mission,geneva,,,mission@jordan.example,,,ar,List 1,2024-05-01,\n"
MINISTRY = "jo,ministry,,Ministry of Health,health,health@jordan.example,,Excellency,,,,\n"

pytestmark = pytest.mark.usefixtures("english")


def take(session: Session, table: str, source: str = "list.csv") -> ImportReport:
    report = import_file(session, table.encode(), source, CLERK)
    session.flush()
    return report


def everything(session: Session) -> list[int]:
    return [
        session.scalar(select(func.count()).select_from(of)) or 0
        for of in (Institution, Contact, UnmatchedRow, AuditEntry)
    ]


def test_mission_gets_institution_contact_and_presence(session: Session) -> None:
    report = take(session, HEADING + MISSION)
    assert (report.institutions_added, report.contacts_added, report.presences_set) == (1, 1, 1)
    [mission] = queries.missions(session, "fr")
    assert mission.name == "Mission permanente de la Jordanie auprès de l’Office des Nations Unies à Genève"
    assert mission.language == "ar"
    [contact] = queries.contacts(session, mission.id)
    assert (contact.email, contact.language) == ("mission@jordan.example", "ar")
    known = queries.presences(session)["JOR", Seat.GENEVA]
    assert (known.presence, known.source, known.as_of.isoformat()) == (Presence.YES, "List 1", "2024-05-01")


@pytest.mark.parametrize("bom", ["", "\ufeff"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_delimiters_marks_and_line_ends(session: Session, bom: str, delimiter: str, end: str) -> None:
    table = bom + (HEADING + MISSION + MINISTRY).replace(",", delimiter).replace("\n", end)
    report = take(session, table)
    assert not report.faults
    assert (report.institutions_added, report.contacts_added) == (2, 2)


def test_twice_changes_nothing(session: Session) -> None:
    table = (
        HEADING + MISSION + MINISTRY + "Tuvalu,permanent_mission,geneva,,,,,,,List 1,2024-05-01,no\n"
        "Atlantis,ministry,,Ministry of Tides,,tides@atlantis.example,,,,,,\n"
        "jo,ministry,,Ministry of Health,health,health@jordan.example,,Sir,,,,\n"  # contradicts the third line
    )
    first = take(session, table)
    assert first.changes > 0
    counted = everything(session)
    second = take(session, table)
    assert second.changes == 0
    assert everything(session) == counted
    assert [note.line for note in second.kept] == [6]
    assert [note.line for note in second.unmatched] == [5]
    assert second.unchanged == 3


def test_row_without_state_goes_to_staff_and_nowhere_else(session: Session) -> None:
    report = take(session, HEADING + "Kosovo,ministry,,Ministry of X,,x@kosovo.example,,,,,,\n")
    assert [(note.line, "Kosovo" in note.reason) for note in report.unmatched] == [(2, True)]
    assert report.changes == 0
    [row] = unmatched.unmatched_rows(session)
    assert (row.source, row.line) == ("list.csv", 2)
    assert "x@kosovo.example" in row.content
    service.decide_unmatched(session, row.id, "not in the scope of the mandate", CLERK)
    session.flush()
    assert unmatched.unmatched_count(session) == 0


def test_presence_no_without_an_address(session: Session) -> None:
    report = take(session, HEADING + "TUV,permanent_mission,geneva,,,,,,,List 1,2024-05-01,no\n")
    assert (report.institutions_added, report.presences_set) == (0, 1)
    assert queries.presences(session)["TUV", Seat.GENEVA].presence is Presence.NO
    assert ("TUV", Seat.NEW_YORK) not in queries.presences(session)


def test_older_source_does_not_replace_a_later_one(session: Session) -> None:
    take(session, HEADING + "TUV,permanent_mission,geneva,,,,,,,List 2,2024-05-01,no\n")
    report = take(session, HEADING + "TUV,permanent_mission,geneva,,,,,,,List 1,2020-05-01,unknown\n")
    assert report.changes == 0
    assert [note.line for note in report.kept] == [2]
    assert queries.presences(session)["TUV", Seat.GENEVA].source == "List 2"


@pytest.mark.parametrize(
    "row",
    [
        "JOR,ministry,,Ministry,,not an address,,,,,,\n",
        "JOR,permanent_mission,vienna,,,a@b.example,,,,L,2024-05-01,\n",
        "JOR,permanent_mission,geneva,,,a@b.example,,,,L,31.5.2024,\n",
        "JOR,ministry,,Ministry,,a@b.example,,,fr,L,31.5.2024,\n",
    ],
)
def test_what_cannot_be_read_is_not_said_to_be_missing_too(row: str) -> None:
    with pytest.raises(Invalid) as refused:
        checked_row(read_rows((HEADING + row).encode())[0])
    assert len(refused.value.faults) == 1


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("JOR,embassy,geneva,,,a@b.example,,,,L,2024-05-01,\n", "embassy"),
        ("JOR,,geneva,,,a@b.example,,,,L,2024-05-01,\n", "kind of institution is missing"),
        ("JOR,permanent_mission,capital,,,a@b.example,,,,L,2024-05-01,\n", "geneva"),
        ("JOR,permanent_mission,vienna,,,a@b.example,,,,L,2024-05-01,\n", "vienna"),
        ("JOR,permanent_mission,geneva,,,a@b.example,,,,,,\n", "source and date"),
        ("JOR,permanent_mission,geneva,,,a@b.example,,,,L,2024-05-01,no\n", "does not exist"),
        ("JOR,permanent_observer_mission,geneva,,,a@b.example,,,,L,2024-05-01,\n", "observer"),
        ("VAT,permanent_mission,geneva,,,a@b.example,,,,L,2024-05-01,\n", "observer"),
        (",permanent_mission,geneva,,,a@b.example,,,,L,2024-05-01,\n", "State"),
        (",ministry,,Ministry,,a@b.example,,,,,,\n", "State"),
        ("JOR,ministry,,,,a@b.example,,,,,,\n", "name"),
        ("JOR,ministry,,Ministry,,,,,,,,\n", "e-mail"),
        ("JOR,ministry,,Ministry,,two words@b.example,,,,,,\n", "not an e-mail address"),
        ("JOR,ministry,,Ministry,,a@localhost,,,,,,\n", "not an e-mail address"),
        ('JOR,ministry,,Ministry,,"a@b.example\nBcc: c@d.example",,,,,,\n', "line break"),
        ("JOR,ministry,,Ministry,space,a@b.example,,,,,,\n", "space"),
        ("JOR,ministry,,Ministry,,a@b.example,,,de,L,2024-05-01,\n", "de"),
        ("JOR,ministry,,Ministry,,a@b.example,,,fr,,,\n", "source and date"),
        ("JOR,ministry,,Ministry,,a@b.example,,,,L,31.5.2024,\n", "2024-07-31"),
        ("JOR,ministry,,Ministry,,a@b.example,,,,L,2999-01-01,\n", "future"),
        ("JOR,ministry,,Ministry,,a@b.example,,,,,,yes\n", "missions only"),
        ("JOR,ministry,,Ministry,,a@b.example,,,,,,,surplus\n", "more values"),
        ("JOR,ministry,," + "x" * 2000 + ",,a@b.example,,,,,,\n", "longer"),
    ],
)
def test_bad_row_is_named_with_line_and_reason_and_the_others_are_taken(session: Session, row: str, words: str) -> None:
    report = take(session, HEADING + MISSION + row + MINISTRY)
    assert [note.line for note in report.faults] == [3]
    assert words in report.faults[0].reason
    assert report.contacts_added == 2
    assert session.scalar(select(func.count()).select_from(Contact)) == 2


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"name,email\nX,y@z.example\n",
        b"state,kind,colour\n",
        b"state,kind,kind\n",
        b"state,kind\n\xff\xfe\n",
        b"state,kind\nJOR\0,ministry\n",
        b'state,kind\n"JOR,ministry\n',
        b"state,kind\n" + b"x" * 200_000,
    ],
)
def test_what_is_no_table_is_refused_whole(session: Session, content: bytes) -> None:
    with pytest.raises(Invalid):
        import_file(session, content, "list.csv", CLERK)
    assert everything(session) == [0, 0, 0, 0]


def test_line_counts_lines_of_the_file(session: Session) -> None:
    report = take(
        session, HEADING + '\n\n"Jor\ndan",ministry,,M,,a@b.example,,,,,,\n,,,,,,,,,,,\nXX,nothing,,,,,,,,,,\n'
    )
    assert [note.line for note in report.faults] == [4, 7]


def test_second_address_and_changed_words_are_updates(session: Session) -> None:
    take(session, HEADING + MINISTRY)
    report = take(
        session,
        HEADING + "400,ministry,,MINISTRY OF HEALTH,health,Health@Jordan.example,Cabinet,,,,,\n"
        "الأردن,ministry,,Ministry of Health,,second@jordan.example,,,,,,\n",
    )
    assert (report.institutions_added, report.contacts_added, report.updated) == (0, 1, 1)
    [institution] = queries.institutions_of_state(session, "JOR", "en")
    first, second = queries.contacts(session, institution.id)
    assert {first.email, second.email} == {"health@jordan.example", "second@jordan.example"}
    changed = next(contact for contact in (first, second) if contact.email.startswith("health"))
    assert (changed.name, changed.salutation) == ("Cabinet", "Excellency")
    entry = session.scalars(select(AuditEntry).where(AuditEntry.act == "contact.updated")).one()
    assert (entry.actor, entry.before, entry.after) == (CLERK.name, {"name": None}, {"name": "Cabinet"})


def test_what_staff_retired_stays_retired_unless_the_source_is_later(session: Session) -> None:
    with clock.stopped_at(datetime(2024, 6, 1, tzinfo=UTC)):
        take(session, HEADING + MISSION)
        [mission] = queries.missions(session, "en")
        [contact] = queries.contacts(session, mission.id)
        service.retire_contact(session, contact.id, CLERK)
        report = take(session, HEADING + MISSION)
    assert (report.changes, [note.line for note in report.kept]) == (0, [2])
    with clock.stopped_at(datetime(2024, 8, 1, tzinfo=UTC)):
        later = take(session, HEADING + MISSION.replace("2024-05-01", "2024-07-01"))
    assert later.contacts_added == 1
    assert len(queries.contacts(session, mission.id)) == 1


def test_closed_mission_must_be_retired_by_a_person(session: Session) -> None:
    take(session, HEADING + MISSION)
    report = take(session, HEADING + "Jordan,permanent_mission,geneva,,,,,,,List 2,2024-06-01,no\n")
    assert [note.line for note in report.faults] == [2]
    assert queries.presences(session)["JOR", Seat.GENEVA].presence is Presence.YES


def test_body_without_a_state(session: Session) -> None:
    report = take(session, HEADING + ",trade_union,,Union of Examples,labour,office@union.example,,,,,,\n")
    assert report.institutions_added == 1
    found = session.scalars(select(Institution)).one()
    assert (found.kind, found.state_code) == (InstitutionKind.TRADE_UNION, None)


def test_progress_is_told_to_the_end(session: Session) -> None:
    told: list[tuple[int, int]] = []
    rows = "".join(f",university,,University {n},,u{n}@university.example,,,,,,\n" for n in range(BATCH + 1))
    report = import_file(
        session, (HEADING + rows).encode(), "list.csv", CLERK, lambda done, rows: told.append((done, rows))
    )
    assert told == [(BATCH, BATCH + 1), (BATCH + 1, BATCH + 1)]
    assert report.contacts_added == BATCH + 1


def test_rolled_back_import_has_done_nothing(session: Session) -> None:
    take(session, HEADING + MISSION + "Atlantis,ministry,,M,,a@b.example,,,,,,\n")
    session.rollback()
    assert everything(session) == [0, 0, 0, 0]


def test_the_document_names_all_columns_and_its_example_imports(session: Session) -> None:
    text = (ROOT / "docs" / "directory-import.md").read_text("utf-8")
    assert tuple(re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE)) == COLUMNS
    example = text.split("```csv\n")[1].split("```")[0]
    report = take(session, example)
    assert (report.faults, report.unmatched, report.kept) == ([], [], [])
    assert (report.rows, report.institutions_added, report.contacts_added, report.presences_set) == (4, 3, 3, 2)


def test_staff_say_of_which_state_a_row_is(session: Session) -> None:
    name = "Bureau · of sorts, state: none"
    take(session, HEADING + f'Atlantis,ministry,,"{name}",health,office@health.example,Cabinet,,,,,\n')
    [row] = unmatched.unmatched_rows(session)
    report = take_unmatched(session, row.id, "TUV", CLERK)
    session.flush()
    assert (report.institutions_added, report.contacts_added) == (1, 1)
    [line] = queries.institutions_of_state(session, "TUV", "en")
    assert line.kind is InstitutionKind.MINISTRY
    assert [contact.email for contact in queries.contacts(session, line.id)] == ["office@health.example"]
    assert unmatched.unmatched_rows(session) == []
    with pytest.raises(Missing):
        take_unmatched(session, row.id, "TUV", CLERK)


def test_a_row_that_cannot_be_taken_stays_before_staff(session: Session) -> None:
    take(session, HEADING + MISSION.replace("Jordan", "Atlantis").replace("permanent_m", "permanent_observer_m"))
    [row] = unmatched.unmatched_rows(session)
    with pytest.raises(Invalid, match="observer"):
        take_unmatched(session, row.id, "TUV", CLERK)
    assert unmatched.unmatched_rows(session) == [row]
