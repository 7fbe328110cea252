"""A dry run: every letter that a launch would send is composed, as it would leave; nothing is sent, and nothing is written."""

import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from flask_mail import BadHeaderError
from sqlalchemy.orm import Session

from outreach import clock, config
from outreach.campaigns import audience, invitations
from outreach.campaigns.models import Campaign, Origin
from outreach.campaigns.wording import Asked, Draft, Wording, Writer
from outreach.correspondence import addresses
from outreach.correspondence.composition import Enclosure, Frame, Mould
from outreach.correspondence.models import LetterKind, Register
from outreach.correspondence.signing import signer
from outreach.directory import queries as directory
from outreach.directory.recipients import NamedInstitution, named, of_forms
from outreach.errors import Missing
from outreach.i18n import language
from outreach.storage import Storage

MOST_SHOWN = 50
"""How many letters that could not be composed are named."""

_FAULTS = (KeyError, ValueError, Missing, BadHeaderError)


@dataclass(frozen=True)
class NotComposed:
    """A letter, or all letters of an institution, that could not be composed, and why: for those who mend it."""

    institution: str
    address: str
    why: str


@dataclass
class DryRun:
    """What a dry run found. It is `complete` where everybody had their turn within the time that was given."""

    institutions: int = 0
    letters: int = 0
    by_language: Counter[tuple[str, Register]] = field(default_factory=Counter)
    largest: int = 0
    """Bytes of the largest letter, with its attachments; `largest_to` names its institution."""
    largest_to: str = ""
    not_composed: int = 0
    named: list[NotComposed] = field(default_factory=list)
    """The first of those that could not be composed."""
    seconds: float = 0.0
    complete: bool = True


def dry_run(
    session: Session,
    storage: Storage,
    campaign: Campaign,
    *,
    within: float | None = None,
    progress: Callable[[int], None] = lambda done: None,
) -> DryRun:
    """Compose what a launch would send, within so many seconds; a session that can only read is enough. Institutions are named in the
    language spoken. `progress` is told how many institutions are done.
    """
    began, found = time.monotonic(), DryRun()
    writer, sheets = Writer(session, campaign), _Sheets(storage)
    largest_to: uuid.UUID | None = None
    names = of_forms(session)
    rows = session.execute(audience.to_ask(campaign).execution_options(yield_per=audience.CHUNK))
    for chunk in rows.partitions():
        institutions = {one.id: one for one in named(chunk, names)}
        asked = invitations.planned(institutions.values(), Origin.LAUNCH)
        for one, draft in _drafts(session, writer, asked, institutions, found):
            try:
                size = len(sheets.composed(campaign, draft))
            except _FAULTS as fault:
                _note(session, found, one, draft.recipient.email, fault)
                continue
            found.letters += 1
            found.by_language[draft.recipient.language, draft.wording.rendering.register] += 1
            if size > found.largest:
                found.largest, largest_to = size, one.institution_id
        found.institutions += len(chunk)
        progress(found.institutions)
        if within is not None and time.monotonic() - began > within:
            found.complete = False
            break
    if largest_to is not None:
        found.largest_to = directory.institution_name(session, largest_to, language())
    found.seconds = time.monotonic() - began
    return found


class _Sheets:
    """Composes letters; each wording is prepared once, with its files and its signature."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._frames: dict[Wording, Frame] = {}

    def composed(self, campaign: Campaign, draft: Draft) -> bytes:
        """The bytes that would leave."""
        if draft.wording not in self._frames:
            self._frames[draft.wording] = self._framed(draft.wording)
        return self._frames[draft.wording].filled(
            draft.values,
            to_address=draft.recipient.email,
            reply_to=addresses.reply_to(campaign.contact, draft.asked.code),
            message_id=f"<{uuid.uuid4()}@{config.settings().mail_domain}>",
            at=clock.now(),
        )

    def _framed(self, wording: Wording) -> Frame:
        rendered = wording.rendered
        return Frame(
            Mould(rendered.subject, rendered.text, rendered.html),
            sender=config.settings().sender,
            language=wording.rendering.language,
            enclosures=[
                Enclosure(file.filename, file.media_type, self._storage.get(file.content))
                for file in wording.attachments
            ],
            signer=signer(config.settings()),
        )


def _drafts(
    session: Session,
    writer: Writer,
    asked: Sequence[Asked],
    institutions: Mapping[uuid.UUID, NamedInstitution],
    found: DryRun,
) -> Iterator[tuple[Asked, Draft]]:
    """The letters to all of them together; where one can't be written, to each alone, so that the others are."""
    kind = LetterKind.INVITATION
    try:
        yield from [(draft.asked, draft) for draft in writer.drafts(kind, asked, institutions=institutions)]
    except _FAULTS:
        for one in asked:
            try:
                yield from [(one, draft) for draft in writer.drafts(kind, [one], institutions=institutions)]
            except _FAULTS as fault:
                _note(session, found, one, "", fault)


def _note(session: Session, found: DryRun, one: Asked, address: str, fault: Exception) -> None:
    found.not_composed += 1
    if len(found.named) < MOST_SHOWN:
        name = directory.institution_name(session, one.institution_id, language())
        found.named.append(NotComposed(name, address, f"{type(fault).__name__}: {fault}"))
