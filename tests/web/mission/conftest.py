"""One call, the two missions of a State, and a ministry below Geneva's."""

import uuid
from dataclasses import dataclass

import pytest
from sqlalchemy.orm import Session

from outreach.campaigns import links
from outreach.campaigns.links import LinkKind
from outreach.campaigns.models import ReplyRoute
from outreach.directory.models import InstitutionKind, Seat
from outreach.questionnaires.contribution import contribution_form
from outreach.questionnaires.form import to_json
from outreach.storage import Storage
from tests import factories


@dataclass(frozen=True)
class World:
    """The ids of the invitations, and the addresses of their pages."""

    campaign_id: uuid.UUID
    code: str
    geneva_id: uuid.UUID
    new_york_id: uuid.UUID
    ministry_id: uuid.UUID

    @property
    def geneva(self) -> str:
        """The page of the mission in Geneva."""
        return f"/m/{links.sign(LinkKind.MISSION, self.geneva_id)}"

    @property
    def ministry(self) -> str:
        """The page of the ministry."""
        return f"/m/{links.sign(LinkKind.MISSION, self.ministry_id)}"

    @property
    def passed_on(self) -> str:
        """The page behind the link that Geneva passes on."""
        return f"/p/{links.sign(LinkKind.PASS_ON, self.geneva_id)}"


@pytest.fixture
def world(session: Session, storage: Storage) -> World:
    """Committed, so that the application sees it."""
    campaign = factories.campaign(session, "KH-2027", storage=storage, form=to_json(contribution_form()))
    geneva = factories.invitation(session, campaign, factories.mission(session))
    new_york = factories.invitation(session, campaign, factories.mission(session, seat=Seat.NEW_YORK))
    ministry = factories.institution(
        session, InstitutionKind.MINISTRY, name="Ministry of Labour", email="office@labour.example", language="fr"
    )
    below = factories.invitation(session, campaign, ministry, parent=geneva, reply_route=ReplyRoute.THROUGH_MISSION)
    session.commit()
    return World(campaign.id, campaign.code, geneva.id, new_york.id, below.id)
