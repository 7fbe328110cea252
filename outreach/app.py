"""Makes the Flask application from the settings."""

import gc
from datetime import timedelta
from urllib.parse import urlsplit

from flask import Flask, Response
from flask_babel import Babel
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from outreach import i18n, schema
from outreach.config import Settings, settings
from outreach.dates import place, un_date, un_instant, un_time
from outreach.db import Database
from outreach.storage import Storage
from outreach.web import accounts, answer, errors, language, mission, public, staff, unit

_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "frame-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)

assert schema.ALL


def _secure(response: Response) -> Response:
    response.headers.setdefault("Content-Security-Policy", _POLICY)
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    # Addresses hold capabilities: they must not travel to other sites.
    response.headers.setdefault("Referrer-Policy", "no-referrer")
    response.headers.setdefault("Cache-Control", "no-store")
    response.headers.setdefault("X-Robots-Tag", "noindex")
    return response


def create_app(chosen: Settings | None = None, database: Database | None = None) -> Flask:
    """The application on the given settings (default: the environment's) and database (default: the settings')."""
    chosen = chosen or settings()
    app = Flask("outreach.web", template_folder="templates", static_folder="static", static_url_path="/static")
    secure = urlsplit(chosen.base_url).scheme == "https"
    app.config.update(
        SECRET_KEY=chosen.secret_key,
        MAX_CONTENT_LENGTH=100 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=4 * 1024 * 1024,
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=timedelta(hours=12),
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
    )
    app.extensions["outreach.settings"] = chosen
    app.extensions["outreach.database"] = database or Database(chosen.database_url)
    app.extensions["outreach.storage"] = Storage(chosen.storage)

    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        lambda text: i18n.catalogue().ugettext(text),
        lambda one, many, n: i18n.catalogue().ungettext(one, many, n),
        newstyle=True,
        pgettext=lambda context, text: i18n.catalogue().upgettext(context, text),
    )
    app.jinja_env.filters["colon"] = i18n.colon
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        un_date=un_date,
        un_time=un_time,
        un_instant=un_instant,
        place=place,
        join=i18n.join,
        languages=i18n.LANGUAGES,
        native_names=i18n.NATIVE_NAMES,
        direction=i18n.direction,
        language=i18n.language,
        address_in=language.address_in,
        demo=chosen.demo,
    )

    unit.install(app)
    language.install(app)
    # For the texts of Flask-Security alone; templates speak through our own catalogues.
    Babel(app, locale_selector=accounts.locale, configure_jinja=False)
    csrf = CSRFProtect(app)
    # Mail programs stop letters with one click, without a page or a session; the signed link is what allows it.
    csrf.exempt(public.stop.stop_letters)
    errors.install(app)
    accounts.install(app)
    for blueprint in (public.blueprint, mission.blueprint, answer.blueprint, staff.blueprint):
        app.register_blueprint(blueprint)
    app.after_request(_secure)
    if secure:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1)  # type: ignore[method-assign]
    return app


def serving() -> Flask:
    """The application for a process that does nothing but serve it, with all that its pages need loaded.

    What is loaded stays loaded, and processes that are made from this one share it: looking through it for garbage again and again took
    more than half of the time of a page.
    """
    app = create_app()
    for spoken in i18n.LANGUAGES:
        with i18n.speaking(spoken):
            i18n.catalogue()
    for name in app.jinja_env.list_templates(extensions=["html"]):
        app.jinja_env.get_template(name)
    gc.collect()
    gc.freeze()
    return app
