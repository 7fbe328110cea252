"""How long the board takes: a throw-away PostgreSQL, all 195 States, 380 missions, 10,000 forwarded invitations with their facts.

    .venv/bin/python -m benchmarks.board [--requests 100] [--bodies 10000]

Each request is the whole page through the application (sign-in, statements, template), by Flask's test client in this process. Prints a
table and, as the last line, JSON.
"""

import argparse
import gc
import json
import os
import random
import statistics
import tempfile
import time
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from benchmarks.launching import settings_for
from outreach import clock, config, db
from outreach.app import create_app
from outreach.campaigns.invitations import new_code
from outreach.campaigns.models import (
    Campaign,
    CampaignKind,
    CampaignText,
    Invitation,
    InvitationFact,
    Origin,
    ReminderStep,
    ReplyRoute,
    Sensitivity,
)
from outreach.campaigns.stages import Fact, FactKind, stage
from outreach.db import Database
from outreach.directory.models import Contact, Institution, InstitutionKind, Seat, State, StateStatus
from outreach.directory.seed import seed_states
from outreach.identity import service as identity
from outreach.identity.audit import SERVICE
from outreach.identity.words import StaffRole
from outreach.stack.postgres import Postgres
from outreach.submissions.models import Behalf, Channel, Submission, SubmissionVersion

BEGAN = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)
NOW = datetime(2027, 2, 15, 9, 0, tzinfo=UTC)
MISSIONS = 380

_BODIES = (
    (InstitutionKind.MINISTRY, Behalf.NATIONAL_AUTHORITY),
    (InstitutionKind.LOCAL_AUTHORITY, Behalf.NATIONAL_AUTHORITY),
    (InstitutionKind.NATIONAL_HUMAN_RIGHTS_INSTITUTION, Behalf.NATIONAL_HUMAN_RIGHTS_INSTITUTION),
    (InstitutionKind.TRADE_UNION, Behalf.STAKEHOLDER),
    (InstitutionKind.UNIVERSITY, Behalf.STAKEHOLDER),
)


@dataclass
class Asked:
    """An invitation of the made-up world."""

    id: uuid.UUID
    state: str


class World:
    """Rows in the order of their keys, written in bulk."""

    def __init__(self, session: Session, seed: int) -> None:
        self.session = session
        self.chance = random.Random(seed)
        self.rows: dict[type[db.Base], list[dict[str, object]]] = {
            table: [] for table in (Institution, Contact, Invitation, InvitationFact, Submission, SubmissionVersion)
        }

    def institution(self, kind: InstitutionKind, state: str, seat: Seat | None, name: str) -> uuid.UUID:
        key = uuid.uuid4()
        self.rows[Institution].append(
            {"id": key, "kind": kind, "state_code": state, "seat": seat, "name": name, "created_at": BEGAN}
        )
        self.rows[Contact].append(
            {
                "id": uuid.uuid4(), "institution_id": key, "email": f"office@{key.hex[:12]}.example", "source": "benchmark",
                "created_at": BEGAN,
            }
        )  # fmt: skip
        return key

    def ask(self, campaign: uuid.UUID, of: uuid.UUID, state: str, kinds: list[FactKind], parent: Asked | None) -> Asked:
        key = uuid.uuid4()
        facts = [Fact(kind, BEGAN + timedelta(hours=hours)) for hours, kind in enumerate(kinds, 1)]
        reached, since = stage(facts)
        self.rows[Invitation].append(
            {
                "id": key, "campaign_id": campaign, "institution_id": of, "parent_id": parent.id if parent else None,
                "state_code": state, "code": new_code(), "origin": Origin.FORWARDED if parent else Origin.LAUNCH,
                "reply_route": ReplyRoute.DIRECT, "created_at": BEGAN, "stage": reached, "stage_at": since or BEGAN,
            }
        )  # fmt: skip
        for fact in facts:
            self.rows[InvitationFact].append(
                {
                    "id": uuid.uuid4(),
                    "invitation_id": key,
                    "kind": fact.kind,
                    "at": fact.at,
                    "by": "benchmark",
                    "details": {},
                }
            )
        return Asked(key, state)

    def answer(self, campaign: uuid.UUID, asked: Asked, behalf: Behalf, mission: Asked | None, submitted: bool) -> None:
        key = uuid.uuid4()
        self.rows[Submission].append(
            {
                "id": key, "campaign_id": campaign, "invitation_id": asked.id, "behalf": behalf, "language": "en",
                "answers": {"q1": "words " * 200}, "revision": 1, "begun_at": BEGAN, "saved_at": NOW,
                "number": f"B-{key.hex[:12]}" if submitted else None,
            }
        )  # fmt: skip
        if submitted:
            self.rows[SubmissionVersion].append(
                {
                    "id": uuid.uuid4(), "submission_id": key, "number": 1, "behalf": behalf, "channel": Channel.WEB,
                    "answers": {"q1": "words " * 200}, "files": [], "received_at": NOW, "recorded_at": NOW,
                    "recorded_by": "benchmark", "transmitted_by_id": mission.id if mission else None, "late": False,
                    "digest": key.hex * 2,
                }
            )  # fmt: skip

    def write(self) -> None:
        for table, rows in self.rows.items():
            self.session.execute(insert(table), rows)


def make_world(session: Session, bodies: int, seed: int = 1) -> dict[str, int]:
    """One launched campaign in the middle of its life; how many rows of each table it has."""
    seed_states(session)
    campaign = Campaign(
        id=uuid.uuid4(), code="BENCH", kind=CampaignKind.CALL_FOR_CONTRIBUTIONS, mandate_symbol="A/HRC/RES/54/22",
        note_reference="BENCH/1", note_date=BEGAN.date(), original_language="en", contact="office@secretariat.example",
        deadline_at=NOW + timedelta(days=11), deadline_zone="Europe/Zurich", sensitivity=Sensitivity.ORDINARY, audience={},
        created_at=BEGAN, launched_at=BEGAN,
    )  # fmt: skip
    session.add(campaign)
    session.flush()
    session.add(
        CampaignText(
            campaign_id=campaign.id, language="en", title="A benchmark", mandate="A resolution", note="-", letter="-"
        )
    )
    session.add_all(ReminderStep(campaign_id=campaign.id, number=n, days=days) for n, days in ((1, -3), (2, 7)))
    world = World(session, seed)
    missions = [_mission(world, campaign.id, state, seat) for state, seat in _seats(session)]
    asked: list[Asked] = []
    for number in range(bodies):
        # Most bodies stand right below a mission, some a level or two further down.
        parent = world.chance.choice(asked if asked and world.chance.random() < 0.2 else missions)
        asked.append(_body(world, campaign.id, parent, missions, number))
    world.write()
    return {table.__tablename__: len(rows) for table, rows in world.rows.items()}


def _seats(session: Session) -> list[tuple[State, Seat]]:
    states = session.query(State).order_by(State.code).all()
    both = [(state, seat) for seat in (Seat.NEW_YORK, Seat.GENEVA) for state in states]
    return both[:MISSIONS]


def _mission(world: World, campaign: uuid.UUID, state: State, seat: Seat) -> Asked:
    kind = (
        InstitutionKind.PERMANENT_MISSION
        if state.status is StateStatus.MEMBER
        else InstitutionKind.PERMANENT_OBSERVER_MISSION
    )
    institution = world.institution(kind, state.code, seat, f"Mission of {state.code}")
    facts = world.chance.choices(
        [
            [FactKind.LETTER_REFUSED],
            [FactKind.LETTER_SENT],
            [FactKind.LETTER_SENT, FactKind.ACKNOWLEDGED],
            [FactKind.LETTER_SENT, FactKind.ACKNOWLEDGED, FactKind.FORWARDED],
            [FactKind.LETTER_SENT, FactKind.FORWARDED, FactKind.DRAFT_BEGUN, FactKind.SUBMITTED],
        ],
        [5, 20, 25, 35, 15],
    )[0]
    made = world.ask(campaign, institution, state.code, facts, None)
    if FactKind.SUBMITTED in facts:
        world.answer(campaign, made, Behalf.STATE, made, submitted=True)
    return made


def _body(world: World, campaign: uuid.UUID, parent: Asked, missions: list[Asked], number: int) -> Asked:
    kind, behalf = world.chance.choice(_BODIES)
    institution = world.institution(kind, parent.state, None, f"Invented body {number}")
    fate = world.chance.choices(["silent", "lost", "drafting", "waiting", "submitted"], [55, 5, 15, 10, 15])[0]
    facts = {
        "silent": [FactKind.LETTER_SENT],
        "lost": [FactKind.LETTER_REFUSED],
        "drafting": [FactKind.LETTER_SENT, FactKind.DRAFT_BEGUN],
        "waiting": [FactKind.LETTER_SENT, FactKind.DRAFT_BEGUN, FactKind.SENT_TO_MISSION],
        "submitted": [FactKind.LETTER_SENT, FactKind.DRAFT_BEGUN, FactKind.SUBMITTED],
    }[fate]
    made = world.ask(campaign, institution, parent.state, facts, parent)
    if fate in ("drafting", "waiting", "submitted"):
        mission = parent if parent in missions and world.chance.random() < 0.1 else None
        world.answer(campaign, made, behalf, mission, submitted=fate == "submitted")
    return made


def measure(client: FlaskClient, address: str, requests: int) -> dict[str, float]:
    """Milliseconds of whole requests, after three to warm up: median, 95th percentile, largest; and the page's kilobytes."""
    for _round in range(3):
        client.get(address)
    times = []
    for _round in range(requests):
        began = time.perf_counter()
        answer = client.get(address)
        times.append((time.perf_counter() - began) * 1000)
        assert answer.status_code == 200, answer.status
    times.sort()
    return {
        "p50_ms": round(statistics.median(times), 1),
        "p95_ms": round(times[max(0, int(len(times) * 0.95) - 1)], 1),
        "max_ms": round(times[-1], 1),
        "kilobytes": round(len(client.get(address).data) / 1024),
    }


def sign_in(client: FlaskClient, database: Database) -> None:
    """Sign in by a one-time link, as a person does."""
    with database.write() as session:
        member = identity.add_staff(
            session,
            email="reader@secretariat.example",
            name="Reader",
            role=StaffRole.READER,
            password=None,
            actor=SERVICE,
        )
        token = identity.entry_token(member)
    page = html.fromstring(client.get(f"/staff/enter/{token}").get_data(as_text=True))
    (csrf,) = page.xpath('//input[@name="csrf_token"]/@value')
    client.post(f"/staff/enter/{token}", data={"csrf_token": csrf})


def main() -> None:
    """Make the world, measure, print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--requests", type=int, default=100)
    options.add_argument("--bodies", type=int, default=10_000)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder, Postgres(Path(folder) / "postgres", throwaway=True) as server:
        server.make_database("board")
        url = server.url("board")
        settings = settings_for(url, Path(folder))
        config.use(settings)
        db.migrate(url)
        database = Database(url)
        with clock.stopped_at(NOW):
            with database.write() as session:
                rows = make_world(session, chosen.bodies)
            with database.writing() as session:
                session.execute(text("ANALYZE"))
                session.commit()
            app = create_app(settings, database)
            client = app.test_client()
            with app.app_context():
                sign_in(client, database)
            pages = {
                "whole board, English": "/staff/campaigns/BENCH?lang=en",
                "whole board, Arabic": "/staff/campaigns/BENCH?lang=ar",
                "search for a body": "/staff/campaigns/BENCH?lang=en&q=Invented+body+77",
                "CSV": "/staff/campaigns/BENCH/board.csv?lang=en",
                "other submissions": "/staff/campaigns/BENCH/others?lang=en",
                "a State": "/staff/campaigns/BENCH/states/KAZ?lang=en",
            }
            gc.collect()
            gc.freeze()  # as a process that serves does
            found = {name: measure(client, address, chosen.requests) for name, address in pages.items()}
        database.dispose()
    print(f"{chosen.requests} requests each, {os.cpu_count()} cores; rows: {rows}")
    print(f"{'page':24}{'p50 ms':>9}{'p95 ms':>9}{'max ms':>9}{'KB':>6}")
    for name, one in found.items():
        print(f"{name:24}{one['p50_ms']:>9}{one['p95_ms']:>9}{one['max_ms']:>9}{one['kilobytes']:>6}")
    print(json.dumps({"requests": chosen.requests, "rows": rows, "pages": found}))


if __name__ == "__main__":
    main()
