"""Acts for all that were asked for on a page: carried out once, seen while they run, called off, given up, tried again; and what waits for
them."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from outreach import clock, doorbell, i18n
from outreach.campaigns import asking, contents, extensions, launch, orders, queries, sending, service
from outreach.campaigns import audience as audience_of
from outreach.campaigns.launch import Launched
from outreach.campaigns.models import Campaign, CampaignOrder, CampaignText, Extension, FileKind, Invitation, OrderedAct
from outreach.campaigns.stages import Stage
from outreach.correspondence.models import Letter, LetterKind, LetterState
from outreach.db import Database
from outreach.directory.models import Contact
from outreach.errors import Busy, Invalid, Refused
from outreach.identity.audit import SERVICE, Actor
from outreach.identity.models import AuditEntry
from outreach.storage import Storage
from tests import factories

pytestmark = pytest.mark.usefixtures("english", "small_chunks")

ROBIN = Actor("Robin Example")


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Five missions are three chunks, and each chunk is told."""
    monkeypatch.setattr(audience_of, "CHUNK", 2)
    monkeypatch.setattr(orders, "TOLD", 0.0)


@pytest.fixture
def campaign(session: Session, storage: Storage) -> Campaign:
    """Five missions are to be asked, and nothing stands against it."""
    version = factories.questionnaire(session)
    made = factories.campaign(session, storage=storage, launched=False, questionnaire_version_id=version.id)
    for state_code in ("FRA", "KAZ", "JOR", "PER", "BEN"):
        factories.mission(session, state_code)
    session.commit()
    return made


def ask(database: Database, campaign: Campaign) -> bool:
    """Robin asks for the launch on a page."""
    with clock.stopped_at(factories.NOW), database.write() as own:
        return orders.ask_launch(own, campaign.id, ROBIN)


def carry_out(database: Database) -> None:
    """A worker looks."""
    with clock.stopped_at(factories.NOW):
        orders.carry_out(database)


def asked(database: Database) -> tuple[int, int]:
    """How many invitations and letters there are."""
    with database.read() as own:
        return tuple(own.scalar(select(func.count()).select_from(what)) or 0 for what in (Invitation, Letter))  # type: ignore[return-value]


def order(database: Database, campaign: Campaign) -> orders.Order | None:
    """The order as a page reads it."""
    with database.read() as own:
        return orders.current(own, campaign.id)


def acts(database: Database) -> list[tuple[str, str]]:
    """What the audit trail says of launches."""
    with database.read() as own:
        rows = own.execute(
            select(AuditEntry.act, AuditEntry.actor).where(AuditEntry.act.like("campaign.launch%")).order_by("act")
        )
        return [(act, actor) for act, actor in rows]


def meanwhile(monkeypatch: pytest.MonkeyPatch, act: Callable[[int], None]) -> None:
    """Have something done after each chunk of a launch, with the number of those that are asked."""
    real = launch.launch

    def watched(
        session: Session, campaign_id: uuid.UUID, actor: Actor, *, progress: Callable[[int, int], None]
    ) -> Launched:
        def told(done: int, of: int) -> None:
            progress(done, of)
            act(done)

        return real(session, campaign_id, actor, progress=told)

    monkeypatch.setattr(launch, "launch", watched)


def test_a_launch_that_is_asked_for_twice_is_carried_out_once_in_the_name_of_who_asked(
    database: Database, campaign: Campaign
) -> None:
    with clock.stopped_at(factories.NOW), database.writing() as own:
        assert orders.ask_launch(own, campaign.id, ROBIN)
        assert own.info["bells"] == {doorbell.ORDERS}
        own.commit()
    assert ask(database, campaign)
    found = order(database, campaign)
    assert found is not None and found.stands
    assert (found.done, found.of, found.asked_by, asked(database)) == (0, 5, "Robin Example", (0, 0))
    carry_out(database)
    carry_out(database)
    assert (order(database, campaign), asked(database)) == (None, (5, 5))
    assert acts(database) == [("campaign.launch_asked", "Robin Example"), ("campaign.launched", "Robin Example")]
    assert not ask(database, campaign)
    assert order(database, campaign) is None


def test_whoever_looks_sees_how_far_it_is_and_a_second_worker_leaves_it_alone(
    monkeypatch: pytest.MonkeyPatch, database: Database, campaign: Campaign
) -> None:
    seen: list[tuple[int, int]] = []

    def look(done: int) -> None:
        found = order(database, campaign)
        assert found is not None
        seen.append((found.done, found.of))
        assert asked(database) == (0, 0)
        orders.carry_out(database)

    meanwhile(monkeypatch, look)
    ask(database, campaign)
    carry_out(database)
    assert seen == [(2, 5), (4, 5), (5, 5)]
    assert asked(database) == (5, 5)


@pytest.mark.parametrize("after", [4, 5])
def test_a_launch_that_is_called_off_half_way_has_changed_nothing(
    monkeypatch: pytest.MonkeyPatch, database: Database, campaign: Campaign, after: int
) -> None:
    def call_off(done: int) -> None:
        if done == after:
            with database.write() as own:
                assert orders.call_off(own, campaign.id, ROBIN)

    ask(database, campaign)
    with monkeypatch.context() as patched:
        meanwhile(patched, call_off)
        carry_out(database)
    assert (order(database, campaign), asked(database)) == (None, (0, 0))
    assert [act for act, _actor in acts(database)] == ["campaign.launch_asked", "campaign.launch_called_off"]
    with database.read() as own:
        assert queries.campaign(own, campaign.id).launched_at is None
    ask(database, campaign)
    carry_out(database)
    assert asked(database) == (5, 5)
    with database.write() as own:
        assert not orders.call_off(own, campaign.id, ROBIN)


def test_what_stands_against_it_by_now_is_kept_in_the_language_of_who_asked(
    database: Database, session: Session, campaign: Campaign
) -> None:
    with i18n.speaking("fr"):
        ask(database, campaign)
    session.delete(session.get_one(CampaignText, (campaign.id, "es")))
    session.commit()
    carry_out(database)
    found = order(database, campaign)
    assert found is not None and not found.stands and found.language == "fr"
    with i18n.speaking("fr"), pytest.raises(Invalid) as refused:
        ask(database, campaign)
    assert found.against == refused.value.faults
    assert asked(database) == (0, 0)
    carry_out(database)  # It is given up: nobody tries it again.
    assert asked(database) == (0, 0)
    with database.write() as own:
        words = contents.CampaignWords("Título", "Mandato", "Nota", "Carta")
        contents.set_text(own, campaign.id, "es", words, SERVICE)
    ask(database, campaign)
    carry_out(database)
    assert (order(database, campaign), asked(database)) == (None, (5, 5))


def test_a_call_that_was_closed_meanwhile_is_not_launched_again(
    database: Database, session: Session, campaign: Campaign
) -> None:
    ask(database, campaign)
    session.execute(update(Campaign).values(closed_at=factories.NOW))
    session.commit()
    carry_out(database)
    found = order(database, campaign)
    assert found is not None and found.against == ("This call for input is closed. Nobody can be invited any more.",)
    with pytest.raises(Refused):
        ask(database, campaign)


def test_a_launch_whose_worker_ends_is_tried_again_and_at_last_given_up(
    monkeypatch: pytest.MonkeyPatch, database: Database, campaign: Campaign
) -> None:
    def end(done: int) -> None:
        if done == 4:
            raise RuntimeError("stopped by hand")

    ask(database, campaign)
    with monkeypatch.context() as patched:
        meanwhile(patched, end)
        for _time in range(orders.MOST_TRIES):
            with pytest.raises(RuntimeError):
                carry_out(database)
            assert (found := order(database, campaign)) is not None and found.stands and found.done == 4
        assert asked(database) == (0, 0)
        carry_out(database)
    found = order(database, campaign)
    assert found is not None and not found.stands and found.against == ()
    ask(database, campaign)
    carry_out(database)
    assert asked(database) == (5, 5)


def test_what_would_change_the_letters_is_refused_while_a_launch_stands(
    database: Database, session: Session, storage: Storage, campaign: Campaign
) -> None:
    later = factories.DEADLINE.replace(year=factories.DEADLINE.year + 1)
    ask(database, campaign)
    settings = service.settings_of(session, campaign.id)
    refused: list[Callable[[], object]] = [
        lambda: contents.set_text(session, campaign.id, "en", None, SERVICE),
        lambda: contents.remove_file(session, campaign.id, "en", FileKind.NOTE, SERVICE),
        lambda: contents.set_questionnaire(session, storage, campaign.id, None, SERVICE),
        lambda: service.update(session, campaign.id, settings, SERVICE),
        lambda: service.close(session, campaign.id, SERVICE),
        lambda: extensions.extend(session, campaign.id, None, later, "more time", SERVICE),
        lambda: sending.cancel_rest(session, campaign.id, SERVICE),
    ]
    for act in refused:
        with pytest.raises(Busy, match="being launched"):
            act()
    session.execute(update(CampaignOrder).values(given_up_at=factories.NOW))
    assert contents.set_text(session, campaign.id, "en", None, SERVICE)


def test_whoever_waits_too_long_for_a_call_is_told_and_may_go_on(
    database: Database, session: Session, campaign: Campaign
) -> None:
    with database.writing() as other:
        queries.held(other, campaign.id)
        with pytest.raises(Busy, match="Somebody else is changing"):
            queries.held(session, campaign.id, patience="20ms")
        other.rollback()
    assert queries.held(session, campaign.id).id == campaign.id
    assert session.connection().exec_driver_sql("SHOW lock_timeout").scalar() == "0"


LATER = factories.DEADLINE + timedelta(days=30)


@pytest.fixture
def launched(database: Database, session: Session, campaign: Campaign) -> Campaign:
    """Launched, and its letters have left."""
    ask(database, campaign)
    carry_out(database)
    session.execute(update(Letter).values(state=LetterState.SENT, settled_at=factories.NOW))
    session.execute(update(Invitation).values(stage=Stage.SENT))
    session.commit()
    return campaign


def announced(database: Database) -> tuple[int, list[int | None]]:
    """How many letters announce a later deadline; and how many each extension says."""
    with database.read() as own:
        letters = select(func.count()).select_from(Letter).where(Letter.kind == LetterKind.EXTENSION)
        return own.scalar(letters) or 0, list(own.scalars(select(Extension.letters)))


def test_an_extension_for_all_is_carried_out_once_also_where_its_worker_is_ended(
    monkeypatch: pytest.MonkeyPatch, database: Database, launched: Campaign
) -> None:
    def ask_for_more(by: Actor = ROBIN, reason: str = "Consultations") -> None:
        with clock.stopped_at(factories.NOW), database.write() as own:
            orders.ask_extension(own, launched.id, LATER, reason, by)

    ask_for_more()
    ask_for_more(SERVICE)
    with pytest.raises(Busy, match="are being written"):
        ask_for_more(reason="Another reason")
    with pytest.raises(Busy, match="are being written"):
        ask(database, launched)
    real, seen = extensions.outbox.queue_all, []

    def end(*given: Any) -> list[uuid.UUID]:
        real(*given)
        seen.append(order(database, launched))
        raise RuntimeError("stopped by hand")

    with monkeypatch.context() as patched:
        patched.setattr("outreach.correspondence.outbox.queue_all", end)
        with pytest.raises(RuntimeError):
            carry_out(database)
    assert announced(database) == (0, [])
    (found,) = seen
    assert found is not None and (found.act, found.done, found.of) == (OrderedAct.EXTEND, 0, 5)
    with clock.stopped_at(factories.NOW):
        assert (found.asked_at, found.told_at, found.idle_since) == (factories.NOW, factories.NOW, None)
    with clock.stopped_at(factories.NOW + 2 * orders.IDLE):
        assert found.idle_since == factories.NOW
    carry_out(database)
    carry_out(database)
    assert (order(database, launched), announced(database)) == (None, (5, [5]))
    with database.read() as own:
        trail = select(AuditEntry.act, AuditEntry.actor).where(AuditEntry.act.like("campaign.exten%")).order_by("act")
        assert [tuple(row) for row in own.execute(trail)] == [
            ("campaign.extended", "Robin Example"),
            ("campaign.extension_asked", "Robin Example"),
        ]
    with pytest.raises(Invalid, match="must be later"):
        ask_for_more()


def test_an_extension_for_all_that_is_called_off_or_refused_by_now_changes_nothing(
    database: Database, session: Session, launched: Campaign
) -> None:
    with clock.stopped_at(factories.NOW):
        orders.ask_extension(session, launched.id, LATER, "Consultations", ROBIN)
        assert orders.call_off(session, launched.id, ROBIN)
        session.commit()
        carry_out(database)
        orders.ask_extension(session, launched.id, LATER, "Consultations", ROBIN)
        session.execute(update(Campaign).values(closed_at=factories.NOW))
        session.commit()
    carry_out(database)
    found = order(database, launched)
    assert found is not None and found.against == ("This call for input is closed.",)
    assert announced(database) == (0, [])


def test_all_whose_letters_were_cancelled_or_refused_are_asked_again_by_a_worker(
    database: Database, session: Session, launched: Campaign
) -> None:
    waiting = select(func.count()).select_from(Letter).where(Letter.state == LetterState.QUEUED)
    for stage, state, refused in (
        (Stage.CANCELLED, LetterState.CANCELLED, False),
        (Stage.UNDELIVERABLE, LetterState.REFUSED, True),
    ):
        with clock.stopped_at(factories.NOW):
            with pytest.raises(Invalid):
                orders.ask_again(session, launched.id, ROBIN, refused=refused)
            lost = {"state": state, "settled_at": factories.NOW}
            session.execute(update(Letter).where(Letter.state == LetterState.SENT).values(**lost))
            session.execute(update(Invitation).values(stage=stage))
            if refused:
                session.execute(update(Contact).values(refused_at=factories.NOW))
            orders.ask_again(session, launched.id, ROBIN, refused=refused)
            orders.ask_again(session, launched.id, SERVICE, refused=refused)
            session.commit()
            one = session.scalars(select(Invitation.id)).first()
            with pytest.raises(Busy, match="are being written"):
                asking.ask_again(session, launched.id, ROBIN, one)
        found = order(database, launched)
        assert found is not None and (found.done, found.of, found.asked_by) == (0, 5, "Robin Example")
        carry_out(database)
        carry_out(database)
        assert (order(database, launched), session.scalar(waiting)) == (None, 5)
        session.execute(update(Letter).where(Letter.state == LetterState.QUEUED).values(state=LetterState.SENT))
        session.commit()
