"""The texts, documents and questionnaire of a campaign, until its launch; the questionnaire can be corrected afterwards too.

Each change leaves an audit entry.
"""

import hashlib
import json
import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from sqlalchemy.orm import Session

from outreach.campaigns import queries
from outreach.campaigns.models import Campaign, CampaignFile, CampaignText, FileKind
from outreach.errors import Invalid, Refused, Stale
from outreach.i18n import LANGUAGES, _
from outreach.identity import audit
from outreach.identity.audit import Actor
from outreach.questionnaires import drafting, rows, translation, translation_files, versions
from outreach.questionnaires.translation import Marks
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

    `seen` is the mark of the words that the author had before them: raises Stale where somebody changed them since. This and all that
    follows raise Busy while the call is being launched.
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
    session: Session,
    storage: Storage,
    campaign_id: uuid.UUID,
    workbook: bytes | None,
    actor: Actor,
    *,
    confirmed: Marks | None = None,
    pictures: Mapping[str, bytes] | None = None,
) -> bool:
    """Take the questionnaire from an XLSForm workbook (None: there is none); whether it is another version than before.

    `confirmed` are marks of translations that somebody made or looked at (`questionnaires.translation`), `pictures` those for its
    labels by file name (`picture_files.looked_at`); others of the version before stay. After the launch the workbook is a
    correction: drafts are carried over to it, what was submitted keeps its version.
    Raises Invalid with all faults of the workbook, Refused where it can't be changed any more.
    """
    campaign = _open_to_corrections(session, campaign_id) if workbook is not None else _unlaunched(session, campaign_id)
    version = None
    if workbook is not None:
        version = versions.take(session, storage, workbook, campaign.code, confirmed, pictures)
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


def set_pictures(
    session: Session, storage: Storage, campaign_id: uuid.UUID, pictures: Mapping[str, bytes], actor: Actor
) -> bool:
    """Add pictures to the questionnaire as it stands, or replace them; whether that made another version. Raises Invalid, Refused."""
    # Held from here on: another version that is published meanwhile would be undone.
    version_id = _open_to_corrections(session, campaign_id).questionnaire_version_id
    if version_id is None:
        raise Invalid(_("Please choose the workbook too: it says where the pictures stand."))
    workbook = versions.workbook_of(session, storage, version_id)
    return set_questionnaire(session, storage, campaign_id, workbook, actor, pictures=pictures)


def publish_draft(session: Session, storage: Storage, campaign_id: uuid.UUID, revision: int, actor: Actor) -> bool:
    """Publish what stands in the editor as the next version; whether it is another one than before.

    Raises Stale where somebody changed the draft since this `revision` was looked at, Invalid and Refused as `set_questionnaire`.
    """
    campaign = queries.campaign(session, campaign_id)
    draft = drafting.draft(session, storage, campaign.code, campaign.questionnaire_version_id)
    if draft.revision != revision:
        raise Stale(_("Somebody changed the draft meanwhile. Please look at it once more before you publish it."))
    pictures = {name: storage.get(content) for name, content in draft.rows.pictures.items()}
    changed = set_questionnaire(
        session,
        storage,
        campaign_id,
        rows.to_workbook(draft.rows),
        actor,
        confirmed=draft.translated,
        pictures=pictures,
    )
    drafting.discard(session, campaign.code)
    return changed


def take_translations(
    session: Session, storage: Storage, campaign_id: uuid.UUID, content: bytes, actor: Actor
) -> tuple[str, ...]:
    """Take over a translator's file: as the next version, or into the draft where one is being written. Returns in sentences what the
    language lacks still. Raises Invalid with all faults of the file, Refused where the questionnaire can't be changed any more.
    """
    campaign = _open_to_corrections(session, campaign_id)
    language, given = translation_files.read(content)
    draft = drafting.draft(session, storage, campaign.code, campaign.questionnaire_version_id)
    taken = translation.take(draft.rows, language, given)
    if draft.changed_at is None:
        workbook = rows.to_workbook(taken.rows)
        set_questionnaire(session, storage, campaign_id, workbook, actor, confirmed={language: taken.marks})
    else:
        drafting.write(
            session, storage, campaign.code, campaign.questionnaire_version_id, lambda _rows: taken.rows, actor.name,
            translated={language: taken.marks},
        )  # fmt: skip
    return taken.notes


def _open_to_corrections(session: Session, campaign_id: uuid.UUID) -> Campaign:
    """The campaign, held, if its questionnaire may be replaced now. Raises Refused."""
    campaign = queries.at_rest(session, campaign_id)
    if campaign.closed_at is not None:
        raise Refused(_("This call for input is closed."))
    if campaign.launched_at is not None and campaign.questionnaire_version_id is None:
        raise Refused(_("The call for input was launched. Its texts and documents stay as they were sent."))
    return campaign


def _unlaunched(session: Session, campaign_id: uuid.UUID) -> Campaign:
    campaign = queries.at_rest(session, campaign_id)
    if campaign.launched_at is not None:
        raise Refused(_("The call for input was launched. Its texts and documents stay as they were sent."))
    return campaign
