"""The pictures of a questionnaire's labels: which of those that its workbook names are there, and which are missing, by sheet and row."""

from collections.abc import Iterator, Mapping

from outreach.i18n import _
from outreach.questionnaires import columns, workbook
from outreach.questionnaires.columns import Columns
from outreach.questionnaires.form import Form
from outreach.questionnaires.picture_files import isolated, matching
from outreach.questionnaires.remarks import Remarks
from outreach.questionnaires.workbook import Row, Sheet
from outreach.storage import Storage


def chosen(form: Form, storage: Storage, given: Mapping[str, bytes], former: Mapping[str, str]) -> dict[str, str]:
    """Name → SHA-256 of the pictures that the form names: as they are given now, else as the version before had them."""
    files = {matching(name): content for name, content in given.items()}
    earlier = {matching(name): content for name, content in former.items()}
    named = form.picture_names()
    fresh = [name for name in named if matching(name) in files]
    kept = dict(zip(fresh, storage.put_all([files[matching(name)] for name in fresh]), strict=True))
    found = {name: kept.get(name) or earlier.get(matching(name), "") for name in named}
    return {name: content for name, content in found.items() if content}


def unneeded(form: Form, given: Mapping[str, bytes]) -> tuple[str, ...]:
    """A sentence for each picture that was given and that the form does not name."""
    named = {matching(name) for name in form.picture_names()}
    return tuple(
        _("The questionnaire names no picture %(name)s. It was not kept.", name=isolated(name))
        for name in given
        if matching(name) not in named
    )


def missing(form: Form, content: bytes) -> tuple[str, ...]:
    """A sentence for each picture that the form names and that was not given, with sheet and rows of its workbook."""
    lacking = {name for name in form.picture_names() if name not in form.pictures}
    if not lacking:
        return ()
    remarks = Remarks()
    for sheet, row, name in _named(workbook.read(content)):
        if name in lacking:
            remarks.remark_at(sheet, row, _("The picture %(name)s is missing.", name=isolated(name)))
    return tuple(remarks.all())


def _named(sheets: Mapping[str, Sheet]) -> Iterator[tuple[Sheet, Row, str]]:
    """Where the workbook names pictures."""
    settings = columns.settings(sheets.get("settings") or Sheet("settings", (), ()))
    said = settings.get("default_language", "")
    default = columns.language_named(said) if said and said.lower() != "default" else "en"
    for sheet in sheets.values():
        found = Columns(sheet, (), default)
        for row in sheet.rows:
            for name in dict.fromkeys(found.texts(row, columns.MEDIA).values()):
                yield sheet, row, name
