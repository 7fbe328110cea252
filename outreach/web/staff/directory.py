"""The directory: States with their missions by post, and one State with its institutions."""

from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import DateField, SelectField, StringField

from outreach import clock, i18n
from outreach.directory import finding, overview, queries, service
from outreach.directory.overview import SEATS, SeatLine
from outreach.directory.queries import ContactLine, InstitutionLine, StateLanguage
from outreach.directory.unmatched import unmatched_count
from outreach.directory.words import MISSION_KINDS, Presence, Seat
from outreach.errors import Invalid, Missing
from outreach.i18n import LANGUAGES, NATIVE_NAMES, _, lazy
from outreach.identity.words import StaffRole
from outreach.reports import words
from outreach.web import names, unit
from outreach.web.access import staff, staff_actor
from outreach.web.faults import blame
from outreach.web.forms import Form, OneLine, at_most, choices, filled, required
from outreach.web.staff import ZONE, blueprint
from outreach.web.staff.state import may_change

_MOST_FOUND = 50
_OBSERVERS = "observers"


class PresenceForm(Form):
    """Whether a State has a mission at a post, as a source says."""

    presence = SelectField(lazy("Has the State a mission here?"), [required()])
    source = StringField(lazy("Source"), [filled(), OneLine(), at_most(300)])
    as_of = DateField(lazy("Date of the information"), [required()])


class LanguageForm(Form):
    """A State's language of correspondence, as a source says."""

    language = SelectField(lazy("Language of correspondence"))
    source = StringField(lazy("Source"), [filled(), OneLine(), at_most(300)])
    as_of = DateField(lazy("Date of the information"), [required()])


@dataclass(frozen=True)
class _Held:
    """An institution with its addresses."""

    line: InstitutionLine
    contacts: list[ContactLine]


@blueprint.get("/directory")
@staff(StaffRole.READER)
def directory() -> str:
    """All States; those that are searched for, or where something is missing."""
    session = unit.session()
    rows = overview.overview(session, i18n.language())
    text = request.args.get("q", "").strip()[:200]
    group, care = request.args.get("group", ""), request.args.get("show") == "care"
    shown = rows
    found: list[InstitutionLine] = []
    if text:
        found = queries.institutions_matching(session, text, i18n.language(), _MOST_FOUND)
        codes = finding.states_matching(session, text) | {one.state_code for one in found}
        shown = [row for row in shown if row.state.code in codes]
    if group:
        shown = [row for row in shown if (row.state.regional_group or _OBSERVERS) == group]
    if care:
        shown = [row for row in shown if row.needs_care]
    return render_template(
        "staff/directory.html",
        rows=shown,
        found=[one for one in found if one.kind not in MISSION_KINDS],  # missions stand in the rows of their States
        without_state=[] if text or group or care else queries.institutions_without_state(session, i18n.language()),
        counts={
            seat: sum(row.seats[index].presence is Presence.YES for row in rows) for index, seat in enumerate(SEATS)
        },
        care_count=sum(row.needs_care for row in rows),
        unmatched_count=unmatched_count(session),
        text=text,
        group=group,
        groups=[*((one.value, word) for one, word in words.GROUPS.items()), (_OBSERVERS, words.OBSERVERS)],
        care=care,
        kinds=names.kinds(),
        may_change=may_change(),
        **_words(),
    )


@blueprint.get("/directory/states/<state_code>")
@staff(StaffRole.READER)
def directory_state(state_code: str) -> str:
    """One State: its names, its missions, its institutions and their addresses."""
    return _state_page(state_code.upper())


@blueprint.post("/directory/states/<state_code>/missions/<seat>")
@staff(StaffRole.MANAGER)
def record_presence(state_code: str, seat: str) -> Response | tuple[str, int]:
    """Record what a source says of the State's mission at a post."""
    code = state_code.upper()
    at = next((one for one in SEATS if one.value == seat), None)
    if at is None:
        raise Missing(_("There is no State with the code %(code)s.", code=code))
    form = _presence_form(at)
    if not form.validate():
        return _state_page(code, presence=(at, form)), 422
    try:
        service.record_presence(
            unit.session(),
            code,
            at,
            Presence(form.presence.data),
            source=(form.source.data or "").strip(),
            as_of=form.as_of.data or clock.today(ZONE),
            actor=staff_actor(),
        )
    except Invalid as fault:
        return _state_page(code, presence=(at, form), fault=blame(form, fault)), 422
    flash(_("Saved."), "done")
    return redirect(url_for("staff.directory_state", state_code=code))


@blueprint.post("/directory/states/<state_code>/language")
@staff(StaffRole.MANAGER)
def record_language(state_code: str) -> Response | tuple[str, int]:
    """Record the language in which the State wishes to be written to."""
    code = state_code.upper()
    form = _language_form()
    if not form.validate():
        return _state_page(code, language=form), 422
    try:
        service.set_state_language(
            unit.session(),
            code,
            form.language.data or None,
            source=(form.source.data or "").strip(),
            as_of=form.as_of.data or clock.today(ZONE),
            actor=staff_actor(),
        )
    except Invalid as fault:
        return _state_page(code, language=form, fault=blame(form, fault)), 422
    flash(_("Saved."), "done")
    return redirect(url_for("staff.directory_state", state_code=code))


def language_choices(empty: str) -> list[tuple[str, str]]:
    """The six languages as choices, each by its own name, behind one that says what an empty choice means."""
    return choices([(code, NATIVE_NAMES[code]) for code in LANGUAGES], empty=empty)


def _presence_form(seat: Seat, shown: SeatLine | None = None) -> PresenceForm:
    """The form as it was sent; with `shown`, as it stands before anybody has filled it in."""
    prefix = f"{seat.value}-"
    form = (
        PresenceForm(None, prefix=prefix, presence=shown.presence.value, as_of=clock.today(ZONE))
        if shown
        else PresenceForm(prefix=prefix)
    )
    form.presence.choices = [(one.value, word) for one, word in names.presences().items()]
    return form


def _language_form(shown: StateLanguage | None = None) -> LanguageForm:
    """The form as it was sent; with `shown`, as it stands before anybody has filled it in."""
    form = (
        LanguageForm(None, prefix="language-", language=shown.language or "", as_of=clock.today(ZONE))
        if shown
        else LanguageForm(prefix="language-")
    )
    form.language.choices = language_choices(_("not known"))
    return form


def _state_page(
    code: str,
    *,
    presence: tuple[Seat, PresenceForm] | None = None,
    language: LanguageForm | None = None,
    fault: str | None = None,
) -> str:
    session = unit.session()
    row = next((one for one in overview.overview(session, i18n.language()) if one.state.code == code), None)
    if row is None:
        raise Missing(_("There is no State with the code %(code)s.", code=code))
    forms = {one.seat: _presence_form(one.seat, one) for one in row.seats} | dict([presence] if presence else [])
    return render_template(
        "staff/directory_state.html",
        row=row,
        group=words.GROUPS[row.state.regional_group] if row.state.regional_group else words.OBSERVERS,
        held=[
            _Held(line, queries.contacts(session, line.id))
            for line in queries.institutions_of_state(session, code, i18n.language())
        ],
        kinds=names.kinds(),
        sectors=names.sectors(),
        presence_forms=forms,
        opened=presence[0] if presence else None,
        language_form=language or _language_form(row.language),
        language_opened=language is not None,
        fault=fault,
        may_change=may_change(),
        **_words(),
    )


def _words() -> dict[str, object]:
    return {"posts": words.POSTS, "presences": names.presences(), "Presence": Presence, "zone": ZONE}
