"""`outreach sending`: what is held, and a person's word that it goes on."""

import click
from click.testing import CliRunner, Result
from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import i18n
from outreach.cli import sending
from outreach.identity.models import AuditEntry
from tests import factories
from tests.correspondence.letters import queued


def run(command: click.Command, *arguments: str) -> Result:
    with i18n.speaking("en"):
        return CliRunner().invoke(command, list(arguments), catch_exceptions=False)


def test_everything_is_held_and_goes_on_by_a_persons_word(session: Session, english: None) -> None:
    call = factories.campaign(session)
    queued(session, campaign_id=call.id)
    session.commit()
    assert "Letters leave." in run(sending.state_command).output
    run(sending.hold_command, "--reason", "A backup is restored.")
    shown = run(sending.state_command).output
    assert "A backup is restored." in shown
    assert f"{call.code}: 1 invitation waits" in shown
    assert CliRunner().invoke(sending.go_on_command, input="n\n").exit_code == 1
    assert "A backup is restored." in run(sending.state_command).output
    assert "go on" in run(sending.go_on_command, "--yes").output
    assert "Letters leave." in run(sending.state_command).output
    assert run(sending.go_on_command, "--yes").output == "Nothing is held.\n"
    session.expire_all()
    acts = session.scalars(select(AuditEntry.act).where(AuditEntry.act.startswith("sending.")).order_by(AuditEntry.at))
    assert list(acts) == ["sending.paused", "sending.tried_again"]
