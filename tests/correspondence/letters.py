"""Letters for tests: the campaign's words, a recipient's values, and letters in the outbox. All names are invented."""

import itertools
import uuid
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from outreach.correspondence import editions, outbox
from outreach.correspondence.editions import Attachment, CampaignLines, Rendering
from outreach.correspondence.models import Letter, LetterKind, Register
from outreach.correspondence.outbox import LetterOrder
from outreach.dates import un_date
from outreach.i18n import LANGUAGES
from tests.factories import TITLES

_numbers = itertools.count(1)

BODIES = {
    "ar": "يتشرف المكتب بأن يطلب إلى البعثات توجيه انتباه الجهات التالية إلى الاستبيان A/HRC/54/22:\n\n- وزارة الصحة؛\n- الجامعات.",
    "zh": "办事处谨请各代表团提请下列机构注意本问卷：\n\n- 卫生部；\n- 各大学。",
    "en": "The Office would be grateful if the Missions could bring the questionnaire to the attention of:\n\n- ministries;\n- universities.",
    "fr": "Le Bureau serait reconnaissant aux missions de porter le questionnaire à l’attention\u00a0:\n\n- des ministères\u00a0;\n- des universités.",
    "ru": "Управление было бы признательно представительствам за доведение вопросника до сведения:\n\n- министерств;\n- университетов.",
    "es": "La Oficina agradecería a las misiones que señalaran el cuestionario a la atención de:\n\n- los ministerios;\n- las universidades.",
}

RECIPIENTS = {
    "ar": ("البعثة الدائمة للأردن لدى مكتب الأمم المتحدة في جنيف", "للأردن"),
    "zh": ("约旦常驻联合国日内瓦办事处代表团", "约旦"),
    "en": ("Permanent Mission of Jordan to the United Nations Office at Geneva", "of Jordan"),
    "fr": ("Mission permanente de la Jordanie auprès de l’Office des Nations Unies à Genève", "de la Jordanie"),
    "ru": ("Постоянное представительство Иордании при Отделении Организации Объединенных Наций в Женеве", "Иордании"),
    "es": ("Misión Permanente de Jordania ante la Oficina de las Naciones Unidas en Ginebra", "de Jordania"),
}

SENDERS = {
    "ar": "البعثة الدائمة للأردن",
    "zh": "约旦常驻代表团",
    "en": "of the Permanent Mission of Jordan",
    "fr": "de la Mission permanente de la Jordanie",
    "ru": "Постоянного представительства Иордании",
    "es": "de la Misión Permanente de Jordania",
}

SALUTATIONS = {
    "ar": "حضرة السيد/السيدة،",
    "zh": "尊敬的先生/女士：",
    "en": "Sir/Madam,",
    "fr": "Madame, Monsieur,",
    "ru": "Уважаемые дамы и господа!",
    "es": "Señor/Señora:",
}

BEHALVES = {
    "ar": "الدولة",
    "zh": "国家",
    "en": "the State",
    "fr": "l’État",
    "ru": "государство",
    "es": "el Estado",
}

DEADLINES = {
    "ar": "26 شباط/فبراير 2027، الساعة 23:59 (جنيف)",
    "zh": "2027年2月26日23时59分（日内瓦）",
    "en": "26 February 2027, 23:59 (Geneva)",
    "fr": "26 février 2027, 23\u00a0h\u00a059 (Genève)",
    "ru": "26 февраля 2027 года, 23\u00a0ч.\u00a059\u00a0м. (Женева)",
    "es": "26 de febrero de 2027, 23.59 horas (Ginebra)",
}


def lines(language: str) -> CampaignLines:
    """The campaign's words in a language."""
    return CampaignLines(
        code="KH-2027",
        title=TITLES[language],
        mandate="A/HRC/RES/54/22",
        note_reference="OESCR/KH/2027-17",
        note_date=date(2027, 1, 12),
        contact="knowledge-hub@secretariat.example",
        body=BODIES[language],
        by_mail=True,
    )


def values(language: str) -> dict[str, str]:
    """A recipient's values for every kind."""
    name, of_state = RECIPIENTS[language]
    base = "https://outreach.example"
    return {
        "recipient": name,
        "ofstate": of_state,
        "ofsender": SENDERS[language],
        "salutation": SALUTATIONS[language],
        "deadline": DEADLINES[language],
        "invitationcode": "KJ4T-92QX",
        "code": "482913",
        "message": "Please answer by Friday.\nThe Mission transmits all replies together.",
        "reason": "Please complete question 4.",
        "until": un_date(date(2027, 4, 30), language),
        "number": "KH-2027-JOR-0003",
        "received": DEADLINES[language],
        "behalf": BEHALVES[language],
        "version": "1",
        "digest": "9f2c" * 16,
        "body": "Ministry of Health",
        "subject": "Password reset",
        "written": un_date(date(2027, 2, 13), language),
        "sender": "Registry <registry@mission.example>",
        "quoted": "May the scan follow next week?\n\n> until the deadline",
        "linkmission": f"{base}/m/mission.token?lang={language}",
        "linkpasson": f"{base}/p/passon.token?lang={language}",
        "linkanswer": f"{base}/a/answer.token?lang={language}",
        "linkreceipt": f"{base}/a/answer.token/receipt?lang={language}",
        "linkpart": f"{base}/m/mission.token/parts/1?lang={language}",
        "linkstop": f"{base}/u/stop.token?lang={language}",
        "link": f"{base}/staff/reset/token",
    }


def queued(
    session: Session,
    to_address: str = "mission@geneva.example",
    *,
    kind: LetterKind = LetterKind.INVITATION,
    language: str = "en",
    variant: str = "",
    attachments: Sequence[Attachment] = (),
    **order: Any,
) -> uuid.UUID:
    """A letter in the outbox."""
    wanted = Rendering(kind, Register.NOTE, language, variant)
    edition_id = editions.freeze(session, wanted, editions.render(wanted, lines), attachments)
    letter_id = outbox.queue(
        session,
        LetterOrder(
            edition_id=edition_id,
            kind=kind,
            language=language,
            to_address=to_address,
            occasion=order.pop("occasion", f"occasion {next(_numbers)}"),
            values={language: values(language) for language in LANGUAGES},
            reply_to="knowledge-hub@secretariat.example",
            **order,
        ),
    )
    assert letter_id is not None
    return letter_id


def reloaded(session: Session, letter_id: uuid.UUID) -> Letter:
    """The letter as the database has it now."""
    session.rollback()
    session.expire_all()
    return session.get_one(Letter, letter_id)
