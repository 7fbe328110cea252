"""The texts, documents and questionnaire of a campaign, until its launch. Each change leaves an audit entry."""

import hashlib
import json
import uuid
from dataclasses import asdict, dataclass

from sqlalchemy.orm import Session

from outreach.campaigns import queries
from outreach.campaigns.models import Campaign, CampaignFile, CampaignText, FileKind
from outreach.errors import Invalid, Refused, Stale
from outreach.i18n import LANGUAGES, _
from outreach.identity import audit
from outreach.identity.audit import Actor
from outreach.questionnaires import service as questionnaires
from outreach.storage import Storage

MOST_BYTES = 20 * 1024 * 1024
_SIGNATURES = {
    "application/pdf": b"%PDF-",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": b"PK\x03\x04",
}
_ENDINGS = {
    "application/pdf": ".pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
}


@dataclass(frozen=True)
class CampaignWords:
    """The texts in one language. The original has neither translator nor reviewer."""

    title: str
    mandate: str
    note: str
    letter: str
    translated_by: str | None = None
    reviewed_by: str | None = None


def words_of(session: Session, campaign_id: uuid.UUID, language: str) -> CampaignWords | None:
    """The texts in one language as they stand; None where there are none."""
    text = session.get(CampaignText, (campaign_id, language))
    if text is None:
        return None
    return CampaignWords(text.title, text.mandate, text.note, text.letter, text.translated_by, text.reviewed_by)


def mark(words: CampaignWords | None) -> str:
    """A few signs by which `set_text` knows whether these words are still those that stand."""
    said = json.dumps(asdict(words) if words else None, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def set_text(
    session: Session,
    campaign_id: uuid.UUID,
    language: str,
    words: CampaignWords | None,
    actor: Actor,
    *,
    seen: str | None = None,
) -> bool:
    """Write the texts of one language (None: take them out); whether anything changed. Raises Refused after the launch, Invalid.

    `seen` is the mark of the words that the author had before them: raises Stale where somebody changed them since.
    """
    campaign = _unlaunched(session, campaign_id)
    if language not in LANGUAGES:
        raise Invalid(_("“%(language)s” is not one of the six languages.", language=language), field="language")
    text = session.get(CampaignText, (campaign_id, language), populate_existing=True)
    if seen is not None and seen != mark(words_of(session, campaign_id, language)):
        raise Stale(_("Somebody changed these texts while you wrote. Nothing was overwritten."))
    if words is None:
        if text is None:
            return False
        session.delete(text)
        session.flush()
        audit.record(session, actor, "campaign.text_removed", "campaign", campaign_id, before={"language": language})
        return True
    if language == campaign.original_language:
        words = CampaignWords(words.title, words.mandate, words.note, words.letter)
    new = {**words.__dict__}
    old = {name: getattr(text, name) for name in new} if text is not None else {}
    if old == new:
        return False
    if text is None:
        text = CampaignText(campaign_id=campaign_id, language=language, **new)
        session.add(text)
    for name, value in new.items():
        setattr(text, name, value)
    session.flush()
    audit.record(
        session, actor, "campaign.text_written", "campaign", campaign_id,
        before={"language": language, **{name: value for name, value in old.items() if value != new[name]}},
        after={"language": language, **{name: value for name, value in new.items() if old.get(name) != value}},
    )  # fmt: skip
    return True


def set_file(
    session: Session,
    storage: Storage,
    campaign_id: uuid.UUID,
    language: str,
    kind: FileKind,
    filename: str,
    content: bytes,
    actor: Actor,
) -> bool:
    """Keep a note or annex in one language; whether it is another one than before. Raises Invalid (field "file"), Refused."""
    _unlaunched(session, campaign_id)
    media_type = next((known for known, start in _SIGNATURES.items() if content.startswith(start)), None)
    if media_type is None or not filename.lower().endswith(_ENDINGS[media_type]):
        raise Invalid(_("%(name)s is neither a PDF nor a Word document (.docx).", name=filename[:100]), field="file")
    if len(content) > MOST_BYTES:
        raise Invalid(_("%(name)s is larger than 20 MB.", name=filename[:100]), field="file")
    name = storage.put(content)
    file = session.get(CampaignFile, (campaign_id, language, kind))
    if file is not None and (file.content, file.filename) == (name, filename):
        return False
    before = {"filename": file.filename, "content": file.content} if file is not None else None
    if file is None:
        file = CampaignFile(campaign_id=campaign_id, language=language, kind=kind)
        session.add(file)
    file.filename, file.media_type, file.size, file.content = filename, media_type, len(content), name
    session.flush()
    audit.record(
        session, actor, "campaign.file_set", "campaign", campaign_id, before=before,
        after={"language": language, "kind": kind.value, "filename": filename, "content": name},
    )  # fmt: skip
    return True


def remove_file(session: Session, campaign_id: uuid.UUID, language: str, kind: FileKind, actor: Actor) -> bool:
    """Take a note or annex out; whether there was one. Raises Refused after the launch."""
    _unlaunched(session, campaign_id)
    file = session.get(CampaignFile, (campaign_id, language, kind))
    if file is None:
        return False
    session.delete(file)
    session.flush()
    audit.record(
        session, actor, "campaign.file_removed", "campaign", campaign_id,
        before={"language": language, "kind": kind.value, "filename": file.filename, "content": file.content},
    )  # fmt: skip
    return True


def set_questionnaire(
    session: Session, storage: Storage, campaign_id: uuid.UUID, workbook: bytes | None, actor: Actor
) -> bool:
    """Take the questionnaire from an XLSForm workbook (None: there is none); whether it is another version than before.

    Raises Invalid with all faults of the workbook, Refused after the launch.
    """
    campaign = _unlaunched(session, campaign_id)
    version = (
        questionnaires.import_workbook(session, storage, workbook, campaign.code) if workbook is not None else None
    )
    before, after = campaign.questionnaire_version_id, version.id if version else None
    if before == after:
        return False
    campaign.questionnaire_version_id = after
    session.flush()
    audit.record(
        session, actor, "campaign.questionnaire_set", "campaign", campaign_id,
        before={"version": str(before) if before else None}, after={"version": str(after) if after else None},
    )  # fmt: skip
    return True


def _unlaunched(session: Session, campaign_id: uuid.UUID) -> Campaign:
    campaign = queries.campaign(session, campaign_id)
    session.refresh(campaign, with_for_update=True)
    if campaign.launched_at is not None:
        raise Refused(_("The call for input was launched. Its texts and documents stay as they were sent."))
    return campaign
