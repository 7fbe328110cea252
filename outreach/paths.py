"""Where the project's own files lie: in a checkout beside the package, in a wheel inside it."""

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
ROOT = PACKAGE.parent


def _shipped(name: str) -> Path:
    beside = ROOT / name
    return beside if beside.is_dir() and (ROOT / "pyproject.toml").is_file() else PACKAGE / "_shipped" / name


def templates_dir() -> Path:
    """The folder that holds `emails/`, the templates of letters."""
    return _shipped("templates")


def translations_dir() -> Path:
    """The folder of the gettext catalogues."""
    return _shipped("translations")


def fonts_dir() -> Path:
    """The folder of the fonts that documents are set in; its README names the families."""
    return PACKAGE / "fonts"


def var_dir() -> Path:
    """Where the embedded stack (`demo`, `serve`) keeps its state: `var/` of the checkout, else of the working folder."""
    return (ROOT if (ROOT / "pyproject.toml").is_file() else Path.cwd()) / "var"
