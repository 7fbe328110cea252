"""Staff answer a mail: one letter to whoever wrote it, in the thread of the mail, which all who read the mail can read as well.

A person writes it, so it does not say that a machine did (RFC 3834), and never goes where machines would answer it: to lists, to
addresses that nobody reads, to our own.
"""

import enum
import re
import uuid
from dataclasses import dataclass
from email.utils import getaddresses, parseaddr
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from outreach import clock, config
from outreach.campaigns import letters
from outreach.campaigns import queries as campaigns
from outreach.campaigns.models import Campaign, Invitation
from outreach.correspondence import addresses, editions, outbox
from outreach.correspondence import queries as written
from outreach.correspondence.bodies import Page
from outreach.correspondence.composition import MESSAGE_ID
from outreach.correspondence.editions import Rendered, Rendering
from outreach.correspondence.merging import Line, one_line
from outreach.correspondence.models import LetterKind, Register
from outreach.correspondence.outbox import LetterOrder
from outreach.dates import un_date
from outreach.directory import queries as directory
from outreach.directory.addresses import checked_address
from outreach.errors import Invalid, Missing, Refused, Stale
from outreach.i18n import LANGUAGES, _, speaking
from outreach.identity import audit
from outreach.identity.audit import Actor
from outreach.inbox import answers, opening, senders, service
from outreach.inbox.mime import Headers
from outreach.inbox.models import MailAnswer, ReceivedMail
from outreach.inbox.parts import tried
from outreach.inbox.understanding import MailKind
from outreach.storage import Storage

MOST_WORDS = 20_000
"""Characters of an answer."""
_MOST_QUOTED = 5_000
_MOST_OF_A_SUBJECT = 200
_MOST_OF_A_HEADER = 5_000
_MOST_REFERENCES = 20
_LONGEST_REFERENCE = 250
_REPLIES = re.compile(r"(?:re|aw|sv|antw|rép|res|отв|رد|回复|答复)\s*[:：]", re.IGNORECASE)
_BY_PEOPLE = frozenset({MailKind.REPLY, MailKind.FORWARDED, MailKind.OTHER, MailKind.COMPLAINT, MailKind.CHALLENGE})


class Obstacle(enum.StrEnum):
    """Why a mail can't be answered."""

    MACHINE = "machine"
    NO_ADDRESS = "no_address"
    NOBODY_READS = "nobody_reads"
    LIST = "list"
    OURS = "ours"


@dataclass(frozen=True)
class Prospect:
    """To whom an answer would go, in which language, and how it would begin. `obstacle`: why there can be none.

    `elsewhere`: the mail asks for answers at another address than the one it comes from.
    """

    to_address: str
    elsewhere: bool
    language: str
    salutation: str
    obstacle: Obstacle | None
    contact_id: uuid.UUID | None


@dataclass(frozen=True)
class Words:
    """What staff write. An empty salutation is the usual one of the language."""

    language: str
    salutation: str
    message: str


@dataclass(frozen=True)
class Preview:
    """An answer as its recipient will read it, in lines that are not broken yet."""

    subject: str
    text: str


@dataclass(frozen=True)
class _Ready:
    """An answer that only has to be queued."""

    prospect: Prospect
    rendering: Rendering
    rendered: Rendered
    values: dict[str, str]
    campaign: Campaign | None
    reply_to: str | None


def prospect(session: Session, storage: Storage, mail_id: uuid.UUID) -> Prospect:
    """Whether and how a mail can be answered. Raises Missing."""
    return _prospect(session, storage, _mail(session, mail_id))


def preview(session: Session, storage: Storage, mail_id: uuid.UUID, words: Words) -> Preview:
    """The answer as it would be sent. Raises Missing, Refused where the mail can't be answered."""
    ready = _ready(session, storage, _mail(session, mail_id), words)
    values = {words.language: ready.values}
    return Preview(
        one_line(Line(ready.rendered.subject).text(values)), Page(ready.rendered.text, Line.text, str).filled(values)
    )


def send(
    session: Session,
    storage: Storage,
    mail_id: uuid.UUID,
    words: Words,
    actor: Actor,
    *,
    known: int,
    settles: bool,
) -> uuid.UUID:
    """Send the answer; the id of its letter. `known` is how many answers there were when it was written; `settles`: nothing else is
    to be done with the mail.

    Sent twice by the same click it is one letter. Raises Missing, Refused where the mail can't be answered, Stale where a colleague
    answered meanwhile.
    """
    mail = _mail(session, mail_id, hold=True)
    former = answers.answers_to(session, mail_id)
    ready = _ready(session, storage, mail, words)
    for one in former[known:]:
        if one.by == actor.name and words_of(session, one.letter_id).message == words.message.strip():
            return one.letter_id
    if len(former) > known:
        raise Stale(_("%(who)s has answered this mail meanwhile. Please read that answer first.", who=former[-1].by))
    letter_id = _queue(session, mail, ready, len(former) + 1)
    answer = MailAnswer(letter_id=letter_id, mail_id=mail.id, number=len(former) + 1, by=actor.name, at=clock.now())
    session.add(answer)
    audit.record(
        session, actor, "mail.answered", "received_mail", mail.id,
        after={"email": ready.prospect.to_address, "words": words.message},
    )  # fmt: skip
    if settles:
        service.mark_looked_at(session, mail.id, actor)
    return letter_id


def words_of(session: Session, letter_id: uuid.UUID) -> Words:
    """What staff wrote in an answer, to be written once more. Raises Missing."""
    ((language, values),) = written.values_of(session, letter_id).items()
    return Words(language, values["salutation"], values["message"])


def _mail(session: Session, mail_id: uuid.UUID, *, hold: bool = False) -> ReceivedMail:
    mail = session.get(ReceivedMail, mail_id, populate_existing=True, with_for_update=hold or None)
    if mail is None:
        raise Missing(_("There is no such mail."))
    return mail


def _prospect(session: Session, storage: Storage, mail: ReceivedMail) -> Prospect:
    headers = opening.opened(session, storage, mail.content).part.headers
    own, contacts, language = {parseaddr(config.settings().sender)[1].lower()}, [], None
    if mail.invitation_id is not None:
        invitation, campaign = _asked(session, mail.invitation_id)
        own.add(campaign.contact.lower())
        contacts = directory.contacts(session, invitation.institution_id)
        language = directory.institution(session, invitation.institution_id, "en").language
    asks_for = next((one for one in _reply_addresses(headers) if not _is_ours(one, own)), None)
    address = asks_for or _checked(mail.from_address) or ""
    contact = next((one for one in contacts if one.email.lower() == address.lower()), None)
    languages = [contact.language if contact else None, *(one.language for one in contacts), language]
    chosen = next((one for one in languages if one in LANGUAGES), "en")
    return Prospect(
        to_address=address,
        elsewhere=address.lower() != mail.from_address.lower(),
        language=chosen,
        salutation=(contact.salutation if contact else None) or "",
        obstacle=_obstacle(mail, headers, address, own),
        contact_id=contact.id if contact else None,
    )


def _obstacle(mail: ReceivedMail, headers: Headers, address: str, own: set[str]) -> Obstacle | None:
    if mail.kind is MailKind.LIST or senders.of_a_list(headers):
        return Obstacle.LIST
    if mail.kind not in _BY_PEOPLE:
        return Obstacle.MACHINE
    if not address:
        return Obstacle.NO_ADDRESS
    if _is_ours(address, own):
        return Obstacle.OURS
    return Obstacle.NOBODY_READS if senders.nobody_reads(headers, address) else None


def _is_ours(address: str, own: set[str]) -> bool:
    return addresses.is_own(address) or address.lower() in own


def _reply_addresses(headers: Headers) -> list[str]:
    """The addresses at which a mail asks for answers, those that are some."""
    value = headers.get("reply-to", [""])[0][:_MOST_OF_A_HEADER]
    given: list[tuple[str, str]] = tried([], lambda: getaddresses([value]))
    checked = [_checked(address) for _name, address in given]
    return [address for address in checked if address is not None]


def _checked(address: str) -> str | None:
    try:
        return checked_address(address)
    except Invalid:
        return None


def _asked(session: Session, invitation_id: uuid.UUID) -> tuple[Invitation, Campaign]:
    invitation = campaigns.invitation(session, invitation_id)
    return invitation, campaigns.campaign(session, invitation.campaign_id)


def _ready(session: Session, storage: Storage, mail: ReceivedMail, words: Words) -> _Ready:
    """Raises Refused, Invalid."""
    found = _prospect(session, storage, mail)
    if found.obstacle is not None:
        raise Refused(_("This mail can’t be answered from here."))
    if words.language not in LANGUAGES or not words.message.strip():
        field = "message" if words.language in LANGUAGES else "language"
        raise Invalid(_("Please fill in this field."), field=field)
    invitation, campaign = _asked(session, mail.invitation_id) if mail.invitation_id is not None else (None, None)
    quoted = _quoted(mail)
    rendering = Rendering(LetterKind.ANSWER, Register.LETTER, words.language, "quoting" if quoted else "")
    if campaign is not None:
        rendered = letters.preview(
            session, campaign, rendering.kind, rendering.register, rendering.language, rendering.variant
        )
    else:
        rendered = editions.render(rendering, None)
    headers = opening.opened(session, storage, mail.content).part.headers
    with speaking(words.language):
        came = mail.received_at.astimezone(ZoneInfo(campaign.deadline_zone if campaign else "UTC")).date()
        values = {
            "subject": _subject(mail),
            "salutation": one_line(words.salutation) or _("Sir/Madam,"),
            "message": words.message.strip(),
            **({"written": un_date(came), "sender": mail.from_name or mail.from_address, "quoted": quoted} if quoted else {}),
            **({"invitationcode": invitation.code} if invitation else {}),
            **_thread(mail, headers),
        }  # fmt: skip
    reply_to = _where_it_came(mail)
    if campaign is not None and invitation is not None:
        reply_to = addresses.reply_to(campaign.contact, invitation.code)
    return _Ready(found, rendering, rendered, values, campaign, reply_to)


def _subject(mail: ReceivedMail) -> str:
    subject = one_line(mail.subject)[:_MOST_OF_A_SUBJECT] or _("(no subject)")
    return subject if _REPLIES.match(subject) else f"Re: {subject}"


def _quoted(mail: ReceivedMail) -> str:
    """What the mail itself says, without what it quotes: whoever wrote it has the rest."""
    words = (mail.own_words or mail.text).strip()
    return words if len(words) <= _MOST_QUOTED else words[:_MOST_QUOTED].rstrip() + " […]"


def _thread(mail: ReceivedMail, headers: Headers) -> dict[str, str]:
    """What a mail program knows the thread by: the mail that is answered, and those before it."""
    if not MESSAGE_ID.fullmatch(mail.message_id):
        return {}
    before = headers.get("references", [""])[0] or mail.in_reply_to
    names = [one for one in MESSAGE_ID.findall(before) if len(one) <= _LONGEST_REFERENCE and one != mail.message_id]
    return {"answersto": mail.message_id, "references": " ".join(names[-_MOST_REFERENCES:])}


def _where_it_came(mail: ReceivedMail) -> str | None:
    """The address at which a mail that belongs to nobody reached us, where it is one that we read; None: the sender of all letters."""
    settings, to = config.settings(), mail.found_for or ""
    ours = settings.reads_mail and to.rpartition("@")[2].lower() == settings.mail_domain and not addresses.is_own(to)
    return _checked(to) if ours else None


def _queue(session: Session, mail: ReceivedMail, ready: _Ready, number: int) -> uuid.UUID:
    language = ready.rendering.language
    letter_id = outbox.queue(
        session,
        LetterOrder(
            edition_id=editions.freeze(session, ready.rendering, ready.rendered, ()),
            kind=LetterKind.ANSWER,
            language=language,
            to_address=ready.prospect.to_address,
            occasion=f"mail {mail.id} {number}",
            values={language: ready.values},
            campaign_id=ready.campaign.id if ready.campaign else None,
            invitation_id=mail.invitation_id,
            contact_id=ready.prospect.contact_id,
            reply_to=ready.reply_to,
        ),
    )
    assert letter_id is not None  # its number is its own, while the mail's row is held
    return letter_id
