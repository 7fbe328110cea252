"""Later deadlines: whom they hold for, whom a letter tells; requests for more time; what is refused; two decisions at once."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from outreach import clock
from outreach.campaigns import extensions, invitations, service
from outreach.campaigns.deadlines import deadline_for
from outreach.campaigns.extensions import Announcement, end_of
from outreach.campaigns.letters import queue_for
from outreach.campaigns.stages import FactKind
from outreach.correspondence import queries as correspondence
from outreach.correspondence.models import LetterKind
from outreach.db import Database
from outreach.directory import service as directory
from outreach.errors import Invalid, Missing, Refused, Stale
from outreach.identity.models import AuditEntry
from tests import factories
from tests.campaigns.asked import MANAGER, World, at_once, happened, letters, world

pytestmark = pytest.mark.usefixtures("english", "_at_the_time")

LATER = end_of(date(2027, 3, 31), "Europe/Zurich")
REASON = "Consultations with the provinces"
PATIENCE = 20
"""Seconds after which PostgreSQL refuses a statement that waits for somebody's row."""


@pytest.fixture
def _at_the_time():  # type: ignore[no-untyped-def]
    with clock.stopped_at(factories.NOW):
        yield


@pytest.fixture
def w(session: Session) -> World:
    return world(session)


def told(session: Session, w: World) -> set[str]:
    return {name for name, one in w.everybody.items() if letters(session, one, LetterKind.EXTENSION)}


def test_one_state_gets_more_time_and_a_letter_says_until_when(session: Session, w: World) -> None:
    done = extensions.extend(session, w.campaign.id, "KAZ", LATER, REASON, MANAGER)
    assert deadline_for(session, w.campaign, "KAZ").at == LATER
    assert deadline_for(session, w.campaign, "JOR").at == factories.DEADLINE
    assert told(session, w) == {"geneva", "new_york", "ministry", "commission", "union"}
    assert done.letters == 5
    (letter,) = letters(session, w.geneva, LetterKind.EXTENSION)
    assert "31 March 2027, 23:59 (Geneva)" in correspondence.shown(session, letter.id).text


def test_all_get_more_time_but_those_who_had_more_already(session: Session, w: World) -> None:
    extensions.extend(session, w.campaign.id, "JOR", LATER + timedelta(days=30), REASON, MANAGER)
    extensions.extend(session, w.campaign.id, None, LATER, REASON, MANAGER)
    assert deadline_for(session, w.campaign, "JOR").at == LATER + timedelta(days=30)
    assert deadline_for(session, w.campaign, None).at == LATER
    assert len(letters(session, w.jordan, LetterKind.EXTENSION)) == 1
    assert told(session, w) == set(w.everybody)


@pytest.mark.parametrize(
    ("who", "fact", "silent"),
    [
        ("new_york", FactKind.TRANSMITTED, {"geneva", "new_york", "ministry"}),
        ("geneva", FactKind.NO_SUBMISSION_EXPECTED, {"geneva", "new_york", "ministry"}),
        ("union", FactKind.SUBMITTED, {"union"}),
        ("ministry", FactKind.SENT_TO_MISSION, {"ministry"}),
        ("commission", FactKind.WRONG_ADDRESSEE, {"commission"}),
        ("geneva", FactKind.MAIL_RECEIVED, set()),
    ],
)
def test_those_who_have_answered_are_not_told(
    session: Session, w: World, who: str, fact: FactKind, silent: set[str]
) -> None:
    happened(session, w.everybody[who], fact, at=factories.NOW)
    before = extensions.announcement(session, w.campaign.id, None, LATER)
    done = extensions.extend(session, w.campaign.id, None, LATER, REASON, MANAGER)
    assert told(session, w) == set(w.everybody) - silent
    assert before == Announcement(letters=done.letters, institutions=7 - len(silent))


def test_the_announcement_counts_mailboxes_that_work(session: Session, w: World) -> None:
    jordan = session.get_one(factories.Institution, w.jordan.institution_id)
    factories.contact(session, jordan, "second@geneva.example")
    gone = factories.contact(session, jordan, "gone@geneva.example")
    directory.addresses_refused(session, {gone.id: "550 no such user"})
    session.flush()
    assert extensions.announcement(session, w.campaign.id, "JOR", LATER) == Announcement(letters=2, institutions=1)
    assert extensions.extend(session, w.campaign.id, "JOR", LATER, REASON, MANAGER).letters == 2


def test_a_preview_changes_nothing(session: Session, database: Database, w: World) -> None:
    session.commit()
    with database.reading() as reading:
        assert extensions.announcement(reading, w.campaign.id, None, LATER).institutions == 7
    assert extensions.granted(session, w.campaign.id) == []


@pytest.mark.parametrize(
    ("state", "deadline_at", "reason", "field"),
    [
        ("KAZ", factories.DEADLINE, REASON, "day"),
        (None, factories.DEADLINE - timedelta(days=1), REASON, "day"),
        (None, factories.NOW + timedelta(days=800), REASON, "day"),
        (None, LATER, " ", "reason"),
    ],
)
def test_what_cannot_be_granted_is_said_at_its_field(
    session: Session, w: World, state: str | None, deadline_at: datetime, reason: str, field: str
) -> None:
    with pytest.raises(Invalid) as found:
        extensions.extend(session, w.campaign.id, state, deadline_at, reason, MANAGER)
    assert found.value.field == field
    assert told(session, w) == set()


def test_a_deadline_that_has_passed_is_extended_to_one_that_has_not(session: Session, w: World) -> None:
    with clock.stopped_at(factories.DEADLINE + timedelta(days=9)):
        with pytest.raises(Invalid) as found:
            extensions.extend(session, w.campaign.id, None, factories.DEADLINE + timedelta(days=3), REASON, MANAGER)
        assert found.value.field == "day"
        assert extensions.extend(session, w.campaign.id, None, LATER, REASON, MANAGER).letters == 7


def test_only_a_call_that_runs_is_extended(session: Session, w: World) -> None:
    with pytest.raises(Missing):
        extensions.extend(session, w.geneva.id, None, LATER, REASON, MANAGER)
    with pytest.raises(Missing):
        extensions.extend(session, w.campaign.id, "XXX", LATER, REASON, MANAGER)
    with pytest.raises(Refused):
        extensions.extend(session, factories.campaign(session, launched=False).id, None, LATER, REASON, MANAGER)
    service.close(session, w.campaign.id, MANAGER)
    with pytest.raises(Refused):
        extensions.extend(session, w.campaign.id, None, LATER, REASON, MANAGER)
    with pytest.raises(Refused):
        extensions.ask_for_time(session, w.geneva.id, date(2027, 3, 31), REASON, MANAGER)


def test_an_extension_stays_with_who_granted_it_and_why(session: Session, w: World) -> None:
    extensions.extend(session, w.campaign.id, "KAZ", LATER, f" {REASON} ", MANAGER)
    (line,) = extensions.granted(session, w.campaign.id)
    assert (line.state_code, line.deadline_at, line.reason) == ("KAZ", LATER, REASON)
    assert (line.granted_at, line.granted_by) == (factories.NOW, MANAGER.name)
    entry = session.scalars(select(AuditEntry).where(AuditEntry.act == "campaign.extended")).one()
    assert entry.before == {"state": "KAZ", "deadline": factories.DEADLINE.isoformat()}
    assert entry.after is not None and entry.after["letters"] == 5


@pytest.mark.parametrize(
    ("day", "zone", "end"),
    [
        (date(2027, 3, 31), "Europe/Zurich", datetime(2027, 3, 31, 21, 59, tzinfo=UTC)),
        (date(2027, 3, 31), "America/New_York", datetime(2027, 4, 1, 3, 59, tzinfo=UTC)),
        (date(2027, 10, 28), "Africa/Cairo", datetime(2027, 10, 28, 21, 59, tzinfo=UTC)),
    ],
)
def test_until_a_day_means_its_last_minute_in_the_deadlines_zone(day: date, zone: str, end: datetime) -> None:
    assert end_of(day, zone) == end


# Requests for more time.


def test_a_request_waits_and_a_second_one_replaces_it(session: Session, w: World) -> None:
    first = extensions.ask_for_time(session, w.geneva.id, date(2027, 3, 20), REASON, MANAGER)
    again = extensions.ask_for_time(session, w.geneva.id, date(2027, 3, 31), "More", MANAGER)
    (line,) = extensions.requests(session, w.campaign.id)
    assert first == again == line.id
    assert (line.until, line.reason, line.state_code, line.decided_at) == (date(2027, 3, 31), "More", "KAZ", None)
    assert extensions.latest_request(session, w.geneva.id) == line
    assert extensions.latest_request(session, w.new_york.id) is None


@pytest.mark.parametrize(
    ("until", "reason", "field"),
    [
        (date(2027, 2, 26), REASON, "until"),
        (date(2027, 2, 1), REASON, "until"),
        (date(2030, 1, 1), REASON, "until"),
        (date(2027, 3, 31), "", "reason"),
    ],
)
def test_a_request_names_a_later_day_and_a_reason(
    session: Session, w: World, until: date, reason: str, field: str
) -> None:
    with pytest.raises(Invalid) as found:
        extensions.ask_for_time(session, w.geneva.id, until, reason, MANAGER)
    assert found.value.field == field


def test_a_request_is_granted_until_the_day_that_staff_choose(session: Session, w: World) -> None:
    request = extensions.ask_for_time(session, w.geneva.id, date(2027, 4, 30), REASON, MANAGER)
    done = extensions.grant(session, request, LATER, "A month at most", MANAGER)
    assert deadline_for(session, w.campaign, "KAZ").at == LATER
    assert done.letters == 5
    line = extensions.latest_request(session, w.geneva.id)
    assert line is not None and (line.granted, line.decided_by) == (True, MANAGER.name)


def test_an_extension_grants_the_requests_that_it_meets(session: Session, w: World) -> None:
    met = extensions.ask_for_time(session, w.geneva.id, date(2027, 3, 31), REASON, MANAGER)
    open_still = extensions.ask_for_time(session, w.jordan.id, date(2027, 4, 1), REASON, MANAGER)
    done = extensions.extend(session, w.campaign.id, None, LATER, "For all", MANAGER)
    assert done.requests_granted == 1
    waiting, decided = extensions.requests(session, w.campaign.id)
    assert (waiting.id, waiting.decided_at) == (open_still, None)
    assert (decided.id, decided.granted) == (met, True)


def test_a_request_that_is_declined_leaves_the_deadline_and_is_told_why(session: Session, w: World) -> None:
    request = extensions.ask_for_time(session, w.geneva.id, date(2027, 4, 30), REASON, MANAGER)
    with pytest.raises(Invalid) as found:
        extensions.decline(session, request, " ", MANAGER)
    assert found.value.field == "reason"
    extensions.decline(session, request, "The report goes to print.", MANAGER)
    assert deadline_for(session, w.campaign, "KAZ").at == factories.DEADLINE
    assert told(session, w) == {"geneva"}
    (letter,) = letters(session, w.geneva, LetterKind.EXTENSION)
    words = " ".join(correspondence.shown(session, letter.id).text.split())
    assert "could not be extended until 30 April 2027" in words
    assert "> The report goes to print." in words
    assert "Replies remain requested no later than 26 February 2027, 23:59 (Geneva)." in words
    entry = session.scalars(select(AuditEntry).where(AuditEntry.act == "extension_request.decided")).one()
    assert entry.after == {"granted": False, "reason": "The report goes to print."}


def test_a_request_is_decided_once(session: Session, w: World) -> None:
    request = extensions.ask_for_time(session, w.geneva.id, date(2027, 4, 30), REASON, MANAGER)
    extensions.decline(session, request, "No", MANAGER)
    with pytest.raises(Stale, match=r"manager@secretariat\.example decided on this request on 15 February 2027"):
        extensions.decline(session, request, "No", MANAGER)
    with pytest.raises(Stale):
        extensions.grant(session, request, LATER, REASON, MANAGER)
    with pytest.raises(Missing):
        extensions.decline(session, w.geneva.id, "No", MANAGER)
    asked_again = extensions.ask_for_time(session, w.geneva.id, date(2027, 4, 30), "Please", MANAGER)
    assert asked_again != request


def test_an_institution_without_a_state_has_the_deadline_of_all(session: Session, w: World) -> None:
    request = extensions.ask_for_time(session, w.organization.id, date(2027, 3, 31), REASON, MANAGER)
    with pytest.raises(Refused):
        extensions.grant(session, request, LATER, REASON, MANAGER)
    extensions.extend(session, w.campaign.id, None, LATER, REASON, MANAGER)
    line = extensions.latest_request(session, w.organization.id)
    assert line is not None and line.granted


# At once.


def test_an_answer_that_is_being_recorded_and_an_extension_do_not_wait_for_each_other(
    session: Session, database: Database, w: World
) -> None:
    session.commit()
    with database.writing() as answering, database.writing() as extending:
        for one in (answering, extending):
            one.execute(text(f"SET lock_timeout = '{PATIENCE}s'"))
        invitations.record(answering, w.geneva.id, FactKind.TRANSMITTED, by="the mission")
        # Its letters refer to the row that this fact holds, and ours to the campaign, which the extension holds by now.
        extensions.extend(extending, w.campaign.id, None, LATER, REASON, MANAGER)
        queue_for(answering, w.geneva, LetterKind.CODE, "code-1", values={"code": "482913"}, variant="transmit")
        answering.commit()
        extending.commit()
    assert len(letters(session, w.geneva, LetterKind.CODE)) == 1
    assert [line.deadline_at for line in extensions.granted(session, w.campaign.id)] == [LATER]


def test_two_who_decide_at_once_decide_once(session: Session, database: Database, w: World) -> None:
    request = extensions.ask_for_time(session, w.geneva.id, date(2027, 3, 31), REASON, MANAGER)
    session.commit()

    def grant() -> None:
        with database.writing() as own:
            extensions.grant(own, request, LATER, REASON, MANAGER)
            own.commit()

    def extend() -> None:
        with database.writing() as own:
            extensions.extend(own, w.campaign.id, None, LATER, REASON, MANAGER)
            own.commit()

    def decline() -> None:
        with database.writing() as own:
            extensions.decline(own, request, "No", MANAGER)
            own.commit()

    faults = at_once(grant, extend, decline)
    assert {type(fault) for fault in faults} <= {Stale, Invalid}
    entries = session.scalars(select(AuditEntry).where(AuditEntry.act == "extension_request.decided")).all()
    assert len(entries) == 1


def test_nobody_who_acts_waits_for_an_extension_that_is_being_written(
    session: Session, database: Database, w: World
) -> None:
    session.commit()
    with database.writing() as extending, database.writing() as acting:
        extensions.extend(extending, w.campaign.id, None, LATER, REASON, MANAGER)
        acting.execute(text(f"SET lock_timeout = '{PATIENCE}s'"))
        invitations.record(acting, w.geneva.id, FactKind.ACKNOWLEDGED, by="the mission")
        acting.commit()
        extending.commit()
    assert told(session, w) == set(w.everybody)
