"""Which language a page speaks: ?lang= → the cookie of a former choice → Accept-Language → English."""

from contextlib import ExitStack
from urllib.parse import quote, urlencode

from flask import Flask, Response, g, request

from outreach import i18n

COOKIE = "lang"


def _chosen() -> str:
    for asked in (request.args.get("lang"), request.cookies.get(COOKIE)):
        if asked in i18n.LANGUAGES:
            return asked
    return request.accept_languages.best_match(i18n.LANGUAGES) or "en"


def _begin() -> None:
    g.speaking = ExitStack()
    g.speaking.enter_context(i18n.speaking(_chosen()))


def _remember(response: Response) -> Response:
    asked = request.args.get("lang")
    if asked in i18n.LANGUAGES and request.cookies.get(COOKIE) != asked:
        response.set_cookie(COOKIE, asked, max_age=365 * 86400, secure=request.is_secure, httponly=True, samesite="Lax")
    response.headers.setdefault("Content-Language", i18n.language())
    response.vary.add("Cookie")
    response.vary.add("Accept-Language")
    return response


def _end(error: BaseException | None) -> None:
    spoken: ExitStack | None = g.pop("speaking", None)
    if spoken is not None:
        spoken.close()


def address_in(language: str) -> str:
    """The address of this same page in another language; its other parameters stay."""
    args = {key: values for key, values in request.args.to_dict(flat=False).items() if key != "lang"}
    # Written as it is asked for: to a browser "/\elsewhere.example" is the address of another site.
    path = quote(request.path, safe="/~@:.")
    return f"{path}?{urlencode([*((k, v) for k, vs in args.items() for v in vs), ('lang', language)])}"


def keeping_query(address: str) -> str:
    """The address with the parameters of this request, for a redirect to another page in the language that was asked for."""
    query = request.query_string.decode("ascii", "ignore")
    return f"{address}?{query}" if query else address


def install(app: Flask) -> None:
    """Speak the reader's language from the first to the last line of each request."""
    app.before_request(_begin)
    app.after_request(_remember)
    app.teardown_request(_end)
