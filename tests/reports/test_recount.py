"""The board's figures against a recount of all facts and versions by hand, over many made-up worlds."""

import random
import uuid
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.campaigns import invitations
from outreach.campaigns.models import Campaign, Invitation, InvitationFact
from outreach.campaigns.stages import STAGE_ORDER, Fact, FactKind, Stage, stage
from outreach.directory.models import MISSION_KINDS, Institution, InstitutionKind, Seat
from outreach.reports.board import Show, board
from outreach.submissions.models import Behalf, Submission, SubmissionVersion
from tests import factories
from tests.reports.answers import draft, submitted

_BEHALVES = {
    InstitutionKind.MINISTRY: Behalf.NATIONAL_AUTHORITY,
    InstitutionKind.TRADE_UNION: Behalf.STAKEHOLDER,
    InstitutionKind.NATIONAL_HUMAN_RIGHTS_INSTITUTION: Behalf.NATIONAL_HUMAN_RIGHTS_INSTITUTION,
}
_STATES = ["KAZ", "JOR", "FRA", "BRA", "VAT", "POL"]


def _live(session: Session, campaign: Campaign, chance: random.Random) -> None:
    for state in _STATES:
        for seat in chance.sample([Seat.GENEVA, Seat.NEW_YORK], chance.choice([1, 2])):
            kind = InstitutionKind.PERMANENT_OBSERVER_MISSION if state == "VAT" else InstitutionKind.PERMANENT_MISSION
            root = factories.invitation(session, campaign, factories.mission(session, state, seat, kind=kind))
            _happen(session, root, root, chance)
            if root.stage is Stage.UNDELIVERABLE:
                continue
            for _number in range(chance.choice([0, 0, 1, 3])):
                _hand_on(session, campaign, root, root, chance)


def _hand_on(session: Session, campaign: Campaign, parent: Invitation, root: Invitation, chance: random.Random) -> None:
    of = factories.institution(session, chance.choice(list(_BEHALVES)), state_code=parent.state_code)
    child = factories.invitation(session, campaign, of, parent=parent)
    invitations.record(session, parent.id, FactKind.FORWARDED, by="test")
    _happen(session, child, root, chance)
    if chance.random() < 0.3:
        _hand_on(session, campaign, child, root, chance)


def _happen(session: Session, one: Invitation, root: Invitation, chance: random.Random) -> None:
    kind = session.get_one(Institution, one.institution_id).kind
    behalf = _BEHALVES.get(kind, Behalf.STATE)
    at = factories.NOW + timedelta(minutes=chance.randrange(50_000))
    if chance.random() < 0.15:
        invitations.record(session, one.id, FactKind.LETTER_REFUSED, by="test", at=at)
        return
    invitations.record(session, one.id, FactKind.LETTER_SENT, by="test", at=at)
    for fact in (FactKind.ACKNOWLEDGED, FactKind.NO_SUBMISSION_EXPECTED, FactKind.MORE_TIME_ASKED):
        if chance.random() < 0.2:
            invitations.record(session, one.id, fact, by="test", at=at)
    fate = chance.random()
    late = at > factories.DEADLINE
    if fate < 0.2:
        draft(session, one, behalf, at=at)
    elif fate < 0.3 and one is not root:
        draft(session, one, behalf, at=at)
        invitations.record(session, one.id, FactKind.SENT_TO_MISSION, by="test", at=at)
    elif fate < 0.5:
        by_mission = root if one is root or chance.random() < 0.5 else None
        submitted(session, one, behalf, by_mission=by_mission, late=late, accepted=chance.random() < 0.1, at=at)


@pytest.mark.parametrize("seed", range(12))
def test_the_figures_are_those_of_a_recount(session: Session, seed: int) -> None:
    with clock.stopped_at(factories.NOW):
        campaign = factories.campaign(session)
        _live(session, campaign, random.Random(seed))
        found = board(session, campaign.id, "en")
        counted = _recount(session, campaign)
    rows = {row.code: row for group in found.groups for row in group.rows}
    assert {code: row.stage for code, row in rows.items()} == counted["stages"]
    assert set(found.replied) == counted["replied"]
    assert {code for code, row in rows.items() if row.counted_by(Show.LATE)} == counted["late"]
    assert found.figures.others == counted["others"]
    assert found.figures.bodies == counted["bodies"]
    # The stored stage is a projection: writing it again changes nothing.
    assert invitations.project(session, session.scalars(select(Invitation.id)).all()) == 0


def _recount(session: Session, campaign: Campaign) -> dict[str, object]:
    """The same by the rules of the architecture, one row at a time."""
    everyone = {one.id: one for one in session.scalars(select(Invitation).where(Invitation.campaign_id == campaign.id))}
    facts: dict[uuid.UUID, list[Fact]] = {key: [] for key in everyone}
    for fact in session.scalars(select(InvitationFact).where(InvitationFact.invitation_id.in_(everyone))):
        facts[fact.invitation_id].append(Fact(fact.kind, fact.at))
    replied: dict[str, list[bool]] = {}
    others = 0
    for submission in session.scalars(select(Submission).where(Submission.campaign_id == campaign.id)):
        versions = session.scalars(
            select(SubmissionVersion).where(SubmissionVersion.submission_id == submission.id)
        ).all()
        state = everyone[submission.invitation_id].state_code
        assert state is not None
        if any(version.transmitted_by_id or submission.accepted_at for version in versions):
            replied.setdefault(state, []).extend(version.late for version in versions)
        elif versions:
            others += 1
    stages: dict[str, Stage] = {}
    for one in everyone.values():
        assert one.state_code is not None
        reached, _since = stage(facts[one.id])
        mission = session.get_one(Institution, one.institution_id).kind in MISSION_KINDS
        if one.parent_id is not None:
            reached = reached if reached in (Stage.DRAFTING, Stage.SENT_TO_MISSION) else Stage.FORWARDED
        elif reached is Stage.SUBMITTED or (reached is Stage.NO_SUBMISSION_EXPECTED and not mission):
            reached = Stage.ACKNOWLEDGED
        so_far = stages.get(one.state_code, Stage.QUEUED)
        stages[one.state_code] = max(so_far, reached, key=STAGE_ORDER.index)
    return {
        "stages": stages | dict.fromkeys(replied, Stage.SUBMITTED),
        "replied": set(replied),
        "late": {code for code, all_late in replied.items() if all(all_late)},
        "others": others,
        "bodies": sum(one.parent_id is not None for one in everyone.values()),
    }
