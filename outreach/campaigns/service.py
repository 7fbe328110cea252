"""Making and changing a campaign before its launch, its plan afterwards, and closing it. Each change leaves an audit entry."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from outreach import clock
from outreach.campaigns import contents, queries, reminders
from outreach.campaigns.folder import CODE, LONGEST_CODE, CampaignFolder
from outreach.campaigns.models import (
    Campaign,
    CampaignKind,
    FileKind,
    Invitation,
    ReminderStep,
    Sensitivity,
)
from outreach.correspondence import outbox
from outreach.correspondence.models import LetterKind
from outreach.db import fresh_key
from outreach.directory.addresses import checked_address
from outreach.directory.words import MISSION_KINDS, InstitutionKind, Seat
from outreach.errors import Invalid, Refused
from outreach.i18n import LANGUAGES, _, join
from outreach.identity import audit
from outreach.identity.audit import Actor
from outreach.storage import Storage


@dataclass(frozen=True)
class CampaignSettings:
    """What staff say of a campaign apart from its texts and files. `deadline_at` is an instant, `reminder_days` are from its date."""

    code: str
    kind: CampaignKind
    mandate_symbol: str
    note_reference: str
    note_date: date
    original_language: str
    contact: str
    sensitivity: Sensitivity
    deadline_at: datetime
    deadline_zone: str
    reminder_days: tuple[int, ...]
    seats: tuple[Seat, ...]
    kinds: tuple[InstitutionKind, ...]


def import_folder(session: Session, storage: Storage, folder: CampaignFolder, actor: Actor) -> Campaign:
    """Create the campaign that a folder holds, or bring it to what the folder holds; twice the same changes nothing.

    Raises Refused where it was launched already, Busy where it is being launched, Invalid with the faults of the questionnaire.
    """
    known = session.scalar(select(Campaign.id).where(Campaign.code == folder.code))
    found = queries.at_rest(session, known) if known is not None else None
    if found is not None and found.launched_at is not None:
        raise Refused(
            _(
                "%(code)s was launched already. What has been sent is not changed; please use another code.",
                code=folder.code,
            )
        )
    settings = CampaignSettings(
        code=folder.code,
        kind=folder.kind,
        mandate_symbol=folder.mandate_symbol,
        note_reference=folder.note_reference,
        note_date=folder.note_date,
        original_language=folder.original_language,
        contact=folder.contact,
        sensitivity=folder.sensitivity,
        deadline_at=folder.deadline_at,
        deadline_zone=folder.deadline_zone,
        reminder_days=folder.reminder_days,
        seats=folder.seats,
        kinds=folder.kinds,
    )
    if found is None:
        found = create(session, settings, actor)
    else:
        update(session, found.id, settings, actor)
    for language in LANGUAGES:
        text = folder.texts.get(language)
        words = (
            contents.CampaignWords(
                text.title, text.mandate, text.note, text.letter, text.translated_by, text.reviewed_by
            )
            if text
            else None
        )
        contents.set_text(session, found.id, language, words, actor)
    for language in LANGUAGES:
        for kind in FileKind:
            file = folder.files.get((language, kind))
            if file is None:
                contents.remove_file(session, found.id, language, kind, actor)
            else:
                contents.set_file(session, storage, found.id, language, kind, file.filename, file.read(), actor)
    contents.set_questionnaire(
        session,
        storage,
        found.id,
        folder.questionnaire.read() if folder.questionnaire else None,
        actor,
        pictures=folder.pictures.kept,
    )
    return found


def create(session: Session, settings: CampaignSettings, actor: Actor) -> Campaign:
    """A new campaign, not launched. Raises Invalid with its field."""
    _check(settings)
    made = Campaign(id=fresh_key(), created_at=clock.now(), **_columns(settings))
    try:
        # The unique key decides, not a look beforehand: two may create the same at once.
        with session.begin_nested():
            session.add(made)
    except IntegrityError:
        raise Invalid(_("There is already a call for input with this code."), field="code") from None
    reminders.set_plan(session, made.id, settings.reminder_days)
    audit.record(session, actor, "campaign.created", "campaign", made.id, after=_said(settings))
    return made


def update(session: Session, campaign_id: uuid.UUID, settings: CampaignSettings, actor: Actor) -> bool:
    """Change the settings; whether anything changed. After the launch only contact, sensitivity and reminder plan can.

    Raises Invalid with its field, Refused for a launched campaign whose letters say otherwise, Missing, Busy while it is being launched.
    """
    campaign = queries.at_rest(session, campaign_id)
    _check(settings)
    before = settings_of(session, campaign_id)
    if before == settings:
        return False
    if settings.code != before.code:
        raise Invalid(_("The code stays: addresses and numbers are made from it."), field="code")
    if campaign.launched_at is not None and _fixed(before) != _fixed(settings):
        raise Refused(
            _("The call for input was launched. Letters that were sent say what is to be changed here; it stays.")
        )
    late = reminders.late_days(session, campaign_id, settings.reminder_days)
    if late:
        raise Invalid(
            _(
                "Further reminders must lie ahead. These days have passed: %(days)s",
                days=join([f"{day:+d}" for day in late]),
            ),
            field="reminder_days",
        )
    for column, value in _columns(settings).items():
        setattr(campaign, column, value)
    session.flush()
    if before.reminder_days != settings.reminder_days:
        reminders.set_plan(session, campaign_id, settings.reminder_days)
    old, new = _said(before), _said(settings)
    changed = {name for name in new if old[name] != new[name]}
    audit.record(
        session, actor, "campaign.changed", "campaign", campaign_id,
        before={name: old[name] for name in sorted(changed)}, after={name: new[name] for name in sorted(changed)},
    )  # fmt: skip
    return True


def set_reminders(session: Session, campaign_id: uuid.UUID, days: Iterable[int], actor: Actor) -> bool:
    """Change the reminder plan alone; whether anything changed. Raises Invalid (field "reminder_days"), Refused where it is closed."""
    if queries.at_rest(session, campaign_id).closed_at is not None:
        raise Refused(_("This call for input is closed."))
    settings = replace(settings_of(session, campaign_id), reminder_days=tuple(sorted(days)))
    return update(session, campaign_id, settings, actor)


def settings_of(session: Session, campaign_id: uuid.UUID) -> CampaignSettings:
    """The settings as they stand. Raises Missing."""
    campaign = queries.campaign(session, campaign_id)
    steps = session.scalars(select(ReminderStep).where(ReminderStep.campaign_id == campaign_id)).all()
    return CampaignSettings(
        code=campaign.code,
        kind=campaign.kind,
        mandate_symbol=campaign.mandate_symbol,
        note_reference=campaign.note_reference,
        note_date=campaign.note_date,
        original_language=campaign.original_language,
        contact=campaign.contact,
        sensitivity=campaign.sensitivity,
        deadline_at=campaign.deadline_at,
        deadline_zone=campaign.deadline_zone,
        reminder_days=tuple(sorted(step.days for step in steps)),
        seats=tuple(seat for seat in Seat if seat.value in campaign.audience.get("seats", ())),
        kinds=tuple(kind for kind in InstitutionKind if kind.value in campaign.audience.get("kinds", ())),
    )


def close(session: Session, campaign_id: uuid.UUID, actor: Actor) -> bool:
    """Close the form: no more answers, no more reminders. Whether it was open. Raises Refused before the launch, Busy in it, Missing."""
    campaign = queries.at_rest(session, campaign_id)
    if campaign.launched_at is None:
        raise Refused(_("This call for input is not launched yet, so it cannot be closed."))
    if campaign.closed_at is not None:
        return False
    campaign.closed_at = clock.now()
    session.flush()
    everybody = invitation_ids(session, campaign_id)
    outbox.cancel(session, everybody, [LetterKind.REMINDER], "the call for input was closed")
    audit.record(session, actor, "campaign.closed", "campaign", campaign_id)
    return True


def invitation_ids(session: Session, campaign_id: uuid.UUID) -> list[uuid.UUID]:
    """All invitations of a campaign."""
    return list(session.scalars(select(Invitation.id).where(Invitation.campaign_id == campaign_id)))


def _check(settings: CampaignSettings) -> None:
    if not CODE.fullmatch(settings.code) or len(settings.code) > LONGEST_CODE:
        raise Invalid(_("A code takes capital letters, digits and hyphens, as in KH-2027."), field="code")
    if settings.original_language not in LANGUAGES:
        raise Invalid(_("Please choose one of the six languages."), field="original_language")
    if settings.deadline_zone not in available_timezones():
        raise Invalid(_("Please choose a time zone."), field="zone")
    if settings.deadline_at.astimezone(ZoneInfo(settings.deadline_zone)).date() < settings.note_date:
        raise Invalid(_("The deadline is earlier than the date of the note."), field="day")
    if len(set(settings.reminder_days)) < len(settings.reminder_days) or any(
        abs(d) > 365 for d in settings.reminder_days
    ):
        raise Invalid(_("Reminders take days from the deadline, each once, as in -14, -5, 3."), field="reminder_days")
    if not settings.kinds or (not settings.seats and not MISSION_KINDS.isdisjoint(settings.kinds)):
        raise Invalid(_("Please choose who is to be asked."), field="kinds")
    try:
        checked_address(settings.contact)
    except Invalid as fault:
        raise Invalid(fault.message, field="contact") from None


def _columns(settings: CampaignSettings) -> dict[str, Any]:
    return {
        "code": settings.code,
        "kind": settings.kind,
        "mandate_symbol": settings.mandate_symbol,
        "note_reference": settings.note_reference,
        "note_date": settings.note_date,
        "original_language": settings.original_language,
        "contact": settings.contact,
        "sensitivity": settings.sensitivity,
        "deadline_at": settings.deadline_at,
        "deadline_zone": settings.deadline_zone,
        "audience": {
            "seats": [seat.value for seat in settings.seats],
            "kinds": [kind.value for kind in settings.kinds],
        },
    }


def _fixed(settings: CampaignSettings) -> Mapping[str, Any]:
    """What letters that were sent say, and who got them."""
    return {name: value for name, value in _columns(settings).items() if name not in ("contact", "sensitivity")}


def _said(settings: CampaignSettings) -> dict[str, Any]:
    """The settings as the audit trail takes them."""
    said = {**_columns(settings), "reminder_days": list(settings.reminder_days)}
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in said.items()}
