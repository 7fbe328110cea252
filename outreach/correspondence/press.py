"""The press: composes claimed letters. An edition is prepared once a run; one that is too large leaves without its files."""

import logging
import uuid
from collections.abc import Callable

from sqlalchemy import ColumnElement, select, update

from outreach import clock, config
from outreach.correspondence import editions
from outreach.correspondence.claims import Claimed
from outreach.correspondence.composition import Enclosure, Frame, Mould
from outreach.correspondence.editions import Rendered, Rendering
from outreach.correspondence.models import Edition, Letter, LetterKind
from outreach.correspondence.signing import signer
from outreach.correspondence.without_files import without_files
from outreach.db import Database
from outreach.storage import Storage

log = logging.getLogger(__name__)

_ROOM = 2000
"""Bytes by which letters of one edition may differ, or grow on their way."""


class Press:
    """Composes letters. `largest` says how many bytes the relay takes, None where it does not say."""

    def __init__(self, database: Database, storage: Storage, largest: Callable[[], int | None]) -> None:
        self._database, self._storage, self._largest = database, storage, largest
        self._ready: dict[tuple[str, str], Frame] = {}
        self._lighter: dict[str, uuid.UUID] = {}

    def composed(self, letter: Claimed) -> bytes:
        """The letter's bytes. Raises KeyError, ValueError, Missing or BadHeaderError where it can't be composed."""
        key = letter.edition_id, letter.language
        if key not in self._ready:
            self._ready[key] = self._prepared(letter)
        lighter = self._lighter.get(letter.edition_id)
        if lighter is not None:
            # Its row says what leaves, before it does.
            self._now_of(lighter, Letter.id == uuid.UUID(letter.id))
        return _filled(self._ready[key], letter)

    def _prepared(self, letter: Claimed) -> Frame:
        with self._database.read() as session:
            edition = session.get_one(Edition, uuid.UUID(letter.edition_id))
            enclosures = [
                Enclosure(file["filename"], file["media_type"], self._storage.get(file["content"]))
                for file in edition.attachments
            ]
        frame = _frame(edition, letter.language, enclosures)
        size = len(_filled(frame, letter)) + _ROOM
        most = min(config.settings().largest_letter, self._largest() or size)
        if not enclosures or size <= most:
            return frame
        return self._without_files(letter, edition, enclosures, size, most) or frame

    def _without_files(
        self, letter: Claimed, edition: Edition, enclosures: list[Enclosure], size: int, most: int
    ) -> Frame | None:
        """Freeze the edition that leaves instead, and give it to all letters that still wait with the one that is too large."""
        full = Rendered(edition.subject, edition.text, edition.html)
        files = [(one.filename, len(one.content)) for one in enclosures]
        rendered = without_files(full, edition.language, files)
        if rendered is None:
            return None
        wanted = Rendering(edition.kind, edition.register, edition.language)
        with self._database.write() as session:
            lighter = editions.freeze(session, wanted, rendered, ())
        self._lighter[letter.edition_id] = lighter
        waiting = select(Letter.id).where(Letter.settled_at.is_(None), Letter.edition_id == edition.id)
        self._now_of(lighter, Letter.id.in_(waiting.with_for_update(skip_locked=True)))
        log.warning(
            "edition %s has %s bytes, at most %s are taken: it leaves without its files", edition.id, size, most
        )
        with self._database.read() as session:
            return _frame(session.get_one(Edition, lighter), letter.language, [])

    def _now_of(self, edition_id: uuid.UUID, which: ColumnElement[bool]) -> None:
        with self._database.write() as session:
            session.execute(
                update(Letter).where(which).values(edition_id=edition_id).execution_options(synchronize_session=False)
            )


def _frame(edition: Edition, language: str, enclosures: list[Enclosure]) -> Frame:
    chosen = config.settings()
    mould = Mould(edition.subject, edition.text, edition.html)
    return Frame(
        mould,
        sender=chosen.sender,
        language=language,
        enclosures=enclosures,
        signer=signer(chosen),
        by_person=edition.kind is LetterKind.ANSWER,
    )


def _filled(frame: Frame, letter: Claimed) -> bytes:
    return frame.filled(
        letter.merge,
        to_address=letter.to_address,
        reply_to=letter.reply_to,
        message_id=letter.message_id,
        at=clock.now(),
    )
