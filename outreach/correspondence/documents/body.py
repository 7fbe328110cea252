"""The Markdown that staff write, as blocks of a document. Whatever is no paragraph, heading or list is read as a paragraph."""

from collections.abc import Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

from outreach.correspondence.documents.page import Block, Run

# As in letters by mail: no HTML, no pictures, no code.
_MARKDOWN = MarkdownIt("commonmark", {"html": False}).disable(["image", "code", "fence", "backticks"])


def blocks(markdown: str, language: str) -> tuple[Block, ...]:
    """The text in blocks. Chinese lines are joined without a space."""
    return tuple(_Walk(language).read(_MARKDOWN.parse(markdown)))


class _Walk:
    def __init__(self, language: str) -> None:
        self._soft = "" if language == "zh" else " "
        self._lists: list[int | None] = []
        self._mark = ""
        self._heading = False

    def read(self, tokens: Sequence[Token]) -> list[Block]:
        found: list[Block] = []
        for token in tokens:
            if token.type in {"bullet_list_open", "ordered_list_open"}:
                first = token.attrGet("start") or 1
                self._lists.append(int(first) if token.type == "ordered_list_open" else None)
            elif token.type in {"bullet_list_close", "ordered_list_close"}:
                self._lists.pop()
            elif token.type == "list_item_open":
                self._mark = self._next_mark()
            elif token.type in {"heading_open", "heading_close"}:
                self._heading = token.type == "heading_open"
            elif token.type == "inline":
                found.append(self._block(token.children or []))
        return found

    def _next_mark(self) -> str:
        number = self._lists[-1]
        if number is None:
            return "–"
        self._lists[-1] = number + 1
        return f"{number}."

    def _block(self, children: Sequence[Token]) -> Block:
        runs = tuple(self._runs(children))
        if self._heading:
            return Block("heading", runs)
        if self._lists:
            mark, self._mark = self._mark, ""
            return Block("item", runs, mark, len(self._lists))
        return Block("paragraph", runs)

    def _runs(self, children: Sequence[Token]) -> list[Run]:
        runs: list[Run] = []
        bold = italic = 0
        opened, target = 0, ""
        for child in children:
            text = ""
            if child.type == "text":
                text = child.content
            elif child.type == "softbreak":
                text = self._soft
            elif child.type == "hardbreak":
                text = "\n"
            elif child.type in {"strong_open", "strong_close"}:
                bold += 1 if child.type == "strong_open" else -1
            elif child.type in {"em_open", "em_close"}:
                italic += 1 if child.type == "em_open" else -1
            elif child.type == "link_open":
                opened, target = len(runs), str(child.attrGet("href") or "").removeprefix("mailto:")
            elif child.type == "link_close" and target and "".join(run.text for run in runs[opened:]) != target:
                # Paper has no links: their address is written out where the words are not the address itself.
                text = f"（{target}）" if self._soft == "" else f" ({target})"
            if text:
                runs.append(Run(text, bold > 0, italic > 0))
        return runs
