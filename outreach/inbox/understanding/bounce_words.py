"""Words by which mail servers say that a mail did not arrive, in small letters with `'` for every apostrophe.

They are looked for in what a mail says before it quotes or returns another. None of them names a place, a person or a single mail.
"""

DAEMONS = ("mailer-daemon", "mailerdaemon", "mailer_daemon", "mail-daemon", "maildaemon")
"""How the addresses of servers begin that no person has."""

SENDERS = (
    "mail-daemon",
    "mail.delivery",
    "mail_delivery",
    "maildaemon",
    "mailer-daemon",
    "mailer_daemon",
    "mailerdaemon",
    "mailsystem",
    "mdaemon",
    "mmdf",
    "post_master",
    "postmaster",
    "postoffice",
    "smtp_mail_service",
    "uucp",
)
"""How the address of a mail server begins, or its name in From."""

SENDER_NAMES = (
    "administrador del sistema",
    "administrateur système",
    "delivery notification",
    "delivery subsystem",
    "delivery system",
    "internet mail delivery",
    "mail administrator",
    "mail deliver system",
    "mail delivery",
    "mailer daemon",
    "mailer-daemon",
    "microsoft exchange",
    "postmaster",
    "system administrator",
    "systemadministrator",
    "администратор системы",
)

WEAK = frozenset(
    {
        "address not found",
        "delivery failed",
        "delivery incomplete",
        "failed to deliver",
        "mailbox is full",
        "message blocked",
        "no such user",
        "unknown user",
        "user unknown",
        "was blocked by",
        "your email could not",
        "your e-mail could not",
        "the message you sent to",
        "remote host said",
        "returned to you",
        "unable to deliver",
        "cannot deliver",
        "can't be delivered",
        "not delivered to",
        "die folgenden empfänger",
        "no valid recipients",
        "i've given up",
        "this is a permanent error",
    }
)
"""Phrases that people use, too, and that count only where a server writes."""

DELAYS = (
    "a message is delayed for more than",
    "ainda não foi entregue",
    "atraso na entrega",
    "aún no se ha entregado",
    "being delayed",
    "continue to attempt delivery",
    "continue to try to deliver",
    "could not be delivered for more than",
    "could not send mail for past",
    "could not send message for past",
    "delivery delayed",
    "delivery incomplete",
    "delivery is delayed",
    "delivery status notification (delay)",
    "delivery temporarily",
    "encore été remis",
    "has been delayed",
    "has not yet been delivered",
    "hasn't been delivered yet",
    "it will be retried",
    "message still undelivered",
    "no action is required on your part",
    "noch nicht zugestellt",
    "non è stato ancora recapitato",
    "not yet been delivered",
    "nous continuerons",
    "only a temporary failure report",
    "remise retardée",
    "retraso en la entrega",
    "ritardo nel recapito",
    "se ha retrasado",
    "this is a warning message only",
    "this is just a warning",
    "verspätet",
    "verzögert sich",
    "warning message only",
    "will be retried",
    "will continue to be tried",
    "will continue trying",
    "will keep trying",
    "will retry for",
    "you do not need to resend",
    "zustellung verzögert",
    "доставка задерживается",
    "доставка отложена",
    "пока не доставлено",
    "延迟",
    "投递延迟",
    "配信が遅れて",
    "配信遅延",
)
"""Phrases by which a server says that it keeps trying."""

GIVEN_UP = (
    "failed permanently",
    "given up",
    "giving up",
    "no further attempt",
    "not be attempted again",
    "permanent error",
    "permanent fatal errors",
    "will be deleted from queue",
    "will not be retried",
    "will not continue",
    "will not retry",
)
"""Phrases that say that it does not."""

TEMPORARY = (
    "deferred:",
    "temporarily unavailable",
    "temporary error",
    "temporary failure",
    "temporary problem",
    "try again later",
)
"""Words of a failure that may pass."""
