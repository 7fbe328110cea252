"""Reports of mail servers of many families, written here after the forms that these servers use: names, hosts and texts are made up."""

from textwrap import dedent

import pytest

from outreach.inbox.understanding import MailKind, classify

LOST = "lost@ministry.example"
US = "bounces+token@outreach.example"


def report(text: str, *, sender: str = "MAILER-DAEMON@mx.example", subject: str = "x", headers: str = "") -> bytes:
    """A report in words."""
    head = f"From: {sender}\nTo: {US}\nSubject: {subject}\n{headers}Content-Type: text/plain; charset=utf-8\n\n"
    return (head + dedent(text).lstrip("\n")).encode()


def dsn(
    fields: str,
    *,
    text: str = "A report.",
    returned: str = "",
    kind: str = "multipart/report; report-type=delivery-status",
) -> bytes:
    """A report of RFC 3464."""
    back = f"--b\nContent-Type: message/rfc822\n\n{dedent(returned).lstrip()}\n" if returned else ""
    return (
        f"Return-Path: <>\nFrom: Mail Delivery System <MAILER-DAEMON@mx.example>\nTo: {US}\nSubject: Undelivered\n"
        f"Content-Type: {kind}; boundary=b\n\n--b\nContent-Type: text/plain\n\n{text}\n"
        f"--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\n{dedent(fields).lstrip()}\n{back}--b--\n"
    ).encode()


@pytest.mark.parametrize(
    ("fields", "kind", "permanent", "status"),
    [
        ("Final-Recipient: rfc822; {}\nAction: failed\nStatus: 5.1.1\n", MailKind.BOUNCE, True, "5.1.1"),
        ("Final-Recipient: rfc822; {}\nAction: failed\nStatus: 4.2.2 (Over quota)\n", MailKind.BOUNCE, False, "4.2.2"),
        ("Final-Recipient: rfc822; {}\nAction: delayed\nStatus: 4.4.1\n", MailKind.DELAY, False, "4.4.1"),
        ("Final-Recipient: rfc822; {}\nAction: delivered\nStatus: 2.0.0\n", MailKind.DELIVERY_RECEIPT, None, ""),
        (
            "Final-Recipient: rfc822; {}\nAction: failed\nDiagnostic-Code: smtp; 550 no such user\n",
            MailKind.BOUNCE,
            True,
            "",
        ),
        (
            "Final-Recipient: rfc822; {}\nAction: failed\nStatus: 5.0.0\nDiagnostic-Code: smtp; 550 5.2.1 disabled\n",
            MailKind.BOUNCE,
            True,
            "5.2.1",
        ),
        # The address as we wrote it, not the one that a server made of it.
        (
            "Original-Recipient: rfc822;{}\nFinal-Recipient: rfc822; inner@10.0.0.1\nAction: failed\nStatus: 5.1.1\n",
            MailKind.BOUNCE,
            True,
            "5.1.1",
        ),
    ],
)
def test_a_report_of_rfc_3464_says_what_became_of_the_mail(
    fields: str, kind: MailKind, permanent: bool | None, status: str
) -> None:
    found = classify(dsn(fields.format(LOST)))
    assert (found.kind, found.permanent, found.status) == (kind, permanent, status)
    assert found.failed_recipients == (() if kind is MailKind.DELIVERY_RECEIPT else (LOST,))
    assert found.evidence[0].startswith("RFC 3464 part, Action: ")


def test_each_address_of_a_report_has_its_own_failure_and_the_mail_that_it_returns_is_named() -> None:
    found = classify(
        dsn(
            f"""
            Final-Recipient: rfc822; {LOST}
            Action: failed
            Status: 5.1.1
            Diagnostic-Code: smtp; 550 5.1.1 User
                unknown

            Final-Recipient: rfc822; full@ministry.example
            Action: delayed
            Status: 4.2.2

            Final-Recipient: rfc822; fine@ministry.example
            Action: delivered
            Status: 2.1.5
            """,
            returned=f"From: a@outreach.example\nTo: {LOST}\nMessage-ID: <ours@outreach.example>\n\nwords",
        )
    )
    assert [(one.address, one.permanent, one.status) for one in found.failures] == [
        (LOST, True, "5.1.1"),
        ("full@ministry.example", False, "4.2.2"),
    ]
    assert found.diagnostic == "550 5.1.1 User unknown"
    assert found.original_ids == ("<ours@outreach.example>",)


def test_a_report_is_read_whatever_is_broken_about_it() -> None:
    whole = dsn(f"Final-Recipient: rfc822; {LOST}\nAction: failed\nStatus: 5.1.1\n")
    for broken in (
        whole.replace(b"\n", b"\r"),
        whole.replace(b"\n", b"\r\n"),
        whole.replace(b"boundary=b", b"boundary=other"),
        whole.replace(b"multipart/report; report-type=delivery-status; boundary=b", b"text/plain"),
        whole.replace(b"multipart/report", b"multipart/mixed"),
        whole.replace(b"--b--\n", b""),
        b"\n  \n" + whole,
        b"From x@y Mon Feb 15 2027\n" + whole,
    ):
        found = classify(broken)
        assert (found.kind, found.permanent, found.failed_recipients) == (MailKind.BOUNCE, True, (LOST,))


SERVERS = {
    "postfix": (
        "This is the mail system at host mx.example.\n\nI'm sorry to have to inform you that your message could not\nbe delivered to "
        "one or more recipients.\n\n<{}>: host mx2.example[192.0.2.1] said: 550 5.1.1 <{}>: User unknown (in reply to RCPT TO command)\n",
        "Undelivered Mail Returned to Sender",
    ),
    "qmail": (
        "Hi. This is the qmail-send program at mx.example.\nI'm afraid I wasn't able to deliver your message to the following addresses.\n"
        "This is a permanent error; I've given up. Sorry it didn't work out.\n\n<{}>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n"
        "--- Below this line is a copy of the message.\n\nTo: other@ministry.example\n",
        "failure notice",
    ),
    "exim": (
        "This message was created automatically by mail delivery software.\n\nA message that you sent could not be delivered to one or more "
        "of its\nrecipients. This is a permanent error. The following address(es) failed:\n\n  {}\n    Unrouteable address\n\n"
        "------ This is a copy of the message, including all the headers. ------\n\nTo: other@ministry.example\n",
        "Mail delivery failed: returning message to sender",
    ),
    "sendmail": (
        "The original message was received at Mon, 15 Feb 2027\nfrom localhost [127.0.0.1]\n\n   ----- The following addresses had permanent "
        "fatal errors -----\n<{}>\n    (reason: 550 5.1.1 User unknown)\n\n   ----- Transcript of session follows -----\n",
        "Returned mail: see transcript for details",
    ),
    "lotus": (
        "Your message\n\n  Subject: Call for input\n\nwas not delivered to:\n\n  {}\n\nbecause:\n\n  User not listed in public directory\n",
        "DELIVERY FAILURE: User not listed",
    ),
    "groupwise": (
        "The message that you sent was undeliverable to the following:\n\n\t{} (user not found)\n",
        "Message status - undeliverable",
    ),
    "exchange of old": (
        "Your message\n\n  To:      Ministry\n  Subject: Call for input\n  Sent:    Mon, 15 Feb 2027\n\ndid not reach the following recipient(s):\n\n"
        "{} on Mon, 15 Feb 2027\n    The recipient name is not recognized\n",
        "Undeliverable: Call for input",
    ),
    "exchange": (
        "Delivery has failed to these recipients or groups:\n\n{}\nThe email address you entered couldn't be found.\n\n"
        "Diagnostic information for administrators:\n#550 5.1.10 RESOLVER.ADR.RecipientNotFound ##\n",
        "Undeliverable: Call for input",
    ),
    "imail": (
        "User mailbox exceeds allowed size: {}\n\nOriginal message follows.\n\nTo: other@x.example\n",
        "Undeliverable Mail",
    ),
    "courier": (
        "UNDELIVERABLE MAIL\n\nYour message to the following recipients cannot be delivered:\n\n<{}>:\n    mx2.example [192.0.2.1]:\n"
        "<<< 550 User unknown\n",
        "NOTICE: mail delivery status.",
    ),
    "mailenable": (
        "MailEnable: Message could not be delivered to some recipients.\nThe following recipient(s) could not be reached:\n\n"
        "\tRecipient: [SMTP:{}]\n\tReason: 550 mailbox unavailable\n\nMessage headers follow:\nTo: other@x.example\n",
        "Message Delivery Failure",
    ),
    "notes": (
        "------- Failure Reasons  --------\n\nUser not listed in the public address book\n{}\n\n------- Returned Message --------\n",
        "Undeliverable message",
    ),
    "session": (
        "We had trouble delivering your message. Full details follow:\n\nSubject: 'Call'\n\n1 error(s):\n\n"
        "SMTP Server <mx.example> rejected recipient <{}>\n  (Error following RCPT command). It responded as follows: [550 5.1.1 No]\n",
        "Mail delivery problem",
    ),
    "telephone": (
        "Message could not be delivered to mobile.\nError: No valid recipients for this MM\n\nTo: {}\n",
        "Undeliverable Message",
    ),
    "netscape": (
        "This Message was undeliverable due to the following reason:\n\nThe user's account is over quota.\n\n<{}>\n\n"
        "Please reply to Postmaster@mx.example\nif you feel this message to be in error.\n",
        "Mail System Error - Returned Mail",
    ),
    "james": (
        "Hi. This is the mail server at mx.example.\nI'm afraid I wasn't able to deliver your message to the following addresses.\n"
        "This is a permanent error; I've given up.\n\nFailed recipient(s):\n{}\n\nError message: 550 no\n",
        "Re: x",
    ),
    "gateway": (
        "This is a delivery failure notification message indicating that\nan email addressed to email address :\n-- {}\n"
        "could not be delivered. The problem appears to be :\n-- 550 5.1.1 Recipient unknown\n",
        "[Postmaster] Email Delivery Failure",
    ),
    "a large provider": (
        "Sorry, we were unable to deliver your message to the following address.\n\n<{}>:\n550: User unknown\n\n"
        "--- Below this line is a copy of the message.\n",
        "Failure Notice",
    ),
    "french": (
        "Votre message n'a pas pu être remis à :\n\n{}\n\n550 5.1.1 Utilisateur inconnu\n",
        "Échec de la remise : x",
    ),
    "german": (
        "Ihre Nachricht konnte nicht zugestellt werden.\nDie folgenden Empfänger sind betroffen:\n  {}\n  550 Benutzer unbekannt\n",
        "Unzustellbar: x",
    ),
    "spanish": (
        "No se ha podido entregar su mensaje a los siguientes destinatarios:\n{}\n550 5.1.1\n",
        "No se puede entregar: x",
    ),
    "portuguese": ("A sua mensagem não pôde ser entregue a:\n{}\n550 5.1.1\n", "Não entregue: x"),
    "italian": ("Impossibile recapitare il messaggio ai seguenti destinatari:\n{}\n550 5.1.1\n", "Non recapitabile: x"),
    "russian": (
        "Ваше письмо не может быть доставлено одному или нескольким получателям:\n  {}\n    550 нет такого\n",
        "Не доставлено: x",
    ),
    "chinese": ("抱歉，您的邮件被退回来了，无法送达以下收件人：\n{}\n550 5.1.1\n", "系统退信"),
    "japanese": ("以下のメールアドレスへの送信に失敗しました。\n{}\n550 5.1.1\n", "配信エラー"),
}


@pytest.mark.parametrize("family", SERVERS)
def test_servers_that_report_in_words_are_understood(family: str) -> None:
    text, subject = SERVERS[family]
    found = classify(report(text.replace("{}", LOST), subject=subject))
    assert (found.kind, found.permanent, found.failed_recipients) == (MailKind.BOUNCE, True, (LOST,)), found.evidence


@pytest.mark.parametrize(
    ("text", "kind", "permanent"),
    [
        ("Your message could not be delivered for more than 4 hour(s).\nIt will be retried until it is 5 day(s) old.\n<{}>: timed out", "delay", False),
        ("Warning: message still undelivered after 4 hours\nWill keep trying until message is 5 days old\n<{}>... Deferred", "delay", False),
        ("I'm sorry to have to inform you that your message could not\nbe delivered. <{}>: 451 4.3.0 later", "bounce", False),
        ("I'm sorry to have to inform you that your message could not\nbe delivered. <{}>: 552 5.2.2 full", "bounce", True),
        ("Your message could not be delivered to {}: temporary failure", "bounce", False),
        ("Your message could not be delivered to {}: version 4.72 of 4.5.2 on 192.0.2.4 in 450 seconds", "bounce", True),
        # Words of time, without any code; an address that is none, and a verdict, outweigh them.
        ("Your message was not delivered.\n\n<{}>: connect to mx.example[192.0.2.4]: Connection timed out", "bounce", False),
        ("Votre message n'a pas pu être remis après 5 jours de tentatives :\n\n{}", "bounce", False),
        ("Your message could not be delivered to {}: there is no such user. It was tried for 2 hours.", "bounce", True),
        ("This is a permanent error. The following address failed:\n\n{}\ndelivery retry timeout exceeded", "bounce", True),
    ],
)  # fmt: skip
def test_what_may_still_arrive_is_told_from_what_will_not(text: str, kind: str, permanent: bool) -> None:
    found = classify(report(text.replace("{}", LOST), subject="Mail delivery"))
    assert (found.kind, found.permanent, found.failed_recipients) == (kind, permanent, (LOST,))


@pytest.mark.parametrize(
    ("subject", "text", "kind"),
    [
        ("Warning: Delivery Delayed", "The attached message is still queued for delivery.\n\nDelayed address: {}", "delay"),
        ("Zpráva nebyla doručena", "Vaše zpráva nemohla být doručena:\n\n<{}>: 550 5.1.1 Uživatel neexistuje", "bounce"),
    ],
)  # fmt: skip
def test_a_server_is_understood_by_its_subject_or_by_its_code(subject: str, text: str, kind: str) -> None:
    found = classify(report(text.replace("{}", LOST), subject=subject))
    assert (found.kind, found.failed_recipients) == (kind, (LOST,))


def test_a_server_that_lists_an_address_is_understood_in_a_language_that_is_not_known() -> None:
    found = classify(
        report(f"Ujumbe huu haukufika:\n\n<{LOST}>: hakuna", subject="Ujumbe", headers="Return-Path: <>\n")
    )
    assert (found.kind, found.permanent, found.failed_recipients) == (MailKind.BOUNCE, True, (LOST,))


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Successful Mail Delivery Report", "Your message was successfully delivered to the destination(s)\nlisted below.\n\n<{}>"),
        ("Delivery Status Notification (Relay)", "Your message has been successfully relayed to the following recipients.\n\n{}"),
        ("NOTICE: mail delivery status.", "DELIVERED\n\nYour message to the following recipients has been delivered:\n\n<{}>"),
    ],
)  # fmt: skip
def test_a_report_in_words_that_a_mail_arrived_is_no_failure(subject: str, text: str) -> None:
    found = classify(report(text.replace("{}", LOST), subject=subject))
    assert (found.kind, found.permanent, found.failures) == (MailKind.DELIVERY_RECEIPT, None, ())


def test_addresses_that_a_report_calls_reached_did_not_fail() -> None:
    text = f"Your message could not be delivered to:\n\n  {LOST}: 550 no\n\nIt was delivered to:\n\n  fine@d.example\n"
    assert classify(report(text, subject="Delivery report")).failed_recipients == (LOST,)


def test_what_a_mailbox_refuses_in_the_form_of_a_receipt_did_not_arrive() -> None:
    def receipt(text: str) -> bytes:
        fields = f"Final-Recipient: rfc822; {LOST}\nDisposition: automatic-action/MDN-sent-automatically; deleted"
        head = f"Return-Path: <>\nFrom: postmaster@mx.example\nTo: {US}\nSubject: x\n"
        head += "Content-Type: multipart/report; report-type=disposition-notification; boundary=b\n\n"
        return f"{head}--b\n\n{text}\n--b\nContent-Type: message/disposition-notification\n\n{fields}\n--b--\n".encode()

    found = classify(receipt("Your message was automatically rejected:\nQuota exceeded"))
    assert (found.kind, found.permanent, found.failed_recipients) == (MailKind.BOUNCE, True, (LOST,))
    assert classify(receipt("Your message was deleted without being read.")).kind is MailKind.READ_RECEIPT


_QUOTED = SERVERS["postfix"][0].replace("{}", LOST)
PEOPLE = (
    report(_QUOTED, sender="A <a@mission.example>", subject="Fwd: Undelivered Mail Returned to Sender"),
    report(
        "I got this:\n\n> " + _QUOTED.replace("\n", "\n> "), sender="A <a@mission.example>", subject="Undelivered mail"
    ),
    report(
        "We were unable to deliver the note verbale yesterday.", sender="A <a@mission.example>", subject="Note verbale"
    ),
    report("Our mailbox is full, please use b@mission.example.", sender="A <a@mission.example>", subject="New address"),
    report(
        "The user unknown to us was Mr X (x@y.example).",
        sender="A <a@mission.example>",
        subject="Mail delivery in Geneva",
    ),
    report(
        "Hello,\n\nyour mail was not delivered to a@mission.example, which is full. Please take b@mission.example.",
        sender="A <a@ministry.example>",
        subject="Undelivered mail",
    ),
    report(
        "Уважаемые коллеги! Ваше письмо не было доставлено на адрес a@mission.example. Просим повторить.",
        sender="A <a@ministry.example>",
        subject="Не доставлено",
    ),
    report(
        "Dear all,\n\nyour mails could not be delivered to our users (550 5.7.1 blocked). It is mended.",
        sender="System Administrator <it@ministry.example>",
        subject="Your undelivered mails",
    ),
    report(
        "Dear Ms Roe,\n\nyour mails could not be delivered to a@ministry.example. Please repeat.\n\nRegards,\nB.",
        sender="Postmaster <postmaster@ministry.example>",
        subject="Mail delivery problem",
    ),
    report(
        "--b\n\nMy mail was not delivered to a@mission.example, see the report.\n--b\nContent-Type: message/rfc822\n\n"
        "From: MAILER-DAEMON@mx.example\nTo: a@ministry.example\n\nno\n--b--\n",
        sender="A <a@ministry.example>",
        subject="Trouble",
    ).replace(b"text/plain; charset=utf-8", b"multipart/mixed; boundary=b"),
    report(
        "Our answer has been delayed; it follows on Friday.", sender="IT <postmaster@isle.example>", subject="Answers"
    ),
)


@pytest.mark.parametrize("raw", PEOPLE, ids=range(len(PEOPLE)))
def test_people_who_write_about_such_things_are_people(raw: bytes) -> None:
    assert not classify(raw).kind.is_automatic, classify(raw).evidence


def test_complaints_receipts_and_notifications_are_told_from_bounces() -> None:
    def parts(kind: str, inner: str, fields: str) -> bytes:
        head = f"From: x@fbl.example\nTo: {US}\nSubject: x\nContent-Type: multipart/report; report-type={kind}; boundary=b\n\n"
        return f"{head}--b\n\nwords\n--b\nContent-Type: message/{inner}\n\n{fields}\n--b--\n".encode()

    complaint = classify(parts("feedback-report", "feedback-report", "Feedback-Type: abuse\nUser-Agent: x/1"))
    assert (complaint.kind, complaint.evidence) == (MailKind.COMPLAINT, ("RFC 5965 part, Feedback-Type: abuse",))
    form = "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: message/rfc822\n\nX-HmXmrOriginalRecipient: a@b.example\n\nx"
    assert classify(f"From: staff@provider.example\nSubject: x\n{form}\n--b--\n".encode()).kind is MailKind.COMPLAINT
    read = parts(
        "disposition-notification",
        "disposition-notification",
        "Disposition: manual-action/MDN-sent-manually; displayed",
    )
    assert classify(read).kind is MailKind.READ_RECEIPT
    told = '{"Type":"Notification","Message":"{\\"notificationType\\":\\"Bounce\\",\\"bounce\\":{\\"bounceType\\":\\"Permanent\\",'
    told += f'\\"bouncedRecipients\\":[{{\\"emailAddress\\":\\"{LOST}\\",\\"status\\":\\"5.1.1\\"}}]}}}}"}}'
    found = classify(report(told, sender="no-reply@sns.example"))
    assert (found.kind, found.permanent, found.failed_recipients) == (MailKind.BOUNCE, True, (LOST,))


def test_a_report_in_a_language_that_nobody_knows_is_told_by_its_code_and_its_address() -> None:
    mail = f"Return-Path: <>\nFrom: postmaster@a.example\nTo: b@c.example\nSubject: Xyzzy\n\nPlugh {LOST} frotz (550 5.1.1).\n"
    found = classify(mail.encode())
    assert (found.kind, found.permanent, found.failed_recipients) == (MailKind.BOUNCE, True, (LOST,))


def test_who_fishes_names_his_victim_and_reports_nothing() -> None:
    text = "Dear user, 4 messages could not be delivered to b@c.example. Click here to retrieve them."
    mail = f"From: admin@webmail.invalid\nTo: b@c.example\nSubject: Delivery failed: 4 messages held\n\n{text}\n"
    assert classify(mail.encode()).kind is not MailKind.BOUNCE


def test_an_abuse_desk_that_knows_no_form_complains() -> None:
    text = "A customer reported this message as spam.\n\nFrom: a@secretariat.example\nMessage-ID: <a@b.example>\n\nExcellency,\n"
    head = "To: a@secretariat.example\nSubject: Your network\n"
    assert classify(f"From: abuse@host.example\n{head}\n{text}".encode()).kind is MailKind.COMPLAINT
    assert classify(f"From: desk@host.example\n{head}\n{text}".encode()).kind is not MailKind.COMPLAINT
