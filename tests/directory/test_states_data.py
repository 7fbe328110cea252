"""The facts on States, as they ship: read by ambassadors, so each column is held to a rule."""

import csv
import re
import unicodedata
import zoneinfo
from collections import Counter
from importlib.resources import files

import pytest

LANGUAGES = ("ar", "zh", "en", "fr", "ru", "es")

ROWS = list(csv.DictReader((files("outreach.directory") / "data" / "states.csv").read_text("utf-8").splitlines()))
BY_CODE = {row["code"]: row for row in ROWS}


def listed(language: str) -> list[str]:
    """The short names in the order of a list in `language`."""
    return [row[f"short_{language}"] for row in sorted(ROWS, key=lambda row: int(row[f"order_{language}"]))]


def first_letter(name: str) -> str:
    """The letter under which a dictionary files a name: no accent, no case."""
    return unicodedata.normalize("NFD", name)[0].upper()


def test_file_is_plain_utf8_with_unix_lines() -> None:
    raw = (files("outreach.directory") / "data" / "states.csv").read_bytes()
    assert not raw.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in raw
    assert raw.endswith(b"\n")


def test_195_states_with_unique_codes() -> None:
    assert len(ROWS) == 195
    for column, shape in (("code", r"[A-Z]{3}"), ("iso2", r"[A-Z]{2}"), ("m49", r"\d{3}")):
        values = [row[column] for row in ROWS]
        assert len(set(values)) == 195, column
        assert all(re.fullmatch(shape, value) for value in values), column


def test_two_observers_and_193_members() -> None:
    assert {row["code"] for row in ROWS if row["status"] == "observer"} == {"VAT", "PSE"}
    assert sum(row["status"] == "member" for row in ROWS) == 193


def test_groups_count_54_54_23_33_29() -> None:
    assert Counter(row["group"] for row in ROWS) == {
        "african": 54,
        "asia_pacific": 54,
        "eastern_european": 23,
        "latin_american_caribbean": 33,
        "weog": 29,
        "": 2,
    }
    assert BY_CODE["KIR"]["group"] == "asia_pacific"
    assert {BY_CODE[code]["group"] for code in ("TUR", "ISR", "USA")} == {"weog"}
    assert {BY_CODE[code]["group"] for code in ("VAT", "PSE")} == {""}


def test_capital_zones_are_iana_zones() -> None:
    known = zoneinfo.available_timezones()
    assert [row["code"] for row in ROWS if row["capital_zone"] and row["capital_zone"] not in known] == []
    assert BY_CODE["JOR"]["capital_zone"] == "Asia/Amman"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["short", "formal", "of"])
def test_names_are_clean(language: str, kind: str) -> None:
    for row in ROWS:
        name = row[f"{kind}_{language}"]
        assert name, row["code"]
        assert name == name.strip(), row["code"]
        assert "  " not in name, row["code"]
        assert not re.search(r"[*\u00a0\u200b-\u200f'\"_]", name), name
        assert not re.search(r"\((the|l.|le|la|les|el|los|las)\)", name), name
        assert name == unicodedata.normalize("NFC", name), name


@pytest.mark.parametrize("language", LANGUAGES)
def test_short_names_differ(language: str) -> None:
    assert len({row[f"short_{language}"] for row in ROWS}) == 195


@pytest.mark.parametrize(
    ("language", "script"),
    [
        ("ar", r"[\u0600-\u06ff]"),
        ("zh", r"[\u4e00-\u9fff]"),
        ("ru", r"[А-Яа-яё]"),
        ("en", r"[A-Za-z]"),
        ("fr", r"[A-Za-z]"),
    ],
)
def test_names_are_in_the_script_of_the_language(language: str, script: str) -> None:
    for row in ROWS:
        for kind in ("short", "formal", "of"):
            letters = [sign for sign in row[f"{kind}_{language}"] if sign.isalpha()]
            strange = [sign for sign in letters if not re.match(script, unicodedata.normalize("NFD", sign)[0])]
            assert not strange, row[f"{kind}_{language}"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_order_is_a_permutation(language: str) -> None:
    assert sorted(int(row[f"order_{language}"]) for row in ROWS) == list(range(1, 196))


@pytest.mark.parametrize("language", ["en", "fr", "es"])
def test_latin_lists_run_from_a_to_z_whatever_the_accents(language: str) -> None:
    letters = [first_letter(name) for name in listed(language)]
    assert letters == sorted(letters)


@pytest.mark.parametrize(
    ("language", "names"),
    [
        ("en", ["Costa Rica", "Côte d’Ivoire", "Croatia"]),
        ("en", ["Tunisia", "Türkiye", "Turkmenistan"]),
        ("fr", ["Dominique", "Égypte", "El Salvador", "Émirats arabes unis", "Équateur", "Érythrée"]),
        ("fr", ["Costa Rica", "Côte d’Ivoire", "Croatie"]),
        ("fr", ["État de Palestine", "États-Unis d’Amérique", "Éthiopie"]),
        ("es", ["Eslovenia", "España", "Estado de Palestina"]),
        ("es", ["Guatemala", "Guinea", "Guinea-Bissau", "Guinea Ecuatorial", "Guyana"]),
        ("ru", ["Италия", "Йемен", "Кабо-Верде"]),
        ("ar", ["جزر البهاما", "جزر سليمان", "جزر القمر", "جزر مارشال"]),
        ("ar", ["الاتحاد الروسي", "إثيوبيا", "أذربيجان", "الأرجنتين", "الأردن"]),
        ("zh", ["埃塞俄比亚", "爱尔兰", "爱沙尼亚", "安道尔"]),
        ("zh", ["比利时", "秘鲁", "冰岛"]),
        ("zh", ["乍得", "智利", "中非共和国", "中国"]),
    ],
)
def test_neighbours_in_a_list(language: str, names: list[str]) -> None:
    order = listed(language)
    start = order.index(names[0])
    assert order[start : start + len(names)] == names


def test_egypt_comes_before_zambia_in_french() -> None:
    assert int(BY_CODE["EGY"]["order_fr"]) < int(BY_CODE["ZMB"]["order_fr"])


@pytest.mark.parametrize(
    ("language", "shape"),
    [
        ("en", r"of (the )?[A-ZÀ-Ý].*"),
        ("fr", r"(du |de la |des |de l’|d’|de )[A-ZÀ-Ý].*"),
        ("es", r"(del |de la |de las |de los |de )[A-ZÀ-Ý].*"),
        ("ar", r"ل(?!ال).+"),
        ("ru", r"[А-Я].+"),
        ("zh", r"[^（）()]+"),
    ],
)
def test_of_form_is_grammatical_in_shape(language: str, shape: str) -> None:
    assert [row[f"of_{language}"] for row in ROWS if not re.fullmatch(shape, row[f"of_{language}"])] == []
    assert [row["code"] for row in ROWS if "(" in row[f"of_{language}"]] == []


def test_french_elides_before_a_vowel() -> None:
    assert [row["of_fr"] for row in ROWS if re.match(r"(de|de la) [AEIOUÀÂÉÈÊËÎÏÔÛ]", row["of_fr"])] == []
    assert [row["of_fr"] for row in ROWS if re.match(r"(de l’|d’)(?![AEIOUÀÂÉÈÊËÎÏÔÛH])", row["of_fr"])] == []


@pytest.mark.parametrize(
    ("code", "language", "of"),
    [
        ("JOR", "en", "of Jordan"),
        ("IRN", "en", "of the Islamic Republic of Iran"),
        ("NLD", "en", "of the Kingdom of the Netherlands"),
        ("VAT", "en", "of the Holy See"),
        ("PSE", "en", "of the State of Palestine"),
        ("TGO", "fr", "du Togo"),
        ("DZA", "fr", "de l’Algérie"),
        ("USA", "fr", "des États-Unis d’Amérique"),
        ("IRN", "fr", "de la République islamique d’Iran"),
        ("FSM", "fr", "des États fédérés de Micronésie"),
        ("BOL", "fr", "de l’État plurinational de Bolivie"),
        ("CUB", "fr", "de Cuba"),
        ("HTI", "fr", "d’Haïti"),
        ("TUR", "fr", "de la Türkiye"),
        ("JOR", "es", "de Jordania"),
        ("TGO", "es", "del Togo"),
        ("SLV", "es", "de El Salvador"),
        ("USA", "es", "de los Estados Unidos de América"),
        ("JOR", "ru", "Иордании"),
        ("RUS", "ru", "Российской Федерации"),
        ("IRN", "ru", "Исламской Республики Иран"),
        ("JOR", "ar", "للأردن"),
        ("IRN", "ar", "لجمهورية إيران الإسلامية"),
        ("RUS", "ar", "للاتحاد الروسي"),
        ("TUN", "ar", "لتونس"),
        ("LBN", "ar", "للبنان"),
        ("JOR", "zh", "约旦"),
        ("COG", "zh", "刚果共和国"),
    ],
)
def test_of_form(code: str, language: str, of: str) -> None:
    assert BY_CODE[code][f"of_{language}"] == of


def test_names_that_need_care() -> None:
    assert [BY_CODE["TUR"][f"short_{language}"] for language in LANGUAGES] == [
        "تركيا", "土耳其", "Türkiye", "Türkiye", "Турция", "Türkiye",
    ]  # fmt: skip
    assert BY_CODE["TUR"]["formal_fr"] == "la République de Türkiye"
    assert BY_CODE["CIV"]["short_en"] == BY_CODE["CIV"]["short_fr"] == BY_CODE["CIV"]["short_es"] == "Côte d’Ivoire"
    assert BY_CODE["AFG"]["short_fr"] == "Afghanistan"
    assert BY_CODE["AGO"]["formal_en"] == "the Republic of Angola"
    assert BY_CODE["AGO"]["formal_fr"] == "la République d’Angola"
    assert BY_CODE["NLD"]["short_en"] == "Netherlands (Kingdom of the)"
    assert BY_CODE["PSE"]["short_en"] == "State of Palestine"
