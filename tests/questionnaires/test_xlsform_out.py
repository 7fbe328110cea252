"""XLSForm out: what comes in again is an equal form, also with every block and with what an author wrote by hand."""

import pytest

from outreach.errors import Invalid
from outreach.questionnaires import editing, reading_rows, xlsform, xlsform_out
from outreach.questionnaires.blocks import blocks
from outreach.questionnaires.rows import Rows
from tests.questionnaires.sections import SECTIONS

pytestmark = pytest.mark.usefixtures("english")

BY_HAND = Rows(
    survey=(
        {"type": "begin_group", "name": "hand", "label::en": "By hand", "outreach::code": "6", "outreach::stakeholders": "state"},
        {"type": "calculate", "name": "twice", "calculation": "${needs_ranked_count} * 2"},
        {"type": "integer", "name": "needs_ranked_count", "label::en": "How many?", "required": "${consent} = 'publish'"},
        {
            "type": "text", "name": "long", "label::en": "Why, of ${twice}?", "appearance": "multiline", "default": "Because",
            "guidance_hint::en": "For staff", "constraint": "string-length(.) < 900", "constraint_message::fr": "Trop long",
            "outreach::publish": "never", "outreach::legal_basis": "Resolution 54/22, para. 3", "required": "yes",
            "required_message::en": "Please say why.", "outreach::word_limit": "90",
        },
        {"type": "select_one region", "name": "region", "label::en": "Where?", "choice_filter": "of = ${consent}"},
        {"type": "range", "name": "scale", "label::en": "How much?", "parameters": "start=1 end=5 step=1"},
        {"type": "end_group"},
    ),
    choices=(
        {"list_name": "region", "name": "north", "label::en": "North", "of": "publish"},
        {"list_name": "region", "name": "south", "label::en": "South", "of": "without_names"},
    ),
)  # fmt: skip


def test_a_form_comes_in_again_as_it_went_out() -> None:
    made = SECTIONS
    for block in blocks():
        made, _name = editing.insert(made, "needs", block.rows)
    whole = Rows(made.survey + BY_HAND.survey, made.choices + BY_HAND.choices, made.settings)
    form = reading_rows.form_of(whole)
    assert xlsform.read(xlsform_out.workbook(form)) == form
    assert form.question("long") is not None


def test_faults_of_a_draft_are_said_by_question() -> None:
    broken = editing.change(BY_HAND, "long", {"label::en": "Why, of ${nothing}?"})
    with pytest.raises(Invalid) as refused:
        reading_rows.form_of(broken)
    said = reading_rows.placed(broken, refused.value.faults)
    assert any(one.startswith("\u2068long\u2069: ") for one in said)
