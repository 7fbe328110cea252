"""How many answers the files of a mail hold, where they are the questionnaire filled in: said before anything is recorded.

A mail never changes, so what was read from it is kept by this process: a file is read a tenth of a second, for each who opens the page.
"""

import uuid
from collections import OrderedDict
from collections.abc import Collection
from threading import Lock

from sqlalchemy.orm import Session

from outreach import file_types
from outreach.errors import Invalid
from outreach.i18n import ngettext
from outreach.inbox import looking
from outreach.inbox.queries import ShownMail
from outreach.questionnaires.documents.read_back import read
from outreach.storage import Storage
from outreach.submissions import respondent
from outreach.web import unit

_READ = (file_types.DOCX, file_types.ODT, file_types.PDF)
_MOST_FILES = 5
"""So many are read for a page; a reply is one or two."""
_MOST_KEPT = 2_000

Key = tuple[uuid.UUID, int, uuid.UUID, uuid.UUID | None]
"""The mail, the place of the file in it, whom it belongs to, and the version of the questionnaire that they are asked."""
Counts = tuple[int, int]
"""How many answers were found, of how many."""

_kept: OrderedDict[Key, Counts] = OrderedDict()
_lock = Lock()


def found_in(mail: ShownMail, held: Collection[int]) -> dict[int, str]:
    """A sentence for each file that holds answers, by its place in the mail; those that are `held` back are not opened."""
    belongs_to = mail.line.belongs_to
    if belongs_to is None:
        return {}
    session, storage = unit.session(), unit.storage()
    version_id = respondent.version_for(session, belongs_to.invitation_id)
    sentences: dict[int, str] = {}
    for line in [one for one in mail.attachments if one.index not in held][:_MOST_FILES]:
        key = (mail.line.id, line.index, belongs_to.invitation_id, version_id)
        counts = _remembered(key)
        if counts is None:
            counts = _counted(session, storage, key)
            _remember(key, counts)
        found, asked = counts
        if found:
            sentences[line.index] = ngettext(
                "%(found)d of %(num)d answer was found.",
                "%(found)d of %(num)d answers were found.",
                asked,
                found=found,
            )
    return sentences


def _counted(session: Session, storage: Storage, key: Key) -> Counts:
    """None of none in a file that can't be read, or is no form."""
    mail_id, index, invitation_id, _version_id = key
    content = looking.file(session, storage, mail_id, index).content
    if not content or file_types.media_type(content) not in _READ:
        return 0, 0
    try:
        found = read(content, respondent.form_for(session, invitation_id))
    except Invalid:
        return 0, 0
    return found.found, found.asked


def _remembered(key: Key) -> Counts | None:
    with _lock:
        return _kept.get(key)


def _remember(key: Key, counts: Counts) -> None:
    with _lock:
        _kept[key] = counts
        while len(_kept) > _MOST_KEPT:
            _kept.popitem(last=False)
