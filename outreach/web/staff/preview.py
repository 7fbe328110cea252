"""A letter as its recipient reads it, before it is sent: what differs from recipient to recipient is an example, and marked as one."""

import html
import re
import uuid
from dataclasses import dataclass
from typing import Any

from flask import Response, render_template, request
from sqlalchemy.orm import Session

from outreach import clock, i18n
from outreach.campaigns import audience, letters
from outreach.campaigns import queries as campaigns
from outreach.correspondence.editions import BOTH, Rendered, parts_of
from outreach.correspondence.merging import PLACE
from outreach.correspondence.words import LetterKind, Register
from outreach.dates import un_instant
from outreach.directory import queries as directory
from outreach.directory.names import mission_name
from outreach.directory.words import InstitutionKind, Seat
from outreach.i18n import LANGUAGES, NATIVE_NAMES, _, lazy, pgettext, speaking
from outreach.identity.words import StaffRole
from outreach.reports.words import BEHALVES
from outreach.submissions.words import Behalf
from outreach.web import unit
from outreach.web.access import staff
from outreach.web.staff import blueprint
from outreach.web.staff.letters import FRAME_POLICY
from outreach.web.staff.state import may_change

_IN_ATTRIBUTE = re.compile(rf'="[^"]*{PLACE.pattern}[^"]*"')


@dataclass(frozen=True)
class Sort:
    """A sort of letter that can be looked at: its kind, the word by which its template knows it, and what staff read."""

    kind: LetterKind
    variant: str
    words: Any


SORTS = {
    "invitation": Sort(LetterKind.INVITATION, "", lazy("Call for input")),
    "forwarded": Sort(LetterKind.FORWARDED, "through_mission", lazy("Call for input, forwarded")),
    "reminder": Sort(LetterKind.REMINDER, "", lazy("Reminder before the deadline")),
    "reminder-after": Sort(LetterKind.REMINDER, "after", lazy("Reminder after the deadline")),
    "extension": Sort(LetterKind.EXTENSION, "", lazy("New deadline")),
    "receipt": Sort(LetterKind.RECEIPT, "", lazy("Receipt")),
}


@dataclass(frozen=True)
class Chosen:
    """What is looked at."""

    language: str
    register: Register
    sort: str


def chosen() -> Chosen:
    """What the address asks for; what makes no sense is an invitation, as a note, in the language of the page."""
    language, sort = request.args.get("language", ""), request.args.get("sort", "")
    register = request.args.get("register", "")
    return Chosen(
        language=language if language in (*LANGUAGES, BOTH) else i18n.language(),
        register=Register.LETTER if register == Register.LETTER.value else Register.NOTE,
        sort=sort if sort in SORTS else "invitation",
    )


@blueprint.get("/campaigns/<code>/preview")
@staff(StaffRole.READER)
def preview(code: str) -> str:
    """A letter in one language and register, in a frame, with its subject and documents."""
    session, wanted = unit.session(), chosen()
    campaign = campaigns.campaign_by_code(session, code)
    texts = campaigns.texts(session, campaign.id)
    rendered = _rendered(code, wanted) if campaign.original_language in texts else None
    sort, example = SORTS[wanted.sort], Examples(session, campaign.id, wanted.register)
    return render_template(
        "staff/preview.html",
        campaign=campaign,
        may_change=may_change(),
        wanted=wanted,
        sorts=SORTS,
        registers=list(Register),
        spoken=[*((language, NATIVE_NAMES[language]) for language in LANGUAGES), (BOTH, _("English and French"))],
        missing=[NATIVE_NAMES[language] for language in parts_of(wanted.language) if language not in texts],
        subject=example.fill(rendered.subject) if rendered else "",
        text=example.fill(rendered.text) if rendered else None,
        enclosed=letters.enclosed(session, campaign, sort.kind, wanted.register, wanted.language, sort.variant),
    )


@blueprint.get("/campaigns/<code>/preview/body")
@staff(StaffRole.READER)
def preview_body(code: str) -> Response:
    """The letter's HTML alone, for a frame in which nothing runs."""
    wanted, session = chosen(), unit.session()
    campaign = campaigns.campaign_by_code(session, code)
    example = Examples(session, campaign.id, wanted.register)
    answer = Response(_filled_html(_rendered(code, wanted).html, example), mimetype="text/html")
    answer.headers["Content-Security-Policy"] = FRAME_POLICY
    return answer


def _rendered(code: str, wanted: Chosen) -> Rendered:
    session, sort = unit.session(), SORTS[wanted.sort]
    campaign = campaigns.campaign_by_code(session, code)
    return letters.preview(session, campaign, sort.kind, wanted.register, wanted.language, sort.variant)


def _filled_html(text: str, example: "Examples") -> str:
    # A link of the preview leads nowhere; its frame would not follow it either.
    text = _IN_ATTRIBUTE.sub('="#"', text)
    return PLACE.sub(
        lambda found: f'<mark style="background:#fdf3dd">{html.escape(example.of(found[1], found[2]))}</mark>', text
    )


class Examples:
    """The values of a recipient for show: a mission of the first State that would be asked, and signs that are no code or link."""

    def __init__(self, session: Session, campaign_id: uuid.UUID, register: Register) -> None:
        self._session, self._register = session, register
        self._campaign = campaigns.campaign(session, campaign_id)
        self._state = audience.first_state(session, self._campaign) or directory.states(session, "en")[0].code
        self._known: dict[str, dict[str, str]] = {}

    def of(self, language: str, name: str) -> str:
        """The example for a place, in the language of that part of the letter."""
        if language not in self._known:
            with speaking(language):
                self._known[language] = self._values(language)
        return self._known[language].get(name, "…")

    def fill(self, text: str) -> str:
        """A plain text with the examples in their places."""
        return PLACE.sub(lambda found: self.of(found[1], found[2]), text)

    def _values(self, language: str) -> dict[str, str]:
        of_state = directory.state(self._session, self._state, language).of_form
        mission = mission_name(InstitutionKind.PERMANENT_MISSION, Seat.GENEVA, of_state, language)
        zone = self._campaign.deadline_zone
        link = _("the recipient’s own link")
        return {
            "recipient": mission if self._register is Register.NOTE else _("Name of the institution"),
            "ofstate": of_state,
            "ofsender": pgettext(
                "after: at the request, on behalf, message", "of the Permanent Mission %(of_state)s", of_state=of_state
            ),
            "salutation": _("Sir/Madam,"),
            "deadline": un_instant(self._campaign.deadline_at, zone),
            "received": un_instant(clock.now(), zone),
            "invitationcode": "XXXX-XXXX",
            "number": f"{self._campaign.code}-XXX-0000",
            "behalf": str(BEHALVES[Behalf.STATE]),
            "version": "1",
            "digest": "0" * 64,
            **dict.fromkeys(("linkmission", "linkpasson", "linkanswer", "linkreceipt", "linkstop"), link),
        }
