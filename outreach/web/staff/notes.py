"""The notes and letters of a call for input to print: by language, as PDF and as Word, and one note for each mission."""

import tempfile
import zipfile

from flask import Response, abort, send_file

from outreach import file_types
from outreach.campaigns import notes
from outreach.campaigns import queries as campaigns
from outreach.correspondence.documents.pdf import to_pdf, to_pdfs
from outreach.correspondence.documents.word import to_docx
from outreach.correspondence.words import Register
from outreach.i18n import LANGUAGES
from outreach.identity.words import StaffRole
from outreach.web import unit
from outreach.web.access import staff
from outreach.web.downloads import attachment
from outreach.web.staff import blueprint

_FORMS = {"pdf": (to_pdf, file_types.PDF), "docx": (to_docx, file_types.DOCX)}


@blueprint.get("/campaigns/<code>/print/<of>/<register>.<form>")
@staff(StaffRole.MANAGER)
def printed(code: str, of: str, register: str, form: str) -> Response:
    """The circular note or the letter in one language, as a download."""
    if of not in LANGUAGES or register not in set(Register) or form not in _FORMS:
        abort(404)
    campaign = campaigns.campaign_by_code(unit.session(), code)
    make, media_type = _FORMS[form]
    page = notes.page(unit.session(), campaign, Register(register), of)
    return attachment(make(page), f"{campaign.code}.{register}.{of}.{form}", media_type)


@blueprint.get("/campaigns/<code>/print/each.zip")
@staff(StaffRole.MANAGER)
def printed_for_each(code: str) -> Response:
    """One note for each mission and foreign ministry, each in its language, in a ZIP."""
    campaign = campaigns.campaign_by_code(unit.session(), code)
    packed = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it when it is sent
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as made:
        pages = dict(notes.for_each(unit.session(), campaign))
        for name, note in zip(pages, to_pdfs(pages.values()), strict=True):
            made.writestr(f"{name}.pdf", note)
    packed.seek(0)
    return send_file(packed, mimetype="application/zip", as_attachment=True, download_name=f"{campaign.code}.notes.zip")
