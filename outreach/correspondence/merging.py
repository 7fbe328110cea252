"""Places in an edition, and the values of one recipient that fill them. A value can't break a header, the HTML or the text."""

import html
import re
from collections.abc import Mapping

from outreach.i18n import LANGUAGES

Values = Mapping[str, Mapping[str, str]]
"""Language → place → value: an edition in two languages asks for each in its own."""

# Plain letters survive Markdown, the cleaning of HTML and the normalization of addresses unchanged.
PLACE = re.compile(rf"zq({'|'.join(LANGUAGES)})([a-z]+)qz")

_QUOTES = re.compile("(?:> )+")

# C0 and C1 controls but the line break, the separators that some programs take for one, and the controls that turn the direction of a text.
_HARMFUL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
_SPACES = re.compile("[^\\S\u00a0\u2007\u202f]+")  # all white space but the no-break spaces
_BREAKS = re.compile("\r\n|\r|[\u2028\u2029\x85\x0b\x0c]")


def place(name: str, language: str) -> str:
    """The mark that stands in an edition where the value goes. Names are lower-case letters."""
    return f"zq{language}{name}qz"


def clean(value: str) -> str:
    """The value without what could be taken for markup of a mail or turn a line round; its line breaks are \\n."""
    if value.isprintable():
        return value  # nothing that is taken out or replaced can be printed
    return _HARMFUL.sub("", _BREAKS.sub("\n", value)).replace("\t", " ")


def escaped(value: str) -> str:
    """The value as HTML; line breaks stay line breaks."""
    return html.escape(clean(value)).replace("\n", "<br>\n")


class Line:
    """A line of an edition, ready to be filled: as plain text, where each line of a value in a quotation keeps its mark, or as HTML.

    Filling raises KeyError where a value is missing: a letter never leaves with a hole.
    """

    def __init__(self, line: str) -> None:
        quotes = _QUOTES.match(line)
        self._line_break = "\n" + (quotes[0] if quotes else "")
        self._template = PLACE.sub("%s", line.replace("%", "%%"))
        self.places = [(found[1], found[2]) for found in PLACE.finditer(line)]

    def text(self, values: Values) -> str:
        """The line or lines of a recipient."""
        made = [clean(values[language][name]).replace("\n", self._line_break) for language, name in self.places]
        return self._template % tuple(made)

    def html(self, values: Values) -> str:
        """The same with values escaped."""
        return self._template % tuple([escaped(values[language][name]) for language, name in self.places])


def one_line(text: str) -> str:
    """The text with single spaces for line ends and spaces; no-break spaces stay."""
    return _SPACES.sub(" ", text).strip(" ")


def places_of(text: str) -> set[tuple[str, str]]:
    """The (language, name) of every place in a text."""
    return {(found[1], found[2]) for found in PLACE.finditer(text)}
