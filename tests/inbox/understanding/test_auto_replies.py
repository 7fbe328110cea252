"""Absences are known in twelve languages, with the day and the substitute where they can be read; and people are not taken for machines."""

import pytest

from outreach.inbox.understanding import MailKind, classify
from tests.inbox.understanding.absences import ABSENCES, BY_PEOPLE, Absence


@pytest.mark.parametrize("absence", ABSENCES, ids=lambda one: f"{one.language}: {one.subject[:20]}")
def test_an_absence_is_known_with_its_day_and_substitute(absence: Absence) -> None:
    found = classify(absence.raw)
    assert found.kind is MailKind.AUTO_REPLY, found.evidence
    assert (found.until, found.substitute) == (absence.until, absence.substitute)
    assert found.evidence and found.confidence >= 0.7


@pytest.mark.parametrize("mail", BY_PEOPLE, ids=lambda one: one.subject)
def test_what_people_write_is_no_automatic_answer(mail: Absence) -> None:
    assert not classify(mail.raw).kind.is_automatic, classify(mail.raw).evidence


def test_auto_submitted_alone_decides_nothing() -> None:
    for value in ("auto-replied", "auto-generated", "auto-notified"):
        mail = (
            f"Auto-Submitted: {value}\nFrom: a@mission.example\nSubject: Our submission\n\nPlease find it attached.\n"
        )
        assert classify(mail.encode()).kind is MailKind.REPLY


def test_an_answer_without_words_is_an_answer() -> None:
    for headers in ("In-Reply-To: <a@b.example>\nSubject: x", "Subject: Re: x", "Subject: Re: Automatic reply"):
        assert classify(f"From: a@mission.example\n{headers}\n\n".encode()).kind is MailKind.REPLY


def test_a_notice_of_a_machine_answers_nothing_and_is_no_reply() -> None:
    mail = "Auto-Submitted: auto-generated\nX-Auto-Response-Suppress: All\nFrom: no-reply@cloud.example\nSubject: Holiday report\n\n"
    assert classify(f"{mail}This is an automated message.\n".encode()).kind is MailKind.OTHER


@pytest.mark.parametrize(
    "words",
    [
        "I am out of the office until 03/04/2027.",  # the third of April or the fourth of March
        "I am out of the office until further notice.",
        "I am out of the office until 31 February 2027.",
    ],
)
def test_a_day_that_is_not_sure_is_not_read(words: str) -> None:
    mail = Absence("en", "X-Autoreply: yes\n", "Automatic reply", words, None)
    assert classify(mail.raw).until is None


def test_a_challenge_and_a_moderator_are_known() -> None:
    for text in (
        "To complete this verification, reply to this mail.",
        "Your mail to 'Talk' with the subject x is being held until the list moderator can review it for approval.",
    ):
        mail = f"Return-Path: <>\nFrom: a@b.example\nSubject: Your message awaits moderator approval\n\n{text}\n"
        assert classify(mail.encode()).kind is MailKind.CHALLENGE


def test_a_challenge_that_marks_nothing_is_known_and_what_its_own_people_write_is_theirs() -> None:
    text = "I'm protecting myself from receiving junk mail. Just this once, click the link below."
    assert classify(f"From: a@b.example\nSubject: Re: Call\n\n{text}\n".encode()).kind is MailKind.CHALLENGE
    member = "X-Delivery-Agent: TMDA/1.0\nX-TMDA-Fingerprint: abc\nFrom: a@b.example\nSubject: Call"
    assert classify(f"{member}\n\nWe have nothing to report.\n".encode()).kind is MailKind.REPLY
    held = f"Return-Path: <>\n{member}\n\nThis message was created automatically by mail delivery software.\n"
    assert classify(held.encode()).kind is MailKind.CHALLENGE


def test_a_challenge_is_known_by_what_it_asks_for() -> None:
    for text in (
        "Veuillez cliquer sur le lien afin que votre message soit remis à son destinataire.",
        "Please click the link below so that your message can be delivered to my inbox.",
    ):
        mail = f"From: a@b.example\nSubject: Re: Call\nContent-Type: text/plain; charset=utf-8\n\n{text}\n"
        assert classify(mail.encode()).kind is MailKind.CHALLENGE
