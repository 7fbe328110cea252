"""Changes of the directory by staff and by the other domains."""

import uuid
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.directory import finding, queries, service
from outreach.directory.models import InstitutionKind, Presence, Seat, Sector
from outreach.directory.service import ContactDetails, InstitutionDetails
from outreach.errors import Invalid, Missing
from outreach.identity.audit import Actor
from outreach.identity.models import AuditEntry

CLERK = Actor("clerk@secretariat.example")
HEALTH = InstitutionDetails(InstitutionKind.MINISTRY, "Ministry of Health", "JOR", Seat.CAPITAL, Sector.HEALTH)

pytestmark = pytest.mark.usefixtures("english")


def test_institution_and_contact_are_added_and_audited(session: Session) -> None:
    institution_id = service.add_institution(session, HEALTH, CLERK)
    contact_id = service.add_contact(session, institution_id, ContactDetails("Office@Health.Example", "staff"), CLERK)
    assert queries.institution_name(session, institution_id, "ru") == "Ministry of Health"
    [contact] = queries.contacts(session, institution_id)
    assert (contact.id, contact.email) == (contact_id, "Office@health.example")
    acts = set(session.scalars(select(AuditEntry.act)))
    assert acts == {"institution.added", "contact.added"}


def test_one_address_is_one_contact(session: Session) -> None:
    institution_id = service.add_institution(session, HEALTH, CLERK)
    first = service.add_contact(session, institution_id, ContactDetails("a@health.example", "staff"), CLERK)
    assert service.add_contact(session, institution_id, ContactDetails("A@health.example", "staff"), CLERK) == first


def test_faulty_details_are_refused(session: Session) -> None:
    for details in (
        InstitutionDetails(InstitutionKind.PERMANENT_MISSION, "", "JOR", Seat.CAPITAL),
        InstitutionDetails(InstitutionKind.MINISTRY, "  ", "JOR"),
        InstitutionDetails(InstitutionKind.MINISTRY, "Ministry", "XXX"),
        InstitutionDetails(InstitutionKind.MINISTRY, "Ministry", "JOR", language="de"),
    ):
        with pytest.raises(Invalid):
            service.add_institution(session, details, CLERK)
    institution_id = service.add_institution(session, HEALTH, CLERK)
    with pytest.raises(Invalid):
        service.add_contact(session, institution_id, ContactDetails("a@b.example\r\nBcc: c@d.example", "staff"), CLERK)
    with pytest.raises(Missing):
        service.add_contact(session, uuid.uuid4(), ContactDetails("a@b.example", "staff"), CLERK)


def test_retired_institution_takes_its_contacts_along(session: Session) -> None:
    institution_id = service.add_institution(session, HEALTH, CLERK)
    service.add_contact(session, institution_id, ContactDetails("a@health.example", "staff"), CLERK)
    service.retire_institution(session, institution_id, CLERK)
    session.flush()
    assert queries.contacts(session, institution_id) == []
    assert queries.institutions_of_state(session, "JOR", "en") == []


def test_refusal_is_kept_in_the_servers_words_until_a_delivery(session: Session) -> None:
    institution_id = service.add_institution(session, HEALTH, CLERK)
    contact_id = service.add_contact(session, institution_id, ContactDetails("a@health.example", "staff"), CLERK)
    service.addresses_refused(session, {contact_id: "550 5.1.1 No such user"})
    session.flush()
    assert queries.contacts(session, institution_id)[0].refused_words == "550 5.1.1 No such user"
    now = clock.now()
    service.addresses_delivered(session, {contact_id: now - timedelta(hours=1)})
    session.flush()
    assert queries.contacts(session, institution_id)[0].refused_at is not None  # the letter is older than the refusal
    service.addresses_delivered(session, {contact_id: now + timedelta(hours=1)})
    session.flush()
    assert queries.contacts(session, institution_id)[0].refused_at is None


def test_language_of_an_institution_else_of_its_state(session: Session) -> None:
    institution_id = service.add_institution(session, HEALTH, CLERK)
    assert queries.institution(session, institution_id, "en").language is None
    service.set_state_language(session, "JOR", "ar", source="note", as_of=date(2024, 5, 1), actor=CLERK)
    session.flush()
    assert queries.institution(session, institution_id, "en").language == "ar"


def test_presence_keeps_the_later_source(session: Session) -> None:
    def set_presence(presence: Presence, source: str, year: int) -> bool:
        day = date(year, 5, 1)
        return service.set_presence(session, "TUV", Seat.GENEVA, presence, source=source, as_of=day)

    assert set_presence(Presence.NO, "list", 2022)
    assert not set_presence(Presence.NO, "list", 2022)
    assert not set_presence(Presence.YES, "older list", 2020)
    assert set_presence(Presence.YES, "newer list", 2024)
    assert queries.presences(session)["TUV", Seat.GENEVA].source == "newer list"


def test_missions_of_both_posts_stand_in_the_order_of_the_language(session: Session) -> None:
    for code in ("ZMB", "EGY"):
        for seat in (Seat.NEW_YORK, Seat.GENEVA):
            service.add_institution(
                session, InstitutionDetails(InstitutionKind.PERMANENT_MISSION, "", code, seat), CLERK
            )
    found = [(line.state_code, line.seat) for line in queries.missions(session, "fr")]
    assert found == [(c, s) for c in ("EGY", "ZMB") for s in (Seat.GENEVA, Seat.NEW_YORK)]
    only = queries.missions(session, "fr", [Seat.GENEVA])
    assert [line.seat for line in only] == [Seat.GENEVA, Seat.GENEVA]


def test_what_is_not_there_is_missing(session: Session) -> None:
    with pytest.raises(Missing):
        queries.institution_name(session, uuid.uuid4(), "en")
    with pytest.raises(Missing):
        queries.state_name(session, "XXX", "en")


def mission(state: str = "JOR", kind: InstitutionKind = InstitutionKind.PERMANENT_MISSION) -> InstitutionDetails:
    return InstitutionDetails(kind, "", state, Seat.GENEVA)


def test_a_post_has_one_mission_of_a_state_and_of_the_right_kind(session: Session) -> None:
    first = service.add_institution(session, mission(), CLERK)
    with pytest.raises(Invalid, match="already"):
        service.add_institution(session, mission(), CLERK)
    service.retire_institution(session, first, CLERK)
    service.add_institution(session, mission(), CLERK)
    with pytest.raises(Invalid, match="observer"):
        service.add_institution(session, mission("VAT"), CLERK)
    service.add_institution(session, mission("VAT", InstitutionKind.PERMANENT_OBSERVER_MISSION), CLERK)


def test_staff_record_presence_with_source_and_date(session: Session) -> None:
    def record(presence: Presence, year: int, state: str = "TUV", seat: Seat = Seat.GENEVA) -> bool:
        day = date(year, 5, 1)
        return service.record_presence(session, state, seat, presence, source=f"List {year}", as_of=day, actor=CLERK)

    assert record(Presence.NO, 2024)
    assert not record(Presence.NO, 2024)
    entry = session.scalars(select(AuditEntry)).one()
    assert (entry.act, entry.before, (entry.after or {})["presence"]) == ("mission_presence.changed", None, "no")
    with pytest.raises(Invalid, match="later source"):
        record(Presence.YES, 2020)
    with pytest.raises(Invalid, match="future"):
        record(Presence.YES, 2124)
    with pytest.raises(Missing):
        record(Presence.YES, 2024, seat=Seat.CAPITAL)
    with pytest.raises(Missing):
        record(Presence.YES, 2024, "XXX")
    service.add_institution(session, mission(), CLERK)
    with pytest.raises(Invalid, match="retire it"):
        record(Presence.NO, 2024, "JOR")


def test_searching_finds_names_in_any_language_and_addresses(session: Session) -> None:
    ministry = service.add_institution(session, HEALTH, CLERK)
    union = service.add_institution(
        session, InstitutionDetails(InstitutionKind.TRADE_UNION, "Union of 100% Examples"), CLERK
    )
    service.add_contact(session, ministry, ContactDetails("cabinet@health.example", "staff"), CLERK)
    retired = service.add_contact(session, union, ContactDetails("old@union.example", "staff"), CLERK)
    service.retire_contact(session, retired, CLERK)

    def found(text: str) -> set[uuid.UUID]:
        return {line.id for line in queries.institutions_matching(session, text, "en", 50)}

    assert found("cabinet@") == {ministry}
    assert found("100%") == {union}
    assert found("old@union") == set()
    assert finding.states_matching(session, "иордан") == {"JOR"}
    assert finding.states_matching(session, "jo") >= {"JOR"}
    assert finding.states_matching(session, "  ") == set()
    assert [line.id for line in queries.institutions_without_state(session, "en")] == [union]
    counted = queries.address_counts(session, [ministry, union])
    assert counted == {ministry: queries.AddressCount(1, 0)}
