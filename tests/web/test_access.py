"""The guards of all routes, now and of those to come: one access rule each, GET writes nothing, POST needs its token and its role."""

import ast
import re
import uuid
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from outreach import config
from outreach.app import create_app
from outreach.db import Database
from outreach.identity.audit import SERVICE, record
from outreach.identity.models import AuditEntry
from outreach.identity.words import StaffRole
from outreach.paths import PACKAGE
from outreach.web import unit
from outreach.web.access import everyone
from tests.web.desk import signed_in
from tests.web.visitor import csrf_token

pytestmark = pytest.mark.usefixtures("english")

_PLACE = re.compile(r"<(?:(?P<kind>\w+)(?:\((?P<choices>[^)]*)\))?:)?\w+>")
_SAMPLES = {"uuid": "00000000-0000-4000-8000-000000000000", "int": "1"}
_OPEN_TO_ALL = {"static"}
"""Flask's own route of the stylesheet and scripts; it takes no rule."""
_WITHOUT_TOKEN = {"public.stop_letters"}
"""What a mail program posts by itself, without a page before it: the signed link alone allows it, and nothing else."""


@pytest.fixture
def app(database: Database, tmp_path: Path) -> Flask:
    """The application as in a demonstration, which has the most routes."""
    made = create_app(replace(config.settings(), clock_file=tmp_path / "clock"), database)
    made.config.update(TESTING=True, PROPAGATE_EXCEPTIONS=False)
    return made


def _sample(place: re.Match[str]) -> str:
    """A value that the place of a route takes."""
    if place["kind"] == "any":
        return str(place["choices"]).split(",")[0].strip("'\" ")
    return _SAMPLES.get(place["kind"] or "", "x")


def rules(app: Flask, method: str, access: str = "") -> list[tuple[Rule, str, str]]:
    """The routes with this method whose access rule begins with `access`: each with an address that it takes, and its rule."""
    found = []
    for rule in app.url_map.iter_rules():
        guard = getattr(app.view_functions[rule.endpoint], "access_rule", "")
        if method in (rule.methods or ()) and rule.endpoint not in _OPEN_TO_ALL and guard.startswith(access):
            found.append((rule, _PLACE.sub(_sample, rule.rule), guard))
    assert found
    return found


def test_every_route_has_exactly_one_access_rule(app: Flask) -> None:
    without, twice = [], []
    for rule in app.url_map.iter_rules():
        if rule.endpoint in _OPEN_TO_ALL:
            continue
        view = app.view_functions[rule.endpoint]
        if not hasattr(view, "access_rule"):
            without.append(rule.endpoint)
        if hasattr(getattr(view, "__wrapped__", None), "access_rule"):
            twice.append(rule.endpoint)
    assert without == [] and twice == []


def test_staff_pages_are_under_staff_and_nothing_else_is(app: Flask) -> None:
    for rule, _address, guard in rules(app, "GET"):
        if guard.startswith("staff:"):
            assert rule.rule.startswith("/staff/"), rule.rule


def test_strangers_are_led_to_the_sign_in(app: Flask) -> None:
    client = app.test_client()
    for _rule, address, _guard in rules(app, "GET", "staff:"):
        answer = client.get(address)
        assert answer.status_code == 302, address
        assert answer.headers["Location"].startswith("/staff/login?next="), address


def test_nothing_that_strangers_or_holders_are_shown_stays_in_a_cache(app: Flask) -> None:
    client = app.test_client()
    for access in ("everyone", "holder:"):
        for _rule, address, _guard in rules(app, "GET", access):
            assert client.get(address).headers["Cache-Control"] == "no-store", address


def test_a_link_that_nobody_signed_opens_nothing(app: Flask) -> None:
    client = app.test_client()
    for _rule, address, _guard in rules(app, "GET", "holder:"):
        assert client.get(address).status_code == 404, address


def test_each_role_opens_its_pages_and_no_others(app: Flask, session: Session) -> None:
    order = list(StaffRole)
    for role in order:
        client = signed_in(app, session, role)
        for _rule, address, guard in rules(app, "GET", "staff:"):
            least = StaffRole(guard.removeprefix("staff:"))
            refused = client.get(address).status_code == 403
            assert refused == (order.index(role) > order.index(least)), (role, address)


def test_no_post_is_open_to_readers(app: Flask, session: Session) -> None:
    reader = signed_in(app, session, StaffRole.READER)
    token = csrf_token(reader.get("/staff/"))
    posts = rules(app, "POST", "staff:")
    for _rule, address, guard in posts:
        assert guard != "staff:reader", address
        answer = reader.post(address, data={"csrf_token": token})
        assert answer.status_code == 403, address
    assert len(posts) > 10


def test_every_post_needs_its_token(app: Flask, session: Session) -> None:
    administrator = signed_in(app, session, StaffRole.ADMINISTRATOR)
    for client in (app.test_client(), administrator):
        for rule, address, _guard in rules(app, "POST"):
            if rule.endpoint in _WITHOUT_TOKEN:
                continue
            answer = client.post(address, data={"csrf_token": "wrong"})
            assert answer.status_code == 400, address
            assert "open for too long" in answer.get_data(as_text=True), address


def writes() -> str:
    """A view that forgets that a GET must not write."""
    record(unit.session(), SERVICE, "test.written", "nothing", uuid.UUID(int=0))
    unit.session().flush()
    return "written"


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_get_that_writes_fails(own_app: Flask, session: Session, method: str) -> None:
    own_app.add_url_rule("/writes", view_func=everyone(writes))
    assert own_app.test_client().open("/writes", method=method).status_code == 500
    assert session.scalars(select(AuditEntry)).all() == []


@pytest.mark.parametrize(("method", "said"), [("GET", "on"), ("HEAD", "on"), ("OPTIONS", "on"), ("POST", "off")])
def test_the_session_of_a_request_is_read_only_unless_it_posts(app: Flask, method: str, said: str) -> None:
    with app.test_request_context(method=method):
        assert unit.session().scalar(text("SHOW transaction_read_only")) == said


def test_pages_open_no_sessions_of_their_own() -> None:
    opening = {"writing", "write", "reading", "read"}
    found = []
    for file in sorted((PACKAGE / "web").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in opening:
                called = ast.unparse(node.func.value)
                if "database" in called:
                    found.append(f"{file.name}: {called}.{node.func.attr}")
    assert found == ["unit.py: database().reading", "unit.py: database().writing"]


def test_what_a_refused_post_wrote_is_not_kept(own_app: Flask, session: Session) -> None:
    @everyone
    def refuses() -> tuple[str, int]:
        writes()
        return "refused", 422

    own_app.add_url_rule("/refuses", view_func=refuses, methods=["POST"])
    client: FlaskClient = own_app.test_client()
    token = csrf_token(client.get("/staff/login"))
    assert client.post("/refuses", data={"csrf_token": token}).status_code == 422
    assert session.scalars(select(AuditEntry)).all() == []
