"""Languages: nobody speaks English by accident, and every catalogue is whole."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from outreach import i18n
from outreach.paths import ROOT, translations_dir


def test_without_a_language_a_text_raises_instead_of_answering_in_english() -> None:
    with pytest.raises(LookupError):
        i18n._("Sign in")
    with pytest.raises(LookupError):
        i18n.ngettext("%(num)d reply", "%(num)d replies", 2)


def test_a_language_that_is_not_one_of_six_is_refused() -> None:
    with pytest.raises(ValueError, match="not a language"), i18n.speaking("de"):
        pass


def test_languages_nest() -> None:
    with i18n.speaking("fr"):
        with i18n.speaking("ar"):
            assert i18n.language() == "ar"
        assert i18n.language() == "fr"


def test_lists_use_the_comma_of_their_language() -> None:
    with i18n.speaking("ar"):
        assert i18n.join(["أ", "ب"]) == "أ، ب"
    with i18n.speaking("zh"):
        assert i18n.join(["一", "二"]) == "一、二"


@pytest.fixture(scope="module")
def extracted(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """The messages that stand in the code and templates now."""
    target = tmp_path_factory.mktemp("messages") / "messages.pot"
    subprocess.run(  # the command that docs/translating.md gives
        [sys.executable, "-m", "babel.messages.frontend", "-q", "extract", *EXTRACT, "-o", str(target), "."],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    with target.open("rb") as source:
        return read_po(source)


_PLACEHOLDER = re.compile(r"%\((\w+)\)[a-z]")

EXTRACT = [
    "-F",
    "babel.cfg",
    "-k",
    "lazy",
    "-k",
    "pgettext:1c,2",
    "--no-location",
    "--sort-output",
    "--omit-header",
]


@pytest.mark.parametrize("language", [language for language in i18n.LANGUAGES if language != "en"])
def test_every_text_is_translated(extracted: Catalog, language: str) -> None:
    path = translations_dir() / language / "LC_MESSAGES" / "messages.po"
    with path.open("rb") as source:
        catalogue = read_po(source, locale=language)
    missing, unsure = [], []
    for message in extracted:
        if not message.id:
            continue
        key = message.id[0] if isinstance(message.id, tuple) else message.id
        found = catalogue.get(key, message.context)
        texts = found.string if found and isinstance(found.string, tuple | list) else (found.string if found else "",)
        if found is None or not all(texts):
            missing.append(key)
        elif found.fuzzy:
            unsure.append(key)
    assert not missing, f"{len(missing)} texts have no {language} translation: {missing[:5]}"
    assert not unsure, f"{len(unsure)} texts are marked fuzzy in {language}: {unsure[:5]}"


@pytest.mark.parametrize(
    "path", sorted(Path(translations_dir()).glob("*/LC_MESSAGES/*.po")), ids=lambda p: f"{p.parts[-3]}-{p.stem}"
)
def test_placeholders_are_kept(path: Path) -> None:
    with path.open("rb") as source:
        catalogue = read_po(source, locale=path.parts[-3])
    wrong = []
    for message in catalogue:
        given = message.id if isinstance(message.id, tuple | list) else (message.id,)
        known = [set(_PLACEHOLDER.findall(text)) for text in given]
        # The number may stand in words where it is one ("a reply"), and in figures where a language has one form for all.
        needed, allowed = set.intersection(*known) - {"num"}, set.union(*known)
        for text in message.string if isinstance(message.string, tuple | list) else (message.string,):
            if text and not needed <= set(_PLACEHOLDER.findall(text)) <= allowed:
                wrong.append((message.id, text))
    assert not wrong
