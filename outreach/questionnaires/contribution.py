"""What is asked where a call has no questionnaire: a text, a document, or both."""

from outreach.i18n import LANGUAGES, _, speaking
from outreach.questionnaires.form import Form, Part, Question, QuestionType


def contribution_form() -> Form:
    """The form of a call for contributions, in six languages."""
    part: dict[str, str] = {}
    text: dict[str, str] = {}
    document: dict[str, str] = {}
    hint: dict[str, str] = {}
    for language in LANGUAGES:
        with speaking(language):
            part[language] = _("Your contribution")
            text[language] = _("Text of the contribution")
            document[language] = _("Documents")
            hint[language] = _("Please write the contribution here, or add it as a document, or both.")
    return Form(
        id="contribution",
        title="",
        default_language="en",
        languages=LANGUAGES,
        parts=(
            Part(
                name="contribution",
                label=part,
                items=(
                    Question(name="text", type=QuestionType.TEXT, label=text, hint=hint, multiline=True),
                    Question(name="document", type=QuestionType.FILE, label=document),
                ),
            ),
        ),
    )
