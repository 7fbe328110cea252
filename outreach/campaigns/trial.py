"""A letter that a member of staff sends to themselves, to see it in their own mailbox: as its recipient gets it, but for links that do nothing."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from outreach import clock, config
from outreach.campaigns import wording
from outreach.campaigns.deadlines import deadline_for
from outreach.campaigns.models import Campaign
from outreach.campaigns.wording import Asked, Recipient, Writer
from outreach.correspondence import editions, outbox
from outreach.correspondence.editions import Rendering, parts_of
from outreach.correspondence.models import LetterKind, Register
from outreach.correspondence.outbox import LetterOrder
from outreach.dates import un_instant
from outreach.directory import queries as directory
from outreach.i18n import _, pgettext, speaking
from outreach.identity import audit
from outreach.identity.audit import Actor

LINKS = ("linkmission", "linkpasson", "linkanswer", "linkreceipt", "linkpart", "linkstop")
PAGE = "/test-letter"
"""The public page to which all links of a test lead."""


@dataclass(frozen=True)
class Trial:
    """Which letter to try. With a mission of the directory it has that mission's name, State and deadline; without one, examples."""

    kind: LetterKind
    variant: str
    register: Register
    language: str
    mission_id: uuid.UUID | None = None


def send_test(session: Session, campaign: Campaign, wanted: Trial, actor: Actor) -> str:
    """Queue the letter to the member of staff who asks for it; their address. Raises Missing where there is no such mission."""
    address = actor.name
    worded, values = (
        _exact(session, campaign, wanted, address) if wanted.mission_id else _example(session, campaign, wanted)
    )
    with speaking(parts_of(wanted.language)[0]):
        marked = replace(worded.rendered, subject=f"[{_('Test')}] {worded.rendered.subject}")
    edition_id = editions.freeze(session, worded.rendering, marked, worded.attachments)
    letter_id = outbox.queue(
        session,
        LetterOrder(
            edition_id=edition_id,
            kind=LetterKind.TEST,
            language=wanted.language,
            to_address=address,
            occasion=f"test-{uuid.uuid4()}",
            values=values,
            reply_to=campaign.contact,
        ),
    )
    told = {"letter": str(letter_id), "language": wanted.language}
    audit.record(session, actor, "letter.tested", "campaign", campaign.id, after=told)
    return address


def _exact(
    session: Session, campaign: Campaign, wanted: Trial, address: str
) -> tuple[wording.Wording, dict[str, dict[str, str]]]:
    assert wanted.mission_id is not None
    line = directory.institution(session, wanted.mission_id, "en")
    asked = Asked(uuid.uuid4(), line.id, line.state_code, _CODE)
    draft = next(
        Writer(session, campaign).drafts(
            wanted.kind,
            [asked],
            values=lambda language: _inert(campaign, language),
            variant=wanted.variant,
            recipients=[Recipient(address, wanted.language)],
        )
    )
    return draft.wording, draft.values


def _example(session: Session, campaign: Campaign, wanted: Trial) -> tuple[wording.Wording, dict[str, dict[str, str]]]:
    rendering = Rendering(wanted.kind, wanted.register, wanted.language, wanted.variant)
    worded = wording.worded(session, campaign, rendering)
    deadline = deadline_for(session, campaign, None)
    values: dict[str, dict[str, str]] = {}
    for language, places in worded.places.items():
        with speaking(language):
            state = directory.states(session, language)[0]
            known = dict(_inert(campaign, language)) | {
                "recipient": _("Name of the institution"),
                "ofstate": state.of_form,
                "salutation": _("Sir/Madam,"),
                "deadline": un_instant(deadline.at, deadline.zone, language),
                "invitationcode": _CODE,
            }
            values[language] = {name: known.get(name, "…") for name in places}
    return worded, values


_CODE = "XXXX-XXXX"


def _inert(campaign: Campaign, language: str) -> Mapping[str, str]:
    """What only a real letter has, as signs; the links lead to a page that says so. In the language spoken."""
    return {
        "number": f"{campaign.code}-XXX-0000",
        "received": un_instant(clock.now(), campaign.deadline_zone, language),
        "behalf": _("the State"),
        "version": "1",
        "digest": "0" * 64,
        "message": "",
        "body": _("Name of the institution"),
        "reason": "…",
        "until": "…",
        "code": "00000000",
        "ofsender": pgettext("after: at the request, on behalf, message", "of “%(institution)s”", institution="…"),
        **dict.fromkeys(LINKS, f"{config.settings().base_url}{PAGE}?lang={language}"),
    }
