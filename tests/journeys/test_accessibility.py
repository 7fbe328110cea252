"""Every page for everybody: nothing serious for axe, no sideways scrolling on a telephone, languages marked, keyboard alone, no scripts."""

import re
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, expect

from outreach import config
from outreach.app import create_app
from outreach.rehearsal.bodies import ministry
from outreach.rehearsal.company import CODE, Company
from outreach.rehearsal.secretariat import ADMINISTRATOR
from tests.journeys import axe
from tests.journeys.conftest import HEIGHT, NARROW, WIDE, SitsDown, new_person
from tests.journeys.keyboard import Keyboard
from tests.journeys.pages import NO_PAGES, PAGES, STRANGERS, free_missions, furnish
from tests.journeys.person import Staff

pytestmark = pytest.mark.browser


@dataclass
class Readers:
    """Two browsers for all pages, and what fills the gaps of their addresses."""

    stranger: Page
    administrator: Page
    gaps: dict[str, str]

    def open(self, address: str, language: str, width: int) -> Page:
        """Open an address as its reader does, in a language, at a width."""
        for_staff = address.startswith("/staff/") and not address.startswith(STRANGERS)
        page = self.administrator if for_staff else self.stranger
        page.set_viewport_size({"width": width, "height": HEIGHT})
        address = address.format(**self.gaps)
        address += f"{'&' if '?' in address else '?'}lang={language}"
        if is_letter(address):
            # It is shown in a frame in which no script runs, so not even axe.
            answer = page.request.get(address)
            page.set_content(answer.text())
        else:
            answer = page.goto(address)
        assert answer and (answer.ok or address.startswith("/c?")), address
        return page


def is_letter(address: str) -> bool:
    """Whether the address is that of a letter alone, which is in its own language."""
    return address.split("?")[0].endswith("/body")


@pytest.fixture(scope="module")
def readers(chromium: Browser, company: Company) -> Readers:
    """Somebody without an account, and an administrator who has signed in."""
    gaps = furnish(company)
    administrator = Staff.of(new_person(chromium, company, "en"))
    administrator.signs_in(ADMINISTRATOR)
    return Readers(new_person(chromium, company, "en").page, administrator.page, gaps)


def test_every_page_is_in_the_list(company: Company, readers: Readers) -> None:
    routes = create_app(config.settings(), company.database).url_map
    match = routes.bind("localhost").match
    listed = {match(page.format(**readers.gaps).split("?")[0])[0] for page in PAGES}
    reachable = {rule.endpoint for rule in routes.iter_rules() if "GET" in (rule.methods or ())}
    assert listed | set(NO_PAGES) == reachable
    assert not listed & set(NO_PAGES)


def test_the_checks_find_what_they_look_for(chromium: Browser) -> None:
    page = chromium.new_page(viewport={"width": NARROW, "height": HEIGHT})
    page.set_content(
        "<html lang=en><main><img src=none><p>Здравствуйте</p><table><td>" + "wide" * 200 + "</table></main>"
    )
    assert [found.split()[0] for found in axe.violations(page)] == ["document-title", "image-alt"]
    assert axe.unmarked(page) == ["Здравствуйте"]
    assert axe.too_wide(page)
    page.close()


@pytest.mark.parametrize("address", PAGES)
def test_a_page_is_for_everybody(readers: Readers, address: str) -> None:
    # From right to left every second one, and the contrasts of the others: such faults lie in rules that many pages share.
    turned = bool(list(PAGES).index(address) % 2)
    for language, width in (("en", WIDE), ("ar", NARROW))[: 1 + turned]:
        page = readers.open(address, language, width)
        if not is_letter(address):
            assert axe.spoken(page) == axe.should_speak(language)
            assert axe.unmarked(page) == [], language
        if language == "en":
            # Roles, names and colours are the same in all languages.
            assert axe.violations(page, colours=not turned) == []
        page.set_viewport_size({"width": NARROW, "height": HEIGHT})
        assert axe.too_wide(page) == [], language


@pytest.mark.parametrize(
    ("address", "button"),
    [
        ("/p/{pass_on}", "Begin the answer"),
        ("/m/{mission}/forward", "Forward"),
        ("/m/{mission}/more-time", "Ask for more time"),
        ("/m/{mission}/address", "Mail me the code"),
        ("/m/{mission}/parts/{part}", "Return it with this reason"),
        ("/m/{mission}/bodies/{refused}/address", "Send the letter to this address"),
        ("/staff/login", "Sign in"),
        ("/staff/accounts/new", "Open the account"),
        ("/staff/directory/institutions/new", "Add the institution"),
        ("/staff/campaigns/new", "Create the call for input"),
        (f"/staff/campaigns/{CODE}/deadline", "See what this sends"),
        (f"/staff/campaigns/{CODE}/record?state={{state}}", "Record the reply"),
    ],
)
def test_a_form_that_comes_back_is_for_everybody(readers: Readers, address: str, button: str) -> None:
    page = readers.open(address, "en", NARROW)
    # Sent empty: what a browser would ask for before it sends is asked by the service too.
    page.evaluate("() => [...document.forms].forEach((form) => { form.noValidate = true; })")
    with page.expect_response(lambda answer: answer.request.method == "POST") as answered:
        page.get_by_role("main").get_by_role("button", name=button, exact=True).click()
    assert answered.value.status in (200, 422)
    expect(page.locator("main .fault, main [role=alert]").first).to_be_visible()
    assert axe.violations(page) == []
    assert axe.too_wide(page) == []


def test_a_mission_forwards_by_keyboard_alone(company: Company, sits_down: SitsDown) -> None:
    mission = sits_down("zh")
    address = free_missions(company, "zh")[0].email
    body = ministry("CHN", "health", "zh")
    mission.opens_mail(address, "m")
    keys = Keyboard(mission.page)
    keys.skip_to_the_content()
    keys.goes_to(mission.page.get_by_role("link", name=mission.words("Forward to ministries or bodies"), exact=True))
    keys.press("Enter")
    expect(mission.page).to_have_url(re.compile("/forward"))
    first = mission.page.locator("#body-1")
    keys.goes_to(first.get_by_label(mission.words("Name of the ministry or body")))
    keys.types(body.name)
    keys.goes_to(first.get_by_label(mission.words("E-mail address")))
    keys.types(body.email)
    # The arrow keys choose between the two ways to reply.
    keys.goes_to(first.locator("input[type=radio]").first)
    keys.press("ArrowDown")
    expect(first.locator("input[type=radio]").last).to_be_checked()
    keys.goes_to(mission.page.get_by_role("button", name=mission.words("Forward"), exact=True))
    keys.press("Enter")
    mission.reads(body.name)


def test_a_ministry_answers_by_keyboard_alone(readers: Readers) -> None:
    page = readers.open("/a/{untouched}", "en", WIDE)
    keys = Keyboard(page)
    keys.goes_to(page.get_by_role("button", name="Begin the answer"))
    keys.press("Enter")
    expect(page).to_have_url(re.compile(r"/parts/1$"))
    keys.skip_to_the_content()
    keys.goes_to(page.locator("form.card input:not([type])").first)
    keys.types("Department of Social Policy")
    keys.goes_to(page.locator("form.card input[type=checkbox]").nth(1))
    keys.press("Space")
    keys.goes_to(page.get_by_role("button", name="Save and continue"))
    keys.press("Enter")
    expect(page).to_have_url(re.compile(r"/parts/2$"))
    keys.goes_to(page.locator("form.card input[type=radio]").first)
    keys.press("Space")
    keys.goes_to(page.locator("form.card textarea").first)
    keys.types("A plan until 2030.")
    # The Enter key in a field saves, and neither goes on nor removes a file.
    keys.goes_to(page.locator("form.card [inputmode=numeric]"))
    keys.types("17")
    keys.press("Enter")
    expect(page.get_by_role("status")).to_have_text("Saved.")
    expect(page).to_have_url(re.compile(r"/parts/2$"))
    expect(page.locator("form.card textarea").first).to_have_value("A plan until 2030.")
    expect(page.locator("form.card input[type=radio]").first).to_be_checked()


def test_staff_open_a_state_from_the_board_by_keyboard_alone(readers: Readers) -> None:
    page = readers.open("/staff/", "en", WIDE)
    keys = Keyboard(page)
    keys.skip_to_the_content()
    keys.goes_to(page.locator(f"main table a[href$='/campaigns/{CODE}']"))
    keys.press("Enter")
    expect(page).to_have_url(re.compile(f"/campaigns/{CODE}$"))
    keys.skip_to_the_content()
    keys.goes_to(page.get_by_role("searchbox"))
    keys.types("Kazakhstan")
    keys.press("Enter")
    expect(page.locator("#states tbody tr:not(.group)")).to_have_count(1)
    keys.goes_to(page.locator("#states td a").first)
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Kazakhstan")
    keys.goes_to(page.locator("#asked ~ ul summary").first)
    keys.press("Space")
    expect(page.locator("#asked ~ ul details").first).to_have_attribute("open", "")


def test_everything_works_without_scripts(company: Company, sits_down: SitsDown) -> None:
    spanish = free_missions(company, "es")[0]
    body = ministry(spanish.state, "justice", "es")
    mission = sits_down("es", width=NARROW, scripts=False)
    mission.opens_mail(spanish.email, "m")
    mission.presses("Acknowledge receipt")
    mission.reads(mission.words("Thank you. The Secretariat sees that the receipt was acknowledged."))
    mission.follows("Forward to ministries or bodies")
    first = mission.page.locator("#body-1")
    mission.types("Name of the ministry or body", body.name, within=first)
    mission.types("E-mail address", body.email, within=first)
    mission.presses("Forward")
    mission.reads(body.name)

    official = sits_down("es", width=NARROW, scripts=False)
    official.opens_mail(body.email, "a")
    # A button to copy or to print would do nothing here.
    expect(official.page.locator("[hidden]").locator("visible=true")).to_have_count(0)
    official.presses("Begin the answer")
    official.answers()
    official.chooses("Publish it")
    official.presses("Send to the Permanent Mission")

    mission.opens_mail(spanish.email, "m")
    mission.follows("Read and transmit")
    mission.confirms_by_code(spanish.email, "Transmit to the Secretariat")
    mission.reads(mission.words("The reply has been transmitted to the Secretariat. The receipt has been mailed."))

    staff = Staff.of(sits_down("es", scripts=False))
    staff.signs_in()
    staff.opens_board()
    staff.page.locator(f"#states a[href$='/states/{spanish.state}']").first.click()
    staff.reads(staff.words("reply of the State"))
