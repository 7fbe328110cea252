"""The whole rehearsal against the running service: each fixed scene ends in a figure on the board."""

from collections.abc import Iterator
from email import message_from_bytes, policy

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import config, i18n
from outreach.campaigns.models import InvitationFact
from outreach.campaigns.stages import FactKind, Stage
from outreach.correspondence.models import Letter, LetterState
from outreach.inbox.models import MatchedBy, ReceivedMail
from outreach.rehearsal import crowd, scenes
from outreach.rehearsal.company import CODE, Company
from outreach.rehearsal.play import play
from outreach.rehearsal.world import UNREACHED
from outreach.reports.board import Board, Filters, Show, StateRow, board
from outreach.storage import Storage
from outreach.submissions import counting
from outreach.submissions.models import SubmissionVersion
from outreach.submissions.words import Behalf
from tests.stack.embedded import embedded

SMALL_CROWD = {
    "ACKNOWLEDGING": 8,
    "FORWARDING": 4,
    "ANSWERING": 2,
    "DRAFTING": 1,
    "EXPECTING_NONE": 1,
    "MINISTRIES_ANSWERING": 2,
}


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    """The world at the end of the play, with a small crowd: each of its acts is played, a few times."""
    with pytest.MonkeyPatch.context() as smaller, embedded(tmp_path_factory.mktemp("rehearsal")) as found:
        for name, number in SMALL_CROWD.items():
            smaller.setattr(crowd, name, number)
        yield play(found, lambda _percent, _scene: None)


@pytest.fixture(scope="module")
def session(company: Company) -> Iterator[Session]:
    with company.database.read() as opened:
        yield opened


@pytest.fixture(scope="module")
def shown(company: Company, session: Session) -> Board:
    with i18n.speaking("en"):
        return board(session, company.campaign_id, "en", Filters())


def row(shown: Board, state: str) -> StateRow:
    return next(one for group in shown.groups for one in group.rows if one.code == state)


def test_two_missions_that_both_answer_are_one_state(company: Company, session: Session, shown: Board) -> None:
    found = row(shown, scenes.TWO_MISSIONS)
    assert found.missions == 2
    assert found.counted_by(Show.REPLIED)
    assert list(counting.replies_of_states(session, company.campaign_id)).count(scenes.TWO_MISSIONS) == 1


def test_a_ministry_through_its_mission_is_a_reply_of_the_state(shown: Board) -> None:
    found = row(shown, scenes.THROUGH_MISSION)
    assert (found.stage, found.bodies) == (Stage.SUBMITTED, 2)
    assert found.counted_by(Show.REPLIED)


@pytest.mark.parametrize("state", [scenes.DIRECTLY, scenes.A_UNION, scenes.PASSED_ON])
def test_a_ministry_a_union_and_a_university_that_answer_directly_are_counted_apart(shown: Board, state: str) -> None:
    found = row(shown, state)
    assert found.others == 1
    assert not found.counted_by(Show.REPLIED)


def test_a_mailed_reply_that_staff_recorded_counts_and_no_reminder_leaves_after_it(
    company: Company, shown: Board
) -> None:
    assert row(shown, scenes.BY_MAIL).counted_by(Show.REPLIED)
    for seat in ("geneva", "new_york"):
        received = company.stage.mailboxes.subjects(company.world.mission(scenes.BY_MAIL, seat).email)
        assert received
        assert not [subject for subject in received if subject.startswith("Recordatorio")]


def test_that_reply_came_by_smtp_and_its_word_file_is_kept_byte_by_byte(company: Company, session: Session) -> None:
    storage = Storage(config.settings().storage)
    (mail,) = session.scalars(select(ReceivedMail).where(ReceivedMail.submission_id.is_not(None)))
    assert mail.matched_by is MatchedBy.REPLY_ADDRESS
    written = message_from_bytes(storage.get(mail.content), policy=policy.default)
    assert written["X-Mailer"].startswith("Microsoft Outlook")
    (attached,) = written.iter_attachments()
    version = session.scalars(
        select(SubmissionVersion).where(SubmissionVersion.submission_id == mail.submission_id)
    ).one()
    assert [one["filename"] for one in version.files] == ["respuesta.docx"]
    assert storage.get(version.files[0]["content"]) == attached.get_payload(decode=True)


def test_an_absence_is_noted_and_a_bounce_returns_its_letter(company: Company, session: Session, shown: Board) -> None:
    returned = session.scalars(select(Letter).where(Letter.state == LetterState.RETURNED)).one()
    assert returned.to_address == company.world.mission(scenes.A_UNION, "new_york").email
    noted = session.scalars(select(InvitationFact).where(InvitationFact.kind == FactKind.AUTO_REPLY)).one()
    assert noted.details["until"] == "2027-01-18"
    assert not row(shown, scenes.A_UNION).counted_by(Show.NOT_REACHED)


def test_a_reply_after_the_deadline_counts_and_is_marked(shown: Board) -> None:
    assert row(shown, scenes.TOO_LATE).counted_by(Show.LATE)
    assert shown.figures.states[Show.LATE] == 1


def test_an_extension_moves_the_deadline_of_one_state(shown: Board) -> None:
    assert row(shown, scenes.MORE_TIME).own_deadline is not None
    assert [one.code for group in shown.groups for one in group.rows if one.own_deadline] == [scenes.MORE_TIME]


def test_the_figures_are_those_of_the_crowd_and_the_scenes(company: Company, session: Session, shown: Board) -> None:
    figures = shown.figures.states
    transmitted = crowd.MINISTRIES_ANSWERING // 2
    of_scenes = len({scenes.TWO_MISSIONS, scenes.THROUGH_MISSION, scenes.BY_MAIL, scenes.TOO_LATE})
    assert figures[Show.ASKED] == 195
    assert figures[Show.NOT_REACHED] == UNREACHED
    assert figures[Show.REPLIED] == crowd.ANSWERING + transmitted + of_scenes
    assert shown.figures.others == 3
    apart = counting.others(session, company.campaign_id)
    assert {behalf: count.number for behalf, count in apart.items()} == {
        Behalf.NATIONAL_AUTHORITY: 1,
        Behalf.STAKEHOLDER: 2,
    }


def test_the_last_reminder_is_still_to_come_so_that_one_can_watch_it_leave(shown: Board) -> None:
    assert shown.next_reminder is not None
    assert f"{shown.next_reminder:%d %B %Y}" == "01 March 2027"


def test_staff_see_the_board_in_each_language(company: Company) -> None:
    for language in i18n.LANGUAGES:
        page = company.desk.open(f"/staff/campaigns/{CODE}?lang={language}")
        assert page.tree.get("lang") == language
