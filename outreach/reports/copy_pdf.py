"""A version that was sent as a PDF, to keep and to send on: what was asked and answered, by whom, when it was received, its checksum."""

import json
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typst
from sqlalchemy.orm import Session

from outreach.campaigns import queries as campaigns
from outreach.dates import un_instant
from outreach.directory import queries as directory
from outreach.i18n import _, language
from outreach.paths import fonts_dir
from outreach.questionnaires.form import Said
from outreach.reports.words import BEHALVES, CHANNELS, PUBLICATIONS
from outreach.submissions.reading import AnswerLine, PartLines
from outreach.submissions.transmitted import Copy
from outreach.submissions.words import Channel

_LAYOUT = Path(__file__).with_name("copy.typ")
_FAMILIES = ("Noto Serif", "Noto Naskh Arabic", "Noto Serif CJK SC", "Noto Sans Symbols2")


def copy_pdf(session: Session, read: Copy) -> bytes:
    """The PDF in the language spoken now; what was typed stays in its own."""
    invitation = campaigns.invitation(session, read.line.invitation_id)
    campaign = campaigns.campaign(session, invitation.campaign_id)
    texts = campaigns.texts(session, campaign.id)
    title = (texts.get(language()) or texts[campaign.original_language]).title
    line = read.line
    number = f"{line.number} · {_('version %(number)s', number=line.version)}"
    data = {
        "language": language(),
        "fonts": _FAMILIES,
        "title": title,
        "running": number,
        "lead": [campaign.note_reference, _("Number: %(number)s", number=line.number)],
        "facts": [(word, str(what)) for word, what in _facts(session, read, campaign.deadline_zone) if what],
        "blocks": list(_blocks(read)),
        "checksums": [f"{_('SHA-256 of the answers and files:')} {line.digest}"],
    }
    compiler = typst.Compiler(
        str(_LAYOUT),
        root=str(_LAYOUT.parent),
        font_paths=[str(fonts_dir())],
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data)},
    )
    made = compiler.compile(format="pdf", timestamp=int(line.received_at.timestamp()))
    assert isinstance(made, bytes)
    return made


def _facts(session: Session, read: Copy, zone: str) -> Iterator[tuple[str, Any]]:
    line, spoken = read.line, language()
    late = [_("It was received after the deadline, and is marked so.")] if line.late else []
    yield _("Received"), "\n".join([un_instant(line.received_at, zone), *late])
    yield _("From"), directory.institution_name(session, read.institution_id, spoken)
    yield _("On behalf of"), BEHALVES[line.behalf]
    if read.transmitted_by:
        yield _("Transmitted by"), directory.institution_name(session, read.transmitted_by, spoken)
    yield _("How it came"), CHANNELS[line.channel]
    yield _("Version"), f"{line.version} – {_standing(read)}"
    yield _("Documents"), "\n".join(file.filename for file in line.files)
    yield _("Publication"), PUBLICATIONS[line.publication] if line.publication else _("not asked yet")


def _standing(read: Copy) -> str:
    if read.line.taken_back_at is not None:
        return _("taken back")
    return _("in force") if read.line.in_force else _("superseded")


def _blocks(read: Copy) -> Iterator[dict[str, Any]]:
    answered = any(line.answered for part in read.line.parts for line in part.lines)
    if read.line.channel is not Channel.WEB and not answered:
        yield {"what": "remark", "text": _("The reply came as a document; it is listed above.")}
        return
    for part in read.line.parts:
        yield from _part(part)


def _part(part: PartLines) -> Iterator[dict[str, Any]]:
    """What the pages show of a part: what was asked, or answered all the same."""
    lines = [line for line in part.lines if line.answered or (part.shown and line.asked)]
    if lines:
        yield _heading(1, part.code, part.label)
    former: AnswerLine | None = None
    for line in lines:
        for one in line.begins(former):
            label = one.label
            if one.number:
                words = [label.text, _("No. %(number)s", number=one.number)]
                label = Said(" – ".join(filter(None, words)), label.language)
            if label.text:
                yield _heading(2, one.code, label)
        former = line
        yield {
            "what": "question",
            "code": line.code,
            "label": _said(line.label),
            "texts": [_typed(line)] if line.text else [],
            "chosen": [_said(choice) for choice in line.chosen],
            "ordered": line.ordered,
            "files": [file.filename for file in line.files],
            "none": "" if line.answered else _("No answer"),
        }


def _heading(level: int, code: str, label: Said) -> dict[str, Any]:
    return {"what": "heading", "level": level, "code": code, "label": _said(label)}


def _said(said: Said) -> dict[str, Any]:
    return {"text": said.text, "language": said.language, "rtl": said.language == "ar"}


def _typed(line: AnswerLine) -> dict[str, Any]:
    """What somebody typed runs as its first letter does; numbers and dates as the page."""
    first = next((unicodedata.bidirectional(sign) for sign in line.text if sign.isalpha()), "")
    rtl = first in ("R", "AL") if line.worded else language() == "ar"
    return {"text": line.text, "language": language(), "rtl": rtl}
