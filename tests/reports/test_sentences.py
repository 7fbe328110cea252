"""The sentence for the report: counted, in the order of each language's lists, observer States apart."""

import pytest
from sqlalchemy.orm import Session

from outreach import i18n
from outreach.directory import queries as directory
from outreach.reports.sentences import replies_sentence


def test_names_after_a_colon_and_observer_states_apart(session: Session) -> None:
    assert replies_sentence(session, ["VAT", "ARM", "ARG"], "en") == (
        "Replies were received from the following 2 States: Argentina, Armenia. "
        "A reply was received from the following observer State: Holy See."
    )


def test_one_state_is_singular(session: Session) -> None:
    assert replies_sentence(session, ["KAZ"], "en") == "A reply was received from the following State: Kazakhstan."


def test_only_observer_states(session: Session) -> None:
    assert replies_sentence(session, ["VAT", "PSE"], "en") == (
        "Replies were received from the following 2 observer States: Holy See, State of Palestine."
    )


def test_nobody_replied(session: Session) -> None:
    assert replies_sentence(session, [], "en") == "No replies of States have been received."


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_each_language_has_its_own_order_and_comma(session: Session, language: str) -> None:
    codes = {"EGY", "ZMB", "AFG", "CIV", "KAZ", "VAT"}
    names = [state.short for state in directory.states(session, language) if state.code in codes - {"VAT"}]
    with i18n.speaking(language):
        assert i18n.join(names) in replies_sentence(session, codes, language)
