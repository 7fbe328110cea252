"""The directory at a glance: each State with its missions by seat, and where something is missing."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from outreach.directory import queries
from outreach.directory.models import Presence, Seat
from outreach.directory.queries import AddressCount, InstitutionLine, PresenceLine, StateLanguage, StateLine

SEATS = (Seat.GENEVA, Seat.NEW_YORK)
"""Where missions are."""

_NO_ADDRESS = AddressCount(0, 0)


@dataclass(frozen=True)
class SeatLine:
    """What is known of a State at a seat: whether a source says that it has a mission, and the mission that the directory holds."""

    seat: Seat
    known: PresenceLine | None
    mission: InstitutionLine | None
    addresses: AddressCount

    @property
    def presence(self) -> Presence:
        """Whether the State has a mission here, as far as a source says."""
        return self.known.presence if self.known is not None else Presence.UNKNOWN

    @property
    def needs_care(self) -> bool:
        """Whether nobody knows, or no address of the mission works."""
        if self.presence is Presence.NO:
            return False
        return self.presence is Presence.UNKNOWN or self.addresses.addresses == self.addresses.refused


@dataclass(frozen=True)
class StateRow:
    """A State with its seats, in the order of SEATS."""

    state: StateLine
    seats: tuple[SeatLine, ...]
    language: StateLanguage

    @property
    def needs_care(self) -> bool:
        """Whether something is missing at a seat."""
        return any(one.needs_care for one in self.seats)


def overview(session: Session, language: str) -> list[StateRow]:
    """The 195 in the order of a UN list in `language`."""
    presences = queries.presences(session)
    missions = {(one.state_code, one.seat): one for one in queries.missions(session, language)}
    counts = queries.address_counts(session, [one.id for one in missions.values()])
    languages = queries.state_languages(session)

    def at(code: str, seat: Seat) -> SeatLine:
        mission = missions.get((code, seat))
        addresses = counts.get(mission.id, _NO_ADDRESS) if mission is not None else _NO_ADDRESS
        return SeatLine(seat, presences.get((code, seat)), mission, addresses)

    return [
        StateRow(state, tuple(at(state.code, seat) for seat in SEATS), languages[state.code])
        for state in queries.states(session, language)
    ]
