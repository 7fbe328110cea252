"""One part of the questionnaire on a page: what is typed is saved as it stands, and what is wrong with it is said at its field."""

import uuid
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask import flash, render_template, request
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from outreach.campaigns.links import LinkKind
from outreach.errors import Invalid, Missing, Refused
from outreach.i18n import _
from outreach.questionnaires import answers as shapes
from outreach.questionnaires import places, rules
from outreach.questionnaires.answers import Typed
from outreach.questionnaires.form import FILES, Form, Part, Question
from outreach.questionnaires.places import Place
from outreach.submissions import drafts, files, service
from outreach.submissions.drafts import Changed
from outreach.web import unit
from outreach.web.access import holder
from outreach.web.answer import blueprint
from outreach.web.answer.conflicts import changed_page, choose
from outreach.web.answer.fields import opened, page
from outreach.web.answer.frame import Frame, frame, lead_to, own_address
from outreach.web.answer.views import Page

Answer = Response | tuple[str, int]


def part_of(framed: Frame, number: int) -> Part:
    """The part with this number, from 1. Raises Missing."""
    if not 1 <= number <= len(framed.questionnaire.pages):
        raise Missing(_("The questionnaire has no such part."))
    return framed.questionnaire.pages[number - 1]


@dataclass(frozen=True)
class Shown:
    """A part as it is shown: its fields, and the mark of what they hold: the draft, or what was typed since."""

    page: Page
    seen: str


def shown(
    framed: Frame, part: Part, typed: Mapping[str, Any] | None, faults: Mapping[str, str], more: str | None = None
) -> Shown:
    """A part with the draft, or with what was just typed; `more` names a repeat that gets one more empty instance."""
    assert framed.answer is not None
    form, given = framed.questionnaire, framed.answer.files
    held = opened(part, {**framed.answer.answers, **(typed or {})}, more)
    if typed is None:
        held = rules.with_defaults(form, held)
    having = {line.question for line in given if line.question}
    found = rules.outcome(form, held, having, submitting=False)
    made = page(form, part, held, given, found, {**found.faults, **faults})
    # What somebody else saved meanwhile is not on this page yet: marked as seen, it would be written over by what stands here.
    here = {name: (typed or {}).get(name, saved) for name, saved in kept(framed, made.names).items()}
    return Shown(made, drafts.mark(here))


def kept(framed: Frame, names: Mapping[str, Any]) -> dict[str, Any]:
    """What the draft holds under these names, empty where nothing."""
    assert framed.answer is not None
    return {name: framed.answer.answers.get(name, nothing) for name, nothing in names.items()}


def typed_in(framed: Frame, part: Part, *, whole: bool) -> Typed:
    """What the page of a part sent."""
    assert framed.answer is not None
    seen = {entry.rpartition(":")[0] for entry in request.form.get("seen", "").split()}
    having = {line.question for line in framed.answer.files if line.question}
    having |= {key for key, _question, _sent in _sent_files(part)}
    without = request.form.get("without", "")
    return shapes.read_part(part, request.form, framed.answer.answers, seen, having, without=without, whole=whole)


def emptied(form: Form) -> frozenset[str]:
    """The questions that have a default, of which it is kept that they were left empty."""
    return frozenset(question.name for question in form.questions() if question.default)


def _page(
    framed: Frame,
    number: int,
    *,
    typed: Mapping[str, Any] | None = None,
    faults: Mapping[str, str] | None = None,
    refused: str | None = None,
    status: int = 200,
) -> tuple[str, int]:
    """The page of a part with the draft, or with what was typed where it could not be saved (`refused` says why)."""
    made = shown(framed, part_of(framed, number), typed, faults or {}, request.args.get("more"))
    return (
        render_template(
            "answer/part.html",
            part=framed.parts[number - 1],
            views=made.page.views,
            fields=list(made.page.fields()),
            groups=list(made.page.groups()),
            seen=made.seen,
            refused=refused,
            only=_only(),
            alone=f"{own_address()}/parts/{number}?only=yes",
            most=files.MOST_BYTES // 1024**2,
            **framed.page(),
        ),
        status,
    )


def _only() -> bool:
    """Whether the page shows this part alone, for somebody who was passed it."""
    return request.values.get("only") == "yes"


@blueprint.get("/a/<token>/parts/<int:number>")
@holder(LinkKind.ANSWER)
def part(number: int) -> Answer:
    """One part to fill in; where the draft is not open, the first page says why."""
    framed = frame()
    part_of(framed, number)
    return _page(framed, number) if framed.open else lead_to("start")


@blueprint.post("/a/<token>/parts/<int:number>")
@holder(LinkKind.ANSWER)
def part_saved(number: int) -> Answer:
    """Save what was typed, add and remove files and instances of repeats, and go where the button leads."""
    framed = frame()
    part, answer = part_of(framed, number), framed.answer
    if answer is None:
        return lead_to("start")
    typed = typed_in(framed, part, whole=True)
    before = kept(framed, dict.fromkeys(typed.values, ""))
    unsaid = choose(typed.values, before)
    try:
        if unsaid:
            raise Changed(before, typed.values, tuple(unsaid))
        seen = request.form.get("seen", "")
        service.save(unit.session(), answer.id, typed.values, seen, emptied=emptied(framed.questionnaire))
        removed = request.form.get("remove", type=uuid.UUID)
        if removed is not None:
            files.remove(unit.session(), answer.id, removed)
        files.follow(unit.session(), answer.id, typed.moved)
        refused_files = _add_files(answer.id, part, typed.moved)
    except Changed as changed:
        return changed_page(framed, number, part, changed, unsaid, 422 if unsaid else 409)
    except Refused as refused:
        return _page(framed, number, typed=typed.values, refused=refused.message, status=403)
    return _after(number, removed is not None or "without" in request.form, refused_files, typed.moved)


def _sent_files(part: Part) -> Iterator[tuple[str, Question, FileStorage]]:
    """The files that were chosen, with the key of their question on the page."""

    def size(place: Place) -> int:
        numbers = [int(one) for one in request.form.getlist(shapes.field_name(place.key)) if one.isdecimal()]
        return max(numbers, default=0)

    for place in places.of_part(part, size):
        if place.question is not None and place.question.type in FILES:
            for sent in request.files.getlist(shapes.field_name(place.key)):
                if sent.filename:
                    yield place.key, place.question, sent


def _add_files(answer_id: uuid.UUID, part: Part, moved: Mapping[str, str | None]) -> dict[str, str]:
    """Add the files that were chosen; what was not taken, as key → sentences."""
    refused: dict[str, str] = {}
    for was, question, sent in _sent_files(part):
        above = was[: -len(question.name) - 1]
        key = f"{moved.get(above) or above}.{question.name}" if above else was
        spoken = request.form.get(f"language-of-{was}") or None
        try:
            files.add(unit.session(), unit.storage(), answer_id, key, sent.filename or "", sent.read(), spoken)
        except Invalid as fault:
            refused[key] = " ".join([*filter(None, [refused.get(key)]), fault.message])
    return refused


def _after(number: int, stay: bool, refused_files: dict[str, str], moved: Mapping[str, str | None]) -> Answer:
    """Where the pressed button leads; the same page again where something needs a look. All that was typed is saved by now."""
    framed, do, more = frame(), request.form.get("do"), request.form.get("add")
    only = {"only": "yes"} if _only() else {}
    if more:
        above, _dot, name = more.rpartition(".")
        key = f"{moved.get(above) or above}.{name}" if above in moved else more
        return lead_to("part", number=number, more=key, _anchor=f"{shapes.field_name(key)}-last", **only)
    shown_numbers = [part.number for part in framed.parts if part.shown]
    if do == "back":
        former = [one for one in shown_numbers if one < number]
        return lead_to("part", number=former[-1]) if former else lead_to("start")
    if refused_files or (not stay and _faulty(framed, number)):
        return _page(framed, number, faults=refused_files)
    if stay or only or do != "continue":
        flash(_("Saved."), "done")
        return lead_to("part", number=number, **only)
    following = [one for one in shown_numbers if one > number]
    return lead_to("part", number=following[0]) if following else lead_to("review")


def _faulty(framed: Frame, number: int) -> Collection[str]:
    """The keys of what is wrong on the page of a part."""
    made = shown(framed, part_of(framed, number), None, {})
    return [view.key for view in made.page.fields() if view.fault]
