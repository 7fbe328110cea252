"""The board: every figure, what rolls up to a State and what does not, the next act, filters and search."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from outreach import clock
from outreach.campaigns import invitations
from outreach.campaigns.models import Campaign, ExtensionRequest, Invitation, Origin, ReminderStep
from outreach.campaigns.stages import FactKind, Stage
from outreach.directory.models import Institution, InstitutionKind, RegionalGroup, Seat
from outreach.reports.board import OBSERVERS, Board, Filters, Show, StateRow, board
from outreach.reports.lines import NextKind
from outreach.submissions.models import Behalf
from tests import factories
from tests.factories import NOW
from tests.reports.answers import draft, submitted


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    with clock.stopped_at(NOW):
        yield


@pytest.fixture
def campaign(session: Session) -> Campaign:
    made = factories.campaign(session, "KH-2027")
    for number, days in enumerate((-21, -3, 7), start=1):
        session.add(ReminderStep(campaign_id=made.id, number=number, days=days))
    session.flush()
    return made


def asked(session: Session, campaign: Campaign, state: str = "KAZ", seat: Seat = Seat.GENEVA, **of: str) -> Invitation:
    """A mission that was written to, and whose letter was sent."""
    made = factories.invitation(session, campaign, factories.mission(session, state, seat, **of))
    invitations.record(session, made.id, FactKind.LETTER_SENT, by="the service", at=factories.LAUNCHED)
    return made


def below(
    session: Session, campaign: Campaign, parent: Invitation, kind: InstitutionKind = InstitutionKind.MINISTRY
) -> Invitation:
    """A body to which an institution forwarded."""
    of = factories.institution(session, kind, state_code=parent.state_code, email="office@body.example")
    made = factories.invitation(session, campaign, of, parent=parent)
    invitations.record(session, parent.id, FactKind.FORWARDED, by="the mission")
    invitations.record(session, made.id, FactKind.LETTER_SENT, by="the service")
    return made


def seen(session: Session, campaign: Campaign, **filters: object) -> Board:
    return board(session, campaign.id, "en", Filters(**filters))  # type: ignore[arg-type]


def rows(found: Board) -> dict[str, StateRow]:
    return {row.code: row for group in found.groups for row in group.rows}


def row(session: Session, campaign: Campaign, code: str = "KAZ") -> StateRow:
    return rows(seen(session, campaign))[code]


def test_a_state_stands_where_its_furthest_mission_stands(session: Session, campaign: Campaign) -> None:
    asked(session, campaign)
    new_york = asked(session, campaign, seat=Seat.NEW_YORK)
    invitations.record(session, new_york.id, FactKind.ACKNOWLEDGED, by="the mission", at=NOW)
    found = row(session, campaign)
    assert found.stage is Stage.ACKNOWLEDGED
    assert found.how_far == "New York, 15 February 2027"
    assert found.missions == 2


def test_bodies_below_are_counted_not_listed(session: Session, campaign: Campaign) -> None:
    geneva = asked(session, campaign)
    first = below(session, campaign, geneva)
    below(session, campaign, geneva)
    below(session, campaign, first)
    assert row(session, campaign).stage is Stage.FORWARDED
    assert row(session, campaign).how_far == "Geneva → 3 ministries"
    draft(session, first, Behalf.NATIONAL_AUTHORITY)
    found = row(session, campaign)
    assert found.stage is Stage.DRAFTING
    assert found.how_far == "Geneva → 3 ministries, 1 drafting"
    assert (found.bodies, found.drafting) == (3, 1)


def test_both_missions_forward_to_bodies_of_several_kinds(session: Session, campaign: Campaign) -> None:
    below(session, campaign, asked(session, campaign))
    below(session, campaign, asked(session, campaign, seat=Seat.NEW_YORK), InstitutionKind.TRADE_UNION)
    assert row(session, campaign).how_far == "both missions → 2 bodies"


def test_a_link_that_was_passed_on_is_said(session: Session, campaign: Campaign) -> None:
    geneva = asked(session, campaign)
    of = factories.institution(session, InstitutionKind.UNIVERSITY, email="law@university.example")
    factories.invitation(session, campaign, of, parent=geneva, origin=Origin.PASSED_ON)
    invitations.record(session, geneva.id, FactKind.PASSED_ON, by="the university")
    found = row(session, campaign)
    assert found.stage is Stage.FORWARDED
    assert found.how_far == "Geneva, passed on by its own mail → 1 body"


def test_geneva_and_new_york_both_answer_and_are_one_state(session: Session, campaign: Campaign) -> None:
    for number, seat in enumerate((Seat.GENEVA, Seat.NEW_YORK)):
        mission = asked(session, campaign, seat=seat)
        submitted(session, mission, by_mission=mission, at=NOW + timedelta(hours=number))
    found = seen(session, campaign)
    assert found.figures.states[Show.REPLIED] == 1
    assert found.figures.others == 0
    assert found.replied == ("KAZ",)
    reply = rows(found)["KAZ"].reply
    assert reply is not None and reply.received_at == NOW and reply.words == "received 15 February 2027"
    assert rows(found)["KAZ"].next.kind is NextKind.READ


def test_a_ministry_that_answers_directly_is_counted_apart(session: Session, campaign: Campaign) -> None:
    ministry = below(session, campaign, asked(session, campaign))
    submitted(session, ministry, Behalf.NATIONAL_AUTHORITY)
    found = seen(session, campaign)
    assert found.figures.states[Show.REPLIED] == 0
    assert found.figures.others == 1
    assert rows(found)["KAZ"].stage is Stage.FORWARDED
    assert rows(found)["KAZ"].others == 1


def test_a_ministry_whose_answer_the_mission_transmitted_is_the_reply(session: Session, campaign: Campaign) -> None:
    geneva = asked(session, campaign)
    ministry = below(session, campaign, geneva)
    submitted(session, ministry, Behalf.NATIONAL_AUTHORITY, by_mission=geneva)
    found = seen(session, campaign)
    assert found.figures.states[Show.REPLIED] == 1
    assert found.figures.others == 0
    assert rows(found)["KAZ"].stage is Stage.SUBMITTED


def test_a_part_waits_for_the_mission(session: Session, campaign: Campaign) -> None:
    ministry = below(session, campaign, asked(session, campaign))
    draft(session, ministry, Behalf.NATIONAL_AUTHORITY)
    invitations.record(session, ministry.id, FactKind.SENT_TO_MISSION, by="the ministry", at=NOW + timedelta(hours=1))
    found = row(session, campaign)
    assert found.stage is Stage.SENT_TO_MISSION
    assert "sent its answer on 15 February 2027" in found.how_far
    assert found.next.kind is NextKind.WAITS_FOR_MISSION
    assert found.reply is not None and found.reply.received_at is None


def test_what_staff_accepted_counts_and_what_waits_for_them_does_not(session: Session, campaign: Campaign) -> None:
    submitted(session, asked(session, campaign), accepted=True)
    submitted(session, asked(session, campaign, "JOR"))
    found = seen(session, campaign)
    assert found.replied == ("KAZ",)
    waiting = rows(found)["JOR"]
    assert waiting.reply is not None and waiting.reply.words == "by mail, to confirm"
    assert waiting.next.kind is NextKind.CONFIRM_REPLY and waiting.next.ours
    assert found.figures.others == 1


def test_late_replies_count_and_are_marked(session: Session, campaign: Campaign) -> None:
    late = asked(session, campaign)
    submitted(session, late, by_mission=late, late=True)
    timely = asked(session, campaign, "JOR")
    submitted(session, timely, by_mission=timely)
    found = seen(session, campaign)
    assert found.figures.states[Show.REPLIED] == 2
    assert found.figures.states[Show.LATE] == 1
    assert list(rows(seen(session, campaign, show=Show.LATE))) == ["KAZ"]
    assert rows(found)["KAZ"].reply is not None
    assert rows(found)["KAZ"].reply.words.startswith("received after the deadline")  # type: ignore[union-attr]


def test_observer_states_stand_apart(session: Session, campaign: Campaign) -> None:
    observer = asked(session, campaign, "VAT", kind=InstitutionKind.PERMANENT_OBSERVER_MISSION)  # type: ignore[arg-type]
    submitted(session, observer, by_mission=observer)
    asked(session, campaign)
    groups = seen(session, campaign).groups
    assert [group.name for group in groups] == ["Asia-Pacific States", "Observer States"]
    assert [(group.replied, group.asked) for group in groups] == [(0, 1), (1, 1)]
    assert list(rows(seen(session, campaign, group=OBSERVERS))) == ["VAT"]


def test_undeliverable_only_where_nothing_else_was_reached(session: Session, campaign: Campaign) -> None:
    for state, seats in {"AGO": [Seat.GENEVA], "BEN": [Seat.GENEVA, Seat.NEW_YORK]}.items():
        for seat in seats:
            mission = factories.mission(session, state, seat)
            one = factories.invitation(session, campaign, mission)
            kind = FactKind.LETTER_REFUSED if seat is Seat.GENEVA else FactKind.LETTER_SENT
            invitations.record(session, one.id, kind, by="the service", at=factories.LAUNCHED)
    found = seen(session, campaign)
    assert rows(found)["AGO"].stage is Stage.UNDELIVERABLE
    assert rows(found)["AGO"].next.kind is NextKind.CORRECT_ADDRESS
    assert rows(found)["BEN"].stage is Stage.SENT
    assert "Geneva: refused on 12 January 2027" in rows(found)["BEN"].how_far
    assert found.figures.states[Show.NOT_REACHED] == 1
    assert found.figures.states[Show.REACHED] == 1
    assert [one.code for one in found.needs] == ["AGO"]


def test_others_whom_the_secretariat_asked_are_counted_and_said_by_their_number(
    session: Session, campaign: Campaign
) -> None:
    mission = asked(session, campaign)
    invitations.record(session, mission.id, FactKind.LETTER_REFUSED, by="the service", at=NOW)
    universities = []
    for _number in range(3):
        of = factories.institution(session, InstitutionKind.UNIVERSITY, email="law@university.example")
        universities.append(factories.invitation(session, campaign, of))
    for one in universities:
        invitations.record(session, one.id, FactKind.LETTER_REFUSED, by="the service", at=NOW)
    assert row(session, campaign).how_far == "Geneva: refused on 15 February 2027, 3 could not be reached"
    below(session, campaign, universities[0])
    draft(session, universities[1], Behalf.STAKEHOLDER)
    found = row(session, campaign)
    assert (found.missions, found.bodies, found.drafting) == (1, 1, 1)
    assert found.stage is Stage.DRAFTING and found.how_far == "1 ministry"


def test_a_state_with_a_letter_that_still_waits_is_not_beyond_reach(session: Session, campaign: Campaign) -> None:
    for seat in (Seat.GENEVA, Seat.NEW_YORK):
        one = factories.invitation(session, campaign, factories.mission(session, "AGO", seat))
        if seat is Seat.GENEVA:
            invitations.record(session, one.id, FactKind.LETTER_REFUSED, by="the relay", at=factories.LAUNCHED)
    found = seen(session, campaign)
    assert rows(found)["AGO"].stage is Stage.QUEUED
    assert rows(found)["AGO"].how_far == "New York, Geneva: refused on 12 January 2027"
    assert (found.figures.states[Show.NOT_REACHED], found.needs) == (0, ())


def test_the_other_post_is_proposed_where_it_was_not_asked(session: Session, campaign: Campaign) -> None:
    geneva = factories.mission(session, "AGO")
    factories.mission(session, "AGO", Seat.NEW_YORK)
    lost = factories.invitation(session, campaign, geneva)
    invitations.record(session, lost.id, FactKind.LETTER_REFUSED, by="the service")
    from outreach.directory.queries import contacts
    from outreach.directory.service import addresses_refused

    addresses_refused(session, {contacts(session, geneva.id)[0].id: "552 mailbox full"})
    session.flush()
    found = row(session, campaign, "AGO")
    assert found.next.kind is NextKind.USE_OTHER_POST
    assert found.next.words == "Use the New York address"
    assert found.how_far == "Geneva: “\u2068552 mailbox full\u2069” since 15 February 2027"


def test_no_submission_expected_binds_only_when_a_mission_says_it(session: Session, campaign: Campaign) -> None:
    ministry = below(session, campaign, asked(session, campaign))
    invitations.record(session, ministry.id, FactKind.NO_SUBMISSION_EXPECTED, by="the ministry")
    assert row(session, campaign).stage is Stage.FORWARDED
    silent = asked(session, campaign, "JOR")
    invitations.record(session, silent.id, FactKind.NO_SUBMISSION_EXPECTED, by="the mission")
    found = row(session, campaign, "JOR")
    assert found.stage is Stage.NO_SUBMISSION_EXPECTED
    assert found.next.kind is NextKind.NOTHING


def test_the_next_reminder_follows_the_deadline_of_the_state(session: Session, campaign: Campaign) -> None:
    asked(session, campaign)
    asked(session, campaign, "JOR")
    factories.extension(session, campaign, factories.DEADLINE + timedelta(days=29), state_code="JOR")
    found = rows(seen(session, campaign))
    assert found["KAZ"].next.words == "Reminder 23 February 2027"
    assert found["JOR"].next.words == "Reminder 6 March 2027"
    assert found["JOR"].own_deadline == factories.DEADLINE + timedelta(days=29)
    assert found["KAZ"].own_deadline is None


def test_a_request_for_more_time_comes_first(session: Session, campaign: Campaign) -> None:
    mission = asked(session, campaign)
    session.add(
        ExtensionRequest(
            invitation_id=mission.id, until=NOW.date() + timedelta(days=40), reason="Elections", asked_at=NOW
        )
    )
    session.flush()
    assert row(session, campaign).next.kind is NextKind.DECIDE_ON_TIME
    assert list(rows(seen(session, campaign, show=Show.NEEDS_ACTION))) == ["KAZ"]


@pytest.mark.parametrize(
    "text", ["Kazakh", "哈萨克斯坦", "كازاخستان", "kaz", "Казахстан", "office@body", "mission.kaz@geneva", "398"]
)
def test_a_state_is_found_by_its_names_bodies_and_addresses(session: Session, campaign: Campaign, text: str) -> None:
    below(session, campaign, asked(session, campaign))
    asked(session, campaign, "JOR")
    assert list(rows(seen(session, campaign, text=text))) == ["KAZ"]


def test_signs_of_a_pattern_are_only_signs(session: Session, campaign: Campaign) -> None:
    asked(session, campaign)
    assert rows(seen(session, campaign, text="%")) == {}
    assert rows(seen(session, campaign, text="_")) == {}


def test_filters_leave_rows_out_and_figures_alone(session: Session, campaign: Campaign) -> None:
    asked(session, campaign)
    asked(session, campaign, "FRA")
    found = seen(session, campaign, group=RegionalGroup.WEOG)
    assert list(rows(found)) == ["FRA"]
    assert found.shown == 1
    assert found.figures.states[Show.ASKED] == 2
    assert rows(seen(session, campaign, stage=Stage.FORWARDED)) == {}


def test_states_that_nobody_was_asked_in_are_named(session: Session, campaign: Campaign) -> None:
    asked(session, campaign)
    not_asked = seen(session, campaign).not_asked
    assert len(not_asked) == 194
    assert "Kazakhstan" not in not_asked


def test_the_list_follows_the_language(session: Session, campaign: Campaign) -> None:
    for code in ("ZMB", "EGY"):
        asked(session, campaign, code)
    french = board(session, campaign.id, "fr")
    assert [one.name for one in french.groups[0].rows] == ["Égypte", "Zambie"]


def test_other_campaigns_are_not_seen(session: Session, campaign: Campaign) -> None:
    other = factories.campaign(session)
    mission = asked(session, campaign)
    again = factories.invitation(session, other, session.get_one(Institution, mission.institution_id))
    submitted(session, again, by_mission=again)
    assert seen(session, campaign).figures.states[Show.REPLIED] == 0
    assert seen(session, other).figures.states[Show.REPLIED] == 1


@pytest.mark.parametrize(
    "decision", [FactKind.ADDRESS_CHANGED, FactKind.REDIRECTED, FactKind.ADDRESSEE_KEPT], ids=lambda kind: kind.value
)
def test_a_wrong_addressee_waits_for_us_until_somebody_decides(
    session: Session, campaign: Campaign, decision: FactKind
) -> None:
    mission = asked(session, campaign)
    ministry = factories.invitation(session, campaign, factories.institution(session), parent=mission)
    invitations.record(session, ministry.id, FactKind.WRONG_ADDRESSEE, by="the ministry", at=NOW)
    assert row(session, campaign).next.kind is NextKind.DECIDE_ON_ADDRESSEE
    assert row(session, campaign).next.ours
    invitations.record(session, ministry.id, decision, by="staff", at=NOW + timedelta(minutes=1))
    assert row(session, campaign).next.kind is NextKind.REMINDER


def test_mail_that_nobody_looked_at_is_no_reply_yet_and_to_be_looked_at(session: Session, campaign: Campaign) -> None:
    mission, replied = asked(session, campaign), asked(session, campaign, "JOR")
    submitted(session, replied, by_mission=replied)
    for one in (mission, replied):
        invitations.record(session, one.id, FactKind.MAIL_RECEIVED, by="the mission", at=NOW)
    found = rows(seen(session, campaign))
    assert {found[code].next.kind for code in ("KAZ", "JOR")} == {NextKind.LOOK_AT_MAIL}
    assert found["KAZ"].reply is not None and found["KAZ"].reply.words == "mail to look at"
    assert found["JOR"].reply is not None and found["JOR"].reply.received_at is not None
    for one in (mission, replied):
        invitations.record(session, one.id, FactKind.MAIL_LOOKED_AT, by="staff", at=NOW + timedelta(minutes=1))
    found = rows(seen(session, campaign))
    assert (found["KAZ"].next.kind, found["JOR"].next.kind) == (NextKind.REMINDER, NextKind.READ)
