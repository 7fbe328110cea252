"""A fault that a service found, brought to the field of the form that it speaks of."""

from outreach.errors import Invalid
from outreach.web.forms import Form


def blame(form: Form, fault: Invalid) -> str | None:
    """Add the sentence to its field; return it for the top of the page where the form has no such field."""
    if fault.field is None or fault.field not in form:
        return fault.message
    field = form[fault.field]
    field.errors = [*field.errors, fault.message]
    return None
