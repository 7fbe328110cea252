"""What the campaign writes to whom: register, language, links, names, deadline, attachments; and what became of it."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.campaigns import letters, links, reach
from outreach.campaigns.letters import Recipient
from outreach.campaigns.links import LinkKind
from outreach.campaigns.models import Campaign, Invitation, InvitationFact, Origin, ReplyRoute
from outreach.campaigns.stages import FactKind, Stage
from outreach.correspondence import queries
from outreach.correspondence.delivery import Outcome
from outreach.correspondence.models import Edition, Letter, LetterKind, LetterState, Register
from outreach.correspondence.queries import ShownLetter
from outreach.directory.models import Contact, Institution, InstitutionKind, Seat, State
from outreach.storage import Storage
from tests import factories
from tests.factories import DEADLINE, NOW

pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture
def campaign(session: Session, storage: Storage) -> Campaign:
    return factories.campaign(session, storage=storage)


@pytest.fixture
def mission(session: Session, campaign: Campaign) -> Invitation:
    return factories.invitation(session, campaign, factories.mission(session, language="en"))


def _sent(
    session: Session, invitation: Invitation, kind: LetterKind = LetterKind.INVITATION, **more: object
) -> ShownLetter:
    with clock.stopped_at(NOW):
        ids = letters.queue_for(session, invitation, kind, f"test {uuid.uuid4()}", **more)  # type: ignore[arg-type]
    (letter_id,) = ids
    return queries.shown(session, letter_id)


def _flat(text: str) -> str:
    return " ".join(text.split())


def test_a_mission_gets_the_note_in_the_third_person_with_both_links_and_both_files(
    session: Session, mission: Invitation
) -> None:
    letter = _sent(session, mission)
    text = _flat(letter.text)
    assert letter.subject == "Note verbale OESCR/KH/2027-17: Knowledge hub: needs and expectations"
    assert text.startswith("Permanent Mission of Kazakhstan to the United Nations Office at Geneva ")
    assert (
        "The Secretariat presents its compliments to the Permanent Mission of Kazakhstan and has the honour to transmit "
        "herewith note verbale OESCR/KH/2027-17 dated 12 January 2027, entitled “Knowledge hub: needs and expectations”"
    ) in text
    assert "The Office has the honour to transmit its note (en). - health; - education." in text
    assert "no later than 26 February 2027, 23:59 (Geneva)." in text
    assert links.address(LinkKind.MISSION, mission.id, "en") in letter.text.split("\n")
    assert links.address(LinkKind.PASS_ON, mission.id, "en") in letter.text.split("\n")
    assert "/a/" not in letter.text
    assert "renew to the Permanent Mission of Kazakhstan the assurances of its highest consideration." in text
    assert [file.filename for file in letter.attachments] == ["note.en.pdf", "annex.en.pdf"]


def test_an_observer_mission_and_a_foreign_ministry_are_called_what_they_are(
    session: Session, campaign: Campaign
) -> None:
    observer = factories.mission(
        session,
        "VAT",
        kind=InstitutionKind.PERMANENT_OBSERVER_MISSION,
        language="en",
        email="mission.vat@geneva.example",
    )
    text = _flat(_sent(session, factories.invitation(session, campaign, observer)).text)
    assert "to the Permanent Observer Mission of the Holy See and has the honour" in text
    ministry = factories.institution(
        session, InstitutionKind.FOREIGN_MINISTRY, language="en", email="mfa@capital.example", name="Foreign Ministry"
    )
    text = _flat(_sent(session, factories.invitation(session, campaign, ministry)).text)
    assert "presents its compliments to the Ministry and has the honour" in text
    assert "This link acts for the Ministry" in text


def test_all_others_get_a_letter_with_one_link_and_the_salutation_on_record(
    session: Session, campaign: Campaign
) -> None:
    university = factories.institution(session, InstitutionKind.UNIVERSITY, language="en")
    factories.contact(session, university, "rector@university.example", salutation="Dear Rector,")
    letter = _sent(session, factories.invitation(session, campaign, university))
    text = _flat(letter.text)
    assert letter.subject == "Call for input: Knowledge hub: needs and expectations"
    assert "Dear Rector, The Secretariat has the honour to invite your institution" in text
    assert "The Office would be grateful for an answer (en)." in text
    assert [part for part in ("/m/", "/p/", "/a/") if part in letter.text] == ["/a/"]
    assert "compliments" not in text
    assert [file.filename for file in letter.attachments] == ["annex.en.pdf"]


@pytest.mark.parametrize("kind", list(InstitutionKind))
def test_notes_go_to_missions_and_foreign_ministries_alone(kind: InstitutionKind) -> None:
    of_note = {"permanent_mission", "permanent_observer_mission", "foreign_ministry"}
    assert (letters.register_of(kind) is Register.NOTE) == (kind.value in of_note)


def test_the_language_is_the_contacts_else_the_institutions_else_the_states_else_both(
    session: Session, campaign: Campaign
) -> None:
    body = factories.mission(session, email="first@geneva.example")
    factories.contact(session, body, "second@geneva.example", language="ar")
    invitation = factories.invitation(session, campaign, body)

    def languages(occasion: str) -> dict[str, str]:
        session.flush()
        with clock.stopped_at(NOW):
            ids = letters.queue_for(session, invitation, LetterKind.INVITATION, occasion)
        return {line.to_address: line.language for line in (queries.letter(session, one) for one in ids)}

    assert languages("1") == {"first@geneva.example": "en+fr", "second@geneva.example": "ar"}
    session.get_one(State, "KAZ").language = "ru"
    assert languages("2") == {"first@geneva.example": "ru", "second@geneva.example": "ar"}
    body.language = "zh"
    assert languages("3") == {"first@geneva.example": "zh", "second@geneva.example": "ar"}


def test_english_and_french_name_the_mission_and_carry_the_files_of_both(session: Session, campaign: Campaign) -> None:
    letter = _sent(session, factories.invitation(session, campaign, factories.mission(session)))
    text = _flat(letter.text)
    assert text.index("Permanent Mission of Kazakhstan") < text.index("Mission permanente du Kazakhstan")
    assert "26 February 2027, 23:59 (Geneva)" in text
    assert "26 février 2027, 23 h 59 (Genève)" in text
    assert "?lang=fr" in letter.text
    assert [file.filename for file in letter.attachments] == [
        "note.en.pdf", "annex.en.pdf", "note.fr.pdf", "annex.fr.pdf",
    ]  # fmt: skip


def test_the_deadline_is_the_one_that_holds_for_the_state(
    session: Session, campaign: Campaign, mission: Invitation
) -> None:
    factories.extension(session, campaign, datetime(2027, 3, 31, 21, 59, tzinfo=UTC), state_code="KAZ")
    assert "31 March 2027, 23:59 (Geneva)" in _sent(session, mission, LetterKind.EXTENSION).text
    other = factories.invitation(session, campaign, factories.mission(session, "TGO", language="en"))
    assert "26 February 2027, 23:59 (Geneva)" in _sent(session, other).text


def test_the_same_occasion_is_written_once_and_nothing_to_refused_or_retired_addresses(
    session: Session, mission: Invitation
) -> None:
    of = session.get_one(Institution, mission.institution_id)
    factories.contact(session, of, "refused@geneva.example", refused_at=NOW)
    factories.contact(session, of, "retired@geneva.example", retired_at=NOW)
    first = letters.queue_for(session, mission, LetterKind.REMINDER, "step-1")
    assert len(first) == 1
    assert letters.queue_for(session, mission, LetterKind.REMINDER, "step-1") == []
    assert len(letters.queue_for(session, mission, LetterKind.REMINDER, "step-2")) == 1


def test_a_reminder_knows_whether_the_deadline_has_passed(session: Session, mission: Invitation) -> None:
    with clock.stopped_at(DEADLINE):
        (before,) = letters.queue_for(session, mission, LetterKind.REMINDER, "step-1")
    with clock.stopped_at(DEADLINE + timedelta(seconds=1)):
        (after,) = letters.queue_for(session, mission, LetterKind.REMINDER, "step-2")
    early, late = (_flat(queries.shown(session, one).text) for one in (before, after))
    assert "wishes to recall that replies are requested no later than 26 February 2027" in early
    assert "The time limit for replies ended on 26 February 2027" in late
    for text in (early, late):
        assert "Kindly disregard this reminder, should a reply have been transmitted in the meantime." in text
        assert "presents its compliments" in text


def test_a_forwarded_letter_says_at_whose_request_quotes_the_words_and_tells_the_way_back(
    session: Session, campaign: Campaign, mission: Invitation
) -> None:
    body = factories.institution(session, language="en", email="office@health.example")
    message = "Please hurry.\n> not ours\n\n[click](https://elsewhere.example) <b>now</b>"
    child = factories.invitation(
        session, campaign, body, parent=mission, reply_route=ReplyRoute.THROUGH_MISSION, message=message
    )
    letter = _sent(session, child, LetterKind.FORWARDED)
    text = _flat(letter.text)
    assert "At the request of the Permanent Mission of Kazakhstan, the Secretariat has the honour" in text
    quoted = letter.text.split("in its own words:\n\n")[1].split("\n\nThe message ends here.")[0]
    assert quoted == "> Please hurry.\n> > not ours\n>\n> [click](https://elsewhere.example) <b>now</b>"
    assert 'href="https://elsewhere.example' not in letter.html
    assert "The reply travels through the Permanent Mission" in text
    direct = factories.institution(session, language="en", email="office@labour.example")
    child = factories.invitation(session, campaign, direct, parent=mission)
    text = _flat(_sent(session, child, LetterKind.FORWARDED).text)
    assert "The reply goes directly to the Secretariat" in text
    assert "in its own words" not in text


def test_who_began_an_answer_by_a_link_that_was_passed_on_gets_its_own_link(
    session: Session, campaign: Campaign, mission: Invitation
) -> None:
    body = factories.institution(session, language="fr", email="office@union.example")
    child = factories.invitation(session, campaign, body, parent=mission, origin=Origin.PASSED_ON)
    letter = _sent(session, child, LetterKind.FORWARDED)
    assert links.address(LinkKind.ANSWER, child.id, "fr") in letter.text
    assert "/m/" not in letter.text
    assert letter.attachments == ()


def test_a_letter_keeps_only_the_values_that_it_shows(session: Session, mission: Invitation) -> None:
    letter = _sent(session, mission, LetterKind.CODE, values={"code": "482913"}, variant="transmit")
    kept = session.get_one(Letter, letter.line.id).merge
    assert set(kept["en"]) == {"recipient", "code"}
    assert "482913" in letter.text
    assert letter.subject.startswith("Code 482913: ")
    assert "a reply is about to be transmitted" in _flat(letter.text)


def test_a_missing_value_is_found_when_the_letter_is_queued(session: Session, mission: Invitation) -> None:
    with pytest.raises(KeyError):
        letters.queue_for(session, mission, LetterKind.CODE, "code-1")


def test_values_are_asked_for_in_each_language_and_recipients_may_be_named(
    session: Session, campaign: Campaign, mission: Invitation
) -> None:
    from outreach.i18n import language as spoken

    asked: list[tuple[str, str]] = []

    def values(language: str) -> dict[str, str]:
        asked.append((language, spoken()))
        return {
            "number": "KH-2027-KAZ-0001", "received": f"[{language}]", "behalf": "State", "version": "1",
            "linkreceipt": "https://outreach.example/receipt", "digest": "0" * 64,
        }  # fmt: skip

    two = [Recipient("one@capital.example", "en+fr"), Recipient("two@capital.example", "ar")]
    with clock.stopped_at(NOW):
        ids = letters.queue_for(
            session, mission, LetterKind.RECEIPT, "version 1", values=values, variant="late", recipients=two
        )
        again = letters.queue_for(
            session, mission, LetterKind.RECEIPT, "version 1", values=values, variant="late", recipients=two
        )
    assert len(ids) == 2
    assert again == []
    assert asked[:3] == [("en", "en"), ("fr", "fr"), ("ar", "ar")]
    assert "[en]" in (text := queries.shown(session, ids[0]).text)
    assert "[fr]" in text


def test_a_launch_renders_each_edition_once(session: Session, campaign: Campaign) -> None:
    for code in ("KAZ", "TGO", "JOR", "PER"):
        letters.queue_for(
            session,
            factories.invitation(session, campaign, factories.mission(session, code)),
            LetterKind.INVITATION,
            "launch",
        )
    assert len(session.scalars(select(Edition)).all()) == 1
    assert len(session.scalars(select(Letter)).all()) == 4


def test_a_preview_keeps_nothing(session: Session, campaign: Campaign) -> None:
    shown = letters.preview(session, campaign, LetterKind.INVITATION, Register.NOTE, "ru")
    assert factories.TITLES["ru"] in shown.subject
    assert session.scalars(select(Edition)).all() == []


# What became of letters.


def _outcome(session: Session, letter: ShownLetter, state: LetterState, at: datetime = NOW) -> Outcome:
    row = session.get_one(Letter, letter.line.id)
    row.state = state
    session.flush()
    return Outcome(row.id, row.invitation_id, row.contact_id, row.kind, state, "5.1.1 no such mailbox", at)


def _facts(session: Session, invitation: Invitation) -> list[FactKind]:
    rows = (
        select(InvitationFact)
        .where(InvitationFact.invitation_id == invitation.id)
        .order_by(InvitationFact.at, InvitationFact.id)
    )
    return [fact.kind for fact in session.scalars(rows)]


def test_an_invitation_that_was_sent_reaches_and_one_that_was_refused_does_not(
    session: Session, campaign: Campaign, mission: Invitation
) -> None:
    reach.letters_settled(session, [_outcome(session, _sent(session, mission), LetterState.SENT)])
    assert (_facts(session, mission), mission.stage) == ([FactKind.LETTER_SENT], Stage.SENT)
    other = factories.invitation(session, campaign, factories.mission(session, seat=Seat.NEW_YORK))
    reach.letters_settled(session, [_outcome(session, _sent(session, other), LetterState.REFUSED)])
    assert (_facts(session, other), other.stage) == ([FactKind.LETTER_REFUSED], Stage.UNDELIVERABLE)
    contact = session.scalars(select(Contact).where(Contact.institution_id == other.institution_id)).one()
    assert contact.refused_words == "5.1.1 no such mailbox"
    assert letters.contacts_of(session, other.institution_id) == []


def test_a_reminder_or_code_says_nothing_of_reach_but_of_the_address(session: Session, mission: Invitation) -> None:
    reminder = _sent(session, mission, LetterKind.REMINDER)
    reach.letters_settled(session, [_outcome(session, reminder, LetterState.REFUSED)])
    assert _facts(session, mission) == []
    assert letters.contacts_of(session, mission.institution_id) == []


def test_one_address_that_took_it_is_enough_whatever_the_order(session: Session, campaign: Campaign) -> None:
    for first, second in ((LetterState.SENT, LetterState.REFUSED), (LetterState.REFUSED, LetterState.SENT)):
        body = factories.mission(session, "TGO" if first is LetterState.SENT else "JOR", language="en")
        factories.contact(session, body, "second@geneva.example")
        invitation = factories.invitation(session, campaign, body)
        with clock.stopped_at(NOW):
            ids = letters.queue_for(session, invitation, LetterKind.INVITATION, "launch")
        for letter_id, state, at in zip(ids, (first, second), (NOW, NOW + timedelta(seconds=1)), strict=True):
            reach.letters_settled(session, [_outcome(session, queries.shown(session, letter_id), state, at)])
        assert invitation.stage is Stage.SENT


def test_a_letter_to_somebody_elses_address_touches_no_contact(session: Session, mission: Invitation) -> None:
    letter = _sent(
        session, mission, LetterKind.CODE, values={"code": "1"}, recipients=[Recipient("x@capital.example", "en")]
    )
    reach.letters_settled(session, [_outcome(session, letter, LetterState.REFUSED)])
    assert len(letters.contacts_of(session, mission.institution_id)) == 1


def test_a_session_that_rolled_back_freezes_its_editions_anew(session: Session, mission: Invitation) -> None:
    session.commit()
    letters.queue_for(session, mission, LetterKind.INVITATION, "launch")
    session.rollback()
    queued = letters.queue_for(session, mission, LetterKind.INVITATION, "launch")
    session.commit()
    assert len(queued) == 1
