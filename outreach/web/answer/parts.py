"""One part of the questionnaire on a page: what is typed is saved as it stands, and what is wrong with it is said at its field."""

import uuid
from collections.abc import Mapping
from typing import Any

from flask import flash, render_template, request
from werkzeug.wrappers import Response

from outreach.campaigns.links import LinkKind
from outreach.errors import Invalid, Missing, Refused
from outreach.i18n import _, language
from outreach.questionnaires import answers as rules
from outreach.questionnaires.form import Part, QuestionType
from outreach.submissions import drafts, files, reading, service
from outreach.submissions.drafts import Changed
from outreach.web import unit
from outreach.web.access import holder
from outreach.web.answer import blueprint
from outreach.web.answer.fields import ACCEPTED, fields
from outreach.web.answer.frame import Frame, frame, lead_to

Answer = Response | tuple[str, int]


def _part(framed: Frame, number: int) -> Part:
    if not 1 <= number <= len(framed.questionnaire.parts):
        raise Missing(_("The questionnaire has no such part."))
    return framed.questionnaire.parts[number - 1]


def _kept(framed: Frame, part: Part) -> dict[str, Any]:
    """What the draft holds for the questions of a part, empty where nothing."""
    assert framed.answer is not None
    empty: dict[str, Any] = {
        question.name: [] if question.type is QuestionType.SELECT_MULTIPLE else ""
        for question in part.questions
        if question.answerable and question.type is not QuestionType.FILE
    }
    return {name: framed.answer.answers.get(name, nothing) for name, nothing in empty.items()}


def _faults(framed: Frame, part: Part, typed: Mapping[str, Any]) -> dict[str, str]:
    """What is wrong with what was typed in a part; that an answer is missing is no fault yet."""
    names = {question.name for question in part.questions}
    found = rules.check(framed.questionnaire, typed, submitting=False)
    return {name: sentence for name, sentence in found.items() if name in names}


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
    assert framed.answer is not None
    part = _part(framed, number)
    kept = _kept(framed, part)
    shown = kept if typed is None else typed
    found = {**_faults(framed, part, shown), **(faults or {})}
    shown_fields = fields(framed.questionnaire, part, shown, framed.answer.files, found)
    return (
        render_template(
            "answer/part.html",
            part=framed.parts[number - 1],
            fields=shown_fields,
            seen=drafts.mark(kept),
            refused=refused,
            accepted=ACCEPTED,
            most=files.MOST_BYTES // 1024**2,
            **framed.page(),
        ),
        status,
    )


def _changed_page(framed: Frame, number: int, changed: Changed, unsaid: list[str], status: int) -> tuple[str, int]:
    """Both versions of what two people answered differently, to choose from."""
    form, part = framed.questionnaire, _part(framed, number)

    def lines(answers: dict[str, Any]) -> dict[str, Any]:
        return {line.name: line for line in reading.parts(form, answers, [], language())[number - 1].lines}

    kept, typed = lines(changed.kept), lines(changed.typed)
    return (
        render_template(
            "answer/changed.html",
            part=framed.parts[number - 1],
            sentence=changed.message,
            conflicts=[(name, kept[name], typed[name], name in unsaid) for name in changed.questions],
            typed={rules.field_name(question): changed.typed.get(question.name) for question in part.questions},
            seen=drafts.mark(changed.kept),
            had_files=any(sent.filename for sent in request.files.values()),
            **framed.page(),
        ),
        status,
    )


@blueprint.get("/a/<token>/parts/<int:number>")
@holder(LinkKind.ANSWER)
def part(number: int) -> Answer:
    """One part to fill in; where the draft is not open, the first page says why."""
    framed = frame()
    _part(framed, number)
    return _page(framed, number) if framed.open else lead_to("start")


@blueprint.post("/a/<token>/parts/<int:number>")
@holder(LinkKind.ANSWER)
def part_saved(number: int) -> Answer:
    """Save what was typed, add and remove files, and go where the button leads."""
    framed = frame()
    part, answer = _part(framed, number), framed.answer
    if answer is None:
        return lead_to("start")
    typed = rules.read_part(framed.questionnaire, part, request.form)
    unsaid = _chosen(typed, _kept(framed, part))
    try:
        if unsaid:
            raise Changed(_kept(framed, part), typed, tuple(unsaid))
        service.save(unit.session(), answer.id, typed, request.form.get("seen", ""))
        removed = request.form.get("remove", type=uuid.UUID)
        if removed is not None:
            files.remove(unit.session(), answer.id, removed)
        refused_files = _add_files(answer.id, part)
    except Changed as changed:
        return _changed_page(framed, number, changed, unsaid, 422 if unsaid else 409)
    except Refused as refused:
        return _page(framed, number, typed=typed, refused=refused.message, status=403)
    return _after(number, removed is not None, refused_files)


def _chosen(typed: dict[str, Any], kept: Mapping[str, Any]) -> list[str]:
    """Take over the choices of the page that shows both versions; the questions where none was made."""
    unsaid = []
    for name in filter(typed.__contains__, request.form.getlist("conflict")):
        choice = request.form.get(f"keep-{name}")
        if choice == "saved":
            typed[name] = kept[name]
        elif choice != "typed":
            unsaid.append(name)
    return unsaid


def _add_files(answer_id: uuid.UUID, part: Part) -> dict[str, str]:
    """Add the files that were chosen; what was not taken, as question → sentences."""
    refused: dict[str, str] = {}
    for question in part.questions:
        if question.type is not QuestionType.FILE:
            continue
        for sent in request.files.getlist(rules.field_name(question)):
            if not sent.filename:
                continue
            try:
                files.add(unit.session(), unit.storage(), answer_id, question.name, sent.filename, sent.read())
            except Invalid as fault:
                refused[question.name] = " ".join([*filter(None, [refused.get(question.name)]), fault.message])
    return refused


def _after(number: int, stay: bool, refused_files: dict[str, str]) -> Answer:
    """Where the pressed button leads; the same page again where something needs a look. All that was typed is saved by now."""
    framed, do = frame(), request.form.get("do")
    if do == "back":
        return lead_to("part", number=number - 1) if number > 1 else lead_to("start")
    part = _part(framed, number)
    if refused_files or (not stay and _faults(framed, part, _kept(framed, part))):
        return _page(framed, number, faults=refused_files)
    if stay or do != "continue":
        flash(_("Saved."), "done")
        return lead_to("part", number=number)
    return lead_to("part", number=number + 1) if number < len(framed.parts) else lead_to("review")
