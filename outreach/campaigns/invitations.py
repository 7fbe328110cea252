"""Invitations and the facts about them: the only way to add either. The stage is written with the fact."""

import base64
import secrets
import uuid
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Any

import psycopg
from psycopg.rows import scalar_row
from psycopg.types.json import Json
from sqlalchemy import bindparam, select, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from outreach import clock
from outreach.campaigns import walks
from outreach.campaigns.models import Invitation, InvitationFact, Origin, ReplyRoute
from outreach.campaigns.stages import Fact, FactKind, Stage, stage
from outreach.campaigns.wording import Asked
from outreach.db import Keys, any_of, fresh_key, fresh_keys
from outreach.directory.recipients import NamedInstitution

_ADD = text(
    """
    WITH told AS MATERIALIZED (
        SELECT * FROM jsonb_to_recordset(:facts) AS told (
            invitation_id uuid, kind text, at timestamptz, by text, note text, details jsonb, takes_back uuid, alone text, since timestamptz
        )
    ), added AS (
        INSERT INTO invitation_fact (id, invitation_id, kind, at, by, note, details, takes_back_id)
        SELECT uuidv7(), invitation_id, kind, at, by, note, details, takes_back FROM told
    )
    UPDATE invitation SET stage = alone, stage_at = COALESCE(since, created_at)
    FROM told WHERE invitation.id = invitation_id AND alone IS NOT NULL
        AND NOT EXISTS (SELECT FROM invitation_fact WHERE invitation_fact.invitation_id = invitation.id)
    RETURNING invitation.id, stage, stage_at
    """
).bindparams(bindparam("facts", type_=JSONB()))
_INVITE = """
    INSERT INTO invitation (id, campaign_id, institution_id, state_code, code, origin, reply_route, created_at, stage, stage_at)
    SELECT id, %(campaign)s, institution_id, state_code, code, %(origin)s, %(route)s, %(now)s, %(stage)s, %(now)s
    FROM json_to_recordset(%(asked)s) AS told (id uuid, institution_id uuid, state_code text, code text)
    ON CONFLICT DO NOTHING RETURNING id
"""
_HOLD = text("SELECT FROM invitation WHERE id = ANY(:keys) ORDER BY id FOR NO KEY UPDATE").bindparams(
    bindparam("keys", type_=Keys())
)
_STAND = text(
    """
    SELECT invitation.id, stage, stage_at, created_at, kinds, instants
    FROM invitation, LATERAL (
        SELECT array_agg(kind) AS kinds, array_agg(at) AS instants FROM invitation_fact
        WHERE invitation_id = invitation.id
            AND NOT EXISTS (SELECT FROM invitation_fact later WHERE later.takes_back_id = invitation_fact.id)
    ) AS facts
    WHERE invitation.id = ANY(:keys)
    """
).bindparams(bindparam("keys", type_=Keys()))
_PROJECT = text(
    """
    UPDATE invitation SET stage = told.stage, stage_at = told.at
    FROM jsonb_to_recordset(:told) AS told (id uuid, stage text, at timestamptz) WHERE invitation.id = told.id
    """
).bindparams(bindparam("told", type_=JSONB()))

_KINDS = {kind.value: kind for kind in FactKind}
_READABLE = bytes.maketrans(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ")
"""From base32 to letters and digits of which no two look alike."""
_CODE_BYTES = 5


def new_code() -> str:
    """A code to print and read aloud: KJ4T-92QX, without letters and digits that look alike."""
    return new_codes(1)[0]


def new_codes(number: int) -> list[str]:
    """So many codes, chance is asked for once."""
    letters = base64.b32encode(secrets.token_bytes(_CODE_BYTES * number)).translate(_READABLE).decode()
    return [f"{letters[start : start + 4]}-{letters[start + 4 : start + 8]}" for start in range(0, 8 * number, 8)]


def invite(
    session: Session,
    *,
    campaign_id: uuid.UUID,
    institution_id: uuid.UUID,
    state_code: str | None,
    origin: Origin,
    reply_route: ReplyRoute = ReplyRoute.DIRECT,
    parent_id: uuid.UUID | None = None,
    message: str | None = None,
) -> Invitation:
    """Add an invitation. One institution is asked once in a campaign: the unique key raises IntegrityError at flush."""
    moment = clock.now()
    invitation = Invitation(
        id=fresh_key(),
        campaign_id=campaign_id,
        institution_id=institution_id,
        parent_id=parent_id,
        state_code=state_code,
        code=new_code(),
        origin=origin,
        reply_route=reply_route,
        message=message,
        created_at=moment,
        stage=Stage.QUEUED,
        stage_at=moment,
    )
    session.add(invitation)
    session.flush()
    return invitation


def planned(institutions: Collection[NamedInstitution], origin: Origin) -> list[Asked]:
    """Invitations of institutions that are in no table yet."""
    number = len(institutions)
    return [
        Asked(key, one.id, one.state_code, code, origin)
        for key, code, one in zip(fresh_keys(number), new_codes(number), institutions, strict=True)
    ]


def adding(campaign_id: uuid.UUID, planned: Sequence[Asked]) -> Callable[[psycopg.Connection], set[uuid.UUID]]:
    """The act that adds planned invitations to a campaign, all of one origin, in one statement; the ids of those that were added.

    The others were asked in the meantime, or have a code that another has.
    """
    asked = [
        {
            "id": one.id.hex,
            "institution_id": one.institution_id.hex,
            "state_code": one.state_code,
            "code": one.code,
        }
        for one in planned
    ]
    values = {
        "campaign": campaign_id, "asked": Json(asked), "origin": planned[0].origin.value if planned else None,
        "route": ReplyRoute.DIRECT.value, "stage": Stage.QUEUED.value, "now": clock.now(),
    }  # fmt: skip

    def add(connection: psycopg.Connection) -> set[uuid.UUID]:
        with connection.cursor(row_factory=scalar_row) as cursor:
            return set(cursor.execute(_INVITE, values).fetchall())

    return add


def not_asked(
    session: Session, campaign_id: uuid.UUID, institutions: Iterable[NamedInstitution]
) -> list[NamedInstitution]:
    """Those of the institutions that nobody has asked."""
    wanted = {one.id: one for one in institutions}
    invited = select(Invitation.institution_id).where(
        Invitation.campaign_id == campaign_id, Invitation.institution_id == any_of(wanted)
    )
    return [wanted[key] for key in wanted.keys() - set(session.scalars(invited))]


@dataclass(frozen=True)
class NewFact:
    """A fact to be added: `at` is the instant it happened, `by` who did it, as in the audit trail."""

    invitation_id: uuid.UUID
    kind: FactKind
    by: str
    at: datetime
    note: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict)
    takes_back: uuid.UUID | None = None


def record(
    session: Session,
    invitation_id: uuid.UUID,
    kind: FactKind,
    *,
    by: str,
    note: str | None = None,
    details: dict[str, Any] | None = None,
    at: datetime | None = None,
) -> None:
    """Add a fact and bring the stage up to date in the same transaction. `at` is the instant it happened (default: now)."""
    record_many(session, [NewFact(invitation_id, kind, by, at or clock.now(), note, details or {})])


def record_many(session: Session, facts: Collection[NewFact]) -> None:
    """Add facts of many invitations in a few statements, and bring their stages up to date in the same transaction."""
    if facts:
        # The row locks order two facts of one invitation, so that the projection is made from both.
        hold(session, {fact.invitation_id for fact in facts})
        record_held(session, facts)


def record_held(session: Session, facts: Collection[NewFact]) -> None:
    """As `record_many`, of invitations that this transaction holds."""
    if not facts:
        return
    touched = Counter(fact.invitation_id for fact in facts)
    told = [_told(fact, touched[fact.invitation_id] == 1) for fact in facts]
    # Of the hundred thousand that a launch asks, most have one fact, which says by itself how far they got.
    alone = {key: (Stage(reached), since) for key, reached, since in session.execute(_ADD, {"facts": told})}
    _bring_up_to_date(session, alone)
    if len(alone) < len(touched):
        project(session, touched.keys() - alone.keys())
    let_go_on = {fact.invitation_id for fact in facts if fact.kind in walks.LETS_GO_ON}
    if let_go_on:
        walks.again(session, let_go_on)


def _told(fact: NewFact, by_itself: bool) -> dict[str, Any]:
    at = _instant(fact.at)
    reached, at_once = _alone(fact.kind.value)
    return {
        "invitation_id": fact.invitation_id.hex,
        "kind": fact.kind.value,
        "at": at,
        "by": fact.by,
        "note": fact.note,
        "details": dict(fact.details),
        "takes_back": str(fact.takes_back) if fact.takes_back else None,
        "alone": reached.value if by_itself else None,
        "since": at if at_once else None,
    }


def take_back(session: Session, facts: Iterable[InvitationFact], *, by: str, note: str | None = None) -> None:
    """Let facts count no more: they stay, and each gets one that takes it back. The stage becomes what it was without them."""
    now = clock.now()
    record_many(
        session,
        [
            NewFact(fact.invitation_id, FactKind.TAKEN_BACK, by, now, note, {"fact": fact.kind.value}, fact.id)
            for fact in facts
        ],
    )


def hold(session: Session, invitation_ids: Iterable[uuid.UUID]) -> None:
    """Lock these invitations until the transaction ends, in one order, so that none waits in a circle."""
    session.flush()
    session.execute(_HOLD, {"keys": invitation_ids})


def project(session: Session, invitation_ids: Iterable[uuid.UUID]) -> int:
    """Write the stage that the facts amount to; return how many invitations had another one."""
    session.flush()
    changed: dict[uuid.UUID, tuple[Stage, datetime]] = {}
    rows = session.execute(_STAND, {"keys": invitation_ids}).all()
    for key, was, was_since, created_at, kinds, instants in rows:
        reached, since = _amount_to(kinds or [], instants or [])
        if (was, was_since) != (reached.value, since or created_at):
            changed[key] = reached, since or created_at
    told = [{"id": key.hex, "stage": reached.value, "at": _instant(since)} for key, (reached, since) in changed.items()]
    session.execute(_PROJECT, {"told": told})
    _bring_up_to_date(session, changed)
    return len(changed)


def _bring_up_to_date(session: Session, changed: Mapping[uuid.UUID, tuple[Stage, datetime]]) -> None:
    """What the session has loaded says what was written past it."""
    for loaded in session.identity_map.values():
        if isinstance(loaded, Invitation) and loaded.id in changed:
            set_committed_value(loaded, "stage", changed[loaded.id][0])
            set_committed_value(loaded, "stage_at", changed[loaded.id][1].astimezone(UTC))


def _amount_to(kinds: Sequence[str], instants: Sequence[datetime]) -> tuple[Stage, datetime | None]:
    return stage([Fact(_KINDS[kind], at) for kind, at in zip(kinds, instants, strict=True)])


@cache
def _alone(kind: str) -> tuple[Stage, bool]:
    """The stage that one fact alone amounts to, and whether since then."""
    reached, since = stage([Fact(_KINDS[kind], datetime.min.replace(tzinfo=UTC))])
    return reached, since is not None


def _instant(at: datetime) -> str:
    if at.tzinfo is None:
        raise ValueError("an instant needs its zone")
    return at.isoformat()
