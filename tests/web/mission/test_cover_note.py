"""The cover note and the deadline's entry for calendars, as visitors get them."""

from typing import Any

from flask.testing import FlaskClient
from icalendar import Calendar
from sqlalchemy.orm import Session

from outreach.campaigns import links
from outreach.campaigns.links import LinkKind
from tests import factories
from tests.web.visitor import document


def test_a_mission_reads_its_note_downloads_it_and_takes_the_deadline_along(
    client: FlaskClient, session: Session
) -> None:
    campaign = factories.campaign(session, "KH-2027")
    mission = factories.mission(session, "KAZ", language="ru")
    ministry = factories.institution(session)
    asked, below = (factories.invitation(session, campaign, one) for one in (mission, ministry))
    session.commit()
    at = f"/m/{links.sign(LinkKind.MISSION, asked.id)}"

    page = document(client.get(f"{at}/cover-note?lang=en"))
    shown = page.xpath('//textarea[@lang="ru"]')[0]
    assert "ответ Правительства Казахстана" in shown.text
    file = client.get(f"{at}/cover-note/fr.docx")
    assert file.data.startswith(b"PK") and "cover-note.fr.docx" in file.headers["Content-Disposition"]
    assert client.get(f"{at}/cover-note/de.docx").status_code == 404
    # Bodies have no mission's note.
    assert client.get(f"/m/{links.sign(LinkKind.MISSION, below.id)}/cover-note").status_code == 404

    answer = links.sign(LinkKind.ANSWER, asked.id)
    for address in (f"{at}/deadline.ics", f"/a/{answer}/deadline.ics", "/c/KH-2027/deadline.ics"):
        entry = client.get(f"{address}?lang=fr")
        assert entry.mimetype == "text/calendar"
        event: Any
        (event,) = Calendar.from_ical(entry.data).walk("VEVENT")
        assert factories.TITLES["fr"] in event["SUMMARY"]
        assert answer not in entry.get_data(as_text=True)
    assert client.get(f"/m/{answer}/deadline.ics").status_code == 404
    assert client.get("/c/NONE/deadline.ics").status_code == 404
