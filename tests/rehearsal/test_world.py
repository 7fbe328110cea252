"""The rehearsal's world: the same for the same seed, on reserved domains, and taken whole by the real import."""

import csv
import io

from sqlalchemy.orm import Session

from outreach import clock, i18n
from outreach.directory import queries as directory
from outreach.directory.importing import import_file
from outreach.identity.audit import SERVICE
from outreach.rehearsal.crowd import ACKNOWLEDGING, ANSWERING, DRAFTING, EXPECTING_NONE, FORWARDING, crowd
from outreach.rehearsal.scenes import RESERVED, SCENES
from outreach.rehearsal.world import REFUSING, UNREACHED, WITHOUT_GENEVA, World, make_world
from tests import factories


def made(session: Session) -> World:
    return make_world(directory.states(session, "en"), RESERVED)


def test_the_world_is_the_same_each_time(session: Session) -> None:
    first = made(session)
    assert first == made(session)
    plans = [{day: len(acts) for day, acts in crowd(first).items()} for _again in range(2)]
    assert plans[0] == plans[1]


def test_all_addresses_are_on_reserved_domains(session: Session) -> None:
    assert {mission.email.rsplit(".", 1)[1] for mission in made(session).missions} == {"example"}


def test_some_have_no_mission_in_geneva_and_some_addresses_fail_but_not_in_the_scenes(session: Session) -> None:
    world = made(session)
    assert len(world.without_geneva) == WITHOUT_GENEVA
    assert len(world.missions) == 2 * 195 - WITHOUT_GENEVA
    refusing = [mission for mission in world.missions if mission.refuses]
    assert len(refusing) == REFUSING + UNREACHED
    assert len({mission.state for mission in refusing}) == REFUSING
    assert not RESERVED & ({mission.state for mission in refusing} | world.without_geneva)
    assert {mission.state for mission in world.missions if mission.state in RESERVED} == RESERVED


def test_the_real_import_takes_the_world_whole(session: Session) -> None:
    world = made(session)
    with i18n.speaking("en"), clock.stopped_at(factories.NOW):
        report = import_file(session, world.table(directory.states(session, "en")), "rehearsal.csv", SERVICE)
    assert (report.faults, report.unmatched) == ([], [])
    assert report.contacts_added == len(world.missions)
    rows = list(csv.DictReader(io.StringIO(world.table(directory.states(session, "en")).decode())))
    assert {row["source"] for row in rows} == {"Rehearsal (invented)"}


def test_each_state_of_the_crowd_does_one_thing_and_most_of_the_world_is_silent(session: Session) -> None:
    acts = sum(len(acts) for acts in crowd(made(session)).values())
    doing = ACKNOWLEDGING + FORWARDING + ANSWERING + DRAFTING + EXPECTING_NONE
    assert doing < 195 - len(RESERVED) - 60
    assert acts > doing


def test_the_scenes_are_played_in_the_order_of_the_calendar() -> None:
    assert list(SCENES) == sorted(SCENES)
