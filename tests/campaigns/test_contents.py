"""The texts of a call for input: two who write the same text at once don't overwrite each other."""

import pytest
from sqlalchemy.orm import Session

from outreach.campaigns import contents
from outreach.campaigns.contents import CampaignWords
from outreach.errors import Refused, Stale
from outreach.identity.audit import SERVICE
from tests import factories

pytestmark = pytest.mark.usefixtures("english")

WORDS = CampaignWords("Title", "Resolution 54/22", "A note.", "A letter.", "Translation Section", None)


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(session: Session) -> None:
    campaign = factories.campaign(session, launched=False)
    seen = contents.mark(contents.words_of(session, campaign.id, "fr"))
    assert contents.set_text(session, campaign.id, "fr", WORDS, SERVICE, seen=seen)
    with pytest.raises(Stale):
        contents.set_text(session, campaign.id, "fr", CampaignWords("Other", "", "", ""), SERVICE, seen=seen)
    assert contents.words_of(session, campaign.id, "fr") == WORDS


def test_a_text_that_is_not_there_yet_has_a_mark_too(session: Session) -> None:
    campaign = factories.campaign(session, launched=False)
    contents.set_text(session, campaign.id, "fr", None, SERVICE)
    seen = contents.mark(None)
    assert contents.set_text(session, campaign.id, "fr", WORDS, SERVICE, seen=seen)
    with pytest.raises(Stale):
        contents.set_text(session, campaign.id, "fr", None, SERVICE, seen=seen)


def test_the_texts_of_a_launched_call_stay_as_they_were_sent(session: Session) -> None:
    campaign = factories.campaign(session)
    with pytest.raises(Refused):
        contents.set_text(session, campaign.id, "fr", WORDS, SERVICE)
