"""The world of the sending benchmark: a launched campaign with N invited bodies, each with its letter queued; half in English, half in Russian."""

import uuid
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

from outreach.campaigns.models import Campaign, CampaignKind, CampaignText, Sensitivity
from outreach.correspondence import editions
from outreach.correspondence.editions import Attachment, CampaignLines, Rendering
from outreach.correspondence.models import LetterKind, Register
from outreach.storage import Storage

LANGUAGES = ("en", "ru")
BEGAN = datetime(2026, 1, 12, 9, 0, tzinfo=UTC)
PDF_BYTES = 100_000

_SENTENCES = {
    "en": "The Office would be grateful if ministries, local authorities, unions and universities could take part, and say what they need: ",
    "ru": "Управление было бы признательно, если бы министерства, местные власти, союзы и университеты приняли участие: ",
}
# So many paragraphs that a letter, text and HTML encoded, has about 20 KB.
_PARAGRAPHS = {"en": 28, "ru": 11}

_MADE = """
    WITH numbers AS MATERIALIZED (
        SELECT n, uuidv7() AS institution, uuidv7() AS contact, uuidv7() AS invitation,
            uuidv7() AS letter, CASE n % 2 WHEN 0 THEN 'en' ELSE 'ru' END AS language
        FROM generate_series(1, :letters) AS n
    ), institutions AS (
        INSERT INTO institution (id, kind, name, created_at)
        SELECT institution, 'university', 'Invented body ' || n, :now FROM numbers
    ), contacts AS (
        INSERT INTO contact (id, institution_id, email, source, created_at)
        SELECT contact, institution, 'office' || n || '@body' || n || '.example', 'benchmark', :now FROM numbers
    ), invitations AS (
        INSERT INTO invitation (id, campaign_id, institution_id, code, origin, reply_route, created_at, stage, stage_at)
        SELECT invitation, :campaign, institution, lpad(n::text, 8, '0'), 'launch', 'direct', :now, 'queued', :now FROM numbers
    )
    INSERT INTO letter (id, edition_id, kind, language, campaign_id, invitation_id, contact_id, occasion, attempt, to_address,
        merge, message_id, envelope_token, reply_to, state, due_at, queued_at, tries)
    SELECT letter, CASE language WHEN 'en' THEN CAST(:en AS uuid) ELSE CAST(:ru AS uuid) END, 'invitation', language, :campaign,
        invitation, contact, 'launch', 1, 'office' || n || '@body' || n || '.example',
        jsonb_build_object(language, jsonb_build_object(
            'recipient', 'Invented body ' || n, 'salutation', 'Sir/Madam,', 'deadline', '26 February 2026, 23:59 (Geneva)',
            'invitationcode', lpad(n::text, 8, '0'), 'linkanswer', 'http://127.0.0.1:8000/a/' || repeat('t', 60) || n
        )),
        '<' || letter || '@outreach.example>', replace(letter::text, '-', ''), 'office@secretariat.example', 'queued', :now, :now, 0
    FROM numbers
"""


def make(session: Session, storage: Storage, letters: int, *, attached: bool) -> None:
    """Empty the tables and queue so many letters; with `attached` each carries a PDF of 100 KB."""
    session.execute(
        text("TRUNCATE delivery_attempt, letter, edition, invitation_fact, invitation, contact, institution CASCADE")
    )
    session.execute(text("TRUNCATE campaign CASCADE"))
    campaign = Campaign(
        id=uuid.uuid4(), code="BENCH", kind=CampaignKind.CALL_FOR_CONTRIBUTIONS, mandate_symbol="A/HRC/RES/54/22",
        note_reference="BENCH/1", note_date=BEGAN.date(), original_language="en", contact="office@secretariat.example",
        deadline_at=BEGAN + timedelta(days=45), deadline_zone="Europe/Zurich", sensitivity=Sensitivity.ORDINARY, audience={},
        created_at=BEGAN, launched_at=BEGAN,
    )  # fmt: skip
    session.add(campaign)
    session.flush()
    session.add(
        CampaignText(campaign_id=campaign.id, language="en", title="A benchmark", mandate="-", note="-", letter="-")
    )
    files = []
    if attached:
        # A compressed file looks like chance; the same bytes in every run.
        content = b"".join(uuid.uuid5(uuid.NAMESPACE_DNS, str(n)).bytes for n in range(PDF_BYTES // 16))
        files = [Attachment("questionnaire.pdf", "application/pdf", storage.put(b"%PDF-1.7\n" + content))]
    frozen = {}
    for language in LANGUAGES:
        wanted = Rendering(LetterKind.INVITATION, Register.LETTER, language)
        frozen[language] = editions.freeze(session, wanted, editions.render(wanted, _lines), files)
    session.execute(text(_MADE), {"letters": letters, "campaign": campaign.id, "now": BEGAN, **frozen})


def _lines(language: str) -> CampaignLines:
    paragraphs = (f"{n}. {_SENTENCES[language] * 2}" for n in range(1, _PARAGRAPHS[language] + 1))
    return CampaignLines(
        code="BENCH",
        title="A benchmark" if language == "en" else "Измерение",
        mandate="A/HRC/RES/54/22",
        note_reference="BENCH/1",
        note_date=date(2026, 1, 12),
        contact="office@secretariat.example",
        body="\n\n".join(paragraphs),
    )
