"""Somebody at a browser: opens the links of a mailbox, reads, clicks, types, and keeps pictures of what there was to see."""

import re
from urllib.parse import urlencode

from playwright.sync_api import Locator, Page, expect

from outreach import i18n
from outreach.identity import service as identity
from outreach.paths import var_dir
from outreach.rehearsal.answers import INVENTED, MAILBOX
from outreach.rehearsal.company import CODE, Company
from outreach.rehearsal.secretariat import MANAGER

PICTURES = var_dir() / "journeys"


class Person:
    """One person at one browser, who reads in one language. Words of the interface are given in English, and looked for in that language."""

    def __init__(self, page: Page, company: Company, language: str) -> None:
        self.page = page
        self.company = company
        self.language = language

    def words(self, english: str, **values: object) -> str:
        """What the interface says for an English text."""
        with i18n.speaking(self.language):
            return i18n._(english, **values)

    def opens(self, address: str) -> None:
        """Open an address (whole, or a path) in this person's language."""
        self.page.goto(f"{address}{'&' if '?' in address else '?'}lang={self.language}")

    def opens_mail(self, mailbox: str, kind: str) -> None:
        """Open the newest link of a kind ("m", "p" or "a") that a mailbox received."""
        self.opens(self.company.stage.link(mailbox, kind))

    def follows(self, english: str) -> None:
        """Click the link that is called so."""
        self.page.get_by_role("link", name=self.words(english), exact=True).first.click()

    def presses(self, english: str) -> None:
        """Click the button that is called so."""
        self.page.get_by_role("button", name=self.words(english), exact=True).click()

    def types(self, english: str, text: str, *, within: Locator | None = None) -> None:
        """Type into the field that is called so; an optional one says so after its name."""
        name = re.compile("^" + re.escape(self.words(english)))
        (within or self.page).get_by_label(name).fill(text)

    def selects(self, english: str, value: str, *, within: Locator | None = None) -> None:
        """Choose from the list that is called so."""
        name = re.compile("^" + re.escape(self.words(english)))
        (within or self.page).get_by_label(name).select_option(value)

    def chooses(self, english: str, *, within: Locator | None = None) -> None:
        """Click the option that is called so."""
        (within or self.page).get_by_text(self.words(english), exact=True).click()

    def reads(self, text: str | re.Pattern[str]) -> None:
        """See the text on the page."""
        expect(self.page.get_by_role("main")).to_contain_text(text)

    def keeps(self, step: str) -> None:
        """Keep a picture of the whole page: var/journeys/STEP.png."""
        self.page.screenshot(path=PICTURES / f"{step}.png", full_page=True)

    # An answer, part by part

    def answers(self, *, everything: bool = False, picture: str | None = None) -> None:
        """From the first part to the review: what must be answered, or everything; with a picture of each part."""
        number = 1
        expect(self.page).to_have_url(re.compile(r"/parts/\d+"))
        while re.search(r"/parts/\d+", here := self.page.url):
            self._fills_part(everything)
            if picture:
                self.keeps(f"{picture}-part-{number}")
            self.presses("Save and continue")
            expect(self.page).not_to_have_url(here)
            number += 1
        expect(self.page).to_have_url(re.compile(r"/review$"))

    def loses_the_line_while_typing(self, text: str) -> None:
        """On a part: the page says that nothing is saved, stays when a button is pressed, and saves once the line is back."""
        self.page.wait_for_load_state("load")
        saved = self.page.locator("#saved")
        self.page.context.set_offline(True)
        self.page.locator("form.card input[type=text], form.card input:not([type]), form.card textarea").first.fill(
            text
        )
        self.presses("Save and continue")
        not_saved = "Not saved just now. What you type is kept in this browser, and saving is tried again by itself."
        expect(saved).to_have_text(self.words(not_saved))
        self.page.context.set_offline(False)
        expect(saved).to_have_attribute("data-saved", "yes")

    def _fills_part(self, everything: bool) -> None:
        # The address is that of the part before all its questions are there.
        self.page.wait_for_load_state("load")
        questions = self.page.locator("form.card .field, form.card .matrix tbody tr")
        for question in questions.all() if everything else questions.filter(has=self.page.locator(".optional")).all():
            if not question.is_visible():
                continue
            options = question.locator("input[type=radio], input[type=checkbox]")
            typed = question.locator("textarea, input:not([type=radio], [type=checkbox], [type=file])")
            places = question.locator(".ranks select")
            if options.count():
                options.first.check()
            elif places.count():
                for number, place in enumerate(places.all(), start=1):
                    place.select_option(index=number)
            elif typed.count():
                typed.first.fill(self._invented(typed.first))

    def _invented(self, field: Locator) -> str:
        if field.get_attribute("inputmode"):
            return "12"
        if "mailbox" in (field.get_attribute("name") or ""):
            return MAILBOX
        by_type = {"date": "2024-05-02", "datetime-local": "2027-03-15T10:00"}
        return by_type.get(field.get_attribute("type") or "", INVENTED[self.language])

    def confirms_by_code(self, mailbox: str, english: str) -> None:
        """Have the code mailed to the address on file, read it there, type it, and press the button that binds."""
        before = self.company.stage.mailboxes.count(mailbox)
        self.presses("Mail me the code")
        self.types("Code from the mail", self.company.stage.code(mailbox, before))
        self.presses(english)

    @property
    def receipt_number(self) -> str:
        """The number on the receipt that is shown."""
        expect(self.page).to_have_url(re.compile(r"/receipt$"))
        return self.page.locator("main bdi", has_text=re.compile(rf"^{CODE}")).first.inner_text()


class Staff(Person):
    """A member of staff, who signs in by a link that works once."""

    @classmethod
    def of(cls, person: Person) -> "Staff":
        """The person at this browser, as a member of staff."""
        return cls(person.page, person.company, person.language)

    def signs_in(self, email: str = MANAGER) -> None:
        """Open the link and press its one button."""
        with self.company.database.read() as session:
            member = next(one for one in identity.all_staff(session) if one.email == email)
            token = identity.entry_token(member)
        self.opens(f"/staff/enter/{token}")
        self.page.get_by_role("main").get_by_role("button").click()
        expect(self.page).to_have_url(re.compile(r"/staff/$"))

    def opens_board(self, find: str = "") -> None:
        """Open the board of the sample call, with all States or those that were looked for."""
        self.opens(f"/staff/campaigns/{CODE}?{urlencode({'q': find})}")

    def opens_state(self, name: str) -> None:
        """From the board to the page of a State."""
        self.opens_board(name)
        self.page.locator("#states").get_by_role("link", name=name, exact=True).click()

    def figures(self, state: str) -> dict[str, int]:
        """The figures above the board, by what they show; below them stands the line of the State.

        "bodies" are those forwarded to, "others" the submissions counted apart.
        """
        self.opens_board(state)
        found: dict[str, int] = {}
        for figure in self.page.locator("nav.facts a").all():
            address = figure.get_attribute("href") or ""
            shown = re.search(r"show=(\w+)", address)
            name = shown.group(1) if shown else "others" if "/others" in address else "asked"
            found[name] = int(figure.locator("b").inner_text())
            if name == "forwarded":
                found["bodies"] = int(re.search(r"\d+", figure.locator("span").inner_text()).group())  # type: ignore[union-attr]
        return found

    def row(self, name: str) -> str:
        """The line of the State, on the board that is open."""
        link = self.page.locator("#states tr").filter(has=self.page.get_by_role("link", name=name, exact=True))
        return " ".join(link.inner_text().split())


def changes(before: dict[str, int], after: dict[str, int]) -> dict[str, int]:
    """By how much each figure changed; those that did not are left out."""
    return {name: after[name] - before[name] for name in after if after[name] != before[name]}
