"""What institutions proposed that found themselves the wrong addressee, with the forms to decide on it."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from wtforms import RadioField, SelectField, StringField

from outreach import i18n
from outreach.campaigns import wrong_addressees
from outreach.campaigns.wrong_addressees import Proposal
from outreach.directory import queries as directory
from outreach.i18n import _, lazy
from outreach.web import names, unit
from outreach.web.forms import Form, OneLine, at_most, choices, email, required

OTHER, OWN = "other", "own"
"""Whose address it is: another institution's, or a new one of the institution that wrote."""


class AddresseeForm(Form):
    """Whom to write to."""

    email = StringField(lazy("Address to write to"), [required(), OneLine(), at_most(254), email()])
    whose = RadioField(lazy("Whose address is it"), [required()])
    name = StringField(lazy("Name of the institution"), [OneLine(), at_most(300)])
    kind = SelectField(lazy("Kind"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.whose.choices = [
            (OTHER, _("Another institution’s: it is asked instead")),
            (OWN, _("Its own, and new: the note or letter goes there")),
        ]
        self.kind.choices = choices(names.kinds_to_ask(), empty=_("Please choose"))


class KeepForm(Form):
    """Why it stays the addressee, if there is anything to say."""

    remark = StringField(lazy("Remark"), [OneLine(), at_most(500)])


@dataclass
class ProposalView:
    """A proposal with its forms. `known` is the name of the institution that the directory has at the proposed address."""

    invitation_id: uuid.UUID
    institution: str
    state_code: str | None
    at: datetime
    write_to: str
    words: str
    known: str | None
    write: AddresseeForm
    keep: KeepForm


def waiting(
    campaign_id: uuid.UUID, state_code: str | None = None, sent: tuple[uuid.UUID, AddresseeForm] | None = None
) -> list[ProposalView]:
    """What waits for a decision in a call for input, or one State of it; `sent` is the form that came back."""
    found = wrong_addressees.proposals(unit.session(), campaign_id, state_code)
    ids = {one.institution_id for one in found} | {one.known for one in found if one.known is not None}
    named = {key: line.name for key, line in directory.institutions(unit.session(), ids, i18n.language()).items()}
    return [_view(one, named, sent) for one in found]


def _view(one: Proposal, named: dict[uuid.UUID, str], sent: tuple[uuid.UUID, AddresseeForm] | None) -> ProposalView:
    write = AddresseeForm(
        formdata=None,
        prefix=f"{one.invitation_id}-",
        email=one.write_to,
        whose=OTHER if one.words or one.known else OWN,
    )
    if sent is not None and sent[0] == one.invitation_id:
        write = sent[1]
    return ProposalView(
        invitation_id=one.invitation_id,
        institution=named[one.institution_id],
        state_code=one.state_code,
        at=one.at,
        write_to=one.write_to,
        words=one.words,
        known=named.get(one.known) if one.known is not None else None,
        write=write,
        keep=KeepForm(formdata=None, prefix=f"{one.invitation_id}-"),
    )
