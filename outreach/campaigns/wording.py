"""What a letter about an invitation says to each of its recipients: the one place that knows, for one letter and for a hundred thousand."""

import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock, config
from outreach.campaigns import links
from outreach.campaigns.deadlines import Deadline, deadlines_by_state
from outreach.campaigns.links import LinkKind
from outreach.campaigns.models import Campaign, CampaignFile, CampaignText, FileKind, Invitation, Origin, ReplyRoute
from outreach.correspondence import editions
from outreach.correspondence.editions import BOTH, Attachment, CampaignLines, Rendered, Rendering
from outreach.correspondence.models import LetterKind, Register
from outreach.dates import un_instant
from outreach.directory import queries as directory
from outreach.directory.models import MISSION_KINDS, NATIONAL_AUTHORITY_KINDS, InstitutionKind
from outreach.directory.recipients import NamedInstitution, named_institutions, of_forms
from outreach.i18n import _, pgettext, speaking

ENDING_KINDS = frozenset({LetterKind.INVITATION, LetterKind.FORWARDED, LetterKind.REMINDER, LetterKind.EXTENSION})
"""The letters that a stakeholder can ask to get no more of."""

NOTE_KINDS = MISSION_KINDS | {InstitutionKind.FOREIGN_MINISTRY}
"""Those who get notes verbales; the Correspondence Manual keeps them for missions and foreign ministries."""

Values = Mapping[str, str] | Callable[[str], Mapping[str, str]]
"""Values of a letter by place: the same in all languages, or asked for in each, which is spoken then."""


class Asked(NamedTuple):
    """What a letter needs to know of an invitation; one that is only tried out is in no table."""

    id: uuid.UUID
    institution_id: uuid.UUID
    state_code: str | None
    code: str
    origin: Origin = Origin.LAUNCH
    reply_route: ReplyRoute = ReplyRoute.DIRECT
    parent_id: uuid.UUID | None = None
    message: str | None = None

    @classmethod
    def of(cls, invitation: Invitation) -> "Asked":
        """This invitation."""
        return cls(
            invitation.id,
            invitation.institution_id,
            invitation.state_code,
            invitation.code,
            invitation.origin,
            invitation.reply_route,
            invitation.parent_id,
            invitation.message,
        )


class Recipient(NamedTuple):
    """Whom one letter goes to. `contact_id` is None for an address that only this letter knows (a respondent's)."""

    email: str
    language: str
    salutation: str | None = None
    contact_id: uuid.UUID | None = None


class Wording:
    """A letter kind in one register and language, rendered, with the documents that it carries: an edition before it is frozen."""

    def __init__(self, rendering: Rendering, rendered: Rendered, attachments: Sequence[Attachment]) -> None:
        self.rendering, self.rendered, self.attachments = rendering, rendered, attachments
        places: dict[str, list[str]] = {language: [] for language in editions.parts_of(rendering.language)}
        for language, name in sorted(rendered.places):
            places[language].append(name)
        self.places: Mapping[str, Sequence[str]] = places
        """The names of the values that a letter needs, by language. It keeps no link or code that it does not show."""


class Draft(NamedTuple):
    """A letter to one recipient, before it is queued."""

    asked: Asked
    recipient: Recipient
    wording: Wording
    values: dict[str, dict[str, str]]


class _About(NamedTuple):
    """All that a value may be taken from."""

    asked: Asked
    recipient: Recipient
    institution: NamedInstitution
    deadline: Deadline


def register_of(kind: InstitutionKind) -> Register:
    """Note verbale or letter."""
    return Register.NOTE if kind in NOTE_KINDS else Register.LETTER


def language_of(contact_language: str | None, institution_language: str | None) -> str:
    """The language of a letter: the contact's, else the institution's or its State's, else English and French."""
    return contact_language or institution_language or BOTH


def of_whom(session: Session, invitation_id: uuid.UUID, language: str) -> str:
    """The invited institution as it stands after "at the request" or "on behalf": "of the Permanent Mission of Jordan"."""
    invitation = session.get_one(Invitation, invitation_id)
    line = directory.institution(session, invitation.institution_id, language)
    with speaking(language):
        if line.kind in MISSION_KINDS and line.state_code is not None:
            of_state = directory.state(session, line.state_code, language).of_form
            if line.kind is InstitutionKind.PERMANENT_OBSERVER_MISSION:
                return pgettext(
                    "after: at the request, on behalf, message", "of the Permanent Observer Mission %(of_state)s",
                    of_state=of_state,
                )  # fmt: skip
            return pgettext(
                "after: at the request, on behalf, message", "of the Permanent Mission %(of_state)s", of_state=of_state
            )
        return pgettext("after: at the request, on behalf, message", "of “%(institution)s”", institution=line.name)


def worded(session: Session, campaign: Campaign, rendering: Rendering) -> Wording:
    """A letter kind as the campaign's texts and documents have it now."""
    rendered = editions.render(rendering, _lines(session, campaign, rendering.register))
    return Wording(rendering, rendered, attachments(session, campaign, rendering))


_Known = dict[tuple[InstitutionKind, str, str], Wording]
"""The wordings that letters of one kind have taken so far, by whom they are for, language and variant."""


class Writer:
    """Writes the letters of one campaign. What is the same for all is read once, what differs once for all that are given together."""

    def __init__(self, session: Session, campaign: Campaign, wordings: dict[Rendering, Wording] | None = None) -> None:
        """`wordings` are those that are rendered already; it is filled with the others."""
        self._session, self.campaign = session, campaign
        general, self._own = deadlines_by_state(session, campaign.id)
        self._general = max(campaign.deadline_at, general) if general else campaign.deadline_at
        self._names: Mapping[str, Mapping[str, str]] = {}
        self._deadlines: dict[str | None, Deadline] = {}
        self._instants: dict[tuple[Deadline, str], str] = {}
        self._wordings = {} if wordings is None else wordings
        self._says: Mapping[str, Callable[[_About, str], str]] = {
            "recipient": lambda about, language: about.institution.name(language),
            "salutation": lambda about, language: about.recipient.salutation or _("Sir/Madam,"),
            "deadline": lambda about, language: self._instant(about.deadline, language),
            "invitationcode": lambda about, language: about.asked.code,
            "linkmission": lambda about, language: links.address(LinkKind.MISSION, about.asked.id, language),
            "linkpasson": lambda about, language: links.address(LinkKind.PASS_ON, about.asked.id, language),
            "linkanswer": lambda about, language: links.address(LinkKind.ANSWER, about.asked.id, language),
            "linkstop": self._way_out,
            "message": lambda about, language: about.asked.message or "",
            "ofstate": lambda about, language: about.institution.of_forms[language],
            "ofsender": self._of_sender,
        }

    def drafts(
        self,
        kind: LetterKind,
        asked: Sequence[Asked],
        *,
        values: Values | None = None,
        variant: str = "",
        recipients: Sequence[Recipient] | None = None,
        institutions: Mapping[uuid.UUID, NamedInstitution] | None = None,
    ) -> Iterator[Draft]:
        """A letter to each contact of each institution that can be written to (or to `recipients`), in each one's language.

        What the letters need to know of the institutions is read at once, for a thousand as for one, unless the caller has it in
        `institutions`; they are written as they are taken. Raises KeyError where a place has no value.
        """
        if institutions is None:
            institutions = self._read(asked)
        known: _Known = {}

        def written() -> Iterator[Draft]:
            for one in asked:
                institution = institutions[one.institution_id]
                deadline = self._deadline(one.state_code)
                its_variant = variant or _variant(kind, one, deadline)
                to = recipients
                if to is None:
                    to = [
                        Recipient(box.email, language_of(box.language, institution.language), box.salutation, box.id)
                        for box in institution.boxes
                        if not (box.no_letters and may_end(kind, its_variant))
                    ]
                for recipient in to:
                    about = _About(one, recipient, institution, deadline)
                    yield self._draft(kind, its_variant, about, values, known)

        return written()

    def drafts_to(self, kind: LetterKind, each: Sequence[tuple[Asked, Recipient]]) -> Iterator[Draft]:
        """A letter about each of these invitations to the recipient beside it. Raises KeyError where a place has no value."""
        institutions = self._read([asked for asked, _recipient in each])
        known: _Known = {}
        for asked, recipient in each:
            deadline = self._deadline(asked.state_code)
            about = _About(asked, recipient, institutions[asked.institution_id], deadline)
            yield self._draft(kind, _variant(kind, asked, deadline), about, None, known)

    def _read(self, asked: Iterable[Asked]) -> Mapping[uuid.UUID, NamedInstitution]:
        self._names = self._names or of_forms(self._session)
        return named_institutions(self._session, [one.institution_id for one in asked], self._names)

    def _draft(self, kind: LetterKind, variant: str, about: _About, values: Values | None, known: _Known) -> Draft:
        key = about.institution.kind, about.recipient.language, variant
        wording = known.get(key)
        if wording is None:
            addressee = _addressee(kind, variant, key[0])
            wanted = Rendering(kind, register_of(key[0]), about.recipient.language, variant, addressee)
            wording = known[key] = self._wording(wanted)
        return Draft(about.asked, about.recipient, wording, self._values(about, wording, values))

    def _values(self, about: _About, wording: Wording, given: Values | None) -> dict[str, dict[str, str]]:
        made = {}
        for language, names in wording.places.items():
            with speaking(language):
                own = given(language) if callable(given) else given or {}
                made[language] = {
                    name: own[name] if name in own else self._says[name](about, language) for name in names
                }
        return made

    def _deadline(self, state_code: str | None) -> Deadline:
        if state_code not in self._deadlines:
            own = self._own.get(state_code) if state_code is not None else None
            at = max(self._general, own) if own else self._general
            self._deadlines[state_code] = Deadline(at, self.campaign.deadline_zone)
        return self._deadlines[state_code]

    def _instant(self, deadline: Deadline, language: str) -> str:
        key = deadline, language
        if key not in self._instants:
            self._instants[key] = un_instant(deadline.at, deadline.zone)
        return self._instants[key]

    def _way_out(self, about: _About, language: str) -> str:
        contact_id = about.recipient.contact_id
        if contact_id is None:
            raise KeyError("linkstop")
        return links.address(LinkKind.STOP, about.asked.id, language, contact_id=contact_id)

    def _of_sender(self, about: _About, language: str) -> str:
        if about.asked.parent_id is None:
            raise KeyError("ofsender")
        return of_whom(self._session, about.asked.parent_id, language)

    def _wording(self, rendering: Rendering) -> Wording:
        if rendering not in self._wordings:
            self._wordings[rendering] = worded(self._session, self.campaign, rendering)
        return self._wordings[rendering]


def _variant(kind: LetterKind, asked: Asked, deadline: Deadline) -> str:
    if kind is LetterKind.REMINDER:
        return "after" if deadline.passed(clock.now()) else ""
    if kind not in {LetterKind.FORWARDED, LetterKind.COPY}:
        return ""
    if asked.origin is Origin.PASSED_ON:
        return "passed_on"
    route = "through_mission" if asked.reply_route is ReplyRoute.THROUGH_MISSION else "direct"
    return f"{route} message" if asked.message else route


def may_end(kind: LetterKind, variant: str) -> bool:
    """Whether such letters end where a stakeholder wants no more of them: those that ask, not those that answer what somebody did."""
    return kind in ENDING_KINDS and variant not in {"passed_on", "declined"}


def speaks_for_a_state(kind: InstitutionKind) -> bool:
    """Whether it is a mission or a national authority, which no click, and no machine that tries links, may silence."""
    return kind in MISSION_KINDS | NATIONAL_AUTHORITY_KINDS


def _addressee(kind: LetterKind, variant: str, institution: InstitutionKind) -> str:
    if institution is InstitutionKind.PERMANENT_OBSERVER_MISSION:
        return "observer"
    if institution is InstitutionKind.FOREIGN_MINISTRY:
        return "ministry"
    return "stakeholder" if may_end(kind, variant) and not speaks_for_a_state(institution) else "mission"


def _lines(session: Session, campaign: Campaign, register: Register) -> Callable[[str], CampaignLines]:
    def of(language: str) -> CampaignLines:
        text = session.get(CampaignText, (campaign.id, language))
        if text is None:
            # The lint keeps such a campaign from being launched; a preview shows the original.
            text = session.get_one(CampaignText, (campaign.id, campaign.original_language))
        return CampaignLines(
            code=campaign.code,
            title=text.title,
            mandate=text.mandate,
            note_reference=campaign.note_reference,
            note_date=campaign.note_date,
            contact=campaign.contact,
            body=text.note if register is Register.NOTE else text.letter,
            by_mail=config.settings().reads_mail,
        )

    return of


def attachments(session: Session, campaign: Campaign, wanted: Rendering) -> list[Attachment]:
    """The documents that such a letter carries: an invitation has the note and its annex; to those who don't get notes, the annex alone."""
    if wanted.kind not in {LetterKind.INVITATION, LetterKind.FORWARDED} or wanted.variant == "passed_on":
        return []
    kinds = (
        [FileKind.NOTE, FileKind.ANNEX]
        if wanted.register is Register.NOTE or wanted.kind is LetterKind.FORWARDED
        else [FileKind.ANNEX]
    )
    found = []
    for language in editions.parts_of(wanted.language):
        for kind in kinds:
            file = session.scalars(
                select(CampaignFile).where(
                    CampaignFile.campaign_id == campaign.id,
                    CampaignFile.language == language,
                    CampaignFile.kind == kind,
                )
            ).one_or_none()
            if file is not None:
                found.append(Attachment(file.filename, file.media_type, file.content))
    return found
