"""A page as PDF: tagged, for archives (PDF/A-2a) and for readers by ear (PDF/UA-1), with our own fonts; the same bytes everywhere."""

import io
import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import asdict
from datetime import UTC, datetime, time
from functools import lru_cache
from pathlib import Path
from queue import LifoQueue
from typing import Any, Literal, cast

import segno
import typst

from outreach.correspondence.documents.page import Page
from outreach.errors import Invalid
from outreach.i18n import _
from outreach.paths import fonts_dir

_TEMPLATE = Path(__file__).with_name("page.typ")
_NO_SIGN = re.compile(r'the text `"(.+?)"` could not be displayed')
_AT_ONCE = 2
"""So many documents a process makes at once: typst lets other threads go on, and a small machine has two cores."""


def to_pdf(page: Page) -> bytes:
    """The PDF. Raises Invalid where a sign is in none of our fonts."""
    stamp = datetime.combine(page.day, time(), UTC)
    return cast(bytes, _compiled(page, "pdf", pdf_standards=["a-2a", "ua-1"], timestamp=stamp))


def to_pdfs(pages: Iterable[Page]) -> Iterator[bytes]:
    """The PDFs of many pages, in their order. Raises Invalid at a page with a sign that is in none of our fonts."""
    here = copy_context()  # which language is spoken
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        yield from pool.map(lambda page: here.copy().run(to_pdf, page), pages)


def to_pictures(page: Page, dots_per_inch: int) -> list[bytes]:
    """Its sheets as PNG."""
    made = _compiled(page, "png", ppi=dots_per_inch)
    return made if isinstance(made, list) else [made]


def _compiled(page: Page, form: Literal["pdf", "png"], **how: Any) -> bytes | list[bytes]:
    data = asdict(page)
    data["day"] = [page.day.year, page.day.month, page.day.day]
    data["picture"] = _qr(page.address)
    free = _benches(os.getpid())
    # The one that was used last comes first: whoever makes one document after the other needs no second one.
    bench = free.get()
    try:
        if bench is None or not bench.stands():
            bench = _Bench()
        made = bench.made(json.dumps(data, ensure_ascii=False), form, how)
    finally:
        free.put(bench)
    if made is None:
        raise RuntimeError("nothing was made")
    return made


class _Bench:
    """A compiler in a folder of this process, in which the words lie as a file.

    Given as inputs, they would make all of the library new, and every paragraph of every note would be laid out again (18 ms against 9).
    """

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="outreach-documents-")
        root = Path(self._folder.name)
        self._words = root / "page.json"
        template = shutil.copy(_TEMPLATE, root)
        fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(fonts_dir())])
        self._compiler = typst.Compiler(str(template), root=str(root), font_paths=fonts, ignore_system_fonts=True)

    def stands(self) -> bool:
        """Whether its folder is still there: machines tidy up temporary files while a process lives for weeks."""
        return (Path(self._folder.name) / _TEMPLATE.name).is_file()

    def made(self, words: str, form: Literal["pdf", "png"], how: dict[str, Any]) -> bytes | list[bytes] | None:
        """Raises Invalid where a sign is in none of the fonts."""
        self._words.write_text(words, encoding="utf-8")
        try:
            return self._compiler.compile(format=form, **how)
        except typst.TypstError as fault:
            missing = _NO_SIGN.search(fault.message)
            if missing is None:
                raise
            raise Invalid(
                _(
                    "The sign “%(sign)s” is in none of the fonts of documents; please write it otherwise.",
                    sign=missing[1],
                )
            ) from None


@lru_cache(maxsize=1)
def _benches(_process: int) -> "LifoQueue[_Bench | None]":
    """The benches that nobody works at; None where one is still to be made."""
    free: LifoQueue[_Bench | None] = LifoQueue()
    for _number in range(_AT_ONCE):
        free.put(None)
    return free


@lru_cache(maxsize=64)
def _qr(address: str) -> str:
    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(out, kind="svg", border=0, svgns=True, xmldecl=False)
    return out.getvalue().decode()
