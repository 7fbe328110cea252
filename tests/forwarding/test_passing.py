"""The text to pass on holds the link to pass on, in every language, and nothing that acts for the mission."""

import pytest
from sqlalchemy.orm import Session

from outreach.campaigns import links
from outreach.campaigns.links import LinkKind
from outreach.forwarding.passing import passing_text
from outreach.i18n import LANGUAGES
from tests import factories


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_text_holds_one_link(session: Session, language: str) -> None:
    mission = factories.invitation(session, factories.campaign(session), factories.mission(session))
    text = passing_text(session, mission.id, language)
    whole = text.subject + text.body
    assert whole.count("http://") == 1
    assert links.address(LinkKind.PASS_ON, mission.id, language) in whole
    assert links.sign(LinkKind.MISSION, mission.id) not in whole
    assert links.sign(LinkKind.ANSWER, mission.id) not in whole
    assert factories.TITLES[language] in text.subject


def test_a_title_that_nobody_reviewed_says_so(session: Session) -> None:
    campaign = factories.campaign(session, reviewed=False)
    mission = factories.invitation(session, campaign, factories.mission(session))
    assert not passing_text(session, mission.id, "ar").reviewed
    assert passing_text(session, mission.id, "en").reviewed
