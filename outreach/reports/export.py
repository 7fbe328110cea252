"""The board as a CSV file: the rows that are shown, for spreadsheet programs."""

import csv
import io
from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import i18n
from outreach.directory.models import State
from outreach.i18n import _
from outreach.reports import words
from outreach.reports.board import Board


def board_csv(session: Session, shown: Board, language: str) -> bytes:
    """UTF-8 with a byte order mark, comma-separated, one line a State; instants in ISO 8601 in the campaign's zone."""
    m49: dict[str, str] = {code: number for code, number in session.execute(select(State.code, State.m49))}  # noqa: C416
    zone = ZoneInfo(shown.campaign.deadline_zone)
    text = io.StringIO()
    lines = csv.writer(text)
    with i18n.speaking(language):
        lines.writerow(map(_safe, _head()))
        for group in shown.groups:
            for row in group.rows:
                received = row.reply.received_at if row.reply else None
                late = "" if received is None else (_("yes") if row.reply and row.reply.late else _("no"))
                lines.writerow(
                    map(
                        _safe,
                        (
                            row.code,
                            m49[row.code],
                            row.name,
                            group.name,
                            str(words.STAGES[row.stage]),
                            _instant(row.since, zone),
                            row.how_far.replace("\u2068", "").replace("\u2069", ""),
                            row.reply.words if row.reply else "",
                            _instant(received, zone),
                            late,
                            _instant(row.own_deadline, zone),
                            row.next.words,
                            row.missions,
                            row.bodies,
                            row.drafting,
                            row.others,
                        ),
                    )
                )
    return text.getvalue().encode("utf-8-sig")


def _head() -> Iterable[str]:
    return (
        _("State code (ISO 3166-1)"),
        _("M49 code"),
        _("State"),
        _("Regional group"),
        _("Stage"),
        _("Since"),
        _("How far it got"),
        _("Reply"),
        _("Received"),
        _("After the deadline"),
        _("Deadline of this State alone"),
        _("Next"),
        _("Missions asked"),
        _("Bodies below"),
        _("Drafting"),
        _("Other submissions"),
    )


def _instant(at: datetime | None, zone: ZoneInfo) -> str:
    return at.astimezone(zone).isoformat(timespec="minutes") if at else ""


def _safe(cell: object) -> str:
    # A spreadsheet program takes a cell that begins so for a formula, and a formula can send data away.
    text = str(cell)
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
