"""How missions are named in the six languages. Formulas, not sentences: each language section of the UN has its own.

`{of}` is the State's name as it stands after the noun (`StateName.of_form`): "of Jordan", "du Togo", "للأردن"; in Chinese it comes first.
"""

from outreach.directory.models import InstitutionKind, Seat

_MISSION = {
    "ar": "البعثة الدائمة {of}",
    "zh": "{of}常驻",
    "en": "Permanent Mission {of}",
    "fr": "Mission permanente {of}",
    "ru": "Постоянное представительство {of}",
    "es": "Misión Permanente {of}",
}

_OBSERVER_MISSION = {
    "ar": "البعثة المراقبة الدائمة {of}",
    "zh": "{of}常驻",
    "en": "Permanent Observer Mission {of}",
    "fr": "Mission permanente d’observation {of}",
    "ru": "Постоянная миссия наблюдателя от {of}",
    "es": "Misión Permanente de Observación {of}",
}

_GENEVA = {
    "ar": " لدى مكتب الأمم المتحدة في جنيف",
    "zh": "联合国日内瓦办事处",
    "en": " to the United Nations Office at Geneva",
    "fr": " auprès de l’Office des Nations Unies à Genève",
    "ru": " при Отделении Организации Объединенных Наций в Женеве",
    "es": " ante la Oficina de las Naciones Unidas en Ginebra",
}

_NEW_YORK = {
    "ar": " لدى الأمم المتحدة في نيويورك",
    "zh": "联合国",
    "en": " to the United Nations",
    "fr": " auprès de l’Organisation des Nations Unies à New York",
    "ru": " при Организации Объединенных Наций в Нью-Йорке",
    "es": " ante las Naciones Unidas en Nueva York",
}

# Chinese closes with the noun.
_CLOSING = {
    InstitutionKind.PERMANENT_MISSION: {"zh": "代表团"},
    InstitutionKind.PERMANENT_OBSERVER_MISSION: {"zh": "观察员代表团"},
}

_OPENING = {InstitutionKind.PERMANENT_MISSION: _MISSION, InstitutionKind.PERMANENT_OBSERVER_MISSION: _OBSERVER_MISSION}
_TO = {Seat.GENEVA: _GENEVA, Seat.NEW_YORK: _NEW_YORK}


def mission_name(kind: InstitutionKind, seat: Seat, of_form: str, language: str) -> str:
    """The full name of a mission, as in "Permanent Mission of Jordan to the United Nations Office at Geneva".

    `of_form` is the State's name in `language` as it stands after the noun. Raises KeyError for what is no mission:
    another kind, the seat "capital", or an unknown language.
    """
    name = _OPENING[kind][language] + _TO[seat][language] + _CLOSING[kind].get(language, "")
    return name.format(of=of_form)
