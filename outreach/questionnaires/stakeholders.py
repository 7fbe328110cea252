"""The words by which an author says who is asked a question (`outreach::stakeholders`)."""

from outreach.directory.words import MISSION_KINDS, NATIONAL_AUTHORITY_KINDS, InstitutionKind

STATE = "state"
NATIONAL_AUTHORITY = "national_authority"
STAKEHOLDER = "stakeholder"
WORDS = frozenset({STATE, NATIONAL_AUTHORITY, STAKEHOLDER, *(kind.value for kind in InstitutionKind)})
"""Kinds of institutions, and three words for several of them."""


def words_of(kind: InstitutionKind) -> frozenset[str]:
    """All words that mean an institution of this kind."""
    if kind in MISSION_KINDS:
        return frozenset({STATE, kind.value})
    if kind in NATIONAL_AUTHORITY_KINDS:
        return frozenset({NATIONAL_AUTHORITY, kind.value})
    if kind is InstitutionKind.NATIONAL_HUMAN_RIGHTS_INSTITUTION:
        return frozenset({kind.value})
    return frozenset({STAKEHOLDER, kind.value})
