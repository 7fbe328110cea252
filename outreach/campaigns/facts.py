"""Which facts of an invitation hold: all but those that staff took back."""

from sqlalchemy import ColumnElement, exists
from sqlalchemy.orm import aliased

from outreach.campaigns.models import InvitationFact

_later = aliased(InvitationFact)

STANDS: ColumnElement[bool] = ~exists().where(_later.takes_back_id == InvitationFact.id)
"""Of a fact in a statement: nobody took it back."""
