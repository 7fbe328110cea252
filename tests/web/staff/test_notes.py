"""Notes and letters to print: on the documents' page, one for each mission, and from the command line."""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from docx import Document
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy.orm import Session

from outreach import clock, config
from outreach.campaigns.folder import SAMPLE
from outreach.campaigns.models import Campaign, CampaignText
from outreach.cli.campaign_notes import campaign as command
from outreach.directory.models import Seat
from outreach.identity.words import StaffRole
from tests import factories
from tests.web.desk import signed_in
from tests.web.visitor import document

CALL = "/staff/campaigns/KH-2027"


@pytest.fixture
def call(session: Session) -> Iterator[Campaign]:
    """A call in preparation; nobody has written the Chinese note yet."""
    with clock.stopped_at(factories.NOW):
        made = factories.campaign(session, "KH-2027", launched=False)
        session.get_one(CampaignText, (made.id, "zh")).note = ""
        factories.mission(session, "JOR", Seat.GENEVA, language="ar")
        factories.mission(session, "CHE", Seat.NEW_YORK, language="fr")
        nobody_knows = factories.mission(session, "KAZ", Seat.GENEVA)
        nobody_knows.language = None
        session.commit()
        yield made


@pytest.fixture
def manager(app: Flask, session: Session) -> FlaskClient:
    return signed_in(app, session, StaffRole.MANAGER)


def read(pdf: bytes) -> str:
    return " ".join(" ".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(pdf)).pages).split())


def test_staff_take_notes_and_letters_from_the_page_of_documents(manager: FlaskClient, call: Campaign) -> None:
    page = document(manager.get(f"{CALL}/files"))
    links = list(page.xpath("//section[@aria-labelledby='print']//td/a[contains(@href, '/print/')]/@href"))
    assert len(links) == 2 * (6 + 5)
    assert "no text yet" in page.text_content()
    pdf = manager.get(f"{CALL}/print/fr/note.pdf")
    assert pdf.mimetype == "application/pdf" and "KH-2027.note.fr.pdf" in pdf.headers["Content-Disposition"]
    said = read(pdf.data)
    assert "présente ses compliments aux missions permanentes" in said and call.note_reference in said
    word = manager.get(f"{CALL}/print/en/letter.docx")
    assert "Sir/Madam," in [paragraph.text for paragraph in Document(io.BytesIO(word.data)).paragraphs]
    assert manager.get(f"{CALL}/print/zh/note.pdf").status_code == 404
    for unknown in ("xx/note.pdf", "fr/memo.pdf", "fr/note.exe"):
        assert manager.get(f"{CALL}/print/{unknown}").status_code == 404


def test_each_mission_gets_a_note_of_its_own_in_its_language(manager: FlaskClient, call: Campaign) -> None:
    packed = zipfile.ZipFile(io.BytesIO(manager.get(f"{CALL}/print/each.zip").data))
    assert sorted(packed.namelist()) == [
        "CHE.new-york.fr.pdf", "JOR.geneva.ar.pdf", "KAZ.geneva.en.pdf", "KAZ.geneva.fr.pdf",
    ]  # fmt: skip
    said = read(packed.read("CHE.new-york.fr.pdf"))
    assert "présente ses compliments à la Mission permanente de la Suisse" in said
    assert "renouveler à la Mission permanente de la Suisse" in said.replace("renou- veler", "renouveler")
    assert "missions permanentes d’observation" not in said


def test_the_command_writes_all_in_the_words_of_the_secretariat(call: Campaign, tmp_path: Path) -> None:
    config.use(replace(config.settings(), secretariat=SAMPLE / "secretariat.toml"))
    done = CliRunner().invoke(command, ["notes", "kh-2027", str(tmp_path / "out"), "--each"])
    assert done.exit_code == 0, done.output
    written = {file.name for file in (tmp_path / "out").iterdir()}
    assert len(written) == 2 * (6 + 5) + 1 and "note.zh.pdf" not in written
    assert "15 documents are in" in done.output
    assert "Office for Economic, Social and Cultural Rights presents its compliments" in read(
        (tmp_path / "out" / "note.en.pdf").read_bytes()
    )
