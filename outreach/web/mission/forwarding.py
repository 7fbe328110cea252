"""The form to forward to ministries or bodies, and the one that corrects an address that was refused."""

import uuid
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import Field, FieldList, FormField, RadioField, SelectField, StringField, TextAreaField, ValidationError
from wtforms import Form as PlainForm

from outreach import i18n
from outreach.campaigns.links import LinkKind
from outreach.campaigns.words import ReplyRoute
from outreach.directory.words import InstitutionKind, Sector
from outreach.errors import Invalid, Missing, TooMany
from outreach.forwarding import queries, service
from outreach.forwarding.service import BodyToAsk, ForwardRequest
from outreach.i18n import LANGUAGES, NATIVE_NAMES, _, language, lazy
from outreach.web import names, unit
from outreach.web.access import here, holder
from outreach.web.faults import blame
from outreach.web.forms import Form, OneLine, at_most, choices, email, required
from outreach.web.mission import blueprint
from outreach.web.mission.overview import frame

MOST = 20
MORE = 3


class NeededOnceBegun:
    """The field must be filled in as soon as anything else of its body is."""

    def __call__(self, form: Any, field: Field) -> None:
        """Raise ValidationError for an empty field of a body that is begun; end the checks for one that is not."""
        if form.begun and not (field.data or "").strip():
            raise ValidationError(i18n._("Please fill in this field, or leave all fields of this body empty."))


class AddressOnceBegun:
    """The field must hold an e-mail address where it holds anything."""

    def __call__(self, form: Any, field: StringField) -> None:
        """Raise ValidationError for what is no address."""
        if (field.data or "").strip():
            email()(form, field)


class BodyFields(PlainForm):
    """One body. Blank ones are passed over."""

    class Meta(Form.Meta):
        csrf = False

    name = StringField(lazy("Name of the ministry or body"), [NeededOnceBegun(), OneLine(), at_most(300)])
    kind = SelectField(lazy("What it is"), default=InstitutionKind.MINISTRY.value)
    sector = SelectField(lazy("Field of work"), default="")
    email = StringField(lazy("E-mail address"), [NeededOnceBegun(), OneLine(), at_most(254), AddressOnceBegun()])
    language = SelectField(lazy("Language of the letter"))
    route = RadioField(lazy("How it replies"), default=ReplyRoute.THROUGH_MISSION.value)
    message = TextAreaField(lazy("Your own message to it"), [at_most(2000)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = names.kinds_to_ask()
        self.sector.choices = choices(
            [(sector.value, name) for sector, name in names.sectors().items()],
            empty=_("Several fields, or none of these"),
        )
        self.language.choices = [(code, NATIVE_NAMES[code]) for code in LANGUAGES]
        self.route.choices = [
            (ReplyRoute.THROUGH_MISSION.value, _("Through the mission: you read its reply and transmit it")),
            (
                ReplyRoute.DIRECT.value,
                _("Directly to the Secretariat: its reply is counted apart from that of the State"),
            ),
        ]
        if not self.language.data:
            self.language.data = language()
        # Always chosen, so never "optional".
        self.kind.flags.required = self.language.flags.required = True

    @property
    def begun(self) -> bool:
        """Whether anything was typed."""
        return any((field.data or "").strip() for field in (self.name, self.email, self.message))

    def body(self) -> BodyToAsk:
        """The body as the service takes it."""
        return BodyToAsk(
            name=(self.name.data or "").strip(),
            kind=InstitutionKind(self.kind.data),
            email=(self.email.data or "").strip(),
            language=self.language.data,
            sector=Sector(self.sector.data) if self.sector.data else None,
            message=self.message.data,
            route=ReplyRoute(self.route.data),
        )


class ForwardForm(Form):
    """Several bodies at once."""

    bodies = FieldList(FormField(BodyFields), min_entries=MORE, max_entries=MOST)

    @property
    def entries(self) -> list[BodyFields]:
        """The forms of the bodies, blank ones too."""
        return [entry.form for entry in self.bodies]

    @property
    def begun(self) -> list[tuple[int, BodyFields]]:
        """The bodies that are filled in, with their places."""
        return [(place, entry) for place, entry in enumerate(self.entries) if entry.begun]


class AddressForm(Form):
    """Another address for a body."""

    email = StringField(lazy("E-mail address"), [required(), OneLine(), at_most(254), email()])


def _page(form: ForwardForm, fault: str | None = None, status: int = 200) -> tuple[str, int]:
    return render_template("mission/forward.html", form=form, fault=fault, most=MOST, **frame()), status


@blueprint.get("/m/<token>/forward")
@holder(LinkKind.MISSION)
def forward() -> tuple[str, int]:
    """The form, with three blank bodies."""
    return _page(ForwardForm())


@blueprint.post("/m/<token>/forward")
@holder(LinkKind.MISSION)
def forwarded() -> Response | tuple[str, int]:
    """Forward, or show more blank bodies with all that was typed."""
    form, own = ForwardForm(), here()
    if request.form.get("do") == "more":
        for _blank in range(min(MORE, MOST - len(form.entries))):
            form.bodies.append_entry()
        return _page(form)
    if not form.validate():
        return _page(form, status=422)
    begun = form.begun
    if not begun:
        form.entries[0].name.errors = [_("Please name at least one ministry or body.")]
        return _page(form, status=422)
    asked = ForwardRequest(tuple(entry.body() for _place, entry in begun))
    try:
        done = service.forward(unit.session(), own.invitation_id, asked, own.actor)
    except Invalid as fault:
        return _page(form, _blame(form, begun, fault), 422)
    except TooMany as fault:
        return _page(form, fault.message, 429)
    for outcome in done:
        flash(outcome.sentence, "news" if outcome.before else "done")
    return redirect(url_for("mission.overview", token=own.token, _anchor="bodies"))


def _blame(form: ForwardForm, begun: list[tuple[int, BodyFields]], fault: Invalid) -> str | None:
    """Put the sentence at the field it speaks of; else return it for the top of the page."""
    parts = (fault.field or "").split("-")
    if len(parts) == 3 and parts[1].isdigit() and int(parts[1]) < len(begun):
        entry = begun[int(parts[1])][1]
        if parts[2] in entry:
            entry[parts[2]].errors = [*entry[parts[2]].errors, fault.message]
            return None
    return fault.message


def _body(child_id: uuid.UUID) -> queries.BodyLine:
    """The body below this holder. Raises Missing for any other."""
    for line in queries.tree(unit.session(), here().invitation_id, language()):
        if line.invitation_id == child_id:
            return line
    raise Missing(_("There is no such body among those that you forwarded to."))


@blueprint.get("/m/<token>/bodies/<uuid:child_id>/address")
@holder(LinkKind.MISSION)
def address(child_id: uuid.UUID) -> str:
    """Ask for another address of a body whose address was refused."""
    return render_template("mission/address.html", form=AddressForm(), body=_body(child_id), **frame())


@blueprint.post("/m/<token>/bodies/<uuid:child_id>/address")
@holder(LinkKind.MISSION)
def address_corrected(child_id: uuid.UUID) -> Response | tuple[str, int]:
    """Write to the body at the new address."""
    form, own, body = AddressForm(), here(), _body(child_id)
    fault: str | None = None
    written = (form.email.data or "").strip()
    if form.validate():
        try:
            service.correct_address(unit.session(), child_id, written, own.actor)
        except Invalid as refused:
            fault = blame(form, refused)
        else:
            flash(_("The letter to %(name)s leaves for %(email)s.", name=body.name, email=written), "done")
            return redirect(url_for("mission.overview", token=own.token, _anchor="bodies"))
    return render_template("mission/address.html", form=form, body=body, fault=fault, **frame()), 422
