"""The fixed scenes of the rehearsal, played in a browser; each says what the board showed before and after. Pictures: var/journeys/."""

import re
from datetime import date, datetime
from datetime import time as hour
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from outreach import clock
from outreach.rehearsal import acts
from outreach.rehearsal.answers import INVENTED
from outreach.rehearsal.bodies import UNION, UNIVERSITY, Body, ministry
from outreach.rehearsal.company import Company
from outreach.rehearsal.days import ZONE
from outreach.rehearsal.replies import word_file
from outreach.rehearsal.scenes import (
    A_UNION,
    BY_MAIL,
    DIRECTLY,
    MORE_TIME,
    PASSED_ON,
    THROUGH_MISSION,
    TOO_LATE,
    TWO_MISSIONS,
)
from tests.journeys import thunderbird
from tests.journeys.conftest import NARROW, SitsDown
from tests.journeys.pages import free_missions
from tests.journeys.person import Person, Staff, changes

pytestmark = pytest.mark.browser

WITH_THE_MISSION = (
    "The Mission reads it, and transmits it to the Secretariat or returns it with its remarks. "
    "You are told by mail; the Secretariat has not seen it."
)


def go_on_to(company: Company, day: date, at: hour = hour(9, 30)) -> None:
    """The calendar of the world moves on to a day at an hour in Geneva, never back."""
    if clock.now() < datetime.combine(day, at, ZoneInfo(ZONE)):
        company.days.begin(day, at)


def letters(company: Company, *addresses: str) -> list[int]:
    """How many mails each address has received."""
    return [company.stage.mailboxes.count(address) for address in addresses]


def forwards(mission: Person, mailbox: str, body: Body, *, directly: bool = False) -> None:
    """The mission forwards to one body, with the form of its page."""
    mission.opens_mail(mailbox, "m")
    mission.follows("Forward to ministries or bodies")
    first = mission.page.locator("#body-1")
    mission.types("Name of the ministry or body", body.name, within=first)
    mission.types("E-mail address", body.email, within=first)
    mission.selects("What it is", body.kind, within=first)
    mission.selects("Language of the letter", body.language, within=first)
    if directly:
        mission.chooses("Directly to the Secretariat: its reply is counted apart from that of the State", within=first)


def test_geneva_and_new_york_both_answer_and_are_one_state(company: Company, sits_down: SitsDown, desk: Staff) -> None:
    geneva, new_york = (company.world.mission(TWO_MISSIONS, seat) for seat in ("geneva", "new_york"))
    before = desk.figures("Jordan")
    assert "received" not in desk.row("Jordan")

    first = sits_down("ar", width=NARROW)
    first.opens_mail(geneva.email, "m")
    first.keeps("1-two-missions-1-note-opened")
    first.follows("Answer on behalf of the State")
    first.presses("Begin the answer")
    first.answers(everything=True, picture="1-two-missions-2-geneva")
    first.chooses("Publish it")
    first.keeps("1-two-missions-3-review")
    first.confirms_by_code(geneva.email, "Submit on behalf of the State")
    number = first.receipt_number
    first.keeps("1-two-missions-4-receipt")

    once = desk.figures("Jordan")
    assert changes(before, once) == {"replied": 1, "acknowledged": 1}
    assert "received" in desk.row("Jordan")

    second = sits_down("ar")
    second.opens_mail(new_york.email, "m")
    second.reads(second.words("One reply is counted for the State."))
    second.keeps("1-two-missions-5-new-york-sees-the-other")
    second.follows("Answer on behalf of the State")
    second.presses("Begin the answer")
    second.answers()
    second.chooses("Publish it without names and contacts")
    second.confirms_by_code(new_york.email, "Submit on behalf of the State")
    assert second.receipt_number != number

    assert changes(once, desk.figures("Jordan")) == {}
    desk.opens_board()
    desk.keeps("1-two-missions-6-board")
    desk.opens_state("Jordan")
    desk.keeps("1-two-missions-7-state")


def test_a_ministry_answers_through_its_mission_which_returns_it_once(
    company: Company, sits_down: SitsDown, desk: Staff
) -> None:
    mailbox, health = company.world.mission(THROUGH_MISSION).email, ministry(THROUGH_MISSION, "health", "ru")
    reason = "Просьба указать источник данных в ответе 2.d."
    before = desk.figures("Kazakhstan")

    mission = sits_down("ru")
    forwards(mission, mailbox, health)
    mission.keeps("2-through-mission-1-forward")
    mission.presses("Forward")
    mission.reads(health.name)
    mission.keeps("2-through-mission-2-forwarded")
    forwarded = desk.figures("Kazakhstan")
    assert changes(before, forwarded) == {"acknowledged": 1, "forwarded": 1, "bodies": 1}

    official = sits_down("ru", width=NARROW)
    official.opens_mail(health.email, "a")
    official.keeps("2-through-mission-3-ministry-opens")
    official.presses("Begin the answer")
    assert changes(forwarded, desk.figures("Kazakhstan")) == {"drafting": 1}
    official.answers()
    official.chooses("Do not publish it")
    official.presses("Send to the Permanent Mission")
    official.reads(official.words(WITH_THE_MISSION))
    official.keeps("2-through-mission-4-with-the-mission")
    assert changes(forwarded, desk.figures("Kazakhstan")) == {}
    assert "to be transmitted by the mission" in desk.row("Kazakhstan")

    mission.opens_mail(mailbox, "m")
    mission.follows("Read and transmit")
    mission.keeps("2-through-mission-5-mission-reads")
    mission.types("What should be changed", reason)
    mission.presses("Return it with this reason")
    mission.reads(mission.words("The answer has been returned, with your reason."))

    official.opens_mail(health.email, "a")
    official.reads(reason)
    official.keeps("2-through-mission-6-returned")
    official.follows("Rework the answer")
    official.presses("Save and continue")
    official.page.locator("[inputmode=numeric]").fill("17")
    official.answers()
    official.chooses("Do not publish it")
    official.presses("Send to the Permanent Mission")

    mission.opens_mail(mailbox, "m")
    mission.follows("Read and transmit")
    mission.reads("17")
    mission.confirms_by_code(mailbox, "Transmit to the Secretariat")
    mission.reads(mission.words("The reply has been transmitted to the Secretariat. The receipt has been mailed."))
    mission.keeps("2-through-mission-7-transmitted")

    assert changes(forwarded, desk.figures("Kazakhstan")) == {"replied": 1}
    desk.opens_state("Kazakhstan")
    desk.reads("transmitted by Permanent Mission of Kazakhstan")
    desk.keeps("2-through-mission-8-state")
    official.opens_mail(health.email, "a")
    official.follows("Open the receipt")
    assert official.receipt_number in desk.page.get_by_role("main").inner_text()


def test_a_ministry_that_answers_directly_is_counted_apart(company: Company, sits_down: SitsDown, desk: Staff) -> None:
    mailbox, education = company.world.mission(DIRECTLY).email, ministry(DIRECTLY, "education", "ar")
    mission = sits_down("ar")
    forwards(mission, mailbox, education, directly=True)
    mission.keeps("3-directly-1-forward")
    mission.presses("Forward")
    mission.reads(education.name)
    before = desk.figures("Morocco")

    official = sits_down("ar")
    official.opens_mail(education.email, "a")
    official.presses("Begin the answer")
    official.answers()
    official.keeps("3-directly-2-review")
    official.chooses("Publish it")
    official.presses("Submit to the Secretariat")
    assert official.receipt_number
    official.keeps("3-directly-3-receipt")

    assert changes(before, desk.figures("Morocco")) == {"others": 1}
    assert "1 other submission" in desk.row("Morocco")
    desk.opens_state("Morocco")
    desk.reads("on behalf of a national authority")
    desk.keeps("3-directly-4-state")


def test_a_union_answers_for_itself_and_is_counted_apart(company: Company, sits_down: SitsDown, desk: Staff) -> None:
    mission = sits_down("fr", width=NARROW)
    forwards(mission, company.world.mission(A_UNION).email, UNION, directly=True)
    mission.keeps("4-union-1-forward")
    mission.presses("Forward")
    mission.reads(UNION.name)
    before = desk.figures("Senegal")

    union = sits_down("fr", width=NARROW)
    union.opens_mail(UNION.email, "a")
    union.keeps("4-union-2-opens")
    union.presses("Begin the answer")
    union.answers(picture="4-union-3")
    union.presses("Submit to the Secretariat")
    union.reads(union.words("Please choose how your answer may be published."))
    union.keeps("4-union-4-publication-not-chosen")
    union.chooses("Publish it")
    union.presses("Submit to the Secretariat")
    assert union.receipt_number
    union.keeps("4-union-5-receipt")

    assert changes(before, desk.figures("Senegal")) == {"others": 1}
    desk.page.locator("nav.facts").get_by_role("link", name="other submission").click()
    desk.reads(UNION.name)
    desk.keeps("4-union-6-others")


def test_a_link_that_was_passed_on_begins_an_answer_of_ones_own(
    company: Company, sits_down: SitsDown, desk: Staff
) -> None:
    mailbox = company.world.mission(PASSED_ON).email
    before = desk.figures("Switzerland")

    institute = sits_down("en", width=NARROW)
    institute.opens_mail(mailbox, "p")
    institute.keeps("6-passed-on-1-opens")
    institute.types("Name of your institution", UNIVERSITY.name)
    institute.selects("What it is", UNIVERSITY.kind)
    institute.types("E-mail address of your institution", UNIVERSITY.email)
    institute.presses("Begin the answer")
    institute.reads(UNIVERSITY.name)
    institute.presses("Begin the answer")
    begun = desk.figures("Switzerland")
    assert changes(before, begun) == {"acknowledged": 1, "forwarded": 1, "bodies": 1, "drafting": 1}

    colleague = sits_down("en")
    colleague.opens_mail(UNIVERSITY.email, "a")
    colleague.follows("Go on with the answer")
    colleague.loses_the_line_while_typing("The line is lost")
    colleague.answers()
    colleague.chooses("Publish it")
    colleague.presses("Submit to the Secretariat")
    assert colleague.receipt_number

    assert changes(begun, desk.figures("Switzerland")) == {"drafting": -1, "others": 1}
    mission = sits_down("fr")
    mission.opens_mail(mailbox, "m")
    mission.reads(mission.words("Began by the link that was passed on"))
    mission.keeps("6-passed-on-2-mission-sees")


def test_an_extension_moves_the_deadline_of_one_state(company: Company, sits_down: SitsDown, desk: Staff) -> None:
    go_on_to(company, date(2027, 2, 10))
    posts = [company.world.mission(MORE_TIME, seat).email for seat in ("geneva", "new_york")]
    elsewhere = company.world.mission(TOO_LATE).email
    before = desk.figures("Fiji")

    mission = sits_down("en", width=NARROW)
    mission.opens_mail(posts[0], "m")
    mission.follows("Ask for more time")
    mission.types("Until", "2027-03-12")
    mission.types("Reason", "The ministries concerned meet on 5 March.")
    mission.keeps("8-extension-1-asks")
    mission.presses("Ask for more time")
    mission.reads("The Secretariat has your request.")
    assert changes(before, desk.figures("Fiji")) == {"acknowledged": 1}
    assert "Decide on more time" in desk.row("Fiji")

    received = letters(company, *posts, elsewhere)
    desk.opens_state("Fiji")
    desk.keeps("8-extension-2-state-asks")
    desk.page.get_by_role("navigation").get_by_role("link", name="Deadline and reminders").click()
    # Other States may have asked as well.
    request = desk.page.get_by_role("article").filter(has_text="Fiji")
    grant = request.locator("form").first
    desk.keeps("8-extension-3-request")
    desk.types("Reason", "The ministries concerned meet on 5 March.", within=grant)
    grant.get_by_role("button", name="Grant more time", exact=True).click()
    expect(request).to_have_count(0)
    desk.keeps("8-extension-4-granted")
    company.days.quiet()
    assert letters(company, *posts, elsewhere) == [received[0] + 1, received[1] + 1, received[2]]

    assert changes(before, desk.figures("Fiji")) == {"acknowledged": 1}
    desk.reads("Answers no later than 26 February 2027, 23:59 (Geneva)")
    assert "deadline of this State: 12 March 2027, 23:59 (Geneva)" in desk.row("Fiji")
    desk.opens_board("Norway")
    assert "deadline of this State" not in desk.row("Norway")
    mission.opens_mail(posts[0], "m")
    mission.reads("Please reply no later than 12 March 2027, 23:59 (Geneva)")
    mission.keeps("8-extension-5-new-deadline")
    mission.opens_mail(elsewhere, "m")
    mission.reads("Please reply no later than 26 February 2027, 23:59 (Geneva)")


def test_a_reply_by_mail_with_a_word_file_goes_from_smtp_to_the_board_and_no_reminder_follows(
    company: Company, desk: Staff
) -> None:
    go_on_to(company, date(2027, 2, 11))
    asked = [company.world.mission(BY_MAIL, seat).email for seat in ("geneva", "new_york")]
    silent = free_missions(company, "fr")[-1].email
    before = desk.figures("Brazil")

    answer = word_file("Respuesta del Gobierno", INVENTED["es"])
    acts.write_back(company.stage, asked[0], lambda note: thunderbird.reply(note, asked[0], answer, clock.now()))
    company.days.take_in("Re: Nota verbal")
    desk.opens("/staff/mail")
    desk.keeps("5-by-mail-1-tray")
    desk.follows("Re: Nota verbal de la Secretaría")
    desk.reads("Se adjunta la respuesta del Gobierno.")
    desk.chooses("the State")
    desk.types("Why it is the reply of the State, where it is one", "Nota verbal núm. 17/2027 de la Misión Permanente")
    desk.keeps("5-by-mail-2-record")
    desk.presses("Record the reply")
    desk.reads("The reply was recorded under the number KH-2027-BRA-")
    assert changes(before, desk.figures("Brazil")) == {"acknowledged": 1, "replied": 1}
    assert "received 11 February 2027" in desk.row("Brazil")
    desk.opens_state("Brazil")
    desk.page.get_by_role("link", name=re.compile("^KH-2027-BRA-")).click()
    with desk.page.expect_download() as fetched:
        desk.page.get_by_role("link", name="Respuesta núm. 17.docx").click()
    assert fetched.value.path().read_bytes() == answer
    desk.keeps("5-by-mail-3-submission")

    company.days.quiet()
    received = letters(company, *asked, silent)
    company.days.remind(company.campaign_id, date(2027, 2, 12), hour(9, 5))
    assert letters(company, *asked, silent) == [received[0], received[1], received[2] + 1]


def test_a_reply_after_the_deadline_is_taken_and_marked(company: Company, sits_down: SitsDown, desk: Staff) -> None:
    go_on_to(company, date(2027, 2, 28))
    mailbox = company.world.mission(TOO_LATE).email
    before = desk.figures("Norway")

    mission = sits_down("en")
    mission.opens_mail(mailbox, "m")
    mission.reads("The deadline has passed; what is sent now is marked “received after the deadline”.")
    mission.keeps("7-late-1-note-opened")
    mission.follows("Answer on behalf of the State")
    mission.presses("Begin the answer")
    mission.answers()
    mission.chooses("Publish it")
    mission.confirms_by_code(mailbox, "Submit on behalf of the State")
    mission.reads("It was received after the deadline, and is marked so.")
    mission.keeps("7-late-2-receipt")

    assert changes(before, desk.figures("Norway")) == {"acknowledged": 1, "replied": 1, "late": 1}
    assert re.search(r"received after the deadline, 28 February 2027", desk.row("Norway"))
