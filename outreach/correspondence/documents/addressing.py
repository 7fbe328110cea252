"""Whom a note is addressed to, as its sentences and its foot say it."""

from collections.abc import Set
from dataclasses import dataclass
from typing import Literal

from outreach.correspondence.documents.secretariat import Wording, Words, filled

Who = Literal["missions", "observers", "ministries"]
Post = Literal["geneva", "new_york"]


@dataclass(frozen=True)
class Addressee:
    """After "presents its compliments", after "renew", and at the foot of the first page."""

    to: str
    renew: str
    foot: tuple[str, ...]


def circular(wording: Wording, who: Set[Who], posts: Set[Post]) -> Addressee:
    """All those whom a circular goes to. Missions need a post. Raises ValueError where nobody is left."""
    parts: list[tuple[str, str]] = []
    missions = (
        "both"
        if {"missions", "observers"} <= who
        else next((one for one in ("missions", "observers") if one in who), "")
    )
    if missions and posts:
        seat = "geneva_and_new_york" if len(posts) > 1 else next(iter(posts))
        parts.append((missions, wording.seat[seat]))
    if "ministries" in who:
        parts.append(("ministries", ""))
    if not parts:
        raise ValueError("nobody is addressed")
    feet = _missions_at_foot(wording, missions, posts) if missions else []
    if "ministries" in who:
        feet.append(wording.foot["ministries"])
    return Addressee(
        to=_joined(wording, wording.to, parts),
        renew=_joined(wording, wording.renew, parts),
        foot=tuple(feet),
    )


def _missions_at_foot(wording: Wording, missions: str, posts: Set[Post]) -> list[str]:
    """Missions once with a line for each post; in Chinese, whose posts stand inside the name, a paragraph for each post."""
    seats = [wording.seat[post] for post in ("geneva", "new_york") if post in posts]
    name = wording.foot[missions]
    return [filled(name, {"seat": seat}) for seat in (["\n".join(seats)] if name.endswith("{seat}") else seats) if seat]


def _joined(wording: Wording, table: Words, parts: list[tuple[str, str]]) -> str:
    said = [filled(table[kind], {"seat": seat}) for kind, seat in parts]
    return said[0] if len(said) == 1 else filled(wording.conjunction, {"a": said[0], "b": said[1]})
