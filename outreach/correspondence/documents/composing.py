"""From the facts of a call to every word of its note or letter, in their order."""

from dataclasses import dataclass
from datetime import date, datetime

from outreach.correspondence.documents.addressing import Addressee
from outreach.correspondence.documents.body import blocks
from outreach.correspondence.documents.grammar import referring_to
from outreach.correspondence.documents.page import Block, Page, Run
from outreach.correspondence.documents.secretariat import Wording
from outreach.dates import un_date, un_instant


@dataclass(frozen=True)
class Call:
    """What a note or letter says of its call, in one language. `body` is staff-written Markdown."""

    code: str
    title: str
    mandate: str
    reference: str
    day: date
    deadline_at: datetime
    deadline_zone: str
    contact: str
    body: str
    has_annex: bool
    public: str
    """The address of its public page, for everybody."""


def note(call: Call, wording: Wording, addressee: Addressee) -> Page:
    """A note verbale: in the third person, with its courtesies, to be initialled and stamped."""
    values = {**_values(call, wording), "to": addressee.to, "renew": addressee.renew}

    def say(sentence: str) -> str:
        return wording.say(sentence, **values)

    return _page(
        call, wording, "note", values,
        blocks=(
            _paragraph(say("note_opening")),
            _paragraph(say("note_call")),
            *blocks(call.body, wording.language),
            _paragraph(say("note_deadline")),
            _paragraph(say("note_online")),
            _paragraph(say("contact")),
        ),
        valediction=say("note_closing"),
        date_below=_dated(wording, values),
        initials=say("initials"),
        addressees=addressee.foot,
    )  # fmt: skip


def letter(call: Call, wording: Wording) -> Page:
    """A letter, for those who are never sent notes verbales."""
    values = _values(call, wording)

    def say(sentence: str) -> str:
        return wording.say(sentence, **values)

    return _page(
        call, wording, "letter", values,
        blocks=(
            _paragraph(say("letter_opening")),
            *blocks(call.body, wording.language),
            _paragraph(say("letter_deadline")),
            _paragraph(say("letter_online")),
            _paragraph(say("contact")),
        ),
        date_above=_dated(wording, values),
        salutation=say("letter_salutation"),
        valediction=say("letter_closing"),
        signature=say("letter_signature"),
    )  # fmt: skip


def _page(
    call: Call,
    wording: Wording,
    kind: str,
    values: dict[str, str],
    *,
    blocks: tuple[Block, ...],
    date_above: str = "",
    date_below: str = "",
    salutation: str = "",
    valediction: str = "",
    signature: str = "",
    initials: str = "",
    addressees: tuple[str, ...] = (),
) -> Page:
    return Page(
        language=wording.language,
        title=wording.say(f"{kind}_title", **values),
        author=wording.names["letterhead"],
        day=call.day,
        letterhead=wording.names["letterhead"],
        reference=wording.say("reference", **values),
        date_above=date_above,
        heading=wording.say(f"{kind}_heading", **values),
        salutation=salutation,
        blocks=blocks,
        valediction=valediction,
        signature=signature,
        date_below=date_below,
        initials=initials,
        annex=wording.say("annex", **values) if call.has_annex else "",
        addressees=addressees,
        address=f"{call.public}?lang={wording.language}",
        address_lines=(wording.say("foot_call", **values), call.public),
        picture_text=wording.say("picture", **values),
    )


def _values(call: Call, wording: Wording) -> dict[str, str]:
    return {
        "code": call.code,
        "title": call.title,
        "mandate": call.mandate,
        "to_mandate": referring_to(call.mandate, wording.language),
        "reference": call.reference,
        "date": un_date(call.day, wording.language),
        "deadline": un_instant(call.deadline_at, call.deadline_zone, wording.language),
        "contact": call.contact,
        "address": call.public,
    }


def _dated(wording: Wording, values: dict[str, str]) -> str:
    return wording.say("date" if wording.names["place"] else "date_alone", **values)


def _paragraph(text: str) -> Block:
    return Block("paragraph", (Run(text),))
