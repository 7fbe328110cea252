"""What French and Spanish do to a mandate that a sentence refers to: « à la résolution », « à l’accord », “al artículo”, “a las decisiones”."""

_FEMININE = {
    "fr": frozenset(
        ["résolution", "décision", "déclaration", "recommandation", "convention", "observation", "session"]
    ),
    "es": frozenset(["resolución", "decisión", "declaración", "recomendación", "convención", "observación"]),
}
_FRENCH_ARTICLES = {"le ": "au ", "les ": "aux ", "la ": "à la ", "l’": "à l’", "l'": "à l’"}
_SPANISH_ARTICLES = {"el ": "al ", "los ": "a los ", "la ": "a la ", "las ": "a las "}
_VOWELS = frozenset("aàâäeéèêëiîïoôöuùûü")


def referring_to(mandate: str, language: str) -> str:
    """The mandate as it stands after “se référer” or “referirse”, with its article; in other languages as it is.

    Staff may write it with or without its article. Of words that are not known, French and Spanish take the masculine.
    """
    if language == "fr":
        return _with_article(mandate, _FRENCH_ARTICLES) or _french(mandate)
    if language == "es":
        return _with_article(mandate, _SPANISH_ARTICLES) or _spanish(mandate)
    return mandate


def _with_article(mandate: str, articles: dict[str, str]) -> str | None:
    low = mandate.lower()
    for article, contracted in articles.items():
        if low.startswith(article):
            return contracted + mandate[len(article) :]
    return None


def _first_word(mandate: str) -> str:
    return (mandate.split() or [""])[0].lower().strip(",.;:")


def _french(mandate: str) -> str:
    word = _first_word(mandate)
    if word.endswith(("s", "x")) and word not in {"congrès", "processus"}:
        return f"aux {mandate}"
    if word[:1] in _VOWELS:
        return f"à l’{mandate}"
    return f"à la {mandate}" if word in _FEMININE["fr"] else f"au {mandate}"


def _spanish(mandate: str) -> str:
    word = _first_word(mandate)
    if word.endswith("s"):
        feminine = word.removesuffix("es").replace("cion", "ción") in _FEMININE["es"]
        return f"a las {mandate}" if feminine else f"a los {mandate}"
    return f"a la {mandate}" if word in _FEMININE["es"] else f"al {mandate}"
