"""The notes verbales and letters of a campaign as documents to print: from its texts and settings, in the secretariat's words."""

import uuid
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path

from sqlalchemy.orm import Session

from outreach import config
from outreach.campaigns import audience, queries
from outreach.campaigns.models import Campaign, CampaignKind, CampaignText, FileKind
from outreach.campaigns.wording import NOTE_KINDS, language_of
from outreach.correspondence.documents import composing, secretariat
from outreach.correspondence.documents.addressing import Addressee, Post, Who, circular
from outreach.correspondence.documents.page import Page
from outreach.correspondence.documents.secretariat import Secretariat
from outreach.correspondence.editions import parts_of
from outreach.correspondence.models import Register
from outreach.directory.models import InstitutionKind, Seat
from outreach.directory.recipients import NamedInstitution, named_institutions, of_forms
from outreach.errors import Missing
from outreach.i18n import LANGUAGES, NATIVE_NAMES, _, pgettext, speaking

_WHO: Mapping[InstitutionKind, Who] = {
    InstitutionKind.PERMANENT_MISSION: "missions",
    InstitutionKind.PERMANENT_OBSERVER_MISSION: "observers",
    InstitutionKind.FOREIGN_MINISTRY: "ministries",
}
_POSTS: Mapping[Seat, Post] = {Seat.GENEVA: "geneva", Seat.NEW_YORK: "new_york"}


def offered(session: Session, campaign: Campaign) -> dict[str, tuple[Register, ...]]:
    """Which documents each language has its texts for. Notes are only made where missions or foreign ministries are asked."""
    texts = queries.texts(session, campaign.id)
    return {language: _registers(campaign, texts.get(language)) for language in LANGUAGES}


def page(session: Session, campaign: Campaign, register: Register, language: str) -> Page:
    """The circular note, or the letter, in one language. Raises Missing where a text is missing, Invalid for a faulty secretariat."""
    call = _call(session, campaign, register, language)
    wording = _secretariat().wordings[language]
    if register is Register.LETTER:
        return composing.letter(call, wording)
    return composing.note(call, wording, circular(wording, _who(campaign), _posts(campaign)))


def for_each(session: Session, campaign: Campaign) -> Iterator[tuple[str, Page]]:
    """A note for each mission and foreign ministry of the audience, in its languages, with the name for its file.

    A language without texts is passed over; whose language is not known gets English and French. Raises Invalid.
    """
    ids = audience.missions_and_ministries(session, campaign)
    institutions = named_institutions(session, ids, of_forms(session))
    wordings = _secretariat().wordings
    can = offered(session, campaign)
    calls = {
        language: _call(session, campaign, Register.NOTE, language)
        for language in LANGUAGES
        if Register.NOTE in can[language]
    }
    names: set[str] = set()
    for one_id in ids:
        one = institutions[one_id]
        spoken = [language_of(box.language, one.language) for box in one.boxes] or [language_of(None, one.language)]
        for language in dict.fromkeys(part for each in spoken for part in parts_of(each)):
            if language in calls:
                yield (
                    _file_name(one, one_id, language, names),
                    composing.note(calls[language], wordings[language], _own(one, language)),
                )


def _registers(campaign: Campaign, text: CampaignText | None) -> tuple[Register, ...]:
    if text is None or not (text.title.strip() and text.mandate.strip()):
        return ()
    bodies = {Register.NOTE: text.note if _who(campaign) else "", Register.LETTER: text.letter}
    return tuple(register for register, body in bodies.items() if body.strip())


def _who(campaign: Campaign) -> set[Who]:
    kinds = {InstitutionKind(kind) for kind in campaign.audience.get("kinds", ())} & NOTE_KINDS
    who = {_WHO[kind] for kind in kinds}
    return who if _posts(campaign) else who & {"ministries"}


def _posts(campaign: Campaign) -> set[Post]:
    seats = {Seat(seat) for seat in campaign.audience.get("seats", ())}
    return {post for seat, post in _POSTS.items() if seat in seats}


def _call(session: Session, campaign: Campaign, register: Register, language: str) -> composing.Call:
    text = queries.texts(session, campaign.id).get(language)
    if text is None or register not in _registers(campaign, text):
        raise Missing(_("%(language)s: the text is missing.", language=NATIVE_NAMES.get(language, language[:20])))
    files = {(file.language, file.kind) for file in queries.files(session, campaign.id)}
    return composing.Call(
        code=campaign.code,
        title=text.title,
        mandate=text.mandate,
        reference=campaign.note_reference,
        day=campaign.note_date,
        deadline_at=campaign.deadline_at,
        deadline_zone=campaign.deadline_zone,
        contact=campaign.contact,
        body=text.note if register is Register.NOTE else text.letter,
        has_annex=campaign.kind is CampaignKind.QUESTIONNAIRE or (language, FileKind.ANNEX) in files,
        public=f"{config.settings().base_url}/c/{campaign.code}",
    )


def _own(one: NamedInstitution, language: str) -> Addressee:
    """A mission or ministry by itself: the same words as in letters by mail."""
    with speaking(language):
        to, renew = _to_and_renew(one.kind, one.of_forms.get(language, ""))
    return Addressee(to, renew, (one.name(language),))


def _to_and_renew(kind: InstitutionKind, of_state: str) -> tuple[str, str]:
    if kind is InstitutionKind.PERMANENT_MISSION:
        return (
            pgettext(
                "to whom the Secretariat presents its compliments", "to the Permanent Mission %(of_state)s",
                of_state=of_state,
            ),
            pgettext(
                "to whom the Secretariat renews its assurances", "to the Permanent Mission %(of_state)s",
                of_state=of_state,
            ),
        )  # fmt: skip
    if kind is InstitutionKind.PERMANENT_OBSERVER_MISSION:
        return (
            pgettext(
                "to whom the Secretariat presents its compliments", "to the Permanent Observer Mission %(of_state)s",
                of_state=of_state,
            ),
            pgettext(
                "to whom the Secretariat renews its assurances", "to the Permanent Observer Mission %(of_state)s",
                of_state=of_state,
            ),
        )  # fmt: skip
    return (
        pgettext("to whom the Secretariat presents its compliments", "to the Ministry"),
        pgettext("to whom the Secretariat renews its assurances", "to the Ministry"),
    )


def _file_name(one: NamedInstitution, one_id: uuid.UUID, language: str, taken: set[str]) -> str:
    post = _POSTS.get(one.seat) if one.seat is not None else None
    place = post.replace("_", "-") if post else "ministry"
    name = f"{one.state_code or 'other'}.{place}.{language}"
    if name in taken:
        name = f"{name}.{one_id.hex[:8]}"
    taken.add(name)
    return name


def _secretariat() -> Secretariat:
    path = config.settings().secretariat
    return secretariat.usual() if path is None else _read(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=4)
def _read(path: Path, _changed: int) -> Secretariat:
    """Read anew when the file changes."""
    return secretariat.read(path.read_text("utf-8-sig"))
