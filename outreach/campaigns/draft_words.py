"""The words by which a note verbale is read, per language. In patterns a space stands for any white space, also a line's end."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from outreach.campaigns.draft_findings import MandateBody
from outreach.directory.words import InstitutionKind, Seat, Sector


def pattern(text: str, flags: re.RegexFlag = re.IGNORECASE) -> re.Pattern[str]:
    """The pattern with each space widened to white space."""
    return re.compile(text.replace(" ", r"\s+"), flags)


@dataclass(frozen=True)
class NoteWords:
    """One language's words."""

    common: frozenset[str]
    """Short words that tell the language."""
    months: Mapping[str, int]
    date: str
    """A day, as a pattern with the groups day, month and year (those of a second way of writing end in 2)."""
    weekday: str
    until_included: str
    until_open: str
    closing_included: str
    reply: re.Pattern[str]
    bodies: Mapping[MandateBody, str]
    resolution: str
    """A pattern with the places {body} and {number}; two ways of writing stand as {number} and {number2}."""
    entitled: str
    mission: re.Pattern[str]
    observer: re.Pattern[str]
    seats: Mapping[Seat, str]
    ministries: re.Pattern[str]
    sectors: Mapping[Sector, str]
    local: re.Pattern[str]
    stakeholders: Mapping[InstitutionKind, str]
    title_of_person: str
    annex: re.Pattern[str]
    online: re.Pattern[str]
    placeholder: re.Pattern[str]
    compliments: re.Pattern[str]
    courtesies: re.Pattern[str]
    zones: Mapping[str, str]


def _numbered(names: str) -> dict[str, int]:
    return {name: number for number, name in enumerate(names.split(), 1)}


_FRENCH_MONTHS = _numbered("janvier février mars avril mai juin juillet août septembre octobre novembre décembre")
_ENGLISH_MONTHS = _numbered("january february march april may june july august september october november december")

FRENCH = NoteWords(
    common=frozenset(["le", "la", "les", "des", "du", "et", "aux", "pour", "une", "dans", "sur", "que"]),
    months=_FRENCH_MONTHS,
    date=rf"(?P<day>1er|\d{{1,2}}) (?P<month>{'|'.join(_FRENCH_MONTHS)}) (?P<year>\d{{4}})",
    weekday="lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche",
    until_included=r"au plus tard(?: le)?",
    until_open=r"avant le|avant la date du|d'ici(?: au| le)?|jusqu'au",
    closing_included=r"au plus tard|inclus(?:ivement)?",
    reply=re.compile(
        r"répon[ds]|questionnaire|contribution|soum[ei]|commentaires|observations\b|transmet|envoy|parvenir", re.I
    ),
    bodies={
        MandateBody.HUMAN_RIGHTS_COUNCIL: "conseil des droits de l'homme",
        MandateBody.GENERAL_ASSEMBLY: "assemblée générale",
        MandateBody.ECONOMIC_AND_SOCIAL_COUNCIL: "conseil économique et social",
        MandateBody.SECURITY_COUNCIL: "conseil de sécurité",
    },
    resolution=r"résolution (?:{number} (?:du |de l'|de la ){body}|(?:du |de l'|de la )?{body} {number2})",
    entitled=r",? (?:intitulée?|ayant pour titre) [«“\"]\s*(?P<title>[^»”\"]{5,400}?)\s*[»”\"]",
    mission=pattern(r"missions? permanentes?"),
    observer=pattern(
        r"(?:bureaux?|missions?)(?: permanente?s?)? d'observat(?:eurs?|ion)(?: permanente?s?)?"
        r"|missions? (?:permanentes? )?d'observation|observateurs? permanents?"
    ),
    seats={Seat.GENEVA: r"genève", Seat.NEW_YORK: r"new york"},
    ministries=re.compile(r"minist[èe]res?\b", re.I),
    sectors={
        Sector.FOREIGN_AFFAIRS: r"affaires étrangères",
        Sector.HEALTH: r"santé",
        Sector.EDUCATION: r"éducation|enseignement",
        Sector.LABOUR: r"travail|emploi",
        Sector.AGRICULTURE: r"agriculture",
        Sector.JUSTICE: r"justice",
        Sector.FINANCE: r"finances?",
        Sector.CULTURE: r"culture",
        Sector.DEVELOPMENT: r"développement",
        Sector.PLANNING: r"planification|plan",
    },
    local=pattern(
        r"\b(?:administrations?|autorités?|collectivités?|pouvoirs?) (?:locaux|locales?|territoriales?|municipales?)"
    ),
    stakeholders={
        InstitutionKind.BUSINESS: r"secteur privé|entreprises?",
        InstitutionKind.TRADE_UNION: r"syndicats?|organisations? syndicales?|organisations? de travailleurs",
        InstitutionKind.UNIVERSITY: r"universités?|établissements? universitaires?|milieux? universitaires?",
        InstitutionKind.PROFESSIONAL_ASSOCIATION: r"(?:associations?|ordres?|organisations?) professionnel(?:le)?s?",
        InstitutionKind.CIVIL_SOCIETY: r"société civile|organisations? non gouvernementales?|ong",
        InstitutionKind.NATIONAL_HUMAN_RIGHTS_INSTITUTION: r"institutions? nationales? des droits de l'homme",
        InstitutionKind.INTERGOVERNMENTAL: r"organisations? intergouvernementales?",
    },
    title_of_person=r"Mme|Mlle|MM?\.|Dr|Pr",
    annex=re.compile(
        r"^[ \t]*(?:annexes?|pi[èe]ces? jointes?|p\.\s?j\.)[ \t]*(?:[\dIVX]{1,4}[ \t]*)?[:–—-][ \t]*(\S.*?)[ \t]*$",
        re.I | re.M,
    ),
    online=pattern(r"en ligne"),
    placeholder=pattern(
        r"\[[^][\n]{0,200}\b(?:lien|hyperlien|url)\b[^][\n]{0,200}\](?!\()|\b(?:insérer|ajouter) (?:le |un )?(?:lien|hyperlien)\b|\blien (?:hypertexte )?ici\b"
    ),
    compliments=pattern(r"présente ses compliments"),
    courtesies=pattern(r"saisit cette occasion|assurances? de sa (?:plus|très) haute considération"),
    zones={"Europe/Zurich": r"heure de genève", "America/New_York": r"heure de new york"},
)

ENGLISH = NoteWords(
    common=frozenset(["the", "of", "and", "to", "for", "in", "that", "by", "with", "its", "is", "are"]),
    months=_ENGLISH_MONTHS,
    date=(
        rf"(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th)? (?P<month>{'|'.join(_ENGLISH_MONTHS)}),? (?P<year>\d{{4}})"
        rf"|(?P<month2>{'|'.join(_ENGLISH_MONTHS)}) (?P<day2>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<year2>\d{{4}}))"
    ),
    weekday="monday|tuesday|wednesday|thursday|friday|saturday|sunday",
    until_included=r"no later than|not later than|on or before|at the latest (?:by|on)|by",
    until_open=r"before|prior to|until|till",
    closing_included=r"at the latest|inclusive",
    reply=re.compile(
        r"\brepl(?:y|ies)|\brespon|questionnaire|contribution|\bsubmi|\bcomments|\binputs?\b|\btransmit|\bsend", re.I
    ),
    bodies={
        MandateBody.HUMAN_RIGHTS_COUNCIL: "human rights council",
        MandateBody.GENERAL_ASSEMBLY: "general assembly",
        MandateBody.ECONOMIC_AND_SOCIAL_COUNCIL: "economic and social council",
        MandateBody.SECURITY_COUNCIL: "security council",
    },
    resolution=r"(?:resolution {number} of the {body}|{body}(?:'s)? resolution {number2})",
    entitled=r",? (?:entitled|titled) [“\"«]\s*(?P<title>[^”\"»]{5,400}?),?\s*[”\"»]",
    mission=pattern(r"permanent missions?"),
    observer=pattern(
        r"permanent observer missions?|observer missions?|(?:permanent )?observer offices?|permanent observers?"
    ),
    seats={Seat.GENEVA: r"geneva", Seat.NEW_YORK: r"new york"},
    ministries=re.compile(r"\bministr(?:y|ies)\b", re.I),
    sectors={
        Sector.FOREIGN_AFFAIRS: r"foreign affairs",
        Sector.HEALTH: r"health",
        Sector.EDUCATION: r"education",
        Sector.LABOUR: r"labou?r|employment",
        Sector.AGRICULTURE: r"agriculture",
        Sector.JUSTICE: r"justice",
        Sector.FINANCE: r"finances?|treasury",
        Sector.CULTURE: r"culture",
        Sector.DEVELOPMENT: r"development",
        Sector.PLANNING: r"planning",
    },
    local=pattern(r"\blocal (?:administrations?|authorit(?:y|ies)|governments?)\b|\bmunicipalit(?:y|ies)\b"),
    stakeholders={
        InstitutionKind.BUSINESS: r"private sector|business(?:es)?|companies|enterprises",
        InstitutionKind.TRADE_UNION: r"(?:trade|labou?r) unions?|workers' organi[sz]ations?",
        InstitutionKind.UNIVERSITY: r"universit(?:y|ies)|academia|academic institutions?",
        InstitutionKind.PROFESSIONAL_ASSOCIATION: r"professional (?:associations?|bodies|organi[sz]ations?)",
        InstitutionKind.CIVIL_SOCIETY: r"civil society|non-?governmental organi[sz]ations?|ngos",
        InstitutionKind.NATIONAL_HUMAN_RIGHTS_INSTITUTION: r"national human rights institutions?",
        InstitutionKind.INTERGOVERNMENTAL: r"intergovernmental organi[sz]ations?",
    },
    title_of_person=r"Mr\.?|Mrs\.?|Ms\.?|Dr\.?|Prof\.?",
    annex=re.compile(
        r"^[ \t]*(?:annex(?:es)?|enclosures?|attachments?)[ \t]*(?:[\dIVX]{1,4}[ \t]*)?[:–—-][ \t]*(\S.*?)[ \t]*$",
        re.I | re.M,
    ),
    online=pattern(r"\bonline\b|\bon-line\b"),
    placeholder=pattern(
        r"\[[^][\n]{0,200}\b(?:link|hyperlink|url)\b[^][\n]{0,200}\](?!\()|\b(?:insert|add) (?:the |a )?(?:hyper)?link\b|\b(?:hyper)?link here\b"
    ),
    compliments=pattern(r"presents its compliments"),
    courtesies=pattern(r"avails itself of this opportunity|assurances? of its highest consideration"),
    zones={"Europe/Zurich": r"geneva time", "America/New_York": r"new york time"},
)

LANGUAGE_WORDS: Mapping[str, NoteWords] = {"fr": FRENCH, "en": ENGLISH}

FUNCTIONAL_MAILBOXES = frozenset(
    [
        "contact",
        "desk",
        "division",
        "help",
        "hub",
        "info",
        "mail",
        "mission",
        "office",
        "registry",
        "secretariat",
        "section",
        "support",
        "team",
        "unit",
    ]
)
"""Words that mark a mailbox as that of a service."""
