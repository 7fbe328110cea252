"""The States of the file in the tables."""

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from outreach.directory import queries
from outreach.directory.models import State, StateName
from outreach.directory.seed import seed_states


def test_seeding_again_changes_nothing(session: Session) -> None:
    seed_states(session)
    assert seed_states(session) is False
    assert session.scalar(select(func.count()).select_from(State)) == 195
    assert session.scalar(select(func.count()).select_from(StateName)) == 195 * 6


def test_a_changed_name_and_a_changed_order_are_put_right(session: Session) -> None:
    session.execute(update(StateName).where(StateName.language == "fr").values(list_order=196 + StateName.list_order))
    session.execute(update(State).where(State.code == "JOR").values(capital_zone=None, language="ar"))
    assert seed_states(session) is True
    assert queries.states(session, "fr")[0].short == "Afghanistan"
    assert queries.state(session, "JOR", "en").capital_zone == "Asia/Amman"
    jordan = session.get(State, "JOR")
    assert jordan is not None
    assert jordan.language == "ar"


def test_lists_run_in_the_order_of_their_language(session: Session) -> None:
    french = [line.short for line in queries.states(session, "fr")]
    assert french.index("Égypte") < french.index("El Salvador") < french.index("Zambie")
    assert len(french) == 195
    assert queries.state_name(session, "EGY", "ar") == "مصر"
