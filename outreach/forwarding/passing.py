"""The text that an institution sends on by its own mail: it holds the link to pass on, never the institution's own."""

import uuid
from dataclasses import dataclass

from sqlalchemy.orm import Session

from outreach import i18n
from outreach.campaigns import links
from outreach.campaigns import queries as campaigns
from outreach.campaigns.deadlines import deadline_for
from outreach.campaigns.links import LinkKind
from outreach.dates import un_date, un_instant
from outreach.directory import queries as directory
from outreach.i18n import _


@dataclass(frozen=True)
class PassingText:
    """The text in one language: a line for the subject, the body, and whether the title in it was reviewed."""

    language: str
    subject: str
    body: str
    reviewed: bool


def passing_text(session: Session, invitation_id: uuid.UUID, language: str) -> PassingText:
    """The text to pass on in one of the six languages, with the deadline that holds for the State. Raises Missing."""
    invitation = campaigns.invitation(session, invitation_id)
    campaign = campaigns.campaign(session, invitation.campaign_id)
    texts = campaigns.texts(session, campaign.id)
    own = texts.get(language) or texts[campaign.original_language]
    deadline = deadline_for(session, campaign, invitation.state_code)
    link = links.address(LinkKind.PASS_ON, invitation_id, language)
    with i18n.speaking(language):
        name = directory.institution_name(session, invitation.institution_id, language)
        paragraphs = [
            own.title,
            _("Mandate: %(mandate)s. Note verbale %(reference)s of %(date)s.", mandate=own.mandate, reference=campaign.note_reference,
              date=un_date(campaign.note_date)),
            _(
                "The United Nations Secretariat asks for contributions to this call for input. It was forwarded to you by: %(name)s.",
                name=name,
            ),
            _("You can read the call and the questionnaire, and begin an answer of your institution, at this address:"),
            link,
            _(
                "Please answer no later than %(instant)s.",
                instant=un_instant(deadline.at, deadline.zone),
            ),
            _("The answer is your institution’s own; it is not given on behalf of the institution that forwarded this text."),
            _("Questions: %(contact)s", contact=campaign.contact),
        ]  # fmt: skip
        if not own.reviewed_by and own.language != campaign.original_language:
            paragraphs.insert(1, _("(The translation of this title has not been reviewed.)"))
        return PassingText(
            language=language,
            subject=_("Call for input %(code)s: %(title)s", code=campaign.code, title=own.title),
            body="\n\n".join(paragraphs) + "\n",
            reviewed=bool(own.reviewed_by) or own.language == campaign.original_language,
        )
