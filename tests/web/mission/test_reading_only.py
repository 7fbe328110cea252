"""Mail scanners open links: no GET of these pages changes a row of the database."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.db import Base
from tests.web.mission.conftest import World

MISSION = (
    "", "/forward", "/text", "/text/fr.txt", "/note", "/note?text=ar", "/questionnaire", "/questionnaire/en/word",
    "/files/en/note", "/acknowledge",
    "/no-submission", "/no-submission?code=sent", "/wrong-addressee", "/address", "/more-time", "/deadline.ics",
)  # fmt: skip
OF_A_MISSION = ("/cover-note", "/cover-note/en.docx")
PASSED_ON = ("", "/letter?text=zh", "/questionnaire", "/mailed", "/files/ar/annex")
PUBLIC = (
    "/",
    "/c?code=kh-2027",
    "/c/KH-2027",
    "/c/KH-2027?text=ru",
    "/c/KH-2027/questionnaire",
    "/c/KH-2027/questionnaire/ru/print",
    "/c/KH-2027/files/zh/note",
    "/c/KH-2027/deadline.ics",
)


def _everything(session: Session) -> dict[str, list[tuple[object, ...]]]:
    session.rollback()
    return {
        table.name: sorted((tuple(row) for row in session.execute(select(table))), key=repr)
        for table in Base.metadata.sorted_tables
    }


@pytest.mark.parametrize("language", ["ar"])
def test_no_page_changes_anything(client: FlaskClient, session: Session, world: World, language: str) -> None:
    before = _everything(session)
    addresses = [
        *(f"{world.geneva}{path}" for path in (*MISSION, *OF_A_MISSION)),
        *(f"{world.ministry}{path}" for path in MISSION),
        *(f"{world.passed_on}{path}" for path in PASSED_ON),
        *PUBLIC,
    ]
    for address in addresses:
        page = client.get(f"{address}{'&' if '?' in address else '?'}lang={language}", follow_redirects=True)
        assert page.status_code == 200, address
    assert _everything(session) == before


def test_every_page_of_the_two_blueprints_is_opened_here(app: Flask) -> None:
    opened = {path.split("?")[0] for path in (*MISSION, *OF_A_MISSION)}
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith("mission.") and "GET" in (rule.methods or ()):
            path = rule.rule.removeprefix("/m/<token>").replace("<of>", "fr" if "text" in rule.rule else "en")
            path = path.replace("<kind>", "word" if "questionnaire" in path else "note")
            assert path in opened or path.startswith(("/bodies/", "/parts/", "/transmitted/")), rule.rule


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS"])
def test_neither_do_other_ways_of_looking(client: FlaskClient, session: Session, world: World, method: str) -> None:
    before = _everything(session)
    for path in MISSION:
        client.open(f"{world.geneva}{path}", method=method)
    assert _everything(session) == before


def test_a_post_without_the_pages_token_changes_nothing(client: FlaskClient, session: Session, world: World) -> None:
    before = _everything(session)
    for path in ("/forward", "/acknowledge", "/no-submission", "/wrong-addressee", "/address", "/more-time"):
        assert client.post(f"{world.geneva}{path}", data={"do": "confirm"}).status_code == 400
    assert client.post(world.passed_on, data={"name": "X"}).status_code == 400
    assert _everything(session) == before
