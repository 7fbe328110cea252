"""What replies of relays mean, in words as usual servers write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.correspondence.outcomes import Stage, Verdict, crowded, judge, status_of

CONNECT, HELLO, MAIL, RCPT, DATA, CONTENT = Stage

REPLIES = [
    (CONTENT, 250, "2.0.0 Ok: queued as 4F1", Verdict.TAKEN),
    (CONTENT, 252, "taken, we shall see", Verdict.TAKEN),
    (RCPT, 251, "2.1.5 will forward", Verdict.TAKEN),
    # Later
    (MAIL, 421, "4.7.0 Too many messages on this connection", Verdict.LATER),
    (MAIL, 450, "4.1.8 <bounces@outreach.example>: Sender address rejected: Domain not found", Verdict.LATER),
    (MAIL, 452, "4.3.1 Insufficient system storage", Verdict.LATER),
    (HELLO, 454, "4.7.0 Temporary authentication failure", Verdict.LATER),
    (CONNECT, 421, "4.3.2 Service not available", Verdict.LATER),
    (RCPT, 450, "4.2.0 <x@y.example>: Recipient address rejected: Greylisted", Verdict.LATER),
    (RCPT, 451, "4.7.1 please try again later", Verdict.LATER),
    (RCPT, 452, "4.2.2 Mailbox full", Verdict.LATER),
    (RCPT, 452, "4.1.1 looks wrong, but who knows", Verdict.LATER),
    (CONTENT, 451, "4.3.0 queue file write error", Verdict.LATER),
    (CONTENT, 0, "what is this", Verdict.LATER),
    (DATA, 354, "twice", Verdict.LATER),
    # A full mailbox is there
    (RCPT, 552, "5.2.2 The user's inbox is out of storage space", Verdict.LATER),
    (RCPT, 552, "Requested mail action aborted: exceeded storage allocation", Verdict.LATER),
    (RCPT, 550, "5.2.2 user over quota", Verdict.LATER),
    (RCPT, 554, "Mailbox quota exceeded", Verdict.LATER),
    (CONTENT, 552, "5.2.2 Over quota", Verdict.LATER),
    (CONTENT, 552, "mailbox is full", Verdict.LATER),
    # The address
    (RCPT, 550, "5.1.1 <x@y.example>: Recipient address rejected: User unknown in local recipient table", Verdict.ADDRESS),
    (RCPT, 550, "5.1.10 RESOLVER.ADR.RecipientNotFound; not found by SMTP address lookup", Verdict.ADDRESS),
    (RCPT, 550, "5.4.1 Recipient address rejected: Access denied", Verdict.ADDRESS),
    (RCPT, 550, "5.2.1 The email account that you tried to reach is disabled", Verdict.ADDRESS),
    (RCPT, 550, "5.1.2 bad destination system", Verdict.ADDRESS),
    (RCPT, 553, "5.1.3 malformed address", Verdict.ADDRESS),
    (RCPT, 501, "5.1.3 Bad recipient address syntax", Verdict.ADDRESS),
    (RCPT, 555, "5.5.4 Unsupported option", Verdict.ADDRESS),
    (RCPT, 556, "5.1.10 Recipient address has null MX", Verdict.ADDRESS),
    (RCPT, 550, "No such user here", Verdict.ADDRESS),
    (RCPT, 550, "Requested action not taken: mailbox unavailable", Verdict.ADDRESS),
    (RCPT, 551, "user not local; please try <x@z.example>", Verdict.ADDRESS),
    (RCPT, 554, "delivery error: this user doesn't have a mail account", Verdict.ADDRESS),
    (RCPT, 550, "gone", Verdict.ADDRESS),
    (CONTENT, 550, "5.1.1 unknown recipient", Verdict.ADDRESS),
    (CONTENT, 550, "No such user here", Verdict.ADDRESS),
    # The letter
    (MAIL, 552, "5.3.4 Message size exceeds fixed limit", Verdict.CONTENT),
    (MAIL, 552, "too large", Verdict.CONTENT),
    (RCPT, 554, "5.7.1 <x@y.example>: Recipient address rejected: Access denied", Verdict.CONTENT),
    (RCPT, 550, "5.7.133 RESOLVER.RST.SenderNotAuthenticatedForGroup", Verdict.CONTENT),
    (CONTENT, 550, "5.7.1 RESOLVER.RST.AuthRequired; authentication required", Verdict.CONTENT),
    (RCPT, 550, "5.7.124 Sender not in allowed-senders list", Verdict.CONTENT),
    (RCPT, 550, "5.3.0 rejected by the access map", Verdict.CONTENT),
    (RCPT, 550, "blocked by our policy", Verdict.CONTENT),
    (RCPT, 554, "Transaction failed", Verdict.CONTENT),
    (RCPT, 552, "5.2.3 Message length exceeds administrative limit", Verdict.CONTENT),
    (CONTENT, 552, "5.3.4 Message too big", Verdict.CONTENT),
    (CONTENT, 552, "Message exceeds maximum fixed size", Verdict.CONTENT),
    (CONTENT, 552, "5.7.0 This message was blocked because its content presents a potential security issue", Verdict.CONTENT),
    (CONTENT, 554, "5.7.1 Spam message rejected", Verdict.CONTENT),
    (CONTENT, 550, "5.7.1 Message contains spam-like content; no such luck for the recipient", Verdict.CONTENT),
    (CONTENT, 554, "5.6.0 not like this", Verdict.CONTENT),
    (CONTENT, 550, "rejected", Verdict.CONTENT),
    (DATA, 554, "no valid recipients", Verdict.CONTENT),
    # Ourselves
    (CONNECT, 554, "5.7.1 your address is on a list", Verdict.OURS),
    (HELLO, 535, "5.7.8 Authentication credentials invalid", Verdict.OURS),
    (HELLO, 550, "5.7.1 go away", Verdict.OURS),
    (MAIL, 530, "5.7.0 Must issue a STARTTLS command first", Verdict.OURS),
    (MAIL, 550, "5.7.1 Sender not allowed", Verdict.OURS),
    (MAIL, 553, "5.1.8 sender rejected", Verdict.OURS),
    (MAIL, 555, "5.5.4 unsupported parameter", Verdict.OURS),
    (RCPT, 530, "5.7.0 Authentication required", Verdict.OURS),
    (RCPT, 550, "5.7.1 Unable to relay", Verdict.OURS),
    (RCPT, 554, "5.7.1 <x@y.example>: Relay access denied", Verdict.OURS),
    (RCPT, 550, "relaying denied", Verdict.OURS),
    (RCPT, 551, "we do not relay", Verdict.OURS),
    (RCPT, 553, "5.7.1 <b@outreach.example>: Sender address rejected: not owned by user outreach", Verdict.OURS),
    (RCPT, 554, "5.7.1 <unknown[192.0.2.1]>: Client host rejected: Access denied", Verdict.OURS),
    (RCPT, 554, "5.7.1 Service unavailable; Client host [192.0.2.1] blocked using a list", Verdict.OURS),
    (RCPT, 550, "5.7.0 not you", Verdict.OURS),
    (RCPT, 550, "5.7.606 Access denied, banned sending IP", Verdict.OURS),
    (RCPT, 550, "5.1.8 bad sender's system address", Verdict.OURS),
    (RCPT, 503, "5.5.1 bad sequence of commands", Verdict.OURS),
    (CONTENT, 550, "5.7.26 This mail is unauthenticated", Verdict.OURS),
    (CONTENT, 550, "5.7.23 SPF validation failed", Verdict.OURS),
    (CONTENT, 550, "5.7.60 SMTP; Client does not have permissions to send as this sender", Verdict.OURS),
    (CONTENT, 535, "5.7.8 sign in first", Verdict.OURS),
]  # fmt: skip


@pytest.mark.parametrize(("stage", "code", "words", "verdict"), REPLIES)
def test_a_reply_means(stage: Stage, code: int, words: str, verdict: Verdict) -> None:
    assert judge(stage, code, words) is verdict


@given(st.sampled_from(Stage), st.integers(0, 999), st.text(max_size=60) | st.from_regex(r"[245]\.\d\.\d{1,3} .{0,30}"))
def test_no_temporary_fault_gives_up_an_address_or_a_letter(stage: Stage, code: int, words: str) -> None:
    found = judge(stage, code, words)
    if not 200 <= code < 300 and not 500 <= code < 600:
        assert found is Verdict.LATER
    if stage in (CONNECT, HELLO, MAIL):
        assert found is not Verdict.ADDRESS
    assert (found is Verdict.TAKEN) == (200 <= code < 300)


@pytest.mark.parametrize(
    ("code", "words", "said"),
    [
        (421, "closing", True),
        (450, "4.7.1 Error: too many mails from 192.0.2.1", True),
        (451, "4.3.2 Please slow down", True),
        (452, "4.3.1 insufficient system storage", True),
        (451, "4.4.5 congestion", True),
        (452, "4.2.2 over its quota limit", False),
        (450, "4.2.0 Greylisted", False),
        (451, "4.7.1 please come again", False),
        (550, "5.7.1 too many letters", False),
    ],
)
def test_a_relay_says_that_it_has_too_much(code: int, words: str, said: bool) -> None:
    assert crowded(code, words) is said


@pytest.mark.parametrize(
    ("words", "status"),
    [("5.1.1 no", (1, 1)), ("4.7.0\nmore", (7, 0)), ("no 5.1.1", None), ("5.1", None), ("", None), ("5.1.1234", None)],
)
def test_the_enhanced_status_stands_at_the_beginning(words: str, status: tuple[int, int] | None) -> None:
    assert status_of(words) == status
