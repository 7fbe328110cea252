"""One State's line on the board, in words: how far it got, its reply, and the one next act."""

import enum
import uuid
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from outreach import i18n
from outreach.campaigns.models import Origin
from outreach.campaigns.stages import Stage
from outreach.dates import un_date
from outreach.directory.models import Seat
from outreach.i18n import _, ngettext
from outreach.reports import words
from outreach.reports.reach import Asked, Part, Reach, Refusal
from outreach.reports.replies import StateReply


class NextKind(enum.StrEnum):
    """The one next act for a State."""

    NOTHING = "nothing"
    REMINDER = "reminder"
    WAITS_FOR_MISSION = "waits_for_mission"
    READ = "read"
    CONFIRM_REPLY = "confirm_reply"
    LOOK_AT_MAIL = "look_at_mail"
    DECIDE_ON_TIME = "decide_on_time"
    USE_OTHER_POST = "use_other_post"
    CORRECT_ADDRESS = "correct_address"
    ASK = "ask"
    DECIDE_ON_ADDRESSEE = "decide_on_addressee"


OURS = frozenset(
    {
        NextKind.CONFIRM_REPLY,
        NextKind.LOOK_AT_MAIL,
        NextKind.DECIDE_ON_TIME,
        NextKind.DECIDE_ON_ADDRESSEE,
        NextKind.USE_OTHER_POST,
        NextKind.CORRECT_ADDRESS,
        NextKind.ASK,
    }
)
"""The acts that wait for the Secretariat."""


@dataclass(frozen=True)
class NextAct:
    """The next act, and how it is called on the page."""

    kind: NextKind
    words: str

    @property
    def ours(self) -> bool:
        """Whether it waits for the Secretariat."""
        return self.kind in OURS


@dataclass(frozen=True)
class ReplyLine:
    """The reply of a State in words; `received_at` None: nothing that counts has come."""

    words: str
    colour: str
    received_at: datetime | None
    late: bool


def day(at: datetime, zone: str) -> str:
    """The calendar day of an instant in the campaign's zone, in UN style."""
    return un_date(at.astimezone(ZoneInfo(zone)).date())


def how_far(
    reach: Reach, stage: Stage, at: datetime | None, part: Part | None, refused: dict[uuid.UUID, Refusal], zone: str
) -> str:
    """What happened, in a few words: "Geneva → 3 ministries, 2 drafting"."""
    if stage is Stage.UNDELIVERABLE:
        return i18n.join(_lost(reach, refused, zone))
    if stage is Stage.SENT_TO_MISSION and part is not None:
        waiting = reach.number(Stage.SENT_TO_MISSION)
        return ngettext(
            "%(name)s sent its answer on %(date)s",
            "%(num)s answers wait, the last from %(name)s on %(date)s",
            waiting,
            name=_isolated(part.name),
            date=day(part.at, zone),
        )
    if reach.bodies:
        return _handed_on(reach)
    post = _posts([one for one in reach.asked if one.stage is stage] or reach.asked)
    if stage in (Stage.QUEUED, Stage.SENT, Stage.SUBMITTED) or at is None:
        reached = post
    else:
        reached = _("%(post)s, %(date)s", post=post, date=day(at, zone)) if post else day(at, zone)
    return i18n.join([*([reached] if reached else []), *_lost(reach, refused, zone)])


def reply_line(reply: StateReply | None, reach: Reach, stage: Stage, zone: str) -> ReplyLine | None:
    """The reply as the board shows it; None where there is nothing to say."""
    if reply is not None:
        text = (
            _("received after the deadline, %(date)s", date=day(reply.at, zone))
            if reply.late
            else _("received %(date)s", date=day(reply.at, zone))
        )
        return ReplyLine(text, "green", reply.at, reply.late)
    if reach.to_accept is not None:
        return ReplyLine(_("by mail, to confirm"), "amber", None, False)
    if reach.mail_waits is not None:
        return ReplyLine(_("mail to look at"), "amber", None, False)
    if stage is Stage.SENT_TO_MISSION:
        return ReplyLine(_("to be transmitted by the mission"), "", None, False)
    return None


def next_act(
    reach: Reach, stage: Stage, replied: bool, other_post: Seat | None, reminder: datetime | None, zone: str
) -> NextAct:
    """The one next act for a State, the most pressing first."""
    if reach.more_time_asked is not None:
        return NextAct(NextKind.DECIDE_ON_TIME, _("Decide on more time"))
    if reach.wrong_addressee is not None:
        return NextAct(NextKind.DECIDE_ON_ADDRESSEE, _("Decide on the addressee"))
    if reach.mail_waits is not None:
        return NextAct(NextKind.LOOK_AT_MAIL, _("Look at the mail"))
    if reach.to_accept is not None and not replied:
        return NextAct(NextKind.CONFIRM_REPLY, _("Confirm the reply"))
    if replied:
        return NextAct(NextKind.READ, _("Read"))
    if stage is Stage.UNDELIVERABLE:
        if other_post is Seat.NEW_YORK:
            return NextAct(NextKind.USE_OTHER_POST, _("Use the New York address"))
        if other_post is Seat.GENEVA:
            return NextAct(NextKind.USE_OTHER_POST, _("Use the Geneva address"))
        return NextAct(NextKind.CORRECT_ADDRESS, _("Correct the address"))
    if stage is Stage.CANCELLED:
        return NextAct(NextKind.ASK, _("Ask"))
    if stage is Stage.NO_SUBMISSION_EXPECTED:
        return NextAct(NextKind.NOTHING, "")
    if stage is Stage.SENT_TO_MISSION:
        return NextAct(NextKind.WAITS_FOR_MISSION, _("Waits for the mission"))
    if reminder is not None:
        return NextAct(NextKind.REMINDER, _("Reminder %(date)s", date=day(reminder, zone)))
    return NextAct(NextKind.NOTHING, "")


def _handed_on(reach: Reach) -> str:
    givers = {some.under for some in reach.bodies if some.under is not None}
    bodies = reach.number()
    below = (
        ngettext("%(num)s ministry", "%(num)s ministries", bodies)
        if all(some.ministries for some in reach.bodies)
        else ngettext("%(num)s body", "%(num)s bodies", bodies)
    )
    post = _posts([one for one in reach.asked if one.invitation_id in givers] or reach.asked)
    parts = [_("%(post)s → %(bodies)s", post=post, bodies=below) if post else below]
    own = reach.number(origin=Origin.PASSED_ON)
    if own == bodies:
        parts = [_("%(post)s, passed on by its own mail → %(bodies)s", post=post, bodies=below)]
    elif own:
        parts.append(ngettext("%(num)s by the mission’s own mail", "%(num)s by the mission’s own mail", own))
    drafting = reach.number(Stage.DRAFTING)
    if drafting:
        parts.append(ngettext("%(num)s drafting", "%(num)s drafting", drafting))
    lost = reach.number(Stage.UNDELIVERABLE)
    if lost:
        parts.append(ngettext("%(num)s could not be reached", "%(num)s could not be reached", lost))
    return i18n.join(parts)


def _posts(asked: list[Asked]) -> str:
    missions = [one for one in asked if one.mission]
    if len(missions) == 2 and len(asked) == 2:
        return _("both missions")
    return i18n.join(list(dict.fromkeys(str(words.POSTS[one.seat]) for one in asked if one.seat is not None)))


def _lost(reach: Reach, refused: dict[uuid.UUID, Refusal], zone: str) -> list[str]:
    """The asked institutions that could not be reached, each with the reason; several that are no missions by their number."""
    lost = [one for one in reach.asked if one.stage is Stage.UNDELIVERABLE]
    return [
        _refused(one, refused.get(one.institution_id), zone)
        if one.number == 1
        else ngettext("%(num)s could not be reached", "%(num)s could not be reached", one.number)
        for one in lost
    ]


def _refused(one: Asked, refusal: Refusal | None, zone: str) -> str:
    post = str(words.POSTS[one.seat]) if one.seat is not None else _("the institution")
    if refusal is None:
        return _("%(post)s: refused on %(date)s", post=post, date=day(one.at, zone))
    return _(
        "%(post)s: “%(words)s” since %(date)s",
        post=post,
        words=_isolated(refusal.words[:80]),
        date=day(refusal.at, zone),
    )


def _isolated(foreign: str) -> str:
    # Names and servers' words stand in their own direction inside a sentence of another.
    return f"\u2068{foreign}\u2069"
