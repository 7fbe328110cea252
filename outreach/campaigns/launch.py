"""Launching a campaign: an invitation for each institution of its audience, and a queued letter for each of their mailboxes."""

import uuid
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from outreach import clock, doorbell
from outreach.campaigns import audience, invitations, letters, queries
from outreach.campaigns.lint import TryLinks, lint, refusals
from outreach.campaigns.models import Campaign, Origin
from outreach.correspondence.models import LetterKind
from outreach.directory.models import MISSION_KINDS
from outreach.errors import Invalid, Refused
from outreach.i18n import _
from outreach.identity import audit
from outreach.identity.audit import Actor

OCCASION = "launch"


@dataclass(frozen=True)
class LaunchPlan:
    """What a launch would do now. `without_address` institutions are left out until the directory has an address that works.

    `languages` has the number of letters in each language of letters (six, and English with French), those of none left out.
    """

    letters: int
    languages: Mapping[str, int]
    missions: int
    others: int
    states: int
    without_address: int


@dataclass(frozen=True)
class Launched:
    """What a launch did: zero of both where everybody was asked already."""

    invitations: int
    letters: int


def plan(session: Session, campaign: Campaign) -> LaunchPlan:
    """How many letters to how many institutions a launch would send now."""
    asked = [one for one in audience.recipients(session, campaign) if not one.invited]
    written_to = [one for one in asked if one.contacts]
    missions = [one for one in written_to if one.kind in MISSION_KINDS]
    return LaunchPlan(
        letters=sum(one.contacts for one in written_to),
        languages=Counter(language for one in written_to for language in one.languages),
        missions=len(missions),
        others=len(written_to) - len(missions),
        states=len({one.state_code for one in written_to if one.state_code}),
        without_address=len(asked) - len(written_to),
    )


def launch(
    session: Session,
    campaign_id: uuid.UUID,
    actor: Actor,
    *,
    try_links: TryLinks | None = None,
    progress: Callable[[int, int], None] = lambda done, all_of_them: None,
) -> Launched:
    """Ask everybody in the audience who was not asked yet. Harmless when repeated: a later launch adds new recipients only.

    Invitations and letters are one transaction; letters leave after it is committed. Raises Missing, Refused for a closed campaign,
    Invalid with all sentences of the lint that stand against it.
    """
    # Two launches at once: the second waits here, then finds everybody asked.
    campaign = queries.held(session, campaign_id)
    if campaign.closed_at is not None:
        raise Refused(_("This call for input is closed. Nobody can be invited any more."))
    against = refusals(lint(session, campaign_id, try_links))
    if against:
        raise Invalid(_("The call for input cannot be launched yet."), faults=against)
    new = [one for one in audience.recipients(session, campaign) if one.contacts and not one.invited]
    letters.prepare(session, [one.institution_id for one in new])
    first = campaign.launched_at is None
    if first:
        campaign.launched_at = clock.now()
    queued = 0
    for number, recipient in enumerate(new, 1):
        invitation = invitations.invite(
            session,
            campaign_id=campaign_id,
            institution_id=recipient.institution_id,
            state_code=recipient.state_code,
            origin=Origin.LAUNCH,
        )
        queued += len(letters.queue_for(session, invitation, LetterKind.INVITATION, OCCASION))
        progress(number, len(new))
    if first or new:
        audit.record(
            session, actor, "campaign.launched", "campaign", campaign_id,
            after={"invitations": len(new), "letters": queued},
        )  # fmt: skip
    doorbell.after_commit(session, doorbell.LETTERS)
    return Launched(len(new), queued)
