"""Reminders: each step once for ever, at its hour in the deadline's zone; what stops them, and for whom; two ticks at once."""

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from weakref import WeakKeyDictionary
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.campaigns import extensions, invitations, reminders, service
from outreach.campaigns.deadlines import Deadline, instant_of
from outreach.campaigns.reminders import Step, due_step
from outreach.campaigns.stages import FactKind
from outreach.campaigns.standing import StopReason
from outreach.correspondence.models import Letter, LetterKind, LetterState
from outreach.directory import queries
from outreach.directory import service as directory
from outreach.directory.models import Institution
from outreach.errors import Invalid
from tests import factories
from tests.campaigns.asked import MANAGER, PLAN, World, happened, letters, reminded, tick, world

pytestmark = pytest.mark.usefixtures("english")

FIVE_BEFORE = datetime(2027, 2, 21, 8, 0, tzinfo=UTC)
"""Nine in the morning in Geneva, five days before the deadline."""
FOURTEEN_BEFORE = FIVE_BEFORE - timedelta(days=9)
THREE_AFTER = datetime(2027, 3, 1, 8, 0, tzinfo=UTC)
LATER = extensions.end_of(date(2027, 3, 31), "Europe/Zurich")
"""A deadline beyond the change to summer time."""
EVERYBODY = {"geneva", "new_york", "ministry", "commission", "union", "jordan", "organization"}
FOR_THE_STATE = {"geneva", "new_york", "ministry"}


def test_a_step_leaves_at_nine_on_its_day_and_never_again(session: Session) -> None:
    w = world(session)
    assert tick(session, FIVE_BEFORE - timedelta(seconds=1)) == 0
    assert tick(session, FIVE_BEFORE) == len(EVERYBODY)
    for later in (timedelta(), timedelta(seconds=30), timedelta(days=1), timedelta(days=2)):
        assert tick(session, FIVE_BEFORE + later) == 0
    assert reminded(session, w) == EVERYBODY


def test_a_step_that_could_not_leave_for_two_days_is_out_of_date(session: Session) -> None:
    world(session)
    assert tick(session, FIVE_BEFORE + timedelta(days=2, seconds=1)) == 0
    assert tick(session, FIVE_BEFORE + timedelta(days=2)) == len(EVERYBODY)


def test_of_two_steps_that_were_missed_only_the_later_leaves(session: Session) -> None:
    w = world(session, (-6, -5))
    tick(session, FIVE_BEFORE + timedelta(hours=1))
    (letter,) = letters(session, w.geneva, LetterKind.REMINDER)
    assert letter.occasion == Step(2, -5).occasion


def test_after_the_deadline_a_reminder_says_so(session: Session) -> None:
    w = world(session)
    tick(session, FIVE_BEFORE)
    tick(session, THREE_AFTER)
    before, after = letters(session, w.geneva, LetterKind.REMINDER)
    assert before.edition_id != after.edition_id


def test_who_was_asked_after_a_step_is_not_reminded_of_what_it_has_just_read(session: Session) -> None:
    w = world(session)
    with clock.stopped_at(FIVE_BEFORE + timedelta(seconds=1)):
        late = factories.invitation(session, w.campaign, factories.mission(session, "FRA"))
        happened(session, late, FactKind.LETTER_SENT, at=clock.now())
    tick(session, FIVE_BEFORE + timedelta(seconds=2))
    assert letters(session, late, LetterKind.REMINDER) == []
    tick(session, THREE_AFTER)
    assert len(letters(session, late, LetterKind.REMINDER)) == 1


@pytest.mark.parametrize(
    ("who", "facts", "stopped", "why"),
    [
        ("geneva", [FactKind.SUBMITTED, FactKind.TRANSMITTED], FOR_THE_STATE, StopReason.STATE_REPLIED),
        ("union", [FactKind.SUBMITTED, FactKind.ACCEPTED], FOR_THE_STATE | {"union"}, StopReason.REPLIED),
        ("new_york", [FactKind.NO_SUBMISSION_EXPECTED], FOR_THE_STATE, StopReason.STATE_EXPECTS_NONE),
        ("ministry", [FactKind.NO_SUBMISSION_EXPECTED], {"ministry"}, StopReason.EXPECTS_NONE),
        ("ministry", [FactKind.SUBMITTED], {"ministry"}, StopReason.REPLIED),
        ("ministry", [FactKind.SENT_TO_MISSION], {"ministry"}, StopReason.WITH_ITS_MISSION),
        ("ministry", [FactKind.SENT_TO_MISSION, FactKind.RETURNED], set(), None),
        ("commission", [FactKind.SUBMITTED], {"commission"}, StopReason.REPLIED),
        ("union", [FactKind.SUBMITTED], {"union"}, StopReason.REPLIED),
        ("union", [FactKind.NO_SUBMISSION_EXPECTED], {"union"}, StopReason.EXPECTS_NONE),
        ("union", [FactKind.WRONG_ADDRESSEE], {"union"}, StopReason.WRONG_ADDRESSEE),
        ("union", [FactKind.MAIL_RECEIVED], EVERYBODY - {"jordan", "organization"}, StopReason.HELD),
        ("union", [FactKind.MAIL_RECEIVED, FactKind.MAIL_LOOKED_AT], set(), None),
        ("geneva", [FactKind.ACKNOWLEDGED, FactKind.FORWARDED, FactKind.DRAFT_BEGUN], set(), None),
        ("organization", [FactKind.MAIL_RECEIVED], {"organization"}, StopReason.HELD),
        ("organization", [FactKind.SUBMITTED, FactKind.ACCEPTED], {"organization"}, StopReason.REPLIED),
    ],
)
def test_what_comes_back_stops_those_for_whom_it_speaks(
    session: Session, who: str, facts: list[FactKind], stopped: set[str], why: StopReason | None
) -> None:
    w = world(session)
    for minute, fact in enumerate(facts):
        happened(session, w.everybody[who], fact, at=factories.NOW + timedelta(minutes=minute))
    tick(session, FIVE_BEFORE)
    assert reminded(session, w) == EVERYBODY - stopped
    assert reminders.stopped(session, w.campaign.id).get(w.everybody[who].id) is why


def test_a_step_does_not_come_twice_where_the_reply_was_opened_for_correction(session: Session) -> None:
    w = world(session)
    happened(session, w.union, FactKind.SUBMITTED, FactKind.CORRECTED, at=factories.NOW)
    tick(session, FIVE_BEFORE)
    assert "union" not in reminded(session, w)


def test_a_request_for_more_time_holds_until_it_is_decided(session: Session) -> None:
    w = world(session)
    with clock.stopped_at(factories.NOW):
        request = extensions.ask_for_time(session, w.new_york.id, date(2027, 4, 1), "Consultations", MANAGER)
    tick(session, FIVE_BEFORE)
    assert reminded(session, w) == {"jordan", "organization"}
    with clock.stopped_at(FIVE_BEFORE + timedelta(hours=3)):
        extensions.decline(session, request, "The report is due.", MANAGER)
    tick(session, FIVE_BEFORE + timedelta(hours=4))
    assert reminded(session, w) == EVERYBODY


def test_nobody_is_reminded_at_an_address_that_does_not_work(session: Session) -> None:
    w = world(session)
    (contact,) = queries.contacts(session, w.union.institution_id)
    directory.addresses_refused(session, {contact.id: "550 no such user"})
    session.flush()
    happened(session, w.jordan, FactKind.LETTER_REFUSED, at=factories.NOW)
    tick(session, FIVE_BEFORE)
    assert reminded(session, w) == EVERYBODY - {"union", "jordan"}


def test_every_mailbox_of_an_institution_is_reminded_and_a_later_one_of_the_next_step_only(session: Session) -> None:
    w = world(session)
    of = session.get_one(Institution, w.jordan.institution_id)
    factories.contact(session, of, "second@geneva.example", language="fr")
    tick(session, FIVE_BEFORE)
    assert {one.to_address for one in letters(session, w.jordan, LetterKind.REMINDER)} == {
        "mission.jor@geneva.example",
        "second@geneva.example",
    }
    factories.contact(session, of, "third@geneva.example")
    assert tick(session, FIVE_BEFORE + timedelta(minutes=1)) == 0


# What a clock, a plan and an extension can do to the order of things.


def test_a_clock_that_is_put_back_sends_nothing_again(session: Session) -> None:
    w = world(session)
    for at in (FIVE_BEFORE, THREE_AFTER, FIVE_BEFORE, THREE_AFTER, FIVE_BEFORE):
        tick(session, at)
    assert Counter(one.occasion for one in letters(session, w.geneva, LetterKind.REMINDER)) == {
        Step(0, -5).occasion: 1,
        Step(0, 3).occasion: 1,
    }


def test_a_step_that_is_taken_out_and_put_back_is_the_same_step(session: Session) -> None:
    w = world(session)
    tick(session, FIVE_BEFORE)
    reminders.set_plan(session, w.campaign.id, (-14, 3))
    reminders.set_plan(session, w.campaign.id, PLAN)
    assert tick(session, FIVE_BEFORE + timedelta(hours=1)) == 0


def test_an_extension_for_one_state_moves_its_steps_alone(session: Session) -> None:
    w = world(session)
    with clock.stopped_at(factories.NOW):
        extensions.extend(session, w.campaign.id, "JOR", LATER, "Consultations", MANAGER)
    tick(session, FIVE_BEFORE)
    assert reminded(session, w) == EVERYBODY - {"jordan"}
    tick(session, datetime(2027, 3, 26, 8, 0, tzinfo=UTC))
    assert reminded(session, w) == EVERYBODY
    assert len(letters(session, w.geneva, LetterKind.REMINDER)) == 1


def test_an_extension_for_all_does_not_repeat_the_steps_that_have_left(session: Session) -> None:
    w = world(session)
    tick(session, FOURTEEN_BEFORE)
    tick(session, FIVE_BEFORE)
    with clock.stopped_at(FIVE_BEFORE + timedelta(hours=1)):
        extensions.extend(session, w.campaign.id, None, LATER, "More time", MANAGER)
    for passed in (THREE_AFTER, datetime(2027, 3, 17, 8, 0, tzinfo=UTC), datetime(2027, 3, 26, 8, 0, tzinfo=UTC)):
        assert tick(session, passed) == 0
    assert tick(session, datetime(2027, 4, 3, 7, 0, tzinfo=UTC)) == len(EVERYBODY)


def test_a_step_of_the_former_plan_does_not_leave_once_the_deadline_was_moved(session: Session) -> None:
    w = world(session)
    with clock.stopped_at(FIVE_BEFORE + timedelta(minutes=5)):
        extensions.extend(session, w.campaign.id, None, factories.DEADLINE + timedelta(hours=2), "A slip", MANAGER)
    # The same calendar day holds the same step; it came before the new deadline was granted.
    assert tick(session, FIVE_BEFORE + timedelta(minutes=6)) == 0


def test_a_reminder_that_waits_with_the_former_deadline_makes_room_for_the_announcement(session: Session) -> None:
    w = world(session)
    tick(session, FIVE_BEFORE)
    with clock.stopped_at(FIVE_BEFORE + timedelta(minutes=1)):
        extensions.extend(session, w.campaign.id, "JOR", LATER, "Time", MANAGER)
    session.expire_all()
    (jordan,) = letters(session, w.jordan, LetterKind.REMINDER)
    (geneva,) = letters(session, w.geneva, LetterKind.REMINDER)
    assert (jordan.state, geneva.state) == (LetterState.CANCELLED, LetterState.QUEUED)
    assert len(letters(session, w.jordan, LetterKind.EXTENSION)) == 1


@pytest.mark.parametrize(
    ("zone", "last_day"),
    [
        ("Europe/Zurich", date(2027, 3, 28)),
        ("Europe/Zurich", date(2027, 10, 31)),
        ("America/New_York", date(2027, 3, 14)),
        ("America/New_York", date(2027, 11, 7)),
        ("America/Santiago", date(2027, 4, 3)),
        ("America/Santiago", date(2027, 9, 4)),
        ("Africa/Cairo", date(2027, 4, 29)),
        ("Africa/Cairo", date(2027, 10, 28)),
    ],
)
def test_steps_keep_their_hour_over_the_day_on_which_clocks_change(session: Session, zone: str, last_day: date) -> None:
    w = world(session, (-1, 0, 1), deadline_zone=zone, deadline_at=instant_of(last_day, time(23, 59), zone))
    for days in (-1, 0, 1):
        nine = datetime.combine(last_day + timedelta(days=days), time(9, 0), ZoneInfo(zone)).astimezone(UTC)
        assert tick(session, nine - timedelta(minutes=1)) == 0
        assert tick(session, nine) == len(EVERYBODY)
    assert len(letters(session, w.geneva, LetterKind.REMINDER)) == 3


STEPS = [Step(number, days) for number, days in enumerate(PLAN)]


@given(
    moment=st.datetimes(datetime(2026, 12, 1), datetime(2027, 5, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    days=st.sets(st.integers(-40, 40), min_size=1, max_size=6),
    since=st.none() | st.datetimes(datetime(2026, 12, 1), datetime(2027, 5, 1), timezones=st.just(UTC)),  # noqa: DTZ001
)
def test_the_due_step_is_the_latest_that_came_lately(moment: datetime, days: set[int], since: datetime | None) -> None:
    steps = [Step(number, day) for number, day in enumerate(sorted(days))]
    deadline = Deadline(factories.DEADLINE, "Europe/Zurich")
    found = due_step(steps, deadline, since, moment)
    come = [step for step in steps if deadline.day(step.days) <= moment]
    if found is not None:
        step, at = found
        assert step == max(come, key=lambda one: one.days)
        assert timedelta() <= moment - at <= reminders.TOO_LATE
        assert since is None or at >= since
    elif come and since is None:
        assert moment - deadline.day(come[-1].days) > reminders.TOO_LATE


Act = tuple[str, Any]
ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("hours"), st.integers(-60, 60)),
        st.tuples(st.just("days"), st.integers(-20, 20)),
        *[st.tuples(st.just("plan"), st.sampled_from(plans)) for plans in ([PLAN, (-14, 3)], [PLAN, (-14, -4, 3, 4)])],
        st.tuples(st.just("extend"), st.tuples(st.sampled_from([None, "KAZ", "JOR"]), st.integers(1, 21))),
        st.tuples(st.just("answer"), st.sampled_from(["geneva", "union", "jordan"])),
    ),
    min_size=4,
    max_size=14,
)


WORLDS: WeakKeyDictionary[Session, World] = WeakKeyDictionary()
"""The world of a session, made once for all examples: each is rolled back to it."""


@given(acts=ACTS, begin=st.sampled_from([factories.NOW, FIVE_BEFORE, THREE_AFTER]))
def test_no_step_comes_twice_whatever_clocks_plans_and_extensions_do(
    session: Session, acts: list[Act], begin: datetime
) -> None:
    w = WORLDS.get(session) or WORLDS.setdefault(session, world(session))
    life = session.begin_nested()
    try:
        _live(session, w, acts, begin)
    finally:
        life.rollback()
        session.info.clear()


def _live(session: Session, w: World, acts: list[Act], moment: datetime) -> None:
    seen: set[Any] = set()
    steps: Counter[tuple[Any, int]] = Counter()
    answered: set[str] = set()
    for act, what in acts:
        if act in ("hours", "days"):
            moment += timedelta(**{act: what})
        with clock.stopped_at(moment):
            if act == "plan":
                reminders.set_plan(session, w.campaign.id, what)
            elif act == "extend":
                _extend(session, w, *what)
            elif act == "answer" and what not in answered:
                answered.add(what)
                fact = FactKind.SUBMITTED if what == "union" else FactKind.TRANSMITTED
                invitations.record(session, w.everybody[what].id, fact, by="tests")
            reminders.queue_due(session)
            planned = {step.occasion: step.days for step in reminders.steps_of(session, w.campaign.id)}
        new = [one for one in queued_reminders(session, w) if one.id not in seen]
        seen |= {one.id for one in new}
        for one in new:
            steps[one.contact_id, planned[one.occasion]] += 1
        assert len({one.contact_id for one in new}) == len(new), "two reminders in one tick"
        assert not {one.invitation_id for one in new} & {w.everybody[name].id for name in answered}
        if "geneva" in answered:
            assert not {one.invitation_id for one in new} & {w.new_york.id, w.ministry.id}
    assert [step for step, times in steps.items() if times > 1] == []


def _extend(session: Session, w: World, state: str | None, days: int) -> None:
    present = extensions.granted(session, w.campaign.id)
    latest = max([factories.DEADLINE, *(one.deadline_at for one in present)])
    try:
        extensions.extend(session, w.campaign.id, state, latest + timedelta(days=days), "More time", MANAGER)
    except Invalid:
        assert latest + timedelta(days=days) <= clock.now()


def queued_reminders(session: Session, w: World) -> list[Letter]:
    chosen = select(Letter).where(Letter.campaign_id == w.campaign.id, Letter.kind == LetterKind.REMINDER)
    return list(session.scalars(chosen))


def test_a_call_that_is_closed_reminds_nobody_and_takes_back_what_has_not_left(session: Session) -> None:
    w = world(session)
    tick(session, FIVE_BEFORE)
    left = letters(session, w.jordan, LetterKind.REMINDER)[0]
    left.state = LetterState.SENT
    with clock.stopped_at(FIVE_BEFORE + timedelta(minutes=1)):
        service.close(session, w.campaign.id, MANAGER)
    assert tick(session, THREE_AFTER) == 0
    session.expire_all()
    states = {name: letters(session, one, LetterKind.REMINDER)[0].state for name, one in w.everybody.items()}
    assert states == dict.fromkeys(EVERYBODY, LetterState.CANCELLED) | {"jordan": LetterState.SENT}
