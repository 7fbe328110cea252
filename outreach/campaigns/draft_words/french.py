"""The words by which a note in French is read."""

from outreach.campaigns.draft_findings import MandateBody
from outreach.campaigns.draft_words.shape import NoteWords, numbered
from outreach.directory.words import InstitutionKind, Seat, Sector

_MONTHS = numbered(
    "janvier février|fevrier mars avril mai juin juillet août|aout septembre octobre novembre décembre|decembre"
)

FRENCH = NoteWords(
    common="le|la|les|des|du|et|aux|pour|une|dans|sur|que",
    date=rf"(?P<day>1er|\d{{1,2}}) (?P<month>{'|'.join(_MONTHS)}) (?P<year>\d{{4}})",
    months=_MONTHS,
    weekday="lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche",
    until_included=(
        r"au plus tard(?: le)?|(?:date limite|échéance|délai|date butoir)\b(?:[^.;؛\n]|\n(?!\s*\n)){0,90}?(?:fixée?|est|expire|arrêtée?|:)(?: au| le)?|fixée?s? au"
    ),
    until_open=r"avant le|avant la date du|d'ici(?: au| le)?|jusqu'au|pour le",
    closing_included=r"au plus tard|inclus(?:ivement)?",
    closing_open="(?!)",
    to_the_day="le|du",
    clock=r"(?:(?P<h>\d{1,2}) ?(?P<unit>h(?:eures?)?\b|:) ?(?P<m>\d{2}\b)?)",
    reply=(
        r"répon[ds]|questionnaire|contribution|soum[ei]|commentaires|observations\b|transmet|envoy|parvenir|date limite|renseignements|communiqu"
    ),
    bodies={
        MandateBody.HUMAN_RIGHTS_COUNCIL: "conseil des droits de l'homme",
        MandateBody.GENERAL_ASSEMBLY: "assemblée générale",
        MandateBody.ECONOMIC_AND_SOCIAL_COUNCIL: "conseil économique et social",
        MandateBody.SECURITY_COUNCIL: "conseil de sécurité",
    },
    resolution=r"\brésolutions?\b[^\d.;]{0,70}?{number}",
    entitled=r"(?:intitulée?|ayant pour titre|sur|relative à) {quoted}",
    mission=r"missions? permanentes?",
    observer=(
        r"(?:bureaux?|missions?)(?: permanente?s?)? d'observat(?:eurs?|ion)(?: permanente?s?)?"
        r"|missions? (?:permanentes? )?d'observation|observateurs? permanents?"
    ),
    seats={
        Seat.GENEVA: "genève",
        Seat.NEW_YORK: "new york|auprès (?:de l'organisation )?des nations unies(?! à (?:genève|vienne|nairobi))",
    },
    ministries=r"minist[èe]res?\b",
    sectors={
        Sector.FOREIGN_AFFAIRS: "affaires étrangères",
        Sector.HEALTH: "santé",
        Sector.EDUCATION: "éducation|enseignement",
        Sector.LABOUR: "travail|emploi",
        Sector.AGRICULTURE: "agriculture",
        Sector.JUSTICE: "justice",
        Sector.FINANCE: "finances?",
        Sector.CULTURE: "culture",
        Sector.DEVELOPMENT: "développement",
        Sector.PLANNING: "planification|plan",
    },
    local=(
        r"\b(?:administrations?|autorités?|collectivités?|pouvoirs?|gouvernements?) (?:locaux|locales?|territoriales?|municipales?|infranationales?)|\bmunicipalités?\b"
    ),
    stakeholders={
        InstitutionKind.BUSINESS: "secteur privé|entreprises?",
        InstitutionKind.TRADE_UNION: "syndicats?|organisations? syndicales?|organisations? de travailleurs",
        InstitutionKind.UNIVERSITY: "universités?|établissements? universitaires?|milieux? universitaires?|universitaires?",
        InstitutionKind.PROFESSIONAL_ASSOCIATION: "(?:associations?|ordres?|organisations?) professionnel(?:le)?s?",
        InstitutionKind.CIVIL_SOCIETY: "société civile|organisations?(?: [a-zé]{3,20} et)? non gouvernementales?|ong",
        InstitutionKind.NATIONAL_HUMAN_RIGHTS_INSTITUTION: "institutions? nationales? (?:des|de défense des|de promotion et de protection des) droits de l'homme",
        InstitutionKind.INTERGOVERNMENTAL: "organisations?(?: [a-zé ]{3,20} et)? intergouvernementales?|organisations? régionales?",
    },
    title_of_person=r"Mme|Mlle|MM?\.|Dr|Pr",
    annex=r"(?:annexes?|pi[èe]ces? jointes?|p\.\s?j\.)",
    questionnaire="questionnaire",
    online="en ligne",
    placeholder=(
        r"\[[^][\n]{0,200}\b(?:lien|hyperlien|url)\b[^][\n]{0,200}\](?!\()|\b(?:insérer|ajouter) (?:le |un )?(?:lien|hyperlien)\b|\blien (?:hypertexte )?ici\b"
    ),
    subject="objet",
    compliments="présente(?:nt)? ses compliments",
    honour=r"\bhonneur\b",
    courtesies=r"saisit cette occasion|assurances? de sa (?:plus|très) haute considération",
    zones={
        "Europe/Zurich": r"heure (?:locale )?de genève|heure d'europe centrale",
        "America/New_York": r"heure (?:locale )?de new york|heure de l'est",
    },
    before_date="le",
)
