"""The factories make rows that the schema takes."""

from sqlalchemy.orm import Session

from outreach.campaigns import queries
from outreach.campaigns.models import Origin
from outreach.storage import Storage
from tests import factories


def test_a_campaign_with_a_mission_and_a_ministry_below_it(session: Session, storage: Storage) -> None:
    campaign = factories.campaign(session, storage=storage)
    asked = factories.invitation(session, campaign, factories.mission(session))
    below = factories.invitation(
        session, campaign, factories.institution(session, email="office@health.example"), parent=asked
    )
    session.commit()
    assert [child.id for child in queries.children(session, asked.id)] == [below.id]
    assert below.origin is Origin.FORWARDED
    assert len(queries.texts(session, campaign.id)) == 6
    assert len(queries.files(session, campaign.id)) == 12
