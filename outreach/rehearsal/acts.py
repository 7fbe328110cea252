"""What the world's people do, through the pages and by mail; each act begins at a link that came in a letter."""

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from outreach.rehearsal.bodies import Body
from outreach.rehearsal.mail import Mailboxes
from outreach.rehearsal.visitor import Page, PlayError, Visitor

PATIENCE = 60.0
"""Seconds of real time that an act waits for a letter."""


@dataclass
class Stage:
    """Where the play happens: the service's address, the mailboxes, and chance."""

    base_url: str
    mailboxes: Mailboxes
    chance: random.Random

    def visitor(self, language: str) -> Visitor:
        """A person who reads in a language."""
        return Visitor(self.base_url, language if language else "en")

    def link(self, address: str, kind: str) -> str:
        """The newest link of a kind that the address received, waited for."""
        return self._await(lambda: self.mailboxes.link(address, kind), f"{address} received no link /{kind}/")

    def code(self, address: str, after: int) -> str:
        """The code that the address receives as more than its first `after` mails."""
        return self._await(lambda: self.mailboxes.code(address, after), f"{address} received no code")

    @staticmethod
    def _await(look: Callable[[], str | None], sentence: str) -> str:
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
        values = visitor.answers(form, stage.chance)
        values |= {"name": body.name, "kind": body.kind, "email": body.email, "language": body.language}
        if "sector" in form.fields:
            values["sector"] = body.sector
        visitor.send(page, path, values)


def answer(
    stage: Stage, address: str, language: str, *, ask_code_of: str | None = None, parts: int | None = None
) -> Page:
    """An institution answers at its link and submits; `parts` stops after so many parts, leaving a draft.

    `ask_code_of`: the address that receives the code for an act that binds the State (a mission's own reply).
    """
    kind = "m" if ask_code_of else "a"
    path = stage.link(address, kind)
    with stage.visitor(language) as visitor:
        if kind == "m":
            path = _answer_link(visitor.open(f"{path}?lang={visitor.language}"))
        page = visitor.open(f"{path}?lang={visitor.language}")
        return _fill(stage, visitor, page, path, ask_code_of, parts)


def _answer_link(page: Page) -> str:
    for element in page.tree.xpath("//a[contains(@href, '/a/')]"):
        return str(element.get("href")).split("?")[0]
    raise PlayError(f"{page.url} leads to no answer: {page.text[:300]}")


def _fill(stage: Stage, visitor: Visitor, page: Page, path: str, ask_code_of: str | None, parts: int | None) -> Page:
    raise PlayError(f"{page.url}: not written yet {path} {ask_code_of} {parts} {stage} {visitor}")
