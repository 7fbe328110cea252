"""A small questionnaire and the people who answer it, for tests of submissions and of the answering pages."""

import uuid
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.campaigns.models import Campaign, Invitation, InvitationFact, ReplyRoute
from outreach.campaigns.stages import FactKind
from outreach.directory.models import InstitutionKind, Seat
from outreach.identity.audit import Actor
from outreach.questionnaires.form import Choice, Form, Part, Question, QuestionType, to_json
from outreach.submissions import drafts, service
from outreach.submissions.models import Publication, Submission, SubmissionVersion
from tests import factories

YES = Choice("yes", {"en": "Yes", "fr": "Oui", "ar": "نعم", "zh": "是", "ru": "Да", "es": "Sí"})
NO = Choice("no", {"en": "No", "fr": "Non", "ar": "لا", "zh": "否", "ru": "Нет", "es": "No"})

FORM = Form(
    id="kh",
    title="Knowledge hub",
    default_language="en",
    languages=("en", "fr"),
    parts=(
        Part(
            "one",
            {"en": "Your institution", "fr": "Votre institution"},
            (
                Question("about", QuestionType.NOTE, {"en": "Please read this first.", "fr": "À lire d’abord."}),
                Question(
                    "plan",
                    QuestionType.SELECT_ONE,
                    {"en": "Is there a plan?", "fr": "Y a-t-il un plan ?"},
                    "1.1",
                    required=True,
                    choices=(YES, NO),
                ),
                Question(
                    "why",
                    QuestionType.TEXT,
                    {"en": "Please explain", "fr": "Veuillez expliquer"},
                    "1.1.a",
                    word_limit=60,
                    multiline=True,
                    relevant="${plan} = 'yes'",
                ),
            ),
            "1",
        ),
        Part(
            "two",
            {"en": "Needs", "fr": "Besoins"},
            (
                Question(
                    "needs",
                    QuestionType.SELECT_MULTIPLE,
                    {"en": "Which support?", "fr": "Quel appui ?"},
                    "2.1",
                    choices=(
                        Choice("training", {"en": "Training", "fr": "Formation"}),
                        Choice("data", {"en": "Data", "fr": "Données"}),
                    ),
                ),
                Question(
                    "staff",
                    QuestionType.INTEGER,
                    {"en": "How many staff?", "fr": "Combien d’agents ?"},
                    "2.2",
                    constraint=". >= 0",
                ),
                Question("day", QuestionType.DATE, {"en": "Since when?", "fr": "Depuis quand ?"}, "2.3"),
                Question("paper", QuestionType.FILE, {"en": "Document", "fr": "Document"}, "2.4"),
            ),
            "2",
        ),
    ),
)

GOOD = {"plan": "yes", "why": "The strategy of 2023.", "needs": ["training"], "staff": "12"}
ACTOR = Actor("A body")
STAFF = Actor("manager@secretariat.example")


@dataclass
class World:
    """One campaign in Kazakhstan: both missions, a ministry through Geneva, a ministry directly, a union directly."""

    campaign: Campaign
    geneva: Invitation
    new_york: Invitation
    ministry: Invitation
    direct: Invitation
    union: Invitation


def world(session: Session, **columns: Any) -> World:
    """Make it, launched, with letters sent to all."""
    campaign = factories.campaign(session, "KH-2027", form=to_json(FORM), **columns)
    geneva = factories.invitation(session, campaign, factories.mission(session, "KAZ"))
    new_york = factories.invitation(session, campaign, factories.mission(session, "KAZ", Seat.NEW_YORK))

    def body(name: str, kind: InstitutionKind, route: ReplyRoute) -> Invitation:
        email = f"{name.split()[-1].lower()}@kaz.example"
        return factories.invitation(
            session,
            campaign,
            factories.institution(session, kind, name=name, email=email),
            parent=geneva,
            reply_route=route,
        )

    return World(
        campaign,
        geneva,
        new_york,
        body("Ministry of Health", InstitutionKind.MINISTRY, ReplyRoute.THROUGH_MISSION),
        body("Ministry of Labour", InstitutionKind.MINISTRY, ReplyRoute.DIRECT),
        body("Union of Nurses", InstitutionKind.TRADE_UNION, ReplyRoute.DIRECT),
    )


def drafted(session: Session, invitation: Invitation, answers: dict[str, Any] | None = None) -> Submission:
    """A draft with these answers (default: complete ones)."""
    submission = service.begin(session, invitation.id, ACTOR)
    typed = GOOD if answers is None else answers
    return service.save(session, submission.id, typed, drafts.mark(drafts.shown(submission, typed)))


def submitted(session: Session, invitation: Invitation, answers: dict[str, Any] | None = None) -> SubmissionVersion:
    """A submitted answer of an institution that replies directly."""
    submission = drafted(session, invitation, answers)
    return service.submit(
        session, submission.id, revision=submission.revision, publication=Publication.PUBLISH, actor=ACTOR
    )


def sent(session: Session, invitation: Invitation) -> Submission:
    """An answer that waits for its mission."""
    submission = drafted(session, invitation)
    return service.send_to_mission(
        session, submission.id, revision=submission.revision, publication=Publication.DO_NOT_PUBLISH, actor=ACTOR
    )


def facts(session: Session, invitation: Invitation) -> list[FactKind]:
    """The kinds of an invitation's facts, sorted."""
    return sorted(session.scalars(select(InvitationFact.kind).where(InvitationFact.invitation_id == invitation.id)))


NOBODY = uuid.UUID(int=0)
