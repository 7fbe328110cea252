"""The only place that knows which exception is which HTTP answer."""

import logging

from flask import Flask, Response, current_app, g, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from outreach import i18n
from outreach.errors import Invalid, Missing, OutreachError, Refused, Stale, TooMany
from outreach.i18n import _

log = logging.getLogger(__name__)

_STATUS: dict[type[OutreachError], int] = {Invalid: 422, Missing: 404, Refused: 403, Stale: 409, TooMany: 429}


def _page(status: int, title: str, sentence: str) -> Response:
    return make_response(render_template("error.html", title=title, sentence=sentence), status)


def _titles() -> dict[int, tuple[str, str]]:
    return {
        403: (
            _("This page is not open to you"),
            _("Your account may not do this. An administrator can change what it may do."),
        ),
        404: (
            _("This page is not here"),
            _("Please check the address, or open the link again from the note or letter that you received."),
        ),
        405: (_("This can't be done this way"), _("Please go back, and use the buttons of the page.")),
        413: (_("This is too large"), _("Files may have up to 20 MB each. Please send a smaller file, or several.")),
        429: (_("Too many attempts"), _("Please wait a few minutes and try again.")),
    }


def _outreach_error(error: OutreachError) -> Response:
    status = next((code for kind, code in _STATUS.items() if isinstance(error, kind)), 400)
    title = _titles().get(status, (_("This could not be done"), ""))[0]
    return _page(status, title, error.message)


def _http_error(error: HTTPException) -> Response:
    if error.response is not None or error.code is None or error.code < 400:
        return make_response(error)
    if not i18n.is_spoken():
        return make_response(error)
    answer = _http_page(error.code)
    if isinstance(error, MethodNotAllowed):
        answer.allow.update(error.valid_methods or ())
    return answer


def _http_page(code: int) -> Response:
    title, sentence = _titles().get(
        code, (_("This could not be done"), _("Please go back and try again. Nothing was changed."))
    )
    return _page(code, title, sentence)


def _csrf_error(error: CSRFError) -> Response:
    return _page(
        400,
        _("This form was open for too long"),
        _(
            "Please go back, load the page again and send the form once more. Your browser must accept cookies from this site."
        ),
    )


def _fault(error: Exception) -> Response:
    if "_login_user" not in g:
        # The database may be what failed: the page must not ask it who reads.
        g._login_user = current_app.login_manager.anonymous_user()  # type: ignore[attr-defined]
    log.exception("%s %s failed", request.method, request.url_rule or "unknown route")
    sentence = _("This is a fault of ours. Nothing was changed by your last step; please try again in a few minutes.")
    return _page(500, _("Something went wrong on our side"), sentence)


def install(app: Flask) -> None:
    """Answer every error with a page in the reader's language."""
    app.register_error_handler(OutreachError, _outreach_error)
    app.register_error_handler(CSRFError, _csrf_error)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(500, _fault)
    # Flask's own line names the address, which may be a link that acts for an institution; `_fault` names the route.
    app.log_exception = lambda exc_info: None  # type: ignore[method-assign]
