"""The launch: whom it asks, once; what it would send, said before; what keeps it from sending."""

import uuid
from collections.abc import Iterable
from datetime import timedelta

import pytest
from sqlalchemy import event, func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from outreach import clock, doorbell
from outreach.campaigns import audience as audience_of
from outreach.campaigns import invitations, launch, lint, queries, service
from outreach.campaigns.letters import queue_for
from outreach.campaigns.links_check import Verdict
from outreach.campaigns.models import Campaign, CampaignFile, CampaignText, FileKind, Invitation
from outreach.correspondence.models import Letter, LetterKind
from outreach.db import Database
from outreach.directory.models import InstitutionKind, Seat
from outreach.errors import Invalid, Missing, Refused
from outreach.identity.audit import SERVICE
from outreach.identity.models import AuditEntry
from outreach.storage import Storage
from tests import factories
from tests.campaigns.asked import at_once

pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture
def campaign(session: Session, storage: Storage) -> Campaign:
    """Ready to be launched, and nobody asked yet."""
    version = factories.questionnaire(session)
    return factories.campaign(
        session, storage=storage, launched=False, deadline_at=factories.DEADLINE, questionnaire_version_id=version.id
    )


def test_the_plan_is_what_the_launch_does(session: Session, campaign: Campaign) -> None:
    factories.mission(session, "FRA", language="fr")
    both = factories.mission(session, "KAZ")
    factories.contact(session, both, "second@geneva.example", language="ru")
    factories.contact(session, both, "gone@geneva.example", refused_at=factories.NOW, refused_words="550 no such user")
    with clock.stopped_at(factories.NOW):
        planned = launch.plan(session, campaign)
        done = launch.launch(session, campaign.id, SERVICE)
    assert (planned.missions, planned.states, planned.letters) == (2, 2, 3)
    assert (done.invitations, done.letters) == (2, 3)
    queued = session.scalars(select(Letter.language)).all()
    assert planned.languages == {language: queued.count(language) for language in queued}
    assert {"fr", "ru"} <= set(planned.languages)


def test_a_mission_whose_addresses_were_all_refused_is_not_asked_without_a_letter(
    session: Session, campaign: Campaign
) -> None:
    factories.mission(session, "FRA")
    lost = factories.institution(session, InstitutionKind.PERMANENT_MISSION, state_code="KAZ", seat=Seat.GENEVA)
    factories.contact(session, lost, "gone@geneva.example", refused_at=factories.NOW, refused_words="550 no such user")
    with clock.stopped_at(factories.NOW):
        planned = launch.plan(session, campaign)
        launch.launch(session, campaign.id, SERVICE)
    assert (planned.letters, planned.without_address) == (1, 1)
    assert session.scalars(select(Invitation.institution_id)).all() != []
    assert lost.id not in session.scalars(select(Invitation.institution_id)).all()


def test_launching_twice_asks_only_those_who_came_since(session: Session, campaign: Campaign) -> None:
    factories.mission(session, "FRA")
    with clock.stopped_at(factories.NOW):
        first = launch.launch(session, campaign.id, SERVICE)
        again = launch.launch(session, campaign.id, SERVICE)
        factories.mission(session, "KAZ")
        later = launch.launch(session, campaign.id, SERVICE)
    assert [done.letters for done in (first, again, later)] == [1, 0, 1]


def test_nobody_is_asked_where_something_stands_against_it(session: Session, campaign: Campaign) -> None:
    factories.mission(session, "FRA")
    with clock.stopped_at(factories.DEADLINE), pytest.raises(Invalid) as refused:
        launch.launch(session, campaign.id, SERVICE)
    assert any("has passed" in sentence for sentence in refused.value.faults)
    assert session.scalars(select(Invitation.id)).all() == []


def test_a_launch_needs_as_many_statements_for_many_as_for_few(session: Session, storage: Storage) -> None:
    """A launch to thousands happens while somebody waits for the page."""

    def statements(states: list[str]) -> int:
        version = factories.questionnaire(session)
        one = factories.campaign(session, storage=storage, launched=False, questionnaire_version_id=version.id)
        for state in states:
            factories.contact(session, factories.mission(session, state, language="en"), f"{state}@second.example")
        session.flush()
        seen: list[str] = []

        def note(*given: object) -> None:
            seen.append(str(given[2]))

        event.listen(session.get_bind(), "before_cursor_execute", note)
        with clock.stopped_at(factories.NOW):
            launch.launch(session, one.id, SERVICE)
        event.remove(session.get_bind(), "before_cursor_execute", note)
        return len(seen)

    few = statements(["FRA", "KAZ"])
    assert statements(["JOR", "PER", "BEN", "BTN", "AGO", "DZA"]) <= few


def test_a_code_that_is_taken_already_is_replaced_by_another(
    session: Session, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    for state in ("FRA", "KAZ"):
        factories.mission(session, state)
    codes = ["AAAA-2222", "AAAA-2222", "BBBB-3333"]
    monkeypatch.setattr(invitations, "new_codes", lambda number: [codes.pop(0) for _ in range(number)])
    with clock.stopped_at(factories.NOW):
        done = launch.launch(session, campaign.id, SERVICE)
    assert (done.invitations, done.letters) == (2, 2)
    assert set(session.scalars(select(Invitation.code))) == {"AAAA-2222", "BBBB-3333"}


def test_institutions_without_a_state_are_asked_by_their_kind(session: Session, campaign: Campaign) -> None:
    campaign.audience = {"seats": [], "kinds": ["university", "trade_union"]}
    factories.mission(session, "FRA")
    for number in range(3):
        kind = InstitutionKind.UNIVERSITY
        factories.institution(session, kind, state_code=None, email=f"rector{number}@university.example")
    with clock.stopped_at(factories.NOW):
        planned = launch.plan(session, campaign)
        done = launch.launch(session, campaign.id, SERVICE)
    assert (planned.missions, planned.others, planned.states, done.letters) == (0, 3, 0, 3)


# What goes wrong on the way, and what happens at once.


def counts(database: Database) -> tuple[int, int, bool]:
    """Invitations, letters, and whether the campaign counts as launched, as another connection sees them."""
    with database.read() as own:
        invited = own.scalar(select(func.count()).select_from(Invitation)) or 0
        queued = own.scalar(select(func.count()).select_from(Letter)) or 0
        return invited, queued, own.scalars(select(Campaign.launched_at)).one() is not None


STATES = ("FRA", "KAZ", "JOR", "PER", "BEN")


@pytest.fixture
def audience(session: Session, campaign: Campaign) -> Campaign:
    """Five missions, two mailboxes at one of them; committed."""
    missions = [factories.mission(session, state) for state in STATES]
    factories.contact(session, missions[0], "second@geneva.example")
    session.commit()
    return campaign


def test_two_launches_at_once_ask_everybody_once(database: Database, audience: Campaign) -> None:
    done: list[launch.Launched] = []

    def run() -> None:
        with database.writing() as own:
            # As a page does: the campaign is read before it is launched.
            queries.campaign_by_code(own, audience.code)
            done.append(launch.launch(own, audience.id, SERVICE))
            own.commit()

    with clock.stopped_at(factories.NOW):
        assert at_once(run, run, run) == []
    assert sorted(one.letters for one in done) == [0, 0, 6]
    assert counts(database) == (5, 6, True)
    with database.read() as own:
        assert len(own.scalars(select(AuditEntry).where(AuditEntry.act == "campaign.launched")).all()) == 1


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Five missions are more than one chunk."""
    monkeypatch.setattr(audience_of, "CHUNK", 2)


@pytest.mark.usefixtures("small_chunks")
def test_a_launch_that_stops_half_way_has_changed_nothing(database: Database, audience: Campaign) -> None:
    def stop(done: int, of: int) -> None:
        if done == 4:
            raise RuntimeError("stopped by hand")

    with clock.stopped_at(factories.NOW):
        with pytest.raises(RuntimeError), database.write() as own:
            launch.launch(own, audience.id, SERVICE, progress=stop)
        assert counts(database) == (0, 0, False)
        with database.write() as own:
            assert launch.launch(own, audience.id, SERVICE).letters == 6
    assert counts(database) == (5, 6, True)


@pytest.mark.usefixtures("small_chunks")
def test_a_launch_whose_connection_breaks_has_changed_nothing(database: Database, audience: Campaign) -> None:
    with clock.stopped_at(factories.NOW), database.writing() as own:
        backend = own.execute(text("SELECT pg_backend_pid()")).scalar_one()

        def break_off(done: int, of: int) -> None:
            if done == 4:
                with database.write() as other:
                    other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": backend})

        with pytest.raises(DBAPIError):
            launch.launch(own, audience.id, SERVICE, progress=break_off)
    assert counts(database) == (0, 0, False)


def test_answers_and_letters_of_a_call_do_not_wait_while_it_is_launched_again(
    session: Session, database: Database, audience: Campaign
) -> None:
    with clock.stopped_at(factories.NOW), database.writing() as launching:
        with database.write() as first:
            launch.launch(first, audience.id, SERVICE)
        factories.mission(session, "AGO")
        session.commit()
        assert launch.launch(launching, audience.id, SERVICE).letters == 1
        with database.write() as own:
            own.execute(text("SET LOCAL lock_timeout = '20s'"))
            one = own.scalars(select(Invitation).limit(1)).one()
            codes = queue_for(own, one, LetterKind.CODE, "code-1", values={"code": "482913"}, variant="transmit")
        launching.commit()
    assert counts(database) == (6, 7 + len(codes), True)


def test_a_call_that_was_closed_since_the_page_was_read_is_not_launched(
    session: Session, database: Database, audience: Campaign
) -> None:
    with clock.stopped_at(factories.NOW):
        launch.launch(session, audience.id, SERVICE)
        session.commit()
        with database.writing() as own:
            queries.campaign_by_code(own, audience.code)
            with database.write() as other:
                service.close(other, audience.id, SERVICE)
            with pytest.raises(Refused):
                launch.launch(own, audience.id, SERVICE)


def test_what_does_not_exist_is_not_launched(session: Session) -> None:
    with pytest.raises(Missing):
        launch.launch(session, uuid.uuid4(), SERVICE)


@pytest.mark.parametrize("missing", ["questionnaire", "text", "file", "audience"])
def test_what_the_lint_refuses_asks_nobody_and_says_all_of_it(
    session: Session, database: Database, audience: Campaign, missing: str
) -> None:
    if missing == "questionnaire":
        audience.questionnaire_version_id = None
    elif missing == "text":
        session.delete(session.get_one(CampaignText, (audience.id, "fr")))
    elif missing == "file":
        session.delete(session.get_one(CampaignFile, (audience.id, "ru", FileKind.NOTE)))
    else:
        audience.audience = {"seats": ["new_york"], "kinds": ["permanent_mission"]}
    session.commit()
    with clock.stopped_at(factories.NOW):
        expected = lint.refusals(lint.lint(session, audience.id))
        with pytest.raises(Invalid) as refused:
            launch.launch(session, audience.id, SERVICE)
    assert refused.value.faults == expected != ()
    session.rollback()
    assert counts(database) == (0, 0, False)


def test_a_link_that_leads_nowhere_is_found_where_links_are_tried(session: Session, audience: Campaign) -> None:
    link = "https://192.0.2.10/questionnaire"
    session.get_one(CampaignText, (audience.id, "en")).note += f"\n\nSee {link}."
    session.commit()

    def try_links(links: Iterable[str]) -> dict[str, Verdict]:
        return dict.fromkeys(links, Verdict.DEAD)

    with clock.stopped_at(factories.NOW):
        with pytest.raises(Invalid) as refused:
            launch.launch(session, audience.id, SERVICE, try_links=try_links)
        assert any(link in sentence for sentence in refused.value.faults)
        assert launch.launch(session, audience.id, SERVICE).letters == 6


def test_who_came_since_is_asked_while_an_extension_for_all_runs(session: Session, audience: Campaign) -> None:
    with clock.stopped_at(factories.NOW):
        launch.launch(session, audience.id, SERVICE)
        factories.extension(session, audience, factories.DEADLINE + timedelta(days=20))
    factories.mission(session, "AGO")
    with clock.stopped_at(factories.DEADLINE + timedelta(days=1)):
        assert launch.launch(session, audience.id, SERVICE).letters == 1
    with clock.stopped_at(factories.DEADLINE + timedelta(days=21)), pytest.raises(Invalid):
        launch.launch(session, audience.id, SERVICE)


@pytest.mark.usefixtures("small_chunks")
def test_progress_is_told_from_the_first_to_the_last(session: Session, audience: Campaign) -> None:
    told: list[tuple[int, int]] = []
    with clock.stopped_at(factories.NOW):
        launch.launch(session, audience.id, SERVICE, progress=lambda done, of: told.append((done, of)))
    assert told == [(2, 5), (4, 5), (5, 5)]


def test_the_workers_are_rung_for_after_the_commit(session: Session, audience: Campaign) -> None:
    with clock.stopped_at(factories.NOW):
        launch.launch(session, audience.id, SERVICE)
    assert session.info["bells"] == {doorbell.LETTERS}
