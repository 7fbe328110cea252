"""A campaign's settings before and after its launch, its folder, its closing; each change once in the audit trail."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.campaigns import contents, queries, reminders, service
from outreach.campaigns.folder import SAMPLE, read_folder
from outreach.campaigns.models import Campaign, CampaignKind, FileKind, Sensitivity
from outreach.campaigns.service import CampaignSettings
from outreach.correspondence.models import Letter, LetterKind, LetterState
from outreach.db import Database
from outreach.directory.models import InstitutionKind, Seat
from outreach.errors import Invalid, Missing, Refused
from outreach.i18n import LANGUAGES
from outreach.identity.models import AuditEntry
from outreach.storage import Storage
from tests import factories
from tests.campaigns.asked import MANAGER, at_once, tick, world

pytestmark = pytest.mark.usefixtures("english", "_at_the_time")

SETTINGS = CampaignSettings(
    code="KH-2027",
    kind=CampaignKind.QUESTIONNAIRE,
    mandate_symbol="A/HRC/RES/54/22",
    note_reference="OESCR/KH/2027-17",
    note_date=date(2027, 1, 12),
    original_language="en",
    contact="knowledge-hub@secretariat.example",
    sensitivity=Sensitivity.ORDINARY,
    deadline_at=factories.DEADLINE,
    deadline_zone="Europe/Zurich",
    reminder_days=(-14, -5, 3),
    seats=(Seat.GENEVA, Seat.NEW_YORK),
    kinds=(InstitutionKind.PERMANENT_MISSION,),
)


@pytest.fixture
def _at_the_time() -> Iterator[None]:
    with clock.stopped_at(factories.LAUNCHED):
        yield


def acts(session: Session) -> list[str]:
    session.flush()
    return list(session.scalars(select(AuditEntry.act).order_by(AuditEntry.at, AuditEntry.act)))


def entry(session: Session, act: str) -> AuditEntry:
    session.flush()
    return session.scalars(select(AuditEntry).where(AuditEntry.act == act)).one()


def test_a_campaign_is_what_its_settings_say(session: Session) -> None:
    made = service.create(session, SETTINGS, MANAGER)
    assert service.settings_of(session, made.id) == SETTINGS
    assert (made.created_at, made.launched_at, made.closed_at) == (factories.LAUNCHED, None, None)
    assert entry(session, "campaign.created").after is not None
    assert queries.campaign_by_code(session, "kh-2027").id == made.id


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"code": "kh 2027"}, "code"),
        ({"code": "K" * 40}, "code"),
        ({"original_language": "de"}, "original_language"),
        ({"deadline_zone": "Geneva"}, "zone"),
        ({"deadline_at": datetime(2027, 1, 11, 22, 0, tzinfo=UTC)}, "day"),
        ({"reminder_days": (-5, -5)}, "reminder_days"),
        ({"reminder_days": (366,)}, "reminder_days"),
        ({"kinds": ()}, "kinds"),
        ({"seats": ()}, "kinds"),
        ({"contact": "the Office"}, "contact"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(session: Session, changed: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as found:
        service.create(session, replace(SETTINGS, **changed), MANAGER)
    assert found.value.field == field
    made = service.create(session, SETTINGS, MANAGER)
    with pytest.raises(Invalid) as found:
        service.update(session, made.id, replace(SETTINGS, **changed), MANAGER)
    assert found.value.field == field
    assert service.settings_of(session, made.id) == SETTINGS


def test_a_code_is_given_once(session: Session) -> None:
    service.create(session, SETTINGS, MANAGER)
    with pytest.raises(Invalid) as found:
        service.create(session, SETTINGS, MANAGER)
    assert found.value.field == "code"


def test_two_who_create_the_same_at_once_create_one(session: Session, database: Database) -> None:
    def create() -> None:
        with database.writing() as own:
            service.create(own, SETTINGS, MANAGER)
            own.commit()

    faults = at_once(create, create)
    assert [type(fault) for fault in faults] == [Invalid]
    assert len(session.scalars(select(Campaign)).all()) == 1


def test_before_the_launch_everything_but_the_code_may_change(session: Session) -> None:
    made = service.create(session, SETTINGS, MANAGER)
    wanted = replace(
        SETTINGS,
        kind=CampaignKind.CALL_FOR_CONTRIBUTIONS,
        note_reference="OESCR/KH/2027-18",
        deadline_at=factories.DEADLINE + timedelta(days=7),
        reminder_days=(-7,),
        seats=(Seat.GENEVA,),
    )
    assert service.update(session, made.id, wanted, MANAGER)
    assert service.settings_of(session, made.id) == wanted
    assert not service.update(session, made.id, wanted, MANAGER)
    changed = entry(session, "campaign.changed")
    assert changed.before is not None and changed.after is not None
    assert set(changed.after) == {"kind", "note_reference", "deadline_at", "reminder_days", "audience"}
    assert changed.before["reminder_days"] == [-14, -5, 3]
    with pytest.raises(Invalid) as found:
        service.update(session, made.id, replace(wanted, code="KH-2028"), MANAGER)
    assert found.value.field == "code"


@pytest.mark.parametrize(
    "changed",
    [
        {"deadline_at": factories.DEADLINE + timedelta(days=7)},
        {"deadline_zone": "Africa/Nairobi"},
        {"note_reference": "OESCR/KH/2027-18"},
        {"kind": CampaignKind.CALL_FOR_CONTRIBUTIONS},
        {"seats": (Seat.GENEVA,)},
    ],
)
def test_after_the_launch_what_letters_say_stays(session: Session, changed: dict[str, Any]) -> None:
    made = service.create(session, SETTINGS, MANAGER)
    made.launched_at = clock.now()
    with pytest.raises(Refused):
        service.update(session, made.id, replace(SETTINGS, **changed), MANAGER)
    wanted = replace(
        SETTINGS, contact="office@secretariat.example", sensitivity=Sensitivity.SENSITIVE, reminder_days=()
    )
    assert service.update(session, made.id, wanted, MANAGER)
    assert service.settings_of(session, made.id) == wanted


def test_a_change_does_not_overwrite_a_launch_that_came_between(session: Session, database: Database) -> None:
    made = service.create(session, SETTINGS, MANAGER)
    session.commit()
    with database.writing() as own:
        queries.campaign(own, made.id)
        with database.write() as other:
            other.get_one(Campaign, made.id).launched_at = clock.now()
        with pytest.raises(Refused):
            service.update(own, made.id, replace(SETTINGS, note_reference="OESCR/KH/2027-18"), MANAGER)


def test_a_folder_is_taken_over_and_again_changes_nothing(session: Session, storage: Storage) -> None:
    folder = read_folder(SAMPLE)
    made = service.import_folder(session, storage, folder, MANAGER)
    assert set(queries.texts(session, made.id)) == set(LANGUAGES)
    assert len(queries.files(session, made.id)) == len(LANGUAGES) * len(FileKind)
    assert made.questionnaire_version_id is not None
    before, version = acts(session), made.questionnaire_version_id
    again = service.import_folder(session, storage, folder, MANAGER)
    assert (again.id, again.questionnaire_version_id) == (made.id, version)
    assert acts(session) == before


def test_a_folder_takes_out_what_it_no_longer_holds(session: Session, storage: Storage) -> None:
    folder = read_folder(SAMPLE)
    made = service.import_folder(session, storage, folder, MANAGER)
    smaller = replace(
        folder,
        texts={language: text for language, text in folder.texts.items() if language != "zh"},
        files={place: file for place, file in folder.files.items() if place != ("ru", FileKind.ANNEX)},
        reminder_days=(-7,),
    )
    service.import_folder(session, storage, smaller, MANAGER)
    assert contents.words_of(session, made.id, "zh") is None
    assert ("ru", FileKind.ANNEX) not in {(file.language, file.kind) for file in queries.files(session, made.id)}
    assert [step.days for step in reminders.steps_of(session, made.id)] == [-7]
    assert {"campaign.text_removed", "campaign.file_removed"} <= set(acts(session))


def test_a_folder_of_a_launched_campaign_is_refused(session: Session, storage: Storage) -> None:
    folder = read_folder(SAMPLE)
    service.import_folder(session, storage, folder, MANAGER).launched_at = clock.now()
    session.flush()
    with pytest.raises(Refused):
        service.import_folder(session, storage, folder, MANAGER)


def test_a_campaign_is_closed_once_and_only_after_its_launch(session: Session) -> None:
    made = service.create(session, SETTINGS, MANAGER)
    with pytest.raises(Refused):
        service.close(session, made.id, MANAGER)
    made.launched_at = clock.now()
    assert service.close(session, made.id, MANAGER)
    assert not service.close(session, made.id, MANAGER)
    assert made.closed_at == factories.LAUNCHED
    assert entry(session, "campaign.closed").actor == MANAGER.name


def test_closing_cancels_all_reminders_that_wait(session: Session) -> None:
    w = world(session)
    assert tick(session, factories.DEADLINE - timedelta(days=4)) > 1
    service.close(session, w.campaign.id, MANAGER)
    states = session.scalars(select(Letter.state).where(Letter.kind == LetterKind.REMINDER)).all()
    assert set(states) == {LetterState.CANCELLED}


def test_two_who_close_at_once_close_once(session: Session, database: Database) -> None:
    made = service.create(session, SETTINGS, MANAGER)
    made.launched_at = clock.now()
    session.commit()

    def close() -> None:
        with database.writing() as own:
            queries.campaign(own, made.id)
            service.close(own, made.id, MANAGER)
            own.commit()

    assert at_once(close, close) == []
    assert entry(session, "campaign.closed")


def test_what_does_not_exist_is_not_changed(session: Session) -> None:
    made = service.create(session, SETTINGS, MANAGER)
    nobody = factories.institution(session).id
    for act in (
        lambda: service.update(session, nobody, SETTINGS, MANAGER),
        lambda: service.close(session, nobody, MANAGER),
        lambda: service.settings_of(session, nobody),
        lambda: queries.campaign_by_code(session, "NONE-2027"),
    ):
        with pytest.raises(Missing):
            act()
    assert service.invitation_ids(session, made.id) == []
