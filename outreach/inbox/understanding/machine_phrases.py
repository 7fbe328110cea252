"""What machines say that acknowledge, and of mailboxes that nobody reads, in small letters with `'` for every apostrophe."""

import re

MACHINES = (
    # that a machine wrote it
    "acknowledge receipt of your e-mail automatically",
    "auto-generated reply",
    "auto-reply",
    "automated acknowledgement",
    "automated message",
    "automated reply",
    "automated response",
    "automatic acknowledgement",
    "automatic acknowledgment",
    "automatic message",
    "automatic reply",
    "automatic response",
    "automatically generated acknowledg",
    "automatically generated reply",
    "automatically generated response",
    "autoreply",
    "autoresponder",
    "do not reply to this automatic",
    "this is an auto-",
    "this is an automated",
    "this is an automatic",
    "this is an autoreply",
    # mailboxes that nobody reads
    "has not been read and will not be",
    "is no longer active",
    "is no longer in use",
    "is no longer monitored",
    "is not monitored",
    "mailbox that is not monitored",
    "n'est pas relevée",
    "n'est plus activ",
    "n'est plus consultée",
    "n'est plus utilisé",
    "non è più attiv",
    "não está mais em uso",
    "já não está em uso",
    "no se supervisa",
    "unmonitored mailbox",
    "wird nicht gelesen",
    "wird nicht mehr abgerufen",
    "wird nicht mehr genutzt",
    "wird nicht mehr verwendet",
    "ya no está activ",
    "ya no está en uso",
    "ya no se utiliza",
    "больше не используется",
    "لم يعد مستخدم",
    "不再使用",
    "已停用",
    "使用されておりません",
)
"""What automatic answers say of themselves. People write some of it, too: alone it decides nothing."""

_MESSAGE = r"(?:e-?mail|mail|message|request|enquiry|inquiry|query|ticket|case|incident|submission|correspondence)"
RECEIVED = re.compile(
    rf"your {_MESSAGE}(?: \([^()]{{1,40}}\)| #?[\w-]{{1,30}})? (?:has been|was|is) (?:successfully |now )?(?:received|registered|logged|created|opened)|"
    rf"(?:have|has) (?:successfully )?received your {_MESSAGE}|"
    r"an? (?:support |service )?(?:ticket|case|request|incident) (?:has been|was) (?:created|opened)|"
    r"votre (?:courriel|demande|e-?mail|message|mail) (?:a (?:bien )?été (?:reçue?|enregistrée?)|nous est (?:bien )?parvenue?)|"
    r"(?:hemos recibido su|recibimos su) (?:correo|mensaje|solicitud)|su (?:correo|mensaje|solicitud) ha sido (?:recibid|registrad)|"
    r"(?:ваше|ваш) (?:письмо|обращение|сообщение|запрос) (?:был[оа]? )?(?:получено?|принято?|зарегистрировано?)|"
    r"تم استلام (?:رسالت|طلب)|您的(?:邮件|来信|请求|咨询)已(?:经)?(?:收到|受理)|"
    r"ihre (?:anfrage|e-?mail|nachricht) (?:ist (?:bei uns )?eingegangen|wurde (?:empfangen|registriert))|"
    r"recebemos (?:a sua|o seu|sua|seu) (?:e-?mail|mensagem|pedido|solicitação)|"
    r"abbiamo ricevuto (?:la sua|la vostra|il suo) (?:e-?mail|messaggio|richiesta)|受け付け(?:ました|いたしました|致しました)"
)
"""How machines, and people, say that a mail came."""
