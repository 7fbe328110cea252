"""Why a mail is held to be what it is: in the reader's language, but for headers, which are the same in all."""

import re

import pytest

from outreach import i18n
from outreach.inbox.understanding import classify
from outreach.web.staff.evidence import SENTENCES, in_words
from tests.inbox.understanding.absences import ABSENCES
from tests.inbox.understanding.test_bounces import LOST, SERVERS, report

HEADER = re.compile(r"[A-Z][\w-]*-[\w-]+(: .+)?|(Precedence|Header|RFC \d+|Fields of RFC).*")


@pytest.mark.usefixtures("english")
def test_a_sentence_of_ours_is_in_words_and_a_header_stays() -> None:
    mails = [one.raw for one in ABSENCES[:20]]
    mails += [report(words.replace("{}", LOST), subject=subject) for words, subject, *_rest in SERVERS.values()]
    mails.append(b"From: a@b.example\nSubject: Our reply\n\nDear colleagues, please find it here.\n")
    kept = {sentence for raw in mails for sentence in classify(raw).evidence}
    assert len(kept) > 10
    assert [one.words for one in in_words(sorted(kept)) if not one.ours and not HEADER.fullmatch(one.words)] == []


def test_the_words_that_are_quoted_stand_apart_in_each_language() -> None:
    with i18n.speaking("fr"):
        (plain, quoting, header) = in_words(["It is a mailing", "Text: “i am out of”", "Precedence: bulk"])
    assert plain.ours and plain.words not in SENTENCES
    assert quoting.words == "Texte\u00a0: «\u00a0\u2068i am out of\u2069\u00a0»"
    assert (header.words, header.ours) == ("Precedence: bulk", False)
