"""The catalogues are compiled where they are newer, whole, also while somebody else compiles them."""

import gettext
import os
from pathlib import Path
from typing import Any

import pytest

from outreach.stack import catalogues
from outreach.stack.catalogues import compile_catalogues

PO = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "note"\nmsgstr "{}"\n'


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A folder of catalogues with one in French."""
    found = tmp_path / "fr" / "LC_MESSAGES" / "messages.po"
    found.parent.mkdir(parents=True)
    found.write_text(PO.format("note verbale"))
    return found


def said(source: Path) -> str:
    with source.with_suffix(".mo").open("rb") as compiled:
        return gettext.GNUTranslations(compiled).gettext("note")


def test_a_catalogue_is_compiled_when_it_is_newer(tmp_path: Path, source: Path) -> None:
    assert compile_catalogues(tmp_path) == 1
    assert said(source) == "note verbale"
    assert compile_catalogues(tmp_path) == 0
    source.write_text(PO.format("note"))
    later = source.with_suffix(".mo").stat().st_mtime + 10
    os.utime(source, (later, later))
    assert compile_catalogues(tmp_path) == 1
    assert said(source) == "note"


def test_two_that_compile_at_once_don_t_disturb_each_other(
    tmp_path: Path, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    writing = catalogues.write_mo

    def meanwhile(out: Any, catalogue: Any) -> None:
        monkeypatch.setattr(catalogues, "write_mo", writing)
        compile_catalogues(tmp_path)
        writing(out, catalogue)

    monkeypatch.setattr(catalogues, "write_mo", meanwhile)
    assert compile_catalogues(tmp_path) == 1
    assert said(source) == "note verbale"
    assert sorted(path.name for path in source.parent.iterdir()) == ["messages.mo", "messages.po"]
