"""How well `classify` does on a folder of labelled mails: `labels.jsonl` has a row a file (path, kind, also_right, permanent, recipients, tier).

The finer kinds are measured as five: a notice of delay is a bounce that is not permanent, a challenge an automatic answer, mail that a
person sent on a reply; receipts, list mail and what looks like spam are `other`.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from outreach.inbox.understanding.classifying import MOST, UNREAD, classify
from outreach.inbox.understanding.words import MailKind, Understanding

LABELS = "labels.jsonl"

_MEASURED_AS = {
    MailKind.BOUNCE: "bounce",
    MailKind.DELAY: "bounce",
    MailKind.AUTO_REPLY: "auto_reply",
    MailKind.CHALLENGE: "auto_reply",
    MailKind.COMPLAINT: "complaint",
    MailKind.REPLY: "reply",
    MailKind.FORWARDED: "reply",
}


@dataclass(frozen=True)
class Answer:
    """What is said of one file, whatever it holds."""

    path: str
    kind: str
    permanent: bool | None
    failed_recipients: tuple[str, ...]
    evidence: tuple[str, ...]

    def as_json(self) -> str:
        """The answer on one line."""
        return json.dumps(
            {
                "path": self.path,
                "kind": self.kind,
                "permanent": self.permanent,
                "failed_recipients": list(self.failed_recipients),
                "evidence": list(self.evidence),
            }
        )


def answer(path: str) -> Answer:
    """What a file is. One that cannot be read, or is none, is `other`, and the evidence says why."""
    try:
        file = Path(path)
        if not file.is_file():
            return _nothing(path, "There is no such file" if not file.exists() else "It is not a file")
        with file.open("rb") as opened:
            raw = opened.read(MOST)
    except (OSError, ValueError) as fault:
        return _nothing(path, f"The file could not be read: {fault}")
    if not raw.strip():
        return _nothing(path, "The file is empty")
    found = classify(raw)
    return Answer(path, measured_as(found), found.permanent, found.failed_recipients, found.evidence)


def measured_as(found: Understanding) -> str:
    """One of bounce, auto_reply, reply, complaint, other."""
    return _MEASURED_AS.get(found.kind, "other")


def _nothing(path: str, why: str) -> Answer:
    return Answer(path, "other", None, (), (why,))


@dataclass
class Share:
    """How many of how many."""

    right: int = 0
    of: int = 0

    def count(self, right: bool) -> None:
        """One more."""
        self.of += 1
        self.right += right

    @property
    def percent(self) -> str:
        """The share, for people."""
        return f"{100 * self.right / self.of:.1f} %" if self.of else "–"


@dataclass
class Scores:
    """The table, and the mails behind its faults."""

    shares: dict[str, Share] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def count(self, name: str, right: bool, fault: str = "") -> None:
        """Count one mail under a row; a fault says what was wrong."""
        self.shares.setdefault(name, Share()).count(right)
        if fault:
            self.faults.append(fault)

    def lines(self) -> Iterator[str]:
        """The table, a row a line, as in the documentation."""
        yield "| what | share | mails |"
        yield "| --- | ---: | ---: |"
        for name in ROWS:
            share = self.shares.get(name, Share())
            yield f"| {name} | {share.percent} | {share.right} of {share.of} |"


BOUNCES_FOUND = "bounces that are found (recall)"
BOUNCES_TRUE = "bounces that are some (precision)"
PERMANENCE = "permanent or temporary, right"
TEMPORARY_AS_PERMANENT = "temporary called permanent"
ADDRESSES = "failed addresses, exactly those"
NUMBERS = "number of failed addresses, where only that is known"
COMPLAINTS = "complaints that are found"
AUTOMATIC_FOUND = "automatic answers that are found (recall)"
AUTOMATIC_TRUE = "automatic answers that are some (precision)"
PEOPLE_AS_MACHINES = "mail of people called bounce or automatic"
UNANSWERED = "without an answer"
ROWS = (
    BOUNCES_FOUND,
    BOUNCES_TRUE,
    PERMANENCE,
    TEMPORARY_AS_PERMANENT,
    ADDRESSES,
    NUMBERS,
    COMPLAINTS,
    AUTOMATIC_FOUND,
    AUTOMATIC_TRUE,
    PEOPLE_AS_MACHINES,
    UNANSWERED,
)


def evaluate(folder: Path) -> Scores:
    """Score all mails of a folder that its labels name. Raises OSError, ValueError where there are no labels."""
    scores = Scores()
    for line in (folder / LABELS).read_text("utf-8").splitlines():
        if line.strip():
            _score(scores, folder, json.loads(line))
    return scores


def _score(scores: Scores, folder: Path, label: dict[str, object]) -> None:
    path = str(label["path"])
    given = answer(str(folder / path))
    unread = given.evidence == (UNREAD,)
    scores.count(UNANSWERED, unread or not (folder / path).is_file(), f"{path}: {UNREAD}" if unread else "")
    kind = label.get("kind")
    if kind is None:
        return
    also = label.get("also_right")
    right = [kind, *(also if isinstance(also, list) else [])]
    told = f"{path}: {kind}, called {given.kind} ({'; '.join(given.evidence)})"
    if kind == "bounce":
        scores.count(BOUNCES_FOUND, given.kind == "bounce", told if given.kind != "bounce" else "")
        _score_failures(scores, label, given)
    if given.kind == "bounce":
        scores.count(BOUNCES_TRUE, "bounce" in right, told if "bounce" not in right else "")
    if kind == "complaint":
        scores.count(COMPLAINTS, given.kind == "complaint", told if given.kind != "complaint" else "")
    if kind == "auto_reply":
        scores.count(AUTOMATIC_FOUND, given.kind in right, told if given.kind not in right else "")
    if given.kind == "auto_reply":
        scores.count(AUTOMATIC_TRUE, "auto_reply" in right, told if "auto_reply" not in right else "")
    if "reply" in right:
        wrong = given.kind in ("bounce", "auto_reply") and given.kind not in right
        scores.count(PEOPLE_AS_MACHINES, wrong, told if wrong else "")


def _score_failures(scores: Scores, label: dict[str, object], given: Answer) -> None:
    permanent, recipients, number = label.get("permanent"), label.get("recipients"), label.get("n_recipients")
    path = label["path"]
    if permanent is not None:
        right = given.permanent is permanent
        scores.count(PERMANENCE, right, "" if right else f"{path}: permanent {permanent}, called {given.permanent}")
    if permanent is False:
        scores.count(TEMPORARY_AS_PERMANENT, given.permanent is True)
    if isinstance(recipients, list) and recipients:
        right = {str(one).lower() for one in recipients} == {one.lower() for one in given.failed_recipients}
        said = ", ".join(given.failed_recipients) or "none"
        scores.count(
            ADDRESSES, right, "" if right else f"{path}: failed {', '.join(map(str, recipients))}; said {said}"
        )
    elif isinstance(number, int):
        right = len(given.failed_recipients) == number
        scores.count(
            NUMBERS, right, "" if right else f"{path}: {number} failed; said {', '.join(given.failed_recipients)}"
        )
