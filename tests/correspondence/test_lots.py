"""Letters in lots: written as the outbox writes them, whatever they hold; what goes wrong is told, and nothing is left half."""

import traceback
import uuid
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from outreach.behind import Behind
from outreach.correspondence import editions, outbox
from outreach.correspondence.editions import Rendering
from outreach.correspondence.lots import writing
from outreach.correspondence.models import Letter, LetterKind, Register
from outreach.correspondence.outbox import LetterOrder
from tests import factories
from tests.correspondence.letters import lines

pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture
def order(session: Session) -> LetterOrder:
    campaign = factories.campaign(session)
    mission = factories.mission(session)
    contact = factories.contact(session, mission, "second@geneva.example")
    invitation = factories.invitation(session, campaign, mission)
    wanted = Rendering(LetterKind.INVITATION, Register.NOTE, "en")
    return LetterOrder(
        edition_id=editions.freeze(session, wanted, editions.render(wanted, lines), ()),
        kind=LetterKind.INVITATION,
        language="en",
        to_address="second@geneva.example",
        occasion="launch",
        values={"en": {"recipient": "The Mission"}},
        campaign_id=campaign.id,
        invitation_id=invitation.id,
        contact_id=contact.id,
        reply_to="replies@secretariat.example",
    )


def _written(session: Session, lots: Sequence[Sequence[LetterOrder]]) -> list[dict[str, Any]]:
    """The rows of letters written in lots, without what no two have in common."""
    with Behind(session) as behind:
        written = [behind.begin(writing(lot)) for lot in lots]
    assert [lot.result() for lot in written] == [len(lot) for lot in lots]
    return _rows(session)


def _rows(session: Session) -> list[dict[str, Any]]:
    names = {"id", "message_id", "envelope_token", "queued_at", "due_at"}
    rows = []
    for letter in session.scalars(select(Letter).order_by(Letter.occasion)):
        assert letter.message_id == f"<{letter.id}@outreach.example>"
        assert letter.envelope_token == letter.id.hex
        rows.append(
            {column.key: getattr(letter, column.key) for column in Letter.__table__.columns if column.key not in names}
        )
    return rows


def test_a_letter_is_written_as_the_outbox_writes_it(session: Session, order: LetterOrder) -> None:
    with session.begin_nested() as tried:
        outbox.queue(session, order)
        wanted = _rows(session)
        tried.rollback()
    assert _written(session, [[order]]) == wanted


any_text = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=30)


@settings(max_examples=20)
@given(st.lists(st.tuples(any_text, any_text | st.sampled_from(["\\N", "\\.", "a\tb\\n\r\n"])), max_size=4))
def test_whatever_a_letter_holds_comes_back_unchanged(
    session: Session, order: LetterOrder, texts: list[tuple[str, str]]
) -> None:
    with session.begin_nested() as tried:
        told = [
            order._replace(occasion=f"{number} {name}", values={"en": {"recipient": value}}, reply_to=value or None)
            for number, (name, value) in enumerate(texts)
        ]
        rows = _written(session, [told[:1], told[1:]])
        assert [(row["occasion"], row["merge"], row["reply_to"]) for row in rows] == [
            (one.occasion, one.values, one.reply_to) for one in told
        ]
        tried.rollback()


def test_what_goes_wrong_with_a_lot_is_told_and_the_transaction_can_be_taken_back(
    session: Session, order: LetterOrder
) -> None:
    session.commit()
    with pytest.raises(DBAPIError, match="did not take the rows") as told, Behind(session) as behind:
        behind.begin(writing([order, order])).result()
    assert order.to_address not in "".join(traceback.format_exception(told.value))
    session.rollback()
    assert not _rows(session)
    assert session.get(Letter, uuid.uuid4()) is None
