"""Mail scanners open links: no GET of an answer changes a row of the database, whatever the answer has come to."""

import io

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.db import Base
from tests.web.answer.conftest import PART_ONE, PART_TWO, Call, begin, own, save, send

PAGES = (
    "", "/parts/1", "/parts/2", "/review", "/review?code=sent", "/receipt", "/receipt?version=1", "/receipt/1.pdf", "/letter", "/letter?text=ru",
    "/questionnaire", "/questionnaire/en/word", "/documents/en/note", "/file", "/deadline.ics", "/begin", "/respondent", "/submit", "/publication", "/correct",
    "/set-aside/none", "/not-asked/none",
)  # fmt: skip
ACTS = ("/begin", "/respondent", "/parts/1", "/submit", "/publication", "/correct")


def _everything(session: Session) -> dict[str, list[tuple[object, ...]]]:
    session.rollback()
    return {
        table.name: sorted((tuple(row) for row in session.execute(select(table))), key=repr)
        for table in Base.metadata.sorted_tables
    }


@pytest.mark.parametrize("language", ["ar"])
def test_no_page_changes_anything(client: FlaskClient, session: Session, call: Call, language: str) -> None:
    # One that was not begun, one that is a draft, one that was submitted.
    for address in (call.union, call.ministry):
        begin(client, address)
        save(client, address, 1, PART_ONE)
        save(client, address, 2, {**PART_TWO, "q-paper": [(io.BytesIO(b"words"), "a.txt")]})
    send(client, call.union)
    (file,) = own(session, call.union_id).files
    before = _everything(session)
    for address in (call.direct, call.ministry, call.union, call.geneva):
        for path in PAGES:
            page = client.get(f"{address}{path}{'&' if '?' in path else '?'}lang={language}", follow_redirects=True)
            assert page.status_code == 200, f"{address}{path}"
    assert client.get(f"{call.union}/files/{file.id}").status_code == 200
    assert client.get(f"{call.union}/file/{file.id}").status_code == 302
    assert _everything(session) == before


def test_every_page_of_the_blueprint_is_opened_here(app: Flask) -> None:
    opened = {path.split("?")[0] for path in PAGES}
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith("answer.") and "GET" in (rule.methods or ()):
            path = rule.rule.removeprefix("/a/<token>").replace("<int:number>", "1").replace("<int:version>", "1")
            path = path.replace("/questionnaire/<of>/<kind>", "/questionnaire/en/word")
            path = path.replace("<of>/<kind>", "en/note").replace("<mark>", "none").replace("<key>", "none")
            assert path in opened or "<uuid:file_id>" in path or "<any(" in path, rule.rule


def test_a_post_without_the_pages_token_changes_nothing(client: FlaskClient, session: Session, call: Call) -> None:
    before = _everything(session)
    for act in ACTS:
        assert client.post(f"{call.union}{act}", data={"publication": "publish"}).status_code == 400
    assert _everything(session) == before
