"""Common blocks of questions in six languages, one TOML file each, to be inserted into a questionnaire."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from outreach.errors import Missing
from outreach.i18n import _
from outreach.questionnaires.rows import Cells, Rows

_NAMES = ("stakeholder_type", "authorities", "progress", "good_practice", "ranked_needs", "likert", "consent")


@dataclass(frozen=True)
class Block:
    """A block: its title by language, and its rows."""

    name: str
    title: Mapping[str, str]
    rows: Rows


@cache
def blocks() -> tuple[Block, ...]:
    """All blocks, in the order in which they are offered."""
    return tuple(_read(name) for name in _NAMES)


def block(name: str) -> Block:
    """The block of this name. Raises Missing."""
    for one in blocks():
        if one.name == name:
            return one
    raise Missing(_("There is no such block of questions."))


def _read(name: str) -> Block:
    kept = tomllib.loads((Path(__file__).parent / f"{name}.toml").read_text(encoding="utf-8"))
    rows = Rows(
        survey=tuple(_cells(row) for row in kept["survey"]),
        choices=tuple(_cells(row) for row in kept.get("choices", ())),
    )
    return Block(name, kept["title"], rows)


def _cells(row: Mapping[str, Any]) -> Cells:
    """A row as a workbook has it: label.fr is the column label::fr."""
    found: dict[str, str] = {}
    for key, value in row.items():
        if isinstance(value, Mapping):
            found |= {f"{key}::{language}": text for language, text in value.items()}
        else:
            found[key] = value
    return found
