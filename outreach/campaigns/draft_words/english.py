"""The words by which a note in English is read."""

from outreach.campaigns.draft_findings import MandateBody
from outreach.campaigns.draft_words.shape import NoteWords, numbered
from outreach.directory.words import InstitutionKind, Seat, Sector

_MONTHS = numbered(
    "january|jan february|feb march|mar april|apr may june|jun july|jul august|aug september|sept|sep october|oct november|nov december|dec"
)
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))

ENGLISH = NoteWords(
    common="the|of|and|to|for|in|that|by|with|its|is|are",
    date=(
        rf"(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? (?P<month>{_MONTH})\.?,? (?P<year>\d{{4}})"
        rf"|\b(?P<month2>{_MONTH})\.? (?P<day2>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<year2>\d{{4}}))"
    ),
    months=_MONTHS,
    weekday="monday|tuesday|wednesday|thursday|friday|saturday|sunday",
    until_included=(
        r"(?:not? later than|by)(?: (?:the )?(?:close of business|cob|end of (?:the )?(?:day|business))(?: on| of)?)?"
        r"|on or before|at the latest (?:by|on)|latest by|due on"
        r"|deadline\b(?:[^.;؛\n]|\n(?!\s*\n)){0,90}?(?: is| being| of|:)(?: set (?:for|at|to)| fixed (?:for|at))?|set for"
    ),
    until_open=r"before|prior to|until|till|up to",
    closing_included=r"at the latest|inclusive",
    closing_open="(?!)",
    to_the_day="on|of",
    clock=(
        r"(?:(?P<h>\d{1,2})(?: ?[:.h] ?(?P<m>\d{2})\b)?(?: ?(?:(?P<pm>p\.? ?m\b\.?)|(?P<am>a\.? ?m\b\.?)|(?P<unit>hours|hrs|h\b)))?)"
    ),
    reply=r"\brepl(?:y|ies)|\brespon|questionnaire|contribution|\bsubmi|\bcomments|\binputs?\b|\btransmit|\bsen[dt]\b|deadline|\breturn|\bviews|\binformation",
    bodies={
        MandateBody.HUMAN_RIGHTS_COUNCIL: "human rights council",
        MandateBody.GENERAL_ASSEMBLY: "general assembly",
        MandateBody.ECONOMIC_AND_SOCIAL_COUNCIL: "economic and social council",
        MandateBody.SECURITY_COUNCIL: "security council",
    },
    resolution=r"\bresolutions?\b[^\d.;]{0,70}?{number}",
    entitled=r"(?:entitled|titled|on) {quoted}",
    mission=r"permanent missions?",
    observer=r"permanent observer missions?|observer missions?|(?:permanent )?observer offices?|(?:permanent|non-member) observer(?:s| states?)?",
    seats={
        Seat.GENEVA: "geneva",
        Seat.NEW_YORK: "new york|to the united nations(?! office| (?:in|at) (?:geneva|vienna|nairobi))",
    },
    ministries=r"\bministr(?:y|ies)\b",
    sectors={
        Sector.FOREIGN_AFFAIRS: "foreign affairs",
        Sector.HEALTH: "health",
        Sector.EDUCATION: "education",
        Sector.LABOUR: "labou?r|employment",
        Sector.AGRICULTURE: "agriculture",
        Sector.JUSTICE: "justice",
        Sector.FINANCE: "finances?|treasury",
        Sector.CULTURE: "culture",
        Sector.DEVELOPMENT: "development",
        Sector.PLANNING: "planning",
    },
    local=(
        r"\b(?:local|municipal|subnational|sub-national|regional)(?:,? (?:and|or|local|regional|municipal|subnational))* "
        r"(?:administrations?|authorit(?:y|ies)|governments?|councils?)\b|\bmunicipalit(?:y|ies)\b"
    ),
    stakeholders={
        InstitutionKind.BUSINESS: "private sector|businesses|business (?:sector|community|entities|enterprises|associations?|organi[sz]ations?)|companies|enterprises|firms|employers",
        InstitutionKind.TRADE_UNION: "(?:trade|labou?r) unions?|workers' organi[sz]ations?",
        InstitutionKind.UNIVERSITY: "universit(?:y|ies)|academia|academic (?:institutions?|community)|academics",
        InstitutionKind.PROFESSIONAL_ASSOCIATION: "professional (?:associations?|bodies|organi[sz]ations?)",
        InstitutionKind.CIVIL_SOCIETY: "civil society|non-?governmental(?: and [a-z-]+)? organi[sz]ations?|ngos",
        InstitutionKind.NATIONAL_HUMAN_RIGHTS_INSTITUTION: "national human rights institutions?|nhris?",
        InstitutionKind.INTERGOVERNMENTAL: "(?:inter-?governmental|regional)(?: and [a-z-]+)? organi[sz]ations?",
    },
    title_of_person=r"Mr\.?|Mrs\.?|Ms\.?|Dr\.?|Prof\.?",
    annex=r"(?:annex(?:es)?|enclosures?|encl\.?|attachments?)",
    questionnaire="questionnaire|survey",
    online=r"\bonline\b|\bon-line\b",
    placeholder=(
        r"\[[^][\n]{0,200}\b(?:link|hyperlink|url)\b[^][\n]{0,200}\](?!\()|\b(?:insert|add) (?:the |a )?(?:hyper)?link\b|\b(?:hyper)?link here\b"
    ),
    subject="subject|re",
    compliments="presents? its compliments|presents? (?:his|her|their) compliments",
    honour=r"\bhono?ur\b",
    courtesies=r"avails? itself of this (?:opportunity|occasion)|assurances? of its highest consideration",
    zones={
        "Europe/Zurich": r"geneva time|central european (?:summer )?time|\bCES?T\b",
        "America/New_York": r"new york time|eastern (?:standard |daylight )?time|\bE[SD]?T\b",
    },
)
