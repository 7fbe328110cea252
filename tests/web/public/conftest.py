"""The same call and missions as for the pages of a mission."""

from tests.web.mission.conftest import world

__all__ = ["world"]
