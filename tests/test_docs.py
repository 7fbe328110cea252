"""The documents are true: what they link to, and each module, folder and command that they name, is there."""

import importlib.util
import re
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
