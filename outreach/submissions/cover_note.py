"""The note with which a mission sends its reply on paper: drafted in its language, with reference and annexes, to be changed in Word."""

import uuid
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.campaigns import queries as campaigns
from outreach.correspondence.documents.page import Block, Page, Run
from outreach.correspondence.documents.word import to_docx
from outreach.dates import place, un_date
from outreach.directory import queries as directory
from outreach.directory.words import MISSION_KINDS, Seat
from outreach.errors import Missing
from outreach.i18n import _
from outreach.submissions import cover_words, files
from outreach.submissions.models import Submission, SubmissionVersion

_ZONES = {Seat.GENEVA: "Europe/Zurich", Seat.NEW_YORK: "America/New_York"}


@dataclass(frozen=True)
class CoverNote:
    """The note in one language, as plain text to copy and as a Word file."""

    language: str
    text: str
    page: Page

    def docx(self) -> bytes:
        """The Word file."""
        return to_docx(self.page)


@dataclass(frozen=True)
class _Transmitted:
    number: str
    institution_id: uuid.UUID
    filenames: tuple[str, ...]


def cover_note(session: Session, invitation_id: uuid.UUID, language: str) -> CoverNote:
    """The note of the mission that was asked, with the replies that it transmitted. Raises Missing where it is no mission."""
    invitation = campaigns.invitation(session, invitation_id)
    mission = directory.institution(session, invitation.institution_id, language)
    if mission.kind not in MISSION_KINDS or mission.state_code is None or mission.seat is None:
        raise Missing(_("This page is for missions."))
    campaign = campaigns.campaign(session, invitation.campaign_id)
    texts = campaigns.texts(session, campaign.id)
    state = directory.state(session, mission.state_code, language)
    zone = _ZONES[mission.seat]
    replies = _transmitted(session, invitation_id)
    values = {
        "mission": mission.name,
        "government": cover_words.government(state.code, state.formal, state.of_form, language),
        "reference": campaign.note_reference,
        "title": (texts.get(language) or texts[campaign.original_language]).title,
        "date": un_date(campaign.note_date, language),
        "numbers": ("、" if language == "zh" else "، " if language == "ar" else ", ").join(r.number for r in replies),
        "number": replies[0].number if replies else "",
    }
    today = un_date(clock.today(zone), language)
    said = [cover_words.TRANSMITS]
    if replies:
        said.append(cover_words.NUMBERED if len(replies) == 1 else cover_words.SEVERAL_NUMBERED)
    page = Page(
        language=language,
        title=cover_words.HEADING[language],
        author=mission.name,
        day=clock.today(zone),
        letterhead=mission.name,
        reference=cover_words.REFERENCE[language],
        date_above="",
        heading=cover_words.HEADING[language],
        salutation="",
        blocks=tuple(Block("paragraph", (Run(words[language].format(**values)),)) for words in said),
        valediction=cover_words.CLOSING[language].format(**values),
        signature="",
        date_below=cover_words.DATED[language].format(place=place(zone, language), date=today),
        initials="",
        annex="\n".join([cover_words.ANNEXES[language], *_annexes(session, replies, values, language)]),
        addressees=(),
        address="",
        address_lines=(),
        picture_text="",
    )
    return CoverNote(language, _text(page), page)


def _transmitted(session: Session, invitation_id: uuid.UUID) -> list[_Transmitted]:
    """The last version of each reply that the mission transmitted, in the order of their numbers."""
    found = session.execute(
        select(Submission, SubmissionVersion)
        .join(SubmissionVersion, SubmissionVersion.submission_id == Submission.id)
        .where(SubmissionVersion.transmitted_by_id == invitation_id)
        .order_by(Submission.number, SubmissionVersion.number)
    )
    last = {submission.id: (submission, version) for submission, version in found}
    return [
        _Transmitted(
            submission.number or "",
            campaigns.invitation(session, submission.invitation_id).institution_id,
            tuple(line.filename for line in files.of_version(version)),
        )
        for submission, version in last.values()
    ]


def _annexes(session: Session, replies: list[_Transmitted], values: dict[str, str], language: str) -> list[str]:
    if not replies:
        return [f"1. {cover_words.REPLY[language].format(**values)}"]
    named: list[str] = []
    for reply in replies:
        name = directory.institution_name(session, reply.institution_id, language)
        named.append(cover_words.REPLY_NUMBERED[language].format(number=reply.number, name=name))
        named.extend(reply.filenames)
    return [f"{number}. {one}" for number, one in enumerate(named, 1)]


def _text(page: Page) -> str:
    paragraphs = [
        page.reference,
        *("".join(run.text for run in block.runs) for block in page.blocks),
        page.valediction,
        page.date_below,
        page.annex,
    ]
    return "\n\n".join(paragraphs) + "\n"
