"""What a reply says of itself: found in six languages with its sentence, and not where it is promised, denied or quoted."""

from datetime import date

import pytest

from outreach.inbox.diplomacy import proposals
from outreach.inbox.diplomacy_phrases import Saying
from outreach.inbox.understanding import own_words

WRITTEN = date(2027, 2, 10)

FORWARDED = [
    "The Permanent Mission has the honour to inform that the note was forwarded to the competent authorities in capital.",
    "We have transmitted your request to capital and will revert in due course.",
    "La note verbale a été transmise aux autorités compétentes.",
    "Votre note a bien été reçue et envoyée à la capitale.",
    "La nota ha sido remitida a las autoridades competentes.",
    "Hemos trasladado, es decir transmitido, su nota; fue transmitida a la capital.",
    "Нота направлена в компетентные органы Российской Федерации.",
    "Ваш запрос был передан в столицу.",
    "وقد أُحيلت المذكرة إلى الجهات المختصة في العاصمة.",
    "تمت إحالة المذكرة إلى السلطات المعنية.",
    "来函已转交国内主管部门。",
    "照会已转发至首都。",
]
NOTHING = [
    "The Government has nothing to report on this matter.",
    "Please note that the Mission will not submit a contribution.",
    "La Mission n’a aucune information à communiquer.",
    "Nous n’avons rien à signaler.",
    "El Gobierno no tiene información que aportar.",
    "No tenemos nada que informar.",
    "Российская сторона не располагает информацией по данному вопросу.",
    "Нам нечего сообщить.",
    "ليس لدينا ما نقدمه من معلومات في هذا الشأن.",
    "لا توجد ملاحظات لدى البعثة.",
    "我方没有可提供的信息。",
    "中方不拟提交答复。",
]
FINAL = [
    "Please find attached the reply of the Government.",
    "This is our final reply.",
    "The Permanent Mission has the honour to transmit the enclosed responses to the questionnaire.",
    "Veuillez trouver ci-joint la réponse du Gouvernement.",
    "La Mission a l’honneur de transmettre la contribution de l’État.",
    "Sírvase encontrar adjunta la respuesta del Estado.",
    "Направляем ответ на вопросник.",
    "Во вложении заполненный вопросник.",
    "تتشرف بإرسال الرد، وتجدون رفقته ردنا.",
    "مرفق طيه رد الحكومة.",
    "随函附上中方答复。",
    "这是我方的最终答复。",
]
MORE_TIME = [
    ("We kindly request an extension of the deadline until 12 March 2027.", date(2027, 3, 12)),
    ("Could the deadline be extended to 12 March?", date(2027, 3, 12)),
    ("Nous sollicitons une prolongation du délai jusqu’au 12 mars 2027.", date(2027, 3, 12)),
    ("Se solicita una prórroga hasta el 12 de marzo de 2027.", date(2027, 3, 12)),
    ("Просим продлить срок до 12 марта 2027 года.", date(2027, 3, 12)),
    ("نرجو تمديد الموعد النهائي حتى 12 آذار/مارس 2027.", date(2027, 3, 12)),
    ("请将截止日期延长至2027年3月12日。", date(2027, 3, 12)),
    ("We would be grateful for more time. Our reply will be ready by 15 March 2027.", date(2027, 3, 15)),
    ("The Mission requests an extension.", None),
    ("We ask for an extension until 03/04/2027.", None),
]
ADDRESS = [
    "Please use the following address for future correspondence: note@mission.example",
    "Please use the following address:\n\nnote@mission.example\n",
    "Notre nouvelle adresse est note@mission.example.",
    "Nuestra nueva dirección de correo es note@mission.example.",
    "Просим впредь использовать адрес note@mission.example.",
    "يرجى استخدام العنوان التالي: note@mission.example",
    "今后请使用以下邮箱：note@mission.example",
]
SILENT = [
    "We will forward our reply to you next week.",
    "The note will be forwarded to the competent authorities.",
    "The note has not yet been forwarded to capital.",
    "Has the note been forwarded to capital?",
    "Our reply has been sent to the relevant ministry for clearance.",
    "Please forward the note to the competent authorities.",
    "We forwarded to you the reply of the competent authorities.",
    "We will send our reply once it is ready.",
    "Please find attached a draft reply.",
    "Thank you for your reply.",
    "Thank you for granting the extension until 12 March 2027.",
    "We do not need an extension.",
    "We have nothing to report yet.",
    "We are not in a position to submit a reply by the deadline.",
    "Please do not use the address old@mission.example any more.",
    "In my absence, please write to the address other@mission.example.",
    "For questions, please use the address helpdesk@mission.example.",
    "Please use the address one@mission.example or two@mission.example.",
    "La note sera transmise aux autorités compétentes.",
    "La nota será remitida a las autoridades competentes.",
    "Нота будет направлена в компетентные органы.",
    "ستتم إحالة المذكرة إلى الجهات المختصة.",
    "照会将转交国内主管部门。",
    "照会尚未转交国内主管部门。",
    "Dear colleagues, the meeting room is on the second floor. Best regards",
    "",
]


@pytest.mark.parametrize(
    ("saying", "text"),
    [(Saying.FORWARDED, one) for one in FORWARDED]
    + [(Saying.NOTHING, one) for one in NOTHING]
    + [(Saying.FINAL_REPLY, one) for one in FINAL],
)
def test_a_saying_is_found_with_its_sentence(saying: Saying, text: str) -> None:
    found = proposals(f"Dear colleagues,\n\n{text}\n\nWith best regards", written=WRITTEN)
    assert [one.saying for one in found] == [saying]
    assert found[0].sentence in " ".join(text.split()) and 0 < found[0].confidence < 1


@pytest.mark.parametrize(("text", "until"), MORE_TIME)
def test_more_time_is_found_with_its_day(text: str, until: date | None) -> None:
    (found,) = proposals(text, written=WRITTEN)
    assert (found.saying, found.until) == (Saying.MORE_TIME, until)


@pytest.mark.parametrize("text", ADDRESS)
def test_an_address_is_found(text: str) -> None:
    (found,) = proposals(text)
    assert (found.saying, found.address) == (Saying.NEW_ADDRESS, "note@mission.example")
    assert not proposals(text, own=["Note@mission.example"])


@pytest.mark.parametrize("text", SILENT)
def test_promises_negations_and_other_mail_propose_nothing(text: str) -> None:
    assert proposals(text, written=WRITTEN) == ()


def test_several_are_found_and_what_is_quoted_is_not() -> None:
    text = (
        "Dear Ms. Doe,\n\nThe note was forwarded to the competent\nauthorities. We request an extension of the deadline until\n"
        "12 March 2027.\n\nOn 1 February 2027, Secretariat <a@secretariat.example> wrote:\n> Please find attached the reply.\n"
    )
    found = proposals(own_words(text), written=WRITTEN)
    assert [one.saying for one in found] == [Saying.FORWARDED, Saying.MORE_TIME]
    assert found[0].sentence == "The note was forwarded to the competent authorities."
    assert proposals("> Please find attached the reply of the State.\n> We have nothing to report.") == ()


def test_a_reply_with_files_is_surer() -> None:
    alone, with_files = (proposals("Please find attached our reply.", has_files=files)[0] for files in (False, True))
    assert alone.confidence < with_files.confidence


@pytest.mark.parametrize(
    "piece", ["to forwarded ", "extension ", "no ", "не ", "请", "a@b.c ", "honour to transmit ", "\n", "ل "]
)
def test_endless_words_take_no_time(piece: str) -> None:
    import time

    begin = time.process_time()
    proposals(piece * 20_000)
    assert time.process_time() - begin < 2
