"""The ministries and bodies that the world's missions forward to; every name and address is invented or generic."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Body:
    """A body to forward to, as a mission types it into the form."""

    name: str
    kind: str
    sector: str
    email: str
    language: str


_MINISTRIES = {
    "health": {
        "ar": "وزارة الصحة", "zh": "卫生部", "en": "Ministry of Health", "fr": "Ministère de la santé",
        "ru": "Министерство здравоохранения", "es": "Ministerio de Salud",
    },
    "education": {
        "ar": "وزارة التربية والتعليم", "zh": "教育部", "en": "Ministry of Education", "fr": "Ministère de l’éducation",
        "ru": "Министерство образования", "es": "Ministerio de Educación",
    },
    "labour": {
        "ar": "وزارة العمل", "zh": "劳动部", "en": "Ministry of Labour", "fr": "Ministère du travail",
        "ru": "Министерство труда", "es": "Ministerio de Trabajo",
    },
    "justice": {
        "ar": "وزارة العدل", "zh": "司法部", "en": "Ministry of Justice", "fr": "Ministère de la justice",
        "ru": "Министерство юстиции", "es": "Ministerio de Justicia",
    },
    "agriculture": {
        "ar": "وزارة الزراعة", "zh": "农业部", "en": "Ministry of Agriculture", "fr": "Ministère de l’agriculture",
        "ru": "Министерство сельского хозяйства", "es": "Ministerio de Agricultura",
    },
    "finance": {
        "ar": "وزارة المالية", "zh": "财政部", "en": "Ministry of Finance", "fr": "Ministère des finances",
        "ru": "Министерство финансов", "es": "Ministerio de Hacienda",
    },
}  # fmt: skip

SECTORS = tuple(_MINISTRIES)


def ministry(state: str, sector: str, language: str) -> Body:
    """The ministry of a State for a sector, named in the language that it is written to in."""
    return Body(_MINISTRIES[sector][language], "ministry", sector, f"office@{sector}.{state.lower()}.example", language)


UNION = Body("Union syndicale d’exemple", "trade_union", "labour", "bureau@union.example", "fr")
UNIVERSITY = Body(
    "University of Examples, Institute of Social Rights",
    "university",
    "education",
    "institute@university.example",
    "en",
)
