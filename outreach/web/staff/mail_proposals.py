"""What a mail seems to say, as its page proposes it: the sentence, and a form that accepts it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from wtforms import DateField, StringField, TextAreaField

from outreach.i18n import lazy
from outreach.inbox import accepting
from outreach.inbox.accepting import Accepted
from outreach.inbox.diplomacy import Proposal
from outreach.inbox.diplomacy_phrases import Saying
from outreach.inbox.queries import ShownMail
from outreach.web import unit
from outreach.web.forms import Form, OneLine, at_most, email, required
from outreach.web.staff.settings_form import ThisAge

TIME, ADDRESS = "time-", "address-"
"""The page has the form for recording beside these: names are told apart."""


class MoreTimeForm(Form):
    """Until when, and why: what the mail asks for, as a request that waits for a decision."""

    until = DateField(lazy("Until the end of"), [required(), ThisAge()])
    reason = TextAreaField(lazy("Reason"), [required(), at_most(2000)])


class NewAddressForm(Form):
    """Where to write from now on."""

    email = StringField(lazy("New address"), [required(), OneLine(), at_most(254), email()])


@dataclass(frozen=True)
class Sent:
    """The form that came back, and what the service found wrong with it."""

    saying: Saying
    form: Form
    fault: str | None = None


@dataclass(frozen=True)
class ProposalView:
    """A proposal with its form; `done` says who accepted it."""

    proposal: Proposal
    words: Any
    explained: Any
    act: Any
    form: Form | None
    done: Accepted | None
    fault: str | None = None

    @property
    def can_be_undone(self) -> bool:
        """Whether what was accepted can be taken back here."""
        return self.proposal.saying in accepting.UNDONE


def form_of(proposal: Proposal, **given: Any) -> Form | None:
    """The form by which a proposal is accepted, None where there is nothing to fill in."""
    if proposal.saying is Saying.MORE_TIME:
        return MoreTimeForm(prefix=TIME, **given)
    return NewAddressForm(prefix=ADDRESS, **given) if proposal.saying is Saying.NEW_ADDRESS else None


def views(found: ShownMail, sent: Sent | None = None) -> list[ProposalView]:
    """The proposals of a mail that belongs to an institution."""
    if found.line.belongs_to is None or not found.proposals:
        return []
    done = accepting.accepted(unit.session(), found.line.id)
    return [_view(one, done.get(one.saying), sent) for one in found.proposals]


def leading(found: ShownMail, proposals: Sequence[ProposalView]) -> Saying | None:
    """What is most likely to be done with a mail, where that is not to record it: the first thing that it says, while it waits, brings no
    file and does not call itself the reply."""
    if found.line.outcome is not None or found.attachments:
        return None
    if any(one.proposal.saying is Saying.FINAL_REPLY for one in proposals):
        return None
    return next((one.proposal.saying for one in proposals if one.done is None), None)


def _view(one: Proposal, done: Accepted | None, sent: Sent | None) -> ProposalView:
    came_back = sent if sent is not None and sent.saying is one.saying else None
    form = came_back.form if came_back else form_of(one, formdata=None, **_read(one))
    words, explained, act = _WORDS[one.saying]
    return ProposalView(one, words, explained, act, form, done, came_back.fault if came_back else None)


def _read(one: Proposal) -> dict[str, Any]:
    if one.saying is Saying.MORE_TIME:
        return {"until": one.until, "reason": one.sentence}
    return {"email": one.address} if one.saying is Saying.NEW_ADDRESS else {}


def proposed(found: ShownMail, saying: Saying) -> Proposal | None:
    """What a mail says of one thing."""
    return next((one for one in found.proposals if one.saying is saying), None)


_WORDS: dict[Saying, tuple[Any, Any, Any]] = {
    Saying.FORWARDED: (
        lazy("It was sent on to the capital or to those who are competent"),
        lazy("The history then says that receipt was acknowledged, with this sentence."),
        lazy("Note it in the history"),
    ),
    Saying.MORE_TIME: (
        lazy("More time is asked for"),
        lazy("The request then waits for a decision under “Deadline and reminders”."),
        lazy("Note the request for more time"),
    ),
    Saying.FINAL_REPLY: (
        lazy("This is the reply"),
        lazy("The form for recording it has this sentence as the reason: please check it."),
        lazy("Record it as a reply"),
    ),
    Saying.NEW_ADDRESS: (
        lazy("Another address is to be used"),
        lazy("Letters then go only to this address; the addresses recorded so far are retired."),
        lazy("Write to this address from now on"),
    ),
    Saying.NOTHING: (
        lazy("There is nothing to report"),
        lazy("No submission is expected then, with this sentence as the reason, and reminders stop."),
        lazy("No submission expected"),
    ),
}
"""Of each saying: what it is, what accepting it does, and the words of the button."""

SAYINGS = {saying: words for saying, (words, _explained, _act) in _WORDS.items()}
"""What a mail seems to say, for a list."""
