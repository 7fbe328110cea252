"""On whose behalf an institution answers, and to whom it hands its answer."""

import uuid

from sqlalchemy.orm import Session

from outreach.campaigns.models import Invitation, ReplyRoute
from outreach.directory.models import MISSION_KINDS, NATIONAL_AUTHORITY_KINDS, Institution, InstitutionKind
from outreach.forwarding import bodies
from outreach.questionnaires import queries as questionnaires
from outreach.questionnaires import stakeholders
from outreach.questionnaires.form import Form
from outreach.submissions.models import Behalf


def behalf_of(kind: InstitutionKind) -> Behalf:
    """A mission answers for its State, an authority and a national human rights institution as such, all others as stakeholders."""
    if kind in MISSION_KINDS:
        return Behalf.STATE
    if kind in NATIONAL_AUTHORITY_KINDS:
        return Behalf.NATIONAL_AUTHORITY
    if kind is InstitutionKind.NATIONAL_HUMAN_RIGHTS_INSTITUTION:
        return Behalf.NATIONAL_HUMAN_RIGHTS_INSTITUTION
    return Behalf.STAKEHOLDER


def asked_form(session: Session, invitation: Invitation, version_id: uuid.UUID | None) -> Form:
    """A version of the questionnaire as an institution is asked it: without what is for others only."""
    institution = session.get_one(Institution, invitation.institution_id)
    return questionnaires.form_of(session, version_id).asked_of(stakeholders.words_of(institution.kind))


def clearing_mission(session: Session, invitation: Invitation) -> Invitation | None:
    """The invitation of the mission that transmits this one's answer; None where it goes to the Secretariat directly."""
    if invitation.reply_route is not ReplyRoute.THROUGH_MISSION:
        return None
    above: uuid.UUID | None = invitation.parent_id
    return bodies.mission_above(session, above) if above else None
