"""The types that authors write in a workbook, and what they are asked as."""

import enum
import re
from dataclasses import dataclass

from outreach.questionnaires.form import QuestionType


class Asked(enum.Enum):
    """How a type comes over."""

    AS_IT_IS = enum.auto()
    OTHERWISE = enum.auto()
    LEFT_OUT = enum.auto()


@dataclass(frozen=True)
class TypeCell:
    """What a cell of the column “type” says. `choices` names the list; `source` is XLSForm's type where it is not ours;
    `external` says where the list stands: a sheet's name, or empty for “choices”."""

    type: QuestionType
    asked: Asked = Asked.AS_IT_IS
    choices: str = ""
    or_other: bool = False
    source: str = ""
    external: str = ""


_PLAIN = {
    "string": QuestionType.TEXT,
    "int": QuestionType.INTEGER,
    "percentage": QuestionType.INTEGER,
    "datetime": QuestionType.DATE_TIME,
    "date time": QuestionType.DATE_TIME,
    "date_time": QuestionType.DATE_TIME,
    "photo": QuestionType.IMAGE,
    "trigger": QuestionType.ACKNOWLEDGE,
    **{one.value.lower(): one for one in QuestionType if not one.value.startswith("select") and one.value != "rank"},
}
_AS_TEXT = frozenset({"geopoint", "geotrace", "geoshape", "gps", "location", "barcode", "osm", "uri"})
_AS_FILE = frozenset({"audio", "video"})
_FACTS = frozenset(
    {"start", "end", "today", "deviceid", "imei", "username", "phonenumber", "email", "subscriberid", "simserial"}
)
"""What a device would write down by itself; only the times are worked out here."""
_LEFT_OUT = frozenset(
    {
        *("audit", "background-audio", "start-geopoint", "background-geopoint", "device id", "get device id"),
        *("phone number", "get phone number", "sim id", "get sim id", "subscriber id", "get subscriber id"),
    }
)
_SELECT = re.compile(
    r"(select[ _]one[ _]from[ _]file|select[ _]multiple[ _]from[ _]file|select[ _]one[ _]external|select[ _]one|select1"
    r"|select[ _]multiple|select all that apply|rank)(?: from| using)?\s+(\S+|\$\{[^}]*\})"
    r"((?: |_)or[ _](?:specify[ _])?other)?",
    re.IGNORECASE,
)


_OLD = re.compile(r"(?:q|get|add) (.+?)(?: prompt)?", re.IGNORECASE)
_OLD_SELECT = re.compile(r"add (select (?:one|multiple)) prompt using ", re.IGNORECASE)
_OLD_WORDS = {"picture": "image", "start time": "start", "end time": "end"}
"""How types were written before XLSForm: q string, get today, add integer prompt. Other tools still read them."""


def _today(said: str) -> str:
    """A type as it is written today."""
    said = _OLD_SELECT.sub(r"\1 ", said)
    found = _OLD.fullmatch(said)
    said = found[1] if found else said
    return "osm" if said.lower().startswith("osm ") else _OLD_WORDS.get(said.lower(), said)


def read(cell: str) -> TypeCell | None:
    """What a cell of the column “type” says; None for what can't be asked, and for groups."""
    said = _today(" ".join(cell.split()))
    plain = said.lower()
    if plain in _PLAIN:
        return TypeCell(_PLAIN[plain])
    if plain in _AS_TEXT:
        return TypeCell(QuestionType.TEXT, Asked.OTHERWISE)
    if plain in _AS_FILE:
        return TypeCell(QuestionType.FILE, Asked.OTHERWISE)
    if plain in _FACTS:
        return TypeCell(QuestionType.HIDDEN, Asked.LEFT_OUT, source=plain)
    if plain in _LEFT_OUT:
        return TypeCell(QuestionType.HIDDEN, Asked.LEFT_OUT)
    found = _SELECT.fullmatch(said)
    if not found:
        return None
    word, named = found[1].lower().replace(" ", "_"), found[2]
    kind = QuestionType.RANK if word == "rank" else QuestionType.SELECT_ONE
    if word in {"select_multiple", "select_all_that_apply", "select_multiple_from_file"}:
        kind = QuestionType.SELECT_MULTIPLE
    external = ""
    if word == "select_one_external":
        external = "external_choices"
    elif word.endswith("_from_file") or re.search(r"\.(csv|xml|geojson)$", named, re.IGNORECASE):
        external = named.rpartition(".")[0].lower() or named.lower()
        named = re.sub(r"\W", "_", external)
    return TypeCell(kind, choices=named, or_other=bool(found[3]), external=external)


_GROUP = re.compile(r"(begin|end)[ _]+(group|repeat|lgroup|looped group)")


def group(cell: str) -> tuple[bool, bool] | None:
    """Whether a group begins (else it ends), and whether it repeats; None for a question."""
    found = _GROUP.fullmatch(" ".join(cell.split()).lower())
    return (found[1] == "begin", found[2] != "group") if found else None


_LOOP = re.compile(r"(begin|end)[ _]+loop(?: (?:over )?(\S+))?", re.IGNORECASE)


def loop(cell: str) -> tuple[bool, str] | None:
    """Whether a loop begins (else it ends), and the list that it goes through; None for all else."""
    found = _LOOP.fullmatch(" ".join(cell.split()))
    return (found[1].lower() == "begin", found[2] or "") if found else None
