"""The audit trail in words: what each act, field and value is called, in the language spoken when it is read."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from outreach import i18n
from outreach.dates import un_date, un_instant
from outreach.i18n import NATIVE_NAMES, _, lazy
from outreach.reports import words
from outreach.web import names
from outreach.web.staff import ZONE

ACTS: Mapping[str, Any] = {
    "staff.added": lazy("account opened"),
    "staff.access_changed": lazy("access changed"),
    "staff.link_mailed": lazy("link to sign in mailed"),
    "staff.entered_by_link": lazy("signed in by a link"),
    "staff.wrong_password": lazy("wrong password tried"),
    "staff.password_changed": lazy("password changed"),
    "staff.password_reset": lazy("new password chosen by mail"),
    "campaign.created": lazy("call for input drafted"),
    "campaign.changed": lazy("settings changed"),
    "campaign.text_written": lazy("text written"),
    "campaign.text_removed": lazy("text removed"),
    "campaign.file_set": lazy("document added"),
    "campaign.file_removed": lazy("document removed"),
    "campaign.questionnaire_set": lazy("questionnaire set"),
    "campaign.launch_asked": lazy("launch asked for"),
    "campaign.launch_called_off": lazy("launch called off"),
    "campaign.launched": lazy("call for input sent"),
    "campaign.extension_asked": lazy("extension for all asked for"),
    "campaign.extension_called_off": lazy("extension for all called off"),
    "campaign.asking_asked": lazy("letters to be sent again"),
    "campaign.asking_called_off": lazy("letters not to be sent again after all"),
    "campaign.extended": lazy("deadline extended"),
    "campaign.closed": lazy("call for input closed"),
    "sending.paused": lazy("sending paused"),
    "sending.resumed": lazy("sending went on"),
    "sending.cancelled": lazy("letters that had not left cancelled"),
    "sending.tried_again": lazy("relay tried again"),
    "letter.tested": lazy("test letter sent"),
    "extension_request.made": lazy("more time asked"),
    "extension_request.decided": lazy("request for more time decided"),
    "extension_request.withdrawn": lazy("request for more time taken back"),
    "invitation.asked": lazy("further institution asked"),
    "invitation.asked_again": lazy("asked again"),
    "invitation.acknowledged": lazy("receipt acknowledged"),
    "invitation.no_submission_expected": lazy("no submission expected"),
    "invitation.wrong_addressee": lazy("wrong addressee"),
    "invitation.redirected": lazy("written to another institution instead"),
    "invitation.addressee_kept": lazy("kept as the addressee"),
    "invitation.forwarded": lazy("forwarded"),
    "invitation.begun": lazy("answer begun from the link that was passed on"),
    "submission.received": lazy("submission received"),
    "submission.sent_to_mission": lazy("sent to the mission"),
    "submission.returned": lazy("returned by the mission"),
    "submission.accepted": lazy("accepted as the reply of the State"),
    "submission.taken_back": lazy("record of a reply taken back"),
    "submission.reopened": lazy("opened for correction"),
    "submission.publication_changed": lazy("choice on publication changed"),
    "mail.taken_in": lazy("mail taken in from a file"),
    "mail.looked_at": lazy("mail looked at"),
    "mail.attached": lazy("mail given to an institution"),
    "mail.recorded": lazy("mail recorded as a reply"),
    "mail.answered": lazy("mail answered"),
    "mail.marked": lazy("kind of a mail corrected"),
    "mail.proposal_accepted": lazy("proposal of a mail accepted"),
    "mail.undone": lazy("last act on a mail undone"),
    "mail.record_taken_back": lazy("record of a mail as a reply taken back"),
    "mail.acceptance_undone": lazy("proposal of a mail not accepted after all"),
    "institution.added": lazy("institution added"),
    "institution.updated": lazy("institution changed"),
    "institution.retired": lazy("institution retired"),
    "contact.added": lazy("address added"),
    "contact.updated": lazy("address changed"),
    "contact.retired": lazy("address retired"),
    "contact.no_more_letters": lazy("no more letters wanted"),
    "contact.letters_again": lazy("letters wanted again"),
    "mission_presence.changed": lazy("presence of a mission recorded"),
    "state.language_set": lazy("language of correspondence recorded"),
    "directory.imported": lazy("directory imported from a file"),
    "unmatched_row.decided": lazy("decided on a row without a State"),
}
"""What was done; a test finds the acts that are missing here."""

_FIELDS: Mapping[str, Any] = {
    "role": lazy("Role"),
    "active": lazy("May sign in"),
    "name": lazy("Name"),
    "email": lazy("E-mail address"),
    "state": lazy("State"),
    "kind": lazy("What it is"),
    "seat": lazy("Post"),
    "sector": lazy("Field of work"),
    "language": lazy("Language"),
    "presence": lazy("Mission"),
    "source": lazy("Source"),
    "as_of": lazy("Date of the information"),
    "line": lazy("Line"),
    "content": lazy("Content"),
    "decision": lazy("Decision"),
    "reason": lazy("Reason"),
    "since": lazy("Since"),
    "words": lazy("Words"),
    "deadline": lazy("Deadline"),
    "until": lazy("Until"),
    "title": lazy("Title"),
    "note": lazy("Note"),
    "letter": lazy("Letter"),
    "filename": lazy("File"),
    "contact": lazy("Mailbox for questions"),
    "letters": lazy("Letters"),
    "invitations": lazy("Institutions asked"),
    "number": lazy("Number"),
    "version": lazy("Version"),
}

_HIDDEN = frozenset({"parent", "digest", "proposal", "submission"})
"""Keys and checksums: they are in the trail, and tell a reader nothing."""

_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")
_DAY = re.compile(r"\d{4}-\d\d-\d\d\Z")
_LONGEST = 300


@dataclass(frozen=True)
class Change:
    """One field of an entry: its name, and its value; `before` where it was another. None: nothing was, or is, there."""

    name: str
    ours: bool
    moved: bool
    before: str | None
    value: str | None


def act(name: str) -> str | None:
    """What was done; None for an act without words."""
    return str(ACTS[name]) if name in ACTS else None


def changes(before: Mapping[str, Any], after: Mapping[str, Any], states: Mapping[str, str]) -> list[Change]:
    """The fields that an entry names, with their values in words. `states` are the names of States by code."""
    shown = [name for name in dict.fromkeys([*before, *after]) if name not in _HIDDEN]
    found = []
    for name in shown:
        # A field that stands on one side only says what the entry is about; it did not change.
        moved = name in before and name in after and before[name] != after[name]
        value = after[name] if name in after else before[name]
        label = str(_FIELDS.get(name, name.replace("_", " ")))
        known = name in _FIELDS
        found.append(Change(label, known, moved, _value(name, before.get(name), states), _value(name, value, states)))
    return found


def _value(name: str, value: Any, states: Mapping[str, str]) -> str | None:
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return i18n.join([_value(name, one, states) or "—" for one in value])
    text = str(value)
    known = _known(name, states).get(text)
    if known is not None:
        return known
    if _INSTANT.match(text):
        at = datetime.fromisoformat(text)
        return un_instant(at, ZONE) if at.tzinfo is not None else text
    if _DAY.match(text):
        return un_date(date.fromisoformat(text))
    return text if len(text) <= _LONGEST else text[:_LONGEST].rstrip() + " …"


def _known(name: str, states: Mapping[str, str]) -> Mapping[str, str]:
    tables: Mapping[str, Callable[[], Mapping[str, str]]] = {
        "role": lambda: {role.value: word for role, word in names.roles().items()},
        "kind": lambda: (
            {kind.value: word for kind, word in names.kinds().items()}
            | {kind.value: word for kind, word in names.files().items()}
        ),
        "sector": lambda: {sector.value: word for sector, word in names.sectors().items()},
        "seat": lambda: {seat.value: str(word) for seat, word in words.POSTS.items()},
        "language": lambda: NATIVE_NAMES,
        "presence": lambda: {one.value: word for one, word in names.presences().items()},
        "state": lambda: states,
        "publication": lambda: {one.value: str(word) for one, word in words.PUBLICATIONS.items()},
    }
    return tables[name]() if name in tables else {}
