"""The headings of a workbook's sheets, in the spellings that authors and other tools give them."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace

from outreach.i18n import LANGUAGES, NATIVE_NAMES, _, join
from outreach.questionnaires.workbook import Row, Sheet

MEDIA = "media::image"
MEDIA_TEXT = "outreach::picture_text"
"""What is read aloud for a picture."""
TEXTS = frozenset({"label", "hint", "guidance_hint", "required_message", "constraint_message", MEDIA_TEXT})
YES = frozenset({"yes", "true", "true()", "1"})
SURVEY = frozenset(
    {
        *("type", "name", "required", "relevant", "constraint", "calculation", "trigger", "default", "readonly"),
        *("choice_filter", "repeat_count", "appearance", "parameters", "disabled"),
        *("outreach::code", "outreach::word_limit", "outreach::stakeholders", "outreach::publish"),
        "outreach::legal_basis",
    }
)
SETTINGS = frozenset({"form_title", "form_id", "version", "default_language", "name", "style", "instance_name"})
_ALIASES = {
    "caption": "label",
    "relevance": "relevant",
    "constraining_message": "constraint_message",
    "jr:constraintmsg": "constraint_message",
    "requiredmsg": "required_message",
    "jr:requiredmsg": "required_message",
    "calculate": "calculation",
    "command": "type",
    "tag": "name",
    "value": "name",
    "count": "repeat_count",
    "jr:count": "repeat_count",
    "read_only": "readonly",
    "title": "form_title",
    "id_string": "form_id",
    "set_form_title": "form_title",
    "set_form_id": "form_id",
    "guidance": "guidance_hint",
    "list name": "list_name",
}
_LANGUAGE = re.compile(r".*\(\s*([A-Za-z]{2})(?:[-_][A-Za-z]+)?\s*\)|([A-Za-z]{2})")
_OWN = re.compile(r"[^\W\d][\w.-]*")
"""What a column of an author's own can be called: filters name it, and so does the XForm."""
_NAMES = {
    **{name.lower(): code for code, name in NATIVE_NAMES.items()},
    "english": "en",
    "arabic": "ar",
    "chinese": "zh",
    "french": "fr",
    "francais": "fr",
    "russian": "ru",
    "spanish": "es",
    "espanol": "es",
}


@dataclass(frozen=True)
class Column:
    """What stands under a heading: `kind` in one spelling ("label", "relevant", "outreach::code"), `language` of texts."""

    heading: str
    kind: str
    language: str | None = None


class Columns:
    """The columns of a sheet. `remarks` say in sentences which are not used."""

    def __init__(self, sheet: Sheet, known: Collection[str], default: str | None, *, others: bool = False) -> None:
        """`default` is the language of columns that name none (None: a language that the service does not speak); with `others`
        a column that is not known is the author's own, for filters of choices."""
        self.sheet = sheet
        self.remarks: list[str] = []
        self._by_kind: dict[str, list[Column]] = {}
        unused: list[str] = []
        for heading in sheet.headings:
            found = column(heading, default)
            texts = found.kind in TEXTS or found.kind == MEDIA
            if others and not texts and found.kind not in known:
                # Filters name it as it is written, capitals and all.
                found = replace(found, kind="_".join(heading.split()))
            own = others and _OWN.fullmatch(found.kind) is not None and found.kind != "media"
            if found.kind in known or (texts and found.language) or own:
                self._by_kind.setdefault(found.kind, []).append(found)
            elif sheet.filled(heading):
                unused.append(heading)
        self.own = tuple(kind for kind in self._by_kind if others and kind not in known and kind not in {*TEXTS, MEDIA})
        if unused:
            self.remarks.append(
                _(
                    "Sheet “%(sheet)s”: this service does not use these columns: %(columns)s",
                    sheet=sheet.name,
                    columns=join(unused),
                )
            )

    def get(self, row: Row, kind: str) -> str:
        """A cell that is no text in a language."""
        return next((row.get(column.heading) for column in self._by_kind.get(kind, ()) if row.get(column.heading)), "")

    def of(self, kind: str) -> tuple[Column, ...]:
        """The columns of a kind, as they stand in the sheet."""
        return tuple(self._by_kind.get(kind, ()))

    def texts(self, row: Row, kind: str) -> dict[str, str]:
        """A text in each language that it has."""
        found: dict[str, str] = {}
        for column in self._by_kind.get(kind, ()):
            if column.language and row.get(column.heading):
                found.setdefault(column.language, row.get(column.heading))
        return found

    def languages(self) -> Iterator[str]:
        """The languages in which anything is labelled."""
        spoken = {column.language for column in self._by_kind.get("label", ()) if self.sheet.filled(column.heading)}
        yield from (language for language in LANGUAGES if language in spoken)


def language_named(text: str) -> str | None:
    """The official language that a heading names, as “Français (fr)”, “French” or “fr”; None for any other."""
    said = text.strip()
    found = _LANGUAGE.fullmatch(said)
    code = (found[1] or found[2]).lower() if found else _NAMES.get(said.lower(), "")
    return code if code in LANGUAGES else None


def settings(sheet: Sheet) -> Mapping[str, str]:
    """The settings by their one spelling."""
    cells = sheet.rows[0].cells if sheet.rows else {}
    return {_kind(heading): cell for heading, cell in cells.items()}


def spoken(said: Mapping[str, str]) -> str | None:
    """By the settings, the language of texts whose heading names none: English where nothing is said; None for one of no six."""
    named = said.get("default_language", "")
    return language_named(named) if named and named.lower() != "default" else "en"


def _kind(said: str) -> str:
    plain = said.strip().lower()
    return _ALIASES.get(plain) or _ALIASES.get(plain.replace(" ", "_")) or plain.replace(" ", "_")


def column(heading: str, default: str | None) -> Column:
    """What stands under a heading, whose texts are in the language `default` where it names none."""
    pieces = [piece.strip() for piece in re.split(r"::", heading)]
    if len(pieces) == 1 and ":" in heading and not heading.lower().startswith("jr:"):
        pieces = [piece.strip() for piece in heading.split(":")]
    if len(pieces) > 1 and pieces[0].lower() in {"bind", "control", "body", "instance"}:
        pieces = pieces[1:] if pieces[0].lower() != "instance" else ["instance::" + "::".join(pieces[1:])]
    first = _kind(pieces[0])
    if first == "media" and len(pieces) > 1:
        first, pieces = f"media::{_kind(pieces[1])}", pieces[1:]
    elif first == "image":
        first = MEDIA
    elif first == "outreach" and len(pieces) > 1:
        first, pieces = f"outreach::{_kind(pieces[1])}", pieces[1:]
        if first != MEDIA_TEXT:
            return Column(heading, first)
    if first in TEXTS or first == MEDIA:
        named = language_named(pieces[1]) if len(pieces) > 1 and pieces[1].lower() != "default" else default
        return Column(heading, first, named)
    return Column(heading, first if len(pieces) == 1 else "::".join([first, *pieces[1:]]))
