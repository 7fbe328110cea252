"""The text of a note as patterns are compared with it, and as it was written: each finding shows the words that stand in the note."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from functools import cached_property
from typing import TypeVar

from outreach.campaigns.draft_findings import Finding
from outreach.campaigns.draft_words import PLAIN

Value = TypeVar("Value")

_LEFT_OUT = re.compile("[\u064b-\u0652\u0670\u0640\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
"""Vowel signs and stretching of Arabic, marks of direction and of places where a line may break."""
_HAN = "[\u3400-\u9fff\u3001-\u3003\uff00-\uffef]"
_BROKEN_LINE = re.compile(rf"(?<={_HAN})[ \t]*\n[ \t]*(?={_HAN})")
_FULL_LINE = 22
"""Chinese characters in a line that was broken because it was full; shorter ones end on purpose."""
_SENTENCE_END = re.compile(r"(?<![ap]\.m)[.!?؟](?=\s+[^\W\da-zа-яё])|[。！？]|\n[ \t]*\n")
_PARAGRAPHS = re.compile(r"(?:\n[ \t]*)(?:\n[ \t]*)+")


class NoteText:
    """`plain` is what patterns are compared with; places in it are meant wherever a function takes some."""

    def __init__(self, text: str) -> None:
        self.written = text.replace("\r\n", "\n").replace("\r", "\n")
        dropped = {found.start() for found in _LEFT_OUT.finditer(self.written)}
        for found in _BROKEN_LINE.finditer(self.written):
            if found.start() - self.written.rfind("\n", 0, found.start()) > _FULL_LINE:
                dropped.update(range(*found.span()))
        self._at = [place for place in range(len(self.written)) if place not in dropped]
        kept = self.written if not dropped else "".join(self.written[place] for place in self._at)
        self.plain = kept.translate(PLAIN)
        self._at.append(len(self.written))

    @cached_property
    def _line_ends(self) -> list[int]:
        return [found.start() for found in re.finditer("\n", self.written)]

    @cached_property
    def _sentence_ends(self) -> list[tuple[int, int]]:
        return [found.span() for found in _SENTENCE_END.finditer(self.plain)]

    def line(self, start: int) -> int:
        """The line of the note, counted from 1."""
        return bisect_left(self._line_ends, self._at[start]) + 1

    def words(self, start: int, end: int) -> str:
        """The words as they were written, on one line."""
        return " ".join(self.slice(start, end).split())

    def slice(self, start: int, end: int) -> str:
        """What was written there, with its lines."""
        return self.written[self._at[start] : self._at[end - 1] + 1] if end > start else ""

    def finding(self, value: Value, start: int, end: int) -> Finding[Value]:
        """The value with the words it was read from."""
        start += len(self.plain[start:end]) - len(self.plain[start:end].lstrip())
        return Finding(value, self.words(start, end), self.line(start), (self._at[start], self._at[end - 1] + 1))

    def sentence(self, start: int, end: int) -> tuple[int, int]:
        """Where the sentence begins and ends that these words stand in."""
        ends = self._sentence_ends
        before = bisect_right(ends, start, key=lambda span: span[1]) - 1
        after = bisect_left(ends, end, key=lambda span: span[0])
        return (
            ends[before][1] if before >= 0 else 0,
            ends[after][0] if after < len(ends) else len(self.plain),
        )

    def rest_of_sentence(self, start: int, most: int) -> str:
        """What follows in the sentence, at most so many characters."""
        return _SENTENCE_END.split(self.plain[start : start + most])[0]

    def paragraphs(self) -> Iterator[tuple[int, int]]:
        """Where each paragraph begins and ends."""
        start = 0
        for gap in _PARAGRAPHS.finditer(self.plain):
            if self.plain[start : gap.start()].strip():
                yield start, gap.start()
            start = gap.end()
        if self.plain[start:].strip():
            yield start, len(self.plain)


def first_sentence_end(text: str, start: int) -> int:
    """Where the sentence ends; 0 where it has no end."""
    stop = _SENTENCE_END.search(text, start)
    return stop.end() if stop else 0
