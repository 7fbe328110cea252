"""What a trial found, and whether that is within its bounds."""

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass
class Finding:
    """One trial: what was done to how many letters, what the sink counted, and the bounds."""

    trial: str
    letters: int
    done: str
    """What was done, in a few words."""
    lost: int
    repeated: int
    at_most: int
    """How many letters may have come twice at most."""
    seconds: float
    """From the end of the fault until every letter was final."""
    within: float = 120.0
    events: list[Any] = field(default_factory=list)
    unsettled: int = 0
    wrongly_sent: int = 0

    @property
    def holds(self) -> bool:
        """Whether all bounds hold."""
        return (
            self.lost == self.unsettled == self.wrongly_sent == 0
            and self.repeated <= self.at_most
            and self.seconds <= self.within
        )

    def as_json(self) -> dict[str, Any]:
        """All of it."""
        return asdict(self) | {"holds": self.holds}
