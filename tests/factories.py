"""Rows for tests: campaigns with texts and files, institutions, contacts, invitations. Names and addresses are invented.

All of them flush and return the row; the test commits. `NOW` lies between the launch and the deadline of `campaign`:
hold the clock there (`clock.stopped_at(NOW)`) where a test speaks of days left.
"""

import itertools
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy.orm import Session

from outreach import clock
from outreach.campaigns import invitations
from outreach.campaigns.models import (
    Campaign,
    CampaignFile,
    CampaignKind,
    CampaignText,
    Extension,
    FileKind,
    Invitation,
    Origin,
    ReplyRoute,
    Sensitivity,
)
from outreach.db import fresh_key
from outreach.directory.models import MISSION_KINDS, Contact, Institution, InstitutionKind, Seat, Sector
from outreach.i18n import LANGUAGES
from outreach.questionnaires.form import Form, to_json
from outreach.questionnaires.models import QuestionnaireVersion
from outreach.storage import Storage

LAUNCHED = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)
NOW = datetime(2027, 2, 15, 9, 0, tzinfo=UTC)
DEADLINE = datetime(2027, 2, 26, 22, 59, tzinfo=UTC)
"""26 February 2027, 23:59 in Geneva."""

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"

TITLES = {
    "ar": "مركز المعارف: الاحتياجات والتوقعات",
    "zh": "知识中心：需求与期望",
    "en": "Knowledge hub: needs and expectations",
    "fr": "Plateforme de connaissances\u00a0: besoins et attentes",
    "ru": "Центр знаний: потребности и ожидания",
    "es": "Centro de conocimientos: necesidades y expectativas",
}

_numbers = itertools.count(1)


def campaign(
    session: Session,
    code: str | None = None,
    *,
    storage: Storage | None = None,
    form: dict[str, Any] | None = None,
    deadline_at: datetime = DEADLINE,
    launched: bool = True,
    reviewed: bool = True,
    **columns: Any,
) -> Campaign:
    """A launched campaign with its texts in six languages; with `storage` also its notes and annexes.

    `form` is a questionnaire as JSON (`questionnaires.form.to_json`). `columns` replace any column of Campaign.
    """
    code = code or f"KH-{next(_numbers):04d}"
    made = Campaign(
        id=fresh_key(),
        **{
            "code": code,
            "kind": CampaignKind.QUESTIONNAIRE,
            "mandate_symbol": "A/HRC/RES/54/22",
            "note_reference": "OESCR/KH/2027-17",
            "note_date": date(2027, 1, 12),
            "original_language": "en",
            "contact": "knowledge-hub@secretariat.example",
            "deadline_at": deadline_at,
            "deadline_zone": "Europe/Zurich",
            "sensitivity": Sensitivity.ORDINARY,
            "audience": {"seats": ["geneva", "new_york"], "kinds": sorted(kind.value for kind in MISSION_KINDS)},
            "created_at": LAUNCHED,
            "launched_at": LAUNCHED if launched else None,
            **columns,
        },
    )
    if form is not None:
        made.questionnaire_version_id = questionnaire(session, form, code).id
    session.add(made)
    session.flush()
    for language in LANGUAGES:
        session.add(
            CampaignText(
                campaign_id=made.id,
                language=language,
                title=TITLES[language],
                mandate="Human Rights Council resolution 54/22",
                note=f"The Office has the honour to transmit its note ({language}).\n\n- health;\n- education.",
                letter=f"The Office would be grateful for an answer ({language}).",
                translated_by=None if language == "en" else "Secretariat",
                reviewed_by="Secretariat" if reviewed or language == "en" else None,
            )
        )
        if storage is not None:
            for kind in FileKind:
                content = PDF + f"% {kind} {language}\n".encode()
                session.add(
                    CampaignFile(
                        campaign_id=made.id,
                        language=language,
                        kind=kind,
                        filename=f"{kind}.{language}.pdf",
                        media_type="application/pdf",
                        size=len(content),
                        content=storage.put(content),
                    )
                )
    session.flush()
    return made


def questionnaire(session: Session, form: dict[str, Any] | None = None, name: str = "KH-2027") -> QuestionnaireVersion:
    """A questionnaire version that holds `form`; without one it asks nothing."""
    form = form or to_json(Form("kh", "", "en", LANGUAGES, ()))
    made = QuestionnaireVersion(
        id=fresh_key(), name=name, number=next(_numbers), form=form, workbook="0" * 64, created_at=clock.now()
    )
    session.add(made)
    session.flush()
    return made


def institution(
    session: Session,
    kind: InstitutionKind = InstitutionKind.MINISTRY,
    *,
    state_code: str | None = "KAZ",
    seat: Seat | None = None,
    sector: Sector | None = None,
    name: str | None = None,
    language: str | None = None,
    email: str | None = None,
) -> Institution:
    """An institution; with `email` also a contact of it."""
    made = Institution(
        id=fresh_key(),
        kind=kind,
        state_code=state_code,
        seat=seat,
        sector=sector,
        name=name or f"Invented body {next(_numbers)}",
        language=language,
        created_at=LAUNCHED,
    )
    session.add(made)
    session.flush()
    if email is not None:
        contact(session, made, email)
    return made


def mission(
    session: Session,
    state_code: str = "KAZ",
    seat: Seat = Seat.GENEVA,
    *,
    kind: InstitutionKind = InstitutionKind.PERMANENT_MISSION,
    email: str | None = None,
    language: str | None = None,
) -> Institution:
    """A permanent mission with one contact: `mission.kaz@geneva.example`, unless `email` says otherwise."""
    place = seat.value.replace("_", "-")
    return institution(
        session,
        kind,
        state_code=state_code,
        seat=seat,
        name=f"Permanent Mission ({state_code}, {place})",
        language=language,
        email=email or f"mission.{state_code.lower()}@{place}.example",
    )


def contact(session: Session, of: Institution, email: str, *, language: str | None = None, **columns: Any) -> Contact:
    """A contact of an institution."""
    made = Contact(
        id=fresh_key(),
        institution_id=of.id,
        email=email,
        **{"language": language, "source": "tests", "created_at": LAUNCHED, **columns},
    )
    session.add(made)
    session.flush()
    return made


def invitation(
    session: Session,
    asked_in: Campaign,
    of: Institution,
    *,
    parent: Invitation | None = None,
    origin: Origin | None = None,
    reply_route: ReplyRoute = ReplyRoute.DIRECT,
    message: str | None = None,
) -> Invitation:
    """An invitation of the institution; below `parent` where one is given. It has no facts yet."""
    return invitations.invite(
        session,
        campaign_id=asked_in.id,
        institution_id=of.id,
        state_code=of.state_code,
        origin=origin or (Origin.FORWARDED if parent else Origin.LAUNCH),
        reply_route=reply_route,
        parent_id=parent.id if parent else None,
        message=message,
    )


def extension(
    session: Session, of: Campaign, deadline_at: datetime, *, state_code: str | None = None, granted_at: datetime = NOW
) -> Extension:
    """An extension of the deadline, for one State or for all."""
    made = Extension(
        id=fresh_key(),
        campaign_id=of.id,
        state_code=state_code,
        deadline_at=deadline_at,
        reason="Consultations in the capital",
        granted_at=granted_at,
        granted_by="manager@secretariat.example",
    )
    session.add(made)
    session.flush()
    return made
