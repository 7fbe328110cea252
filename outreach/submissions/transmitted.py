"""What the holder of an institution's link may read again: its own answer and what it transmitted for others, each version as it was sent.

A mission reads what its bodies sent through it, since it read that before; a body never reads its mission's answer, nor that of another body.
"""

import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from outreach.campaigns import queries as campaigns
from outreach.errors import Missing
from outreach.i18n import _
from outreach.submissions import files, queries
from outreach.submissions.counting import IN_FORCE
from outreach.submissions.files import FileLine
from outreach.submissions.models import Submission, SubmissionVersion
from outreach.submissions.queries import VersionLine
from outreach.submissions.reading import AnswerLine


@dataclass(frozen=True)
class SentLine:
    """One version that the reader may read. `in_force` is whether no later one supersedes it and nobody took it back."""

    submission_id: uuid.UUID
    invitation_id: uuid.UUID
    institution_id: uuid.UUID
    number: str
    version: int
    received_at: datetime
    late: bool
    in_force: bool
    taken_back_at: datetime | None


@dataclass(frozen=True)
class Change:
    """A question that two versions answer differently; None where one of them does not ask it."""

    line: AnswerLine
    before: AnswerLine | None
    after: AnswerLine | None


@dataclass(frozen=True)
class Copy:
    """A version to read again, with all that the reader may read beside it.

    `former` is the version that it is compared with, None for the first; `documents` are the whole documents of both, where they differ.
    """

    line: VersionLine
    institution_id: uuid.UUID
    transmitted_by: uuid.UUID | None
    versions: tuple[SentLine, ...]
    former: int | None
    changes: tuple[Change, ...]
    documents: tuple[list[FileLine], list[FileLine]] | None


def sent(session: Session, invitation_id: uuid.UUID) -> list[SentLine]:
    """The last version of each reply that the reader may read, one that was taken back only where there is no other; by their numbers."""
    last: dict[uuid.UUID, SentLine] = {}
    for line in _lines(session, _readable(invitation_id)):
        if line.submission_id not in last or line.taken_back_at is None:
            last[line.submission_id] = line
    return sorted(last.values(), key=lambda line: line.number)


def copy(session: Session, invitation_id: uuid.UUID, submission_id: uuid.UUID, version: int | None = None) -> Copy:
    """A version of a reply, unless `version` says which the last that the reader may read; labels in the language spoken now.

    Raises Missing for what the holder of this invitation's link may not read.
    """
    lines = _of(session, invitation_id, submission_id)
    standing = [line for line in lines if line.taken_back_at is None] or lines
    wanted = version if version is not None else standing[-1].version
    chosen = next((line for line in lines if line.version == wanted), None)
    if chosen is None:
        raise _not_there()
    read = queries.version(session, submission_id, wanted)
    before = [line.version for line in standing if line.version < wanted] if chosen.taken_back_at is None else []
    former = queries.version(session, submission_id, before[-1]) if before else None
    mission = campaigns.invitation(session, read.transmitted_by_id) if read.transmitted_by_id else None
    return Copy(
        line=read,
        institution_id=chosen.institution_id,
        transmitted_by=mission.institution_id if mission else None,
        versions=tuple(lines),
        former=former.version if former else None,
        changes=tuple(_changes(session, former, read)) if former else (),
        documents=_documents(former, read) if former else None,
    )


def may_read(session: Session, invitation_id: uuid.UUID, submission_id: uuid.UUID) -> bool:
    """Whether any version of a reply is the reader's to read."""
    return bool(_lines(session, _readable(invitation_id), Submission.id == submission_id))


def file(session: Session, invitation_id: uuid.UUID, submission_id: uuid.UUID, file_id: uuid.UUID) -> FileLine:
    """A file of a version that the reader may read. Raises Missing."""
    readable = select(SubmissionVersion).join(Submission, Submission.id == SubmissionVersion.submission_id)
    for version in session.scalars(readable.where(_readable(invitation_id), Submission.id == submission_id)):
        for line in files.of_version(version):
            if line.id == file_id:
                return line
    raise Missing(_("There is no such file."))


def _readable(invitation_id: uuid.UUID) -> ColumnElement[bool]:
    """Of a version, joined to its submission: whether it is the institution's own, or it transmitted just this one."""
    return or_(Submission.invitation_id == invitation_id, SubmissionVersion.transmitted_by_id == invitation_id)


def _of(session: Session, invitation_id: uuid.UUID, submission_id: uuid.UUID) -> list[SentLine]:
    found = _lines(session, _readable(invitation_id), Submission.id == submission_id)
    if not found:
        raise _not_there()
    return found


def _lines(session: Session, *which: ColumnElement[bool]) -> list[SentLine]:
    """The versions, each reply's in their order."""
    rows = session.execute(
        select(Submission, SubmissionVersion)
        .join(SubmissionVersion, SubmissionVersion.submission_id == Submission.id)
        .where(*which)
        .order_by(Submission.id, SubmissionVersion.number)
    ).all()
    highest = session.execute(
        select(SubmissionVersion.submission_id, func.max(SubmissionVersion.number))
        .where(SubmissionVersion.submission_id.in_({submission.id for submission, _version in rows}), IN_FORCE)
        .group_by(SubmissionVersion.submission_id)
    )
    in_force = dict(highest.all())
    return [
        SentLine(
            submission_id=submission.id,
            invitation_id=submission.invitation_id,
            institution_id=campaigns.invitation(session, submission.invitation_id).institution_id,
            number=version.number_given or submission.number or "",
            version=version.number,
            received_at=version.received_at,
            late=version.late,
            in_force=in_force.get(submission.id) == version.number,
            taken_back_at=version.taken_back_at,
        )
        for submission, version in rows
    ]


def _changes(session: Session, former: VersionLine, now: VersionLine) -> Iterator[Change]:
    """The questions with another answer, compared as they were given: a label that was corrected since is no change."""
    given = {
        version.number: dict(_flat(version.answers))
        for version in session.scalars(
            select(SubmissionVersion).where(SubmissionVersion.submission_id == now.submission_id)
        )
    }
    before = {line.name: line for part in former.parts for line in part.lines}
    after = {line.name: line for part in now.parts for line in part.lines}

    def of(line: AnswerLine | None, version: VersionLine) -> tuple[Any, list[str]]:
        if line is None:
            return None, []
        return given[version.version].get(line.name), sorted(file.content for file in line.files)

    for name in dict.fromkeys((*after, *before)):
        was, new = before.get(name), after.get(name)
        if of(was, former) != of(new, now) and (line := new or was) is not None:
            yield Change(line, was, new)


def _documents(former: VersionLine, now: VersionLine) -> tuple[list[FileLine], list[FileLine]] | None:
    def contents(listed: Iterable[FileLine]) -> list[str]:
        return sorted(line.content for line in listed)

    same = contents(former.documents) == contents(now.documents)
    return None if same else (former.documents, now.documents)


def _flat(answers: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """The answers by key: those of the second instance of a repeat begin with "repeat.2."; what is empty is left out."""
    for name, value in answers.items():
        if isinstance(value, list) and value and isinstance(value[0], Mapping):
            for number, one in enumerate(value, start=1):
                yield from _flat(one, f"{prefix}{name}.{number}.")
        elif value not in ("", []):
            yield prefix + name, value


def _not_there() -> Missing:
    return Missing(_("There is no such submission."))
