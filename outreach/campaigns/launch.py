"""Launching a campaign: an invitation for each institution of its audience, and a queued letter for each of their mailboxes."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from outreach import clock, doorbell
from outreach.behind import Behind
from outreach.campaigns import audience, invitations, letters, queries
from outreach.campaigns.lint import TryLinks, lint, refusals
from outreach.campaigns.models import Campaign, Origin
from outreach.correspondence import lots
from outreach.correspondence.models import LetterKind
from outreach.directory.recipients import NamedInstitution, named, of_forms
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
    count = audience.headcount(session, campaign)
    languages = audience.languages(session, campaign)
    return LaunchPlan(
        letters=sum(languages.values()),
        languages=languages,
        missions=count.missions,
        others=count.others,
        states=count.states,
        without_address=count.without_address,
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

    Invitations and letters are one transaction; letters leave after it is committed. Chunk after chunk is read, asked and written to, so
    that a hundred thousand need no more memory than a thousand. `progress` is told how many are done, and of how many. Raises Missing, and
    what `check` raises.
    """
    # Two launches at once: the second waits here, then finds everybody asked.
    campaign = queries.held(session, campaign_id, patience="0")
    check(session, campaign, try_links)
    all_of_them = audience.headcount(session, campaign).to_ask
    first = campaign.launched_at is None
    if first:
        campaign.launched_at = clock.now()
    asked, queued = _ask(session, campaign, lambda done: progress(done, max(done, all_of_them)))
    if first or asked:
        audit.record(
            session, actor, "campaign.launched", "campaign", campaign_id,
            after={"invitations": asked, "letters": queued},
        )  # fmt: skip
    doorbell.after_commit(session, doorbell.LETTERS)
    return Launched(asked, queued)


def check(session: Session, campaign: Campaign, try_links: TryLinks | None = None) -> None:
    """Raises Refused for a closed campaign, Invalid with all sentences of the lint that stand against its launch."""
    if campaign.closed_at is not None:
        raise Refused(_("This call for input is closed. Nobody can be invited any more."))
    against = refusals(lint(session, campaign.id, try_links))
    if against:
        raise Invalid(_("The call for input cannot be launched yet."), faults=against)


def _ask(session: Session, campaign: Campaign, progress: Callable[[int], None]) -> tuple[int, int]:
    """Ask everybody who was not asked yet; how many invitations and letters were made.

    While the letters of a chunk are composed, PostgreSQL reads the next chunk, writes the letters of the one before, and the invitations of this one.
    """
    desk, names = letters.Desk(session, campaign), of_forms(session)
    write = lots.writing(())
    passed_by: list[NamedInstitution] = []
    asked = done = queued = 0
    with Behind(session) as behind:
        for rows in behind.rows(audience.to_ask(campaign), audience.CHUNK):
            written = behind.begin(write)
            institutions = {one.id: one for one in named(rows, names)}
            planned = invitations.planned(institutions.values(), Origin.LAUNCH)
            added = behind.begin(invitations.adding(campaign.id, planned))
            composed = list(desk.orders(LetterKind.INVITATION, planned, OCCASION, institutions))
            write = lots.writing(composed)
            queued += written.result()
            if len(added.result()) < len(planned):
                write = lots.writing([order for order in composed if order.invitation_id in added.result()])
                passed_by += [institutions[one.institution_id] for one in planned if one.id not in added.result()]
            asked, done = asked + len(added.result()), done + len(planned)
            progress(done)
        queued += behind.begin(write).result()
        # Among a million codes one in a million comes twice: whoever is not asked by now gets another one.
        while passed_by and (left := invitations.not_asked(session, campaign.id, passed_by)):
            planned = invitations.planned(left, Origin.LAUNCH)
            made = behind.begin(invitations.adding(campaign.id, planned)).result()
            queued += len(desk.queue(LetterKind.INVITATION, [one for one in planned if one.id in made], OCCASION))
            asked += len(made)
    return asked, queued
