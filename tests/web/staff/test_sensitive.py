"""The answers to a sensitive call for input are read by those who may change it, and by nobody else."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from outreach.campaigns.models import Sensitivity
from outreach.identity.words import StaffRole
from outreach.storage import Storage
from outreach.submissions.models import SubmissionFile, SubmissionVersion
from tests import factories
from tests.reports.answers import submitted
from tests.web.desk import signed_in
from tests.web.visitor import text_of

pytestmark = pytest.mark.usefixtures("at_now")


@pytest.mark.parametrize(
    ("sensitivity", "role", "reads"),
    [
        (Sensitivity.SENSITIVE, StaffRole.READER, False),
        (Sensitivity.SENSITIVE, StaffRole.MANAGER, True),
        (Sensitivity.SENSITIVE, StaffRole.ADMINISTRATOR, True),
        (Sensitivity.ORDINARY, StaffRole.READER, True),
    ],
)
def test_who_reads_a_submission_and_its_files(
    app: Flask, session: Session, storage: Storage, sensitivity: Sensitivity, role: StaffRole, reads: bool
) -> None:
    campaign = factories.campaign(session, "KH-2027", sensitivity=sensitivity)
    mission = factories.invitation(session, campaign, factories.mission(session))
    one = submitted(session, mission, by_mission=mission)
    file = SubmissionFile(
        submission_id=one.id,
        filename="annex.pdf",
        media_type="application/pdf",
        size=len(factories.PDF),
        content=storage.put(factories.PDF),
        uploaded_at=factories.NOW,
    )
    session.add(file)
    session.flush()
    version = session.query(SubmissionVersion).one()
    version.files = [
        {
            "id": str(file.id),
            "question": None,
            "filename": file.filename,
            "media_type": file.media_type,
            "size": file.size,
            "content": file.content,
        }
    ]
    session.commit()
    browser = signed_in(app, session, role)
    page = browser.get(f"/staff/submissions/{one.id}")
    download = browser.get(f"/staff/submissions/{one.id}/files/{file.id}")
    if reads:
        assert (page.status_code, download.data) == (200, factories.PDF)
    else:
        assert (page.status_code, download.status_code) == (403, 403)
        assert "is sensitive" in text_of(page)
    # That it came is no secret of the staff.
    assert one.number is not None and one.number in text_of(browser.get("/staff/campaigns/KH-2027/states/KAZ"))
