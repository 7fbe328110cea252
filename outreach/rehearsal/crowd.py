"""What all the other States do, drawn by the seed: most acknowledge, some forward, some answer, some stay silent."""

import random
from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import date

from outreach.rehearsal import acts
from outreach.rehearsal.bodies import SECTORS, Body, ministry
from outreach.rehearsal.company import Company
from outreach.rehearsal.scenes import RESERVED, Act
from outreach.rehearsal.world import SEED, Mission, World

ACKNOWLEDGING, FORWARDING, ANSWERING, DRAFTING, EXPECTING_NONE = 32, 12, 9, 3, 2
"""How many States do so. A State that does one of these does no other; the rest is silent."""

MINISTRIES_ANSWERING = 6
"""Of the ministries that were forwarded to: so many send their part to the mission, the first half of which transmits it."""

_EARLY = tuple(date(2027, 1, day) for day in (13, 14, 15, 18, 20))
_LATER = tuple(date(2027, 1, day) for day in (25, 26, 28, 29)) + tuple(date(2027, 2, day) for day in (1, 3, 4, 8))
_LAST = tuple(date(2027, 2, day) for day in (10, 11, 15, 18, 23, 25))


def crowd(world: World) -> Mapping[date, list[Act]]:
    """The acts of the crowd by day, the same for the same seed."""
    chance = random.Random(SEED)  # noqa: S311 - a play, not a secret
    missions = _one_of_each_state(world, chance)
    plan: dict[date, list[Act]] = defaultdict(list)

    def take(count: int) -> list[Mission]:
        return [missions.pop() for _place in range(count)]

    for mission in take(ACKNOWLEDGING):
        plan[chance.choice(_EARLY)].append(_acknowledging(mission))
    asked: list[tuple[Mission, Body]] = []
    for mission in take(FORWARDING):
        bodies = [
            ministry(mission.state, sector, mission.language or "en")
            for sector in chance.sample(SECTORS, chance.choice((2, 3)))
        ]
        asked += [(mission, body) for body in bodies[:1]]
        plan[chance.choice(_EARLY)].append(_forwarding(mission, bodies))
    for place, (mission, body) in enumerate(chance.sample(asked, MINISTRIES_ANSWERING)):
        plan[chance.choice(_LATER)].append(_answering_body(body))
        if place < MINISTRIES_ANSWERING // 2:
            plan[chance.choice(_LAST)].append(_transmitting(mission))
    for mission in take(ANSWERING):
        plan[chance.choice(_LATER + _LAST)].append(_answering(mission))
    for mission in take(DRAFTING):
        plan[chance.choice(_LAST)].append(_drafting(mission))
    for mission in take(EXPECTING_NONE):
        plan[chance.choice(_LATER)].append(_expecting_none(mission))
    return plan


def _one_of_each_state(world: World, chance: random.Random) -> list[Mission]:
    by_state: dict[str, list[Mission]] = defaultdict(list)
    for mission in world.missions:
        if mission.state not in RESERVED and not mission.refuses:
            by_state[mission.state].append(mission)
    chosen = [chance.choice(of_state) for of_state in by_state.values()]
    chance.shuffle(chosen)
    return chosen


def _act(play: Callable[[Company, Mission], object], mission: Mission) -> Act:
    def act(company: Company) -> None:
        play(company, mission)

    return act


def _acknowledging(mission: Mission) -> Act:
    return _act(lambda company, m: acts.acknowledge(company.stage, m.email, m.language), mission)


def _forwarding(mission: Mission, bodies: list[Body]) -> Act:
    return _act(lambda company, m: acts.forward(company.stage, m.email, m.language, bodies), mission)


def _answering(mission: Mission) -> Act:
    return _act(lambda company, m: acts.answer(company.stage, m.email, m.language, code_to=m.email), mission)


def _drafting(mission: Mission) -> Act:
    return _act(lambda company, m: acts.answer(company.stage, m.email, m.language, code_to=m.email, parts=2), mission)


def _expecting_none(mission: Mission) -> Act:
    return _act(lambda company, m: acts.expect_none(company.stage, m.email, m.language), mission)


def _transmitting(mission: Mission) -> Act:
    return _act(lambda company, m: acts.transmit_part(company.stage, m.email, m.language), mission)


def _answering_body(body: Body) -> Act:
    def act(company: Company) -> None:
        acts.answer(company.stage, body.email, body.language)

    return act
