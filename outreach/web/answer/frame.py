"""What every page of an answer says: who you are, what is asked, until when, how the answer stands, who reads it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import redirect, url_for
from werkzeug.wrappers import Response

from outreach.campaigns import links
from outreach.campaigns import queries as campaigns
from outreach.campaigns.letters import NOTE_KINDS
from outreach.campaigns.links import LinkKind
from outreach.campaigns.words import Origin
from outreach.dates import un_instant
from outreach.directory import queries as directory
from outreach.directory.queries import InstitutionLine
from outreach.forwarding import queries
from outreach.i18n import language
from outreach.questionnaires.form import Form
from outreach.submissions import respondent
from outreach.submissions.reading import PartLines
from outreach.submissions.respondent import OwnAnswer, Standing
from outreach.web import names, unit
from outreach.web.access import here
from outreach.web.call import CallView, call_view


@dataclass(frozen=True)
class Frame:
    """`answer` is None before it is begun; `parts` are those of the draft. `mission` reads and transmits the answer, None where it
    goes to the Secretariat directly. `gave_address` is who forwarded the call to the reader's address.
    """

    token: str
    institution: InstitutionLine
    is_mission: bool
    mission: str | None
    asked_by: str | None
    gave_address: str | None
    call: CallView
    questionnaire: Form
    answer: OwnAnswer | None
    parts: tuple[PartLines, ...]

    @property
    def open(self) -> bool:
        """Whether the draft may be changed and sent now."""
        return self.answer is not None and self.answer.editable and not self.call.deadline.closed

    @property
    def next_part(self) -> int | None:
        """The first part where a question that is asked has no answer; None where every one has."""
        return next((part.number for part in self.parts if part.done < part.asked), None)

    def at(self, instant: datetime) -> str:
        """An instant in the call's zone, in words."""
        return un_instant(instant, self.call.zone)

    def page(self) -> dict[str, Any]:
        """The values that templates use."""
        return {
            "token": self.token,
            "institution": self.institution,
            "is_mission": self.is_mission,
            "is_note": self.institution.kind in NOTE_KINDS,
            "mission": self.mission,
            "asked_by": self.asked_by,
            "call": self.call,
            "answer": self.answer,
            "parts": self.parts,
            "frame": self,
            "at": self.at,
            "file_names": names.files(),
            "Standing": Standing,
        }


def frame() -> Frame:
    """The frame of this request, in the language spoken now."""
    session, own, spoken = unit.session(), here(), language()
    institution = queries.who(session, own.invitation_id, spoken)
    call = call_view(session, own.campaign_id, institution)
    form = respondent.form_for(session, own.invitation_id)
    answer = respondent.own_answer(session, own.invitation_id)
    mission = respondent.mission_between(session, own.invitation_id)
    asked_by = queries.asked_by(session, own.invitation_id, spoken)
    forwarded = campaigns.invitation(session, own.invitation_id).origin is Origin.FORWARDED
    return Frame(
        token=own.token,
        institution=institution,
        is_mission=queries.is_mission(institution),
        mission=directory.institution_name(session, mission, spoken) if mission else None,
        asked_by=asked_by,
        gave_address=asked_by if forwarded else None,
        call=call,
        questionnaire=form,
        answer=answer,
        parts=tuple(respondent.parts(answer, form)) if answer else (),
    )


def own_address() -> str:
    """The whole address of this link, to hand over."""
    return links.address(LinkKind.ANSWER, here().invitation_id)


def lead_to(page: str, **values: Any) -> Response:
    """Go to another page of this answer."""
    return redirect(url_for(f"answer.{page}", token=here().token, **values))
