"""The words by which a note in Arabic is read. Articles, and prepositions of one letter, are written together with the word that follows."""

from outreach.campaigns.draft_findings import MandateBody
from outreach.campaigns.draft_words.shape import NoteWords, numbered
from outreach.directory.words import InstitutionKind, Seat, Sector

_MONTHS = numbered(
    "كانون_الثاني|يناير|جانفي شباط|فبراير|فيفري آذار|مارس نيسان|أبريل|إبريل|أفريل أيار|مايو|ماي حزيران|يونيه|يونيو|جوان "
    "تموز|يوليه|يوليو|جويلية آب|أغسطس|أوت أيلول|سبتمبر تشرين_الأول|أكتوبر تشرين_الثاني|نوفمبر كانون_الأول|ديسمبر"
)
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_AS = r"(?:ه|ها|هما|هم)?"

ARABIC = NoteWords(
    common="في|من|إلى|على|التي|أن|هذا|هذه|عن|مع|الذي|أو",
    date=rf"(?P<day>\d{{1,2}}) ?(?:من )?(?:شهر )?(?P<month>{_MONTH})(?:\s?[/(]\s?(?:{_MONTH})\)?)?[,،]? (?:من |ل|سنة |عام |لعام )*(?P<year>\d{{4}})",
    months=_MONTHS,
    weekday="(?:يوم )?(?:الاثنين|الإثنين|الثلاثاء|الأربعاء|الخميس|الجمعة|السبت|الأحد)(?: الموافق)?|يوم",
    until_included=(
        r"(?:في )?(?:موعد|أجل) (?:أقصاه|لا يتجاوز|لا يتعدى|غايته)|بحلول|(?:في )?موعد لا يتأخر عن|حتى(?=[^.\n]{0,60}(?:ضمنا|شاملا))"
        r"|(?:الموعد النهائي|آخر موعد|الأجل المحدد|الموعد الأخير|المهلة)(?:[^.;؛\n]|\n(?!\s*\n)){0,90}?(?:هو|:|في|تنتهي|ينتهي|يحل)"
    ),
    until_open="قبل(?: تاريخ| يوم)?|حتى(?: تاريخ)?|لغاية",
    closing_included="على أبعد تقدير|كحد أقصى|كأقصى حد|كموعد أقصى|على الأكثر|ضمنا",
    closing_open="(?!)",
    to_the_day="من|في|يوم|من يوم|في يوم|بتاريخ",
    clock=(
        r"(?:(?:ال)?ساعة (?P<h>\d{1,2})(?P<unit2>(?<=1[3-9])|(?<=2[0-3]))?(?:\s?[:./]\s?(?P<m>\d{2}))?"
        r"(?:,?\s?(?:(?P<pm>مساء|من مساء|بعد الظهر|ليلا)|(?P<am>صباحا?|من صباح|قبل الظهر)|(?P<unit>تماما)))?)"
    ),
    reply=r"رد(?:ود)?\b|ردها|ردودها|ردوده|استبيان|مساهم|إسهام|تقدم|تقديم|موافا|إرسال|ترسل|إجاب|تعليق|ملاحظات|معلومات|آراء|موعد|مهلة|إحال",
    bodies={
        MandateBody.HUMAN_RIGHTS_COUNCIL: "مجلس حقوق الإنسان",
        MandateBody.GENERAL_ASSEMBLY: "(?:ال|لل)جمعية العامة",
        MandateBody.ECONOMIC_AND_SOCIAL_COUNCIL: "(?:ال|لل)مجلس الاقتصادي والاجتماعي",
        MandateBody.SECURITY_COUNCIL: "مجلس الأمن",
    },
    resolution=rf"\w{{0,3}}قرار(?:ات)?{_AS}\b[^\d.؛]{{0,70}}?{{number}}",
    entitled=r"(?:المعنون|المعنونة|بعنوان|وعنوانه|وعنوانها|بشأن|المتعلق ب) ?:? ?{quoted}",
    mission=r"(?:ال|لل|بال|وال|ول)?بعث(?:ات|ة) (?:ال)?دائمة",
    observer=(
        r"(?:ال|لل|بال|وال|ول)?بعث(?:ات|ة) (?:(?:ال)?دائمة )?(?:ال)?مراقبة(?: (?:ال)?دائمة)?|بعث(?:ات|ة) المراقبين(?: الدائم(?:ين|ة))?"
        r"|(?:ال)?مكاتب (?:ال)?مراقبين?(?: الدائمين)?|مراقبين? (?:ال)?دائمين?"
    ),
    seats={Seat.GENEVA: "جنيف", Seat.NEW_YORK: "نيويورك"},
    ministries=r"وزار(?:ات|ة|تي|تا)",
    sectors={
        Sector.FOREIGN_AFFAIRS: "خارجية|شؤون الخارجية",
        Sector.HEALTH: "صحة",
        Sector.EDUCATION: "تعليم|تربية",
        Sector.LABOUR: "عمل|عمالة|تشغيل",
        Sector.AGRICULTURE: "زراعة|فلاحة",
        Sector.JUSTICE: "عدل|عدالة",
        Sector.FINANCE: "مالية",
        Sector.CULTURE: "ثقافة",
        Sector.DEVELOPMENT: "تنمية",
        Sector.PLANNING: "تخطيط",
    },
    local=r"(?:سلط|إدار|حكوم|هيئ|جماع|مجالس)\w{0,3} (?:ال)?(?:محلية|بلدية|دون الوطنية|إقليمية)|(?:ال|لل)بلديات",
    stakeholders={
        InstitutionKind.BUSINESS: "قطاع الخاص|شركات|أعمال التجارية|مؤسسات التجارية|مشاريع التجارية",
        InstitutionKind.TRADE_UNION: "نقابات(?! المهنية)(?: العمال(?:ية)?)?",
        InstitutionKind.UNIVERSITY: "جامعات|أوساط (?:ال)?أكاديمية|مؤسسات (?:ال)?أكاديمية",
        InstitutionKind.PROFESSIONAL_ASSOCIATION: "(?:رابطات|جمعيات|نقابات|اتحادات|هيئات) (?:ال)?مهنية",
        InstitutionKind.CIVIL_SOCIETY: "مجتمع المدني|(?:منظمات|و) ?(?:ال)?غير (?:ال)?حكومية",
        InstitutionKind.NATIONAL_HUMAN_RIGHTS_INSTITUTION: "مؤسسات (?:ال)?وطنية (?:لحقوق|المعنية بحقوق|لتعزيز وحماية حقوق) الإنسان",
        InstitutionKind.INTERGOVERNMENTAL: "منظمات (?:ال)?حكومية (?:ال)?دولية",
    },
    title_of_person="السيدة|السيد|الآنسة|الدكتورة?|الأستاذة?",
    annex=r"(?:ال)?(?:مرفقات|مرفق|ملحق|ضميمة)",
    questionnaire="استبيان",
    online=r"(?:عبر|على|من خلال) (?:شبكة )?(?:ال)?إنترنت|(?:ال)?إلكتروني",
    placeholder=r"\[[^][\n]{0,200}(?:رابط|وصلة)[^][\n]{0,200}\](?!\()",
    subject="الموضوع",
    compliments=r"[يت]?هد[يى] [^.]{0,120}?تحيات|تحياتها? إلى|[يت]عرب [^.]{0,80}?عن تحيات",
    honour=r"[يت]تشرف|شرف",
    courtesies=r"[يت]?غتنم|تغتنم|اغتنام|فائق (?:ال)?(?:تقدير|احترام)|أسمى (?:آيات|عبارات)",
    zones={
        "Europe/Zurich": "(?:ب)?توقيت جنيف|(?:ب)?توقيت (?:وسط أوروبا|أوروبا الوسطى)(?: الصيفي)?",
        "America/New_York": "(?:ب)?توقيت نيويورك|(?:ب)?(?:ال)?توقيت (?:الساحل )?الشرقي",
    },
    left=r"(?<![^\W\d_])[وف]?(?:بال|كال|لل|ال|ب|ل|ك)?",
    right=r"(?![^\W\d_])",
    edge=r"(?<![^\W\d_])[وف]?",
    before_day="يوم|تاريخ",
    before_date="في",
)
