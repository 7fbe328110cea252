"""Somebody who has a keyboard and nothing else, and sees where they are."""

from playwright.sync_api import Locator, Page, TimeoutError, expect

FAR = 500
"""More steps of the Tab key than any page has."""

DRAWN = 60_000
"""Milliseconds within which a page just opened draws its focus; a busy machine is late with it."""

_HERE = """() => {
  const here = document.activeElement, look = getComputedStyle(here), box = here.getBoundingClientRect();
  const outline = look.outlineStyle !== "none" && parseFloat(look.outlineWidth) >= 2;
  const seen = box.width > 1 && box.height > 1 && box.bottom > 0 && box.top < innerHeight;
  return {what: here.outerHTML.slice(0, 160), body: here === document.body, good: outline && seen};
}"""


class Keyboard:
    """Goes through a page by the Tab key; each place on the way must be seen and outlined."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def press(self, key: str) -> None:
        """Press a key."""
        self._page.keyboard.press(key)

    def types(self, text: str) -> None:
        """Type where the focus is."""
        self._page.keyboard.type(text)

    def skip_to_the_content(self) -> None:
        """The first stop of a page leads past its top."""
        self._wait_for_the_page()
        self.press("Tab")
        expect(self._page.locator("a.skip")).to_be_focused()
        self._is_seen()
        self.press("Enter")
        expect(self._page.locator("main")).to_be_focused()

    def goes_to(self, target: Locator) -> None:
        """Press Tab until the target has the focus."""
        expect(target).to_be_visible()
        self._wait_for_the_page()
        for _step in range(FAR):
            self.press("Tab")
            if self._is_seen() and target.evaluate("target => target === document.activeElement"):
                return
        raise AssertionError(f"the Tab key does not lead to {target}")

    def _wait_for_the_page(self) -> None:
        """A page's words are there before its stylesheet; an outline is only there with it."""
        self._page.wait_for_load_state("load")

    def _is_seen(self) -> bool:
        """Whether the focus is on the page; fails where it can't be seen there, once the browser has drawn it."""
        here = self._page.evaluate(_HERE)
        if not here["body"] and not here["good"]:
            try:
                self._page.wait_for_function(f"() => ({_HERE})().good", timeout=DRAWN)
            except TimeoutError:
                raise AssertionError(f"can't be seen with the focus on it: {here['what']}") from None
        return not here["body"]
