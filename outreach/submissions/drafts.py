"""Drafts: begun by whoever holds the link, saved part by part, handed over with the link. They may hold anything typed.

A draft is read here by its holder only; staff see no more than that it exists (`queries`).
"""

import hashlib
import json
import uuid
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from outreach import clock
from outreach.campaigns import invitations
from outreach.campaigns import queries as campaigns
from outreach.campaigns.models import Campaign
from outreach.campaigns.stages import FactKind
from outreach.dates import un_instant
from outreach.db import fresh_key
from outreach.directory.models import Institution
from outreach.errors import Missing, Refused, Stale
from outreach.i18n import _, language
from outreach.identity import audit
from outreach.identity.audit import Actor
from outreach.questionnaires import queries as questionnaires
from outreach.questionnaires.form import Form
from outreach.submissions import corrections
from outreach.submissions.behalf import behalf_of
from outreach.submissions.models import Submission, SubmissionVersion


class Changed(Stale):
    """Somebody else answered the same questions since the part was opened. `kept` is what stands there now, `typed` what was to
    replace it; `questions` are those of them that both answered, each in their own way.
    """

    def __init__(self, kept: dict[str, Any], typed: dict[str, Any], questions: tuple[str, ...]) -> None:
        super().__init__(
            _(
                "Somebody else saved this part after you had opened it. Both versions are shown; nothing was overwritten."
            )
        )
        self.kept = kept
        self.typed = typed
        self.questions = questions


def open_call(session: Session, campaign_id: uuid.UUID) -> Campaign:
    """The campaign, if it takes answers. Raises Refused where it has not begun, or staff closed it."""
    campaign = campaigns.campaign(session, campaign_id)
    if campaign.launched_at is None:
        raise Refused(_("This call for input is not open yet."))
    if campaign.closed_at is not None:
        raise Refused(
            _(
                "This call for input was closed on %(instant)s and takes no more answers. Please write to %(contact)s.",
                instant=un_instant(campaign.closed_at, campaign.deadline_zone),
                contact=campaign.contact,
            )
        )
    return campaign


def of_invitation(session: Session, invitation_id: uuid.UUID) -> Submission | None:
    """What the holder of an invitation's link has begun, None where nothing."""
    return session.scalars(select(Submission).where(Submission.invitation_id == invitation_id)).one_or_none()


def held(session: Session, submission_id: uuid.UUID) -> Submission:
    """The submission, locked until the end of the transaction. Raises Missing."""
    found = session.scalars(
        select(Submission)
        .where(Submission.id == submission_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if found is None:
        raise Missing(_("There is no such answer."))
    return found


def form_for(session: Session, campaign: Campaign) -> Form:
    """The questionnaire of a campaign; a call for contributions has one too."""
    return questionnaires.form_of(session, campaign.questionnaire_version_id)


def version_of(submission: Submission, campaign: Campaign) -> uuid.UUID | None:
    """The version of the questionnaire that an answer is on: the one in force while it can be changed, else its own."""
    if editable(submission):
        return campaign.questionnaire_version_id
    return submission.questionnaire_version_id or campaign.questionnaire_version_id


def last_version(session: Session, submission_id: uuid.UUID) -> SubmissionVersion | None:
    """The version in force, None before the first, and where all were taken back."""
    return session.scalars(
        select(SubmissionVersion)
        .where(SubmissionVersion.submission_id == submission_id, SubmissionVersion.taken_back_at.is_(None))
        .order_by(SubmissionVersion.number.desc())
        .limit(1)
    ).one_or_none()


def editable(submission: Submission) -> bool:
    """Whether the draft may be changed now: not while the mission has it, not after it was submitted unless for correction."""
    if submission.sent_to_mission_at is not None:
        return False
    return submission.number is None or submission.correcting_since is not None


def begin(session: Session, invitation_id: uuid.UUID, actor: Actor, *, name: str = "", email: str = "") -> Submission:
    """The draft of an invitation; begun now if there is none, with the respondent's name and address where they were given.

    Raises Refused where the call takes no answers.
    """
    invitation = campaigns.invitation(session, invitation_id)
    campaign = open_call(session, invitation.campaign_id)
    institution = session.get_one(Institution, invitation.institution_id)
    moment = clock.now()
    # Two colleagues who begin at once begin the same draft.
    created = session.execute(
        insert(Submission)
        .values(
            id=fresh_key(),
            campaign_id=invitation.campaign_id,
            invitation_id=invitation_id,
            behalf=behalf_of(institution.kind),
            language=language(),
            answers={},
            revision=0,
            questionnaire_version_id=campaign.questionnaire_version_id,
            set_aside=[],
            begun_at=moment,
            saved_at=moment,
        )
        .on_conflict_do_nothing(index_elements=["invitation_id"])
        .returning(Submission.id)
    ).scalar_one_or_none()
    found = session.scalars(select(Submission).where(Submission.invitation_id == invitation_id).with_for_update()).one()
    if created is not None or found.begun_at is None:
        found.begun_at = moment
        invitations.record(session, invitation_id, FactKind.DRAFT_BEGUN, by=actor.name)
    if editable(found):
        found.respondent_name = name.strip() or found.respondent_name
        found.respondent_email = email.strip() or found.respondent_email
        found.language = language()
    session.flush()
    return found


def name_respondent(session: Session, submission_id: uuid.UUID, name: str, email: str) -> None:
    """Say who answers and where the receipt goes, or take it back with empty ones. Raises Refused where the draft is not open."""
    submission = held(session, submission_id)
    open_call(session, submission.campaign_id)
    if not editable(submission):
        raise Refused(_not_open(submission))
    submission.respondent_name, submission.respondent_email = name.strip() or None, email.strip() or None
    session.flush()


def mark(values: Mapping[str, Any]) -> str:
    """A short mark of each answer that a page shows, which it sends back with what was typed."""
    return " ".join(f"{name}:{_mark(value)}" for name, value in values.items())


def _mark(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:16]


def shown(submission: Submission, names: Mapping[str, Any]) -> dict[str, Any]:
    """What the draft holds for these questions, empty where nothing; `names` gives the shape of the empty value."""
    return {name: submission.answers.get(name, [] if isinstance(empty, list) else "") for name, empty in names.items()}


def save(
    session: Session,
    submission_id: uuid.UUID,
    typed: Mapping[str, Any],
    seen: str,
    *,
    emptied: Collection[str] = (),
) -> Submission:
    """Save what was typed on the page of a part. `seen` is the `mark` of what the page had shown: a question that was left as it was
    takes nothing back that somebody else answered since. Of the questions in `emptied`, which have a default, it is kept that they
    were left empty.

    Raises Changed where somebody else answered the same question since in another way, Refused where the draft is not open.
    """
    submission = held(session, submission_id)
    campaign = open_call(session, submission.campaign_id)
    if not editable(submission):
        raise Refused(_not_open(submission))
    corrections.bring_up(session, submission, campaign)
    kept = shown(submission, typed)
    agreed = _agreed(kept, typed, seen)
    if kept == agreed:
        submission.saved_at = clock.now()
        return submission
    merged = {**submission.answers, **agreed}
    submission.answers = {name: value for name, value in merged.items() if value not in ("", []) or name in emptied}
    submission.revision += 1
    submission.saved_at = clock.now()
    submission.language = language()
    session.flush()
    return submission


def changes_seen(session: Session, submission_id: uuid.UUID) -> None:
    """The respondent has seen what changed in the questionnaire. Raises Refused where the draft is not open."""
    submission = held(session, submission_id)
    campaign = open_call(session, submission.campaign_id)
    if not editable(submission):
        raise Refused(_not_open(submission))
    corrections.seen(session, submission, campaign)


def _agreed(kept: Mapping[str, Any], typed: Mapping[str, Any], seen: str) -> dict[str, Any]:
    """What both sides agree on, question by question. Raises Changed where they don't."""
    before = dict(entry.rsplit(":", 1) for entry in seen.split() if ":" in entry)
    left_alone = {name for name, value in typed.items() if before.get(name) == _mark(value)}
    agreed = {name: kept[name] if name in left_alone else value for name, value in typed.items()}
    both = [name for name in typed if kept[name] != agreed[name] and before.get(name) != _mark(kept[name])]
    if both:
        raise Changed(dict(kept), agreed, tuple(both))
    return agreed


def _not_open(submission: Submission) -> str:
    if submission.sent_to_mission_at is not None:
        return _("This answer is with the Permanent Mission. It can be changed when the Mission returns it.")
    return _("This answer was submitted. To change it, please choose “Correct the answer” on its receipt.")


def reopen(session: Session, submission_id: uuid.UUID, actor: Actor) -> Submission:
    """Open a submitted answer for correction: the next version starts from the last one. Done twice, it changes nothing.

    Raises Refused where nothing was submitted yet, or the call takes no answers.
    """
    submission = held(session, submission_id)
    open_call(session, submission.campaign_id)
    if submission.number is None:
        raise Refused(_("Nothing was submitted yet, so there is nothing to correct."))
    if submission.correcting_since is None and submission.sent_to_mission_at is None:
        submission.correcting_since = clock.now()
        submission.saved_at = submission.correcting_since
        submission.revision += 1
        audit.record(session, actor, "submission.reopened", "submission", submission.id)
        session.flush()
    return submission
