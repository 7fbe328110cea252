"""Files given with an answer. A file that is taken out of the draft stays with the versions that had it."""

import uuid
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock, file_types, office_files, reading_apart, scanning
from outreach.db import fresh_key
from outreach.errors import Invalid, Missing, Refused
from outreach.i18n import LANGUAGES, _
from outreach.storage import Storage
from outreach.submissions import drafts
from outreach.submissions.models import Submission, SubmissionFile, SubmissionVersion

MOST_BYTES = 20 * 1024 * 1024
MOST_FILES = 20


@dataclass(frozen=True)
class FileLine:
    """A file: `question` is the question's key, None for a whole reply as a document; `size` in bytes; `content` its SHA-256; `language`
    the official one it is written in, where the respondent said so.
    """

    id: uuid.UUID
    question: str | None
    filename: str
    media_type: str
    size: int
    content: str
    language: str | None = None

    @property
    def kilobytes(self) -> int:
        """The size as it is shown."""
        return max(1, round(self.size / 1024))


def in_draft(session: Session, submission_id: uuid.UUID) -> list[FileLine]:
    """The files of the draft, the oldest first."""
    rows = session.scalars(
        select(SubmissionFile)
        .where(SubmissionFile.submission_id == submission_id, SubmissionFile.removed_at.is_(None))
        .order_by(SubmissionFile.uploaded_at, SubmissionFile.id)
    )
    return [_line(row) for row in rows]


def of_version(version: SubmissionVersion) -> list[FileLine]:
    """The files that a version was submitted with."""
    return [read_manifest(entry) for entry in version.files]


def manifest(lines: Iterable[FileLine]) -> list[Any]:
    """The files as a version keeps them, in an order that depends on nothing but themselves."""
    entries = [
        {
            "id": str(line.id),
            "question": line.question,
            "filename": line.filename,
            "media_type": line.media_type,
            "size": line.size,
            "content": line.content,
            "language": line.language,
        }
        for line in lines
    ]
    return sorted(entries, key=lambda entry: (entry["question"] or "", str(entry["filename"]), str(entry["id"])))


def read_manifest(entry: dict[str, Any]) -> FileLine:
    """One entry of a version's manifest."""
    return FileLine(
        uuid.UUID(entry["id"]),
        entry["question"],
        entry["filename"],
        entry["media_type"],
        entry["size"],
        entry["content"],
        entry.get("language"),
    )


def _line(file: SubmissionFile) -> FileLine:
    return FileLine(file.id, file.question, file.filename, file.media_type, file.size, file.content, file.language)


def inspected(name: str, content: bytes, *, recorded: bool = False) -> tuple[str, str]:
    """A safe name and the media type of an upload, or of what staff record (`recorded`). Raises Invalid where it is empty, too large, of a
    type that is not taken, or where the scanner objects or does not answer."""
    if not content:
        raise Invalid(_("The file %(name)s is empty.", name=name))
    if len(content) > MOST_BYTES:
        raise Invalid(_("The file %(name)s is larger than %(most)d MB.", name=name, most=MOST_BYTES // 1024**2))
    media = file_types.recorded_type(content) if recorded else file_types.media_type(content)
    if media is None:
        if why := office_files.refusal(content):
            raise Invalid(_named(name, why))
        raise Invalid(
            _(
                "The file %(name)s can't be taken. Please send PDF, Word (.docx), OpenDocument (.odt), Excel (.xlsx), PNG, JPEG or plain text, without macros.",
                name=name,
            )
        )
    scanning.demand_clean(name, content)
    return file_types.safe_name(name, media), media


def _named(name: str, sentence: str) -> str:
    return _("%(question)s: %(sentence)s", question=name, sentence=sentence)


def _demand_open(name: str, content: bytes) -> None:
    """Raises Invalid where a file asks for a password: nobody at the Secretariat could open it."""
    why = office_files.refusal(content)
    if content.startswith(b"%PDF-") and b"/Encrypt" in content:
        with suppress(Invalid):
            # What this reader finds damaged may be sound for another.
            if reading_apart.read("outreach.questionnaires.documents.from_pdf:fields", content)["locked"]:
                why = office_files.locked()
    if why:
        raise Invalid(_named(name, why))


def keep(
    session: Session,
    storage: Storage,
    submission: Submission,
    name: str,
    content: bytes,
    question: str | None,
    language: str | None = None,
    *,
    recorded: bool = False,
) -> SubmissionFile:
    """Keep a file of a submission. Raises Invalid."""
    filename, media = inspected(name, content, recorded=recorded)
    kept = SubmissionFile(
        id=fresh_key(),
        submission_id=submission.id,
        question=question,
        filename=filename,
        media_type=media,
        size=len(content),
        content=storage.put(content),
        language=language if language in LANGUAGES else None,
        uploaded_at=clock.now(),
    )
    session.add(kept)
    session.flush()
    return kept


def add(
    session: Session,
    storage: Storage,
    submission_id: uuid.UUID,
    question: str | None,
    name: str,
    content: bytes,
    language: str | None = None,
) -> uuid.UUID:
    """Add a file to a question of the draft, by its key (None: a document of the whole answer); the same file again is the one that is there. Raises Invalid, Refused."""
    submission = opened(session, submission_id)
    inspected(name, content)
    _demand_open(name, content)
    digest = storage.put(content)
    before = in_draft(session, submission_id)
    for line in before:
        if (line.question, line.content) == (question, digest):
            return line.id
    if len(before) >= MOST_FILES:
        raise Invalid(_("At most %(most)d files can be added. Please remove one first.", most=MOST_FILES))
    kept = keep(session, storage, submission, name, content, question, language)
    submission.saved_at, submission.revision = clock.now(), submission.revision + 1
    session.flush()
    return kept.id


def remove(session: Session, submission_id: uuid.UUID, file_id: uuid.UUID) -> None:
    """Take a file out of the draft. Done twice, it changes nothing. Raises Missing, Refused."""
    submission = opened(session, submission_id)
    found = session.get(SubmissionFile, file_id)
    if found is None or found.submission_id != submission_id:
        raise Missing(_("There is no such file."))
    if found.removed_at is None:
        found.removed_at = clock.now()
        submission.saved_at, submission.revision = clock.now(), submission.revision + 1
        session.flush()


def follow(session: Session, submission_id: uuid.UUID, moved: Mapping[str, str | None]) -> None:
    """Let the files of the draft follow the instances of repeats that they were given in; those of one that was taken out go too."""
    if all(was == now for was, now in moved.items()):
        return
    rows = session.scalars(
        select(SubmissionFile).where(SubmissionFile.submission_id == submission_id, SubmissionFile.removed_at.is_(None))
    )
    for file in rows:
        was = (file.question or "").rpartition(".")[0]
        while was and was not in moved:
            was = was.rpartition(".")[0]
        now = moved.get(was, was) if was else was
        if now is None:
            file.removed_at = clock.now()
        elif file.question and now != was:
            file.question = now + file.question[len(was) :]
    session.flush()


def content(session: Session, storage: Storage, submission_id: uuid.UUID, file_id: uuid.UUID) -> tuple[FileLine, bytes]:
    """A file of a submission, in its draft or in any version. Raises Missing. Who may read it is the caller's to know."""
    found = session.get(SubmissionFile, file_id)
    if found is None or found.submission_id != submission_id:
        raise Missing(_("There is no such file."))
    line = _line(found)
    return line, storage.get(line.content)


def opened(session: Session, submission_id: uuid.UUID) -> Submission:
    """The submission, locked, whose draft may be changed now. Raises Missing, Refused."""
    submission = drafts.held(session, submission_id)
    drafts.open_call(session, submission.campaign_id)
    if not drafts.editable(submission):
        raise Refused(_("This answer is not open for changes now."))
    return submission
