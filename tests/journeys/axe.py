"""What a page owes to everybody: nothing serious for axe, no scrolling sideways, other languages marked, the right direction."""

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from outreach import i18n

# The letter in a frame is a page of its own, with an address of its own in the list.
_RUN = """async (colours) => (await axe.run({
  resultTypes: ["violations"], iframes: false, preload: false, rules: {"color-contrast": {enabled: colours}}
})).violations"""

_UNMARKED = """(names) => {
  const scripts = {ar: /\\p{Script=Arabic}/u, ru: /\\p{Script=Cyrillic}/u, zh: /\\p{Script=Han}/u};
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    // What people typed stands isolated; nobody knows its language. An option of a list can hold no element.
    // Languages are called by their own names, also within a sentence.
    if (element.closest("script, style, option, bdi, [dir=auto]")) continue;
    const said = element.closest("[lang]").lang;
    const text = names.reduce((rest, name) => rest.replaceAll(name, ""), node.data);
    const wrong = Object.keys(scripts).some((of) => of !== said && scripts[of].test(text));
    const loose = said === "ar" && /\\S@\\S/.test(text) && !element.closest("[dir=ltr], textarea");
    if (wrong || loose) found.push(node.data.trim().slice(0, 80));
  }
  return found;
}"""

_TOO_WIDE = """() => {
  const page = document.scrollingElement;
  if (page.scrollWidth <= innerWidth) return [];
  const beyond = [...document.body.querySelectorAll("*")].filter((one) => {
    const box = one.getBoundingClientRect();
    return box.width && (box.right > innerWidth + 1 || box.left < -1) && !one.closest(".skip");
  });
  return [`${page.scrollWidth} px`, ...beyond.slice(0, 5).map((one) => one.outerHTML.slice(0, 120))];
}"""


def violations(page: Page, *, colours: bool = True) -> list[str]:
    """What axe finds serious or critical: the rule, and where it is broken. `colours` False: without looking at contrasts."""
    page.evaluate(AXE_SCRIPT)
    found: list[dict[str, Any]] = page.evaluate(_RUN, colours)
    return [
        f"{one['id']} ({one['impact']}): {node['html'][:160]}"
        for one in found
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]


def unmarked(page: Page) -> list[str]:
    """Runs of text in another script than their `lang` says, and addresses that Arabic would turn around."""
    found: list[str] = page.evaluate(_UNMARKED, list(i18n.NATIVE_NAMES.values()))
    return found


def too_wide(page: Page) -> list[str]:
    """What makes the page scroll sideways, after by how much."""
    found: list[str] = page.evaluate(_TOO_WIDE)
    return found


def spoken(page: Page) -> tuple[str | None, str | None]:
    """The language and direction that the page says of itself."""
    root = page.locator("html")
    return root.get_attribute("lang"), root.get_attribute("dir")


def should_speak(language: str) -> tuple[str, str]:
    """What it should say."""
    return language, i18n.direction(language)
