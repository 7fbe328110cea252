"""What the world's people do, through the pages and by mail; each act begins at a link that came in a letter."""

import random
import smtplib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from email.utils import parseaddr
from typing import TypeVar
from urllib.parse import urlsplit

from outreach.rehearsal.answers import DOCUMENT, INVENTED, PRACTICE
from outreach.rehearsal.bodies import UNION, UNIVERSITY, Body
from outreach.rehearsal.filling import fill
from outreach.rehearsal.mail import Mailboxes
from outreach.rehearsal.replies import WORD, word_file
from outreach.rehearsal.visitor import Page, PlayError, Visitor
from outreach.stack.letterbox import Caught

Found = TypeVar("Found")

_KINDS = {UNION.email: UNION.kind, UNIVERSITY.email: UNIVERSITY.kind}
PATIENCE = 300.0
"""Seconds of real time that an act waits for a letter."""


@dataclass
class Stage:
    """Where the play happens: the service's address, that of the relay, the mailboxes, and the seed of all chance."""

    base_url: str
    relay: str
    mailboxes: Mailboxes
    seed: int

    def visitor(self, language: str) -> Visitor:
        """A person who reads in a language."""
        return Visitor(self.base_url, language or "en")

    def chance(self, address: str) -> random.Random:
        """What decides for who writes from this address: the same each time, whatever others do meanwhile."""
        return random.Random(f"{self.seed} {address}")  # noqa: S311 - a play, not a secret

    def link(self, address: str, kind: str) -> str:
        """The newest link of a kind that the address received, waited for."""
        return self._await(lambda: self.mailboxes.link(address, kind), f"{address} received no link /{kind}/")

    def code(self, address: str, after: int) -> str:
        """The code that the address receives as more than its first `after` mails."""
        return self._await(lambda: self.mailboxes.code(address, after), f"{address} received no code")

    def mail(self, address: str, after: int) -> Caught:
        """The newest mail that the address receives as more than its first `after` mails."""
        return self._await(lambda: self.mailboxes.newest(address, after), f"{address} received no mail")

    def post(self, sender: str, to: str, mail: bytes) -> None:
        """Send a mail by SMTP, as the mail server of its writer does."""
        at = urlsplit(self.relay)
        with smtplib.SMTP(at.hostname or "", at.port or 25, timeout=PATIENCE) as relay:
            relay.sendmail(sender, [to], mail)

    @staticmethod
    def _await(look: Callable[[], Found | None], sentence: str) -> Found:
        limit = time.monotonic() + PATIENCE
        while time.monotonic() < limit:
            found = look()
            if found is not None:
                return found
            time.sleep(0.05)
        raise PlayError(sentence)


def acknowledge(stage: Stage, address: str, language: str) -> None:
    """A mission acknowledges receipt."""
    path = stage.link(address, "m")
    with stage.visitor(language) as visitor:
        page = visitor.open(f"{path}/acknowledge?lang={visitor.language}")
        visitor.send(page, "/acknowledge")


def forward(stage: Stage, address: str, language: str, bodies: Sequence[Body], *, direct: Sequence[str] = ()) -> None:
    """A mission forwards to bodies, three at a time; those whose address is in `direct` may reply directly."""
    path = stage.link(address, "m")
    with stage.visitor(language) as visitor:
        for start in range(0, len(bodies), 3):
            page = visitor.open(f"{path}/forward?lang={visitor.language}")
            values: dict[str, str] = {}
            for place, body in enumerate(bodies[start : start + 3]):
                values |= {
                    f"bodies-{place}-name": body.name,
                    f"bodies-{place}-kind": body.kind,
                    f"bodies-{place}-sector": body.sector,
                    f"bodies-{place}-email": body.email,
                    f"bodies-{place}-language": body.language,
                    f"bodies-{place}-route": "direct" if body.email in direct else "through_mission",
                }
            visitor.send(page, "/forward", values, button=("do", "forward"))


def begin_own(stage: Stage, address: str, body: Body) -> None:
    """A mission passed its link on by its own mail program; a body that got it so begins an answer of its own."""
    path = stage.link(address, "p")
    with stage.visitor(body.language) as visitor:
        page = visitor.open(f"{path}?lang={visitor.language}")
        form = page.form(path)
        values = fill(form, visitor.language, stage.chance(body.email))
        values |= {"name": body.name, "kind": body.kind, "email": body.email, "language": body.language}
        if "sector" in form.fields:
            values["sector"] = body.sector
        visitor.send(page, path, values)


def answer(stage: Stage, address: str, language: str, *, code_to: str | None = None, parts: int | None = None) -> None:
    """An institution answers at its link and submits, or hands its part to its mission; `parts` stops after so many, leaving a draft.

    `code_to`: a mission answers for its State, so a code is mailed to this address before it binds.
    """
    path = stage.link(address, "m" if code_to else "a")
    kind = "mission" if code_to else _KINDS.get(address, "ministry")
    chance = stage.chance(address)
    with stage.visitor(language) as visitor:
        if code_to:
            path = visitor.open(f"{path}?lang={visitor.language}").link("/a/")
        page = visitor.open(f"{path}?lang={visitor.language}")
        if page.has_form("/begin"):
            page = visitor.send(page, "/begin")
        number = 1
        while f"/parts/{number}" in page.url:
            page = _fill_part(chance, visitor, page, number, kind)
            if parts is not None and number >= parts:
                return
            number += 1
        review = page if page.url.split("?")[0].endswith("/review") else visitor.open(f"{path}/review")
        values = {"publication": chance.choice(("publish", "without_names", "do_not_publish"))}
        if code_to:
            _confirmed_by_code(stage, visitor, review, "/submit", code_to, values)
        else:
            visitor.send(review, "/submit", values)


def _fill_part(chance: random.Random, visitor: Visitor, page: Page, number: int, kind: str) -> Page:
    """Fill in a part and go on; half of those who share a practice describe a second one, and some give a document."""
    action = f"/parts/{number}"
    values, files = fill(page.form(action), visitor.language, chance, kind), None
    if f"q-{PRACTICE}.1.practice_title" in values and values.get("q-practice") in ("yes", "partly"):
        if chance.random() < 0.5:
            page = visitor.send(page, action, values, button=("add", PRACTICE))
            values = fill(page.form(action), visitor.language, chance, kind) | {"q-practice": values["q-practice"]}
        if chance.random() < 0.3:
            files = {"q-document": (DOCUMENT, word_file(INVENTED[visitor.language]), WORD)}
    return visitor.send(page, action, values, files, button=("do", "continue"))


def transmit_part(stage: Stage, address: str, language: str) -> None:
    """A mission reads the part that waits for it, and transmits it with the code that is mailed to it."""
    path = stage.link(address, "m")
    with stage.visitor(language) as visitor:
        page = visitor.open(visitor.open(f"{path}?lang={visitor.language}").link("/parts/"))
        _confirmed_by_code(stage, visitor, page, page.path, address)


def return_part(stage: Stage, address: str, language: str, reason: str) -> None:
    """A mission returns the part that waits for it, with a reason."""
    path = stage.link(address, "m")
    with stage.visitor(language) as visitor:
        page = visitor.open(visitor.open(f"{path}?lang={visitor.language}").link("/parts/"))
        visitor.send(page, "/return", {"reason": reason})


def expect_none(stage: Stage, address: str, language: str) -> None:
    """A mission says that no submission is expected, with the code that is mailed to it."""
    path = stage.link(address, "m")
    with stage.visitor(language) as visitor:
        page = visitor.open(f"{path}/no-submission?lang={visitor.language}")
        _confirmed_by_code(stage, visitor, page, page.path, address)


def ask_for_time(stage: Stage, address: str, language: str, until: date, reason: str) -> None:
    """A mission asks for a later deadline."""
    path = stage.link(address, "m")
    with stage.visitor(language) as visitor:
        page = visitor.open(f"{path}/more-time?lang={visitor.language}")
        visitor.send(page, page.path, {"until": until.isoformat(), "reason": reason})


def write_back(stage: Stage, address: str, write: Callable[[Caught], bytes], *, by_its_server: bool = False) -> None:
    """Whoever got the newest letter at an address writes to where it asks for replies; its server to where it came from."""
    letter = stage.mail(address, 0)
    if by_its_server:
        stage.post("", letter.sender, write(letter))
    else:
        stage.post(address, parseaddr(str(letter.message["Reply-To"]))[1], write(letter))


def _confirmed_by_code(
    stage: Stage, visitor: Visitor, page: Page, action: str, address: str, values: dict[str, str] | None = None
) -> Page:
    """Ask for the code of an act that binds, wait for its mail, and confirm with it."""
    before = stage.mailboxes.count(address)
    page = visitor.send(page, action, values, button=("do", "send"))
    code = stage.code(address, before)
    return visitor.send(page, action, {**(values or {}), "code": code}, button=("do", "confirm"))
