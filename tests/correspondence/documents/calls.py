"""One call in six languages, by an invented office, for the tests of documents. Its body has what bodies have: paragraphs, a list, weight."""

from datetime import UTC, date, datetime

from outreach import i18n
from outreach.campaigns.folder import SAMPLE, read_folder
from outreach.correspondence.documents import composing, secretariat
from outreach.correspondence.documents.addressing import circular
from outreach.correspondence.documents.composing import Call
from outreach.correspondence.documents.page import Page
from outreach.correspondence.documents.secretariat import Secretariat

REFERENCE = "OESCR/KH/2027-17"
CONTACT = "knowledge-hub@secretariat.example"
PUBLIC = "https://outreach.example/c/KH-2027"

LETTERS = {
    "en": "We should like to build the hub on what you need:\n\n- the work of your institution;\n- the **support** that would help it.",
    "ar": "ونود أن يقوم المركز على ما تحتاجون إليه:\n\n- عمل مؤسستكم؛\n- **الدعم** الذي تعود عليها منه أكبر فائدة.",
}

with i18n.speaking("en"):
    _FOLDER = read_folder(SAMPLE)
    OFFICE = secretariat.read((SAMPLE / "secretariat.toml").read_text("utf-8"))


def call(language: str, **changed: str) -> Call:
    """The sample's call in one language."""
    text = _FOLDER.texts[language]
    said = {
        "title": text.title,
        "mandate": text.mandate,
        "body": text.note,
    } | changed
    return Call(
        code="KH-2027",
        reference=REFERENCE,
        day=date(2027, 1, 12),
        deadline_at=datetime(2027, 2, 26, 22, 59, tzinfo=UTC),
        deadline_zone="Europe/Zurich",
        contact=CONTACT,
        has_annex=True,
        public=PUBLIC,
        **said,
    )


def note(language: str, by: Secretariat = OFFICE, **changed: str) -> Page:
    """Its circular note, to missions and observer missions at both posts."""
    wording = by.wordings[language]
    everybody = circular(wording, {"missions", "observers"}, {"geneva", "new_york"})
    return composing.note(call(language, **changed), wording, everybody)


def letter(language: str, by: Secretariat = OFFICE) -> Page:
    """Its letter."""
    own = {"body": LETTERS[language]} if language in LETTERS else {}
    return composing.letter(call(language, **own), by.wordings[language])
