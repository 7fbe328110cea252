"""Words by which missions and ministries say what becomes of a note, by what they say and language; all in small letters.

`says` must stand in a sentence, `unless` must not: promises, negations and thanks for the same thing are none. Where it is unclear,
the tables say nothing: a person reads the mail anyway.
"""

import enum
import re
from dataclasses import dataclass


class Saying(enum.StrEnum):
    """What a reply may say of itself or of the note."""

    FORWARDED = "forwarded"
    """The note went on to the capital, or to those who are competent there."""
    MORE_TIME = "more_time"
    FINAL_REPLY = "final_reply"
    NEW_ADDRESS = "new_address"
    NOTHING = "nothing"
    """No submission is to be expected."""


@dataclass(frozen=True)
class Phrase:
    """How a language says it."""

    says: re.Pattern[str]
    unless: re.Pattern[str]


def _phrase(says: str, unless: str) -> Phrase:
    return Phrase(re.compile(says), re.compile(unless))


_SOON = r"\b(?:will|shall|would|should|could|intends?|going to|plans? to|once|as soon as|if|not|never|cannot|unable)\b|n't\b"
_BIENTOT = r"\b(?:sera|seront|serait|devrait|dès que|lorsque|si|ne|n'\w+|pas|(?:transmettr|enverr|communiquer|fer)(?:a|ons|ont|ai))\b"
_PRONTO = r"\b(?:será|serán|sería|debería|una vez|cuando|si|no|nunca|(?:remitir|transmitir|enviar|trasladar|presentar|har)(?:á|án|emos|é))\b"
_VSKORE = r"\b(?:не|будет|будут|если|когда|после того|планирует|намерен\w*|направим|направят|передадим|представим|предоставим)\b"
_QARIBAN = r"(?:^|\s)(?:و?ف?س(?:وف|[تينأ]\w{2,})|لم|لن|لا|ليس|إذا|عندما|حالما)(?:\s|$)"
_JIANG = r"将|未|没有|不|如果|一旦|拟"

SAYINGS: dict[Saying, dict[str, Phrase]] = {
    Saying.FORWARDED: {
        "en": _phrase(
            r"\b(?:forwarded|transmitted|sent|conveyed|relayed|passed on|referred|communicated|circulated|submitted)\b.{0,80}?"
            r"\bto(?: (?!of\b|from\b|by\b|you\b|your\b|on\b)[\w-]+){0,6}?"
            r" (?:capital|headquarters|authorit(?:y|ies)|ministr(?:y|ies)|departments?|agenc(?:y|ies)|entities|stakeholders in capital)\b",
            _SOON
            + r"|\b(?:our|draft|its) (?:\w+ )?(?:reply|response|answer|submission|contribution)\b|\bplease\b|\bkindly\b",
        ),
        "fr": _phrase(
            r"\b(?:transmis|envoyé|communiqué|relayé|acheminé|adressé|soumis)(?:e|es|s)?\b.{0,80}?\b(?:à|aux?|vers)"
            r"(?: (?!votre\b|vous\b|de\b|par\b)[\w'-]+){0,4}? ?(?:capitale|autorités|ministères?|instances|services compétents|départements?)\b",
            _BIENTOT + r"|\b(?:notre|projet de) (?:\w+ )?(?:réponse|contribution)\b|\bveuillez\b|\bprière de\b",
        ),
        "es": _phrase(
            r"\b(?:(?:remitid|transmitid|enviad|trasladad|reenviad|elevad|comunicad)[oa]s?|hech[oa]s? llegar|remitimos|transmitimos|trasladamos)\b"
            r".{0,80}?\ba(?:l| la| las| los)?(?: (?!ustedes\b|usted\b|de\b|por\b)\w+){0,4}? (?:capital|autoridades|ministerios?|instancias|"
            r"instituciones|dependencias)\b",
            _PRONTO
            + r"|\b(?:nuestra|proyecto de) (?:\w+ )?(?:respuesta|contribución)\b|\bsírvase\b|\bpor favor\b|\bse ruega\b",
        ),
        "ru": _phrase(
            r"\b(?:(?:пере)?направлен|передан|переадресован|переслан|препровожден|препровождён|доведен|доведён)(?:а|о|ы)?\b.{0,80}?"
            r"\b(?:в|во|до)\b.{0,40}?(?:столиц|компетентн|соответствующ|заинтересованн|министерств|ведомств|\bмид\b)"
            r"|\b(?:направили|передали|переслали|препроводили)\b.{0,60}?\b(?:в|во)\b.{0,40}?(?:столиц|компетентн|соответствующ|министерств|ведомств)",
            _VSKORE + r"|\b(?:наш|проект) (?:\w+ )?ответ\w*\b|\bпросим\b|\bпожалуйста\b",
        ),
        "ar": _phrase(
            r"(?:أ?ُ?حيلت?|إحالة|إحالتها|إحالته|أحالت|أحلنا|نقلنا|نقلت|نقل|نقلها|أرسلنا|أرسلت|إرسال|إرسالها|رفعنا|رفع|رفعها|تعميم|تعميمها)\b.{0,60}?"
            r"(?:إلى|الى|على) (?:\w+ ){0,3}?(?:العاصمة|الجهات|جهات|السلطات|وزارة|الوزارات|الوزارة)",
            _QARIBAN + r"|يرجى|يُرجى|نرجو",
        ),
        "zh": _phrase(
            r"(?:已|业已)[^，；]{0,30}?(?:转交|转发|转呈|转达|转送|发送|送交|报送|提交|转)(?:给|至|到|予)?[^，；]{0,12}?"
            r"(?:首都|国内|主管(?:部门|当局|机关|机构)|(?:有关|相关)(?:部门|当局|机构|主管)|外交部)",
            _JIANG + r"|请",
        ),
    },
    Saying.MORE_TIME: {
        "en": _phrase(
            r"(?=.*\b(?:requests?|ask|asks|asking|seek|seeks|grateful|appreciate|kindly|please|would like|needs?|requires?|wish|possible|allow|grant|"
            r"granted|hope|could|may)\b).*(?:\bextension\b|\bextend(?:ing|ed)? (?:\w+ ){0,3}(?:deadline|date|time|period)\b|"
            r"\b(?:more|additional|further|extra) time\b|\b(?:deadline|date)\b.{0,40}\b(?:extended|postponed|moved)\b|\bpostpon\w+ (?:\w+ ){0,3}(?:deadline|date)\b)",
            r"\bthank|\bno extension|\bnot (?:need|require|request|ask)|\bwithout\b|\b(?:was|has been|have been|were) (?:\w+ )?(?:granted|extended)\b|"
            r"\bextension(?: \w+){0,3} granted\b|\btelephone\b|\bphone\b|\btel\b",
        ),
        "fr": _phrase(
            r"(?=.*(?:sollicit|demand|souhait|reconnaissan|saurai|bien vouloir|prie|possible|nécessaire|besoin|accorder)).*"
            r"(?:prolongation|prorogation|délai supplémentaire|report (?:de la date|du délai|de l'échéance)|(?:prolonger|proroger|repousser|reporter) (?:\S+ ){0,3}"
            r"(?:délai|date|échéance)|davantage de temps|plus de temps)",
            r"remerci|\b(?:a|ont) été (?:accord|prolong|prorog)|\bpas (?:besoin|nécessaire)|\bsans\b",
        ),
        "es": _phrase(
            r"(?=.*(?:solicit|pid|ruega|agradecer|quisiera|necesit|requier|posible|conceder|conced|otorg)).*"
            r"(?:prórroga|ampliación del plazo|extensión del plazo|(?:ampliar|prorrogar|extender|aplazar) (?:\w+ ){0,3}(?:plazo|fecha)|más tiempo|"
            r"plazo adicional|tiempo adicional)",
            r"\bgracias\b|agradece(?:mos)? la (?:prórroga|ampliación)|\b(?:fue|ha sido) (?:concedid|prorrogad|ampliad)|\bno (?:necesit|requier|solicit)",
        ),
        "ru": _phrase(
            r"(?=.*(?:прос|признател|ходатайств|хотел|необходим|потреб|возможн)).*(?:продл\w+|продлен\w+|перенес\w+ срок|отсрочк\w+|"
            r"дополнительн\w+ врем\w+|больше времени)",
            r"спасибо|благодар\w+ за продлен|\bбыл[ао]? продлен|не (?:треб|нужн|прос)",
        ),
        "ar": _phrase(
            r"(?=.*(?:طلب|تطلب|نطلب|نرجو|ترجو|يرجى|يُرجى|نأمل|تأمل|ممتن|تحتاج|نحتاج|التفضل|إمكانية)).*(?:تمديد|مهلة إضافية|وقت إضافي|وقتا إضافيا|وقتاً إضافياً|"
            r"مزيد من الوقت|تأجيل الموعد)",
            r"شكر|(?:تم|جرى) تمديد|لا (?:نحتاج|تحتاج|نطلب)",
        ),
        "zh": _phrase(
            r"(?=.*(?:请|申请|希望|要求|能否|可否|恳请|望)).*(?:延期|延长|宽限|推迟|更多时间|展期)",
            r"感谢[^，]{0,6}延|已(?:经)?(?:获|批准|延)|不(?:需|必|要)",
        ),
    },
    Saying.FINAL_REPLY: {
        "en": _phrase(
            r"\b(?:this is|constitutes|represents|serves as|below is|here is) (?:\w+ ){0,4}?(?:final |official |formal )?(?:reply|response|answer|submission|contribution)\b"
            r"|(?:\b(?:please )?find\b|\battach(?:ed|ing|es)?\b|\benclos(?:ed|ing|es)\b|\bherewith\b|\bhereby\b|\bhas the honou?r to (?:transmit|submit|forward|convey)\b)"
            r".{0,100}?\b(?:repl(?:y|ies)|responses?|answers?|submissions?|contributions?|inputs?|comments|completed questionnaire|questionnaire,? (?:duly )?(?:completed|filled))\b",
            _SOON
            + r"|\b(?:draft|interim|preliminary|partial|acknowledg\w+|your|template|call for|request for|deadline for)\b|\buntil\b",
        ),
        "fr": _phrase(
            r"\b(?:veuillez trouver|vous trouverez|ci-joint\w*|ci-après|en pièce jointe|en annexe|l'honneur de (?:vous )?(?:\w+ )?(?:transmettre|faire parvenir|"
            r"communiquer|adresser)|constitue|voici)\b.{0,100}?\b(?:réponses?|contributions?|éléments de réponse|observations|questionnaire (?:dûment )?rempli)\b",
            _BIENTOT
            + r"|\b(?:votre|vos|provisoires?|préliminaires?|partielles?|projet de|accusé|modèle|appel à|demande de)\b",
        ),
        "es": _phrase(
            r"(?:\badjunt\w+|\banex\w+|\bencontrar\b|\bhonor de (?:\w+ )?(?:remitir|transmitir|hacer llegar|enviar|presentar)\w*|\bconstituye\b|\besta es\b).{0,100}?"
            r"\b(?:respuestas?|contribuci(?:ón|ones)|aportes|comentarios|cuestionario (?:debidamente )?(?:cumplimentado|completado|respondido))\b",
            _PRONTO + r"|\b(?:su|sus|provisional|preliminar|parcial|proyecto de|acuse|modelo|solicitud de)\b",
        ),
        "ru": _phrase(
            r"(?:прилага\w+|во вложении|направля(?:ем|ет|ю)\b|препровожда\w+|представля(?:ем|ет|ю)\b|честь (?:направить|препроводить|представить|передать)|"
            r"окончательн\w+|является).{0,100}?(?:\bответ(?:ы|ом|ов)?\b|\bматериал\w*|заполненн\w+ (?:анкет|вопросник)\w*)",
            _VSKORE + r"|\b(?:ваш\w*|предварительн\w*|промежуточн\w*|проект\w*|в ответ на|образ\w+)\b",
        ),
        "ar": _phrase(
            r"(?:مرفق|المرفق|رفقته|رفق|طيه|طياً|طيا|تتشرف ب|نتشرف ب|نرسل|ترسل|نحيل|تحيل|نوافيكم|توافيكم|هذا هو|يشكل|تجدون).{0,80}?"
            r"(?:\b(?:ال|ب?)?رد(?:نا|ها|ه|ود|ودها|ودنا)?\b|\bالردود\b|\bإجابات?\w*|\bمساهم\w+|\bالاستبيان\b)",
            _QARIBAN + r"|ردا على|رداً على|ردكم|أولي|مؤقت|مسودة",
        ),
        "zh": _phrase(
            r"(?:附上|随附|附件|随函|谨此?提交|现提交|兹提交|现将|最终|正式).{0,30}?(?:答复|回复|答卷|意见|问卷|材料)",
            r"将(?!.{0,30}(?:提交|附上|发送|送上))|未|没有|不|草案|初步|贵方",
        ),
    },
    Saying.NEW_ADDRESS: {
        "en": _phrase(
            r"(?=.*\b(?:address|e-?mail|mailbox|inbox)\b).*\b(?:use|write|send|direct|address(?:ed)?|update|new|changed|from now on|henceforth|instead|"
            r"future|correct)\b",
            r"\bnot\b|n't\b|no longer|\burgent|\babsen|out of (?:the )?office|\bquestions?\b|\bquer(?:y|ies)\b|unsubscribe|\bold\b|\bformer\b",
        ),
        "fr": _phrase(
            r"(?=.*\b(?:adresse|courriel|messagerie|mél|e-mail)).*(?:nouvelle|suivante|désormais|dorénavant|à l'avenir|changé|utiliser|envoyer|adresser|corriger)",
            r"\bne\b|\bn'|\bplus\b|\bpas\b|urgen|absen|\bquestions?\b|ancienne",
        ),
        "es": _phrase(
            r"(?=.*(?:dirección|correo|buzón)).*(?:nuev|siguiente|en adelante|futur|utilizar|utilice|usar|enviar|envíe|dirigir|cambiado|actualizar)",
            r"\bno\b|\bya\b|urgen|ausen|\bconsultas?\b|\bpreguntas?\b|antigu|anterior",
        ),
        "ru": _phrase(
            r"(?=.*(?:адрес|почт)).*(?:нов\w+|следующ\w+|впредь|в дальнейшем|использ\w+|направлять|изменил\w+|указанн\w+)",
            r"\bне\b|\bбольше\b|срочн|отсутств|\bвопрос|\bстар(?:ый|ого|ому)\b",
        ),
        "ar": _phrase(
            r"(?=.*(?:عنوان|البريد)).*(?:التالي|الجديد|جديد|مستقبلا|استخدام|استعمال|إرسال|توجيه|تغيير|تغير)",
            r"(?:^|\s)(?:لا|لم|لن|ليس)\s|عاجل|غياب|القديم",
        ),
        "zh": _phrase(
            r"(?=.*(?:邮箱|地址|电子邮件|邮件|邮址)).*(?:新|以下|今后|请使用|请发|改为|变更|请寄|发送至)",
            r"不|勿|紧急|旧|缺席|问题",
        ),
    },
    Saying.NOTHING: {
        "en": _phrase(
            r"\bnothing (?:\w+ )?to (?:report|add|submit|contribute|communicate|declare|share)\b"
            r"|\bno (?:\w+ )?(?:information|submission|contribution|inputs?|comments?|observations|reply|response) (?:(?:to|that \w+ could) "
            r"(?:report|submit|provide|offer|share|contribute|make)|(?:will|is to|can) be (?:\w+ )?(?:submitted|provided|made|expected|sent)|is (?:to be )?expected)\b"
            r"|\b(?:will|does|do|is|are|shall)(?: not|n't) (?:be )?(?:(?:intend|wish|plan) to |in a position to |able to )?"
            r"(?:submit(?:ting)?|provid(?:e|ing)|mak(?:e|ing)|send(?:ing)?|contribut(?:e|ing)) (?:a |any |an )?(?:\w+ )?(?:submission|contribution|inputs?|reply|response|comments)\b",
            r"\b(?:yet|until|before|deadline|in time|on time|so far|if|unless|today|tomorrow|week|mean|further|additional)\b|\bby \d",
        ),
        "fr": _phrase(
            r"\brien à (?:signaler|communiquer|ajouter|déclarer|rapporter|soumettre|transmettre)\b"
            r"|\bn(?:'a|'ont|'avons|e dispose\w*)\b.{0,20}?\b(?:aucune?|pas d[e'])\s?(?:\w+ )?(?:informations?|contributions?|observations?|commentaires?|éléments?)\b"
            r"|\bne (?:soumettra|présentera|fournira|transmettra|souhaite|entend|prévoit)(?:ons)? pas\b.{0,30}?\b(?:contribution|réponse|observations|communication)\b"
            r"|\baucune (?:contribution|réponse|observation) (?:n'est|ne sera)\b",
            r"\b(?:encore|avant|délai|échéance|d'ici|si|à temps|supplémentaires?)\b",
        ),
        "es": _phrase(
            r"\bnada que (?:informar|comunicar|reportar|añadir|agregar|declarar|aportar)\b"
            r"|\bno (?:tiene|tenemos|cuenta con|dispone de|formulará|presentará|remitirá|enviará|desea presentar|prevé presentar)\b.{0,20}?"
            r"\b(?:información|contribuci(?:ón|ones)|aportes|comentarios|observaciones|respuesta)\b",
            r"\b(?:todavía|aún|antes|plazo|hasta|si|a tiempo|adicional(?:es)?)\b",
        ),
        "ru": _phrase(
            r"\bнечего (?:сообщить|добавить|представить)\b|\bне (?:имеет|имеем|располагает|располагаем)\b.{0,30}?(?:информаци|материал|сведени|замечани|комментари)"
            r"|\bне (?:намерен\w*|будет|планирует)\b.{0,15}?(?:представля|предоставля|направля)\w+.{0,20}?(?:ответ|материал|информаци|комментари)",
            r"\b(?:пока|ещ[её]|до \d|срок\w*|если|дополнительн\w*)\b",
        ),
        "ar": _phrase(
            r"\bليس (?:لدينا|لديها|لديه|لدى .{0,30}?) ?(?:ما |أي |أية )(?:\w+ ){0,2}?(?:تبلغ|نبلغ|تقدم|نقدم|معلومات|مساهم|ملاحظات|تعليقات|تضيف|نضيف)"
            r"|\bلا (?:يوجد|توجد) (?:\w+ ){0,3}?(?:ما |معلومات|ملاحظات|مساهم)|\bلن (?:تقدم|نقدم).{0,20}?(?:مساهم|رد|معلومات)",
            r"حتى الآن|بعد\b|قبل|الموعد|إذا|إضافية",
        ),
        "zh": _phrase(
            r"(?:没有|并无|无)[^，；]{0,10}?(?:可报告|可提供|需要报告|可补充|信息可|内容可|材料可)|不(?:拟|会|打算|准备)(?:提交|提供|作出)[^，；]{0,8}?(?:答复|材料|意见|资料)"
            r"|无可报告|无意见",
            r"暂|尚|目前|之前|截止|如果|期限",
        ),
    },
}
"""Each saying, in each language in which it is read."""
