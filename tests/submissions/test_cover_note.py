"""The note with which a mission sends its reply."""

import io
from typing import Any

import docx
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.campaigns.models import Campaign
from outreach.directory.models import InstitutionKind, Seat, StateName
from outreach.errors import Missing
from outreach.i18n import LANGUAGES
from outreach.submissions import cover_words
from outreach.submissions.cover_note import CoverNote, cover_note
from tests import factories


def drafted(
    session: Session, campaign: Campaign, language: str, state_code: str = "KAZ", **mission: object
) -> CoverNote:
    """The cover note of a new mission of this State."""
    made = factories.mission(session, state_code, **mission)  # type: ignore[arg-type]
    with clock.stopped_at(factories.NOW):
        return cover_note(session, factories.invitation(session, campaign, made).id, language)


@pytest.mark.usefixtures("english")
def test_the_note_before_anything_was_submitted(session: Session) -> None:
    note = drafted(session, factories.campaign(session), "fr")
    assert note.text.replace("\u00a0", " ") == (
        "Référence : [numéro de la note de la mission]\n\n"
        "La Mission permanente du Kazakhstan auprès de l’Office des Nations Unies à Genève présente ses compliments au Secrétariat de "
        "l’Organisation des Nations Unies et a l’honneur de se référer à la note verbale OESCR/KH/2027-17 du 12 janvier 2027 relative à l’appel à "
        "contributions « Plateforme de connaissances : besoins et attentes », et de transmettre ci-joint la réponse du Gouvernement de la "
        "République du Kazakhstan.\n\n"
        "La Mission permanente du Kazakhstan auprès de l’Office des Nations Unies à Genève saisit cette occasion pour renouveler au Secrétariat "
        "de l’Organisation des Nations Unies les assurances de sa très haute considération.\n\n"
        "Genève, le 15 février 2027\n\n"
        "Annexes :\n1. Réponse du Gouvernement de la République du Kazakhstan\n"
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.usefixtures("english")
def test_the_word_file_holds_what_the_text_holds(session: Session, language: str) -> None:
    note = drafted(session, factories.campaign(session), language, seat=Seat.NEW_YORK)
    document = docx.Document(io.BytesIO(note.docx()))
    parts: list[Any] = [*document.paragraphs, *document.tables[-1].columns[0].cells]
    held = "\n".join(part.text for part in parts)
    for paragraph in note.text.strip().split("\n\n")[1:]:
        assert paragraph in held
    assert factories.TITLES[language] in held
    assert document.core_properties.language[:2] == language


@pytest.mark.usefixtures("english")
def test_only_missions_have_one(session: Session) -> None:
    ministry = factories.institution(session)
    invitation = factories.invitation(session, factories.campaign(session), ministry)
    with pytest.raises(Missing):
        cover_note(session, invitation.id, "en")


@pytest.mark.usefixtures("english")
def test_the_holy_see_has_no_government(session: Session) -> None:
    campaign = factories.campaign(session)
    made = factories.mission(session, "VAT", kind=InstitutionKind.PERMANENT_OBSERVER_MISSION)
    invitation = factories.invitation(session, campaign, made)
    for language, reply in {
        "en": "the reply of the Holy See.", "fr": "la réponse du Saint-Siège.", "es": "la respuesta de la Santa Sede.",
        "ru": "ответ Святого Престола.", "ar": "رد الكرسي الرسولي.", "zh": "罗马教廷的答复。",
    }.items():  # fmt: skip
        assert reply in cover_note(session, invitation.id, language).text


@pytest.mark.parametrize(
    ("code", "language", "whose"),
    [
        ("FRA", "fr", "du Gouvernement de la République française"),
        ("GBR", "fr", "du Gouvernement du Royaume-Uni de Grande-Bretagne et d’Irlande du Nord"),
        ("USA", "fr", "du Gouvernement des États-Unis d’Amérique"),
        ("PSE", "fr", "du Gouvernement de l’État de Palestine"),
        ("ATG", "fr", "du Gouvernement d’Antigua-et-Barbuda"),
        ("LCA", "fr", "du Gouvernement de Sainte-Lucie"),
        ("MAR", "es", "del Gobierno del Reino de Marruecos"),
        ("NPL", "es", "del Gobierno de Nepal"),
        ("USA", "es", "del Gobierno de los Estados Unidos de América"),
        ("CHN", "zh", "中华人民共和国政府"),
        ("KAZ", "ru", "Правительства Казахстана"),
        ("EGY", "ar", "حكومة جمهورية مصر العربية"),
        ("JPN", "en", "the Government of Japan"),
    ],
)
def test_whose_reply_it_is(session: Session, code: str, language: str, whose: str) -> None:
    name = session.scalars(select(StateName).where(StateName.state_code == code, StateName.language == language)).one()
    assert cover_words.government(code, name.formal, name.of_form, language) == whose


def test_no_state_is_written_with_two_articles(session: Session) -> None:
    for name in session.scalars(select(StateName)):
        said = cover_words.government(name.state_code, name.formal, name.of_form, name.language)
        assert not any(
            wrong in f" {said} " for wrong in (" de le ", " de les ", " de el ", " d’la ", " de les ", " de de ")
        ), said
