"""The dry run: it composes what a launch would send, says what can't be, and leaves no trace."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.campaigns import audience, launch
from outreach.campaigns.dry_run import dry_run
from outreach.campaigns.models import Campaign, CampaignFile, FileKind, Invitation
from outreach.correspondence.models import Edition, Letter, Register
from outreach.db import Database
from outreach.directory.models import InstitutionKind
from outreach.identity.audit import SERVICE
from outreach.storage import Storage
from tests import factories

pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture
def campaign(session: Session, storage: Storage) -> Campaign:
    """Two missions and two universities, one of them with two mailboxes; committed."""
    version = factories.questionnaire(session)
    kinds = ["permanent_mission", "university"]
    made = factories.campaign(
        session,
        storage=storage,
        launched=False,
        questionnaire_version_id=version.id,
        audience={"seats": ["geneva"], "kinds": kinds},
    )
    factories.mission(session, "FRA", language="fr")
    factories.mission(session, "KAZ")
    for name in ("First", "Second"):
        kind = InstitutionKind.UNIVERSITY
        of = factories.institution(session, kind, name=name, language="en", email=f"{name.lower()}@university.example")
    factories.contact(session, of, "dean@university.example", language="ar")
    session.commit()
    return made


def test_it_composes_what_a_launch_sends_and_leaves_no_trace(
    session: Session, database: Database, storage: Storage, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audience, "CHUNK", 3)
    told: list[int] = []
    with clock.stopped_at(factories.NOW):
        with database.read() as own:
            found = dry_run(own, storage, campaign, progress=told.append)
        assert [session.scalar(select(func.count()).select_from(table)) for table in (Invitation, Letter, Edition)] == [
            0
        ] * 3
        assert launch.launch(session, campaign.id, SERVICE).letters == found.letters == 5
    assert found.by_language == {
        ("fr", Register.NOTE): 1,
        ("en+fr", Register.NOTE): 1,
        ("en", Register.LETTER): 2,
        ("ar", Register.LETTER): 1,
    }
    assert (found.institutions, found.not_composed, found.complete, told) == (4, 0, True, [3, 4])
    # English and French, each with a note and an annex.
    assert found.largest_to == "Permanent Mission of Kazakhstan to the United Nations Office at Geneva"


def test_what_cannot_be_composed_is_named_and_the_others_are_composed(
    session: Session, storage: Storage, campaign: Campaign
) -> None:
    session.get_one(CampaignFile, (campaign.id, "fr", FileKind.NOTE)).content = "0" * 64
    of = factories.institution(session, InstitutionKind.UNIVERSITY, name="Third", language="en")
    factories.contact(session, of, "d\u00e9an@university.example")
    session.flush()
    with clock.stopped_at(factories.NOW):
        found = dry_run(session, storage, campaign)
    assert (found.letters, found.not_composed) == (3, 3)
    assert {(one.institution, one.address) for one in found.named} == {
        ("Permanent Mission of France to the United Nations Office at Geneva", "mission.fra@geneva.example"),
        ("Permanent Mission of Kazakhstan to the United Nations Office at Geneva", "mission.kaz@geneva.example"),
        ("Third", "d\u00e9an@university.example"),
    }


def test_a_page_that_has_waited_long_enough_says_so(session: Session, storage: Storage, campaign: Campaign) -> None:
    found = dry_run(session, storage, campaign, within=-1)
    assert (found.complete, found.letters) == (False, 5)
