"""The directory's enumerations, for pages and commands, which import no models."""

from outreach.directory.models import (
    MISSION_KINDS,
    NATIONAL_AUTHORITY_KINDS,
    InstitutionKind,
    Presence,
    RegionalGroup,
    Seat,
    Sector,
    StateStatus,
)

__all__ = [
    "MISSION_KINDS",
    "NATIONAL_AUTHORITY_KINDS",
    "InstitutionKind",
    "Presence",
    "RegionalGroup",
    "Seat",
    "Sector",
    "StateStatus",
]
