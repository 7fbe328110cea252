"""Writing what was read from a note as the start of a campaign's folder. Each value stands below the words it was read from."""

import json
import re
import unicodedata
from datetime import time
from pathlib import Path

from outreach.campaigns.draft_findings import Finding, NoteDraft
from outreach.campaigns.folder import CODE, LONGEST_CODE, SETTINGS_FILE, USUAL_KINDS, USUAL_REMINDERS, USUAL_SEATS
from outreach.campaigns.words import CampaignKind
from outreach.directory.words import Seat
from outreach.errors import Invalid
from outreach.i18n import _, join

_SEAT_ZONES = {Seat.GENEVA: "Europe/Zurich", Seat.NEW_YORK: "America/New_York"}


def write_folder(draft: NoteDraft, folder: Path) -> tuple[Path, ...]:
    """Write `campaign.toml` and, where the language is known, `texts/<language>.md`; return their paths.

    What is left open stands as a comment, so that the import names it. The folder is made; raises Invalid where it holds anything.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Invalid(_("The folder %(folder)s is not empty; nothing was written.", folder=str(folder)))
    (folder / "texts").mkdir(parents=True)
    settings = folder / SETTINGS_FILE
    settings.write_text("\n".join(_settings(draft, folder.resolve().name)) + "\n", encoding="utf-8")
    if draft.language is None:
        return (settings,)
    text = folder / "texts" / f"{draft.language.value}.md"
    text.write_text("\n".join(_text(draft)) + "\n", encoding="utf-8")
    return settings, text


def _settings(draft: NoteDraft, name: str) -> list[str]:
    lines = [_comment(_("Read from a note verbale. Above each value: the line and the words it was read from."))]
    lines += [_comment(warning.sentence()) for warning in draft.warnings]
    code = re.sub(r"[^A-Z0-9]+", "-", name.upper()).strip("-")[:LONGEST_CODE].strip("-")
    proposed = _comment(_("Proposed from the name of the folder; the note says nothing of it."))
    lines += ["", proposed, _value("code", code) if CODE.fullmatch(code) else '# code = "KH-2027"']
    asked = CampaignKind.QUESTIONNAIRE if draft.questionnaire else CampaignKind.CALL_FOR_CONTRIBUTIONS
    lines += [_value("kind", asked.value)]
    lines += _read("original_language", draft.language, '"en"')
    lines += _contact(draft)
    found = draft.mandate
    mandate = Finding(found.value.symbol, found.words, found.line) if found else None
    lines += ["", "[mandate]", *_read("symbol", mandate, '"A/HRC/RES/54/22"')]
    lines += ["", "[note]", *_read("reference", draft.reference, '"OESCR/KH/2027-17"')]
    if draft.date:
        lines += [_source(draft.date), f"date = {draft.date.value.isoformat()}"]
    else:
        lines += [_open(), "# date = 2027-01-12"]
    lines += ["", "[deadline]", *_deadline(draft)]
    lines += ["", "[reminders]", f"days = {list(USUAL_REMINDERS)}"]
    lines += ["", "[audience]", *_audience(draft)]
    if asked is CampaignKind.QUESTIONNAIRE:
        lines += [
            "",
            "[questionnaire]",
            _comment(_("Add the questionnaire as an XLSForm.")),
            'file = "questionnaire.xlsx"',
        ]
    return lines + _languages(draft)


def _contact(draft: NoteDraft) -> list[str]:
    functional = [found for found in draft.contacts if not found.value.personal]
    lines = [_source(found) for found in (functional or draft.contacts)]
    if functional:
        return [*lines, _value("contact", functional[0].value.email)]
    missing = _comment(_("A functional mailbox for questions is needed; none was found in the note."))
    return [*lines, missing, '# contact = "hub@secretariat.example"']


def _deadline(draft: NoteDraft) -> list[str]:
    found = draft.deadline
    if found is None:
        return [_open(), "# local = 2027-02-26T23:59:00", '# zone = "Europe/Zurich"']
    lines = [_source(found)]
    if found.value.hour is None:
        lines.append(_comment(_("The note names no hour: the last minute of the day is proposed.")))
    hour = found.value.hour or time(23, 59)
    lines.append(f"local = {found.value.day.isoformat()}T{hour.isoformat('seconds')}")
    if found.value.zone:
        return [*lines, _value("zone", found.value.zone)]
    seats = [addressee.value.seat for addressee in draft.addressees if addressee.value.seat in _SEAT_ZONES]
    if not seats:
        return [*lines, _open(), '# zone = "Europe/Zurich"']
    proposed = _comment(_("The note names no zone: that of the first seat it is addressed to is proposed."))
    return [*lines, proposed, _value("zone", _SEAT_ZONES[seats[0]])]


def _audience(draft: NoteDraft) -> list[str]:
    lines = [_source(found) for found in draft.addressees]
    seats = list(dict.fromkeys(found.value.seat.value for found in draft.addressees))
    kinds = list(dict.fromkeys(found.value.kind.value for found in draft.addressees))
    if not draft.addressees:
        lines.append(_comment(_("The note does not say to whom it is addressed: the usual is proposed.")))
    lines.append(f"seats = {json.dumps(seats or [seat.value for seat in USUAL_SEATS])}")
    lines.append(f"kinds = {json.dumps(kinds or [kind.value for kind in USUAL_KINDS])}")
    if draft.sectors:
        named = join([found.value.value for found in draft.sectors])
        lines.append(_comment(_("The note asks that these fields be reached: %(fields)s.", fields=named)))
        lines += [_source(found) for found in draft.sectors]
    if draft.stakeholders:
        named = join([found.value.value for found in draft.stakeholders])
        lines.append(
            _comment(_("The note asks that these stakeholders be reached: %(stakeholders)s.", stakeholders=named))
        )
        lines += [_source(found) for found in draft.stakeholders]
    return lines


def _languages(draft: NoteDraft) -> list[str]:
    language = draft.language.value if draft.language else "en"
    lines = ["", _comment(_("Add the initialled and stamped note and its annex, then take the # away."))]
    lines += [f"# [files.{language}]", f'# note = "files/note.{language}.pdf"']
    lines += [_source(found) for found in draft.annexes]
    lines.append(f'# annex = "files/questionnaire.{language}.pdf"')
    return [*lines, "", f"[texts.{language}]", "original = true"] if draft.language else lines


def _text(draft: NoteDraft) -> list[str]:
    lines = ["+++", _comment(_("A short title for the call for input; the note has none.")), 'title = ""']
    if draft.mandate:
        lines += [_source(draft.mandate), _value("mandate", draft.mandate.words)]
    else:
        lines += [_open(), 'mandate = ""']
    # A line of the note that looks like a heading would begin a section of its own.
    body = re.sub(r"^#", r"\#", draft.body, flags=re.MULTILINE)
    return [*lines, "+++", "", "# note", "", body, "", "# letter", ""]


def _read(key: str, found: Finding[str] | None, example: str) -> list[str]:
    return [_open(), f"# {key} = {example}"] if found is None else [_source(found), _value(key, found.value)]


def _source(found: Finding[object]) -> str:
    return _comment(_("line %(line)s: “%(words)s”", line=found.line, words=found.words))


def _open() -> str:
    return _comment(_("Not found in the note. As an example:"))


def _comment(text: str) -> str:
    return "# " + _printable(text)


def _value(key: str, text: str) -> str:
    return f"{key} = {json.dumps(_printable(text), ensure_ascii=False)}"


def _printable(text: str) -> str:
    """The text on one line, without the control signs that TOML refuses."""
    return "".join(sign for sign in " ".join(text.split()) if unicodedata.category(sign) != "Cc")
