"""One call, and the four who answer it: a mission, a ministry through the mission, a ministry directly, a union directly."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from outreach import clock
from outreach.campaigns import links
from outreach.campaigns.links import LinkKind
from outreach.correspondence.models import Letter, LetterKind
from outreach.i18n import speaking
from outreach.storage import Storage
from outreach.submissions import respondent
from outreach.submissions.respondent import OwnAnswer
from tests import factories
from tests.submissions import answering
from tests.web.visitor import csrf_token, document


@dataclass(frozen=True)
class Call:
    """The ids of the invitations, and the addresses of their pages."""

    campaign_id: uuid.UUID
    geneva_id: uuid.UUID
    ministry_id: uuid.UUID
    direct_id: uuid.UUID
    union_id: uuid.UUID

    @property
    def geneva(self) -> str:
        """The answering pages of the mission in Geneva."""
        return answer_address(self.geneva_id)

    @property
    def ministry(self) -> str:
        """Those of the ministry that replies through it."""
        return answer_address(self.ministry_id)

    @property
    def direct(self) -> str:
        """Those of the ministry that replies directly."""
        return answer_address(self.direct_id)

    @property
    def union(self) -> str:
        """Those of the union, which replies directly."""
        return answer_address(self.union_id)


def answer_address(invitation_id: uuid.UUID) -> str:
    """The address of an answer's first page."""
    return f"/a/{links.sign(LinkKind.ANSWER, invitation_id)}"


@pytest.fixture(autouse=True)
def _in_february() -> Iterator[None]:
    with clock.stopped_at(factories.NOW):
        yield


@pytest.fixture
def call(session: Session, storage: Storage) -> Call:
    """Committed, so that the application sees it."""
    with speaking("en"):
        w = answering.world(session, storage=storage)
    session.commit()
    return Call(w.campaign.id, w.geneva.id, w.ministry.id, w.direct.id, w.union.id)


def hidden(page: TestResponse, name: str) -> str:
    """The value of a hidden field."""
    (found,) = document(page).xpath(f'//input[@type="hidden"][@name="{name}"]/@value')
    return str(found)


def begin(client: FlaskClient, address: str, **typed: str) -> TestResponse:
    """Press "Begin the answer", in English."""
    opened = client.get(f"{address}?lang=en")
    return client.post(f"{address}/begin", data={"csrf_token": csrf_token(opened), **typed})


def save(
    client: FlaskClient, address: str, number: int, typed: dict[str, Any], *, do: str = "continue", **options: Any
) -> TestResponse:
    """Open a part, fill it in, press a button."""
    opened = client.get(f"{address}/parts/{number}")
    return press(client, address, number, opened, typed, do=do, **options)


def press(
    client: FlaskClient,
    address: str,
    number: int,
    opened: TestResponse,
    typed: dict[str, Any],
    *,
    do: str = "continue",
    **options: Any,
) -> TestResponse:
    """Fill in the page of a part that was opened before, and press a button."""
    held = {"csrf_token": csrf_token(opened), "seen": hidden(opened, "seen"), "do": do}
    return client.post(
        f"{address}/parts/{number}", data={**held, **typed}, content_type="multipart/form-data", **options
    )


PART_ONE = {"q-plan": "yes", "q-why": "The strategy of 2023."}
PART_TWO = {"q-needs": ["training"], "q-staff": "12"}


def filled(client: FlaskClient, address: str, **respondent_of: str) -> None:
    """A complete draft, filled in page by page."""
    begin(client, address, **respondent_of)
    save(client, address, 1, PART_ONE)
    save(client, address, 2, PART_TWO)


def send(client: FlaskClient, address: str, **typed: str) -> TestResponse:
    """Open the review, choose about publication, press the main button."""
    opened = client.get(f"{address}/review")
    data = {"csrf_token": csrf_token(opened), "revision": hidden(opened, "revision"), "publication": "publish"}
    return client.post(f"{address}/submit", data={**data, **typed})


def own(session: Session, invitation_id: uuid.UUID) -> OwnAnswer:
    """The answer as the database has it now."""
    session.expire_all()
    session.rollback()
    found = respondent.own_answer(session, invitation_id)
    assert found is not None
    return found


def letters(session: Session, kind: LetterKind, invitation_id: uuid.UUID) -> list[Letter]:
    """The letters of a kind about an invitation, the oldest first."""
    session.rollback()
    return list(
        session.scalars(
            select(Letter)
            .where(Letter.invitation_id == invitation_id, Letter.kind == kind)
            .order_by(Letter.queued_at, Letter.to_address)
        )
    )


def value_of(letter: Letter, name: str) -> str:
    """What a letter says at one of its places, in the first of its languages."""
    return str(next(iter(letter.merge.values()))[name])
