"""Two people who answered the same question: both versions side by side, to choose from."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import render_template, request

from outreach.i18n import language
from outreach.questionnaires import answers as shapes
from outreach.questionnaires.form import Form, Part, Said
from outreach.submissions import drafts, reading
from outreach.submissions.drafts import Changed
from outreach.submissions.reading import AnswerLine
from outreach.web.answer.frame import Frame


@dataclass(frozen=True)
class Conflict:
    """What two people answered differently: a question, or all instances of a repeat."""

    name: str
    code: str
    label: Said
    kept: tuple[AnswerLine, ...]
    mine: tuple[AnswerLine, ...]
    unsaid: bool


def choose(typed: dict[str, Any], kept: Mapping[str, Any]) -> list[str]:
    """Take over the choices of the page that shows both versions; the questions where none was made."""
    unsaid = []
    for name in filter(typed.__contains__, request.form.getlist("conflict")):
        choice = request.form.get(f"keep-{name}")
        if choice == "saved":
            typed[name] = kept[name]
        elif choice != "typed":
            unsaid.append(name)
    return unsaid


def changed_page(
    framed: Frame, number: int, part: Part, changed: Changed, unsaid: list[str], status: int
) -> tuple[str, int]:
    """Both versions of what two people answered differently."""
    form = framed.questionnaire

    def lines(answers: dict[str, Any], name: str) -> tuple[AnswerLine, ...]:
        # Alone: whether it is asked depends on other answers, which are not in question here.
        read = reading.parts(form, answers, [], language())[number - 1].lines
        return tuple(line for line in read if line.name == name or line.name.startswith(f"{name}."))

    conflicts = [
        Conflict(
            name,
            *_said(form, name),
            lines({name: changed.kept[name]}, name),
            lines({name: changed.typed[name]}, name),
            name in unsaid,
        )
        for name in changed.questions
    ]
    return (
        render_template(
            "answer/changed.html",
            part=framed.parts[number - 1],
            sentence=changed.message,
            conflicts=conflicts,
            typed=list(shapes.sent_of(part.items, changed.typed)),
            seen=drafts.mark(changed.kept),
            had_files=any(sent.filename for sent in request.files.values()),
            **framed.page(),
        ),
        status,
    )


def _said(form: Form, name: str) -> tuple[str, Said]:
    item = next(item for item in form.items() if item.name == name)
    return item.code, form.say(item.label, language())
