"""The words by which an author says who is asked a question (`outreach::stakeholders`)."""

import re
from collections.abc import Collection

from outreach.directory.words import MISSION_KINDS, NATIONAL_AUTHORITY_KINDS, InstitutionKind

STATE = "state"
NATIONAL_AUTHORITY = "national_authority"
STAKEHOLDER = "stakeholder"
WORDS = frozenset({STATE, NATIONAL_AUTHORITY, STAKEHOLDER, *(kind.value for kind in InstitutionKind)})
"""Kinds of institutions, and three words for several of them."""


FAMILIES: tuple[tuple[str, tuple[InstitutionKind, ...]], ...] = (
    (STATE, tuple(kind for kind in InstitutionKind if kind in MISSION_KINDS)),
    (NATIONAL_AUTHORITY, tuple(kind for kind in InstitutionKind if kind in NATIONAL_AUTHORITY_KINDS)),
    (InstitutionKind.NATIONAL_HUMAN_RIGHTS_INSTITUTION.value, ()),
    (
        STAKEHOLDER,
        tuple(
            kind
            for kind in InstitutionKind
            if kind not in MISSION_KINDS | NATIONAL_AUTHORITY_KINDS
            and kind is not InstitutionKind.NATIONAL_HUMAN_RIGHTS_INSTITUTION
        ),
    ),
)
"""The words, the wide ones each with the kinds that it means, in the order of a page."""


def read(cell: str) -> frozenset[str]:
    """The words of a cell, also those that mean nothing."""
    return frozenset(re.split(r"[\s,;]+", cell)) - {""}


def write(words: Collection[str]) -> str:
    """The cell for these words, in the order of a page."""
    ordered = [word for wide, kinds in FAMILIES for word in (wide, *(kind.value for kind in kinds))]
    return " ".join(word for word in ordered if word in words)


def words_of(kind: InstitutionKind) -> frozenset[str]:
    """All words that mean an institution of this kind."""
    if kind in MISSION_KINDS:
        return frozenset({STATE, kind.value})
    if kind in NATIONAL_AUTHORITY_KINDS:
        return frozenset({NATIONAL_AUTHORITY, kind.value})
    if kind is InstitutionKind.NATIONAL_HUMAN_RIGHTS_INSTITUTION:
        return frozenset({kind.value})
    return frozenset({STAKEHOLDER, kind.value})
