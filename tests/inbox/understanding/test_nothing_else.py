"""Machines that mark nothing are told by the whole of what they say; what people add to an absence keeps their mail theirs."""

import pytest

from outreach.inbox.understanding import MailKind, Understanding, classify

ANSWER = "In-Reply-To: <a@b.example>\n"


def found(text: str, headers: str = ANSWER, subject: str = "Re: Call for input") -> Understanding:
    """What an unmarked mail of a desk is taken for."""
    head = f"{headers}From: Desk <desk@mission.example>\nDate: Mon, 15 Feb 2027 10:00:00 +0100\nSubject: {subject}\n"
    return classify(f"{head}Content-Type: text/plain; charset=utf-8\n\n{text}\n".encode())


ABSENCES = {
    "en": "Thank you for your mail. I have retired from the Ministry. For all matters please write to ada@mission.example.",
    "en, at length": "Dear sender,\n\nI am attending a training until 28 February. I will respond upon my return.\n\n"
    "Kind regards,\nA. Example\nHead of Unit\n\n******\nThis mail is confidential.",
    "en, shortly": "Compassionate leave. Back 1 March. For urgent issues call the front desk.",
    "en, by its own word": "Thank you for contacting the Consulate. For appointments use our pages.\n\nThis is an automated response.",
    "nl": "In verband met Hemelvaart is ons kantoor gesloten van 9 tot en met 12 mei. Maandag staan wij u weer graag te woord.",
    "pt": "Estarei de licença de maternidade até outubro. Durante este período, um colega assegura as minhas funções.",
    "fr": "Bonjour,\n\nActuellement en déplacement, je ne prendrai connaissance de votre message que le 1er mars.\n\nCordialement,\nA. Exemple",
    "es": "Estimado remitente:\nLa Embajada permanecerá cerrada por feriado nacional. Responderemos a su correo a la brevedad.",
    "ru": "Здравствуйте!\n\nЯ в командировке по 1 марта, доступ к почте ограничен.\n\nС уважением,\nА. Пример",
    "ar": "تحية طيبة وبعد،\nأنا في إجازة حتى 1 مارس. للحالات العاجلة يرجى التواصل مع السيد مثال.",
    "zh": "您好：\n\n本人正在休假，如有急事请联系办公室。",
    "de": "Bin ab 1.3. wieder erreichbar. Vertretung: Frau Beispiel, Durchwahl 14.",
    "pl": "Dzień dobry,\n\nod 15 lutego jestem na urlopie. W sprawach pilnych proszę o kontakt z Panem Przykładem.",
    "ja": "勝手ながら、2月26日まで休暇をいただいております。お急ぎの場合は後任までご連絡ください。",
    "tr": "Merhaba,\n\n1 Mart tarihine kadar yıllık izindeyim. Acil durumlarda Sn. Örnek ile iletişime geçiniz.",
    "el": "Καλημέρα σας,\n\nΘα απουσιάζω έως την 1η Μαρτίου. Για επείγοντα επικοινωνήστε με τη γραμματεία.",
}
RECEIPTS = {
    "en": "We have received your correspondence and logged it under PS/2027/91.\n\nThis is a system generated message.",
    "fr": "Nous accusons réception de votre courriel. Merci de ne pas répondre à ce message automatique.",
    "es": "Su correo ha sido recibido y registrado. No responda a este mensaje.",
    "ru": "Ваше обращение поступило и зарегистрировано. Письмо сформировано автоматически.",
    "ru, in two sentences": "Спасибо за Ваше письмо! Мы получили его. Не отвечайте на это сообщение, оно отправлено роботом.",
    "ar": "تم استلام رسالتكم وتسجيلها تحت الرقم 5531. هذه رسالة آلية، يرجى عدم الرد عليها.",
    "cs": "Vaše podání bylo přijato podatelnou. Tato zpráva byla vygenerována automaticky.",
    "a desk for tickets": "## Reply above this line to add a message ##\n\nYour ticket was created. Have a question? See our pages.",
}
BY_PEOPLE = (
    "I am on leave until 1 March.\n\nOur answer to question 3 is no.",
    "I am on leave from Monday. Please contact Ms Example in my absence.",
    "I am back from leave, and will answer in due course.",
    "Sorry for the late reply, I was on sick leave. I will get back to you by Friday.",
    "Dear Ms Example,\n\nI am on leave until 1 March and will answer then.\n\nAda",
    "Thank you for your mail. I am on mission and will revert with our inputs.",
    "I am on mission until Friday. Can we speak then?",
    "The rector is on mission until Friday and has asked me to answer: the university has no such plan.",
    "The address old@mission.example is no longer in use. Kindly write to new@mission.example.",
    "Bonjour Mme Exemple,\n\nJe suis en congé jusqu'au 1er mars, je vous répondrai à mon retour.",
    "Vielen Dank für Ihre Nachricht. Herr Beispiel ist im Urlaub, sein Stellvertreter hat sie schon gelesen und stimmt zu.",
    "Merci de votre message. Le directeur est en congé ; je lui en parlerai à son retour.",
    "I'm travelling and cannot open the link. Please send me a file.",
    "I am not available on Thursday for the call. Please contact my office to arrange another time.",
    "We have no law on this matter. This message was translated automatically.",
    "来函收悉。我下周出差，如有问题请联系办公室。",
    # A registry of people: nothing says that a machine wrote it.
    "Your note has been received and registered under no. 5/2027. It will be answered in due course.",
    "I received your message and logged it. The confirmation mail of your system came automatically, too.",
)


@pytest.mark.parametrize("language", ABSENCES)
def test_an_absence_that_says_nothing_else_is_an_automatic_answer(language: str) -> None:
    assert found(ABSENCES[language]).kind is MailKind.AUTO_REPLY, found(ABSENCES[language]).evidence


@pytest.mark.parametrize("language", RECEIPTS)
def test_a_receipt_that_says_that_a_machine_wrote_it_is_one(language: str) -> None:
    said = found(RECEIPTS[language], headers="", subject="Call for input")
    assert said.kind is MailKind.AUTO_REPLY, said.evidence


@pytest.mark.parametrize("text", BY_PEOPLE)
def test_what_else_people_say_keeps_their_mail_theirs(text: str) -> None:
    assert found(text).kind is MailKind.REPLY, found(text).evidence


def test_the_same_words_are_a_persons_where_they_answer_nothing_or_are_sent_on_or_bring_a_file() -> None:
    text = ABSENCES["en, at length"]
    assert found(text, headers="", subject="My plans").kind is MailKind.REPLY
    assert found(text, subject="FW: Call for input").kind is MailKind.FORWARDED
    mixed = f"--b\n\n{text}\n--b\nContent-Type: application/pdf; name=reply.pdf\n\nx\n--b--\n"
    head = f"{ANSWER}From: desk@mission.example\nSubject: Re: Call\nContent-Type: multipart/mixed; boundary=b\n\n"
    assert classify(f"{head}{mixed}".encode()).kind is MailKind.REPLY
