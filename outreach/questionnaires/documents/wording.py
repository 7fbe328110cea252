"""What our documents say beside the questions, in the language spoken now; reading back knows each of these sentences again."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from outreach.i18n import _, join, language, ngettext, pgettext
from outreach.questionnaires import conditions
from outreach.questionnaires.documents.outline import Heading, Row
from outreach.questionnaires.form import Form, Question, QuestionType, Said


@dataclass(frozen=True)
class Front:
    """What stands on the first page, in the language of the document. `code` is the invitation's (KJ4T-92QX), empty in a blank form;
    `return_to` the address for questions and answers by mail."""

    title: str
    reference: str = ""
    respondent: str = ""
    code: str = ""
    deadline: str = ""
    return_to: str = ""


def headings() -> tuple[str, str, str]:
    """The headings of the three columns."""
    return pgettext("heading of a column of numbers", "No."), _("Question"), _("Answer")


def placeholder() -> str:
    """What stands in a box before anything is typed."""
    return _("Click here to answer.")


def placeholder_of_list() -> str:
    """What stands in a list before anything is chosen."""
    return _("Choose an item from the list.")


def facts(front: Front) -> list[tuple[str, str]]:
    """Who answers what until when, as pairs of a word and what it is here."""
    pairs = [
        (_("Reference"), front.reference),
        (_("Respondent"), front.respondent),
        (_("Invitation code"), front.code),
        (_("Please reply no later than"), front.deadline),
    ]
    return [(word, text) for word, text in pairs if text]


def how_in_word() -> tuple[str, ...]:
    """How the Word file is filled in."""
    return (
        _("Please answer in the column “Answer”. Tick a box with a click, or type an X in its place."),
        _("Please leave the numbers and the questions as they are, so that the file can be read when it comes back."),
    )


def how_in_pdf() -> tuple[str, ...]:
    """How the PDF form is filled in."""
    return (
        _(
            "Please type into the boxes and save the file. Long texts scroll within their box, and nothing of them is lost."
        ),
    )


def how_to_return(contact: str) -> str:
    """Where the file goes."""
    if contact:
        return _(
            "Please upload the file on the page of your answer, or send it by e-mail to %(contact)s.", contact=contact
        )
    return _("Please upload the file on the page of your answer.")


def more_blocks() -> str:
    """How a block is added in Word."""
    return _("If you need more blocks, please copy the last one with its table and paste it below.")


def unneeded_blocks() -> str:
    """What becomes of a block that stays empty."""
    return _("Blocks that you do not need can stay empty.")


def not_placed(name: str) -> str:
    """What stands in the place of a picture that can't be placed."""
    return _("A picture that can't be shown in this file: %(name)s", name=name)


def under_heading(form: Form, heading: Heading) -> Iterator[Said]:
    """The small lines below a heading: its hint, its condition, how its blocks are used."""
    if heading.hint.text:
        yield heading.hint
    for sentence in _conditions(form, heading.relevant):
        yield Said(sentence, language())
    if heading.repeats:
        yield Said(unneeded_blocks(), language())


def under_question(form: Form, row: Row) -> Iterator[Said]:
    """The small lines below a question: its hints, its condition, how it is to be answered."""
    yield from row.hints
    if row.matrix and not row.question.required and not row.question.relevant:
        return
    said = {hint.text.strip(" .。") for hint in row.hints}
    for sentence in (*_conditions(form, row.question.relevant), *_how(row.question)):
        # Authors often say themselves how a question is answered.
        if sentence.strip(" .。") not in said:
            yield Said(sentence, language())


def _conditions(form: Form, rule: str) -> Iterator[str]:
    """When it is asked, a sentence for each question that it depends on."""
    depends: dict[str, list[str]] = {}
    for name, choice in conditions.choices(rule) if rule else ():
        depends.setdefault(name, []).append(choice)
    if rule and not depends:
        yield _("Asked depending on a former answer.")
    for place, (name, chosen) in enumerate(depends.items()):
        on = form.question(name)
        if on is None:
            continue
        labels = [form.say(choice.label, language()).text for choice in on.distinct if choice.name in chosen] or chosen
        asked = left_to_right(on.code) if on.code else form.say(on.label, language()).text
        if place == 0:
            yield _("Only if you answered %(question)s with: %(answers)s.", question=asked, answers=join(labels))
        else:
            yield _("Or if you answered %(question)s with: %(answers)s.", question=asked, answers=join(labels))


def every_how() -> Iterator[str]:
    """All sentences that say how a question is answered: in a file of an earlier day other questions may have them."""
    for kind in QuestionType:
        yield from _how(Question("", kind, {}, required=True))


def _how(question: Question) -> Iterator[str]:
    if question.required:
        yield _("An answer to this question is needed.")
    if question.word_limit:
        yield ngettext("Text of at most %(num)d word", "Text of at most %(num)d words", question.word_limit)
    match question.type:
        case QuestionType.SELECT_ONE:
            yield _("Please choose one answer.")
        case QuestionType.SELECT_MULTIPLE:
            yield _("Several answers are possible.")
        case QuestionType.RANK:
            yield _("Please write 1 before what comes first, 2 before what comes second, and so on.")
        case QuestionType.RANGE:
            yield _("A number from %(lowest)s to %(highest)s", lowest=question.lowest, highest=question.highest)
        case QuestionType.INTEGER | QuestionType.DECIMAL:
            yield _("A number")
        case QuestionType.DATE:
            yield _("A date")
        case QuestionType.FILE | QuestionType.IMAGE:
            yield _("Please add the file on the page of your answer, or attach it to your mail.")


def left_to_right(code: str) -> str:
    """A code that is not read from the right within Arabic: between marks of direction, which every program knows."""
    return f"\u200e{code}\u200e" if code and language() == "ar" else code


def choices(form: Form, question: Question, spoken: str) -> list[tuple[str, str]]:
    """The boxes of a question: name and words of each choice; of an acknowledgement its one box."""
    if question.type is QuestionType.ACKNOWLEDGE:
        return [("OK", _("Yes"))]
    said = [(choice.name, form.say(choice.label, spoken).text) for choice in question.distinct]
    often = Counter(words for _name, words in said)
    # Labels that are answers to other questions are all the same in a document; their names tell them apart.
    return [(name, words if words and often[words] == 1 else f"{words} ({name})") for name, words in said]


def is_listed(question: Question) -> bool:
    """Whether its choices are too many to stand on the page, so that a list opens."""
    return question.type is QuestionType.SELECT_ONE and len(question.choices) > 12


def is_long(question: Question) -> bool:
    """Whether the answer is a text of several lines."""
    return question.type is QuestionType.TEXT and question.multiline
