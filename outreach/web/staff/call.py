"""Preparing a call for input: what is there in each language, what stands against the launch, and where it is mended."""

from flask import render_template, url_for

from outreach import i18n
from outreach.campaigns import asking, lint, orders, service
from outreach.campaigns import launch as launching
from outreach.campaigns import queries as campaigns
from outreach.campaigns.lint import Finding, Severity
from outreach.campaigns.words import FileKind
from outreach.identity.words import StaffRole
from outreach.questionnaires import counting
from outreach.questionnaires import queries as questionnaires
from outreach.reports import words
from outreach.web import names, unit
from outreach.web.access import staff
from outreach.web.staff import blueprint
from outreach.web.staff.sending import may_try, sending
from outreach.web.staff.state import may_change


def title_of(code: str) -> tuple[str, str]:
    """The title of a call in the language spoken, else in its original language, else its code; and the language it is in."""
    campaign = campaigns.campaign_by_code(unit.session(), code)
    texts = campaigns.texts(unit.session(), campaign.id)
    for language in (i18n.language(), campaign.original_language):
        if language in texts and texts[language].title:
            return texts[language].title, language
    return campaign.code, i18n.language()


def mended_at(code: str, finding: Finding) -> str:
    """The page on which what was found is mended."""
    if finding.where == "texts" and finding.language is not None:
        return url_for("staff.text", code=code, of=finding.language)
    if finding.where == "texts":
        return url_for("staff.call", code=code, _anchor="languages")
    if finding.where == "files" and finding.language is not None:
        return url_for("staff.documents", code=code, _anchor=finding.language)
    if finding.where == "files":
        return url_for("staff.questionnaire", code=code)
    if finding.where == "translations":
        return url_for("staff.translations", code=code)
    if finding.where == "audience":
        return url_for("staff.directory")
    return url_for("staff.settings", code=code)


def to_do(code: str, found: list[Finding]) -> dict[str, list[tuple[str, str]]]:
    """The findings by severity, each as its sentence and the address of the page where it is mended."""
    return {
        severity.value: [(one.sentence, mended_at(code, one)) for one in found if one.severity is severity]
        for severity in Severity
    }


@blueprint.get("/campaigns/<code>/call")
@staff(StaffRole.READER)
def call(code: str) -> str:
    """The call for input as far as it is prepared."""
    session = unit.session()
    campaign = campaigns.campaign_by_code(session, code)
    form = None
    if campaign.questionnaire_version_id is not None:
        form = questionnaires.form_of(session, campaign.questionnaire_version_id)
    title, title_language = title_of(code)
    leaving = sending(session, campaign.id) if campaign.launched_at is not None else None
    order = orders.current(session, campaign.id)
    prepared = campaign.launched_at is None and (order is None or not order.stands)
    return render_template(
        "staff/call.html",
        campaign=campaign,
        title=title,
        title_language=title_language,
        settings=service.settings_of(session, campaign.id),
        texts=campaigns.texts(session, campaign.id),
        files={(file.language, file.kind): file for file in campaigns.files(session, campaign.id)},
        kinds=list(FileKind),
        questions=counting.questions(form) if form else 0,
        order=order,
        to_do=to_do(campaign.code, lint.lint(session, campaign.id)) if prepared else {},
        plan=launching.plan(session, campaign),
        names=names,
        words=words,
        may_change=may_change(),
        sending=leaving,
        not_asked=asking.cancelled(session, campaign.id) if leaving and leaving.progress.cancelled else 0,
        may_try=may_try(),
    )
