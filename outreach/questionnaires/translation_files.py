"""Translators' files: the texts of a questionnaire in one language as PO or as a workbook, out and back in."""

import io

from babel.core import UnknownLocaleError
from babel.messages.catalog import Catalog
from babel.messages.pofile import PoFileError, read_po, write_po
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font

from outreach import clock
from outreach.errors import Invalid
from outreach.i18n import LANGUAGES, NATIVE_NAMES, _, direction
from outreach.questionnaires import workbook
from outreach.questionnaires.columns import language_named
from outreach.questionnaires.rows import Rows
from outreach.questionnaires.translation import Translated, texts

MOST_BYTES = 2 * 1024 * 1024
_KEY, _NUMBER = "key", "outreach::code"
_WIDTHS = (12, 10, 60, 60)


def to_po(rows: Rows, language: str, name: str) -> bytes:
    """The texts as a PO file: the context of each is its key, its comment the printed number."""
    moment = clock.now()
    catalogue = Catalog(
        locale=language,
        project=name,
        version="",
        creation_date=moment,
        revision_date=moment,
        header_comment=f"# {name}",
    )
    for text in texts(rows, language):
        catalogue.add(text.source, text.target, context=text.key, auto_comments=[text.place])
    out = io.BytesIO()
    write_po(out, catalogue, width=0, omit_header=False)
    return out.getvalue()


def to_workbook(rows: Rows, language: str) -> bytes:
    """The texts as a workbook: key, number, the text, and the column to write in."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "translation"
    own = rows.default_language
    headings = (_KEY, _NUMBER, f"{NATIVE_NAMES[own]} ({own})", f"{NATIVE_NAMES[language]} ({language})")
    for column, (heading, width) in enumerate(zip(headings, _WIDTHS, strict=True), start=1):
        workbook.write_text(sheet, 1, column, heading)
        sheet.cell(1, column).font = Font(bold=True)
        sheet.column_dimensions["ABCD"[column - 1]].width = width
    for number, text in enumerate(texts(rows, language), start=2):
        for column, (value, of) in enumerate(
            ((text.key, "en"), (text.number, "en"), (text.source, own), (text.target, language)), start=1
        ):
            workbook.write_text(sheet, number, column, value)
            order = 2 if direction(of) == "rtl" else 1
            sheet.cell(number, column).alignment = Alignment(wrap_text=column > 2, vertical="top", readingOrder=order)
    sheet.freeze_panes = "A2"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def read(content: bytes) -> tuple[str, list[Translated]]:
    """The language of a translator's file, and its texts. Raises Invalid where it is neither PO nor such a workbook."""
    if len(content) > MOST_BYTES:
        raise Invalid(_("The file is larger than %(most)d MB.", most=MOST_BYTES // 1024**2))
    return _read_workbook(content) if content.startswith(b"PK\x03\x04") else _read_po(content)


def _read_po(content: bytes) -> tuple[str, list[Translated]]:
    try:
        catalogue = read_po(io.BytesIO(content), abort_invalid=True)
    # babel raises these, and no class of its own, for headers and encodings that are wrong.
    except (PoFileError, UnknownLocaleError, ValueError, LookupError, TypeError, AttributeError):
        raise Invalid(_("The file is neither a PO file nor a workbook (.xlsx) from this page.")) from None
    language = (catalogue.locale_identifier or "")[:2].lower()
    if language not in LANGUAGES:
        raise Invalid(_("The file does not say its language."))
    return language, [
        Translated(message.context, message.id, message.string)
        for message in catalogue
        if isinstance(message.id, str)
        and message.id
        and message.context
        and isinstance(message.string, str)
        # What a translator marked as uncertain is not translated yet.
        and not message.fuzzy
    ]


def _read_workbook(content: bytes) -> tuple[str, list[Translated]]:
    sheet = next(iter(workbook.read(content).values()), None)
    headings = sheet.headings if sheet is not None else ()
    if sheet is None or len(headings) < 4 or headings[0] != _KEY or headings[1] != _NUMBER:
        raise Invalid(_("The file is neither a PO file nor a workbook (.xlsx) from this page."))
    language = language_named(headings[3])
    if language is None:
        raise Invalid(_("The file does not say its language."))
    return language, [
        Translated(row.get(_KEY), row.get(headings[2]), row.get(headings[3]), row.get(_NUMBER)) for row in sheet.rows
    ]
