"""The invented directory of the rehearsal, as a file for the real import. Only the 195 States and their groups are real."""

import csv
import io
import random
from dataclasses import dataclass

from outreach.directory.queries import StateLine
from outreach.directory.words import StateStatus

SEED = 5422
SOURCE = "Rehearsal (invented)"
AS_OF = "2027-01-04"

_ARABIC = "ARE BHR COM DJI DZA EGY IRQ JOR KWT LBN LBY MAR MRT OMN PSE QAT SAU SDN SOM SYR TUN YEM"
_FRENCH = "AND BDI BEL BEN BFA CAF CIV CMR COD COG FRA GAB GIN HTI LUX MCO MDG MLI NER RWA SEN TCD TGO CHE"
_SPANISH = "ARG BOL CHL COL CRI CUB DOM ECU ESP GNQ GTM HND MEX NIC PAN PER PRY SLV URY VEN"
_RUSSIAN = "ARM BLR KAZ KGZ RUS TJK TKM UZB"
_UNKNOWN = "BTN FJI KIR MHL NRU PLW STP TON TUV VUT"

_LANGUAGE = {
    **dict.fromkeys(_ARABIC.split(), "ar"),
    **dict.fromkeys(_FRENCH.split(), "fr"),
    **dict.fromkeys(_SPANISH.split(), "es"),
    **dict.fromkeys(_RUSSIAN.split(), "ru"),
    **dict.fromkeys(_UNKNOWN.split(), ""),
    "CHN": "zh",
}

WITHOUT_GENEVA = 12
"""How many States have no mission in Geneva in this world (which ones is drawn by the seed, not known)."""

REFUSING = 9
"""Of how many States the relay refuses an address."""
UNREACHED = 2
"""Of these, how many have no address that works."""


@dataclass(frozen=True)
class Mission:
    """A mission of the world: its State, post, address and language (empty: unknown)."""

    state: str
    seat: str
    email: str
    language: str
    refuses: bool


@dataclass(frozen=True)
class World:
    """All missions, the same for the same seed."""

    missions: tuple[Mission, ...]
    without_geneva: frozenset[str]

    def mission(self, state: str, seat: str = "geneva") -> Mission:
        """The mission of a State at a post. Raises StopIteration where the world has none."""
        return next(m for m in self.missions if (m.state, m.seat) == (state, seat))

    def table(self, states: list[StateLine]) -> bytes:
        """The world as an import file of the directory."""
        observers = {s.code for s in states if s.status is StateStatus.OBSERVER}
        out = io.StringIO()
        rows = csv.writer(out)
        rows.writerow(["state", "kind", "seat", "email", "language", "source", "as_of", "presence"])
        for m in self.missions:
            kind = "permanent_observer_mission" if m.state in observers else "permanent_mission"
            rows.writerow([m.state, kind, m.seat, m.email, m.language, SOURCE, AS_OF, "yes"])
        for code in sorted(self.without_geneva):
            rows.writerow([code, "permanent_mission", "geneva", "", "", SOURCE, AS_OF, "no"])
        return out.getvalue().encode()


def make_world(states: list[StateLine], reserved: frozenset[str]) -> World:
    """The world for these States; those of `reserved` (the fixed scenes) have both missions and working addresses."""
    chance = random.Random(SEED)  # noqa: S311 - a play, not a secret
    codes = sorted(s.code for s in states)
    members = [s.code for s in states if s.status is not StateStatus.OBSERVER]
    free = [code for code in sorted(members) if code not in reserved]
    away = set(chance.sample(free, WITHOUT_GENEVA))
    unlucky = chance.sample(sorted(set(free) - away), REFUSING)
    refusing = {(code, chance.choice(("geneva", "new_york"))) for code in unlucky}
    refusing |= {(code, seat) for code in unlucky[:UNREACHED] for seat in ("geneva", "new_york")}
    missions = []
    for code in codes:
        for seat in ("geneva", "new_york"):
            if seat == "geneva" and code in away:
                continue
            refuses = (code, seat) in refusing
            post = seat.replace("_", "-")
            local = f"refuse-550-{post}" if refuses else f"mission-{post}"
            missions.append(Mission(code, seat, f"{local}@{code.lower()}.example", _LANGUAGE.get(code, "en"), refuses))
    return World(tuple(missions), frozenset(away))
