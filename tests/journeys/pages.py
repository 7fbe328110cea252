"""Every page that a GET can reach, as an address with gaps, and a world that fills the gaps: drafts, parts, receipts, letters, mail."""

import re
from dataclasses import replace
from datetime import date

from outreach import clock, config, i18n
from outreach.campaigns import queries as campaign_queries
from outreach.campaigns import service as campaigns
from outreach.campaigns.folder import read_folder
from outreach.directory.importing import import_file
from outreach.file_types import DOCX
from outreach.identity import service as identity
from outreach.identity.audit import SERVICE
from outreach.inbox import service as inbox
from outreach.questionnaires import queries as questionnaires
from outreach.questionnaires.documents.word import questionnaire_docx
from outreach.questionnaires.documents.wording import Front
from outreach.questionnaires.form import Question, QuestionType
from outreach.rehearsal import acts
from outreach.rehearsal.acts import Stage
from outreach.rehearsal.bodies import Body, ministry
from outreach.rehearsal.company import CODE, Company
from outreach.rehearsal.scenes import RESERVED
from outreach.rehearsal.secretariat import ADMINISTRATOR, MANAGER, SAMPLE, Desk
from outreach.rehearsal.world import Mission
from outreach.storage import Storage
from outreach.submissions import service as submissions
from outreach.submissions.recording import RecordedReply
from outreach.submissions.words import Behalf, Channel

PREPARED = "KH-2028"
"""The code of a call for input that is being prepared."""

PAGES = (
    "/",
    "/c?code=XX-0000",
    f"/c/{CODE}",
    f"/c/{CODE}/questionnaire",
    "/p/{pass_on}",
    "/p/{pass_on}/letter",
    "/p/{pass_on}/questionnaire",
    "/p/{pass_on}/mailed",
    "/u/{stop}",
    "/test-letter",
    "/m/{mission}",
    "/m/{body}",
    "/m/{mission}/note",
    "/m/{mission}/questionnaire",
    "/m/{mission}/text",
    "/m/{mission}/cover-note",
    "/m/{mission}/forward",
    "/m/{body}/forward",
    "/m/{mission}/acknowledge",
    "/m/{mission}/no-submission",
    "/m/{mission}/no-submission?code=sent",
    "/m/{mission}/wrong-addressee",
    "/m/{mission}/address",
    "/m/{mission}/more-time",
    "/m/{mission}/bodies/{refused}/address",
    "/m/{mission}/parts/{part}",
    "/m/{mission}/parts/{part}?code=sent",
    "/m/{answering}/transmitted/{submission}",
    "/a/{untouched}",
    "/a/{draft}",
    "/a/{draft}/letter",
    "/a/{draft}/questionnaire",
    *(f"/a/{{draft}}/parts/{number}" for number in range(1, 7)),
    "/a/{draft}/file",
    "/a/{draft}/file/{brought}",
    "/a/{draft}/review",
    "/a/{sent}",
    "/a/{sent}/review",
    "/a/{submitted}",
    "/a/{submitted}/receipt",
    "/staff/login",
    "/staff/reset",
    "/staff/reset/{forgotten}",
    "/staff/enter/{entry}",
    "/staff/verify",
    "/staff/change",
    "/staff/",
    "/staff/demo",
    "/staff/mail",
    "/staff/mail?show=all",
    "/staff/mail/{mail}",
    "/staff/mail/{mail}/answer",
    "/staff/directory",
    "/staff/directory/import",
    "/staff/directory/unmatched",
    "/staff/directory/states/{state}",
    "/staff/directory/institutions/new",
    "/staff/directory/institutions/{institution}",
    "/staff/accounts",
    "/staff/accounts/new",
    "/staff/accounts/{account}",
    "/staff/audit",
    "/staff/campaigns/new",
    f"/staff/campaigns/{CODE}",
    f"/staff/campaigns/{CODE}?show=not_reached",
    f"/staff/campaigns/{PREPARED}",
    f"/staff/campaigns/{CODE}/addressees",
    f"/staff/campaigns/{CODE}/call",
    f"/staff/campaigns/{PREPARED}/call",
    f"/staff/campaigns/{CODE}/close",
    f"/staff/campaigns/{CODE}/deadline",
    f"/staff/campaigns/{PREPARED}/deadline",
    f"/staff/campaigns/{CODE}/others",
    f"/staff/campaigns/{CODE}/preview",
    f"/staff/campaigns/{CODE}/preview/body",
    f"/staff/campaigns/{CODE}/record",
    f"/staff/campaigns/{CODE}/record?state={{state}}",
    f"/staff/campaigns/{CODE}/sending/cancel",
    f"/staff/campaigns/{CODE}/states/{{state}}",
    f"/staff/campaigns/{CODE}/states/{{silent}}",
    f"/staff/campaigns/{CODE}/test",
    f"/staff/campaigns/{CODE}/unreached",
    f"/staff/campaigns/{PREPARED}/files",
    f"/staff/campaigns/{PREPARED}/launch",
    f"/staff/campaigns/{PREPARED}/launch/dry-run",
    f"/staff/campaigns/{PREPARED}/questionnaire",
    f"/staff/campaigns/{PREPARED}/questionnaire/edit",
    f"/staff/campaigns/{PREPARED}/questionnaire/edit/preview",
    f"/staff/campaigns/{PREPARED}/questionnaire/edit/questions/strategy",
    f"/staff/campaigns/{PREPARED}/questionnaire/translations",
    f"/staff/campaigns/{PREPARED}/questionnaire/versions",
    f"/staff/campaigns/{PREPARED}/settings",
    f"/staff/campaigns/{PREPARED}/texts/ar",
    "/staff/letters/{letter}",
    "/staff/letters/{letter}/body",
    "/staff/submissions/{submission}",
    "/staff/submissions/{recorded}/answers",
)
"""The addresses. What stands in braces is a key of `furnish`; a page that looks different in several cases stands here several times."""

NO_PAGES = {
    "answer.clearing": "a question before an act; nothing is set aside here",
    "answer.deadline_entry": "a download",
    "answer.document": "a download",
    "answer.file": "a download",
    "answer.page_of": "leads to another page",
    "answer.questionnaire_download": "a download",
    "answer.receipt_copy": "a download",
    "answer.removal": "a question before an act; nothing is set aside here",
    "mission.cover_file": "a download",
    "mission.deadline_entry": "a download",
    "mission.file": "a download",
    "mission.part_file": "a download",
    "mission.part_of_return": "leads to another page",
    "mission.passing_file": "a download",
    "mission.questionnaire_download": "a download",
    "mission.transmitted_copy": "a download",
    "mission.transmitted_file": "a download",
    "public.call_deadline": "a download",
    "public.call_file": "a download",
    "public.call_questionnaire_file": "a download",
    "public.health": "for programs",
    "public.passed_on_file": "a download",
    "public.picture": "a picture of a questionnaire",
    "security.static": "files of the library",
    "staff.board_file": "a download",
    "staff.document": "a download",
    "staff.document_page": "a picture of a page",
    "staff.order_progress": "a part of a page",
    "staff.mail_attachment": "a download",
    "staff.mail_look": "a part of a page",
    "staff.mail_raw": "a download",
    "staff.printed": "a download",
    "staff.printed_for_each": "a download",
    "staff.sample_folder": "a download",
    "staff.sample_workbook": "a download",
    "staff.sending_figures": "a part of a page",
    "staff.submission_file": "a download",
    "staff.translation_file": "a download",
    "staff.workbook": "a download",
    "static": "stylesheet and scripts",
}
"""The endpoints behind which there is no page, and what there is."""

STRANGERS = ("/staff/login", "/staff/reset", "/staff/enter")
"""How the pages of staff begin that are for whoever has not signed in."""


def free_missions(company: Company, language: str) -> list[Mission]:
    """Missions in Geneva that read this language, whose addresses work, and that no fixed scene needs."""
    return [
        mission
        for mission in company.world.missions
        if mission.seat == "geneva"
        and mission.language == language
        and not mission.refuses
        and mission.state not in RESERVED
    ]


def furnish(company: Company) -> dict[str, str]:
    """Play what must have happened, and say what fills the gaps of PAGES."""
    stage = company.stage
    asking, answering, passing, other = free_missions(company, "en")[:4]
    health, labour, justice = (ministry(asking.state, sector, "en") for sector in ("health", "labour", "justice"))
    wrong = Body("Ministry of Education", "ministry", "education", f"refuse-550@{asking.state.lower()}.example", "en")
    acts.forward(stage, asking.email, "en", [health, labour, wrong])
    university = Body(
        "Invented University", "university", "education", f"university@{asking.state.lower()}.example", "en"
    )
    acts.forward(stage, asking.email, "en", [justice, university])
    acts.answer(stage, health.email, "en")
    acts.answer(stage, labour.email, "en", parts=2)
    acts.answer(stage, answering.email, "en", code_to=answering.email)
    acts.ask_for_time(stage, passing.email, "en", date(2027, 3, 19), "The ministries concerned meet on 12 March.")
    _is_not_for(stage, other.email)
    company.days.quiet()

    mission = stage.link(asking.email, "m")
    with stage.visitor("en") as visitor:
        overview = visitor.open(mission)
        part, refused = _id(overview.link("/parts/"), "parts"), _id(overview.link("/bodies/"), "bodies")
        submitted = visitor.open(stage.link(answering.email, "m")).link("/a/")
    links = {
        "mission": mission,
        "answering": stage.link(answering.email, "m"),
        "pass_on": stage.link(passing.email, "p"),
        "body": stage.link(justice.email, "m"),
        "untouched": stage.link(justice.email, "a"),
        "draft": stage.link(labour.email, "a"),
        "sent": stage.link(health.email, "a"),
        "submitted": submitted,
        "stop": stage.link(university.email, "u"),
    }
    found = {name: path.split("/")[2] for name, path in links.items()}
    found |= {"part": part, "refused": refused, "state": asking.state, "silent": passing.state}
    found["brought"] = _brought(company, f"/a/{found['draft']}")
    return found | _at_the_secretariat(company, asking, answering)


def _id(path: str, after: str) -> str:
    """The part of a path that follows `after`."""
    parts = path.split("/")
    return parts[parts.index(after) + 1]


def _brought(company: Company, answer: str) -> str:
    """A respondent brings back a Word file with two answers; the id of the file."""
    with i18n.speaking("en"), company.database.reading() as session:
        campaign = campaign_queries.campaign_by_code(session, CODE)
        form = questionnaires.form_of(session, campaign.questionnaire_version_id)
    texts = [
        item.name
        for part in form.parts
        for item in part.items
        if isinstance(item, Question) and item.type is QuestionType.TEXT
    ]
    answers = dict.fromkeys(texts[-2:], "An answer from a file.")
    content = questionnaire_docx(form, "en", Front("Knowledge hub"), answers, at=clock.now())
    with company.stage.visitor("en") as visitor:
        page = visitor.open(f"{answer}/file")
        return _id(visitor.send(page, "/file", files={"file": ("answers.docx", content, DOCX)}).path, "file")


def _is_not_for(stage: Stage, address: str) -> None:
    """A mission says that the note should go to somebody else."""
    path = stage.link(address, "m")
    with stage.visitor("en") as visitor:
        page = visitor.open(f"{path}/wrong-addressee")
        visitor.send(
            page, page.path, {"email": "foreign.ministry@capital.example", "words": "Ministry of Foreign Affairs"}
        )


def _at_the_secretariat(company: Company, asking: Mission, answering: Mission) -> dict[str, str]:
    """A call in preparation, a row of the directory without its State, a received mail, and a forgotten password."""
    storage = Storage(config.settings().storage)
    row = "state,kind,seat,email,source,as_of\nAtlantis,permanent_mission,geneva,mission@atlantis.example,A list,2027-01-04\n"
    mail = f"From: mission-geneva@{asking.state.lower()}.example\r\nTo: outreach@outreach.example\r\nSubject: {CODE}\r\n\r\nPlease find our reply.\r\n"
    with i18n.speaking("en"), company.database.write() as session:
        campaigns.import_folder(session, storage, replace(read_folder(SAMPLE), code=PREPARED), SERVICE)
        import_file(session, row.encode(), "a list.csv", SERVICE)
        taken = inbox.take_in(session, storage, mail.encode(), "a mailbox")
        members = {member.email: member for member in identity.all_staff(session)}
        account, entry = members[MANAGER].id, identity.entry_token(members[MANAGER])
        reply = RecordedReply(
            campaign_id=campaign_queries.campaign_by_code(session, CODE).id,
            behalf=Behalf.STAKEHOLDER,
            channel=Channel.PAPER,
            received_on=clock.today("Europe/Zurich"),
            documents=(("reply.txt", b"We welcome the knowledge hub."),),
            state_code=asking.state,
            body="Invented League",
        )
        recorded = submissions.record_by_staff(session, storage, reply, SERVICE).submission_id
    with Desk(company.stage.base_url, company.database, ADMINISTRATOR) as desk:
        state = desk.open(f"/staff/campaigns/{CODE}/states/{answering.state}")
        submission, letter = _id(state.link("/submissions/"), "submissions"), _id(state.link("/letters/"), "letters")
        listed = desk.open(f"/staff/directory/states/{asking.state}")
        institution = _id(listed.link("/institutions/"), "institutions")
    return {
        "submission": submission,
        "recorded": str(recorded),
        "letter": letter,
        "institution": institution,
        "mail": str(taken.mail_id),
        "account": str(account),
        "entry": entry,
        "forgotten": _forgotten(company),
    }


def _forgotten(company: Company) -> str:
    """The token in the mail that somebody gets who has forgotten the password."""
    before = company.stage.mailboxes.count(MANAGER)
    with company.stage.visitor("en") as visitor:
        visitor.send(visitor.open("/staff/reset"), "/staff/reset", {"email": MANAGER})
    mail = company.stage.mail(MANAGER, before)
    link = re.search(r"/staff/reset/(\S+)", mail.body("plain"))
    assert link is not None, mail.body("plain")
    return link.group(1)
