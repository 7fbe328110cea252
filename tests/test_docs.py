"""The documents are true: what they link to, and each module, folder and command that they name, is there."""

import importlib.util
import re
from functools import cache
from pathlib import Path

import pytest

from outreach.cli import COMMANDS
from outreach.paths import ROOT

DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_leads_to_a_file(path: Path) -> None:
    links = re.findall(r"\]\((?!https?:|mailto:|#)([^)#]+)", path.read_text(encoding="utf-8"))
    assert [link for link in links if not (path.parent / link).exists()] == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_every_command_is_one(path: Path) -> None:
    named = re.findall(
        r"(?:-m outreach|(?:^|[`|>])\s*outreach) ([a-z]+)", path.read_text(encoding="utf-8"), re.MULTILINE
    )
    assert sorted(set(named) - set(COMMANDS)) == []


def test_every_module_of_the_contracts_is_one() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    named = re.findall(r"^\| `([a-z_]+\.[a-z_]+)`", text, re.MULTILINE)
    assert len(named) > 20
    assert [name for name in named if importlib.util.find_spec(f"outreach.{name}") is None] == []


def test_every_function_of_the_contracts_is_defined_in_its_domain() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    contracts = text.split("## Contracts")[1].split("## The web")[0]
    rows = re.findall(r"^\| `([a-z_]+)[^|]*\| (.*) \|$", contracts, re.MULTILINE)
    assert len(rows) > 50
    missing = []
    for domain, says in rows:
        for where, name in re.findall(r"`(?:(\w+)\.)?(?:\w+\.)*(\w+)\(", says):
            # One may name a function of another domain, with that domain before it.
            folders = {where, domain} if (ROOT / "outreach" / (where or "-")).is_dir() else {domain}
            if not any(name in _defined(folder) for folder in folders):
                missing.append((domain, name))
    assert missing == []


@cache
def _defined(domain: str) -> frozenset[str]:
    """The names of all functions and classes of a domain."""
    place = ROOT / "outreach" / domain
    files = place.rglob("*.py") if place.is_dir() else [place.with_suffix(".py")]
    text = "\n".join(file.read_text(encoding="utf-8") for file in files)
    return frozenset(re.findall(r"^ *(?:async )?(?:def|class) (\w+)", text, re.MULTILINE))


def test_every_folder_of_the_house_is_drawn_and_there() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    house = text.split("```")[1]
    drawn = set(re.findall(r"^  ([a-z]+)/ ", house, re.MULTILINE))
    there = {folder.name for folder in (ROOT / "outreach").iterdir() if (folder / "__init__.py").exists()}
    assert drawn == there


def test_every_table_is_named() -> None:
    from outreach import schema
    from outreach.db import Base

    assert schema.ALL
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8").split("## The tables")[1].split("**Facts")[0]
    assert set(re.findall(r"`([a-z_]+)`", text)) == set(Base.metadata.tables)
