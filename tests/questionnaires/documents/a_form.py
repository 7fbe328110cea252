"""A questionnaire with every type of question, in six languages, and a draft of it with awkward texts."""

from collections.abc import Mapping
from typing import Any

from outreach.questionnaires.documents.wording import Front
from outreach.questionnaires.form import Choice, Form, Group, Part, Question, QuestionType

_LANGUAGES = ("ar", "zh", "en", "fr", "ru", "es")
_WORDS = {
    "ar": "سؤال",
    "zh": "问题",
    "en": "Question about",
    "fr": "Question sur",
    "ru": "Вопрос о",
    "es": "Pregunta sobre",
}
YES_NO = (
    Choice("yes", {"ar": "نعم", "zh": "是", "en": "Yes", "fr": "Oui", "ru": "Да", "es": "Sí"}),
    Choice("no", {"ar": "لا", "zh": "否", "en": "No", "fr": "Non", "ru": "Нет", "es": "No"}),
)


def texts(about: str) -> dict[str, str]:
    """A text about something in each language."""
    return {language: f"{_WORDS[language]} {about}" for language in _LANGUAGES}


def choices(*names: str) -> tuple[Choice, ...]:
    """Choices with a label in each language."""
    return tuple(Choice(name, texts(name)) for name in names)


def question(name: str, kind: QuestionType, code: str = "", **columns: Any) -> Question:
    """A question about its own name."""
    return Question(name, kind, texts(name), code, **columns)


FORM = Form(
    id="all",
    title="All",
    default_language="en",
    languages=_LANGUAGES,
    parts=(
        Part(
            "about",
            texts("yourselves"),
            (
                question("welcome", QuestionType.NOTE),
                question("office", QuestionType.TEXT, "1.1", required=True, hint=texts("the hint")),
                question("plan", QuestionType.SELECT_ONE, "1.2", choices=YES_NO),
                question("why", QuestionType.TEXT, "1.2.a", multiline=True, word_limit=200),
                question("region", QuestionType.SELECT_ONE, choices=choices(*(f"region{n}" for n in range(15)))),
                question("staff", QuestionType.INTEGER, "1.4"),
                question("budget", QuestionType.DECIMAL, "1.5"),
                question("mark", QuestionType.RANGE, "1.6", lowest="0", highest="10", step="1"),
            ),
            "1",
        ),
        Part(
            "more",
            texts("your needs"),
            (
                question("needs", QuestionType.SELECT_MULTIPLE, "2.1", choices=choices("training", "data", "funds")),
                question("order", QuestionType.RANK, "2.2", choices=choices("first", "second", "third")),
                question("since", QuestionType.DATE, "2.3"),
                question("hour", QuestionType.TIME, "2.4"),
                question("moment", QuestionType.DATE_TIME, "2.5"),
                question("paper", QuestionType.FILE, "2.6"),
                question("agrees", QuestionType.ACKNOWLEDGE, "2.7"),
                question("sum", QuestionType.CALCULATE, calculation="1 + 1"),
                Group(
                    "views",
                    texts("views"),
                    (
                        question("view1", QuestionType.SELECT_ONE, "2.8.a", choices=YES_NO),
                        question("view2", QuestionType.SELECT_ONE, "2.8.b", choices=YES_NO),
                    ),
                    "2.8",
                    matrix=True,
                ),
                Group(
                    "practice",
                    texts("practices"),
                    (
                        question("title", QuestionType.TEXT, "3.a"),
                        question("told", QuestionType.TEXT, "3.b", multiline=True),
                        Group(
                            "partner", texts("partners"), (question("who", QuestionType.TEXT),), repeat=True, count="2"
                        ),
                    ),
                    "3",
                    repeat=True,
                ),
            ),
            "2",
        ),
    ),
)
ANSWERS: Mapping[str, Any] = {
    "office": "Ministry of Planning & <Statistics>",
    "plan": "no",
    "why": "First line.\n– one\n– two\n1. three\nوزارة التخطيط — 规划部",
    "region": "region11",
    "staff": "1200",
    "budget": "12.5",
    "mark": "7",
    "needs": ["training", "funds"],
    "order": ["third", "first", "second"],
    "since": "2027-02-26",
    "hour": "14:30",
    "moment": "2027-02-26T14:30",
    "agrees": "OK",
    "view1": "yes",
    "view2": "no",
    "practice": [
        {"title": "Water for all", "told": "It began\nin 2020.", "partner": [{"who": "A union"}, {"who": "A town"}]},
        {"title": "Schools", "partner": [{"who": "A school"}]},
    ],
}
FRONT = Front(
    "Knowledge hub: needs and expectations",
    "OESCR/KH/2027-17",
    "Kazakhstan",
    "KJ4T-92QX",
    "26 February 2027, 23:59 (Geneva)",
    "knowledge-hub@secretariat.example",
)
