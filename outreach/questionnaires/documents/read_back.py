"""A filled-in file read back: which answers were found in it, and what somebody should look at.

Nothing is guessed in silence: what stands where nothing was asked, what reads in two ways, and questions whose words were changed are
told beside the answers.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from outreach import file_types, office_files, reading_apart
from outreach.errors import Invalid
from outreach.i18n import _
from outreach.office_files import Limits
from outreach.questionnaires import places
from outreach.questionnaires.counting import counts
from outreach.questionnaires.documents import from_odt, from_word
from outreach.questionnaires.documents.gathering import gather
from outreach.questionnaires.documents.known import Known
from outreach.questionnaires.documents.outline import answerable_here
from outreach.questionnaires.documents.pieces import Pieces, Strip
from outreach.questionnaires.documents.sorting import Sorted
from outreach.questionnaires.form import Form

_LONGEST = 200_000
_LIMITS = Limits(megabytes=20, unpacked=100, xml=20, elements=400_000)


@dataclass(frozen=True)
class Stray:
    """A text that stands where nothing was asked; `near` is the key of the question it stands at. `edited`: it is the question's own
    words, changed."""

    text: str
    near: str = ""
    edited: bool = False


@dataclass(frozen=True)
class Found:
    """What a file holds. `answers` in the shape of a draft; `doubts`: key → a sentence about an answer that reads in two ways, or stands
    beside its place; `questions`: how many questions of the form stand in the file, `asked` how many there are to answer."""

    answers: Mapping[str, Any]
    doubts: Mapping[str, str]
    strays: tuple[Stray, ...]
    code: str
    questions: int
    found: int
    asked: int


NOTHING = Found({}, {}, (), "", 0, 0, 0)
"""What is found in a file that is no form."""


def read(content: bytes, form: Form) -> Found:
    """What was filled into a file of `form`: .docx, .odt or a PDF with fields. In a file of another kind, a scan, nothing is found.

    Raises Invalid with a sentence for those that are damaged, locked, or made to do harm.
    """
    sorted_ = Sorted(Known(form))
    if content.startswith(b"%PDF-"):
        if len(content) > _LIMITS.megabytes * 1024**2:
            raise Invalid(_("This file is larger than %(most)d MB.", most=_LIMITS.megabytes))
        held = reading_apart.read("outreach.questionnaires.documents.from_pdf:fields", content)
        if held["locked"]:
            raise Invalid(office_files.locked())
        gather(sorted_, held["fields"])
        for note in held["notes"]:
            sorted_.stray(note, "")
        return _found(form, sorted_, str(held["identifier"]))
    if refused := office_files.refusal(content):
        raise Invalid(refused)
    if file_types.media_type(content) in (file_types.PNG, file_types.JPEG, file_types.TEXT):
        return _found(form, sorted_, "")
    pieces = _pieces(content)
    sorted_.take(pieces)
    return _found(form, sorted_, pieces.identifier or sorted_.code)


def words(content: bytes) -> str:
    """What stands in a .docx, .odt or plain text, a paragraph or a row of a table on each line. Raises Invalid as `read`."""
    if file_types.media_type(content) == file_types.TEXT:
        return content.decode("utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")[:_LONGEST]
    lines = (
        " \u2502 ".join(cell.text for cell in part.cells) if isinstance(part, Strip) else part.cell.text
        for part in _pieces(content).parts
    )
    return "\n".join(line for line in lines if line.strip())[:_LONGEST]


def _pieces(content: bytes) -> Pieces:
    office_files.guard(content, _LIMITS)
    match file_types.media_type(content):
        case file_types.DOCX:
            return from_word.pieces(content)
        case file_types.ODT:
            return from_odt.pieces(content)
        case file_types.XLSX:
            return Pieces()
    raise Invalid(office_files.damaged())


def _found(form: Form, sorted_: Sorted, identifier: str) -> Found:
    answers = sorted_.answers()
    found = asked = 0
    for place in places.places(form, places.size_in(answers)):
        question = place.question
        if question is None or not counts(question) or not answerable_here(question):
            continue
        asked += 1
        found += bool(places.value(answers, place))
    return Found(
        answers=answers,
        doubts=sorted_.doubts,
        strays=tuple(Stray(*one) for one in sorted_.strays),
        code=identifier,
        questions=len(sorted_.met),
        found=found,
        asked=asked,
    )
