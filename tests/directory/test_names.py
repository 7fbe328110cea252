"""The names of missions in six languages."""

import pytest

from outreach.directory.models import InstitutionKind, Seat
from outreach.directory.names import mission_name
from outreach.i18n import LANGUAGES

MISSION = InstitutionKind.PERMANENT_MISSION
OBSERVER = InstitutionKind.PERMANENT_OBSERVER_MISSION


@pytest.mark.parametrize(
    ("kind", "seat", "of_form", "language", "name"),
    [
        (MISSION, Seat.GENEVA, "of Jordan", "en", "Permanent Mission of Jordan to the United Nations Office at Geneva"),
        (MISSION, Seat.GENEVA, "de la Jordanie", "fr", "Mission permanente de la Jordanie auprès de l’Office des Nations Unies à Genève"),
        (MISSION, Seat.GENEVA, "de Jordania", "es", "Misión Permanente de Jordania ante la Oficina de las Naciones Unidas en Ginebra"),
        (MISSION, Seat.GENEVA, "Иордании", "ru", "Постоянное представительство Иордании при Отделении Организации Объединенных Наций в Женеве"),
        (MISSION, Seat.GENEVA, "للأردن", "ar", "البعثة الدائمة للأردن لدى مكتب الأمم المتحدة في جنيف"),
        (MISSION, Seat.GENEVA, "约旦", "zh", "约旦常驻联合国日内瓦办事处代表团"),
        (MISSION, Seat.NEW_YORK, "of Jordan", "en", "Permanent Mission of Jordan to the United Nations"),
        (MISSION, Seat.NEW_YORK, "du Togo", "fr", "Mission permanente du Togo auprès de l’Organisation des Nations Unies à New York"),
        (MISSION, Seat.NEW_YORK, "约旦", "zh", "约旦常驻联合国代表团"),
        (OBSERVER, Seat.NEW_YORK, "of the Holy See", "en", "Permanent Observer Mission of the Holy See to the United Nations"),
        (OBSERVER, Seat.GENEVA, "du Saint-Siège", "fr", "Mission permanente d’observation du Saint-Siège auprès de l’Office des Nations Unies à Genève"),
        (OBSERVER, Seat.NEW_YORK, "巴勒斯坦国", "zh", "巴勒斯坦国常驻联合国观察员代表团"),
    ],
)  # fmt: skip
def test_mission_names(kind: InstitutionKind, seat: Seat, of_form: str, language: str, name: str) -> None:
    assert mission_name(kind, seat, of_form, language) == name


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_mission_has_its_own_name(language: str) -> None:
    names = {
        mission_name(kind, seat, "X", language) for kind in (MISSION, OBSERVER) for seat in (Seat.GENEVA, Seat.NEW_YORK)
    }
    assert len(names) == 4


def test_no_other_institution_is_named_by_formula() -> None:
    with pytest.raises(KeyError):
        mission_name(InstitutionKind.MINISTRY, Seat.GENEVA, "of Jordan", "en")
    with pytest.raises(KeyError):
        mission_name(MISSION, Seat.CAPITAL, "of Jordan", "en")
