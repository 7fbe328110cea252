"""The words that people wrote themselves are told from what they quote, in the six languages and as the usual programs write it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.inbox.understanding import own_words

OWN = "Please find our answer below.\n\nBest regards"


@pytest.mark.parametrize(
    "attribution",
    [
        "On Mon, 15 Feb 2027 at 10:00, Secretariat <hub@secretariat.example> wrote:",
        "On Mon, 15 Feb 2027 at 10:00, The Secretariat of the Knowledge Hub\n<hub@secretariat.example> wrote:",
        "Le lun. 15 févr. 2027 à 10:00, Secrétariat <hub@secretariat.example> a écrit :",
        "El lun, 15 feb 2027 a las 10:00, Secretaría (<hub@secretariat.example>) escribió:",
        "пн, 15 февр. 2027 г. в 10:00, Секретариат <hub@secretariat.example>:\nпишет:",
        "15.02.2027 10:00, Секретариат пишет:",
        "في الاثنين، ١٥ فبراير ٢٠٢٧ كتب الأمانة <hub@secretariat.example>:",
        "在 2027年2月15日，Secretariat <hub@secretariat.example> 写道：",
        "Am 15.02.2027 um 10:00 schrieb Sekretariat:",
        "Em seg., 15 de fev. de 2027 às 10:00, Secretariado <hub@secretariat.example> escreveu:",
        "Il giorno lun 15 feb 2027 alle ore 10:00 Segretariato <hub@secretariat.example> ha scritto:",
        "Op ma 15 feb. 2027 om 10:00 schreef Secretariaat <hub@secretariat.example>:",
    ],
)
def test_the_quoted_mail_is_left_out(attribution: str) -> None:
    assert own_words(f"{OWN}\n\n{attribution}\n\n> Dear colleagues,\n> please answer.\n") == OWN


@pytest.mark.parametrize(
    "block",
    [
        "-----Original Message-----\nFrom: Secretariat\nSent: Monday\nTo: Mission\nSubject: Call",
        "From: Secretariat <hub@secretariat.example>\nSent: Monday, 15 February 2027 10:00\nTo: Mission\nSubject: Call",
        "De : Secrétariat\nEnvoyé : lundi 15 février 2027\nÀ : Mission\nObjet : Appel",
        "De: Secretaría\nEnviado el: lunes\nPara: Misión\nAsunto: Solicitud",
        "От: Секретариат\nОтправлено: понедельник\nКому: Миссия\nТема: Запрос",
        "من: الأمانة\nتاريخ الإرسال: الاثنين\nإلى: البعثة\nالموضوع: طلب",
        "发件人: 秘书处\n发送时间: 2027年2月15日\n收件人: 代表团\n主题: 征求意见",
        "Von: Sekretariat\nGesendet: Montag\nAn: Mission\nBetreff: Anfrage",
        "________________________________\nFrom: Secretariat",
        "> Dear colleagues,\n> please answer.",
    ],
)
def test_the_headers_above_a_quoted_mail_are_its_beginning(block: str) -> None:
    assert (
        own_words(f"{OWN}\n\n{block}\n\nDear colleagues,\nplease answer.\n" if block[0] != ">" else f"{OWN}\n\n{block}")
        == OWN
    )


def test_answers_between_quoted_lines_and_below_them_stay() -> None:
    between = "On Monday 15 February, Secretariat wrote:\n> 1. Do you have a plan?\nYes, since 2021 we have one.\n> 2. A law?\nNot yet, it is drafted.\n"
    assert own_words(between) == "Yes, since 2021 we have one.\nNot yet, it is drafted."
    below = "> Dear colleagues,\n> please answer.\n\nWe have nothing to report."
    assert own_words(below) == "We have nothing to report."


def test_signatures_and_the_boasts_of_telephones_are_left_out() -> None:
    assert own_words(f"{OWN}\n-- \nA. Example\nThird Secretary") == OWN
    for boast in (
        "Sent from my telephone",
        "Envoyé de mon iPhone",
        "Отправлено с телефона",
        "从我的手机发送",
        "أرسلت من هاتفي",
    ):
        assert own_words(f"{OWN}\n\n{boast}\n") == OWN


@pytest.mark.parametrize(
    "text",
    [
        "To: be clear, we agree.",
        "From: now on, please use another address.\nDate: to be agreed.\nWe agree to the rest.",
        "On 3 March the Minister wrote: we agree to all of it.",
        "--",
        "> all that there is is quoted",
        "",
    ],
)
def test_what_only_looks_like_a_quote_stays(text: str) -> None:
    assert own_words(text) == text.strip()


@given(st.text(alphabet="> -_:\nFromTwe123писал写道كتب", max_size=300))
def test_any_text_is_survived_and_never_emptied(text: str) -> None:
    assert bool(own_words(text)) == bool(text.strip())


def test_a_line_of_blanks_without_end_is_read_to_its_end() -> None:
    # Tried in each of its parts again and again, it would take for ever.
    hostile = f"Our answer follows.\n**original message{' ' * 90_000}0"
    assert own_words(hostile) == hostile
