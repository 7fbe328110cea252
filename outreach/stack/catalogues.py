"""Compiles the catalogues where they are newer than what was compiled from them; the compiled files are never in git."""

import uuid
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po


def compile_catalogues(translations: Path) -> int:
    """Compile each `*.po` whose `*.mo` is missing or older; return how many were."""
    compiled = 0
    for source in sorted(translations.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as words:
            catalogue = read_po(words, locale=source.parts[-3])
        # Its own name: two services that start at once compile the same catalogue.
        fresh = target.with_suffix(f".{uuid.uuid4().hex}.mo")
        with fresh.open("wb") as out:
            write_mo(out, catalogue)
        fresh.replace(target)
        compiled += 1
    return compiled
