"""One institution of the directory: what is recorded of it, its addresses, and how both are kept."""

import uuid

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import SelectField, StringField

from outreach import clock, i18n
from outreach.campaigns import stopping
from outreach.directory import queries, service
from outreach.directory.service import ContactDetails, InstitutionDetails
from outreach.directory.words import MISSION_KINDS, NATIONAL_AUTHORITY_KINDS, InstitutionKind, Presence, Seat, Sector
from outreach.errors import Invalid, Missing
from outreach.i18n import _, lazy
from outreach.identity.words import StaffRole
from outreach.reports import words
from outreach.web import names, unit
from outreach.web.access import staff, staff_actor
from outreach.web.faults import blame
from outreach.web.forms import Form, OneLine, at_most, choices, email, filled, required
from outreach.web.staff import ZONE, blueprint
from outreach.web.staff.directory import language_choices
from outreach.web.staff.state import may_change


class ContactForm(Form):
    """An address of an institution, and where it is known from."""

    email = StringField(lazy("E-mail address"), [required(), OneLine(), at_most(254), email()])
    contact_name = StringField(lazy("Person or office behind the address"), [OneLine(), at_most(200)])
    salutation = StringField(lazy("Salutation"), [OneLine(), at_most(200)])
    language = SelectField(lazy("Language of correspondence"))
    source = StringField(lazy("Source"), [filled(), OneLine(), at_most(300)])

    def details(self) -> ContactDetails:
        """What was typed, without blanks around it; empty is not known."""
        return ContactDetails(
            email=_typed(self.email) or "",
            source=_typed(self.source) or "",
            name=_typed(self.contact_name),
            salutation=_typed(self.salutation),
            language=self.language.data or None,
        )


class LettersAgainForm(Form):
    """Who asked that letters go to an address again."""

    reason = StringField(lazy("Who asked for letters again, and when"), [filled(), OneLine(), at_most(300)])


class NewInstitutionForm(ContactForm):
    """An institution with its first address."""

    kind = SelectField(lazy("What it is"), [required()])
    name = StringField(lazy("Name, as it calls itself"), [OneLine(), at_most(300)])
    state = SelectField(lazy("State"))
    seat = SelectField(lazy("Post"))
    sector = SelectField(lazy("Field of work"))


@blueprint.get("/directory/institutions/new")
@staff(StaffRole.MANAGER)
def new_institution() -> str:
    """The form for an institution; the address may name its State, kind and post."""
    given = {name: request.args.get(name, "") for name in ("state", "kind", "seat")}
    return _new_page(
        _new_form(NewInstitutionForm(None, **({"kind": "ministry"} | {k: v for k, v in given.items() if v})))
    )


@blueprint.post("/directory/institutions/new")
@staff(StaffRole.MANAGER)
def add_institution() -> Response | tuple[str, int]:
    """Record the institution and its address; for a mission also that the State has one at this post."""
    form = _new_form(NewInstitutionForm())
    if not form.validate():
        return _new_page(form), 422
    session = unit.session()
    kind, contact = InstitutionKind(form.kind.data), form.details()
    seat = Seat(form.seat.data) if form.seat.data else None
    if seat is None and kind in NATIONAL_AUTHORITY_KINDS:
        seat = Seat.CAPITAL
    details = InstitutionDetails(
        kind=kind,
        name=_typed(form.name) or "",
        state_code=form.state.data or None,
        seat=seat,
        sector=Sector(form.sector.data) if form.sector.data else None,
        language=contact.language,
        language_source=contact.source if contact.language else None,
        language_as_of=clock.today(ZONE) if contact.language else None,
    )
    try:
        institution_id = service.add_institution(session, details, staff_actor())
        service.add_contact(session, institution_id, contact, staff_actor())
        if kind in MISSION_KINDS and details.state_code and seat:
            service.record_presence(
                session,
                details.state_code,
                seat,
                Presence.YES,
                source=contact.source,
                as_of=clock.today(ZONE),
                actor=staff_actor(),
            )
    except Invalid as fault:
        return _new_page(form, blame(form, fault)), 422
    flash(_("The institution was added."), "done")
    return redirect(url_for("staff.institution", institution_id=institution_id))


@blueprint.get("/directory/institutions/<uuid:institution_id>")
@staff(StaffRole.READER)
def institution(institution_id: uuid.UUID) -> str:
    """What is recorded of an institution, and whether its addresses work."""
    return _page(institution_id, _contact_form(ContactForm(None)))


@blueprint.post("/directory/institutions/<uuid:institution_id>/contacts")
@staff(StaffRole.MANAGER)
def add_contact(institution_id: uuid.UUID) -> Response | tuple[str, int]:
    """Record a further address."""
    form = _contact_form(ContactForm())
    if not form.validate():
        return _page(institution_id, form, opened=True), 422
    if queries.record(unit.session(), institution_id).retired_at is not None:
        raise Missing(_("This institution was retired."))
    try:
        service.add_contact(unit.session(), institution_id, form.details(), staff_actor())
    except Invalid as fault:
        return _page(institution_id, form, opened=True, fault=blame(form, fault)), 422
    flash(_("The address was added."), "done")
    return redirect(url_for("staff.institution", institution_id=institution_id))


@blueprint.post("/directory/contacts/<uuid:contact_id>/retire")
@staff(StaffRole.MANAGER)
def retire_contact(contact_id: uuid.UUID) -> Response:
    """Write to this address no more."""
    session = unit.session()
    line = queries.contact(session, contact_id)
    service.retire_contact(session, contact_id, staff_actor())
    flash(_("No letter goes to %(email)s any more.", email=line.email), "done")
    return redirect(url_for("staff.institution", institution_id=line.institution_id))


@blueprint.post("/directory/contacts/<uuid:contact_id>/again")
@staff(StaffRole.MANAGER)
def letters_again(contact_id: uuid.UUID) -> Response | tuple[str, int]:
    """Write to this address again, where its reader had asked for no more letters."""
    session, form = unit.session(), LettersAgainForm(prefix=f"{contact_id}-")
    line = queries.contact(session, contact_id)
    if not form.validate():
        return _page(line.institution_id, _contact_form(ContactForm(None)), again={contact_id: form}), 422
    stopping.resume(session, contact_id, form.reason.data or "", staff_actor())
    flash(_("Letters go to %(email)s again.", email=line.email), "done")
    return redirect(url_for("staff.institution", institution_id=line.institution_id))


@blueprint.post("/directory/institutions/<uuid:institution_id>/retire")
@staff(StaffRole.MANAGER)
def retire_institution(institution_id: uuid.UUID) -> Response:
    """The institution exists no more, or is no longer to be written to."""
    service.retire_institution(unit.session(), institution_id, staff_actor())
    flash(_("The institution was retired, with its addresses."), "done")
    return redirect(url_for("staff.institution", institution_id=institution_id))


def _typed(field: StringField) -> str | None:
    return (field.data or "").strip() or None


def _contact_form(form: ContactForm) -> ContactForm:
    form.language.choices = language_choices(_("as the institution or its State"))
    return form


def _new_form(form: NewInstitutionForm) -> NewInstitutionForm:
    kinds = names.kinds()
    form.kind.choices = [(kind.value, kinds[kind]) for kind in kinds]
    states = queries.states(unit.session(), i18n.language())
    form.state.choices = choices([(state.code, state.short) for state in states], empty=_("none"))
    form.seat.choices = choices(
        [(seat.value, str(word)) for seat, word in words.POSTS.items()], empty=_("as usual for its kind")
    )
    form.sector.choices = choices([(one.value, word) for one, word in names.sectors().items()], empty=_("not known"))
    form.language.choices = language_choices(_("as its State"))
    form.name.flags.required = True  # of all but missions, which the hint says and the service holds
    return form


def _new_page(form: NewInstitutionForm, fault: str | None = None) -> str:
    return render_template("staff/new_institution.html", form=form, fault=fault)


def _page(
    institution_id: uuid.UUID,
    form: ContactForm,
    *,
    opened: bool = False,
    fault: str | None = None,
    again: dict[uuid.UUID, LettersAgainForm] | None = None,
) -> str:
    session = unit.session()
    line = queries.institution(session, institution_id, i18n.language())
    contacts = queries.contacts(session, institution_id)
    return render_template(
        "staff/institution.html",
        line=line,
        state=queries.state(session, line.state_code, i18n.language()) if line.state_code else None,
        record=queries.record(session, institution_id),
        contacts=contacts,
        kinds=names.kinds(),
        sectors=names.sectors(),
        posts=words.POSTS,
        form=form,
        again={one.id: LettersAgainForm(None, prefix=f"{one.id}-") for one in contacts if one.no_letters_at}
        | (again or {}),
        opened=opened,
        fault=fault,
        may_change=may_change(),
        zone=ZONE,
    )
