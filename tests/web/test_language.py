"""The language of a page: all its words, those of templates as well as those of code, are in the one that was asked for."""

import pytest
from flask.testing import FlaskClient

from outreach import i18n
from outreach.paths import translations_dir
from outreach.stack.catalogues import compile_catalogues
from tests.web.visitor import document, text_of


@pytest.mark.parametrize("language", [of for of in i18n.LANGUAGES if of != "en"])
def test_the_words_of_templates_are_in_the_readers_language(client: FlaskClient, language: str) -> None:
    compile_catalogues(translations_dir())
    page = client.get(f"/?lang={language}")
    english = "Did you receive a note or a letter?"
    with i18n.speaking(language):
        assert i18n._(english) != english
        assert i18n._(english) in text_of(page)
    assert document(page).get("lang") == language
    assert document(page).get("dir") == i18n.direction(language)


def test_the_other_languages_of_a_page_are_never_on_another_site(client: FlaskClient) -> None:
    page = document(client.get("/%5Celsewhere.example/%C3%A9?text=ar&lang=fr"))
    assert page.xpath("string(//a[@hreflang='es']/@href)") == "/%5Celsewhere.example/%C3%A9?text=ar&lang=es"
