"""The texts of a call for input in one language, written beside the original, with both bodies as their readers see them."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import HiddenField, StringField, TextAreaField

from outreach.campaigns import contents
from outreach.campaigns import queries as campaigns
from outreach.campaigns.contents import CampaignWords
from outreach.errors import Busy, Missing, Stale
from outreach.i18n import LANGUAGES, NATIVE_NAMES, _, lazy
from outreach.identity.words import StaffRole
from outreach.web import unit
from outreach.web.access import staff, staff_actor
from outreach.web.forms import Form, OneLine, at_most
from outreach.web.prose import prose
from outreach.web.staff import blueprint

LONGEST_TEXT = 100_000


def _trimmed(value: str | None) -> str:
    return (value or "").strip()


def _plain(value: str | None) -> str:
    """Line breaks as \\n, and none of the signs that no text holds."""
    lines = (value or "").replace("\r\n", "\n").replace("\r", "\n")
    return "".join(sign for sign in lines if sign >= " " or sign in "\n\t").strip()


class TextForm(Form):
    """The texts; all may be left open until the launch."""

    title = StringField(lazy("Title"), [OneLine(), at_most(300)], [_trimmed])
    mandate = TextAreaField(lazy("The resolution and its title"), [at_most(2000)], [_plain])
    note = TextAreaField(lazy("Body of the note"), [at_most(LONGEST_TEXT)], [_plain])
    letter = TextAreaField(lazy("Body of the letter"), [at_most(LONGEST_TEXT)], [_plain])
    translated_by = StringField(lazy("Translated by"), [OneLine(), at_most(200)], [_trimmed])
    reviewed_by = StringField(lazy("Reviewed by"), [OneLine(), at_most(200)], [_trimmed])
    seen = HiddenField()

    def words(self) -> CampaignWords:
        """The texts that were typed."""
        return CampaignWords(
            title=self.title.data or "",
            mandate=" ".join((self.mandate.data or "").split()),
            note=self.note.data or "",
            letter=self.letter.data or "",
            translated_by=self.translated_by.data or None,
            reviewed_by=self.reviewed_by.data or None,
        )


@blueprint.get("/campaigns/<code>/texts/<of>")
@staff(StaffRole.MANAGER)
def text(code: str, of: str) -> str | Response:
    """The texts in a language, to be written; once they were sent, as they are."""
    campaign = campaigns.campaign_by_code(unit.session(), code)
    if campaign.launched_at is not None:
        return redirect(url_for("staff.preview", code=campaign.code, language=_language(of)))
    stand = contents.words_of(unit.session(), campaign.id, _language(of))
    values: dict[str, Any] = dict(stand.__dict__) if stand else {}
    return _page(code, of, TextForm(data={**values, "seen": contents.mark(stand)}))


@blueprint.post("/campaigns/<code>/texts/<of>")
@staff(StaffRole.MANAGER)
def text_written(code: str, of: str) -> Response | str | tuple[str, int]:
    """Save the texts, or show what was typed as its readers would see it."""
    session = unit.session()
    campaign = campaigns.campaign_by_code(session, code)
    form = TextForm()
    if not form.validate():
        return _page(code, of, form), 422
    if request.form.get("do") == "look":
        return _page(code, of, form)
    try:
        contents.set_text(session, campaign.id, _language(of), form.words(), staff_actor(), seen=form.seen.data or "")
    except Busy as busy:
        return _page(code, of, form, busy.message), 409
    except Stale as stale:
        stand = contents.words_of(session, campaign.id, of)
        form.seen.data = contents.mark(stand)
        return _page(code, of, form, stale.message, stand), 409
    flash(_("%(language)s: the texts are saved.", language=NATIVE_NAMES[of]), "done")
    return redirect(url_for("staff.text", code=campaign.code, of=of, _anchor="read"))


def _language(of: str) -> str:
    if of not in LANGUAGES:
        raise Missing(_("“%(language)s” is not one of the six languages.", language=of[:20]))
    return of


def _page(code: str, of: str, form: TextForm, fault: str | None = None, theirs: CampaignWords | None = None) -> str:
    session = unit.session()
    campaign = campaigns.campaign_by_code(session, code)
    original = contents.words_of(session, campaign.id, campaign.original_language)
    return render_template(
        "staff/text.html",
        campaign=campaign,
        of=_language(of),
        form=form,
        fault=fault,
        theirs=theirs,
        original=original if of != campaign.original_language else None,
        note=prose(form.note.data or ""),
        letter=prose(form.letter.data or ""),
        written={
            language for language, one in campaigns.texts(session, campaign.id).items() if one.note and one.letter
        },
    )
