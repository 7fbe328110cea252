"""The directory on the web: States and their missions, institutions and addresses, imports, rows without a State."""

import uuid
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from outreach.directory import import_words, queries, unmatched
from outreach.directory.importing import ImportReport, import_file
from outreach.directory.models import Contact, InstitutionKind, Presence, Seat
from outreach.identity.audit import SERVICE
from outreach.identity.models import AuditEntry
from outreach.identity.words import StaffRole
from tests import factories
from tests.web.desk import signed_in
from tests.web.visitor import document, send, text_of

pytestmark = pytest.mark.usefixtures("at_now", "english")

TABLE = (
    "state;kind;seat;email;source;as_of\n"
    "Jordan;permanent_mission;geneva;mission@jordan.example;List 1;2024-05-01\n"
    "Tuvalu;permanent_mission;vienna;mission@tuvalu.example;List 1;2024-05-01\n"
    "Atlantis;permanent_mission;geneva;mission@atlantis.example;List 1;2024-05-01\n"
)


@pytest.fixture
def manager(app: Flask, session: Session) -> FlaskClient:
    return signed_in(app, session, StaffRole.MANAGER)


@pytest.fixture
def reader(app: Flask, session: Session) -> FlaskClient:
    return signed_in(app, session, StaffRole.READER)


def row(page: TestResponse, state: str) -> str:
    (found,) = [one for one in document(page).xpath("//tbody/tr") if one.xpath("string(td[1])").strip() == state]
    return " ".join(found.text_content().split())


def states_of(page: TestResponse) -> list[str]:
    return [cell.text_content().strip() for cell in document(page).xpath("//tbody/tr/td[1]")]


def test_the_195_stand_in_the_order_of_the_reader(reader: FlaskClient) -> None:
    english = states_of(reader.get("/staff/directory"))
    assert len(english) == 195 and english[0] == "Afghanistan"
    russian = states_of(reader.get("/staff/directory?lang=ru"))
    assert len(russian) == 195 and russian[0] == "Австралия"


def test_each_post_shows_what_its_source_says(reader: FlaskClient, session: Session) -> None:
    import_file(session, TABLE.encode(), "list.csv", SERVICE)
    lost = factories.mission(session, "KAZ")
    session.scalars(select(Contact).where(Contact.institution_id == lost.id)).one().refused_at = factories.NOW
    session.commit()
    page = reader.get("/staff/directory")
    assert "Geneva: yes 1 address List 1 · 1 May 2024" in row(page, "Jordan")
    assert "New York: unknown" in row(page, "Jordan")
    assert "1 refused" in row(page, "Kazakhstan")
    careless = states_of(reader.get("/staff/directory?show=care"))
    assert "Kazakhstan" in careless and "Jordan" in careless, "its New York post is unknown"


def test_searching_and_filtering(reader: FlaskClient, session: Session) -> None:
    factories.institution(session, state_code="KAZ", name="Ministry of Invented Affairs", email="a@affairs.example")
    factories.institution(
        session, InstitutionKind.TRADE_UNION, state_code=None, name="Union of Examples", email="a@union.example"
    )
    session.commit()
    assert states_of(reader.get("/staff/directory?q=Иордания")) == ["Jordan"]
    found = reader.get("/staff/directory?q=affairs.example")
    assert states_of(found) == ["Kazakhstan"] and "Ministry of Invented Affairs" in text_of(found)
    assert "Union of Examples" in text_of(reader.get("/staff/directory?q=union"))
    assert "Union of Examples" in text_of(reader.get("/staff/directory"))
    assert states_of(reader.get("/staff/directory?group=observers")) == ["Holy See", "State of Palestine"]
    assert "nothing like this" in text_of(reader.get("/staff/directory?q=Atlantis"))


def test_a_state_page_shows_names_missions_and_address_health(reader: FlaskClient, session: Session) -> None:
    mission = factories.mission(session, "KAZ")
    contact = session.scalars(select(Contact).where(Contact.institution_id == mission.id)).one()
    contact.refused_at, contact.refused_words = factories.NOW, "550 no such user"
    session.commit()
    text = text_of(reader.get("/staff/directory/states/kaz"))
    for words in (
        "Republic of Kazakhstan",
        "Asia-Pacific States",
        "Permanent Mission of Kazakhstan to the United Nations Office at Geneva",
        "English and French together",
        "550 no such user",
    ):
        assert words in text
    assert reader.get("/staff/directory/states/XXX").status_code == 404


def test_presence_is_recorded_with_source_and_date(manager: FlaskClient, session: Session) -> None:
    page = "/staff/directory/states/TUV"
    act = f"{page}/missions/geneva"
    said = {"geneva-presence": "no", "geneva-source": "List 118", "geneva-as_of": "2024-05-01"}
    faulty = send(manager, act, said | {"geneva-source": " "}, page=page)
    assert faulty.status_code == 422
    assert document(faulty).xpath("//input[@name='geneva-as_of']/@value") == ["2024-05-01"]
    assert len(document(faulty).xpath("//p[@class='fault']")) == 1
    future = send(manager, act, said | {"geneva-as_of": "2100-01-01"}, page=page)
    assert "lies in the future" in document(future).xpath("string(//p[@id='geneva-as_of-fault'])")
    assert send(manager, act, said, page=page).status_code == 302
    known = queries.presences(session)["TUV", Seat.GENEVA]
    assert (known.presence, known.source) == (Presence.NO, "List 118")
    assert session.scalars(select(AuditEntry.actor).where(AuditEntry.act == "mission_presence.changed")).all() == [
        "manager@secretariat.example"
    ]
    assert send(manager, f"{page}/missions/capital", said, page=page).status_code == 404


def test_language_of_correspondence_is_recorded(manager: FlaskClient, session: Session) -> None:
    page = "/staff/directory/states/TUV"
    said = {"language-language": "fr", "language-source": "Its note of 3 May", "language-as_of": "2024-05-03"}
    assert send(manager, f"{page}/language", said | {"language-language": "de"}, page=page).status_code == 422
    assert send(manager, f"{page}/language", said, page=page).status_code == 302
    assert queries.state_languages(session)["TUV"] == queries.StateLanguage(
        "fr", "Its note of 3 May", factories.date(2024, 5, 3)
    )
    assert "Français Its note of 3 May · 3 May 2024" in text_of(manager.get(page))


def test_an_institution_is_added_with_its_address(manager: FlaskClient, session: Session) -> None:
    new = "/staff/directory/institutions/new"
    said = {
        "kind": "ministry", "state": "TUV", "seat": "", "sector": "health", "name": "Ministry of Health",
        "email": "office@health.example", "contact_name": "", "salutation": "", "language": "", "source": "Its letter",
    }  # fmt: skip
    for fault in ({"email": "none"}, {"name": ""}, {"source": ""}, {"state": "XXX"}, {"kind": "kingdom"}):
        refused = send(manager, new, said | fault, page=f"{new}?state=TUV")
        assert refused.status_code == 422, fault
        if "name" not in fault:
            assert document(refused).xpath("//input[@name='name']/@value") == ["Ministry of Health"]
    assert queries.institutions_of_state(session, "TUV", "en") == []
    assert send(manager, new, said).status_code == 302
    [line] = queries.institutions_of_state(session, "TUV", "en")
    assert (line.name, line.seat) == ("Ministry of Health", Seat.CAPITAL)


def test_a_mission_is_added_once_and_its_presence_with_it(manager: FlaskClient, session: Session) -> None:
    (link,) = document(manager.get("/staff/directory/states/TUV")).xpath("//a[contains(@href, 'seat=geneva')]/@href")
    chosen = document(manager.get(link)).xpath("//option[@selected]/@value")
    assert chosen[:3] == ["permanent_mission", "TUV", "geneva"]
    new = "/staff/directory/institutions/new"
    said = {
        "kind": chosen[0],
        "state": chosen[1],
        "seat": chosen[2],
        "email": "mission@tuvalu.example",
        "source": "List",
        "sector": "",
        "language": "",
    }
    assert send(manager, new, said).status_code == 302
    assert queries.presences(session)["TUV", Seat.GENEVA].presence is Presence.YES
    again = send(manager, new, said)
    assert again.status_code == 422 and "already" in text_of(again)


def test_addresses_are_added_and_retired(manager: FlaskClient, session: Session) -> None:
    of = factories.institution(session, state_code="KAZ", name="Ministry of Invented Affairs", email="old@x.example")
    session.commit()
    page = f"/staff/directory/institutions/{of.id}"
    faulty = send(manager, f"{page}/contacts", {"email": "none", "source": "Its letter"}, page=page)
    assert faulty.status_code == 422
    assert document(faulty).xpath("//details[@open]//input[@name='email']/@value") == ["none"]
    added = {"email": "new@x.example", "source": "Its letter", "language": "fr", "salutation": "Mme la Ministre"}
    assert send(manager, f"{page}/contacts", added, page=page).status_code == 302
    old = next(one for one in queries.contacts(session, of.id) if one.email == "old@x.example")
    assert send(manager, f"/staff/directory/contacts/{old.id}/retire", page=page).status_code == 302
    assert [one.email for one in queries.contacts(session, of.id)] == ["new@x.example"]
    assert send(manager, f"{page}/retire", page=page).status_code == 302
    assert "Retired on 15 February 2027" in text_of(manager.get(page))
    assert send(manager, f"{page}/contacts", added, page="/staff/directory/institutions/new").status_code == 404
    assert manager.get(f"/staff/directory/institutions/{uuid.uuid4()}").status_code == 404


def upload(client: FlaskClient, content: bytes, name: str = "list.csv") -> TestResponse:
    return send(client, "/staff/directory/import", {"do": "preview", "file": (BytesIO(content), name)})


def counted(session: Session) -> tuple[int, int]:
    return session.scalar(select(func.count()).select_from(Contact)) or 0, unmatched.unmatched_count(session)


def test_an_import_is_previewed_and_then_done_with_the_same_content(manager: FlaskClient, session: Session) -> None:
    preview = upload(manager, TABLE.encode(), "../list\u202e.csv")
    assert preview.status_code == 200
    text = text_of(preview)
    assert "Nothing was changed yet." in text
    assert "Line 3: “vienna”" in text and "Line 4: “Atlantis” names no State of the 195." in text
    assert counted(session) == (0, 0)
    said: ImportReport = import_file(session, TABLE.encode(), "the command line's", SERVICE)
    session.rollback()
    assert all(line in text for line in import_words.figures(said)), "the same report as on the command line"
    form = {
        one.get("name"): one.get("value")
        for one in document(preview).xpath("//main//form//input | //main//form//button[@value='apply']")
    }
    assert form["source"] == ".._list_.csv"
    done = manager.post("/staff/directory/import", data=form)
    assert done.status_code == 200 and "The import is done" in text_of(done)
    assert counted(session) == (1, 1)
    assert manager.post("/staff/directory/import", data=form).status_code == 200
    assert counted(session) == (1, 1), "twice is once"


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"one,two\n1,2\n", b"PK\x03\x04\0\0"])
def test_a_file_that_is_no_such_table_is_refused(manager: FlaskClient, content: bytes) -> None:
    assert upload(manager, content).status_code == 422


def test_an_import_needs_its_file(manager: FlaskClient) -> None:
    page = "/staff/directory/import"
    assert "Please choose a file." in text_of(send(manager, page, {"do": "preview"}))
    for key in ("", "0" * 64, "../../etc/passwd"):
        assert send(manager, page, {"do": "apply", "content": key, "source": "x"}).status_code == 422
    large = upload(manager, b"state,kind\n" + b"x" * (5 * 1024 * 1024))
    assert large.status_code == 422 and "5 MB" in text_of(large)


def test_rows_without_a_state_are_decided_by_a_person(manager: FlaskClient, session: Session) -> None:
    import_file(session, TABLE.encode(), "list.csv", SERVICE)
    import_file(session, TABLE.replace("Atlantis", "Lemuria").encode(), "list.csv", SERVICE)
    session.commit()
    page = "/staff/directory/unmatched"
    first, second = unmatched.unmatched_rows(session)
    assert "“Atlantis” names no State of the 195." in text_of(manager.get(page))
    wrong = send(manager, f"{page}/{first.id}", {"do": "take", "state": "Lemuria"}, page=page)
    assert wrong.status_code == 422
    assert document(wrong).xpath(f"//input[@id='state-{first.id}']/@value") == ["Lemuria"]
    assert send(manager, f"{page}/{first.id}", {"do": "leave", "reason": " "}, page=page).status_code == 422
    assert send(manager, f"{page}/{first.id}", {"do": "take", "state": "Тувалу"}, page=page).status_code == 302
    assert [line.seat for line in queries.institutions_of_state(session, "TUV", "en")] == [Seat.GENEVA]
    assert send(manager, f"{page}/{second.id}", {"do": "leave", "reason": "No State"}, page=page).status_code == 302
    assert unmatched.unmatched_rows(session) == []
    decided = session.scalars(select(AuditEntry.after).where(AuditEntry.act == "unmatched_row.decided")).all()
    assert {(entry or {})["decision"] for entry in decided} == {"TUV", "No State"}
    manager.get(page)
    assert (
        send(
            manager, f"{page}/{second.id}", {"do": "leave", "reason": "No State"}, page="/staff/directory/import"
        ).status_code
        == 404
    )


def test_readers_see_no_acts(reader: FlaskClient, session: Session) -> None:
    of = factories.institution(session, state_code="KAZ", email="old@x.example")
    import_file(session, TABLE.encode(), "list.csv", SERVICE)
    session.commit()
    for address in ("", "/states/KAZ", f"/institutions/{of.id}", "/unmatched"):
        page = reader.get(f"/staff/directory{address}")
        assert page.status_code == 200
        assert not document(page).xpath('//main//form[@method="post"]'), address
    for address in ("/import", "/institutions/new"):
        assert reader.get(f"/staff/directory{address}").status_code == 403
