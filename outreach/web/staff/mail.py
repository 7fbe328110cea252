"""The tray: mail that came, the longest waiting first, and what staff do with each. Its words are shown as plain text; its HTML only in a frame in which nothing runs."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from markupsafe import Markup, escape
from werkzeug.wrappers import Response as Answer
from wtforms import RadioField, SelectField, SelectMultipleField, TextAreaField
from wtforms.widgets import CheckboxInput, ListWidget

from outreach import i18n
from outreach.campaigns import queries as campaigns
from outreach.campaigns.words import Sensitivity
from outreach.config import Settings
from outreach.directory import queries as directory
from outreach.errors import Invalid, Refused
from outreach.i18n import _, lazy
from outreach.identity.words import StaffRole
from outreach.inbox import answering, answers, documents, looking, queries, service
from outreach.inbox.diplomacy_phrases import Saying
from outreach.inbox.documents import Candidate
from outreach.inbox.queries import BelongsTo, Show, ShownMail
from outreach.inbox.visible import visible
from outreach.inbox.words import MailKind, MailOutcome
from outreach.reports import words
from outreach.scanning import Finding
from outreach.submissions.behalf import behalf_of
from outreach.submissions.words import Behalf
from outreach.web import unit
from outreach.web.access import staff, staff_actor
from outreach.web.faults import blame
from outreach.web.forms import Form, at_most, choices, required
from outreach.web.staff import ZONE, blueprint, evidence
from outreach.web.staff.mail_found import found_in
from outreach.web.staff.mail_proposals import SAYINGS, Sent, leading, proposed, views
from outreach.web.staff.mail_words import KINDS, OBSTACLES, WHY
from outreach.web.staff.paging import place, place_after
from outreach.web.staff.reading import TakeBackForm
from outreach.web.staff.state import may_change
from outreach.web.staff.transcribing import after_recording
from outreach.web.staff.without_links import without_links

_A_PAGE = 50
_SHORT = 150
"""Characters of a subject that are enough to know a mail by."""
_NO_STATE = "none"


class RecordMailForm(Form):
    """A mail as a reply: on whose behalf, and which of its files are the documents."""

    behalf = RadioField(lazy("On whose behalf"), [required()])
    reason = TextAreaField(lazy("Why it is the reply of the State, where it is one"), [at_most(2000)])
    documents = SelectMultipleField(
        lazy("Documents"), widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )


class AnotherForm(RecordMailForm):
    """A further reply in the same mail: also whose it is."""

    invitation = RadioField(lazy("Institution"), [required()])


class PlaceForm(Form):
    """Which State the mail may belong to; the institutions to choose from are those asked in it."""

    class Meta(Form.Meta):
        csrf = False

    state = SelectField(lazy("State"), [required()])


class BelongsForm(Form):
    """To which of the institutions that were asked the mail belongs."""

    invitation = RadioField(lazy("Institution"), [required()])


@blueprint.get("/mail")
@staff(StaffRole.READER)
def mail() -> str:
    """The tray."""
    session = unit.session()
    wanted = request.args.get("show", "")
    show = Show(wanted) if wanted in list(Show) else Show.WAITING
    rank, _tilde, written = request.args.get("after", "").partition("~")
    behind = place_after(written)
    after = (int(rank), *behind) if behind is not None and rank.isdecimal() else None
    text = request.args.get("q", "").strip()[:200]
    found = queries.tray(session, show, i18n.language(), _A_PAGE + 1, after, text)
    lines = found[:_A_PAGE]
    settings: Settings = current_app.extensions["outreach.settings"]
    return render_template(
        "staff/mail.html",
        lines=lines,
        show=show,
        text=text,
        short=_SHORT,
        sayings=SAYINGS,
        Show=Show,
        counts=queries.counts(session),
        MailOutcome=MailOutcome,
        after=f"{lines[-1].rank}~{place(lines[-1].received_at, lines[-1].id)}" if len(found) > _A_PAGE else None,
        reads_mail=settings.reads_mail,
        kinds=KINDS,
        zone=ZONE,
    )


@blueprint.get("/mail/<uuid:mail_id>")
@staff(StaffRole.READER)
def mail_shown(mail_id: uuid.UUID) -> str:
    """One mail, and what is to be done with it."""
    found = readable(mail_id)
    return _page(found, _record_form(found, fresh=True) if _recordable(found) else None)


@blueprint.post("/mail/<uuid:mail_id>/looked-at")
@staff(StaffRole.MANAGER)
def mail_looked_at(mail_id: uuid.UUID) -> Answer:
    """There is nothing to record."""
    found = readable(mail_id)
    service.mark_looked_at(unit.session(), mail_id, staff_actor())
    tell_dealt_with(found)
    return redirect(url_for("staff.mail"))


@blueprint.post("/mail/<uuid:mail_id>/belongs-to")
@staff(StaffRole.MANAGER)
def mail_belongs_to(mail_id: uuid.UUID) -> Answer | tuple[str, int]:
    """Say to whom the mail belongs."""
    found = readable(mail_id)
    form = _belongs_form(_places(found))
    if not form.validate():
        return _page(found, _record_form(found, fresh=True) if _recordable(found) else None, belongs=form), 422
    service.attach_to(unit.session(), mail_id, uuid.UUID(form.invitation.data), staff_actor())
    return redirect(url_for("staff.mail_shown", mail_id=mail_id))


@blueprint.post("/mail/<uuid:mail_id>/is-a")
@staff(StaffRole.MANAGER)
def mail_is_a(mail_id: uuid.UUID) -> Answer:
    """Say what the mail is, where it was taken for something else."""
    readable(mail_id)
    named = request.form.get("kind", "")
    if named not in service.MARKS:
        raise Refused(_("Please choose what the mail is."))
    service.mark_as(unit.session(), mail_id, MailKind(named), staff_actor())
    flash(_("The mail is now: %(kind)s.", kind=KINDS[MailKind(named)]), "done")
    return redirect(url_for("staff.mail_shown", mail_id=mail_id))


@blueprint.post("/mail/<uuid:mail_id>/undo")
@staff(StaffRole.MANAGER)
def mail_undone(mail_id: uuid.UUID) -> Answer:
    """Take back the last act on the mail."""
    readable(mail_id)
    service.undo(unit.session(), mail_id, staff_actor())
    flash(_("The last act on this mail was undone."), "done")
    return redirect(url_for("staff.mail_shown", mail_id=mail_id))


@blueprint.post("/mail/<uuid:mail_id>/record")
@staff(StaffRole.MANAGER)
def mail_recorded(mail_id: uuid.UUID) -> Answer | tuple[str, int]:
    """Record the mail as a reply: it gets a number and a receipt, and stops reminders."""
    found = readable(mail_id)
    form = _record_form(found)
    if not form.validate():
        return _page(found, form), 422
    try:
        done = service.record_as_reply(
            unit.session(),
            unit.storage(),
            mail_id,
            Behalf(form.behalf.data),
            (form.reason.data or "").strip(),
            staff_actor(),
            chosen=form.documents.data or [],
        )
    except Invalid as fault:
        return _page(found, form, fault=blame(form, fault)), 422
    flash(_("The reply was recorded under the number %(number)s.", number=done.number), "done")
    return redirect(after_recording(done.submission_id) or url_for("staff.mail"))


def tell_dealt_with(found: ShownMail) -> None:
    """Say on the next page that the mail waits no more, with the way back to it."""
    sentence, subject = escape(_("The mail was marked as looked at.")), found.line.subject or _("(no subject)")
    address = url_for("staff.mail_shown", mail_id=found.line.id)
    flash(Markup('{} <a href="{}"><bdi>{}</bdi></a>').format(sentence, address, subject[:_SHORT]), "done")


def page_again(found: ShownMail, sent: Sent) -> tuple[str, int]:
    """The page of a mail with a proposal's form as it was sent."""
    return _page(found, _record_form(found, fresh=True) if _recordable(found) else None, sent=sent), 422


def page_of_another(found: ShownMail, form: AnotherForm, fault: str | None = None) -> tuple[str, int]:
    """The page of a mail with the form for a further reply as it was sent."""
    return _page(found, None, another=form, fault=fault), 422


def page_of_record(found: ShownMail, form: TakeBackForm) -> tuple[str, int]:
    """The page of a mail with the form for taking its record back as it was sent."""
    return _page(found, None, back=form), 422


def readable(mail_id: uuid.UUID) -> ShownMail:
    """The mail, without the secret part of links of ours that it quotes. Raises Missing, and Refused where it is not for this reader."""
    found = queries.shown(unit.session(), unit.storage(), mail_id, i18n.language())
    belongs_to = found.line.belongs_to
    found = replace(
        found,
        text=without_links(found.text),
        own_words=without_links(found.own_words),
        beginning=without_links(found.beginning),
    )
    if may_change():
        return found
    if belongs_to is None:
        raise Refused(_("Mail that belongs to nobody yet is read by those who may change calls for input."))
    if campaigns.campaign(unit.session(), belongs_to.campaign_id).sensitivity is Sensitivity.SENSITIVE:
        raise Refused(_("This call for input is sensitive: only those who may change it read its answers."))
    return found


def _recordable(found: ShownMail) -> bool:
    return may_change() and found.line.belongs_to is not None and found.line.outcome is not MailOutcome.RECORDED


@dataclass(frozen=True)
class _Recordable:
    """What of a mail can be recorded as documents: as far as the scanner lets it pass, and by the reasons why not all of it."""

    offered: tuple[Candidate, ...]
    held: bool
    of_other_kinds: bool


def _recordable_files(found: ShownMail) -> _Recordable:
    scans = looking.scans(unit.session(), unit.storage(), found.line.id)
    kept = queries.to_record(unit.session(), unit.storage(), found.line.id)
    held = {str(index) for index, scan in enumerate(scans) if not scan.passes}
    known = {one.key for one in kept}
    return _Recordable(
        tuple(one for one in kept if one.key not in held),
        bool(held),
        any(str(file.index) not in known | held for file in found.attachments),
    )


def _record_form(found: ShownMail, *, fresh: bool = False) -> RecordMailForm:
    """The form as it was sent; `fresh`: as it stands before anybody has filled it in."""
    files = _recordable_files(found)
    given: dict[str, Any] = {}
    if fresh:
        usual = [one.key for one in files.offered if one.usual]
        kind = found.line.belongs_to.kind if found.line.belongs_to else None
        reply = proposed(found, Saying.FINAL_REPLY)
        given = {
            "formdata": None,
            "documents": usual,
            "behalf": behalf_of(kind).value if kind else None,
            "reason": reply.sentence if reply else None,
        }
    form = RecordMailForm(**given)
    _offer(found, form, files)
    return form


def another_form(found: ShownMail, *, fresh: bool = False) -> AnotherForm | None:
    """The form for a further reply of somebody in the State that is chosen; None before one is."""
    if not request.args.get("state") or found.line.outcome is not MailOutcome.RECORDED or not may_change():
        return None
    given: dict[str, Any] = {"formdata": None} if fresh else {}
    form = AnotherForm(prefix="another-", **given)
    form.invitation.choices = _named(
        [
            one
            for one in _places(found)
            if found.line.belongs_to is None or one.invitation_id != found.line.belongs_to.invitation_id
        ]
    )
    _offer(found, form, _recordable_files(found))
    return form


def _offer(found: ShownMail, form: RecordMailForm, files: _Recordable) -> None:
    """Give a form for recording what there is to choose from, and say what is not, and why."""
    has_state = found.line.belongs_to is not None and found.line.belongs_to.state_code is not None
    form.behalf.choices = [(one.value, words.BEHALVES[one]) for one in Behalf if has_state or one is not Behalf.STATE]
    form.documents.choices = [
        (one.key, _("The words of the mail") if one.key == documents.WORDS else visible(one.filename))
        for one in files.offered
    ]
    left_out = [_("Files that are held or not given out can’t be recorded now.")] if files.held else []
    left_out += [_("Files of other kinds stay with the mail.")] if files.of_other_kinds else []
    form.documents.description = " ".join(left_out)


def _place_form() -> PlaceForm:
    names = [(state.code, state.short) for state in directory.states(unit.session(), i18n.language())]
    form = PlaceForm(request.args)
    form.state.choices = choices([*names, (_NO_STATE, _("None: an institution without a State"))], empty="—")
    return form


def _places(found: ShownMail) -> list[BelongsTo]:
    """Who was asked in the State that is chosen; before one is, whom the sender's address is recorded for."""
    state = request.args.get("state", "")
    if state:
        return queries.asked_in(unit.session(), None if state == _NO_STATE else state, i18n.language())
    return queries.suggested(unit.session(), found.line.from_address, i18n.language())


def _belongs_form(places: Sequence[BelongsTo], **given: Any) -> BelongsForm:
    form = BelongsForm(**given)
    form.invitation.choices = _named(places)
    return form


def _named(places: Sequence[BelongsTo]) -> list[tuple[str, str]]:
    return [(str(one.invitation_id), f"{one.campaign_code} · {one.institution}") for one in places]


def _page(
    found: ShownMail,
    form: RecordMailForm | None,
    *,
    belongs: BelongsForm | None = None,
    fault: str | None = None,
    sent: Sent | None = None,
    another: AnotherForm | None = None,
    back: TakeBackForm | None = None,
) -> str:
    session = unit.session()
    scans = looking.scans(session, unit.storage(), found.line.id) if found.attachments else []
    held = {index for index, scan in enumerate(scans) if not scan.passes}
    proposals = views(found, sent)
    return render_template(
        "staff/received_mail.html",
        mail=found,
        form=form,
        place_form=_place_form(),
        belongs=belongs or _belongs_form(_places(found), formdata=None),
        state=request.args.get("state", ""),
        fault=fault,
        recorded=looking.recorded(session, found.line.id) if found.submission_id else [],
        another=another or another_form(found, fresh=True),
        back=back or TakeBackForm(formdata=None),
        proposals=proposals,
        lead=leading(found, proposals),
        prospect=answering.prospect(session, unit.storage(), found.line.id) if may_change() else None,
        obstacles=OBSTACLES,
        written=answers.answers_to(session, found.line.id),
        next=queries.next_waiting(session, found.line.id) if may_change() else None,
        LETTER_STATES=words.LETTER_STATES,
        scans=scans,
        answers=found_in(found, held) if _recordable(found) and found.attachments else {},
        Finding=Finding,
        Saying=Saying,
        has_html=looking.has_html(session, unit.storage(), found.line.id),
        why=WHY[found.matched_by],
        evidence=[] if found.kind_by else evidence.in_words(found.evidence),
        kinds=KINDS,
        marks=[kind for kind in service.MARKS if kind is not found.line.kind],
        MailOutcome=MailOutcome,
        may_change=may_change(),
        zone=ZONE,
    )
