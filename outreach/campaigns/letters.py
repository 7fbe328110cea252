"""What the campaign writes to whom: every letter about an invitation goes through `queue_for`."""

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.campaigns import links
from outreach.campaigns.deadlines import Deadline, deadline_for
from outreach.campaigns.links import LinkKind
from outreach.campaigns.models import Campaign, CampaignFile, CampaignText, FileKind, Invitation, Origin, ReplyRoute
from outreach.correspondence import addresses, editions, outbox
from outreach.correspondence.editions import BOTH, Attachment, CampaignLines, Rendered, Rendering, parts_of
from outreach.correspondence.models import LetterKind, Register
from outreach.correspondence.outbox import LetterOrder
from outreach.dates import un_instant
from outreach.directory import queries as directory
from outreach.directory.models import MISSION_KINDS, InstitutionKind
from outreach.directory.queries import ContactLine, InstitutionLine
from outreach.i18n import LANGUAGES, _, pgettext, speaking

NOTE_KINDS = MISSION_KINDS | {InstitutionKind.FOREIGN_MINISTRY}
"""Those who get notes verbales; the Correspondence Manual keeps them for missions and foreign ministries."""

Values = Mapping[str, str] | Callable[[str], Mapping[str, str]]
"""Values of a letter by place: the same in all languages, or asked for in each, which is spoken then."""


def register_of(kind: InstitutionKind) -> Register:
    """Note verbale or letter."""
    return Register.NOTE if kind in NOTE_KINDS else Register.LETTER


def language_of(contact_language: str | None, institution_language: str | None) -> str:
    """The language of a letter: the contact's, else the institution's or its State's, else English and French."""
    return contact_language or institution_language or BOTH


def contacts_of(session: Session, institution_id: uuid.UUID) -> list[ContactLine]:
    """The contacts of an institution that can be written to: those whose address no relay has refused."""
    return [contact for contact in directory.contacts(session, institution_id) if contact.refused_at is None]


@dataclass(frozen=True)
class Recipient:
    """Whom one letter goes to. `contact_id` is None for an address that only this letter knows (a respondent's)."""

    email: str
    language: str
    salutation: str | None = None
    contact_id: uuid.UUID | None = None


def prepare(session: Session, institution_ids: Iterable[uuid.UUID]) -> None:
    """Read at once how these institutions and the States are named in six languages, for the letters of this session.

    One reading for all, where `queue_for` asks again for each letter: for a launch to hundreds of institutions.
    """
    ids = list(institution_ids)
    for language in LANGUAGES:
        lines = directory.institutions(session, ids, language)
        session.info.setdefault("institutions", {}).update({(key, language): line for key, line in lines.items()})
        of_forms = {(state.code, language): state.of_form for state in directory.states(session, language)}
        session.info.setdefault("of_forms", {}).update(of_forms)


def queue_for(
    session: Session,
    invitation: Invitation,
    kind: LetterKind,
    occasion: str,
    *,
    values: Values | None = None,
    variant: str = "",
    recipients: Sequence[Recipient] | None = None,
    due_at: datetime | None = None,
) -> list[uuid.UUID]:
    """Queue a letter to each contact of the invited institution (or to `recipients`), in each one's language; the ids of the new ones.

    `occasion` says what it is about: the same kind on the same occasion is queued once for ever. `values` are those that only this
    kind has; `variant` is a word that its template knows. Both registers, the deadline of the State, the links and names are known here.
    A receipt takes number, received, behalf, version, linkreceipt and digest (variant "late"), a part for the mission body and
    linkpart, a return reason (and ofsender, see `of_whom`), a code the code (variant: the act), an extension that is not granted (variant
    "declined") reason and until. Raises KeyError where one is missing.
    """
    campaign = session.get_one(Campaign, invitation.campaign_id)
    institution = _institution(session, invitation.institution_id, "en")
    deadline = deadline_for(session, campaign, invitation.state_code)
    register = register_of(institution.kind)
    if recipients is None:
        recipients = [
            Recipient(c.email, language_of(c.language, institution.language), c.salutation, c.id)
            for c in contacts_of(session, invitation.institution_id)
        ]
    variant = variant or _variant(kind, invitation, deadline)
    queued = []
    for recipient in recipients:
        wanted = Rendering(kind, register, recipient.language, variant, _addressee(institution.kind))
        edition_id, places = _edition(session, campaign, wanted)
        given = {
            language: {
                **_values(session, invitation, institution, deadline, recipient, language),
                **_asked(values, language),
            }
            for language in parts_of(recipient.language)
        }
        letter_id = outbox.queue(
            session,
            LetterOrder(
                edition_id=edition_id,
                kind=kind,
                language=recipient.language,
                to_address=recipient.email,
                # Without a contact the address tells two recipients of one letter apart.
                occasion=occasion if recipient.contact_id else f"{occasion} {recipient.email}",
                values=_needed(given, places),
                campaign_id=campaign.id,
                invitation_id=invitation.id,
                contact_id=recipient.contact_id,
                reply_to=addresses.reply_to(campaign.contact, invitation.code),
                due_at=due_at,
            ),
        )
        if letter_id is not None:
            queued.append(letter_id)
    return queued


def preview(
    session: Session, campaign: Campaign, kind: LetterKind, register: Register, language: str, variant: str = ""
) -> Rendered:
    """A letter as it would be rendered now, with its places unfilled; nothing is kept."""
    return editions.render(Rendering(kind, register, language, variant), _lines(session, campaign, register))


def enclosed(
    session: Session, campaign: Campaign, kind: LetterKind, register: Register, language: str, variant: str = ""
) -> list[Attachment]:
    """The documents that such a letter would carry now."""
    return _attachments(session, campaign, Rendering(kind, register, language, variant))


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


def _institution(session: Session, institution_id: uuid.UUID, language: str) -> InstitutionLine:
    known: dict[tuple[uuid.UUID, str], InstitutionLine] = session.info.get("institutions", {})
    return known.get((institution_id, language)) or directory.institution(session, institution_id, language)


def _of_form(session: Session, state_code: str, language: str) -> str:
    known: dict[tuple[str, str], str] = session.info.get("of_forms", {})
    return known.get((state_code, language)) or directory.state(session, state_code, language).of_form


def _asked(values: Values | None, language: str) -> Mapping[str, str]:
    if not callable(values):
        return values or {}
    with speaking(language):
        return values(language)


def _needed(given: Mapping[str, Mapping[str, str]], places: Set[tuple[str, str]]) -> dict[str, dict[str, str]]:
    """The values that the edition has places for. A letter keeps no link or code that it does not show."""
    needed: dict[str, dict[str, str]] = {language: {} for language in given}
    for language, name in sorted(places):
        needed[language][name] = given[language][name]
    return needed


def _variant(kind: LetterKind, invitation: Invitation, deadline: Deadline) -> str:
    if kind is LetterKind.REMINDER:
        return "after" if deadline.passed(clock.now()) else ""
    if kind not in {LetterKind.FORWARDED, LetterKind.COPY}:
        return ""
    if invitation.origin is Origin.PASSED_ON:
        return "passed_on"
    route = "through_mission" if invitation.reply_route is ReplyRoute.THROUGH_MISSION else "direct"
    return f"{route} message" if invitation.message else route


def _addressee(kind: InstitutionKind) -> str:
    if kind is InstitutionKind.PERMANENT_OBSERVER_MISSION:
        return "observer"
    return "ministry" if kind is InstitutionKind.FOREIGN_MINISTRY else "mission"


def _edition(session: Session, campaign: Campaign, wanted: Rendering) -> tuple[uuid.UUID, Set[tuple[str, str]]]:
    """The edition and its places, rendered and frozen at most once in a transaction: a launch to hundreds renders a dozen."""
    # Of this transaction only: a rollback takes the editions that it froze along.
    made: dict[tuple[uuid.UUID, Rendering], tuple[uuid.UUID, Set[tuple[str, str]]]] = {}
    transaction, known = session.info.get("editions", (None, made))
    if transaction is session.get_transaction():
        made = known
    else:
        session.info["editions"] = session.get_transaction(), made
    key = (campaign.id, wanted)
    if key not in made:
        rendered = editions.render(wanted, _lines(session, campaign, wanted.register))
        frozen = editions.freeze(session, wanted, rendered, _attachments(session, campaign, wanted))
        made[key] = frozen, rendered.places
    return made[key]


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
        )

    return of


def _attachments(session: Session, campaign: Campaign, wanted: Rendering) -> list[Attachment]:
    """The invitation carries the note and its annex; to those who don't get notes, the annex alone."""
    if wanted.kind not in {LetterKind.INVITATION, LetterKind.FORWARDED} or wanted.variant == "passed_on":
        return []
    kinds = (
        [FileKind.NOTE, FileKind.ANNEX]
        if wanted.register is Register.NOTE or wanted.kind is LetterKind.FORWARDED
        else [FileKind.ANNEX]
    )
    found = []
    for language in parts_of(wanted.language):
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


def _values(
    session: Session,
    invitation: Invitation,
    institution: InstitutionLine,
    deadline: Deadline,
    recipient: Recipient,
    language: str,
) -> dict[str, str]:
    with speaking(language):
        values = {
            "recipient": _institution(session, institution.id, language).name,
            "salutation": recipient.salutation or _("Sir/Madam,"),
            "deadline": un_instant(deadline.at, deadline.zone),
            "invitationcode": invitation.code,
            "linkmission": links.address(LinkKind.MISSION, invitation.id, language),
            "linkpasson": links.address(LinkKind.PASS_ON, invitation.id, language),
            "linkanswer": links.address(LinkKind.ANSWER, invitation.id, language),
            "message": invitation.message or "",
        }
        if institution.state_code is not None:
            values["ofstate"] = _of_form(session, institution.state_code, language)
        if invitation.parent_id is not None:
            values["ofsender"] = of_whom(session, invitation.parent_id, language)
    return values
