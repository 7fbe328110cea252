"""The fixed scenes. Each ends in a figure on the board, which a test states; no State in them acts by chance."""

from collections.abc import Callable, Mapping
from datetime import date

from outreach import clock
from outreach.rehearsal import acts, replies
from outreach.rehearsal.answers import INVENTED
from outreach.rehearsal.bodies import UNION, UNIVERSITY, ministry
from outreach.rehearsal.company import CODE, Company

Act = Callable[[Company], None]

TWO_MISSIONS, THROUGH_MISSION, DIRECTLY, BY_MAIL = "JOR", "KAZ", "MAR", "BRA"
A_UNION, PASSED_ON, TOO_LATE, MORE_TIME = "SEN", "CHE", "NOR", "FJI"
RESERVED = frozenset({TWO_MISSIONS, THROUGH_MISSION, DIRECTLY, BY_MAIL, A_UNION, PASSED_ON, TOO_LATE, MORE_TIME})
"""The States of the scenes; which is which was drawn by nobody and says nothing of them."""


def _answer_of_mission(state: str, seat: str) -> Act:
    def act(company: Company) -> None:
        mission = company.world.mission(state, seat)
        acts.answer(company.stage, mission.email, mission.language, code_to=mission.email)

    return act


def _forward_to_two_ministries(company: Company) -> None:
    mission = company.world.mission(THROUGH_MISSION)
    asked = [ministry(THROUGH_MISSION, sector, "ru") for sector in ("health", "labour")]
    acts.forward(company.stage, mission.email, mission.language, asked)


def _ministry_sends_its_part(company: Company) -> None:
    acts.answer(company.stage, ministry(THROUGH_MISSION, "health", "ru").email, "ru")


def _mission_returns_the_part(company: Company) -> None:
    mission = company.world.mission(THROUGH_MISSION)
    acts.return_part(company.stage, mission.email, mission.language, "Просьба указать источник данных в ответе 2.d.")


def _mission_transmits_the_part(company: Company) -> None:
    mission = company.world.mission(THROUGH_MISSION)
    acts.transmit_part(company.stage, mission.email, mission.language)


def _labour_begins_a_draft(company: Company) -> None:
    acts.answer(company.stage, ministry(THROUGH_MISSION, "labour", "ru").email, "ru", parts=2)


def _forward_with_direct_reply(company: Company) -> None:
    mission, body = company.world.mission(DIRECTLY), ministry(DIRECTLY, "education", "ar")
    acts.forward(company.stage, mission.email, mission.language, [body], direct=[body.email])


def _ministry_answers_directly(company: Company) -> None:
    acts.answer(company.stage, ministry(DIRECTLY, "education", "ar").email, "ar")


def _forward_to_a_union(company: Company) -> None:
    mission = company.world.mission(A_UNION)
    acts.forward(company.stage, mission.email, mission.language, [UNION], direct=[UNION.email])


def _union_answers(company: Company) -> None:
    acts.answer(company.stage, UNION.email, UNION.language)


def _university_takes_up_the_link(company: Company) -> None:
    acts.begin_own(company.stage, company.world.mission(PASSED_ON).email, UNIVERSITY)


def _university_answers(company: Company) -> None:
    acts.answer(company.stage, UNIVERSITY.email, UNIVERSITY.language)


def _mail_comes_back(company: Company) -> None:
    away, gone = (company.world.mission(state, "new_york").email for state in (MORE_TIME, A_UNION))
    acts.write_back(company.stage, away, lambda letter: replies.absence(letter, away, "18 January 2027", clock.now()))
    company.days.take_in("Automatic reply")
    acts.write_back(company.stage, gone, lambda letter: replies.returned(letter, gone, clock.now()), by_its_server=True)
    company.days.take_in("Undelivered Mail")


def _mission_replies_by_mail(company: Company) -> None:
    address = company.world.mission(BY_MAIL).email
    words = "La Misión Permanente tiene el honor de transmitir adjunta la respuesta de su Gobierno."
    file = ("respuesta.docx", replies.word_file("Respuesta del Gobierno", INVENTED["es"]))
    acts.write_back(
        company.stage, address, lambda letter: replies.by_outlook(letter, address, words, file, clock.now())
    )
    company.days.take_in("RE: ")


def _staff_record_it(company: Company) -> None:
    company.desk.record_mail("Nota verbal núm. 17/2027 de la Misión Permanente, recibida por correo electrónico")


def _mission_asks_for_time(company: Company) -> None:
    mission = company.world.mission(MORE_TIME)
    acts.ask_for_time(
        company.stage, mission.email, "en", date(2027, 3, 12), "The ministries concerned meet on 5 March."
    )


def _staff_grant_it(company: Company) -> None:
    company.desk.grant(CODE, "Consultations in the capital")


SCENES: Mapping[date, tuple[Act, ...]] = {
    date(2027, 1, 13): (_mail_comes_back,),
    date(2027, 1, 14): (_forward_to_two_ministries,),
    date(2027, 1, 15): (_forward_with_direct_reply, _forward_to_a_union),
    date(2027, 1, 18): (_university_takes_up_the_link,),
    date(2027, 1, 20): (_answer_of_mission(TWO_MISSIONS, "geneva"),),
    date(2027, 1, 25): (_ministry_sends_its_part, _labour_begins_a_draft),
    date(2027, 1, 26): (_mission_returns_the_part,),
    date(2027, 1, 28): (_ministry_sends_its_part,),
    date(2027, 1, 29): (_mission_transmits_the_part,),
    date(2027, 2, 1): (_ministry_answers_directly,),
    date(2027, 2, 3): (_answer_of_mission(TWO_MISSIONS, "new_york"), _union_answers),
    date(2027, 2, 4): (_university_answers,),
    date(2027, 2, 5): (_mission_replies_by_mail,),
    date(2027, 2, 8): (_staff_record_it,),
    date(2027, 2, 10): (_mission_asks_for_time,),
    date(2027, 2, 11): (_staff_grant_it,),
    date(2027, 2, 28): (_answer_of_mission(TOO_LATE, "geneva"),),
}
"""What happens on which day, after what the others do by chance."""
