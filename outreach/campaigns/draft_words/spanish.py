"""The words by which a note in Spanish is read."""

from outreach.campaigns.draft_findings import MandateBody
from outreach.campaigns.draft_words.shape import NoteWords, numbered
from outreach.directory.words import InstitutionKind, Seat, Sector

_MONTHS = numbered("enero febrero marzo abril mayo junio julio agosto septiembre|setiembre octubre noviembre diciembre")

SPANISH = NoteWords(
    common="el|los|las|del|y|en|se|por|para|sus",
    date=rf"(?P<day>primero|1\.?º|1ero|\d{{1,2}})(?: de)? (?P<month>{'|'.join(_MONTHS)}),?(?: del?)?(?: año)? (?P<year>\d{{4}})",
    months=_MONTHS,
    weekday="lunes|martes|miércoles|jueves|viernes|sábado|domingo",
    until_included=(
        r"a más tardar(?: el(?: día)?| para el)?|no más tarde del(?: día)?|hasta el(?: día)?(?=[^.\n]{0,60}inclusive)"
        r"|(?:fecha límite|plazo|fecha tope)\b(?:[^.;؛\n]|\n(?!\s*\n)){0,90}?(?:es|será|vence|vencerá|termina|finaliza|concluye|expira|:)(?: el(?: día)?)?"
    ),
    until_open=r"antes del(?: día)?|hasta el(?: día)?|para el(?: día)?",
    closing_included="a más tardar|inclusive",
    closing_open="(?!)",
    to_the_day="del?(?: día)?|el",
    clock=(
        r"(?:(?P<h>\d{1,2})(?:[:.](?P<m>\d{2}))?"
        r"(?: ?(?:(?P<pm>p\. ?m\.?|de la (?:tarde|noche))|(?P<am>a\. ?m\.?|de la mañana)|(?P<unit>horas?\b|hrs?\b|h\b)))?)"
    ),
    reply=(
        r"respuesta|respond|cuestionario|contribuci|aport|present|comentarios|observaciones|transmit|envi|remit|fecha límite|plazo|informaci|hagan llegar"
    ),
    bodies={
        MandateBody.HUMAN_RIGHTS_COUNCIL: "consejo de derechos humanos",
        MandateBody.GENERAL_ASSEMBLY: "asamblea general",
        MandateBody.ECONOMIC_AND_SOCIAL_COUNCIL: "consejo económico y social",
        MandateBody.SECURITY_COUNCIL: "consejo de seguridad",
    },
    resolution=r"\bresoluci(?:ón|ones)\b[^\d.;]{0,70}?{number}",
    entitled=r"(?:titulada|intitulada|que lleva por título|sobre|relativa a) {quoted}",
    mission="misi(?:ón|ones) permanentes?",
    observer=r"misi(?:ón|ones) (?:permanentes? )?(?:de observaci(?:ón|ones)|observadoras?)|oficinas? de observador(?:es)?(?: permanentes?)?|observadores permanentes",
    seats={
        Seat.GENEVA: "ginebra",
        Seat.NEW_YORK: "nueva york|ante (?:la organización de )?las naciones unidas(?! en (?:ginebra|viena|nairobi))",
    },
    ministries=r"ministerios?\b",
    sectors={
        Sector.FOREIGN_AFFAIRS: "relaciones exteriores|asuntos exteriores",
        Sector.HEALTH: "salud|sanidad",
        Sector.EDUCATION: "educación|enseñanza",
        Sector.LABOUR: "trabajo|empleo",
        Sector.AGRICULTURE: "agricultura",
        Sector.JUSTICE: "justicia",
        Sector.FINANCE: "finanzas|hacienda|economía",
        Sector.CULTURE: "cultura",
        Sector.DEVELOPMENT: "desarrollo",
        Sector.PLANNING: "planificación|planeación|planeamiento",
    },
    local=r"\b(?:administraci(?:ón|ones)|autoridad(?:es)?|gobiernos?|entidad(?:es)?) (?:locales?|municipales?|subnacionales?|territoriales?|regionales?)\b|\bmunicipios\b|\bmunicipalidades\b|\bayuntamientos\b",
    stakeholders={
        InstitutionKind.BUSINESS: "sector privado|empresas?|sector empresarial",
        InstitutionKind.TRADE_UNION: "sindicatos?|organizaci(?:ón|ones) (?:sindicales|de trabajadores)",
        InstitutionKind.UNIVERSITY: "universidad(?:es)?|mundo académico|instituci(?:ón|ones) académicas?|círculos académicos|sector académico|academia",
        InstitutionKind.PROFESSIONAL_ASSOCIATION: "(?:asociaci(?:ón|ones)|colegios?|organizaci(?:ón|ones)) (?:de )?profesional(?:es)?",
        InstitutionKind.CIVIL_SOCIETY: "sociedad civil|organizaci(?:ón|ones)(?: [a-zé]{3,20} y)? no gubernamentales?|ong",
        InstitutionKind.NATIONAL_HUMAN_RIGHTS_INSTITUTION: "instituci(?:ón|ones) nacional(?:es)? (?:de|de promoción y protección de los) derechos humanos",
        InstitutionKind.INTERGOVERNMENTAL: "organizaci(?:ón|ones)(?: [a-zé ]{3,20} e)? intergubernamentales?|organizaciones regionales",
    },
    title_of_person=r"Sra?\.|Sres\.|Srta\.|D\.|Dña\.|Dra?\.|Señora?",
    annex=r"(?:anexos?|adjuntos?|apéndices?|documentos? adjuntos?)",
    questionnaire="cuestionario|encuesta",
    online="en línea|por internet",
    placeholder=r"\[[^][\n]{0,200}\b(?:enlace|hipervínculo|vínculo|url)\b[^][\n]{0,200}\](?!\()|\b(?:insertar|añadir) (?:el |un )?(?:enlace|hipervínculo)\b",
    subject="asunto",
    compliments=r"saluda(?:n)? (?:muy )?atentamente|presenta(?:n)? (?:sus|un) (?:atentos? )?(?:saludos?|cumplidos|respetos)",
    honour=r"\b(?:honor|honra)\b",
    courtesies=r"aprovecha (?:esta|la) (?:oportunidad|ocasión)|seguridades de su (?:más|muy)|testimonio de su (?:más|muy)",
    zones={
        "Europe/Zurich": "hora (?:local )?de ginebra|hora (?:de verano )?de europa central|hora central europea",
        "America/New_York": "hora (?:local )?de nueva york|hora del este",
    },
    before_date="a|el",
)
