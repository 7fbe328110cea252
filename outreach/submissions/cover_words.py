"""What a mission writes above its reply, in the six languages. Formulas, not sentences of the interface: each language has its own.

`{mission}` is the mission's name by the formula of its language, `{government}` what `government` makes of its State.
"""

HOLY_SEE = "VAT"
"""It has no Government: the reply is its own."""

HEADING = {"ar": "مذكرة شفوية", "zh": "普通照会", "en": "Note verbale", "fr": "Note verbale", "ru": "Вербальная нота", "es": "Nota verbal"}  # fmt: skip

REFERENCE = {
    "ar": "المرجع: [الرقم المرجعي للبعثة]",
    "zh": "编号：[代表团照会编号]",
    "en": "Reference: [number of the mission’s note]",
    "fr": "Référence : [numéro de la note de la mission]",
    "ru": "Исх. № [номер ноты представительства]",
    "es": "Referencia: [número de la nota de la misión]",
}

TRANSMITS = {
    "ar": (
        "تهدي {mission} تحياتها إلى الأمانة العامة للأمم المتحدة، وتتشرف بأن تشير إلى المذكرة الشفوية {reference} المؤرخة {date} بشأن النداء لتقديم "
        "مساهمات المعنون ”{title}“، وبأن تحيل طيه رد {government}."
    ),
    "zh": "{mission}向联合国秘书处致意，并谨提及{date}关于征集意见“{title}”的第{reference}号普通照会，随函转交{government}的答复。",
    "en": (
        "The {mission} presents its compliments to the Secretariat of the United Nations and has the honour to refer to the note verbale "
        "{reference} of {date} concerning the call for input “{title}”, and to transmit herewith the reply of {government}."
    ),
    "fr": (
        "La {mission} présente ses compliments au Secrétariat de l’Organisation des Nations Unies et a l’honneur de se référer à la note verbale "
        "{reference} du {date} relative à l’appel à contributions « {title} », et de transmettre ci-joint la réponse {government}."
    ),
    "ru": (
        "{mission} свидетельствует свое уважение Секретариату Организации Объединенных Наций и, ссылаясь на вербальную ноту {reference} от {date}, "
        "касающуюся приглашения представить материалы «{title}», имеет честь препроводить ответ {government}."
    ),
    "es": (
        "La {mission} saluda atentamente a la Secretaría de las Naciones Unidas y tiene el honor de referirse a la nota verbal {reference}, de fecha "
        "{date}, relativa al llamamiento a presentar contribuciones “{title}”, y de transmitir adjunta la respuesta {government}."
    ),
}

NUMBERED = {
    "ar": "وقد قُدّم الرد إلكترونياً تحت الرقم {number}.",
    "zh": "答复已在线提交，编号为{number}。",
    "en": "The reply was submitted online under the number {number}.",
    "fr": "La réponse a été transmise en ligne sous le numéro {number}.",
    "ru": "Ответ представлен в электронном виде под номером {number}.",
    "es": "La respuesta se presentó en línea con el número {number}.",
}

SEVERAL_NUMBERED = {
    "ar": "وقد قُدّمت الردود إلكترونياً تحت الأرقام التالية: {numbers}.",
    "zh": "各项答复已在线提交，编号如下：{numbers}。",
    "en": "The replies were submitted online under the following numbers: {numbers}.",
    "fr": "Les réponses ont été transmises en ligne sous les numéros suivants : {numbers}.",
    "ru": "Ответы представлены в электронном виде под следующими номерами: {numbers}.",
    "es": "Las respuestas se presentaron en línea con los números siguientes: {numbers}.",
}

CLOSING = {
    "ar": "وتغتنم {mission} هذه الفرصة لتعرب مجدداً للأمانة العامة للأمم المتحدة عن فائق تقديرها.",
    "zh": "{mission}借此机会再次向联合国秘书处致以最崇高的敬意。",
    "en": (
        "The {mission} avails itself of this opportunity to renew to the Secretariat of the United Nations the assurances of its highest consideration."
    ),
    "fr": (
        "La {mission} saisit cette occasion pour renouveler au Secrétariat de l’Organisation des Nations Unies les assurances de sa très haute "
        "considération."
    ),
    "ru": (
        "{mission} пользуется этой возможностью, чтобы возобновить Секретариату Организации Объединенных Наций уверения в своем самом высоком уважении."
    ),
    "es": (
        "La {mission} aprovecha esta oportunidad para reiterar a la Secretaría de las Naciones Unidas las seguridades de su más alta consideración."
    ),
}

DATED = {
    "ar": "{place}، {date}",
    "zh": "{date}，{place}",
    "en": "{place}, {date}",
    "fr": "{place}, le {date}",
    "ru": "{place}, {date}",
    "es": "{place}, {date}",
}

ANNEXES = {"ar": "المرفقات:", "zh": "附件：", "en": "Annexes:", "fr": "Annexes :", "ru": "Приложения:", "es": "Anexos:"}

REPLY = {
    "ar": "رد {government}",
    "zh": "{government}的答复",
    "en": "Reply of {government}",
    "fr": "Réponse {government}",
    "ru": "Ответ {government}",
    "es": "Respuesta {government}",
}

REPLY_NUMBERED = {
    "ar": "الرد رقم {number} ({name})",
    "zh": "答复{number}（{name}）",
    "en": "Reply {number} ({name})",
    "fr": "Réponse {number} ({name})",
    "ru": "Ответ {number} ({name})",
    "es": "Respuesta {number} ({name})",
}

_GOVERNMENT = {
    "ar": "حكومة {formal}",
    "zh": "{formal}政府",
    "en": "the Government of {formal}",
    "fr": "du Gouvernement {of_formal}",
    "ru": "Правительства {of}",
    "es": "del Gobierno {of_formal}",
}
_FRENCH = {"le ": "du ", "les ": "des ", "la ": "de la ", "l’": "de l’"}
_SPANISH = {"el ": "del ", "los ": "de los ", "la ": "de la ", "las ": "de las "}
_VOWELS = tuple("AÀÂEÉÈÊIÎOÔUYH")


def government(state_code: str, formal: str, of: str, language: str) -> str:
    """Whose reply it is, as it stands after "the reply of", with what French and Spanish contract.

    `formal` is the State's formal name with its article; `of` its short name as it stands after a noun, which Russian declines.
    """
    if state_code == HOLY_SEE:
        return {"fr": of_formal(formal, "fr"), "es": of_formal(formal, "es"), "ru": of}.get(language, formal)
    return _GOVERNMENT[language].format(formal=formal, of=of, of_formal=of_formal(formal, language))


def of_formal(formal: str, language: str) -> str:
    """A name with its article after "of": du Royaume, de la République, des États-Unis, d’Antigua; del Reino, de los Estados Unidos."""
    for article, contracted in {"fr": _FRENCH, "es": _SPANISH}.get(language, {}).items():
        if formal.startswith(article):
            return contracted + formal[len(article) :]
    if language == "fr" and formal.startswith(_VOWELS):
        return f"d’{formal}"
    return f"de {formal}"
