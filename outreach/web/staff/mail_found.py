"""How many answers the files of a mail hold, where they are the questionnaire filled in: said before anything is recorded."""

from collections.abc import Collection

from outreach import file_types
from outreach.errors import Invalid
from outreach.i18n import ngettext
from outreach.inbox import looking
from outreach.inbox.queries import ShownMail
from outreach.questionnaires.documents.read_back import read
from outreach.submissions import respondent
from outreach.web import unit

_READ = (file_types.DOCX, file_types.ODT, file_types.PDF)
_MOST_FILES = 5
"""So many are read for a page; a reply is one or two."""


def found_in(mail: ShownMail, held: Collection[int]) -> dict[int, str]:
    """A sentence for each file that holds answers, by its place in the mail; those that are `held` back are not opened."""
    belongs_to = mail.line.belongs_to
    if belongs_to is None:
        return {}
    session, storage = unit.session(), unit.storage()
    form = respondent.form_for(session, belongs_to.invitation_id)
    sentences: dict[int, str] = {}
    for line in [one for one in mail.attachments if one.index not in held][:_MOST_FILES]:
        content = looking.file(session, storage, mail.line.id, line.index).content
        if not content or file_types.media_type(content) not in _READ:
            continue
        try:
            found = read(content, form)
        except Invalid:
            # It can't be read; then there is nothing to count in it.
            continue
        if found.found:
            sentences[line.index] = ngettext(
                "%(found)d of %(num)d answer was found.",
                "%(found)d of %(num)d answers were found.",
                found.asked,
                found=found.found,
            )
    return sentences
