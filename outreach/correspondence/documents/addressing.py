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
    # The foot has a paragraph for each post, as envelopes have.
    feet = [(missions, wording.seat[post]) for post in ("geneva", "new_york") if missions and post in posts]
    feet += [part for part in parts if part[0] == "ministries"]
    return Addressee(
        to=_joined(wording, wording.to, parts),
        renew=_joined(wording, wording.renew, parts),
        foot=tuple(filled(wording.foot[kind], {"seat": seat}) for kind, seat in feet),
    )


def _joined(wording: Wording, table: Words, parts: list[tuple[str, str]]) -> str:
    said = [filled(table[kind], {"seat": seat}) for kind, seat in parts]
    return said[0] if len(said) == 1 else filled(wording.conjunction, {"a": said[0], "b": said[1]})
