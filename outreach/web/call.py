"""A call for input as the pages of its readers show it: title in their language, deadline in words, documents."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from outreach import clock
from outreach.campaigns import queries
from outreach.campaigns.deadlines import deadline_for
from outreach.campaigns.words import FileKind
from outreach.dates import un_date, un_day_and_time, un_instant
from outreach.directory import queries as directory
from outreach.directory.queries import InstitutionLine
from outreach.directory.words import Seat
from outreach.i18n import LANGUAGES, _, language, ngettext

POST_ZONES = {Seat.GENEVA: "Europe/Zurich", Seat.NEW_YORK: "America/New_York"}


@dataclass(frozen=True)
class TextView:
    """One language of a campaign's texts; `reviewed` is true for the original."""

    language: str
    title: str
    mandate: str
    note: str
    letter: str
    reviewed: bool


@dataclass(frozen=True)
class DeadlineView:
    """The deadline that holds for the reader, in words of their language.

    `instant` is at the Secretariat; `elsewhere` holds (where, instant) pairs for the reader's post and capital; `left` says how long
    is left; `extended_from` is the first deadline where a later one was granted.
    """

    instant: str
    elsewhere: tuple[tuple[str, str], ...]
    left: str
    passed: bool
    closed: bool
    extended_from: str | None


@dataclass(frozen=True)
class FileView:
    """A document that can be downloaded."""

    kind: FileKind
    language: str
    format: str
    kilobytes: int


@dataclass(frozen=True)
class CallView:
    """What all pages of a call say at their top."""

    id: uuid.UUID
    code: str
    reference: str
    note_date: str
    contact: str
    zone: str
    text: TextView
    deadline: DeadlineView
    files: tuple[FileView, ...]
    has_questionnaire: bool
    questionnaire_version_id: uuid.UUID | None


def call_view(session: Session, campaign_id: uuid.UUID, reader: InstitutionLine | None = None) -> CallView:
    """The call in the language spoken now, with the deadline that holds for `reader` (None: for everybody). Raises Missing."""
    campaign = queries.campaign(session, campaign_id)
    return CallView(
        id=campaign.id,
        code=campaign.code,
        reference=campaign.note_reference,
        note_date=un_date(campaign.note_date),
        contact=campaign.contact,
        zone=campaign.deadline_zone,
        text=text_view(session, campaign_id, language()),
        deadline=_deadline(session, campaign_id, reader),
        files=_files(session, campaign_id),
        has_questionnaire=campaign.questionnaire_version_id is not None,
        questionnaire_version_id=campaign.questionnaire_version_id,
    )


def text_view(session: Session, campaign_id: uuid.UUID, wanted: str) -> TextView:
    """The texts in the wanted language, else in the original one. Raises Missing."""
    campaign = queries.campaign(session, campaign_id)
    texts = queries.texts(session, campaign_id)
    found = texts.get(wanted) or texts[campaign.original_language]
    return TextView(
        language=found.language,
        title=found.title,
        mandate=found.mandate,
        note=found.note,
        letter=found.letter,
        reviewed=bool(found.reviewed_by) or found.language == campaign.original_language,
    )


def _deadline(session: Session, campaign_id: uuid.UUID, reader: InstitutionLine | None) -> DeadlineView:
    campaign = queries.campaign(session, campaign_id)
    state_code = reader.state_code if reader else None
    deadline = deadline_for(session, campaign, state_code)
    return DeadlineView(
        instant=un_instant(deadline.at, deadline.zone),
        elsewhere=elsewhere(session, deadline.at, reader),
        left=left(deadline.at, deadline.zone),
        passed=deadline.passed(clock.now()),
        closed=campaign.closed_at is not None,
        extended_from=un_instant(campaign.deadline_at, campaign.deadline_zone)
        if deadline.at > campaign.deadline_at
        else None,
    )


def elsewhere(session: Session, instant: datetime, reader: InstitutionLine | None) -> tuple[tuple[str, str], ...]:
    """An instant at the reader's post and in the capital, as (where, instant) in words."""
    found: list[tuple[str, str]] = []
    if reader is not None and reader.seat in POST_ZONES:
        found.append((_("At your post"), un_instant(instant, POST_ZONES[reader.seat])))
    if reader is not None and reader.state_code is not None:
        zone = directory.state(session, reader.state_code, language()).capital_zone
        if zone is not None:
            # A zone is often named for another city than the capital: Asia/Kolkata, Asia/Almaty.
            found.append((_("In the capital"), un_day_and_time(instant, zone)))
    return tuple(found)


def left(at: datetime, zone: str) -> str:
    """How many days are left until a deadline, in words; or that it has passed."""
    if at < clock.now():
        return _("The deadline has passed; what is sent now is marked “received after the deadline”.")
    days = (at.astimezone(ZoneInfo(zone)).date() - clock.today(zone)).days
    if days == 0:
        return _("The deadline is today.")
    return ngettext("%(num)d day is left.", "%(num)d days are left.", days)


def _format(filename: str) -> str:
    return {".pdf": "PDF", ".docx": "Word", ".doc": "Word"}.get(PurePath(filename).suffix.lower(), "")


def _files(session: Session, campaign_id: uuid.UUID) -> tuple[FileView, ...]:
    kinds, order = tuple(FileKind), (language(), *(of for of in LANGUAGES if of != language()))
    found = [
        FileView(f.kind, f.language, _format(f.filename), max(1, round(f.size / 1024)))
        for f in queries.files(session, campaign_id)
    ]
    return tuple(sorted(found, key=lambda f: (order.index(f.language), kinds.index(f.kind))))
