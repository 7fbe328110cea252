"""Which State a text names, and that nothing is guessed."""

import pytest
from sqlalchemy.orm import Session

from outreach.directory.finding import fold, state_finder
from outreach.directory.queries import find_state, states
from outreach.i18n import LANGUAGES


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("JOR", "JOR"),
        ("jo", "JOR"),
        ("400", "JOR"),
        ("4", "AFG"),
        (" Jordan ", "JOR"),
        ("الأردن", "JOR"),
        ("الاردن", "JOR"),
        ("约旦", "JOR"),
        ("Иордания", "JOR"),
        ("Hashemite Kingdom of Jordan", "JOR"),
        ("egypte", "EGY"),
        ("COTE D'IVOIRE", "CIV"),
        ("Côte d’Ivoire", "CIV"),
        ("Iran (Islamic Republic of)", "IRN"),
        ("iran, islamic republic of", "IRN"),
        ("Afghanistan (l')", "AFG"),
        ("State of Palestine (the) *", "PSE"),
        ("Congo", "COG"),
        ("Guinea Bissau", "GNB"),
        ("República Checa", "CZE"),
        ("刚果(布)", "COG"),
    ],
)
def test_names_and_codes_are_found(session: Session, text: str, code: str) -> None:
    assert find_state(session, text) == code


@pytest.mark.parametrize(
    "text", ["", "Atlantis", "Puerto Rico", "Hong Kong", "Kosovo", "England", "Iran", "Guin", "999", "XK", "²"]
)
def test_what_names_no_state_is_not_guessed(session: Session, text: str) -> None:
    assert find_state(session, text) is None


def test_every_name_finds_its_own_state(session: Session) -> None:
    finder = state_finder(session)
    for language in LANGUAGES:
        for line in states(session, language):
            assert finder.find(line.short) == line.code, line.short
            assert finder.find(line.formal) == line.code, line.formal


def test_fold_keeps_different_names_apart() -> None:
    assert fold("Niger") != fold("Nigeria")
    assert fold("Гвинея") != fold("Гвинея-Бисау")
    assert fold("Йемен") == fold("йемен")
