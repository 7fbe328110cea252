"""Automatic answers, all of them synthetic: nobody wrote or received them. How programs mark them is real, names and texts are not."""

from dataclasses import dataclass
from datetime import date

EXCHANGE = "Auto-Submitted: auto-generated\nX-Auto-Response-Suppress: All\nX-MS-Exchange-Generated-Message-Source: Mailbox Rules Agent\n"
SIEVE = "Auto-Submitted: auto-replied (vacation)\n"
VACATION = "Auto-Submitted: auto-replied\nPrecedence: bulk\n"
GMAIL = "X-Autoreply: yes\nAuto-Submitted: auto-replied\nPrecedence: bulk\n"
NULL = "Return-Path: <>\n"
ANSWERS = "In-Reply-To: <a@b.example>\n"


@dataclass(frozen=True)
class Absence:
    """An automatic answer as it is written, and what is to be read from it."""

    language: str
    headers: str
    subject: str
    text: str
    until: date | None
    substitute: str = ""

    @property
    def raw(self) -> bytes:
        """The mail, written on 15 February 2027."""
        head = (
            f"{self.headers}From: Desk <desk@mission.example>\nTo: replies@secretariat.example\n"
            "Date: Mon, 15 Feb 2027 10:00:00 +0100\nMIME-Version: 1.0\n"
            "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n"
        )
        return f"{head}Subject: {self.subject}\n\n{self.text}\n".encode()


ABSENCES = (
    Absence(
        "en",
        EXCHANGE,
        "Automatic reply: Call for input",
        "Thank you for your message. I am out of the office until 3 March 2027 with limited access to email.\n"
        "For urgent matters please contact Ms Ada Example at ada@mission.example.",
        date(2027, 3, 3),
        "ada@mission.example",
    ),
    Absence(
        "en",
        NULL + VACATION,
        "Re: Call for input",
        "I am on annual leave and will return on Monday, March 8, 2027.",
        date(2027, 3, 8),
    ),
    Absence("en", SIEVE, "Re: Call for input", "The Mission is closed for the national holiday.", None),
    Absence(
        "en", GMAIL, "Auto-Reply: Call for input", "We have received your email and will answer in due course.", None
    ),
    Absence(
        "en",
        "",
        "A. Example is out of the office.",
        "I will be out of the office starting 15/02/2027 and will not return until 22/02/2027.",
        date(2027, 2, 22),
    ),
    Absence(
        "en",
        "Precedence: junk\nX-Loop: desk@mission.example\nIn-Reply-To: <a@b.example>\n",
        "Re: Call for input",
        "This is an automatic reply. Mail is read here on Mondays.",
        None,
    ),
    Absence(
        "en",
        "Auto-Submitted: auto-replied\nPrecedence: bulk\nX-Auto-Response-Suppress: All\n",
        "[#123] Call for input",
        "Your request has been received.",
        None,
    ),
    Absence(
        "fr",
        EXCHANGE,
        "Réponse automatique : Appel à contributions",
        "Bonjour,\nJe suis en mission jusqu’au 1er mars 2027. En mon absence, vous pouvez contacter\nM. Exemple "
        "(adjoint@mission.example).",
        date(2027, 3, 1),
        "adjoint@mission.example",
    ),
    Absence("fr", NULL + VACATION, "Absence du bureau", "Je serai de retour le 22 février.", date(2027, 2, 22)),
    Absence(
        "es",
        EXCHANGE,
        "Respuesta automática: Solicitud de contribuciones",
        "Estaré fuera de la oficina hasta el 26 de febrero de 2027. Para asuntos urgentes, puede escribir o contactar con "
        "suplente@mision.example.",
        date(2027, 2, 26),
        "suplente@mision.example",
    ),
    Absence(
        "ru",
        EXCHANGE,
        "Автоматический ответ: Запрос",
        "Здравствуйте! Я нахожусь в отпуске до 5 марта 2027 г. По срочным вопросам обращайтесь: zamena@mission.example",
        date(2027, 3, 5),
        "zamena@mission.example",
    ),
    Absence(
        "ar",
        EXCHANGE,
        "رد تلقائي: طلب مساهمات",
        "أنا خارج المكتب حتى 28 فبراير 2027. للأمور العاجلة يرجى الاتصال بالسيدة مثال على naib@mission.example",
        date(2027, 2, 28),
        "naib@mission.example",
    ),
    Absence("ar", NULL + VACATION, "الرد التلقائي", "أنا في إجازة حتى 3 آذار 2027.", date(2027, 3, 3)),
    Absence(
        "zh",
        EXCHANGE,
        "自动答复: 征求意见",
        "您好，我正在休假，至2027年2月28日。如有急事请联系 tongshi@mission.example。",
        date(2027, 2, 28),
        "tongshi@mission.example",
    ),
    Absence("zh", NULL + VACATION, "自动回复：征求意见", "我将于3月2日返回办公室。", date(2027, 3, 2)),
    Absence(
        "de",
        EXCHANGE,
        "Automatische Antwort: Anfrage",
        "Ich bin bis zum 26.02.2027 nicht im Büro. In dringenden Fällen wenden Sie sich bitte an vertretung@mission.example.",
        date(2027, 2, 26),
        "vertretung@mission.example",
    ),
    Absence(
        "pt",
        EXCHANGE,
        "Resposta automática: Pedido",
        "Estou ausente do escritório até 2 de março de 2027. Em caso de urgência, contacte colega@missao.example.",
        date(2027, 3, 2),
        "colega@missao.example",
    ),
    Absence(
        "it",
        EXCHANGE,
        "Risposta automatica: Richiesta",
        "Sono assente fino al 4 marzo 2027. Per urgenze contattare collega@missione.example.",
        date(2027, 3, 4),
        "collega@missione.example",
    ),
    Absence(
        "nl",
        EXCHANGE,
        "Automatisch antwoord: Verzoek",
        "Ik ben afwezig tot 1 maart 2027. Neem contact op met collega@missie.example.",
        date(2027, 3, 1),
        "collega@missie.example",
    ),
    Absence(
        "tr",
        EXCHANGE,
        "Otomatik yanıt: Talep",
        "5 Mart 2027 tarihine kadar yıllık izindeyim. Acil durumlarda vekil@misyon.example ile iletişime geçiniz.",
        date(2027, 3, 5),
        "vekil@misyon.example",
    ),
    Absence(
        "ja",
        EXCHANGE,
        "自動応答: 照会",
        "2027年2月26日まで不在にしております。お急ぎの場合は dairi@mission.example までご連絡ください。",
        date(2027, 2, 26),
        "dairi@mission.example",
    ),
    # Machines that acknowledge, a mailbox that nobody reads, and programs that mark little.
    Absence(
        "en",
        "Auto-Submitted: auto-generated\nX-Auto-Response-Suppress: All\n",
        "[Request received] Call for input",
        "Your request (48213) has been received. To add to it, send your reply to this mail.",
        None,
    ),
    Absence(
        "en",
        NULL,
        "This mailbox is no longer monitored",
        "Please write to new@mission.example instead.",
        None,
        "new@mission.example",
    ),
    Absence("en", "X-Mailer: GroupWise\n", "Re: Call for input (Out of Office)", "I'm out until Monday.", None),
    Absence("en", "", "Out of Office AutoReply: Call for input", "Back on Monday.", None),
    Absence("en", "", "[Auto-Reply] Call for input", "Thank you.", None),
    Absence("es", "", "Fuera de la oficina Re: Call for input", "Estaré fuera unos días.", None),
    Absence("de", "", "A. Beispiel ist außer Haus.", "Ich werde ab dem 13.02.2027 nicht im Büro sein.", None),
    Absence("hu", ANSWERS + "Auto-Submitted: auto-replied\n", "Re: Call for input", "Köszönöm levelét.", None),
    # A program that marks nothing: by its own words, as an answer.
    Absence("de", ANSWERS, "AW: Call for input", "Guten Tag,\n\ndies ist eine automatische Antwort.", None),
)

_BY_PERSON = (
    # Exchange marks what a rule of a person sends on.
    (
        "Auto-Submitted: auto-generated\nX-MS-Exchange-Inbox-Rules-Loop: a@b.example\n",
        "FW: Call for input",
        "Please see below.",
    ),
    (
        "Auto-Submitted: auto-generated\n",
        "Call for input",
        "Our ticket system sends this in the name of a person. We agree.",
    ),
    ("Auto-Submitted: auto-replied\nIn-Reply-To: <a@b.example>\n", "Re: Call for input", "Our answer is attached."),
    (
        "In-Reply-To: <a@b.example>\n",
        "Re: Call for input",
        "I am out of the office until 3 March, our answer is attached.",
    ),
    ("In-Reply-To: <a@b.example>\n", "Re: Automatic reply: Call for input", "Thank you, then we wait."),
    ("", "FW: Out of office", "As you see, he is away."),
    ("", "Leave", "I will be on leave, so let me answer now: we have nothing to report."),
    (
        "List-Id: <talk.lists.example>\nAuto-Submitted: auto-generated\nPrecedence: bulk\n",
        "Digest",
        "This is an automated message.",
    ),
    (
        "",
        "Out of office: our reply comes early",
        "I am out of the office from Monday, so here is our reply: no comments.",
    ),
    ("List-Id: <talk.lists.example>\n", "[talk] Out of office", "Do your out of office notices name a substitute?"),
    ("", "Automatic reply settings of your system", "Could they be changed?"),
    ("", "Vacation dates and visit", "I will be away in July and I'll be back in August. Shall we meet then?"),
    (
        "List-Unsubscribe: <https://news.example/u>\nPrecedence: bulk\n",
        "News: the library is open out of office hours",
        "From May on the library is open out of office hours, too.",
    ),
    # Lists of old mark the mail of their members so, and name themselves nowhere.
    (ANSWERS + "Precedence: bulk\n", "Re: vacation ideas", "I'm away in June. An automatic response tells it."),
    (ANSWERS, "Re: Call for input", "This is an automated response system that the police use."),
)
BY_PEOPLE = tuple(Absence("", headers, subject, text, None) for headers, subject, text in _BY_PERSON)
"""Mail that people wrote or sent, with words or headers of automatic answers."""
