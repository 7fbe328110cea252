"""`outreach sending` and what `outreach campaign` does while letters leave: said in sentences, with the exit status to match."""

import click
import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import i18n
from outreach.cli import campaign_sending as one_call
from outreach.cli import sending
from outreach.errors import Missing, Refused
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
    acts = session.scalars(
        select(AuditEntry.act).where(AuditEntry.act.startswith("sending.")).order_by(AuditEntry.at, AuditEntry.id)
    )
    assert list(acts) == ["sending.paused", "sending.tried_again"]


def test_a_call_is_paused_goes_on_and_the_rest_is_cancelled(session: Session, english: None) -> None:
    call = factories.campaign(session)
    draft = factories.campaign(session, "KH-2029", launched=False)
    queued(session, campaign_id=call.id)
    session.commit()
    assert run(one_call.progress_command, draft.code).output == "In preparation: nothing has been sent.\n"
    assert run(one_call.progress_command, call.code).output == "0 of 1 letter has left · 1 waits\n"
    assert run(one_call.resume_command, call.code).output == "Sending is not paused.\n"
    with pytest.raises(Refused, match="Please pause the sending first"):
        run(one_call.cancel_command, call.code, "--yes")
    with pytest.raises(Missing, match="NO-1"):
        run(one_call.pause_command, "NO-1")
    assert "Sending is paused." in run(one_call.pause_command, call.code, "--reason", "a wrong annex").output
    assert "already" in run(one_call.pause_command, call.code, "--reason", "another").output
    shown = run(one_call.progress_command, call.code).output
    assert "Sending is paused since" in shown and "“a wrong annex”" in shown
    with i18n.speaking("en"):
        asked = CliRunner().invoke(one_call.cancel_command, [call.code], input="n\n")
    assert (asked.exit_code, "Cancel 1 letter" in asked.output) == (1, True)
    assert run(one_call.cancel_command, call.code, "--yes").output == "1 letter is cancelled.\n"
    run(one_call.pause_command, call.code)
    assert run(one_call.cancel_command, call.code).output == "Nothing waits that could be cancelled.\n"
    run(sending.hold_command)
    assert "`outreach sending go-on`" in run(one_call.resume_command, call.code).output
