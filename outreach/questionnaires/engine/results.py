"""What the rules make of a set of answers: what is asked, what is wrong, what is worked out."""

from collections.abc import Mapping
from dataclasses import dataclass

from outreach.questionnaires.engine.definitions import RuleForm
from outreach.questionnaires.engine.session import Answers, Session

TYPE = "type"
CONSTRAINT = "constraint"
REQUIRED = "required"


@dataclass(frozen=True)
class Results:
    """By path: whether each question and note is asked; what is wrong (type, constraint or required); what was calculated."""

    relevant: Mapping[str, bool]
    invalid: Mapping[str, str]
    calculated: Mapping[str, str]


def results(form: RuleForm, answers: Answers, counts: Mapping[str, int] | None = None) -> Results:
    """Work out everything. Raises RuleFault for a rule that comes to nothing, Endless for rules that take too long."""
    session = Session(form, answers, counts)
    relevant: dict[str, bool] = {}
    invalid: dict[str, str] = {}
    calculated: dict[str, str] = {}
    for path, place in session.places.items():
        definition = place.definition
        if not definition.leaf:
            continue
        shown = session.relevant(place)
        value = session.value(place)
        if definition.control is not None:
            relevant[path] = shown
            if shown and (fault := _fault(session, path, value)):
                invalid[path] = fault
        if definition.calculate is not None and shown:
            calculated[path] = "" if value == "NaN" else value
    return Results(relevant, invalid, calculated)


def _fault(session: Session, path: str, value: str) -> str | None:
    place = session.places[path]
    definition = place.definition
    if session.mistyped(place):
        return TYPE
    if value and definition.constraint is not None and not definition.constraint.truth_at(session, place):
        return CONSTRAINT
    if not value and definition.required is not None and definition.required.truth_at(session, place):
        return REQUIRED
    return None
