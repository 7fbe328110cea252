"""The page behind a link that was passed on: read the call, and begin an answer of one's own. It never acts for who passed it on."""

from dataclasses import replace
from typing import Any

from flask import Response, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response as Redirect
from wtforms import SelectField, StringField

from outreach.campaigns import links
from outreach.campaigns.links import LinkKind
from outreach.directory.words import InstitutionKind, Sector
from outreach.errors import Invalid, TooMany
from outreach.forwarding import queries, service
from outreach.forwarding.service import BodyDetails
from outreach.i18n import LANGUAGES, NATIVE_NAMES, _, language, lazy
from outreach.questionnaires import queries as questionnaires
from outreach.web import names, unit
from outreach.web.access import here, holder
from outreach.web.call import call_view, text_view
from outreach.web.downloads import campaign_file
from outreach.web.faults import blame
from outreach.web.forms import Form, OneLine, at_most, choices, email, required
from outreach.web.mission.reading import chosen_text
from outreach.web.prose import prose
from outreach.web.public import blueprint


class BeginForm(Form):
    """Who answers."""

    name = StringField(lazy("Name of your institution"), [required(), OneLine(), at_most(300)])
    kind = SelectField(lazy("What it is"), [required()])
    sector = SelectField(lazy("Field of work"), default="")
    email = StringField(lazy("E-mail address of your institution"), [required(), OneLine(), at_most(254), email()])
    language = SelectField(lazy("Language in which we write to you"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = choices(names.kinds_to_ask(), empty=_("Please choose"))
        self.sector.choices = choices(
            [(sector.value, name) for sector, name in names.sectors().items()],
            empty=_("Several fields, or none of these"),
        )
        self.language.choices = [(code, NATIVE_NAMES[code]) for code in LANGUAGES]
        if not self.language.data:
            self.language.data = language()
        self.language.flags.required = True

    def body(self) -> BodyDetails:
        """The institution as the service takes it."""
        return BodyDetails(
            name=(self.name.data or "").strip(),
            kind=InstitutionKind(self.kind.data),
            email=(self.email.data or "").strip(),
            language=self.language.data,
            sector=Sector(self.sector.data) if self.sector.data else None,
        )


def _frame() -> dict[str, Any]:
    own, session = here(), unit.session()
    passed_on_by = queries.who(session, own.invitation_id, language())
    return {
        "token": own.token,
        "passed_on_by": passed_on_by,
        # The post is that of who passed the link on, not of the reader.
        "call": call_view(session, own.campaign_id, replace(passed_on_by, seat=None)),
        "file_names": names.files(),
    }


@blueprint.get("/p/<token>")
@holder(LinkKind.PASS_ON)
def passed_on() -> str:
    """The call, at whose request, and the form to begin."""
    return render_template("public/passed_on.html", form=BeginForm(), **_frame())


@blueprint.post("/p/<token>")
@holder(LinkKind.PASS_ON)
def begun() -> Redirect | tuple[str, int]:
    """Begin an answer: lead to it, or say that its link was mailed."""
    own, form = here(), BeginForm()
    fault: str | None = None
    status = 422
    if form.validate():
        try:
            outcome = service.begin_own(unit.session(), own.invitation_id, form.body())
        except Invalid as refused:
            fault = blame(form, refused)
        except TooMany as refused:
            fault, status = refused.message, 429
        else:
            if not outcome.led:
                return redirect(url_for("public.link_mailed", token=own.token))
            flash(_("The link to your answer has also been mailed to %(email)s.", email=form.email.data), "done")
            return redirect(f"/{LinkKind.ANSWER.value}/{links.sign(LinkKind.ANSWER, outcome.invitation_id)}")
    return render_template("public/passed_on.html", form=form, fault=fault, **_frame()), status


@blueprint.get("/p/<token>/mailed")
@holder(LinkKind.PASS_ON)
def link_mailed() -> str:
    """Says that the link went to the address on file, and why it does not open here."""
    return render_template("public/link_mailed.html", **_frame())


@blueprint.get("/p/<token>/letter")
@holder(LinkKind.PASS_ON)
def passed_on_letter() -> str:
    """The letter in any of six languages."""
    text = text_view(unit.session(), here().campaign_id, chosen_text())
    return render_template("public/letter.html", text=text, body=prose(text.letter), **_frame())


@blueprint.get("/p/<token>/questionnaire")
@holder(LinkKind.PASS_ON)
def passed_on_questionnaire() -> str:
    """All questions, to read."""
    framed = _frame()
    form = questionnaires.form_of(unit.session(), framed["call"].questionnaire_version_id)
    back = url_for("public.passed_on", token=here().token)
    return render_template("public/questionnaire.html", form=form, back=back, **framed)


@blueprint.get("/p/<token>/files/<of>/<kind>")
@holder(LinkKind.PASS_ON)
def passed_on_file(of: str, kind: str) -> Response:
    """The note or the annexed questionnaire, as a download."""
    return campaign_file(unit.session(), unit.storage(), here().campaign_id, of, kind)
