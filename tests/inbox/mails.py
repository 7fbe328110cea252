"""Mails as strangers write them, and a call for input that they may be about."""

from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.campaigns import invitations, letters, reminders
from outreach.campaigns.models import Campaign, Invitation, InvitationFact
from outreach.campaigns.stages import FactKind
from outreach.correspondence import outbox
from outreach.correspondence.models import Letter, LetterKind, LetterState
from outreach.identity.audit import Actor
from outreach.inbox.models import ReceivedMail
from tests import factories

MANAGER = Actor("manager@secretariat.example")
TO = "knowledge-hub@secretariat.example"


def mail(
    subject: str = "Re: Knowledge hub",
    text: str = "Please find our answer below.",
    *,
    to: str = TO,
    files: tuple[tuple[str, bytes], ...] = (),
    at: datetime = factories.NOW,
    **headers: str,
) -> bytes:
    """A mail; `headers` are written with underscores for hyphens, and replace the usual ones."""
    made = EmailMessage()
    usual = {
        "Return_Path": "<someone@mission.example>",
        "Received": f"from mission.example by mx.secretariat.example; {format_datetime(at)}",
        "From": "Someone <someone@mission.example>",
        "To": to,
        "Subject": subject,
        "Message_ID": f"<{abs(hash((subject, text, at)))}@mission.example>",
    }
    for name, value in (usual | headers).items():
        made[name.replace("_", "-")] = value
    made.set_content(text)
    for name, content in files:
        made.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return made.as_bytes().replace(b"\n", b"\r\n")


@dataclass(frozen=True)
class World:
    """A launched call with a reminder five days before its deadline: Kazakhstan's mission, whose letter left, and Jordan's."""

    campaign: Campaign
    mission: Invitation
    other: Invitation
    letter: Letter

    @property
    def bounces_to(self) -> str:
        """The envelope sender of the mission's letter."""
        return outbox.envelope_sender(self.letter.envelope_token)


def world(session: Session, **columns: object) -> World:
    """Make it."""
    with clock.stopped_at(factories.LAUNCHED):
        campaign = factories.campaign(session, **columns)
        reminders.set_plan(session, campaign.id, (-5,))
        mission = factories.invitation(session, campaign, factories.mission(session, "KAZ"))
        other = factories.invitation(session, campaign, factories.mission(session, "JOR"))
        (letter_id,) = letters.queue_for(session, mission, LetterKind.INVITATION, "launch")
        for one in (mission, other):
            invitations.record(session, one.id, FactKind.LETTER_SENT, by="tests")
    letter = session.get_one(Letter, letter_id)
    letter.state, letter.settled_at = LetterState.SENT, factories.LAUNCHED
    session.flush()
    return World(campaign, mission, other, letter)


def reminded(session: Session, at: datetime) -> set[str | None]:
    """The States that the tick at an instant queues a reminder for."""
    with clock.stopped_at(at):
        reminders.queue_due(session)
    return set(
        session.scalars(
            select(Invitation.state_code)
            .join(Letter, Letter.invitation_id == Invitation.id)
            .where(Letter.kind == LetterKind.REMINDER, Letter.queued_at == at)
        )
    )


def facts(session: Session, one: Invitation) -> list[FactKind]:
    """What is recorded of an invitation's mail, in order."""
    wanted = select(InvitationFact.kind).where(
        InvitationFact.invitation_id == one.id,
        InvitationFact.kind.in_([FactKind.MAIL_RECEIVED, FactKind.MAIL_LOOKED_AT]),
    )
    return list(session.scalars(wanted.order_by(InvitationFact.at, InvitationFact.id)))


def all_mail(session: Session) -> list[ReceivedMail]:
    """All mail that is kept, as it came."""
    session.expire_all()
    return list(
        session.scalars(select(ReceivedMail).order_by(ReceivedMail.received_at, ReceivedMail.subject, ReceivedMail.id))
    )


def bounce(
    w: World, *, to: str | None = None, failed: str | None = None, permanent: bool = True, id_: str = ""
) -> bytes:
    """A report by the rules (RFC 3464), written for this test: to the letter's own address, about its recipient."""
    status, words = ("5.1.1", "550 5.1.1 No such mailbox") if permanent else ("4.2.2", "452 4.2.2 Mailbox full")
    original = f"Message-ID: {id_}\r\n" if id_ else ""
    return (
        f"Return-Path: <>\r\nFrom: Mail Delivery System <mailer-daemon@mx.example>\r\nTo: {to or w.bounces_to}\r\n"
        f"Subject: Undelivered Mail Returned to Sender\r\nMessage-ID: <{clock.now().timestamp()}{status}@mx.example>\r\n"
        'MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary="zz"\r\n\r\n'
        "--zz\r\nContent-Type: text/plain\r\n\r\nYour message could not be delivered.\r\n"
        "--zz\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
        f"Final-Recipient: rfc822; {failed or w.letter.to_address}\r\nAction: failed\r\nStatus: {status}\r\n"
        f"Diagnostic-Code: smtp; {words}\r\n\r\n"
        f"--zz\r\nContent-Type: text/rfc822-headers\r\n\r\nSubject: A note\r\n{original}\r\n--zz--\r\n"
    ).encode()
