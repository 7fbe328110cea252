"""The receipt: number, instant and zone, a copy to print, hashes; corrections that keep what was received; the choice about publication."""

import io

from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy.orm import Session

from outreach.campaigns.models import Campaign
from outreach.correspondence.models import LetterKind
from outreach.identity.models import AuditEntry
from outreach.submissions import versions
from outreach.submissions.models import Publication
from outreach.submissions.respondent import Standing
from tests import factories
from tests.web.answer.conftest import PART_ONE, PART_TWO, Call, begin, filled, letters, own, save, send, value_of
from tests.web.visitor import csrf_token, document, text_of
from tests.web.visitor import send as post


def test_it_says_all_that_a_respondent_must_know(client: FlaskClient, session: Session, call: Call) -> None:
    begin(client, call.union)
    save(client, call.union, 1, PART_ONE)
    save(client, call.union, 2, {**PART_TWO, "q-paper": [(io.BytesIO(factories.PDF), "Annex 1.pdf")]})
    send(client, call.union)
    page = client.get(f"{call.union}/receipt?lang=en")
    text = text_of(page)
    assert "Please keep this number: KH-2027-KAZ-0001" in text
    assert "Received 15 February 2027, 10:00 (Geneva) In the capital: 15 February 2027, 14:00" in text
    assert (
        "From Union of Nurses On behalf of another stakeholder How it came on these pages Versions version 1 received"
        in text
    )
    assert "Documents Annex 1.pdf" in text
    assert "Publication may be published" in text
    assert "1.1 Is there a plan? Yes 1.1.a Please explain The strategy of 2023." in text
    (version,) = versions.versions(session, own(session, call.union_id).id)
    assert f"SHA-256 of the answers and files: {version.digest}" in text
    assert f"SHA-256 of the file Annex 1.pdf: {version.files[0]['content']}" in text
    (address, *_again) = document(page).xpath("//dd//a[contains(@href, '/files/')]/@href")
    assert client.get(address).data == factories.PDF
    copy = client.get(f"{call.union}/receipt/1.pdf?lang=en")
    assert copy.headers["Content-Disposition"] == "attachment; filename=KH-2027-KAZ-0001.1.en.pdf"
    said = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(copy.data)).pages)
    for words in ("KH-2027-KAZ-0001", "15 February 2027, 10:00 (Geneva)", "The strategy of 2023.", "Annex 1.pdf"):
        assert words in said
    assert version.digest in said.replace("\n", "")


def test_it_is_mailed_in_the_language_in_which_the_answer_was_written(
    client: FlaskClient, session: Session, call: Call
) -> None:
    client.get(f"{call.union}?lang=fr")
    opened = client.get(call.union)
    client.post(f"{call.union}/begin", data={"csrf_token": csrf_token(opened), "email": "agent@union.example"})
    save(client, call.union, 1, PART_ONE)
    save(client, call.union, 2, PART_TWO)
    send(client, call.union)
    (receipt,) = letters(session, LetterKind.RECEIPT, call.union_id)
    assert (receipt.language, receipt.to_address) == ("fr", "agent@union.example")
    address = value_of(receipt, "linkreceipt").removeprefix("http://127.0.0.1:8000")
    page = client.get(address)
    assert (page.status_code, document(page).get("lang")) == (200, "fr")


def test_a_correction_makes_a_second_version_and_keeps_the_first(
    client: FlaskClient, session: Session, call: Call
) -> None:
    filled(client, call.union)
    send(client, call.union)
    page = post(client, f"{call.union}/correct", page=f"{call.union}/receipt")
    assert page.headers["Location"] == f"{call.union}/parts/1"
    assert own(session, call.union_id).standing is Standing.CORRECTING
    start = text_of(client.get(f"{call.union}?lang=en"))
    assert "This is a correction of KH-2027-KAZ-0001, not yet submitted." in start
    assert "A correction has been begun and is not submitted yet." in text_of(client.get(f"{call.union}/receipt"))

    save(client, call.union, 1, {"q-plan": "yes", "q-why": "The strategy of 2026."})
    assert not document(client.get(f"{call.union}/review")).xpath("//input[@checked]")
    assert send(client, call.union).headers["Location"] == f"{call.union}/receipt"
    text = text_of(client.get(f"{call.union}/receipt"))
    assert "KH-2027-KAZ-0001" in text and "The strategy of 2026." in text and "version 1" in text
    assert "What changed since version 1 1.1.a Please explain Version: 1 The strategy of 2023. Version: 2" in text
    former = text_of(client.get(f"{call.union}/receipt?version=1"))
    assert "The strategy of 2023." in former and "A later version supersedes this one." in former
    assert client.get(f"{call.union}/receipt?version=3").status_code == 404
    kept = versions.versions(session, own(session, call.union_id).id)
    assert [version.answers["why"] for version in kept] == ["The strategy of 2023.", "The strategy of 2026."]


def test_after_the_close_the_receipt_stays_and_nothing_is_corrected(
    client: FlaskClient, session: Session, call: Call
) -> None:
    filled(client, call.union)
    send(client, call.union)
    opened = client.get(f"{call.union}/receipt?lang=en")
    session.get_one(Campaign, call.campaign_id).closed_at = factories.NOW
    session.commit()
    page = client.get(f"{call.union}/receipt")
    assert "KH-2027-KAZ-0001" in text_of(page)
    assert not document(page).xpath("//form[contains(@action, '/correct')]")
    refused = client.post(f"{call.union}/correct", data={"csrf_token": csrf_token(opened)})
    assert refused.status_code == 403
    assert own(session, call.union_id).standing is Standing.SUBMITTED


def test_the_choice_about_publication_can_be_changed(client: FlaskClient, session: Session, call: Call) -> None:
    filled(client, call.union)
    send(client, call.union)
    page = post(
        client,
        f"{call.union}/publication",
        {"publication": "do_not_publish"},
        page=f"{call.union}/receipt",
        follow_redirects=True,
    )
    assert "Publication not to be published" in text_of(page)
    assert own(session, call.union_id).publication is Publication.DO_NOT_PUBLISH
    assert session.query(AuditEntry).filter_by(act="submission.publication_changed").count() == 1
    wrong = post(client, f"{call.union}/publication", {"publication": "sell"}, page=f"{call.union}/receipt")
    assert wrong.status_code == 422
    assert document(wrong).xpath("//details[@open]//*[@id='publication-fault']")


def test_before_anything_was_submitted_there_is_none(client: FlaskClient, session: Session, call: Call) -> None:
    assert client.get(f"{call.union}/receipt").headers["Location"] == call.union
    filled(client, call.union)
    assert client.get(f"{call.union}/receipt").headers["Location"] == call.union
    page = post(client, f"{call.union}/publication", {"publication": "publish"}, page=call.union)
    assert page.headers["Location"] == call.union
    refused = post(client, f"{call.union}/correct", page=call.union)
    assert refused.status_code == 403
    assert "there is nothing to correct" in text_of(refused)
