"""How far an invitation got: each kind of fact, the order they are given in, what takes a stage back."""

import random
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from outreach.campaigns import invitations
from outreach.campaigns.stages import SETTLES_ADDRESSEE, STAGE_ORDER, Fact, FactKind, Stage, held, stage
from tests import factories

BEGIN = factories.LAUNCHED


def at(minute: int) -> datetime:
    return BEGIN + timedelta(minutes=minute)


def stages(*kinds: FactKind) -> Stage:
    """The stage after these facts, one a minute."""
    return stage([Fact(kind, at(minute)) for minute, kind in enumerate(kinds)])[0]


def test_nothing_has_happened_yet() -> None:
    assert stage([]) == (Stage.QUEUED, None)


@pytest.mark.parametrize(
    ("kind", "reached"),
    [
        (FactKind.LETTER_SENT, Stage.SENT),
        (FactKind.LETTER_REFUSED, Stage.UNDELIVERABLE),
        (FactKind.LETTER_CANCELLED, Stage.CANCELLED),
        (FactKind.ASKED_AGAIN, Stage.QUEUED),
        (FactKind.ACKNOWLEDGED, Stage.ACKNOWLEDGED),
        (FactKind.FORWARDED, Stage.FORWARDED),
        (FactKind.PASSED_ON, Stage.FORWARDED),
        (FactKind.DRAFT_BEGUN, Stage.DRAFTING),
        (FactKind.SENT_TO_MISSION, Stage.SENT_TO_MISSION),
        (FactKind.RETURNED, Stage.QUEUED),
        (FactKind.SUBMITTED, Stage.SUBMITTED),
        (FactKind.TRANSMITTED, Stage.SUBMITTED),
        (FactKind.ACCEPTED, Stage.QUEUED),
        (FactKind.CORRECTED, Stage.QUEUED),
        (FactKind.NO_SUBMISSION_EXPECTED, Stage.NO_SUBMISSION_EXPECTED),
        (FactKind.WRONG_ADDRESSEE, Stage.ACKNOWLEDGED),
        (FactKind.REDIRECTED, Stage.QUEUED),
        (FactKind.ADDRESSEE_KEPT, Stage.QUEUED),
        (FactKind.MORE_TIME_ASKED, Stage.ACKNOWLEDGED),
        (FactKind.ADDRESS_CHANGED, Stage.QUEUED),
        (FactKind.MAIL_RECEIVED, Stage.QUEUED),
        (FactKind.MAIL_LOOKED_AT, Stage.QUEUED),
        (FactKind.NO_MORE_LETTERS, Stage.QUEUED),
        (FactKind.LETTERS_AGAIN, Stage.QUEUED),
        (FactKind.LETTER_RETURNED, Stage.UNDELIVERABLE),
        (FactKind.RETURN_TAKEN_BACK, Stage.QUEUED),
        (FactKind.AUTO_REPLY, Stage.QUEUED),
        (FactKind.TAKEN_BACK, Stage.QUEUED),
    ],
)
def test_each_fact_by_itself(kind: FactKind, reached: Stage) -> None:
    assert stages(kind) is reached


def test_who_was_cancelled_is_so_until_asked_again_or_reached() -> None:
    assert stages(FactKind.LETTER_CANCELLED, FactKind.ASKED_AGAIN) is Stage.QUEUED
    assert stages(FactKind.LETTER_SENT, FactKind.LETTER_CANCELLED) is Stage.SENT
    assert stages(FactKind.LETTER_CANCELLED, FactKind.LETTER_SENT) is Stage.SENT
    assert stages(FactKind.LETTER_CANCELLED, FactKind.ASKED_AGAIN, FactKind.LETTER_CANCELLED) is Stage.CANCELLED


def test_every_kind_of_fact_is_tried_here() -> None:
    (mark,) = test_each_fact_by_itself.pytestmark  # type: ignore[attr-defined]
    assert {case[0] for case in mark.args[1]} == set(FactKind)


@pytest.mark.parametrize(
    ("kinds", "reached"),
    [
        # An address that refused is undeliverable only while nobody behind it has done anything.
        ([FactKind.LETTER_SENT, FactKind.LETTER_REFUSED], Stage.UNDELIVERABLE),
        ([FactKind.LETTER_REFUSED, FactKind.LETTER_SENT], Stage.SENT),
        ([FactKind.LETTER_SENT, FactKind.LETTER_RETURNED], Stage.UNDELIVERABLE),
        ([FactKind.LETTER_SENT, FactKind.LETTER_RETURNED, FactKind.RETURN_TAKEN_BACK], Stage.SENT),
        ([FactKind.LETTER_REFUSED, FactKind.ACKNOWLEDGED], Stage.ACKNOWLEDGED),
        ([FactKind.ACKNOWLEDGED, FactKind.LETTER_REFUSED], Stage.ACKNOWLEDGED),
        # What the mission returned is a draft again; a submission is not taken back.
        ([FactKind.SENT_TO_MISSION, FactKind.RETURNED], Stage.DRAFTING),
        ([FactKind.SENT_TO_MISSION, FactKind.RETURNED, FactKind.SENT_TO_MISSION], Stage.SENT_TO_MISSION),
        ([FactKind.SENT_TO_MISSION, FactKind.TRANSMITTED, FactKind.RETURNED], Stage.SUBMITTED),
        # "No submission expected" holds until something is submitted.
        ([FactKind.NO_SUBMISSION_EXPECTED, FactKind.FORWARDED, FactKind.DRAFT_BEGUN], Stage.NO_SUBMISSION_EXPECTED),
        ([FactKind.NO_SUBMISSION_EXPECTED, FactKind.SUBMITTED], Stage.SUBMITTED),
        ([FactKind.SUBMITTED, FactKind.NO_SUBMISSION_EXPECTED], Stage.SUBMITTED),
        ([FactKind.DRAFT_BEGUN, FactKind.ACKNOWLEDGED, FactKind.LETTER_SENT], Stage.DRAFTING),
    ],
)
def test_the_furthest_counts_and_some_take_it_back(kinds: list[FactKind], reached: Stage) -> None:
    assert stages(*kinds) is reached


def test_a_stage_holds_since_it_was_reached_first() -> None:
    facts = [Fact(FactKind.LETTER_SENT, at(0)), Fact(FactKind.ACKNOWLEDGED, at(1)), Fact(FactKind.ACKNOWLEDGED, at(2))]
    assert stage(facts) == (Stage.ACKNOWLEDGED, at(1))
    assert stage([*facts, Fact(FactKind.LETTER_REFUSED, at(3))]) == (Stage.ACKNOWLEDGED, at(1))


FACTS = st.lists(st.builds(Fact, st.sampled_from(FactKind), st.integers(0, 6).map(at)), max_size=12)


@given(facts=FACTS, seed=st.integers())
def test_the_order_in_which_facts_are_given_does_not_matter(facts: list[Fact], seed: int) -> None:
    mixed = facts.copy()
    random.Random(seed).shuffle(mixed)
    assert stage(mixed) == stage(facts)
    assert held(mixed) == held(facts)


@given(facts=FACTS)
def test_a_stage_has_an_instant_of_one_of_its_facts(facts: list[Fact]) -> None:
    reached, since = stage(facts)
    assert (since is None) == (reached is Stage.QUEUED)
    assert since is None or since in {fact.at for fact in facts}


@given(facts=FACTS)
def test_nothing_but_a_submission_comes_after_it(facts: list[Fact]) -> None:
    if {FactKind.SUBMITTED, FactKind.TRANSMITTED} & {fact.kind for fact in facts}:
        assert stage(facts)[0] is Stage.SUBMITTED


@given(facts=FACTS, kind=st.sampled_from([FactKind.ACKNOWLEDGED, FactKind.FORWARDED, FactKind.DRAFT_BEGUN]))
def test_a_step_forward_never_leads_back(facts: list[Fact], kind: FactKind) -> None:
    before = STAGE_ORDER.index(stage(facts)[0])
    assert STAGE_ORDER.index(stage([*facts, Fact(kind, at(7))])[0]) >= before


@pytest.mark.parametrize(
    ("facts", "waits"),
    [
        ([], False),
        ([(FactKind.MAIL_RECEIVED, 1)], True),
        ([(FactKind.MAIL_RECEIVED, 1), (FactKind.MAIL_LOOKED_AT, 1)], False),
        ([(FactKind.MAIL_LOOKED_AT, 1), (FactKind.MAIL_RECEIVED, 2)], True),
        ([(FactKind.MAIL_RECEIVED, 1), (FactKind.MAIL_RECEIVED, 3), (FactKind.MAIL_LOOKED_AT, 2)], True),
    ],
)
def test_mail_holds_until_somebody_looked_after_it_came(facts: list[tuple[FactKind, int]], waits: bool) -> None:
    assert held([Fact(kind, at(minute)) for kind, minute in facts]) is waits


def test_what_settles_an_addressee_moves_no_stage() -> None:
    for kind in SETTLES_ADDRESSEE:
        assert stages(FactKind.WRONG_ADDRESSEE, kind) is Stage.ACKNOWLEDGED


def test_the_stage_is_written_with_the_fact(session: Session) -> None:
    one = factories.invitation(session, factories.campaign(session), factories.mission(session))
    chance = random.Random(7)
    said: list[Fact] = []
    for _number in range(40):
        fact = Fact(chance.choice(list(FactKind)), at(chance.randrange(200)))
        said.append(fact)
        invitations.record(session, one.id, fact.kind, by="tests", at=fact.at)
        reached, since = stage(said)
        assert (one.stage, one.stage_at) == (reached, since or one.created_at)
    assert invitations.project(session, [one.id]) == 0
