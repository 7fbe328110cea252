"""LibreOffice opens our Word files, and saves them as Word and as OpenDocument: what was filled in is read from both."""

import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from outreach.i18n import speaking
from outreach.questionnaires.documents.read_back import read
from tests.questionnaires.documents.a_form import ANSWERS, FORM
from tests.questionnaires.documents.filling import WordFile, cut_up, fill
from tests.questionnaires.documents.test_word import made

MIXED: Mapping[str, Any] = {
    **ANSWERS,
    "office": "وزارة التخطيط (Ministry of Planning) 2020",
    "why": "abc 123 نص def (x) نص.\nOnly Latin here\nنص 12 نص 13 نص",
}


@pytest.fixture(scope="module")
def profile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A profile of LibreOffice that is nobody else's; the first run makes it.

    Looked for when it is needed: a check on a fresh machine installs it while the first tests run, and may not have come to the end.
    """
    if shutil.which("soffice") is None:
        pytest.skip("LibreOffice is not installed")
    if shutil.which("dpkg") and subprocess.run(["dpkg", "--audit"], check=False, capture_output=True).stdout:
        pytest.skip("Packages of this machine are not wholly installed")
    made, trial = tmp_path_factory.mktemp("libreoffice"), tmp_path_factory.mktemp("trial")
    (trial / "words.txt").write_text("words")
    try:
        (saved_trial,) = saved([trial / "words.txt"], "docx", trial, made)
    except subprocess.CalledProcessError:
        pytest.skip("LibreOffice does not run")
    if not saved_trial.exists():
        pytest.skip("LibreOffice is not wholly installed")
    return made


def saved(files: list[Path], kind: str, folder: Path, profile: Path) -> list[Path]:
    """The files as LibreOffice saves them, in one run."""
    command = [
        "soffice",
        f"-env:UserInstallation=file://{profile}",
        "--headless",
        "--convert-to",
        kind,
        "--outdir",
        str(folder),
        *map(str, files),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    return [folder / f"{file.stem}.{kind}" for file in files]


@pytest.mark.parametrize(("kind", "languages"), [("docx", ("ar",)), ("odt", ("en", "zh"))])
def test_what_was_filled_in_comes_back(tmp_path: Path, profile: Path, kind: str, languages: tuple[str, ...]) -> None:
    files = []
    for language in languages:
        file = WordFile(made(language))
        fill(file, FORM, MIXED, cut_up, language)
        files.append(tmp_path / f"filled-{language}.docx")
        files[-1].write_bytes(file.saved())
    (tmp_path / "saved").mkdir()
    for one in saved(files, kind, tmp_path / "saved", profile):
        with speaking("en"):
            found = read(one.read_bytes(), FORM)
        assert found.answers == MIXED
        assert (found.doubts, found.strays, found.code) == ({}, (), "KJ4T-92QX")
