"""Any bytes are classified without an exception, and what a hostile mail costs grows with its size alone."""

import io
import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from outreach.cli.inbox import inbox
from outreach.inbox.understanding import MailKind, Understanding, classify, evaluation
from tests.inbox.understanding.absences import ABSENCES
from tests.inbox.understanding.test_bounces import LOST, SERVERS, dsn, report

WHOLE = (
    dsn(f"Final-Recipient: rfc822; {LOST}\nAction: failed\nStatus: 5.1.1\n", returned="To: a@b.example\n\nx"),
    report(
        SERVERS["exim"][0].replace("{}", LOST), subject=SERVERS["exim"][1], headers=f"X-Failed-Recipients: {LOST}\n"
    ),
    ABSENCES[0].raw,
)


def sound(found: Understanding) -> None:
    """An answer with its reason, that JSON and the database take."""
    assert isinstance(found.kind, MailKind) and found.evidence and 0 <= found.confidence <= 1
    json.dumps([found.failed_recipients, found.evidence, found.diagnostic, found.substitute]).encode()


@given(st.binary(max_size=400))
def test_random_bytes_are_survived(raw: bytes) -> None:
    sound(classify(raw))


@given(
    st.sampled_from(WHOLE),
    st.lists(st.tuples(st.integers(0, 900), st.binary(min_size=1, max_size=6), st.integers(0, 60)), max_size=8),
)
def test_mangled_mails_are_survived(raw: bytes, wounds: list[tuple[int, bytes, int]]) -> None:
    for at, put, cut in wounds:
        raw = raw[:at] + put + raw[at + cut :]
    found = classify(raw)
    sound(found)
    assert found.confidence > 0, "it was not read at all"


HEAD = b"From: a@b.example\nReturn-Path: <>\nSubject: Mail delivery failed\n"
TEXT = HEAD + b"\ncould not be delivered to "
HTML = HEAD + b"Content-Type: text/html\n\n"
REPORT = HEAD + b"Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\n"
HOSTILE = {
    "nested parts": HEAD
    + b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(3000)),
    "parts in the same boundary": HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n" * 300_000,
    "headers": HEAD + b"X-A: b\n" * 200_000,
    "a folded header": HEAD + b"X-A: b\n" + b" c\n" * 300_000,
    "encoded words": b"Subject: " + b"=?utf-8?q?a?= " * 80_000 + b"\n\nx",
    "parameters": b"Content-Type: text/plain; " + b'a=";' * 200_000 + b"\n\nx",
    "an endless name": TEXT + b"a" * 1_000_000,
    "addresses": TEXT + b"a@" * 500_000,
    "hosts": TEXT + b"a@b." * 300_000,
    "codes": TEXT + b"5.1." * 300_000,
    "blanks": TEXT + b" " * 1_000_000,
    "dashes": TEXT + b"\n" + (b"-" * 10_000 + b"x\n") * 50,
    "lines": HEAD + b"\n" + b"\n \t" * 300_000,
    "angles": HTML + b"<" * 1_000_000,
    "styles": HTML + b"<style><" * 100_000,
    "entities": HTML + b"&amp" * 200_000,
    "fields": REPORT + b"Final-Recipient: rfc822;a@b.c\nAction: failed\nStatus: 5.1.1\n\n" * 20_000,
    "a folded field": REPORT + b"Diagnostic-Code: " + b" x\n" * 300_000,
    "braces": b'From: a@b.example\n\n{"notificationType" : "Bounce" "bouncedRecipients":[' + b"{" * 100_000,
    "absences": HEAD.replace(b"Mail delivery failed", b"Automatic reply")
    + b"\nout of office until "
    + b"until 1 " * 100_000,
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_what_would_keep_a_careless_pattern_busy_for_hours_is_answered(kind: str) -> None:
    found = classify(HOSTILE[kind])
    sound(found)
    assert found.confidence > 0


def test_of_a_large_mail_only_the_beginning_is_looked_at() -> None:
    large = (
        HEAD.replace(b"Mail delivery failed", b"Our answer")
        + b"In-Reply-To: <a@b>\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nHere.\n"
    )
    large += b"--b\nContent-Type: application/pdf\nContent-Transfer-Encoding: base64\n\n" + b"QUFB\n" * 2_000_000
    assert classify(large).kind is MailKind.REPLY


def test_the_command_answers_for_every_path_in_order(tmp_path: Path) -> None:
    bounce, empty = tmp_path / "bounce ü.eml", tmp_path / "empty"
    bounce.write_bytes(WHOLE[0])
    empty.touch()
    paths = [str(bounce), str(tmp_path), "", str(empty), str(tmp_path / "missing"), "x" * 5000, "\x00"]
    asked = b"".join(os.fsencode(path) + b"\n" for path in paths)
    done = CliRunner().invoke(inbox, ["classify"], input=io.BytesIO(asked))
    assert done.exit_code == 0, done.output
    answers = [json.loads(line) for line in done.output.splitlines()]
    assert [one["path"] for one in answers] == paths
    assert answers[0] == {
        "path": str(bounce), "kind": "bounce", "permanent": True, "failed_recipients": [LOST],
        "evidence": ["RFC 3464 part, Action: failed, 5.1.1"],
    }  # fmt: skip
    assert all((one["kind"], one["permanent"], bool(one["evidence"])) == ("other", None, True) for one in answers[1:])


def test_a_folder_is_scored_by_its_labels(tmp_path: Path) -> None:
    rows = [
        {
            "path": "a",
            "kind": "bounce",
            "permanent": True,
            "recipients": [LOST.upper()],
            "n_recipients": None,
            "also_right": [],
        },
        {"path": "b", "kind": "bounce", "permanent": False, "recipients": None, "n_recipients": 2, "also_right": []},
        {"path": "c", "kind": "other", "also_right": ["auto_reply"]},
        {"path": "d", "kind": "reply", "also_right": []},
        {"path": "e", "kind": None},
    ]
    for row, raw in zip(rows[:4], (WHOLE[0], WHOLE[1], WHOLE[2], WHOLE[2]), strict=True):
        (tmp_path / str(row["path"])).write_bytes(raw)
    (tmp_path / evaluation.LABELS).write_text("\n".join(map(json.dumps, rows)))
    scores = evaluation.evaluate(tmp_path)
    shares = {name: (share.right, share.of) for name, share in scores.shares.items()}
    assert shares == {
        evaluation.BOUNCES_FOUND: (2, 2), evaluation.BOUNCES_TRUE: (2, 2), evaluation.PERMANENCE: (1, 2),
        evaluation.TEMPORARY_AS_PERMANENT: (1, 1), evaluation.ADDRESSES: (1, 1), evaluation.NUMBERS: (0, 1),
        evaluation.AUTOMATIC_TRUE: (1, 2), evaluation.PEOPLE_AS_MACHINES: (1, 1), evaluation.UNANSWERED: (1, 5),
    }  # fmt: skip
    assert any("d: reply, called auto_reply" in fault for fault in scores.faults)


@pytest.mark.skipif(
    "OUTREACH_LABELLED_MAIL" not in os.environ, reason="OUTREACH_LABELLED_MAIL names no folder of labelled mail"
)
def test_labelled_mail_is_understood() -> None:
    scores = evaluation.evaluate(Path(os.environ["OUTREACH_LABELLED_MAIL"])).shares

    def share(name: str) -> float:
        return scores[name].right / scores[name].of

    assert share(evaluation.BOUNCES_FOUND) >= 0.97 and share(evaluation.BOUNCES_TRUE) >= 0.995
    assert share(evaluation.PERMANENCE) >= 0.95 and share(evaluation.TEMPORARY_AS_PERMANENT) <= 0.01
    assert share(evaluation.ADDRESSES) >= 0.97 and share(evaluation.COMPLAINTS) >= 0.95
    assert share(evaluation.PEOPLE_AS_MACHINES) <= 1 / 2000 and share(evaluation.UNANSWERED) == 0
