"""Accounts of staff: who may sign in, and what each may do."""

import uuid

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response
from wtforms import BooleanField, RadioField, StringField

from outreach.directory.addresses import checked_address
from outreach.errors import Invalid
from outreach.i18n import _, lazy
from outreach.identity import queries
from outreach.identity import service as identity
from outreach.identity.words import StaffRole
from outreach.web import names, unit
from outreach.web.access import staff, staff_actor
from outreach.web.account_mail import mail_entry_link
from outreach.web.faults import blame
from outreach.web.forms import Form, OneLine, at_most, email, filled, required
from outreach.web.staff import ZONE, blueprint


class NewAccountForm(Form):
    """Who gets an account, and what they may do."""

    name = StringField(lazy("Name"), [filled(), OneLine(), at_most(200)])
    email = StringField(lazy("E-mail address"), [required(), OneLine(), at_most(254), email()])
    role = RadioField(lazy("What the account may do"), [required()], default=StaffRole.READER.value)


class AccessForm(Form):
    """What an account may do from now on."""

    role = RadioField(lazy("What the account may do"), [required()])
    active = BooleanField(lazy("May sign in"))


@blueprint.get("/accounts")
@staff(StaffRole.ADMINISTRATOR)
def accounts() -> str:
    """Everybody with an account."""
    return render_template(
        "staff/accounts.html", accounts=queries.accounts(unit.session()), roles=names.roles(), zone=ZONE
    )


@blueprint.get("/accounts/new")
@staff(StaffRole.ADMINISTRATOR)
def new_account() -> str:
    """The form for an account."""
    return _new_page(_new_form())


@blueprint.post("/accounts/new")
@staff(StaffRole.ADMINISTRATOR)
def add_account() -> Response | tuple[str, int]:
    """Open the account, and mail its holder a link to sign in."""
    form = _new_form()
    if not form.validate():
        return _new_page(form), 422
    session = unit.session()
    try:
        member = identity.add_staff(
            session,
            email=checked_address(form.email.data or ""),
            name=(form.name.data or "").strip(),
            role=StaffRole(form.role.data),
            password=None,
            actor=staff_actor(),
        )
    except Invalid as fault:
        return _new_page(form, blame(form, fault)), 422
    mail_entry_link(session, member.email, identity.new_entry_link(session, member.id, staff_actor()))
    flash(_("The account is open. A link to sign in is on its way to %(email)s.", email=member.email), "done")
    return redirect(url_for("staff.accounts"))


@blueprint.get("/accounts/<uuid:staff_id>")
@staff(StaffRole.ADMINISTRATOR)
def account(staff_id: uuid.UUID) -> str:
    """One account, and what it may do."""
    line = queries.account(unit.session(), staff_id)
    form = AccessForm(role=line.role.value, active=line.active)
    return _account_page(staff_id, form)


@blueprint.post("/accounts/<uuid:staff_id>")
@staff(StaffRole.ADMINISTRATOR)
def set_access(staff_id: uuid.UUID) -> Response | tuple[str, int]:
    """Change what the account may do, or end its access."""
    form = AccessForm()
    form.role.choices = names.roles_explained()
    if not form.validate():
        return _account_page(staff_id, form), 422
    try:
        identity.set_access(
            unit.session(), staff_id, role=StaffRole(form.role.data), active=form.active.data, actor=staff_actor()
        )
    except Invalid as fault:
        unit.session().rollback()
        return _account_page(staff_id, form, blame(form, fault)), 422
    flash(_("Saved."), "done")
    return redirect(url_for("staff.accounts"))


@blueprint.post("/accounts/<uuid:staff_id>/link")
@staff(StaffRole.ADMINISTRATOR)
def mail_link(staff_id: uuid.UUID) -> Response:
    """Mail the holder a new link to sign in, for example after a lost password."""
    session = unit.session()
    token = identity.new_entry_link(session, staff_id, staff_actor())
    line = queries.account(session, staff_id)
    mail_entry_link(session, line.email, token)
    flash(_("A link to sign in is on its way to %(email)s.", email=line.email), "done")
    return redirect(url_for("staff.accounts"))


def _new_form() -> NewAccountForm:
    form = NewAccountForm()
    form.role.choices = names.roles_explained()
    return form


def _new_page(form: NewAccountForm, fault: str | None = None) -> str:
    return render_template("staff/new_account.html", form=form, fault=fault)


def _account_page(staff_id: uuid.UUID, form: AccessForm, fault: str | None = None) -> str:
    form.role.choices = names.roles_explained()
    line = queries.account(unit.session(), staff_id)
    return render_template("staff/account.html", account=line, form=form, fault=fault, zone=ZONE)
