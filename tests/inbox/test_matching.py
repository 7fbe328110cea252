"""By what a mail is known to belong to an invitation, and when it is known by nothing."""

import uuid

import pytest

from outreach.inbox import matching
from outreach.inbox.matching import Known, Match
from outreach.inbox.models import MatchedBy
from outreach.inbox.parsing import ParsedMail

pytestmark = pytest.mark.usefixtures("settings")

ONE, TWO = uuid.UUID(int=1), uuid.UUID(int=2)
TOKEN = "0123456789abcdef0123456789abcdef"
KNOWN = Known(
    by_letter={TOKEN: ONE, "<one@outreach.example>": ONE, "<two@outreach.example>": TWO},
    by_code={"KJ4T-92QX": ONE, "AAAA-2222": TWO},
)
NOTHING = Match(None, MatchedBy.NONE)


def found(**mail: object) -> Match:
    return matching.match(matching.clues(ParsedMail(**mail)), KNOWN)  # type: ignore[arg-type]


@pytest.mark.parametrize("address", [f"bounces+{TOKEN}@outreach.example", f"Bounces+{TOKEN.upper()}@OUTREACH.example"])
def test_the_token_in_a_recipients_address_leads_to_the_letter(address: str) -> None:
    assert found(recipients=("office@secretariat.example", address)) == Match(ONE, MatchedBy.ADDRESS_TOKEN)


@pytest.mark.parametrize(
    "address",
    [
        f"bounces+{TOKEN}@elsewhere.example",
        f"x+{TOKEN}@outreach.example",
        "bounces@outreach.example",
        "bounces+@outreach.example",
        TOKEN,
    ],
)
def test_an_address_that_only_looks_alike_leads_nowhere(address: str) -> None:
    assert found(recipients=(address,)) == NOTHING


def test_the_nearest_of_our_letters_in_the_thread_decides() -> None:
    thread = ("<theirs@mission.example>", "<two@outreach.example>", "<one@outreach.example>")
    assert found(answers=thread) == Match(TWO, MatchedBy.REPLY_TO_OUR_LETTER)


@pytest.mark.parametrize("written", ["KJ4T-92QX", "kj4t-92qx", "(KJ4T\u201192QX)", "KJ4T–92QX."])
def test_a_printed_code_in_subject_or_text_leads_to_its_invitation(written: str) -> None:
    assert found(subject=f"Our reply {written}") == Match(ONE, MatchedBy.CODE_IN_TEXT)
    assert found(text=f"Reference: {written}\nRegards") == Match(ONE, MatchedBy.CODE_IN_TEXT)


def test_a_code_within_a_longer_word_is_none() -> None:
    assert found(text="XKJ4T-92QX KJ4T-92QXY KJ4T 92QX") == NOTHING


def test_two_codes_of_different_invitations_leave_it_to_a_person_unless_the_subject_says_which() -> None:
    assert found(text="KJ4T-92QX and AAAA-2222") == NOTHING
    assert found(text="KJ4T-92QX and AAAA-2222", subject="AAAA-2222") == Match(TWO, MatchedBy.CODE_IN_TEXT)
    assert found(text="KJ4T-92QX, again KJ4T-92QX, and ZZZZ-9999") == Match(ONE, MatchedBy.CODE_IN_TEXT)


def test_the_surest_clue_goes_first() -> None:
    clue = {"answers": ("<two@outreach.example>",), "text": "AAAA-2222"}
    assert found(recipients=(f"bounces+{TOKEN}@outreach.example",), **clue).by is MatchedBy.ADDRESS_TOKEN
    assert found(**clue).by is MatchedBy.REPLY_TO_OUR_LETTER


def test_the_sender_proves_nothing() -> None:
    sender = f"bounces+{TOKEN}@outreach.example"
    assert found(from_address=sender, from_name="KJ4T-92QX", message_id="<one@outreach.example>") == NOTHING
